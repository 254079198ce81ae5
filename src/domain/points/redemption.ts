import type { AccountId, MemberId, ProgramId, TenantId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import type { Page, PageRequest } from '../shared/pages'
import type { Points } from '../shared/points'
import type { Idempotency } from './ledger'
import type { IssuedCode } from './points-request'

/** Points that were spent under a name, so that they can be tied to a bill and given back. */
export interface Redemption {
  readonly id: string
  /** What clients call it: short, unique in the tenant. */
  readonly code: string
  readonly memberId: MemberId
  readonly programId: ProgramId
  /** The entry of the journal that spent them. */
  readonly accountId: AccountId
  readonly seq: string
  readonly points: Points
  /** The client's own name for it, unique in the tenant; null for none. */
  readonly externalRef: string | null
  readonly billNumber: string | null
  readonly transactionId: TransactionId | null
  readonly purpose: string | null
  readonly customFields: JsonObject
  readonly redeemedAt: Instant
  /** The redemption that it is a further payment of; null: it is one by itself. */
  readonly wholeId: string | null
  /** Whose wallet paid, another member's or a group's; both null: the member's own. */
  readonly payerId: MemberId | null
  readonly payerGroupId: string | null
}

type Payer = 'wholeId' | 'payerId' | 'payerGroupId'

export type NewRedemption = Omit<
  Redemption,
  'id' | 'transactionId' | 'purpose' | 'customFields' | 'redeemedAt' | Payer
> &
  Partial<Pick<Redemption, Payer>>

export type RedemptionName = { readonly code: string } | { readonly externalRef: string }

/** What one lot paid to a redemption and has not been given back for it. */
export interface Restorable {
  readonly lotNo: string
  readonly points: Points
  /** Null: never. */
  readonly expiresAt: Instant | null
}

/** A part of a reversal; what had its expiry meanwhile is reported, and given to nobody. */
export interface Restored extends Restorable {
  readonly lapsed: boolean
}

export interface NewReversal {
  readonly code: string
  readonly redemptionId: Redemption['id']
  readonly restored: readonly Restored[]
}

/** What may be said of a redemption afterwards; null stays as it is. */
export interface RedemptionChanges {
  readonly billNumber: string | null
  readonly transactionId: TransactionId | null
  readonly purpose: string | null
  readonly customFields: JsonObject
}

/** An entry of the journal that spent points, through whatever door, and what else is known of it. */
export interface Spending {
  readonly accountId: AccountId
  readonly seq: string
  /** Null: a group's points, and nobody said for whom. */
  readonly memberId: MemberId | null
  readonly points: Points
  /** The reward that they bought; null: none. */
  readonly rewardId: string | null
  /** The reward's code that was handed over for them. */
  readonly rewardCode: IssuedCode | null
  /** What the redemption is called, where it has a name. */
  readonly code: string | null
  readonly externalRef: string | null
  readonly billNumber: string | null
  readonly transactionId: TransactionId | null
  /** What was taken back of it, given back or lapsed. */
  readonly reversed: Points
  readonly redeemedAt: Instant
}

export interface SpendingPageRequest extends PageRequest {
  readonly memberId: MemberId
  readonly programId: ProgramId
}

export type EntryKey = Pick<Redemption, 'accountId' | 'seq'>

export interface RedemptionStore {
  /** Keeps a caller's key from others until commit; whether something was redeemed under it. */
  claimKey(tenant: TenantId, key: Pick<Idempotency, 'scope' | 'key'>): Promise<boolean>
  /** Pages of what members spent of their main wallets, newest first, aligned with the requests. The position is the seq. */
  spendingPagesOf(
    tenant: TenantId,
    requests: readonly SpendingPageRequest[],
  ): Promise<readonly Page<Spending>[]>
  /** By entry, in no particular order; entries that are no redemptions are left out. One statement. */
  spendingsBy(tenant: TenantId, keys: readonly EntryKey[]): Promise<readonly Spending[]>
  add(tenant: TenantId, redemption: NewRedemption): Promise<Redemption>
  /** Waits for whoever redeems under the same name, until commit. */
  claim(tenant: TenantId, externalRef: string): Promise<void>
  /** By name; further payments have none. */
  find(tenant: TenantId, name: RedemptionName): Promise<Redemption | null>
  /** The further payments of a redemption, in the order they were made. */
  partsOf(tenant: TenantId, whole: Redemption['id']): Promise<readonly Redemption[]>
  /** The same, kept from others until commit. */
  lock(tenant: TenantId, name: RedemptionName): Promise<Redemption | null>
  /** What can still be given back, what lives longest first. */
  restorable(tenant: TenantId, redemption: Redemption): Promise<readonly Restorable[]>
  addReversal(tenant: TenantId, reversal: NewReversal): Promise<void>
  change(tenant: TenantId, id: Redemption['id'], changes: RedemptionChanges): Promise<Redemption>
}
