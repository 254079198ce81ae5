import { type Fields, fieldsOf } from '../support/schema-fields'
import type { Answer, Call, OpenApi } from '../support/pinned-contract'

/** One thing that the contract says of an operation, named so that a person finds it there. */
export interface Row {
  readonly call: Call
  readonly kind: 'operation' | 'request' | 'status' | 'response'
  /** `post /orders takes orderDetail.quantity`. */
  readonly name: string
}

/** The names that rows and exchanges share. */
export const rowName = {
  operation: (call: Call) => call.name,
  parameter: (call: Call, place: string, name: string) => `${call.name} ${place} ${name}`,
  takes: (call: Call, field: string) => `${call.name} takes ${field}`,
  status: (call: Call, status: string) => `${call.name} ${status}`,
  answers: (call: Call, answer: Answer, field: string) => `${answerName(call, answer)} answers ${field}`,
  header: (call: Call, answer: Answer, name: string) => `${answerName(call, answer)} header ${name}`,
} as const

/** An answer that the document describes once for many operations is one thing to show, not one for each. */
const answerName = (call: Call, { status, shared }: Answer): string =>
  shared === null ? `${call.name} ${status}` : `any ${status}, ${shared},`

const names = (fields: Fields): string[] => [...fields.keys()]

/** Every row of the operations, each once. */
export function rowsOfAll(document: OpenApi, calls: readonly Call[]): readonly Row[] {
  const rows = calls.flatMap((call) => rowsOf(document, call))
  return [...new Map(rows.map((row) => [row.name, row])).values()]
}

/** An operation itself, what it takes, its statuses, and what it answers under each. */
function rowsOf(document: OpenApi, call: Call): readonly Row[] {
  const request = [
    ...call.parameters.map((one) => rowName.parameter(call, one.in, one.name)),
    ...names(fieldsOf(document, call.takes)).map((field) => rowName.takes(call, field)),
  ]
  const response = call.answers.flatMap((answer) => [
    ...names(fieldsOf(document, answer.schema)).map((field) => rowName.answers(call, answer, field)),
    ...answer.headers.map((name) => rowName.header(call, answer, name)),
  ])
  const statuses = call.answers.map(({ status }) => rowName.status(call, status))
  const rows = (kind: Row['kind'], list: readonly string[]): Row[] =>
    [...new Set(list)].map((name) => ({ call, kind, name }))
  return [
    ...rows('operation', [rowName.operation(call)]),
    ...rows('request', request),
    ...rows('status', statuses),
    ...rows('response', response),
  ]
}
