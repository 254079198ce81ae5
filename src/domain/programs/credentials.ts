import type { StoreId, TillId } from '../shared/ids'
import type { TenantHead } from './tenant'

/** A GraphQL client's key, found by its hash. */
export interface ApiKeyCredential extends TenantHead {
  readonly name: string
  readonly scopes: readonly string[]
}

/** A door's shared secrets, decrypted: any of them is accepted, so that one can be rotated. */
export interface DoorSecrets extends TenantHead {
  readonly externalId: string
  readonly secrets: readonly string[]
}

/** A till or store-centre that signs in with a password, of which only a slow hash is kept. */
export interface TillCredential extends TenantHead {
  readonly tillId: TillId
  readonly tillCode: string
  readonly storeId: StoreId
  readonly passwordHash: string
}

/** An OAuth client of a door. */
export interface OauthClientCredential extends TenantHead {
  readonly clientKey: string
  readonly secretHash: string
  readonly ttlSeconds: number
  readonly tillCode: string
  /** What it may do, by group of resources, in the door's words; a group that is not named it may change. */
  readonly permissions: Readonly<Record<string, string>>
}

/**
 * Credentials of all tenants; each belongs to exactly one, and the tenant of a request comes from nothing else.
 * Every method costs one statement and answers null for a credential that does not exist.
 */
export interface CredentialStore {
  /** By SHA-256 of the key, hex. */
  apiKeyByHash(keyHash: string): Promise<ApiKeyCredential | null>
  /** By the tenant's id in the vendor's words. */
  secretsOfDoor(door: string, externalId: string): Promise<DoorSecrets | null>
  /** Till codes are unique over all tenants of a door. */
  tillByCode(code: string): Promise<TillCredential | null>
  oauthClientByKey(clientKey: string): Promise<OauthClientCredential | null>
}
