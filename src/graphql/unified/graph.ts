import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Subgraph } from '../shared/build-subgraph'
import type { Context } from '../shared/context'
import type { Meter } from '../shared/meter'
import { memberFeed } from '../shared/member-feed'
import { stringifyAnswer } from '../shared/json-text'
import type { Splices } from '../shared/splice'
import { answersPlugin, shortened } from './answers'
import { type ContextDeps, contextFor, type GraphRequest } from './context'
import { compilingExecutor } from './executor'
import { LIMITS, limitsPlugin } from './limits'
import { type GraphRole, servedBy } from './schema'
import { operationMetricsPlugin, operationTimes } from './operation-metrics'
import { Repeats } from './repeats'
import { sandboxPlugin } from './sandbox'
import { type StreamLimits, streamOptions } from './streams'
import { documentCache, type TrustedDocuments, trustPlugin } from './trusted'

export interface GraphDeps extends Omit<ContextDeps, 'feed'> {
  /** What leaves the outbox, for streams. */
  readonly events: Parameters<typeof memberFeed>[0]
  readonly meter: Meter
  /** Does work under a span of a trace. Null: nobody traces. */
  readonly span: Span | null
  /** For development: pages to explore the graph with, signed in with this key. Null in production, where the schema is not told either. */
  readonly explorer: { readonly apiKey: string } | null
  readonly role: GraphRole
  readonly streamLimits: StreamLimits
  /** Null: any document is taken. */
  readonly trusted: TrustedDocuments | null
}

export interface Graph {
  /** Not started yet. */
  readonly server: ApolloServer<Context<object>>
  readonly schema: GraphQLSchema
  readonly explorer: GraphDeps['explorer']
  contextOf(request: GraphRequest): Promise<Context<object>>
  /** Answers what has been answered before. */
  readonly repeats: Repeats
  /** How subscriptions are streamed; null where this process has none. */
  readonly streams: ReturnType<typeof streamOptions> | null
  /** Ends the streams that are open, and takes no more. */
  endStreams(): void
}

/** The graph, or the part of it that this process serves, ready to be mounted. */
export function createGraph(deps: GraphDeps): Graph {
  const { explorer, log, meter, role, span, streamLimits, trusted } = deps
  const { schema, subgraphs, streams } = servedBy(role)
  const feed = memberFeed(deps.events, deps.stores.activities, (error) =>
    log.error({ err: error }, 'an event was not told'),
  )
  const contextOf = contextFor({ ...deps, feed }, subgraphs)
  const compiling = compilingExecutor(schema, splicesOf(subgraphs))
  const run = span ? traced(compiling, span) : compiling
  const times = operationTimes(meter)
  const repeats = new Repeats({ schema, run, times, trusted })
  const server = new ApolloServer<Context<object>>({
    gateway: gatewayTo(schema, async (request) => repeats.resultFor(request.context) ?? run(request)),
    stringifyResult: stringifyAnswer,
    introspection: explorer !== null,
    hideSchemaDetailsFromClientErrors: explorer === null,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    // Clients may send the hash of a document instead of its text, once the text has come with it and has been found valid.
    persistedQueries: { ttl: null, cache: documentCache(trusted) },
    parseOptions: { maxTokens: LIMITS.tokens },
    formatError: shortened,
    logger: apolloLog(log),
    plugins: [
      ...(trusted ? [trustPlugin(trusted, log)] : []),
      limitsPlugin(),
      answersPlugin(),
      operationMetricsPlugin(meter, times),
      repeats.plugin,
      // It would wrap every field of the schema, at half of the speed.
      ApolloServerPluginCacheControlDisabled(),
      // So would its tracing for gateways that are Apollo's own.
      ApolloServerPluginInlineTraceDisabled(),
      explorer ? sandboxPlugin(explorer.apiKey) : ApolloServerPluginLandingPageDisabled(),
    ],
  })
  return {
    server,
    schema,
    explorer,
    contextOf,
    repeats,
    streams:
      streams &&
      streamOptions({
        schema: streams,
        contextOf,
        trusted,
        explains: explorer !== null,
        limits: streamLimits,
      }),
    endStreams: () => feed.close(),
  }
}

/** What Apollo warns of is ours to look into; what it tells besides is of no use to anyone. */
function apolloLog(log: GraphDeps['log']) {
  const quiet = () => undefined
  const loud = (problem: string) => log.error({ problem }, 'Apollo Server')
  return { debug: quiet, info: quiet, warn: loud, error: loud }
}

/** Apollo asks a gateway to execute; ours is in the same process, and compiles. */
function gatewayTo(schema: GraphQLSchema, executor: GatewayExecutor): Gateway {
  let update: Parameters<Gateway['onSchemaLoadOrUpdate']>[0] = () => undefined
  return {
    onSchemaLoadOrUpdate(callback) {
      update = callback
      return () => undefined
    },
    async load() {
      update({ apiSchema: schema, coreSupergraphSdl: '' })
      return { executor }
    },
    async stop() {},
  }
}

type Span = <T>(
  name: string,
  attributes: Readonly<Record<string, string>>,
  work: () => Promise<T>,
) => Promise<T>

/** An operation is one span: its resolvers run in so few statements that those tell the rest. */
const traced =
  (run: ReturnType<typeof compilingExecutor>, span: Span) =>
  async (request: Parameters<typeof run>[0]): ReturnType<typeof run> => {
    const type = request.operation?.operation ?? 'query'
    const name = request.operationName ?? 'anonymous'
    const attributes = { 'graphql.operation.type': type, 'graphql.operation.name': name }
    return span(`graphql ${type} ${name}`, attributes, () => run(request))
  }
/** Fields that can be text, of all subgraphs; each may have its own on a type that they share. */
function splicesOf(subgraphs: readonly Subgraph[]): Splices {
  const merged: Record<string, Splices[string]> = {}
  for (const [type, fields] of subgraphs.flatMap(({ splices }) => Object.entries(splices)))
    merged[type] = { ...merged[type], ...fields }
  return merged
}

type Gateway = ApolloServerOptionsWithGateway<Context<object>>['gateway']
type GatewayExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>
