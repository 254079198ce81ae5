import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../domain/shared/clock'
import { millisOf } from '../../domain/shared/instant'
import type { Caller } from '../../domain/programs/caller'
import type { CredentialStore, DoorSecrets } from '../../domain/programs/credentials'
import type { Program } from '../../domain/programs/program'
import type { TenantStore } from '../../domain/programs/tenant-store'
import { tenantAt } from '../../domain/programs/tenant'
import { isJsonMap, JsonNumber, type JsonMap, MalformedJson, parseJson } from '../shared/json'
import type { HttpRequest } from '../shared/route'
import { notAuthorized } from './errors'
import { ANNEX, type AnnexSettings, programOf, settingsOf } from './settings'

export interface AuthDeps {
  readonly credentials: CredentialStore
  readonly tenants: TenantStore
  readonly clock: Clock
  readonly log: AnnexLog
  /** Told of each request that names another site than its credential does. */
  readonly mismatched?: () => void
}

/** Where refused sign-ins are noted: why and for which site, never a token or a secret. */
export interface AnnexLog {
  info(facts: object, message: string): void
}

/** A site that has proved who it is. */
export interface SignedIn extends Caller {
  readonly siteId: string
  readonly settings: AnnexSettings
  /** The program this door pays into. */
  readonly program: Program
}

/** Why a sign-in failed. For the log only: every caller gets the same answer. */
export type SignInFault =
  | 'no-token'
  | 'unreadable-token'
  | 'wrong-algorithm'
  | 'unreadable-claims'
  | 'unknown-site'
  | 'another-site'
  | 'bad-signature'
  | 'expired'
  | 'wrong-content'

/**
 * Signs a request in by its token, an HS256 JWT whose `hmac` claim is bound to the content of this very request
 * (contract, section 3, in its order of verification). Anything wrong is AC1002.
 */
export async function signIn(deps: AuthDeps, request: HttpRequest): Promise<SignedIn> {
  try {
    return await verified(deps, request)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.fault === 'another-site') deps.mismatched?.()
    deps.log.info({ requestId: request.requestId, reason: error.fault }, 'annex sign-in refused')
    throw notAuthorized()
  }
}

const LEEWAY_SECONDS = 60

/** Never leaves this file. */
class Refused extends Error {
  constructor(readonly fault: SignInFault) {
    super(fault)
  }
}

async function verified({ credentials, tenants, clock }: AuthDeps, request: HttpRequest): Promise<SignedIn> {
  const token = readToken(request.headers['authorization'])
  const door = await credentials.secretsOfDoor(ANNEX, token.siteId)
  if (!door) throw new Refused('unknown-site')
  const site = request.headers['x-annexcloud-site']?.trim() || token.siteId
  if (site !== token.siteId) throw new Refused('another-site')
  const secret = secretOf(door, token)
  const setup = await tenants.setup(door.tenantId, door.setupVersion)
  const tenant = tenantAt(setup, door, clock)
  if (!(token.expiresAtSeconds + LEEWAY_SECONDS > millisOf(tenant.time.now) / 1000))
    throw new Refused('expired')
  if (!payloadsOf(request).some((payload) => isBoundTo(payload, token.hmac, secret)))
    throw new Refused('wrong-content')
  const annex = setup.doors.get(ANNEX)
  if (!annex) throw new Refused('unknown-site')
  return {
    tenant,
    actor: `${ANNEX}:${token.siteId}`,
    scopes: [],
    siteId: token.siteId,
    settings: settingsOf(annex),
    program: programOf(setup, annex),
  }
}

interface Token {
  /** Header and claims as they were sent, and without padding: clients sign either. */
  readonly signedTexts: readonly string[]
  readonly signature: string
  readonly siteId: string
  readonly hmac: string
  readonly expiresAtSeconds: number
}

function readToken(authorization: string | undefined): Token {
  const [header, claims, signature] = partsOf(authorization)
  if (readPart(header, 'unreadable-token')['alg'] !== 'HS256') throw new Refused('wrong-algorithm')
  const { site_id: siteId, hmac, exp } = readPart(claims, 'unreadable-claims')
  const site = siteId instanceof JsonNumber ? siteId.text : siteId
  if (typeof site !== 'string' || site === '' || typeof hmac !== 'string')
    throw new Refused('unreadable-claims')
  return {
    signedTexts: [`${header}.${claims}`, `${unpadded(header)}.${unpadded(claims)}`],
    signature: unpadded(signature),
    siteId: site,
    hmac: unpadded(hmac),
    expiresAtSeconds: readExpiry(exp),
  }
}

const BEARER = /^bearer +([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]+={0,2})\.([A-Za-z0-9_-]+={0,2})$/i

function partsOf(authorization: string | undefined): readonly [string, string, string] {
  if (!authorization) throw new Refused('no-token')
  const [, header, claims, signature] = BEARER.exec(authorization.trim()) ?? []
  if (!header || !claims || !signature) throw new Refused('unreadable-token')
  return [header, claims, signature]
}

function readPart(part: string, fault: SignInFault): JsonMap {
  try {
    const value = parseJson(Buffer.from(part, 'base64url'))
    if (isJsonMap(value)) return value
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error
  }
  throw new Refused(fault)
}

/**
 * A decimal number, or the text of one, taken as seconds however far ahead it lies: clients that live put
 * milliseconds, microseconds and fractions there (contract, section 3, tolerances).
 */
function readExpiry(exp: JsonMap[string]): number {
  const text = exp instanceof JsonNumber ? exp.plainText() : typeof exp === 'string' ? exp.trim() : null
  if (!text || !/^-?\d+(\.\d+)?$/.test(text)) throw new Refused('unreadable-claims')
  return Number(text)
}

/** Any secret of the site may have signed, so that one can be rotated. */
function secretOf({ secrets }: DoorSecrets, { signedTexts, signature }: Token): string {
  const secret = secrets.find((candidate) =>
    signedTexts.some((text) => areEqual(hmacOf(candidate, text, 'base64url'), signature)),
  )
  if (secret === undefined) throw new Refused('bad-signature')
  return secret
}

function isBoundTo(payload: Buffer, hmac: string, secret: string): boolean {
  return areEqual(unpadded(hmacOf(secret, payload.toString('base64'), 'base64')), hmac)
}

/** What the content of this request may have been signed as. */
function payloadsOf(request: HttpRequest): readonly Buffer[] {
  const { method, rawBody } = request
  if (method === 'GET' || method === 'HEAD') return identifiersOf(request)
  return rawBody.length > 0 ? [rawBody] : [rawBody, ...identifiersOf(request)]
}

/** Identifiers as JSON text: path parts decoded and raw, values of the query, and the word the path ends with. */
function identifiersOf({ params, rawPath, query, rawQuery }: HttpRequest): readonly Buffer[] {
  const segments = rawPath.split('/').filter((segment) => segment !== '')
  const ids = Object.values(params)
  const rawIds = segments.filter((segment) => ids.includes(decoded(segment)))
  const texts = [...ids, ...rawIds, ...query.values(), ...rawValuesOf(rawQuery), ...segments.slice(-1)]
  return [...new Set(texts)].map((text) => Buffer.from(JSON.stringify(text)))
}

/** A raw plus in a query decodes to a space; clients that meant a plus signed a plus. */
const rawValuesOf = (rawQuery: string): readonly string[] =>
  rawQuery.split('&').flatMap((pair) => {
    const value = pair.slice(pair.indexOf('=') + 1)
    return [value, decoded(value)]
  })

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const hmacOf = (secret: string, text: string, encoding: 'base64' | 'base64url'): string =>
  createHmac('sha256', secret).update(text).digest(encoding)

const unpadded = (text: string): string => text.replace(/=+$/, '')

function areEqual(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
