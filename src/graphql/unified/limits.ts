import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql'
import { unfitVariables } from './variables'

/** What one request may ask for: about twice what the operations of real front ends need. */
export const LIMITS = {
  tokens: 2000,
  depth: 12,
  aliases: 15,
  directives: 50,
  /** Objects that an answer may hold, by the sizes of its lists. */
  objects: 25_000,
  /** Guessing by the dozen in one request would slip past limits per request. */
  mutationFields: 1,
} as const

/** What a request may cost, and what it does, as answers tell it under `extensions.cost`. */
export interface Cost {
  /** Objects that the answer may hold at most. */
  readonly objects: number
  readonly allowed: number
}

/**
 * Refuses before anything runs: a request that asks for too much, or whose text no store could hold. Every answer to
 * an operation tells its cost, so that a client sees it coming near the limit.
 */
export const limitsPlugin = (): ApolloServerPlugin => ({
  async requestDidStart() {
    let cost: Cost | null = null
    return {
      async didResolveOperation({ schema, document, operation, request }) {
        const variables = (request.variables ?? {}) as Record<string, unknown>
        const unfit = unfitVariables(variables) ?? literalsOf(document)
        if (unfit) throw refusal(unfit.message, unfit.extensions)
        if (!operation) return
        if (!schema.getRootType(operation.operation))
          throw refusal(`the schema has no ${operation.operation}s`, UNKNOWN)
        if (operation.operation === 'subscription')
          throw refusal('subscriptions are streamed: ask for them at /graphql/stream', UNKNOWN)
        const size = sizeOf({ schema, document, operation, variables })
        cost = costOf(size)
        refuseExcess(size, operation)
      },
      async willSendResponse({ response: { body } }) {
        if (!cost || body.kind !== 'single') return
        body.singleResult = {
          ...body.singleResult,
          extensions: { ...body.singleResult.extensions, cost },
        }
      },
    }
  },
})

export const costOf = ({ objects }: Size): Cost => ({ objects, allowed: LIMITS.objects })

export function refuseExcess(size: Size, operation: OperationDefinitionNode): void {
  const excess = excessOf(size, operation)
  if (excess) throw refusal(excess)
}

/** What an operation asks too much of, in words; null: nothing. */
export function excessOf(size: Size, { operation }: OperationDefinitionNode): string | null {
  const excess = (['depth', 'aliases', 'directives', 'objects'] as const).find(
    (what) => size[what] > LIMITS[what],
  )
  if (excess) return `the operation asks for ${excess} ${size[excess]}, ${LIMITS[excess]} are allowed`
  return operation === OperationTypeNode.MUTATION && size.roots > LIMITS.mutationFields
    ? `a request may have ${LIMITS.mutationFields} mutation field, this has ${size.roots}`
    : null
}

const UNKNOWN = { code: 'GRAPHQL_VALIDATION_FAILED' }

const refusal = (message: string, extensions: object = { code: 'OPERATION_TOO_LARGE' }): GraphQLError =>
  new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } })

const LITERALS = new WeakMap<DocumentNode, GraphQLError | null>()

/** What `unfitLiteral` finds, looked for once in each document that is remembered. */
function literalsOf(document: DocumentNode): GraphQLError | null {
  const known = LITERALS.get(document)
  if (known !== undefined) return known
  const unfit = unfitLiteral(document)
  LITERALS.set(document, unfit)
  return unfit
}

/** Text in the document itself may hold what variables may not. */
function unfitLiteral(document: DocumentNode): GraphQLError | null {
  let unfit: GraphQLError | null = null
  visit(document, {
    StringValue(node) {
      if (node.value.includes('\0')) {
        unfit = new GraphQLError('text must not hold the NUL character', {
          extensions: { code: 'BAD_USER_INPUT' },
        })
      }
    },
  })
  return unfit
}

export interface Size {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  readonly objects: number
  /** Fields at the top. */
  readonly roots: number
}

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, objects: 0, roots: 0 }

export interface Sized {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly variables: Readonly<Record<string, unknown>>
}

/** What of an operation has been measured: which variables say sizes, and what it came to for those that were given. */
interface Measured {
  readonly sizing: ReadonlySet<string>
  readonly sizes: Map<string, Size>
}

const MEASURED = new WeakMap<OperationDefinitionNode, Measured>()
/** Sizes that one operation is asked with. */
const MOST_SIZES = 100

/** `measure`, once for each operation that is remembered and each choice of sizes. */
export function sizeOf(asked: Sized): Size {
  const known = MEASURED.get(asked.operation) ?? { sizing: new Set<string>(), sizes: new Map<string, Size>() }
  const found = known.sizes.get(keyOf(known.sizing, asked.variables))
  if (found) return found
  const sizing = new Set<string>()
  const size = measure(asked, (name) => sizing.add(name))
  const sizes = known.sizes.size < MOST_SIZES ? known.sizes : new Map<string, Size>()
  sizes.set(keyOf(sizing, asked.variables), size)
  MEASURED.set(asked.operation, { sizing, sizes })
  return size
}

const keyOf = (names: ReadonlySet<string>, variables: Sized['variables']): string => {
  let key = ''
  for (const name of names) {
    const value = variables[name]
    // Left out: the operation's own default. Anything but a size: the field's.
    if (typeof value === 'number') key += `${value} `
    else key += Array.isArray(value) ? `[${value.length}] ` : value === undefined ? '- ' : '? '
  }
  return key
}

/** How much an operation asks for once its fragments are spread. Each fragment is looked at once, however often it is spread. */
export function measure(
  { schema, document, operation, variables: given }: Sized,
  sizedBy: (variable: string) => void = () => undefined,
): Size {
  const variables = { ...defaultsOf(operation), ...given }
  const fragments = new Map(
    document.definitions
      .filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION)
      .map((d) => [d.name.value, d]),
  )
  const measured = new Map<string, Size>()

  function ofSet({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined): Size {
    return selections.map((selection) => ofSelection(selection, type)).reduce(sum, NOTHING)
  }

  function ofSelection(selection: SelectionNode, type: GraphQLNamedType | undefined): Size {
    const directives = selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) return ofField(selection, directives, type)
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? ofSet(selection.selectionSet, conditionOf(selection.typeCondition) ?? type)
        : ofFragment(selection.name.value)
    return { ...inner, directives: inner.directives + directives }
  }

  function ofField(field: FieldNode, directives: number, type: GraphQLNamedType | undefined): Size {
    // The schema is bounded, and graphql-js bounds how often it may be gone round; tools ask for all of it at once.
    const meta = field.name.value.startsWith('__')
    const definition = fieldOf(type, field.name.value)
    const inner =
      field.selectionSet && !meta
        ? ofSet(field.selectionSet, definition && getNamedType(definition.type))
        : NOTHING
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + (field.alias ? 1 : 0),
      directives: inner.directives + directives,
      objects:
        field.selectionSet && !meta ? rowsOf(field, definition, type, valueOf) * (1 + inner.objects) : 0,
      roots: 1,
    }
  }

  const valueOf = (variable: string): unknown => {
    sizedBy(variable)
    return variables[variable]
  }

  const conditionOf = (condition: NamedTypeNode | undefined) =>
    condition && schema.getType(condition.name.value)

  function ofFragment(name: string): Size {
    const fragment = fragments.get(name)
    if (!measured.has(name)) {
      // A cycle is refused by validation; here it must only end.
      measured.set(name, NOTHING)
      measured.set(
        name,
        fragment ? ofSet(fragment.selectionSet, conditionOf(fragment.typeCondition)) : NOTHING,
      )
    }
    return measured.get(name) ?? NOTHING
  }

  const size = ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined)
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) }
}

const sum = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  objects: a.objects + b.objects,
  roots: a.roots + b.roots,
})

/** What an operation says of variables that the request leaves out. */
const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  )

type AnyField = GraphQLField<unknown, unknown>

const fieldOf = (type: GraphQLNamedType | undefined, name: string): AnyField | undefined =>
  isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined

/** Arguments that say how many rows a field gives; the last is a gateway's question for entities. */
const SIZING: ReadonlySet<string> = new Set(['first', 'ids', 'representations'])

/** Lists that are given whole (the lines of an order, a member's identities): rarely more. */
const WHOLE_LIST = 5

/**
 * How many rows a field gives at most: its `first`, or what that is by default; the number of its `ids`; or one. The
 * rows of a connection are counted where its size is said. Wrong sizes are refused later.
 */
function rowsOf(
  field: FieldNode,
  definition: AnyField | undefined,
  parent: GraphQLNamedType | undefined,
  valueOf: (variable: string) => unknown,
): number {
  const sizing = definition?.args.find(({ name }) => SIZING.has(name))
  if (!sizing) {
    const isWholeList = definition !== undefined && isListType(getNullableType(definition.type))
    return isWholeList && !parent?.name.endsWith('Connection') ? WHOLE_LIST : 1
  }
  const byDefault = typeof sizing.defaultValue === 'number' ? sizing.defaultValue : 1
  const said = field.arguments?.find(({ name }) => name.value === sizing.name)?.value
  if (!said) return byDefault
  if (said.kind === Kind.INT) return Math.max(1, Number(said.value))
  if (said.kind === Kind.LIST) return said.values.length
  const given = said.kind === Kind.VARIABLE ? valueOf(said.name.value) : undefined
  if (Array.isArray(given)) return given.length
  return typeof given === 'number' ? Math.max(1, given) : byDefault
}
