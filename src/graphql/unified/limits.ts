import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
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

/** Refuses before anything runs: a request that asks for too much, or whose text no store could hold. */
export const limitsPlugin = (): ApolloServerPlugin => ({
  requestDidStart: async () => ({
    async didResolveOperation({ document, operation, request }) {
      const variables = (request.variables ?? {}) as Record<string, unknown>
      const unfit = unfitVariables(variables) ?? unfitLiteral(document)
      if (unfit) throw refusal(unfit.message, unfit.extensions)
      if (operation) refuseExcess(measure(document, operation, variables), operation)
    },
  }),
})

function refuseExcess(size: Size, operation: OperationDefinitionNode): void {
  const excess = (['depth', 'aliases', 'directives', 'objects'] as const).find(
    (what) => size[what] > LIMITS[what],
  )
  if (excess) throw refusal(`the operation asks for ${excess} ${size[excess]}, ${LIMITS[excess]} are allowed`)
  if (operation.operation === 'mutation' && size.roots > LIMITS.mutationFields) {
    throw refusal(`a request may have ${LIMITS.mutationFields} mutation field, this has ${size.roots}`)
  }
}

const refusal = (message: string, extensions: object = { code: 'OPERATION_TOO_LARGE' }): GraphQLError =>
  new GraphQLError(message, { extensions: { ...extensions, http: { status: 400 } } })

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

/** How much an operation asks for once its fragments are spread. Each fragment is looked at once, however often it is spread. */
export function measure(
  { definitions }: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Size {
  const fragments = new Map(
    definitions
      .filter((d): d is FragmentDefinitionNode => d.kind === Kind.FRAGMENT_DEFINITION)
      .map((d) => [d.name.value, d]),
  )
  const measured = new Map<string, Size>()

  function ofSet({ selections }: SelectionSetNode): Size {
    return selections.map(ofSelection).reduce(sum, NOTHING)
  }

  function ofSelection(selection: SelectionSetNode['selections'][number]): Size {
    const directives = selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) return ofField(selection, directives)
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? ofSet(selection.selectionSet)
        : ofFragment(selection.name.value)
    return { ...inner, directives: inner.directives + directives }
  }

  function ofField(field: FieldNode, directives: number): Size {
    // The schema is bounded, and graphql-js bounds how often it may be gone round; tools ask for all of it at once.
    const meta = field.name.value.startsWith('__')
    const inner = field.selectionSet && !meta ? ofSet(field.selectionSet) : NOTHING
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + (field.alias ? 1 : 0),
      directives: inner.directives + directives,
      objects: field.selectionSet && !meta ? sizeOf(field, variables) * (1 + inner.objects) : 0,
      roots: 1,
    }
  }

  function ofFragment(name: string): Size {
    const fragment = fragments.get(name)
    if (!measured.has(name)) {
      // A cycle is refused by validation; here it must only end.
      measured.set(name, NOTHING)
      measured.set(name, fragment ? ofSet(fragment.selectionSet) : NOTHING)
    }
    return measured.get(name) ?? NOTHING
  }

  const size = ofSet(operation.selectionSet)
  return { ...size, directives: size.directives + (operation.directives?.length ?? 0) }
}

const sum = (a: Size, b: Size): Size => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  objects: a.objects + b.objects,
  roots: a.roots + b.roots,
})

const DEFAULT_PAGE = 20

/** How many rows a field gives at most: its `first`, the number of its `ids`, or one. Wrong sizes are refused later. */
function sizeOf({ arguments: args = [] }: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const argument = args.find(({ name }) => name.value === 'first' || name.value === 'ids')?.value
  if (!argument) return 1
  if (argument.kind === Kind.INT) return Math.max(1, Number(argument.value))
  if (argument.kind === Kind.LIST) return argument.values.length
  const given = argument.kind === Kind.VARIABLE ? variables[argument.name.value] : undefined
  if (Array.isArray(given)) return given.length
  return typeof given === 'number' ? Math.max(1, given) : DEFAULT_PAGE
}
