import { createHash } from 'node:crypto'
import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql'
import type { HandlerOptions, OperationArgs, Response } from 'graphql-sse'
import type { Context } from '../shared/context'
import type { GraphRequest } from './context'
import { LIMITS, measure, refuseExcess } from './limits'
import type { TrustedDocuments } from './trusted'
import { unfitVariables, variableProblems } from './variables'

/** How many streams may be open: in this process, and of one credential. */
export interface StreamLimits {
  readonly process: number
  readonly credential: number
}

export interface StreamDeps {
  readonly schema: GraphQLSchema
  readonly contextOf: (request: GraphRequest) => Promise<Context<object>>
  readonly trusted: TrustedDocuments | null
  /** Whether errors may name what the schema has. */
  readonly explains: boolean
  readonly limits: StreamLimits
}

/** What the server knows of a request besides its headers. */
export interface StreamRequest {
  readonly id: string
}

type Args = OperationArgs<never> & { readonly contextValue: Context<object>; readonly again: GraphRequest }

/**
 * Subscriptions over server-sent events, each on a connection of its own ("distinct connections" of the protocol of
 * graphql-sse). A request is signed in, bounded and validated as one to /graphql is; and the credential is looked at anew
 * for each event, so that a stream ends when it is taken away.
 */
export function streamOptions({
  schema,
  contextOf,
  trusted,
  explains,
  limits,
}: StreamDeps): HandlerOptions<StreamRequest, unknown, never> {
  const open = new OpenStreams(limits)
  return {
    // Only streams of their own: nothing is kept for a client between requests.
    authenticate: () => null,
    async onSubscribe(request, params) {
      try {
        const again = { authorization: headerOf(request.headers, 'authorization'), requestId: request.raw.id }
        const context = await contextOf(again)
        const document = documentOf(params, trusted, schema, explains)
        const { operationName } = params
        const variables = params.variables ?? {}
        const operation = getOperationAST(document, operationName)
        if (operation?.operation !== 'subscription')
          throw refused('only a subscription is streamed; ask for anything else at /graphql')
        refuseExcess(measure({ schema, document, operation, variables }), operation)
        const [problem] = [
          unfitVariables(variables),
          ...variableProblems(schema, operation, variables),
        ].filter(isThere)
        if (problem) throw problem
        open.assertRoom(context)
        return {
          schema,
          document,
          operationName,
          variableValues: variables,
          contextValue: context,
          again,
        } as never
      } catch (error) {
        return refusalOf(error)
      }
    },
    subscribe: (args) => events(args as Args, contextOf, open) as never,
    validate: () => [],
  }
}

const isThere = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined

const headerOf = (
  headers: { get(name: string): string | null | undefined },
  name: string,
): string | undefined => {
  const value = headers.get(name)
  return value && value !== 'undefined' ? value : undefined
}

interface Params {
  readonly query?: string
  readonly extensions?: Record<string, unknown> | undefined
}

/** The document, read and found valid. Throws GraphQLError. */
function documentOf(
  { query = '', extensions }: Params,
  trusted: TrustedDocuments | null,
  schema: GraphQLSchema,
  explains: boolean,
): DocumentNode {
  const named = (extensions?.['persistedQuery'] as { sha256Hash?: unknown } | undefined)?.sha256Hash
  const text = query || (typeof named === 'string' ? (trusted?.byHash.get(named) ?? '') : '')
  if (trusted?.mode === 'enforce' && !trusted.byHash.has(createHash('sha256').update(text).digest('hex')))
    throw refused('this document is not one of those that are trusted here', 'UNTRUSTED_DOCUMENT')
  const document = parse(text, { maxTokens: LIMITS.tokens })
  const [first] = validate(schema, document, undefined, { maxErrors: 1, hideSuggestions: !explains })
  if (first) throw first
  return document
}

const refused = (message: string, code = 'GRAPHQL_VALIDATION_FAILED', status = 400): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status } } })

/** A refusal as an answer of its own, before there is a stream. What is not the client's fault is thrown on. */
function refusalOf(error: unknown): Response {
  if (!(error instanceof GraphQLError)) throw error
  const { http, ...extensions } = error.extensions as { http?: { status?: number }; code?: string }
  const status = http?.status ?? 400
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    ...(status === 429 && { 'retry-after': '5' }),
  }
  const body = {
    errors: [{ message: error.message, extensions: { code: 'GRAPHQL_VALIDATION_FAILED', ...extensions } }],
  }
  return [JSON.stringify(body), { status, statusText: '', headers }]
}

/** Each event of the source, answered under the credential as it is by then. */
async function events(
  args: Args,
  contextOf: StreamDeps['contextOf'],
  open: OpenStreams,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const close = open.add(args.contextValue)
  const source = await createSourceEventStream(args).catch((error: unknown) => {
    close()
    throw error
  })
  if (!(Symbol.asyncIterator in source)) {
    close()
    return source
  }
  const iterator = source[Symbol.asyncIterator]()
  let ended = false
  const end = async (): Promise<IteratorResult<ExecutionResult>> => {
    if (!ended) close()
    ended = true
    await iterator.return?.()
    return { done: true, value: undefined }
  }
  const answers: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => answers,
    async next() {
      if (ended) return end()
      const { done, value } = await iterator.next()
      if (done) return end()
      try {
        const contextValue = await contextOf(args.again)
        return { done: false, value: await execute({ ...args, rootValue: value, contextValue }) }
      } catch (error) {
        await end()
        const told =
          error instanceof GraphQLError ? error : refused('Internal server error', 'INTERNAL_SERVER_ERROR')
        return { done: false, value: { errors: [told] } }
      }
    },
    return: end,
    throw: end,
  }
  return answers
}

/** How many streams are open, so that nobody takes all there are. */
class OpenStreams {
  private total = 0
  private readonly byCredential = new Map<string, number>()

  constructor(private readonly limits: StreamLimits) {}

  /** Throws a GraphQLError, 429, when there is no room. */
  assertRoom(context: Context): void {
    const own = this.byCredential.get(nameOf(context)) ?? 0
    if (this.total >= this.limits.process || own >= this.limits.credential)
      throw refused('too many streams are open; close one, or try again later', 'TOO_MANY_STREAMS', 429)
  }

  /** Counts a stream; gives what ends it. */
  add(context: Context): () => void {
    const name = nameOf(context)
    this.total++
    this.byCredential.set(name, (this.byCredential.get(name) ?? 0) + 1)
    return () => {
      this.total--
      const left = (this.byCredential.get(name) ?? 1) - 1
      if (left > 0) this.byCredential.set(name, left)
      else this.byCredential.delete(name)
    }
  }
}

const nameOf = ({ caller }: Context): string => `${caller.tenant.id} ${caller.actor}`
