import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The graph as it is published. */
export const PUBLISHED = buildSchema(readFileSync(join(__dirname, '../../schema/unified.graphql'), 'utf8'))

/** What a type has without arguments that must be given: its leaves, and some levels of its objects that are wanted. */
export function selectionOf(type: GraphQLNamedType, depth: number, unwanted: RegExp = /^$/): string {
  if (!isObjectType(type)) return isLeafType(type) ? '' : '{ __typename }'
  const fields = Object.values(type.getFields()).filter(
    ({ name, args }) => !unwanted.test(name) && !args.some(isRequiredArgument),
  )
  const texts = fields.flatMap((field) => {
    const named = getNamedType(field.type)
    if (isLeafType(named)) return [field.name]
    return depth > 0 && isObjectType(named)
      ? [`${field.name} ${selectionOf(named, depth - 1, unwanted)}`]
      : []
  })
  return `{ ${['__typename', ...texts].join(' ')} }`
}

/** How an operation declares and passes a field's arguments: `($first: Int)` and `(first: $first)`. What has a default may be left out. */
export function argumentsOf({ args }: GraphQLField<unknown, unknown>): {
  readonly declared: string
  readonly passed: string
} {
  if (args.length === 0) return { declared: '', passed: '' }
  const types = args.map(({ name, type, defaultValue }) => {
    const text = String(type)
    return `$${name}: ${defaultValue === undefined ? text : text.replace(/!$/, '')}`
  })
  return {
    declared: `(${types.join(', ')})`,
    passed: `(${args.map(({ name }) => `${name}: $${name}`).join(', ')})`,
  }
}
