import type { FastifyInstance } from 'fastify'
import type { Config } from '../config/config'

export type AllowedOrigins = Config['allowedOrigins']

/**
 * Answers browsers that ask whether a page of another origin may call, and lets it read the answers, as the Fetch
 * Standard has it (CORS). Cookies are never meant, since nothing here signs in by one. What operators use stays closed.
 */
export function allowOrigins(app: FastifyInstance, allowed: AllowedOrigins): void {
  if (allowed.length === 0) return
  const mayCall = originTest(allowed)
  app.addHook('onRequest', (request, reply, done) => {
    if (OPERATORS.test(request.originalUrl)) return done()
    // A cache must not give one origin what was answered to another.
    if (allowed !== 'any') reply.header('vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !mayCall(origin)) return done()
    reply
      .header('access-control-allow-origin', allowed === 'any' ? '*' : origin)
      .header('access-control-expose-headers', READABLE)
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return done()
    request.facts = { route: 'preflight' }
    const headers = request.headers['access-control-request-headers']
    if (headers !== undefined) reply.header('access-control-allow-headers', headers)
    return reply
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('access-control-max-age', '7200')
      .code(204)
      .send()
  })
}

const OPERATORS = /^\/+(admin|metrics)\b/

// Of the headers that our doors answer with; a page sees no others.
const READABLE = 'x-request-id, x-cap-request-id, org_id, till, retry-after, allow'

const THIS_MACHINE = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

function originTest(allowed: AllowedOrigins): (origin: string) => boolean {
  if (allowed === 'any') return () => true
  if (allowed === 'this-machine') return (origin) => THIS_MACHINE.test(origin)
  const listed = new Set(allowed)
  return (origin) => listed.has(origin)
}
