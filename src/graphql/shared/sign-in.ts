import { createHash } from 'node:crypto'
import type { Caller } from '../../domain/programs/caller'
import type { CredentialStore } from '../../domain/programs/credentials'
import { tenantAt } from '../../domain/programs/tenant'
import type { TenantStore } from '../../domain/programs/tenant-store'
import type { Clock } from '../../domain/shared/clock'
import { unauthenticated } from './errors'

export interface SignInDeps {
  readonly credentials: CredentialStore
  readonly tenants: TenantStore
  readonly clock: Clock
}

/**
 * Who calls, by `Authorization: Bearer <API key>`. The key belongs to one tenant, and the tenant comes from nothing
 * else. Refuses in the same words whether a key is missing, malformed or unknown.
 */
export async function signIn(
  { credentials, tenants, clock }: SignInDeps,
  authorization: string | undefined,
): Promise<Caller> {
  const key = BEARER.exec(authorization ?? '')?.[1]
  const credential = key
    ? await credentials.apiKeyByHash(createHash('sha256').update(key).digest('hex'))
    : null
  if (!credential) throw unauthenticated()
  const setup = await tenants.setup(credential.tenantId, credential.setupVersion)
  return {
    tenant: tenantAt(setup, credential, clock),
    actor: `graphql:${credential.name}`,
    scopes: credential.scopes,
  }
}

const BEARER = /^Bearer +([\x21-\x7e]{1,512}) *$/i
