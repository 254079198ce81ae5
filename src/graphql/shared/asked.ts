import { type GraphQLResolveInfo, Kind, type SelectionNode } from 'graphql'

/** Whether a field of what is resolved is asked for, under whatever name and on whatever condition. */
export function isAsked(
  field: string,
  { fieldNodes, fragments }: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>,
): boolean {
  const asks = (selection: SelectionNode): boolean => {
    if (selection.kind === Kind.FIELD) return selection.name.value === field
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value]
    return fragment?.selectionSet.selections.some(asks) ?? true
  }
  return fieldNodes.some(({ selectionSet }) => selectionSet?.selections.some(asks))
}
