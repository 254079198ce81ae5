import { fastifyApolloHandler } from '@as-integrations/fastify'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { createHandler } from 'graphql-sse/lib/use/fastify'
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
      handler: answering(graph),
    })
  })
  if (graph.streams) mountStreams(app, graph, graph.streams)
  if (graph.explorer) await mountGraphiql(app, graph.explorer.apiKey)
}

/** What has been answered before is answered again without Apollo Server's way; all else is Apollo Server's. */
function answering(graph: Graph) {
  const { server, repeats } = graph
  const signIn = (request: FastifyRequest) =>
    graph.contextOf({ authorization: request.headers.authorization, requestId: request.id })
  const signedIn = new WeakMap<FastifyRequest, ReturnType<typeof signIn>>()
  const apollo = fastifyApolloHandler(server, {
    context: (request) => signedIn.get(request) ?? signIn(request),
  })
  return async function answer(this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
    const { accept } = request.headers
    const isPost = request.method === 'POST'
    const repeated = isPost
      ? await repeats.answer({ body: request.body, accept }, () => signIn(request))
      : null
    if (repeated && 'text' in repeated) {
      void reply.header('content-type', repeated.contentType)
      return repeated.text
    }
    if (repeated) signedIn.set(request, repeated.context)
    const answered: unknown = await apollo.call(this, request, reply)
    const contentType = reply.getHeader('content-type')
    if (isPost && reply.statusCode === 200 && typeof contentType === 'string')
      repeats.noteContentType(accept, contentType)
    return answered
  }
}

/** Where subscriptions are streamed. A stream lasts, so it takes no place among the requests that are worked on. */
export const STREAMS = '/graphql/stream'

/** One stream for each POST. All of them end before the server waits for its requests. */
function mountStreams(app: FastifyInstance, graph: Graph, options: NonNullable<Graph['streams']>): void {
  const handle = createHandler(options as never)
  const open = new Set<Promise<unknown>>()
  app.addHook('preClose', async () => {
    graph.endStreams()
    await Promise.race([Promise.allSettled(open), pause(LAST_WORDS_MS)])
  })
  void app.register(async (scope) => {
    scope.removeContentTypeParser('text/plain')
    scope.setErrorHandler(refuse)
    scope.post(STREAMS, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      if (!request.headers.accept?.includes('text/event-stream'))
        return reply.code(406).send(said('a stream is asked for with "Accept: text/event-stream"'))
      // Whatever else the client would take, it is streamed.
      request.headers.accept = 'text/event-stream'
      reply.hijack()
      tellThatItEnds(reply.raw)
      // A client that has gone is not waited for.
      const streamed = Promise.race([handle(request, reply), once(reply.raw, 'close')])
      open.add(streamed)
      try {
        await streamed
      } finally {
        open.delete(streamed)
        // Nothing else is asked on a stream's connection, and a server that stops would wait for it.
        request.raw.socket.end()
      }
      return reply
    })
  })
}

/**
 * A stream's connection ends with it. The library says that it is kept, and a client that believes it sends its next request
 * into one that is about to be closed.
 */
function tellThatItEnds(raw: ServerResponse): void {
  const write = raw.writeHead.bind(raw) as (status: number, reason: string, headers: object) => ServerResponse
  raw.writeHead = ((status: number, reason: string, headers: object) =>
    write(status, reason, { ...headers, connection: 'close' })) as ServerResponse['writeHead']
}

/** How long a server that stops waits until each stream has said that it ends. */
const LAST_WORDS_MS = 1_000

const said = (message: string) => ({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })

/** What could not be read as a request, in the words of GraphQL clients. */
function refuse(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = error.statusCode ?? 500
  // What is not the client's fault is the server's to log and to hide.
  if (status >= 500) throw error
  const message =
    status === 413
      ? `a request may have ${MAX_BODY_BYTES} bytes`
      : 'the body is not JSON of a GraphQL request'
  return reply.code(status).send(said(message))
}
