import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  isLeafType,
  isObjectType,
  Kind,
  type NameNode,
  type SelectionNode,
} from 'graphql'
import type { Context } from './context'
import type { JsonText } from './json-text'
import { scopeOf } from './scope'

/** A field that is selected without arguments and without conditions, under the name that the answer gives it. */
export interface PlainField {
  readonly key: string
  readonly name: string
  /** The type it is selected on. */
  readonly on: string
  /** Null for a value. */
  readonly fields: readonly PlainField[] | null
}

/**
 * How the selection of a field is had as JSON text instead of as rows. The text must be, byte for byte, what the
 * ordinary way answers: a test runs every operation both ways.
 */
export interface Splice<Parent = never, Args = never, Loaders = never, Plan = unknown> {
  /** What a selection takes; null where it asks for what no text can say: the ordinary way is then taken. */
  plan(selection: readonly PlainField[]): Plan | null
  /** Throws what the ordinary resolver throws. */
  resolve(parent: Parent, args: Args, context: Context<Loaders>, plan: Plan): Promise<JsonText>
  /**
   * Queries that can read this field's parents and the field at once, and the fields that lead from them to the parents:
   * what they answer with can be asked by `spliceAhead`.
   */
  readonly ahead?: Readonly<Record<string, readonly (readonly string[])[]>>
}

/** What is asked further down, for a resolver that can have it on the way. */
export interface Ahead<Args, Plan> {
  readonly plan: Plan
  readonly args: Args
}

/** By the name node of the query: what of its answer will be text. Executors copy nodes, but not names. */
const AHEAD = new WeakMap<NameNode, (variables: Record<string, unknown>) => Ahead<unknown, unknown>>()

export const noteAhead = (
  query: NameNode,
  told: (variables: Record<string, unknown>) => Ahead<unknown, unknown>,
): void => void AHEAD.set(query, told)

/** The splice that waits below this query, if one does. Arguments are as they come: whoever is asked refuses them. */
export function spliceAhead<Args, Plan>({
  fieldNodes,
  variableValues,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'variableValues'>): Ahead<Args, Plan> | null {
  const told = fieldNodes[0] && AHEAD.get(fieldNodes[0].name)
  return told ? (told(variableValues) as Ahead<Args, Plan>) : null
}

/** By type and field. */
export type Splices = Readonly<Record<string, Readonly<Record<string, Splice>>>>

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/**
 * What is selected on an object by these nodes, merged and in the order of the answer; null where it is more than
 * plain fields of objects: arguments, conditions, abstract types, and fields that need a scope of their own.
 */
export function plainSelection(
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  fragments: Fragments,
): readonly PlainField[] | null {
  const byKey = new Map<string, FieldNode[]>()
  const isPlain = nodes.every((node) => collect(node.selectionSet?.selections ?? [], type, fragments, byKey))
  if (!isPlain) return null
  const fields = [...byKey].map(([key, same]) => plainField(key, same, type, fragments))
  return fields.every((field) => field !== null) ? fields : null
}

/** False as soon as something is not plain. */
function collect(
  selections: readonly SelectionNode[],
  type: GraphQLObjectType,
  fragments: Fragments,
  byKey: Map<string, FieldNode[]>,
): boolean {
  return selections.every((selection) => {
    if (selection.directives && selection.directives.length > 0) return false
    if (selection.kind === Kind.FIELD) {
      if (selection.arguments && selection.arguments.length > 0) return false
      const key = (selection.alias ?? selection.name).value
      byKey.set(key, [...(byKey.get(key) ?? []), selection])
      return true
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    const condition = fragment?.typeCondition?.name.value ?? type.name
    // A document that is valid can only narrow an object to itself or to an interface of its own.
    return fragment !== undefined && applies(condition, type)
      ? collect(fragment.selectionSet.selections, type, fragments, byKey)
      : false
  })
}

const applies = (condition: string, type: GraphQLObjectType): boolean =>
  condition === type.name || type.getInterfaces().some(({ name }) => name === condition)

function plainField(
  key: string,
  nodes: readonly FieldNode[],
  type: GraphQLObjectType,
  fragments: Fragments,
): PlainField | null {
  const name = nodes[0]?.name.value ?? ''
  const known = { key, name, on: type.name }
  if (name === '__typename') return { ...known, fields: null }
  const field = type.getFields()[name]
  // Who may see a field is asked where it is resolved.
  if (!field || field.args.length > 0 || scopeOf(field)) return null
  const fieldType = getNamedType(field.type)
  if (isLeafType(fieldType)) return { ...known, fields: null }
  if (!isObjectType(fieldType)) return null
  const fields = plainSelection(nodes, fieldType, fragments)
  return fields && { ...known, fields }
}
