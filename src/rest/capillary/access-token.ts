import { randomUUID } from 'node:crypto'
import type { OauthClientCredential } from '../../domain/programs/credentials'
import { type Instant, millisOf } from '../../domain/shared/instant'

const ISSUER = 'loyalty'
// An ES module; ours are CommonJS, which on Node 20 can only await it.
const jose = import('jose')

/** What a token says; what it says of its client is looked up again on every request. */
export interface AccessToken {
  readonly clientKey: string
  readonly orgId: string
  /** Seconds since the epoch, by the tenant's clock. */
  readonly expiresAt: number
}

/** A token for an OAuth client, valid from the tenant's now for as long as the client's setup says. */
export async function issueToken(
  key: Uint8Array,
  client: OauthClientCredential,
  orgId: string,
  now: Instant,
): Promise<string> {
  const { SignJWT } = await jose
  const issuedAt = Math.floor(millisOf(now) / 1000)
  return new SignJWT({
    client_id: client.clientKey,
    client_key: client.clientKey,
    org_id: Number(orgId) || orgId,
    default_till: client.tillCode,
    token_use: 'access',
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(ISSUER)
    .setSubject(client.clientKey)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + client.ttlSeconds)
    .sign(key)
}

/** A token that this server signed; null for anything else. Whether it has expired is for the tenant's clock to say. */
export async function readToken(key: Uint8Array, token: string): Promise<AccessToken | null> {
  const { compactVerify, errors } = await jose
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ['HS256'] })
    return toAccessToken(JSON.parse(new TextDecoder().decode(payload)))
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof SyntaxError) return null
    throw error
  }
}

function toAccessToken(claims: unknown): AccessToken | null {
  if (typeof claims !== 'object' || claims === null) return null
  const { iss, client_id, org_id, exp, token_use } = claims as Record<string, unknown>
  if (iss !== ISSUER || token_use !== 'access' || typeof client_id !== 'string' || typeof exp !== 'number')
    return null
  return { clientKey: client_id, orgId: String(org_id), expiresAt: exp }
}
