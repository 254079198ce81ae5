import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  type GraphQLField,
  Kind,
  type NameNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { type Ahead, type Fragments, noteAhead, type Splices } from '../shared/splice'

/** A field that is text in a rewritten document, and how it was meant. */
export interface Twin {
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
  readonly plan: unknown
}

/**
 * Tells queries at the top of a rewritten document which text waits below them, where a splice says that it can be had
 * with its parents. Conditions on the way leave it to the ordinary way.
 */
export function tellingAhead(
  document: DocumentNode,
  splices: Splices,
  twins: ReadonlyMap<FieldNode, Twin>,
): DocumentNode {
  const fragments = fragmentsOf(document)
  const waysFrom = new Map(
    Object.values(splices)
      .flatMap((fields) => Object.values(fields))
      .flatMap(({ ahead = {} }) => Object.entries(ahead)),
  )
  const told = (selection: SelectionNode): SelectionNode => {
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) return selection
    for (const way of waysFrom.get(selection.name.value) ?? []) {
      const twin = twinAt(selection.selectionSet, way, twins, fragments)
      if (twin) return { ...selection, name: toldName(selection, twin) }
    }
    return selection
  }
  return visit(document, {
    OperationDefinition: (operation: OperationDefinitionNode) =>
      operation.operation === OperationTypeNode.QUERY
        ? {
            ...operation,
            selectionSet: {
              ...operation.selectionSet,
              selections: operation.selectionSet.selections.map(told),
            },
          }
        : undefined,
  })
}

export const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((fragment) => [fragment.name.value, fragment]),
  )

/** A name of its own: the document that was asked is run as it is where nothing is compiled. */
function toldName({ name }: FieldNode, { node, field, plan }: Twin): NameNode {
  const own: NameNode = { kind: Kind.NAME, value: name.value }
  const named = variablesOf(node)
  let last: { readonly given: readonly unknown[]; readonly told: Ahead<unknown, unknown> } | null = null
  noteAhead(own, (variables) => {
    const given = named.map((variable) => variables[variable])
    // Most often a document comes again with the same sizes.
    if (!last?.given.every((value, index) => value === given[index]))
      last = { given, told: { plan, args: getArgumentValues(field, node, variables) } }
    return last.told
  })
  return own
}

function variablesOf(node: FieldNode): readonly string[] {
  const names = new Set<string>()
  visit(node, { Variable: ({ name }) => void names.add(name.value) })
  return [...names]
}

/** The twin at the end of this way of fields, none of which is asked on a condition. */
function twinAt(
  { selections }: SelectionSetNode,
  way: readonly string[],
  twins: ReadonlyMap<FieldNode, Twin>,
  fragments: Fragments,
): Twin | null {
  for (const selection of selections) {
    if (selection.directives && selection.directives.length > 0) continue
    const found = twinIn(selection, way, twins, fragments)
    if (found) return found
  }
  return null
}

function twinIn(
  selection: SelectionNode,
  way: readonly string[],
  twins: ReadonlyMap<FieldNode, Twin>,
  fragments: Fragments,
): Twin | null {
  if (selection.kind !== Kind.FIELD) {
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    return fragment ? twinAt(fragment.selectionSet, way, twins, fragments) : null
  }
  const [next, ...rest] = way
  if (next === undefined) return twins.get(selection) ?? null
  return selection.name.value === next && selection.selectionSet
    ? twinAt(selection.selectionSet, rest, twins, fragments)
    : null
}
