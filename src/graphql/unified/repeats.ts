import type { ApolloServerPlugin } from '@apollo/server'
import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql'
import type { Context } from '../shared/context'
import { stringifyAnswer } from '../shared/json-text'
import type { ValidRequest } from './executor'
import { costOf, excessOf, type Size, sizeOf } from './limits'
import { Lru } from './lru'
import type { OperationTimes } from './operation-metrics'
import { unfitVariables } from './variables'
import type { TrustedDocuments } from './trusted'

export interface RepeatsDeps {
  readonly schema: GraphQLSchema
  readonly run: (request: ValidRequest) => Promise<ExecutionResult>
  readonly times: OperationTimes
  readonly trusted: TrustedDocuments | null
}

/** The body of a POST, parsed, and what answers to it may be. */
export interface Question {
  readonly body: unknown
  readonly accept: string | undefined
}

/** An answer, or the context of a request that Apollo Server shall answer after all. */
export type Repeated =
  { readonly contentType: string; readonly text: string } | { readonly context: Promise<Context<object>> }

/** A query that Apollo Server has answered without an error: read, valid, and allowed to run. */
interface Known {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly operationName: string | null
  readonly queryHash: string
}

const REMEMBERED = 300
const LONGEST = 20_000
const MOST_ACCEPTS = 50

/**
 * Answers queries that come again without the way through Apollo Server, which costs a small query as much as
 * everything else that is done for it. Who calls, whether the document is trusted, how much it asks for and which
 * variables it brings is looked at as ever; and whatever is not simply an answer (a refusal, an error, a mutation, an
 * extension of the protocol) is Apollo Server's: it is then given what has been found out, so that nothing runs twice.
 */
export class Repeats {
  private readonly known = new Lru<Known>(REMEMBERED)
  private readonly contentTypes = new Lru<string>(MOST_ACCEPTS)
  private readonly results = new WeakMap<object, ExecutionResult>()

  constructor(private readonly deps: RepeatsDeps) {}

  /** Null: this has not been answered before. */
  answer(
    { body, accept = '' }: Question,
    contextOf: () => Promise<Context<object>>,
  ): Promise<Repeated> | null {
    const asked = questionOf(body)
    const contentType = this.contentTypes.get(accept)
    const known = asked && contentType && this.known.get(keyOf(asked))
    if (!known || unfitVariables(asked.variables)) return null
    if (this.deps.trusted?.byHash.has(known.queryHash) === false) return null
    const size = sizeOf({ ...known, schema: this.deps.schema, variables: asked.variables })
    return excessOf(size, known.operation)
      ? null
      : this.repeat({ known, asked, size, contentType }, contextOf())
  }

  /** What an executor is to answer instead of running a request that has been run already. */
  resultFor(context: unknown): ExecutionResult | undefined {
    return this.results.get((context as Context<object>).loaders)
  }

  /** Which type of content Apollo Server chose for a successful answer; it looks at nothing but what is accepted. */
  noteContentType(accept: string | undefined, contentType: string): void {
    this.contentTypes.set(accept ?? '', contentType)
  }

  readonly plugin: ApolloServerPlugin<Context<object>> = {
    requestDidStart: async () => ({
      willSendResponse: async ({
        request,
        source,
        document,
        operation,
        operationName,
        queryHash,
        response,
      }) => {
        if (operation?.operation !== OperationTypeNode.QUERY || !document || !source || !queryHash) return
        if (response.body.kind !== 'single' || response.body.singleResult.errors || request.extensions) return
        if (request.http?.method !== 'POST' || source.length > LONGEST) return
        const key = keyOf({ query: source, operationName: request.operationName ?? null })
        this.known.set(key, { document, operation, operationName: operationName ?? null, queryHash })
      },
    }),
  }

  private async repeat(
    { known, asked: { operationName, variables }, size, contentType }: Repeat,
    signingIn: Promise<Context<object>>,
  ): Promise<Repeated> {
    // Who may not come in is told by Apollo Server.
    const context = await signingIn.catch(() => null)
    if (context === null) return { context: signingIn }
    const from = performance.now()
    const request = operationName === null ? { variables } : { variables, operationName }
    // An executor that throws instead of answering is an accident, which Apollo Server knows how to tell.
    const result = await this.deps.run({ ...known, request, context }).catch(() => null)
    if (!result) return { context: signingIn }
    if (result.errors || !result.data) {
      // Apollo Server copies the context, but not what is in it.
      this.results.set(context.loaders, result)
      return { context: signingIn }
    }
    const text = stringifyAnswer({ data: result.data, extensions: { cost: costOf(size) } })
    this.deps.times.answered(known, from)
    return { contentType, text }
  }
}

interface Repeat {
  readonly known: Known
  readonly asked: Asked
  readonly size: Size
  readonly contentType: string
}

interface Asked {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

const NO_VARIABLES = {}
const ASKED: ReadonlySet<string> = new Set(['query', 'operationName', 'variables'])

/** Null: more, less or something else than a query, a name and variables. */
function questionOf(body: unknown): Asked | null {
  if (!isObject(body)) return null
  for (const name in body) if (!ASKED.has(name)) return null
  const { query, operationName = null, variables } = body
  if (typeof query !== 'string') return null
  if (operationName !== null && (typeof operationName !== 'string' || operationName === '')) return null
  const given = variables ?? NO_VARIABLES
  return isObject(given) ? { query, operationName, variables: given } : null
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const keyOf = ({ query, operationName }: Pick<Asked, 'query' | 'operationName'>): string =>
  operationName === null ? query : `${operationName}\0${query}`
