import { execute, type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import type { DocumentNode, OperationDefinitionNode } from 'graphql'
import { compileQuery, type CompiledQuery, isCompiledQuery } from 'graphql-jit'
import type { Splices } from '../shared/splice'
import { Lru } from './lru'
import { splicing, type Splicing } from './splicing'
import { variableProblems } from './variables'

/** A request whose document has been parsed and validated. */
export interface ValidRequest {
  readonly document: DocumentNode
  /** Undefined when the document has no operation of the name that was asked for. */
  readonly operation: OperationDefinitionNode | undefined
  readonly operationName: string | null
  /** Names the document. */
  readonly queryHash: string
  readonly request: { readonly variables?: Record<string, unknown>; readonly operationName?: string }
  readonly context: unknown
}

/** How many operations are remembered: about 110 KB each once compiled. */
const REMEMBERED = 300

/**
 * Runs operations with code compiled for each, and whatever the compiler cannot do or says differently with graphql-js.
 * Compiling costs a millisecond, so it waits for the second time an operation is asked: documents that never come
 * back cost nothing.
 */
export function compilingExecutor(schema: GraphQLSchema, splices: Splices = {}) {
  const spliced = splicing(schema, splices)
  const operations = new Lru<{ compiled: CompiledQuery | 'impossible' | null }>(REMEMBERED)

  function compiledFor({ document, operationName, queryHash }: ValidRequest): CompiledQuery | null {
    const key = `${queryHash} ${operationName ?? ''}`
    const known = operations.get(key)
    if (!known) operations.set(key, { compiled: null })
    else known.compiled ??= compile(spliced, document, operationName)
    return known?.compiled && known.compiled !== 'impossible' ? known.compiled : null
  }

  return async function run(request: ValidRequest): Promise<ExecutionResult> {
    const variables = request.request.variables ?? {}
    // Without an operation Apollo knows no name, and the compiler would run whichever comes first.
    const compiled = request.operation && compiledFor(request)
    if (!compiled) return interpret(schema, request, variables)
    const result = await compiled.query(undefined, request.context, variables)
    if (!result.errors) return result
    // Nothing has run: the variables do not fit. Its texts and some of its rules differ, so the reference decides.
    if (result.data === undefined) return interpret(schema, request, variables)
    return { errors: result.errors.map(asGraphQLError), data: result.data }
  }
}

function compile(
  { schema, rewrite }: Splicing,
  document: DocumentNode,
  operationName: string | null,
): CompiledQuery | 'impossible' {
  const compiled = compileQuery(schema, rewrite(document), operationName ?? undefined)
  return isCompiledQuery(compiled) ? compiled : 'impossible'
}

async function interpret(
  schema: GraphQLSchema,
  { document, operation, request, context }: ValidRequest,
  variables: Record<string, unknown>,
): Promise<ExecutionResult> {
  const problems = operation ? variableProblems(schema, operation, variables) : []
  if (problems.length > 0) return { errors: problems }
  return execute({
    schema,
    document,
    contextValue: context,
    variableValues: variables,
    operationName: request.operationName ?? null,
  })
}

/** The compiler's errors have read-only fields that Apollo writes to; it would lose message, path and code. */
function asGraphQLError({ message, path, originalError, extensions, locations }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, {
    path: path ?? null,
    originalError: originalError ?? null,
    extensions: extensions ?? null,
  })
  if (locations) Object.defineProperty(error, 'locations', { value: locations, enumerable: true })
  return error
}
