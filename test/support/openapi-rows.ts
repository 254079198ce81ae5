import { type Body, type OpenApi, type Operation, resolved, type Schema } from './pinned-contract'
import { fieldsOf } from './schema-fields'

/** Every operation of a document, by method and path: `post /orders`. */
export const operationsOf = ({ paths }: OpenApi) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
  )

export const schemaOf = (body: Body | undefined): Schema | undefined =>
  body?.content?.['application/json']?.schema

/** Names of all members, lists and numbered entries looked through: `orderDetail.unitPrice`. */
const membersOf = (document: OpenApi, schema: Schema | undefined): string[] => [
  ...fieldsOf(document, schema).keys(),
]

/** The operation, its parameters, its statuses, and the members of what it takes and answers, each a row. */
export function rowsOf(document: OpenApi): string[] {
  const rows = operationsOf(document).flatMap(({ name, operation }) => [
    name,
    ...parametersOf(document, operation).map((parameter) => `${name} ${parameter}`),
    ...membersOf(document, schemaOf(operation.requestBody)).map((member) => `${name} takes ${member}`),
    ...answersOf(document, operation).flatMap(({ schema, headers }) => [
      ...membersOf(document, schema).map((member) => `${name} answers ${member}`),
      ...headers.map((header) => `${name} answers header ${header}`),
    ]),
  ])
  return [...new Set(rows)]
}

/** The statuses with which a document's operations answer, each a row. */
export const statusRowsOf = (document: OpenApi): string[] =>
  operationsOf(document).flatMap(({ name, operation }) =>
    answersOf(document, operation).map(({ status }) => `${name} answers with status ${status}`),
  )

const parametersOf = (document: OpenApi, { parameters = [] }: Operation): string[] =>
  parameters.map((parameter) => {
    const { name, in: place } = resolved(document, parameter)
    return `${place} ${name}`
  })

const answersOf = (document: OpenApi, { responses = {} }: Operation) =>
  Object.entries(responses).map(([status, answer]) => {
    const body = resolved<Body>(document, answer)
    return { status, schema: schemaOf(body), headers: Object.keys(body.headers ?? {}) }
  })

/** What a document says of the answer to a call. Undefined: nothing. */
export function answerTo(
  document: OpenApi,
  method: string,
  path: string,
  status: number,
): { readonly name: string; readonly schema: Schema } | undefined {
  const called = `${method.toLowerCase()} ${path.split('?')[0]!}`
  const matches = operationsOf(document).filter(({ name }) =>
    new RegExp(`^${name.replace(/\{\w+\}/g, '[^/]+')}$`).test(called),
  )
  // A fixed part wins over a parameter.
  const [found] = matches.sort((a, b) => parametersIn(a.name) - parametersIn(b.name))
  if (!found) return undefined
  const answers = answersOf(document, found.operation)
  const answer =
    answers.find((one) => one.status === String(status)) ??
    answers.find((one) => one.status === `${String(status)[0]!}XX`)
  return answer?.schema && { name: found.name, schema: answer.schema }
}

const parametersIn = (name: string): number => name.split('{').length

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

const isOf = (type: string, value: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : type === typeOf(value)

/** Where a value is in a document: told as members of the nearest schema that has a name. */
interface Place {
  readonly path: string
  readonly member: string
}
type Met = (member: string) => void

/**
 * Where a value is not as its schema says, also by a member that the schema does not know. Members that are met are
 * told to `met`, as members of the named schema that they belong to: `StoredLine.details.qty`.
 */
export const misfits = (
  document: OpenApi,
  schema: Schema,
  value: unknown,
  met: Met = () => undefined,
): string[] => misfitsAt(document, schema, value, { path: '', member: '' }, met)

function misfitsAt(
  document: OpenApi,
  unresolved: Schema,
  value: unknown,
  { path, member }: Place,
  met: Met,
): string[] {
  const schema = merged(document, unresolved)
  const place = { path, member: nameOf(unresolved) ?? member }
  if (schema.anyOf) {
    const tries = schema.anyOf.map((one) => {
      const seen: string[] = []
      return { wrong: misfitsAt(document, one, value, place, (name) => seen.push(name)), seen }
    })
    const { wrong, seen } = tries.sort((a, b) => a.wrong.length - b.wrong.length)[0]!
    seen.forEach(met)
    return wrong
  }
  const types = [schema.type ?? []].flat()
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return [`${path} is ${typeOf(value)}, not ${types.join(' or ')}`]
  if (schema.enum && !schema.enum.includes(value)) return [`${path} is ${String(value)}, which is not listed`]
  if (Array.isArray(value))
    return value.flatMap((item) => misfitsAt(document, schema.items ?? {}, item, place, met))
  return typeof value === 'object' && value !== null
    ? memberMisfits(document, schema, value as Readonly<Record<string, unknown>>, place, met)
    : []
}

const nameOf = ({ $ref, allOf }: Schema): string | undefined => ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1)

function memberMisfits(
  document: OpenApi,
  schema: Schema & { readonly patternProperties?: Readonly<Record<string, Schema>> },
  value: Readonly<Record<string, unknown>>,
  { path, member }: Place,
  met: Met,
): string[] {
  const { properties, patternProperties = {}, additionalProperties, required = [] } = schema
  if (!properties && !additionalProperties) return []
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`)
  const wrong = Object.entries(value).flatMap(([name, part]) => {
    const [, named] = Object.entries(patternProperties).find(([one]) => new RegExp(one).test(name)) ?? []
    const known = properties?.[name] ?? named ?? additionalProperties
    if (typeof known !== 'object') return [`${path}.${name} is unknown`]
    const place = { path: `${path}.${name}`, member: `${member}.${name}` }
    met(place.member)
    return misfitsAt(document, known, part, place, met)
  })
  return [...missing, ...wrong]
}

/** All members of the schemas with these names, as `misfits` tells of them. */
export const membersOfSchemas = ({ components }: OpenApi, names: readonly string[]): string[] =>
  names.flatMap((name) => ownMembers(components['schemas']![name] as Schema, name))

function ownMembers({ properties = {}, items, anyOf = [], allOf = [] }: Schema, prefix: string): string[] {
  const parts = [...(items ? [items] : []), ...anyOf, ...allOf]
  return [
    ...parts.filter((part) => nameOf(part) === undefined).flatMap((part) => ownMembers(part, prefix)),
    ...Object.entries(properties).flatMap(([name, part]) => [
      `${prefix}.${name}`,
      ...(nameOf(part) === undefined ? ownMembers(part, `${prefix}.${name}`) : []),
    ]),
  ]
}

/** A schema without its references, the parts of an `allOf` put together. */
function merged(document: OpenApi, unresolved: Schema): Schema {
  const schema = resolved<Schema>(document, unresolved)
  if (!schema.allOf || schema.properties) return schema
  const parts = schema.allOf.map((part) => merged(document, part))
  return {
    type: 'object',
    required: parts.flatMap(({ required = [] }) => required),
    properties: Object.assign({}, ...parts.map(({ properties }) => properties)) as Record<string, Schema>,
  }
}

/** Of a document only the operations with these names. */
export function onlyOperations(document: OpenApi, names: ReadonlySet<string>): OpenApi {
  const kept = Object.entries(document.paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).filter(([method]) => names.has(`${method} ${path}`))),
  ])
  return { ...document, paths: Object.fromEntries(kept) as OpenApi['paths'] }
}
