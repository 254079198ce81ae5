import { hash } from 'node:crypto'
import type { Caller } from '../../domain/programs/caller'
import type { CredentialStore } from '../../domain/programs/credentials'
import { tenantAt } from '../../domain/programs/tenant'
import type { TenantStore } from '../../domain/programs/tenant-store'
import type { MemberId } from '../../domain/shared/ids'
import type { MemberStore } from '../../domain/members/member-store'
import type { TokenVerifier } from './tokens'
import type { Clock } from '../../domain/shared/clock'
import { unauthenticated } from './errors'

export interface SignInDeps {
  readonly credentials: CredentialStore
  readonly tenants: TenantStore
  readonly clock: Clock
  readonly members: Pick<MemberStore, 'findByIdentities'>
  /** Null: no tokens are taken. */
  readonly tokens: {
    readonly verify: TokenVerifier
    /** What the member's claim is an identity of. */
    readonly memberIdentity: { readonly door: string; readonly type: string }
  } | null
}

/** Who calls, and whose things alone may be seen: null for a service. */
export interface SignedIn {
  readonly caller: Caller
  readonly own: MemberId | null
}

/**
 * Who calls, by `Authorization: Bearer` and an API key or, where tokens are taken, a JSON Web Token. Either belongs to
 * one tenant, and the tenant comes from nothing else. Refuses in the same words whatever is wrong with it.
 */
export async function signIn(deps: SignInDeps, authorization: string | undefined): Promise<SignedIn> {
  const [, bearer = ''] = BEARER.exec(authorization ?? '') ?? []
  if (deps.tokens && TOKEN.test(bearer)) return byToken(deps, deps.tokens, bearer)
  return { caller: await byKey(deps, bearer), own: null }
}

const LONGEST_KEY = 512
const BEARER = /^Bearer +([\x21-\x7e]{1,8192}) *$/i
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/

async function byKey({ credentials, tenants, clock }: SignInDeps, key: string): Promise<Caller> {
  const isKey = key !== '' && key.length <= LONGEST_KEY
  const credential = isKey ? await credentials.apiKeyByHash(hash('sha256', key, 'hex')) : null
  if (!credential) throw unauthenticated()
  const setup = await tenants.setup(credential.tenantId, credential.setupVersion)
  return {
    tenant: tenantAt(setup, credential, clock),
    actor: `graphql:${credential.name}`,
    scopes: credential.scopes,
  }
}

async function byToken(
  deps: SignInDeps,
  tokens: NonNullable<SignInDeps['tokens']>,
  token: string,
): Promise<SignedIn> {
  const { tenants, members, clock } = deps
  const facts = await tokens.verify(token)
  const head = facts && (await tenants.headByKey(facts.tenantKey))
  if (!facts || !head) throw unauthenticated()
  const tenant = tenantAt(await tenants.setup(head.tenantId, head.setupVersion), head, clock)
  const { memberValue, subject, scopes } = facts
  if (memberValue === null)
    return { caller: { tenant, actor: `graphql:token:${subject}`, scopes }, own: null }
  const key = { ...tokens.memberIdentity, source: null, account: null, value: memberValue }
  const [member] = await members.findByIdentities(tenant.id, [key])
  // Whoever signed in elsewhere and is no member here sees nothing here.
  if (!member) throw unauthenticated()
  return { caller: { tenant, actor: `graphql:member:${member.id}`, scopes }, own: member.id }
}
