import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Guesses } from './guesses'
import type { Log } from './log'
import { HttpFault, type HttpReply, type HttpRequest, type Vendor } from '../rest/shared/route'
import { type Match, partsOf, routeTable, vendorTable } from './route-table'

/**
 * Sends every request under a vendor's prefix to that vendor, whatever its path looks like: the framework's router
 * never sees these paths, so that an odd one is refused in the vendor's words.
 */
export function rewriteForVendors(vendors: readonly Vendor[]) {
  const vendorOf = vendorTable(vendors)
  return ({ url = '/' }: { url?: string | undefined }): string => {
    const vendor = vendorOf(splitUrl(url).rawPath)
    if (vendor) return mountPoint(vendor)
    return url.startsWith(MOUNTS) ? '/' : url
  }
}

/** Mounts a vendor's routes. Bodies arrive as bytes, whatever their content type says. */
export function mountVendor(app: FastifyInstance, vendor: Vendor, log: Log, guesses: Guesses): void {
  const door = new Door(vendor, log, guesses)
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body))
    // The body is bytes to us, and a content type that is no content type must not be refused in the framework's words.
    scope.addHook('onRequest', (request, _reply, next) => {
      if ('content-type' in request.raw.headers) {
        request.contentTypeAsSent = request.raw.headers['content-type']
        request.raw.headers['content-type'] = 'application/octet-stream'
      }
      next()
    })
    scope.setErrorHandler((error, request, reply) => door.fault(error, request, reply))
    scope.all(mountPoint(vendor), (request, reply) => door.answer(request, reply))
    done()
  })
}

const MOUNTS = '/.vendors/'
const mountPoint = (vendor: Vendor): string => `${MOUNTS}${vendor.name}`

class Door {
  private readonly find: (method: string, parts: readonly string[]) => Match

  constructor(
    private readonly vendor: Vendor,
    private readonly log: Log,
    private readonly guesses: Guesses,
  ) {
    this.find = routeTable(vendor.routes)
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const asked = toHttpRequest(request)
    const seconds = this.guesses.secondsToWait(this.vendor.name, asked)
    if (seconds > 0) return send(reply, this.notNow(seconds, asked, request))
    const answer = await this.dispatch(asked, request).catch((error: unknown) => this.refusal(error, asked))
    if (answer.status === 401) this.guesses.wrong(this.vendor.name, asked)
    return send(reply, answer)
  }

  /** Whoever has guessed too often is not listened to, right or wrong. */
  private notNow(seconds: number, asked: HttpRequest, request: FastifyRequest): HttpReply {
    request.facts = { route: `${this.vendor.prefix[0]}/*` }
    const { headers, ...reply } = this.refusal(new HttpFault(429, 'TOO_MANY_ATTEMPTS'), asked)
    return { ...reply, headers: { ...headers, 'retry-after': String(seconds) } }
  }

  /** What the framework could not read, or could not send. */
  fault(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    request.facts ??= { route: `${this.vendor.prefix[0]}/*` }
    return send(reply, this.refusal(toFault(error), toHttpRequest(request)))
  }

  private async dispatch(asked: HttpRequest, request: FastifyRequest): Promise<HttpReply> {
    request.facts = { route: `${this.vendor.prefix[0]}/*` }
    const match = this.match(asked)
    if (match.kind === 'none') return this.vendor.notFound(asked)
    if (match.kind === 'other-method') return this.otherMethod(asked, match.allowed)
    request.facts = { route: match.route.path, operation: match.route.operation }
    refuseNul([...Object.values(match.params), ...[...asked.query].flat()])
    return match.route.handle({ ...asked, params: match.params })
  }

  private match({ method, path }: HttpRequest): Match {
    try {
      return this.find(method, partsOf(path))
    } catch (error) {
      throw error instanceof URIError ? new HttpFault(400, 'MALFORMED_URL') : error
    }
  }

  private async otherMethod(asked: HttpRequest, allowed: readonly string[]): Promise<HttpReply> {
    const allow = { allow: allowed.join(', ') }
    // No cross-origin headers: browsers use GraphQL, these doors are for servers.
    if (asked.method === 'OPTIONS') return { status: 204, headers: allow, body: null }
    const refusal = await this.vendor.methodNotAllowed(asked, allowed)
    return { ...refusal, headers: { ...allow, ...refusal.headers } }
  }

  private refusal(error: unknown, asked: HttpRequest): HttpReply {
    const refusal = this.vendor.failed(error, asked)
    if (refusal.status >= 500) {
      this.log.error({ err: error, requestId: asked.requestId, vendor: this.vendor.name }, 'request failed')
    }
    return refusal
  }
}

function refuseNul(values: readonly string[]): void {
  if (values.some((value) => value.includes('\0'))) throw new HttpFault(400, 'NUL_IN_URL')
}

/** Reading a body fails by its size, or because the client broke off. */
function toFault(error: unknown): unknown {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return new HttpFault(413, 'BODY_TOO_LARGE')
  return typeof status === 'number' && status < 500 ? new HttpFault(400, 'BODY_BROKEN') : error
}

function toHttpRequest(request: FastifyRequest): HttpRequest {
  const { rawPath, rawQuery } = splitUrl(request.originalUrl)
  return {
    method: request.method,
    path: `/${partsOf(rawPath).join('/')}`,
    rawPath,
    params: {},
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers: headersOf(request),
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    requestId: request.id,
    ip: request.ip,
  }
}

/** The target of a request line, which may be a whole address (RFC 9112, 3.2.2). */
export function splitUrl(url: string): { rawPath: string; rawQuery: string } {
  const target = url.replace(/^https?:\/\/[^/?]*/i, '')
  const mark = target.indexOf('?')
  if (mark === -1) return { rawPath: target || '/', rawQuery: '' }
  return { rawPath: target.slice(0, mark) || '/', rawQuery: target.slice(mark + 1) }
}

function headersOf({ headers, contentTypeAsSent }: FastifyRequest): Record<string, string | undefined> {
  const joined: Record<string, string | undefined> = {}
  for (const name in headers) {
    const value = headers[name]
    joined[name] = Array.isArray(value) ? value.join(', ') : value
  }
  joined['content-type'] = contentTypeAsSent
  return joined
}

function send(reply: FastifyReply, { status, headers, body }: HttpReply): FastifyReply {
  const isObject = body !== null && typeof body === 'object' && !Buffer.isBuffer(body)
  reply.code(status)
  if (isObject) reply.header('content-type', 'application/json; charset=utf-8')
  for (const [name, value] of Object.entries(headers ?? {})) reply.header(name, value)
  return reply.send(isObject ? JSON.stringify(body) : (body ?? undefined))
}
