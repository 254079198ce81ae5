import type { LoyaltyDeps } from '../../domain/loyalty'
import type { Stores } from '../../domain/stores'
import {
  isJsonMap,
  type JsonMap,
  type JsonValue,
  MalformedJson,
  parseJson,
  type Writable,
  writeJson,
} from '../shared/json'
import type { HttpReply, HttpRequest, Route } from '../shared/route'
import { type AuthDeps, type SignedIn, signIn } from './auth'
import { PREFIX } from './settings'

export interface AnnexDeps extends LoyaltyDeps, AuthDeps {
  /** For reads, on the pool. */
  readonly stores: Stores
}

export interface AnnexCall {
  readonly deps: AnnexDeps
  readonly caller: SignedIn
  readonly request: HttpRequest
}

/** An endpoint of this door: what it answers to a caller who has signed in. */
export interface AnnexEndpoint extends Pick<Route, 'method' | 'path' | 'operation'> {
  readonly answer: (call: AnnexCall) => Promise<Writable>
}

/** Signs in first, whatever else is wrong (contract, section 11, 10); success is always 200 (section 2). */
export const routeOf = (deps: AnnexDeps, { method, path, operation, answer }: AnnexEndpoint): Route => ({
  method,
  path: `${PREFIX}${path}`,
  operation: `annex.${operation}`,
  async handle(request: HttpRequest): Promise<HttpReply> {
    const caller = await signIn(deps, request)
    const body = writeJson(await answer({ deps, caller, request }))
    return { status: 200, headers: JSON_CONTENT, body }
  },
})

const JSON_CONTENT = { 'content-type': 'application/json; charset=utf-8' }

/** The object in a request's body. Throws MalformedJson, also for a body that says it is no JSON. */
export function objectIn(request: HttpRequest): JsonMap {
  const value = jsonIn(request)
  if (!isJsonMap(value)) throw new MalformedJson('the body is not an object', 0)
  return value
}

/** The JSON of a request's body. Throws MalformedJson, also for a body that says it is no JSON. */
export function jsonIn({ headers, rawBody }: HttpRequest): JsonValue {
  const type = headers['content-type']
  if (type && !/^\s*[\w.+-]+\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    throw new MalformedJson('the content type is not JSON', 0)
  return parseJson(rawBody)
}
