import type { CredentialStore, OauthClientCredential } from '../../domain/programs/credentials'
import type { Caller } from '../../domain/programs/caller'
import { type TenantHead, type Tenant, tenantAt } from '../../domain/programs/tenant'
import type { TenantStore } from '../../domain/programs/tenant-store'
import type { Clock } from '../../domain/shared/clock'
import type { StoreId } from '../../domain/shared/ids'
import { millisOf } from '../../domain/shared/instant'
import type { HttpRequest } from '../shared/route'
import { issueToken, readToken } from './access-token'
import { type CapillarySettings, settingsOf } from './settings'
import type { VerifiedSecrets } from './verified-secrets'

export const DOOR = 'capillary'

export interface AuthDeps {
  readonly credentials: CredentialStore
  readonly tenants: TenantStore
  readonly clock: Clock
  /** Signs access tokens; the same in every process of a deployment. */
  readonly tokenKey: Uint8Array
  readonly verified: VerifiedSecrets
}

/** Who calls, and the till the call is booked on unless it says otherwise. */
export interface SignIn {
  readonly method: 'basic' | 'oauth'
  readonly caller: Caller
  readonly settings: CapillarySettings
  readonly tillCode: string
  /** Null: not read yet; sign-in costs one statement. */
  readonly storeId: StoreId | null
  /** Of an OAuth client, by group of resources; a till has none and may do everything. */
  readonly permissions: OauthClientCredential['permissions']
}

/** Whoever this is, they may not come in. The settings are known when the credential at least exists. */
export class NotSignedIn extends Error {
  constructor(
    message: string,
    readonly settings: CapillarySettings | null = null,
  ) {
    super(message)
  }
}

/** Signs a request in (section 2): an access token when there is one, else Basic. Throws NotSignedIn. */
export async function signIn(deps: AuthDeps, { headers }: HttpRequest): Promise<SignIn> {
  const token = headers['x-cap-api-oauth-token'] ?? headers['cap-api-access-token']
  if (token !== undefined) return signInByToken(deps, token.trim())
  const basic = basicOf(headers['authorization'])
  if (!basic) throw new NotSignedIn('Credentials are missing or not readable.')
  return signInByPassword(deps, basic)
}

async function signInByPassword(deps: AuthDeps, { user, passwordMd5 }: Basic): Promise<SignIn> {
  const till = await deps.credentials.tillByCode(user)
  if (!(await deps.verified.verify(user, passwordMd5, till?.passwordHash ?? null)) || !till) {
    throw new NotSignedIn('The credentials are not valid.', till && (await doorOf(deps, till)).settings)
  }
  const { tenant, settings } = await doorOf(deps, till)
  return {
    method: 'basic',
    caller: callerOf(tenant, till.tillCode),
    settings,
    tillCode: till.tillCode,
    storeId: till.storeId,
    permissions: {},
  }
}

async function signInByToken(deps: AuthDeps, text: string): Promise<SignIn> {
  const token = await readToken(deps.tokenKey, text)
  const client = token && (await deps.credentials.oauthClientByKey(token.clientKey))
  if (!token || !client) throw new NotSignedIn('The access token is not valid.')
  const { tenant, settings } = await doorOf(deps, client)
  if (settings.orgId !== token.orgId) throw new NotSignedIn('The access token is not valid.', settings)
  if (millisOf(tenant.time.now) >= token.expiresAt * 1000)
    throw new NotSignedIn('The access token has expired.', settings)
  const caller = callerOf(tenant, client.clientKey)
  const { tillCode, permissions } = client
  return { method: 'oauth', caller, settings, tillCode, storeId: null, permissions }
}

export interface IssuedToken {
  readonly accessToken: string
  readonly client: OauthClientCredential
  readonly settings: CapillarySettings
}

/** Exchanges a client's key and secret for an access token; null when they do not fit. */
export async function tokenFor(deps: AuthDeps, key: string, secret: string): Promise<IssuedToken | null> {
  const client = await deps.credentials.oauthClientByKey(key)
  if (!(await deps.verified.verify(key, secret, client?.secretHash ?? null)) || !client) return null
  const { tenant, settings } = await doorOf(deps, client)
  const accessToken = await issueToken(deps.tokenKey, client, settings.orgId, tenant.time.now)
  return { accessToken, client, settings }
}

async function doorOf(
  { tenants, clock }: AuthDeps,
  head: TenantHead,
): Promise<{ tenant: Tenant; settings: CapillarySettings }> {
  const setup = await tenants.setup(head.tenantId, head.setupVersion)
  const door = setup.doors.get(DOOR)
  if (!door) throw new NotSignedIn('The credentials are not valid.')
  return { tenant: tenantAt(setup, head, clock), settings: settingsOf(door) }
}

const callerOf = (tenant: Tenant, name: string): Caller => ({
  tenant,
  actor: `${DOOR}:${name}`,
  scopes: ['read', 'write'],
})

interface Basic {
  readonly user: string
  /** Lower-case hex. */
  readonly passwordMd5: string
}

/** `Basic base64(user:md5)`. A clear password is no MD5 and never gets as far as a hash. */
function basicOf(header: string | undefined): Basic | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/]+={0,2})\s*$/i.exec(header ?? '')?.[1]
  const decoded = encoded ? Buffer.from(encoded, 'base64').toString('utf8') : ''
  const [, user, md5] = /^([^\p{Cc}]{1,255}):([0-9a-fA-F]{32})$/u.exec(decoded) ?? []
  return user && md5 ? { user, passwordMd5: md5.toLowerCase() } : null
}
