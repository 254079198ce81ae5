import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'
import type { Context } from './context'
import type { Reference, References, Resolver } from './build-subgraph'
import { isPromise } from './promise'

/**
 * Wraps a resolver that may answer with references to other subgraphs' entities: their owners complete them, unless
 * the query asks for nothing but keys. `entities` are the types it may name, `isKey` the fields a reference has itself.
 */
export function completed(
  resolve: Resolver,
  entities: readonly string[],
  owners: References,
  isKey: (field: string) => boolean,
): Resolver {
  const foreign = new Set(entities)
  const complete = (value: unknown, context: Context): unknown => {
    if (value === null || value === undefined || value instanceof Error) return value
    if (isPromise(value)) return value.then((settled) => complete(settled, context))
    // An executor awaits the items one by one, so that one bad item is one error.
    if (Array.isArray(value)) return value.map((item) => complete(item, context))
    // Without a type name it is of the only type that the field can answer with.
    const type = (value as Reference).__typename ?? entities[0] ?? ''
    return foreign.has(type) ? owners[type]?.(value as Reference, context) : value
  }
  const asksOnlyKeys = perNode(
    (node, info) => node.selectionSet !== undefined && selectsOnly(node.selectionSet, info, isKey),
  )
  return (root, args, context, info) => {
    const value = resolve(root, args, context, info)
    return info.fieldNodes.every((node) => asksOnlyKeys(node, info)) ? value : complete(value, context)
  }
}

/** Documents are cached, so what a node asks for is found out once. */
function perNode(ask: (node: FieldNode, info: GraphQLResolveInfo) => boolean): typeof ask {
  const known = new WeakMap<FieldNode, boolean>()
  return (node, info) => {
    const answer = known.get(node) ?? ask(node, info)
    known.set(node, answer)
    return answer
  }
}

const selectsOnly = (
  set: SelectionSetNode,
  info: GraphQLResolveInfo,
  isKey: (field: string) => boolean,
): boolean =>
  set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD) return isKey(selection.name.value)
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value]
    return inner !== undefined && selectsOnly(inner.selectionSet, info, isKey)
  })
