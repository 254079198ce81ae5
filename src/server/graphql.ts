import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Graph } from '../graphql/unified/graph'
import { mountGraphiql } from './graphiql'

const MAX_BODY_BYTES = 1024 * 1024

/** Mounts `/graphql`, and in development `/graphiql`, an explorer that needs no internet. */
export async function mountGraph(app: FastifyInstance, graph: Graph): Promise<void> {
  await graph.server.start()
  app.addHook('onClose', () => graph.server.stop())
  await app.register(async (scope) => {
    // Only JSON is read, so a form on somebody's page cannot ask in a browser's name.
    scope.removeContentTypeParser('text/plain')
    scope.setErrorHandler(refuse)
    scope.route({
      method: ['GET', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
      url: '/graphql',
      bodyLimit: MAX_BODY_BYTES,
      handler: fastifyApolloHandler(graph.server, {
        context: (request) =>
          graph.contextOf({ authorization: request.headers.authorization, requestId: request.id }),
      }),
    })
  })
  if (graph.explorer) await mountGraphiql(app, graph.explorer.apiKey)
}

/** What could not be read as a request, in the words of GraphQL clients. */
function refuse(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  // What is not the client's fault is the server's to log and to hide.
  if (status >= 500) throw error
  const message =
    status === 413
      ? `a request may have ${MAX_BODY_BYTES} bytes`
      : 'the body is not JSON of a GraphQL request'
  return reply.code(status).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
}
