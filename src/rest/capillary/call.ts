import type { LoyaltyDeps } from '../../domain/loyalty'
import { LoyaltyError, Unavailable } from '../../domain/shared/errors'
import type { Stores } from '../../domain/stores'
import { MalformedJson, parseJson, type JsonValue, type Writable, writeJson } from '../shared/json'
import type { RateLimiter } from '../shared/rate-limiter'
import { HttpFault, type HttpReply, type HttpRequest, type Route } from '../shared/route'
import { type AuthDeps, DOOR, NotSignedIn, type SignIn, signIn } from './auth'
import type { Code } from './codes'
import { CapillaryRefusal, item, refusal, toRefusal } from './errors'
import { assertPermitted } from './permissions'
import { assertWithinLimit } from './rate-limits'
import type { CapillarySettings } from './settings'

export interface CapillaryDeps extends Omit<AuthDeps, 'verified'> {
  readonly loyalty: LoyaltyDeps
  /** For reads outside a unit of work. */
  readonly stores: Stores
  readonly limiter: RateLimiter
  readonly log: CapillaryLog
}

/** Where accidents are noted that the answer does not show as one. Never a token or a body. */
export interface CapillaryLog {
  error(facts: object, message: string): void
}

/** One request of somebody who has signed in. */
export interface Call {
  readonly request: HttpRequest
  readonly deps: CapillaryDeps
  readonly signIn: SignIn
  /** The body where it is a part of one that has been read; absent: it is still to be read. */
  readonly part?: JsonValue
  /** Tells the answer's `till` header where the call was booked, also when it is refused later. */
  bookedOn(tillCode: string): void
}

export interface Answer {
  readonly status: number
  readonly body: Writable
}

/** An endpoint of this door: what it answers to a caller who has signed in. */
export interface CapillaryEndpoint extends Pick<Route, 'method' | 'path' | 'operation'> {
  readonly handle: (call: Call) => Promise<Answer>
}

/** A route for whoever signs in; what it throws is put in the vendor's words by `failure`. */
export const signedRoute = (
  deps: CapillaryDeps & AuthDeps,
  { handle, ...route }: CapillaryEndpoint,
): Route => ({
  ...route,
  operation: `${DOOR}.${route.operation}`,
  async handle(request) {
    const signed = await signIn(deps, request)
    const { orgId, v2Enabled } = signed.settings
    let origin: Origin = { orgId, till: signed.tillCode }
    const bookedOn = (till: string) => void (origin = { orgId, till })
    try {
      if (!v2Enabled) throw refusal(403, 403, 'This API is not enabled for the organization.')
      const call = { request, deps, signIn: signed, bookedOn }
      assertPermitted(call, route)
      await assertWithinLimit(call, route)
      return reply(request, await handle(call), origin)
    } catch (error) {
      if (error instanceof Error) origins.set(error, origin)
      throw error
    }
  },
})

/** What the headers of an answer say of the call, once it is known. */
export interface Origin {
  readonly orgId: string
  readonly till: string
}

/** Where a refused call came from: what is thrown passes through the server before it is answered. */
const origins = new WeakMap<Error, Origin>()

/** An answer with the headers that every answer has, refusals included. */
export function reply(
  request: HttpRequest,
  { status, body }: Answer,
  origin: Origin | undefined,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return {
    status,
    headers: {
      ...originHeaders(request, origin),
      'content-type': 'application/json; charset=utf-8',
      ...headers,
    },
    body: writeJson(body),
  }
}

const originHeaders = ({ requestId }: HttpRequest, origin: Origin | undefined): Record<string, string> => ({
  'X-CAP-REQUEST-ID': requestId,
  ...(origin && { org_id: origin.orgId, till: origin.till }),
})

/** The body as JSON (section 1): a wrong content type is refused, none is fine. Throws CapillaryRefusal. */
export function jsonBody({ headers, rawBody }: HttpRequest): JsonValue {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type && !/^(application|text)\/([a-z0-9.-]+\+)?json$/.test(type))
    throw refusal(415, 415, 'The body must be JSON: content type application/json.')
  try {
    return parseJson(rawBody)
  } catch (error) {
    if (error instanceof MalformedJson)
      throw refusal(400, 400, `The body is not valid JSON: ${error.message}.`)
    throw error
  }
}

/** Whether a call has no body worth reading. */
export const isBlank = ({ rawBody }: HttpRequest): boolean => rawBody.toString('latin1').trim() === ''

/** Whatever was thrown, as this door says it. What is neither a refusal nor an outage is our bug, and shows only the request's id. */
export function failure(error: unknown, request: HttpRequest): HttpReply {
  if (error instanceof NotSignedIn) return unauthorized(error, request)
  const { status, errors, headers } = refusalOf(error, request)
  const origin = error instanceof Error ? origins.get(error) : undefined
  return reply(request, { status, body: { errors, warnings: [] } }, origin, headers)
}

/** Whatever was thrown, as a refusal in the vendor's words. */
export function refusalOf(error: unknown, request: HttpRequest): CapillaryRefusal {
  if (error instanceof CapillaryRefusal) return error
  if (error instanceof LoyaltyError) return toRefusal(error)
  if (error instanceof HttpFault) return refusal(error.status, error.status, `${error.message}.`)
  const code = codeOfAccident(error, request)
  if (error instanceof Unavailable)
    return new CapillaryRefusal(503, [item(code, 'The service is not available now; try again.')], {
      'Retry-After': '5',
    })
  return refusal(500, code, `Something went wrong; quote request ${request.requestId}.`)
}

/** What failed where the catalogue has a number that says more than 608, a failed write, or 500, a failed read (section 21.2). */
const accidents = new WeakMap<Error, Code>()

const codeOfAccident = (error: unknown, { method }: HttpRequest): Code =>
  (error instanceof Error ? accidents.get(error) : undefined) ?? (method === 'GET' ? 500 : 608)

/** Does work whose accidents have a number of their own. Refusals keep theirs. */
export async function accidentsAs<T>(code: Code, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error) accidents.set(error, code)
    throw error
  }
}

/** At least one client reads a 401 as XML (section 2.6). */
function unauthorized({ message, settings }: NotSignedIn, request: HttpRequest): HttpReply {
  const headers = { 'WWW-Authenticate': 'Basic realm="loyalty"' }
  if (!isXml(settings?.errorBody ?? 'auto', request.headers['accept']))
    return reply(
      request,
      { status: 401, body: { errors: [item(401, message)], warnings: [] } },
      undefined,
      headers,
    )
  return {
    status: 401,
    headers: {
      ...originHeaders(request, undefined),
      'content-type': 'application/xml; charset=utf-8',
      ...headers,
    },
    body: `<response><status><success>false</success><code>401</code><message>${message}</message></status></response>`,
  }
}

const isXml = (wanted: CapillarySettings['errorBody'], accept = '*/*'): boolean =>
  wanted === 'auto' ? !/application\/(json|\*)|\*\/\*/i.test(accept) : wanted === 'xml'
