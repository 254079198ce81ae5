import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default'
import type { GraphQLSchema } from 'graphql'
import type { Context } from '../shared/context'
import { answersPlugin, shortened } from './answers'
import { type ContextDeps, contextFor, type GraphRequest } from './context'
import { compilingExecutor } from './executor'
import { LIMITS, limitsPlugin } from './limits'
import { buildSubgraphs, buildUnified } from './schema'
import { WELCOME_QUERY } from './welcome-query'

export interface GraphDeps extends ContextDeps {
  /** For development: pages to explore the graph with, signed in with this key. Null in production, where the schema is not told either. */
  readonly explorer: { readonly apiKey: string } | null
}

export interface Graph {
  /** Not started yet. */
  readonly server: ApolloServer<Context<object>>
  readonly schema: GraphQLSchema
  readonly explorer: GraphDeps['explorer']
  contextOf(request: GraphRequest): Promise<Context<object>>
}

/** The unified graph, ready to be mounted. */
export function createGraph(deps: GraphDeps): Graph {
  const { explorer, log } = deps
  const subgraphs = buildSubgraphs()
  const { schema } = buildUnified(subgraphs)
  const quiet = () => undefined
  const server = new ApolloServer<Context<object>>({
    gateway: gatewayTo(schema),
    introspection: explorer !== null,
    hideSchemaDetailsFromClientErrors: explorer === null,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    formatError: shortened,
    logger: {
      debug: quiet,
      info: quiet,
      warn: (problem) => log.error({ problem }, 'Apollo Server'),
      error: (problem) => log.error({ problem }, 'Apollo Server'),
    },
    plugins: [
      limitsPlugin(),
      answersPlugin(),
      // It would wrap every field of the schema, at half of the speed.
      ApolloServerPluginCacheControlDisabled(),
      explorer ? sandbox(explorer.apiKey) : ApolloServerPluginLandingPageDisabled(),
    ],
  })
  return { server, schema, explorer, contextOf: contextFor(deps, subgraphs) }
}

/** Apollo asks a gateway to execute; ours is in the same process, and compiles. */
function gatewayTo(schema: GraphQLSchema): Gateway {
  const run = compilingExecutor(schema)
  let update: Parameters<Gateway['onSchemaLoadOrUpdate']>[0] = () => undefined
  return {
    onSchemaLoadOrUpdate(callback) {
      update = callback
      return () => undefined
    },
    async load() {
      update({ apiSchema: schema, coreSupergraphSdl: '' })
      return { executor: async (request) => run(request) }
    },
    async stop() {},
  }
}

type Gateway = ApolloServerOptionsWithGateway<Context<object>>['gateway']

const sandbox = (apiKey: string) => {
  const headers = { authorization: `Bearer ${apiKey}` }
  return ApolloServerPluginLandingPageLocalDefault({
    footer: false,
    document: WELCOME_QUERY,
    headers,
    embed: { runTelemetry: false, initialState: { sharedHeaders: headers, pollForSchemaUpdates: false } },
  })
}
