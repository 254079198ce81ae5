import { Unavailable } from '../../domain/shared/errors'

/** One request as a vendor's door sees it. Nothing is parsed: the body is the bytes that came, which may be signed. */
export interface HttpRequest {
  readonly method: string
  /** Without double or trailing slashes, percent-encoding as it came. */
  readonly path: string
  /** Exactly as it came, without the query. */
  readonly rawPath: string
  /** The `:name` parts of the route's path, decoded; a raw `+` is a plus. Empty for a request that matched no route. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Exactly as it came, without the question mark. */
  readonly rawQuery: string
  /** Names in lower case; a header sent several times is joined with commas. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly rawBody: Buffer
  readonly requestId: string
  readonly ip: string
}

/** An object is sent as JSON, text and bytes as they are, null as no body. */
export interface HttpReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Buffer | object | null
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The whole path, from the host on; `:name` stands for one part. A fixed part wins over a `:name`. */
  readonly path: string
  /** A stable name for logs, metrics and rate limits: `annex.createOrder`. */
  readonly operation: string
  handle(request: HttpRequest): Promise<HttpReply>
}

/** A vendor's door: everything under its prefixes is answered in its own words. */
export interface Vendor {
  readonly name: string
  /** Such as `/api/3.0`. No two vendors share one. */
  readonly prefix: readonly string[]
  readonly routes: readonly Route[]
  /** Its OpenAPI document, served to anybody at `/openapi/<name>.json`. */
  readonly openapi?: object
  notFound(request: HttpRequest): HttpReply
  methodNotAllowed(request: HttpRequest, allowed: readonly string[]): HttpReply | Promise<HttpReply>
  /** Anything thrown by a route, and `HttpFault` for what never reached one. */
  failed(error: unknown, request: HttpRequest): HttpReply
}

/** For a request that is turned away before a route could look at it: each door has words for an outage. */
export const serviceBusy = (): Error => BUSY

/** One for all: it is thrown by nobody, and a stack costs more than all else that is done for who is turned away. */
const BUSY = new Unavailable('as much is being worked on as can be')

/** What the transport refuses before a route could look at it. Always the client's fault. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault'
  constructor(
    readonly status: 400 | 413 | 429,
    readonly reason: 'MALFORMED_URL' | 'NUL_IN_URL' | 'BODY_TOO_LARGE' | 'BODY_BROKEN' | 'TOO_MANY_ATTEMPTS',
  ) {
    super(FAULTS[reason])
  }
}

const FAULTS = {
  MALFORMED_URL: 'the address is not valid percent-encoding',
  NUL_IN_URL: 'the address contains a NUL byte',
  BODY_TOO_LARGE: 'the body is larger than 1 MiB',
  BODY_BROKEN: 'the body did not arrive as announced',
  TOO_MANY_ATTEMPTS: 'too many wrong sign-ins from this address; wait',
} as const
