import { getMetadataStorage } from 'class-validator'
import type { Writable } from './json'

/** A JSON Schema, as OpenAPI 3.1 has them. */
export interface Schema {
  readonly [keyword: string]: unknown
}

/** The members of an object and what each is. */
export type Members = Readonly<Record<string, Schema>>

/** An answer with exactly these members; one that is undefined is left out. */
export type Answer<M extends Members> = { readonly [Name in keyof M]: Writable }

/** A class whose properties carry rules of class-validator. */
export type Contract = new () => object

/** What `ValidateNested` says besides in its context: of which class the parts are, or how their properties are called. */
export interface Parts {
  readonly contract?: Contract
  /** Patterns of property names of the body itself, each a part. */
  readonly named?: readonly string[]
}

export const TEXT: Schema = { type: 'string' }
export const NUMBER: Schema = { type: 'number' }
export const INTEGER: Schema = { type: 'integer' }
export const BOOLEAN: Schema = { type: 'boolean' }
export const FREE_OBJECT: Schema = { type: 'object' }

export const objectOf = (members: Members): Schema => ({ type: 'object', properties: members })
/** An object with members that are always there, and others that are there when there is something to say. */
export const shapeOf = (always: Members, sometimes: Members = {}): Schema => ({
  type: 'object',
  required: Object.keys(always),
  properties: { ...always, ...sometimes },
})
export const listOf = (items: Schema): Schema => ({ type: 'array', items })
export const anyOf = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas })
/** The numbered object, or the array, of a bulk call. */
export const entriesOf = (entry: Schema): Schema =>
  anyOf({ type: 'object', additionalProperties: entry }, listOf(entry))

/** How a door's own rules look as schemas, by their names. Gets what the rule was made with. */
export type Rules = Readonly<Record<string, (constraints: readonly unknown[]) => Schema>>

/** The schema of what a contract class accepts, read from its rules. Throws for a rule that nobody has described. */
export function schemaOf(contract: Contract, rules: Rules, required: string): Schema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false)
  const properties: Record<string, Schema> = {}
  const patternProperties: Record<string, Schema> = {}
  const needed = metadata.filter(({ name }) => name === required).map(({ propertyName }) => propertyName)
  for (const { type, name = '', propertyName, constraints, each, context } of metadata) {
    const parts = context as Parts | undefined
    if (parts?.named !== undefined) {
      for (const pattern of parts.named) patternProperties[pattern] = { type: ['number', 'string', 'null'] }
    } else if (type === 'nestedValidation') {
      if (!parts?.contract)
        throw new Error(`${contract.name}.${propertyName}: the class of its parts is not named`)
      const part = schemaOf(parts.contract, rules, required)
      properties[propertyName] = { ...properties[propertyName], ...(each ? listOf(part) : part) }
    } else if (type !== 'conditionalValidation' && name !== required) {
      const rule = rules[name] ?? SIZES[name]
      if (!rule) throw new Error(`${contract.name}.${propertyName}: no schema for the rule ${name}`)
      properties[propertyName] = { ...properties[propertyName], ...rule(constraints ?? []) }
    }
  }
  return {
    type: 'object',
    ...(needed.length > 0 ? { required: [...new Set(needed)].sort() } : {}),
    properties: Object.fromEntries(
      Object.entries(properties)
        .sort(byName)
        .map(([name, schema]) => [name, needed.includes(name) ? schema : orNull(schema)]),
    ),
    ...(Object.keys(patternProperties).length > 0 ? { patternProperties } : {}),
  }
}

/** Null says that it is absent. */
const orNull = (schema: Schema): Schema => ({ ...schema, type: [schema['type'], 'null'].flat() })

const SIZES: Rules = {
  arrayMaxSize: ([maxItems]) => ({ maxItems }),
  arrayMinSize: ([minItems]) => ({ minItems }),
}

const byName = ([a]: readonly [string, Schema], [b]: readonly [string, Schema]): number => (a < b ? -1 : 1)

/** Further names that live clients use, next to the documented ones they stand for; either will do. */
export function withAliases(schema: Schema, aliases: Readonly<Record<string, readonly string[]>>): Schema {
  const known = schema['properties'] as Members
  const required = (schema['required'] ?? []) as readonly string[]
  const added = Object.entries(aliases).flatMap(([name, others]) =>
    others.map((other) => [other, { ...known[name], description: `Read as ${name}.` }] as const),
  )
  const free = required.filter((name) => name in aliases)
  const either = free.map((name) => ({
    anyOf: [name, ...(aliases[name] ?? [])].map((one) => ({ required: [one] })),
  }))
  return {
    ...schema,
    required: required.filter((name) => !free.includes(name)),
    properties: { ...known, ...Object.fromEntries(added) },
    ...(either.length > 0 ? { allOf: either } : {}),
  }
}
