import { type GraphQLSchema, isUnionType } from 'graphql'
import { badInput } from './errors'

/**
 * Has what a gateway names read before it is resolved: the library takes any value for an entity's representation, and
 * fails on most as if the fault were ours. Throws BAD_USER_INPUT for what is no entity here, by `__typename` and `id`.
 */
export function withReadRepresentations(schema: GraphQLSchema): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities']
  const union = schema.getType('_Entity')
  if (!field?.resolve || !isUnionType(union)) return schema
  const { resolve } = field
  const entities = new Set<unknown>(union.getTypes().map(({ name }) => name))
  const isRepresentation = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    '__typename' in value &&
    entities.has(value.__typename) &&
    'id' in value &&
    typeof value.id === 'string'
  field.resolve = (root, args: { readonly representations: readonly unknown[] }, context, info) => {
    const wrong = args.representations.findIndex((value) => !isRepresentation(value))
    if (wrong !== -1)
      throw badInput({
        path: `representations.${wrong}`,
        message: 'must name an entity of this graph by __typename and id',
      })
    return resolve(root, args, context, info)
  }
  return schema
}
