import type { ProgramId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Json, JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'
import type { MemberStatus } from '../members/member'
import type { TierWindow } from '../tiers/tier-window'
import type { AuditEntry, AuditQuery, AuditRecord } from './audit'
import type { ExpiryRule, IssuanceRule, LimitPeriod, Reward, TransactionRule } from './program'
import type { LinkingKey } from './tenant'

/** One tenant as a setup document wants it, checked and in our own words. */
export interface TenantDefinition {
  readonly key: string
  readonly name: string
  readonly sandbox: boolean
  readonly timeZone: string
  readonly currency: string
  readonly identityLinking: readonly LinkingKey[]
  readonly apiKeys: readonly ApiKeyDefinition[]
  readonly doors: readonly DoorDefinition[]
  readonly shops: readonly ShopDefinition[]
  readonly tills: readonly TillDefinition[]
  readonly oauthClients: readonly OauthClientDefinition[]
  readonly programs: readonly ProgramDefinition[]
  readonly members: readonly MemberDefinition[]
  readonly groups: readonly GroupDefinition[]
}

export interface ApiKeyDefinition {
  readonly name: string
  /** SHA-256 of the key, hex. */
  readonly keyHash: string
  readonly scopes: readonly string[]
}

export interface DoorDefinition {
  readonly name: string
  readonly externalId: string
  readonly settings: JsonObject
  /** In clear; sealed where they are stored. */
  readonly secrets: readonly string[]
}

export interface ShopDefinition {
  readonly door: string
  readonly code: string
  readonly name: string
  readonly externalIds: readonly string[]
  readonly attributes: JsonObject
}

export interface TillDefinition {
  readonly door: string
  readonly code: string
  readonly shopCode: string
  /** A slow hash of what the protocol sends as the password. */
  readonly passwordHash: string
}

export interface OauthClientDefinition {
  readonly key: string
  /** A slow hash of the secret. */
  readonly secretHash: string
  readonly ttlSeconds: number
  readonly tillCode: string
  readonly permissions: Readonly<Record<string, string>>
}

export interface ProgramDefinition {
  readonly programId: ProgramId
  readonly key: string
  readonly title: string
  readonly isDefault: boolean
  readonly pointsDecimals: number
  readonly pointsToCurrency: Amount | null
  readonly expiry: ExpiryRule
  readonly purchase: {
    readonly actionId: number
    readonly ratio: Amount
    readonly hold: 'none' | 'order-placed' | 'item-ship' | 'all-item-ship-date'
    readonly holdDays: number
  } | null
  readonly issuance: IssuanceRule | null
  readonly transactions: {
    readonly pointsPerCurrencyUnit: Amount
    readonly basis: TransactionRule['basis']
  } | null
  readonly actions: readonly ActionDefinition[]
  readonly rewards: readonly (RewardDefinition & {
    /** Codes to give out, in their order; codes that are known stay as they are. */
    readonly codes: readonly string[]
  })[]
  readonly buckets: readonly string[]
  readonly alternateCurrencies: readonly {
    readonly identifier: string
    readonly name: string
    /** Decimal text. */
    readonly perCurrencyUnit: string
  }[]
  readonly tiers: readonly TierDefinition[]
  readonly tierWindow: TierWindow | null
}

/** Figures as decimal text, as they are stored. */
export interface ActionDefinition {
  readonly actionId: number
  readonly name: string
  readonly award: string
  readonly maxPoints: string | null
  readonly per: LimitPeriod | null
  readonly coolDown: string | null
  readonly holdDays: number | null
}

export type RewardDefinition = Omit<Reward, 'cost'> & { readonly cost: string }

/** A household: who is in it by the members' refs. */
export interface GroupDefinition {
  readonly key: string
  readonly name: string
  readonly owner: string
  readonly members: readonly string[]
}

export interface TierDefinition {
  readonly name: string
  readonly minLifetimePoints: Points | null
  readonly minSpend: Amount | null
  readonly minPeriodPoints: Points | null
  readonly minPeriodSpend: Amount | null
  readonly purchaseRatio: Amount | null
}

export interface MemberDefinition {
  /** Natural key of the entry. */
  readonly ref: string
  readonly id: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly status: MemberStatus
  readonly identities: readonly {
    readonly door: string
    readonly type: string
    readonly source: string
    readonly account: string
    readonly value: string
  }[]
  readonly credits: readonly CreditDefinition[]
}

/** An opening balance in the default program, booked once. */
export interface CreditDefinition {
  readonly ref: string
  /** Decimal text. */
  readonly points: string
  /** Null: never. */
  readonly expiresAt: Instant | null
  readonly countsForLifetime: boolean
}

/** How many entries of a kind an application touched. */
export interface ChangeCount {
  readonly created: number
  readonly updated: number
  readonly removed: number
  readonly unchanged: number
}

/** Per kind: tenants, apiKeys, doors, stores, tills, oauthClients, programs, tiers, members, credits. */
export type SetupChanges = Readonly<Record<string, ChangeCount>>

/** What of a document is already somebody else's: credentials and ids that are unique over all tenants. */
export interface TakenNames {
  /** `door external-id` to the tenant's key. */
  readonly doors: ReadonlyMap<string, string>
  readonly tills: ReadonlyMap<string, string>
  readonly oauthClients: ReadonlyMap<string, string>
  readonly apiKeyHashes: ReadonlyMap<string, string>
  /** Program numbers in force, `tenant-key program-key` to the number: a number never changes. */
  readonly programIds: ReadonlyMap<string, string>
}

/** Slow hashes by the code of a till, and by the key of an OAuth client. */
export interface SecretHashes {
  readonly tills: ReadonlyMap<string, string>
  readonly oauthClients: ReadonlyMap<string, string>
}

export interface SetupStore {
  /** Waits for any other application of a setup; released at commit. */
  lock(): Promise<void>
  taken(): Promise<TakenNames>
  /** The hashes that are stored for a tenant, by till and by client. */
  secretHashes(tenantKey: string): Promise<SecretHashes>
  /** Writes everything but members; answers what changed and the tenant's id. Raises the setup version when anything did. */
  applyTenant(
    definition: TenantDefinition,
    prune: boolean,
  ): Promise<{ readonly tenantId: number; readonly changes: SetupChanges }>
  /** The members that setups have named so far, as they were said, by ref. */
  namedMembers(tenantId: number): Promise<readonly MemberDefinition[]>
  rememberMembers(tenantId: number, members: readonly MemberDefinition[]): Promise<void>
  /** The groups that setups have named so far, by key. */
  namedGroups(tenantId: number): Promise<readonly GroupDefinition[]>
  rememberGroups(tenantId: number, groups: readonly GroupDefinition[]): Promise<void>
  /** What is in force for the tenants of these keys, or for all (null); secrets are left out. */
  export(keys: readonly string[] | null): Promise<readonly TenantExport[]>
  /** Sets entries of a map among a door's settings, and raises the setup version. */
  amendDoor(tenantId: number, door: string, setting: string, entries: JsonObject): Promise<void>
  /** Moves a sandbox's clock by setting how far it stands from the real one. */
  setClock(tenantId: number, offsetMillis: number): Promise<void>
  /** Deletes a sandbox's members, purchases, points and idempotency keys; codes that were issued can be issued again. */
  forget(tenantId: number): Promise<void>
  /** Whether an action is in the audit log. */
  audited(action: string): Promise<boolean>
  audit(entry: AuditEntry): Promise<void>
  /** The audit log, newest first. */
  auditTrail(query: AuditQuery): Promise<readonly AuditRecord[]>
}

/** Rows of one tenant for the export, in the words of the tables. */
export interface TenantExport {
  readonly tenant: JsonObject
  readonly apiKeys: readonly JsonObject[]
  readonly doors: readonly JsonObject[]
  readonly stores: readonly JsonObject[]
  readonly tills: readonly JsonObject[]
  readonly oauthClients: readonly JsonObject[]
  readonly programs: readonly JsonObject[]
  readonly tiers: readonly JsonObject[]
  readonly members: readonly Json[]
  readonly groups: readonly Json[]
  /** The codes of a program's rewards, by program number and reward. */
  readonly rewardCodes: readonly JsonObject[]
}
