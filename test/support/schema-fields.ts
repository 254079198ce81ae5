import { type OpenApi, resolved, type Schema } from './pinned-contract'

/** The members of a schema by their path (`orderDetail.unitPrice`), each with the JSON types it may have. */
export type Fields = ReadonlyMap<string, ReadonlySet<string>>

/** A member of a value that the schema knows. */
export interface Found {
  readonly field: string
  readonly value: unknown
  /** Whether the value is of a type that the schema allows there. */
  readonly fits: boolean
}

/** Deep enough for both contracts; schemas may contain themselves. */
const MAX_DEPTH = 16

/**
 * Lists, numbered objects (`{"1": …}`) and maps add nothing to a path: the vendors document one and accept another.
 * Members named by a pattern are called after it: `Credit[…]`.
 */
export function fieldsOf(document: OpenApi, schema: Schema | undefined): Fields {
  const fields = new Map<string, Set<string>>()
  const collect = (schemas: readonly Schema[], prefix: string, depth: number): void => {
    if (depth > MAX_DEPTH) return
    for (const plain of schemas) {
      for (const inner of innerOf(plain)) collect(plainsOf(document, inner), prefix, depth + 1)
      for (const [name, member] of membersOf(plain)) {
        const members = plainsOf(document, member)
        const field = `${prefix}${name}`
        fields.set(field, new Set([...(fields.get(field) ?? []), ...typesOf(members)]))
        collect(members, `${field}.`, depth + 1)
      }
    }
  }
  collect(schema ? plainsOf(document, schema) : [], '', 0)
  return fields
}

/** The members of a value that a schema knows; what it does not know is passed over. */
export function foundIn(document: OpenApi, schema: Schema | undefined, value: unknown): readonly Found[] {
  return schema ? found(document, plainsOf(document, schema), value, '') : []
}

function found(document: OpenApi, schemas: readonly Schema[], value: unknown, prefix: string): Found[] {
  if (Array.isArray(value)) {
    const items = schemas.flatMap(({ items: one }) => (one ? plainsOf(document, one) : []))
    return value.flatMap((item) => found(document, items, item, prefix))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const named = schemas.flatMap((schema) => memberOf(schema, name))
    if (named.length === 0) return []
    const members = named.flatMap(([, one]) => plainsOf(document, one))
    const label = named[0]?.[0]
    if (label === undefined) return found(document, members, member, prefix)
    const field = `${prefix}${label}`
    return [
      { field, value: member, fits: fits(typesOf(members), member) },
      ...found(document, members, member, `${field}.`),
    ]
  })
}

/** `$ref`, alternatives and parts followed, down to schemas that say something themselves. */
export function plainsOf(document: OpenApi, schema: Schema): Schema[] {
  const { anyOf = [], oneOf = [], allOf = [], ...plain } = resolved(document, schema)
  return [plain, ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => plainsOf(document, one))]
}

const isNumbered = (pattern: string): boolean => pattern === '^[0-9]+$'
/** `^Credit\[.+\]$` is shown as `Credit[…]`, however the pattern is written. */
const labelOf = (pattern: string): string => {
  const text = pattern.replace(/^\^|\$$/g, '').replaceAll('\\', '')
  return text.includes('[') ? `${text.slice(0, text.indexOf('['))}[…]` : text
}

const membersOf = ({ properties = {}, patternProperties = {} }: Schema): [string, Schema][] => [
  ...Object.entries(properties),
  ...Object.entries(patternProperties)
    .filter(([pattern]) => !isNumbered(pattern))
    .map(([pattern, schema]): [string, Schema] => [labelOf(pattern), schema]),
]

/** What lies inside without a name of its own. */
const innerOf = ({ items, patternProperties = {}, additionalProperties }: Schema): Schema[] => [
  ...(items ? [items] : []),
  ...Object.entries(patternProperties).flatMap(([pattern, schema]) => (isNumbered(pattern) ? [schema] : [])),
  ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
]

/** What a schema says of one member: under which label, none when it lies inside a numbered object or a map. */
function memberOf(schema: Schema, name: string): [string | undefined, Schema][] {
  const { properties = {}, patternProperties = {}, additionalProperties } = schema
  const exact = properties[name]
  if (exact) return [[name, exact]]
  const [pattern, patterned] =
    Object.entries(patternProperties).find(([one]) => new RegExp(one).test(name)) ?? []
  if (pattern && patterned) return [[isNumbered(pattern) ? undefined : labelOf(pattern), patterned]]
  return typeof additionalProperties === 'object' ? [[undefined, additionalProperties]] : []
}

export const typesOf = (schemas: readonly Schema[]): Set<string> =>
  new Set(schemas.flatMap(({ type, properties }) => type ?? (properties ? 'object' : [])))

function fits(types: ReadonlySet<string>, value: unknown): boolean {
  if (types.size === 0) return true
  if (types.has('integer') && Number.isInteger(value)) return true
  return types.has(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)
}
