import fc from 'fast-check'
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import type { DoorRequest } from '../support/door-world'
import { argumentsOf, PUBLISHED, selectionOf } from '../support/selections'
import { HERON, SAME } from '../support/twin-world'
import { change, changed, evil, type Value, wellFormed, written } from './evil'

type AnyField = GraphQLField<unknown, unknown>

/** Requests to every field at the top of the published schema, each with something wrong. `ids` lead somewhere. */
export function graphRequests(ids: readonly string[]): fc.Arbitrary<DoorRequest> {
  const roots = (['query', 'mutation'] as const).flatMap((kind) =>
    Object.values(
      (kind === 'query' ? PUBLISHED.getQueryType() : PUBLISHED.getMutationType())?.getFields() ?? {},
    ).map((field) => requestsOf(kind, field, ids)),
  )
  return fc.oneof(...roots)
}

interface Asked {
  readonly query: string
  readonly variables: Value
}

function requestsOf(
  kind: 'query' | 'mutation',
  field: AnyField,
  ids: readonly string[],
): fc.Arbitrary<DoorRequest> {
  const { declared, passed } = argumentsOf(field)
  const selection = selectionOf(getNamedType(field.type), 2, /^(nodes|edges)$/)
  const query = `${kind} Q${declared} { ${field.name}${passed} ${selection} }`
  const variables = fc
    .tuple(variablesOf(field.args, ids), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([value, changes]): Asked => ({ query, variables: changes.reduce<Value>(changed, value) }))
  return fc.tuple(variables, sending).map(([asked, send]) => send(asked))
}

const variablesOf = (args: readonly GraphQLArgument[], ids: readonly string[]): fc.Arbitrary<Value> =>
  fc.record(Object.fromEntries(args.map((arg) => [arg.name, inputsOf(arg.type, arg.name, ids, 0)])), {
    requiredKeys: args.filter(isRequiredArgument).map(({ name }) => name),
  })

function inputsOf(
  type: GraphQLInputType,
  name: string,
  ids: readonly string[],
  depth: number,
): fc.Arbitrary<Value> {
  if (isNonNullType(type)) return inputsOf(type.ofType, name, ids, depth)
  if (isListType(type))
    return fc.array(inputsOf(type.ofType, name, ids, depth), { minLength: 1, maxLength: 2 })
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((one) => one.name))
  if (!isInputObjectType(type)) return scalarsOf(type.name, name, ids)
  if (depth > 4) return fc.constant(null)
  const fields = Object.values(type.getFields())
  return fc.record(
    Object.fromEntries(fields.map((one) => [one.name, inputsOf(one.type, one.name, ids, depth + 1)])),
    {
      requiredKeys: fields.filter(isRequiredInputField).map((one) => one.name),
    },
  )
}

function scalarsOf(type: string, name: string, ids: readonly string[]): fc.Arbitrary<Value> {
  const texts: Record<string, readonly Value[]> = {
    ID: ids,
    Int: [1, 2, 20],
    Boolean: [true, false],
    Points: ['1', '5', '2.5', 3],
    Decimal: ['1', '12.50', '2'],
    DateTime: ['2026-01-05T10:00:00Z', '2027-01-05T10:00:00+05:30'],
    JSON: [{ note: 'x' }],
  }
  if (type !== 'String') return fc.constantFrom(...(texts[type] ?? ['1']))
  if (name === 'value') return fc.constantFrom(HERON.annexId, HERON.mobile, HERON.otherAnnexId)
  if (name === 'door') return fc.constantFrom('annex', 'capillary', 'member')
  if (name === 'type') return fc.constantFrom('id', 'mobile', 'email')
  if (/order/i.test(name)) return fc.constantFrom<Value[]>(SAME.order, SAME.issuance, 'order-7')
  return fc.constantFrom('a', 'note', '121', '122', SAME.bill)
}

type Sending = (asked: Asked) => DoorRequest

const post = (body: string, headers: Readonly<Record<string, string>> = {}): DoorRequest => ({
  method: 'POST',
  url: '/graphql',
  headers: { authorization: `Bearer ${HERON.apiKeys.admin}`, 'content-type': 'application/json', ...headers },
  body,
})

const plainly: Sending = ({ query, variables }) => post(written({ query, variables }))

const inTheText =
  (edit: (query: string) => string): Sending =>
  ({ query, variables }) =>
    post(written({ query: edit(query), variables }))

const TEXT_EDITS: readonly ((query: string) => string)[] = [
  (query) => query.slice(0, query.length / 2),
  (query) => query.replace('{', '{ ...F '),
  (query) => `${query} fragment F on Query { ...F }`,
  (query) => `${query} ${query}`,
  (query) => query.replaceAll(' ', '\u0000'),
  (query) => `# ${'c'.repeat(5_000)}\n${query}`,
  (query) => query.replace('{', `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: __typename`).join(' ')} `),
  (query) => query.replace('{', '@include(if: "x") {'),
  (query) => query.replace('Q', '__proto__'),
  (query) => query.replace(/\$(\w+): \S+/, '$$$1: Nothing!'),
  (query) => query.replace(/: \$\w+/, ': "\\ud800"'),
  (query) => query.replace(/: \$\w+/, ': 99999999999999999999'),
  (query) => query.replace(/: \$\w+/, ': {a: {a: {a: [[[[1]]]]}}}'),
]

const sending: fc.Arbitrary<Sending> = fc.oneof(
  { weight: 30, arbitrary: fc.constant(plainly) },
  { weight: 8, arbitrary: fc.constantFrom(...TEXT_EDITS).map(inTheText) },
  {
    weight: 2,
    arbitrary: fc.constant<Sending>(({ query, variables }) => ({
      ...post(''),
      method: 'GET',
      url: `/graphql?query=${encodeURIComponent(query)}&variables=${encodeURIComponent(wellFormed(written(variables)).slice(0, 10_000))}`,
    })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Sending>(({ query, variables }) => post(written([{ query, variables }]))),
  },
  {
    weight: 3,
    arbitrary: evil.map(
      (value): Sending =>
        ({ query }) =>
          post(written({ query, variables: value, operationName: value })),
    ),
  },
  {
    weight: 3,
    arbitrary: evil.map(
      (value): Sending =>
        () =>
          post(written({ query: value, extensions: value })),
    ),
  },
  {
    weight: 2,
    arbitrary: evil.map(
      (value): Sending =>
        ({ query }) =>
          post(written({ query, extensions: { persistedQuery: { version: value, sha256Hash: value } } })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'text/plain',
        'application/graphql',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
        '',
      )
      .map((type): Sending => (asked) => ({
        ...plainly(asked),
        headers: { ...plainly(asked).headers, 'content-type': type },
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('PUT', 'PATCH', 'DELETE', 'OPTIONS')
      .map((method): Sending => (asked) => ({ ...plainly(asked), method })),
  },
)
