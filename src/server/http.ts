import { createServer } from 'node:http'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Meter } from '../domain/shared/meter'
import type { Vendor } from '../rest/shared/route'
import { admitting, type AdmissionLimits } from './admission'
import { busyAnswers } from './busy-answers'
import { allowOrigins, type AllowedOrigins } from './cross-origin'
import { STREAMS } from './graphql'
import type { Guesses } from './guesses'
import type { Log } from './log'
import type { Metrics } from './metrics'
import { mountVendor, rewriteForVendors } from './mount-routes'
import type { Readiness } from './readiness'
import { requestId } from './request-id'
import type { RequestFacts } from './request-facts'
import type { Tracing } from './tracing/tracing'

export interface HttpServerParts {
  readonly log: Log
  readonly tracing?: Tracing | null
  readonly metrics: Metrics
  readonly readiness: Readiness
  readonly vendors: readonly Vendor[]
  readonly limits: AdmissionLimits
  readonly guesses: Guesses
  readonly trustedProxies?: readonly string[]
  /** Of whose pages browsers may call; of nobody else's when left out. */
  readonly allowedOrigins?: AllowedOrigins
  /** What this process serves, told where something else is asked of it. */
  readonly role: string
}

/**
 * The HTTP server with what every door shares: request ids, logs, limits, health, metrics, and the vendors' doors.
 * Other doors (/graphql, /admin) are added to what it returns.
 */
export function createHttpServer({
  log,
  tracing = null,
  metrics,
  limits,
  guesses,
  trustedProxies = [],
  allowedOrigins = [],
  readiness,
  vendors,
  role,
}: HttpServerParts): FastifyInstance {
  const admit = admitting({
    limits,
    meter: metrics.meter,
    always: (url) => QUIET.has(url) || url === STREAMS,
    refuse: busyAnswers(vendors),
  })
  const app = Fastify({
    serverFactory: (handle) => createServer(SOCKETS, admit(handle)),
    // Our own lines instead, whose fields are known not to be personal.
    logger: false,
    genReqId: requestId,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    bodyLimit: 1024 * 1024,
    // While stopping, requests on connections that are open already are still answered.
    return503OnClosing: false,
    rewriteUrl: rewriteForVendors(vendors),
    frameworkErrors: (error, request, reply) => refuse(log, error, request, reply),
  })
  app.decorateRequest('facts', undefined)
  app.decorateRequest('contentTypeAsSent', undefined)
  app.setErrorHandler<FastifyError>((error, request, reply) => refuse(log, error, request, reply))
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: notFound(role), requestId: request.id }),
  )
  observe(app, log, metrics.meter, tracing)
  sendAwayWhileStopping(app, readiness)
  allowOrigins(app, allowedOrigins)
  mountHealth(app, readiness, metrics)
  for (const vendor of vendors) {
    mountVendor(app, vendor, log, guesses)
    const { openapi } = vendor
    if (openapi) app.get(`/openapi/${vendor.name}.json`, () => openapi)
  }
  return app
}

const notFound = (role: string): string =>
  role === 'unified' ? 'Not Found' : `Not Found: this process serves ROLE=${role}`

// A client that sends slowly on purpose holds a connection, not more, and not for long. Kept-alive connections
// outlive a load balancer's (60 s as a rule), so that it never sends into one that is just closing.
const SOCKETS = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
} as const

function observe(app: FastifyInstance, log: Log, meter: Meter, tracing: Tracing | null): void {
  const refused = watchRefusals(meter)
  const duration = meter.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time to answer an HTTP request, by the pattern of its route.',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
    done()
  })
  if (tracing) {
    app.addHook('onSend', async (request) => {
      const traceId = tracing.routed({ method: request.method, route: factsOf(request).route })
      if (traceId) request.facts = { ...factsOf(request), traceId }
    })
  }
  app.addHook('onResponse', (request, reply, done) => {
    const facts = factsOf(request)
    const { method } = request
    const status = reply.statusCode
    const ms = Math.round(reply.elapsedTime * 10) / 10
    duration.observe(
      { http_request_method: method, http_route: facts.route, http_response_status_code: status },
      reply.elapsedTime / 1000,
    )
    refused(facts.route, status)
    if (!QUIET.has(facts.route)) log.info({ requestId: request.id, method, ...facts, status, ms }, 'answered')
    done()
  })
}

const factsOf = (request: FastifyRequest): RequestFacts =>
  request.facts ?? { route: request.routeOptions.url ?? 'unknown' }

/** Counts who was not let in: wrong credentials, and too many calls. A door is told by how its routes begin. */
function watchRefusals(meter: Meter): (route: string, status: number) => void {
  const failures = meter.counter({
    name: 'auth_failures_total',
    help: 'Requests refused for who sent them: without a valid credential, or not allowed this with it.',
    labels: ['door', 'reason'],
  })
  const limited = meter.counter({
    name: 'rate_limited_total',
    help: 'Requests refused with 429, by door.',
    labels: ['scope'],
  })
  return (route, status) => {
    const door = /^\/(api|v2|v3|graphql|admin)\b/.exec(route)?.[1]
    if (status === 429) limited.add({ scope: door ?? 'other' })
    const reason = status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : null
    if (reason) failures.add({ door: door ?? 'other', reason })
  }
}

/** Whoever holds a connection to a server that is about to stop should look for another. */
function sendAwayWhileStopping(app: FastifyInstance, readiness: Readiness): void {
  app.addHook('onRequest', (_request, reply, done) => {
    if (readiness.isDraining) reply.header('connection', 'close')
    done()
  })
}

// Asked every second by machines; their failures are logged by whoever asks.
const QUIET: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

function mountHealth(app: FastifyInstance, readiness: Readiness, metrics: Metrics): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const report = await readiness.report()
    return reply.code(report.ready ? 200 : 503).send(report)
  })
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
}

/** Errors outside the vendors' doors: what the client did wrong is said, what we did wrong is only logged. */
function refuse(log: Log, error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const status = error.statusCode ?? 500
  if (status >= 500) log.error({ err: error, requestId: request.id }, 'request failed')
  const said = status >= 500 ? 'Internal Server Error' : error.message
  void reply.code(status).send({ error: said, requestId: request.id })
}
