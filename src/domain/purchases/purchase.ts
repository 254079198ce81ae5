import type { Instant } from '../shared/instant'
import type { MemberId, StoreId, TenantId } from '../shared/ids'
import type { Page, PageRequest, Period } from '../shared/pages'

/** The kinds of purchases, one per vendor's word. */
export const PURCHASE_KINDS = ['ORDER', 'ISSUANCE', 'TRANSACTION'] as const
export type PurchaseKind = (typeof PURCHASE_KINDS)[number]

/** Which purchase, of which kind, when: an index over all kinds, so that a member's purchases are one read. */
export interface PurchaseEntry {
  readonly kind: PurchaseKind
  readonly id: string
  readonly memberId: MemberId
  readonly purchasedAt: Instant
}

/** How far a purchase of whatever kind has come. */
export const PURCHASE_STATUSES = ['PLACED', 'SHIPPED', 'RETURNED', 'CANCELED'] as const
export type PurchaseStatus = (typeof PURCHASE_STATUSES)[number]

export interface PurchasePageRequest extends PageRequest {
  readonly memberId: MemberId
  /** Null: all kinds. */
  readonly kind: PurchaseKind | null
  /** Left out: whenever, wherever. */
  readonly only?: PurchaseFilter
}

/** Which purchases of a member. */
export interface PurchaseFilter extends Period {
  /** Booked on this store; null: on any, or on none. */
  readonly storeId: StoreId | null
  /** Null: however far it has come. */
  readonly status?: PurchaseStatus | null
}

export type PurchaseKey = Pick<PurchaseEntry, 'kind' | 'id'>

export interface PurchaseStore {
  /** Entries by kind and id, in no particular order; those that do not exist are left out. One statement. */
  findByKeys(tenant: TenantId, keys: readonly PurchaseKey[]): Promise<readonly PurchaseEntry[]>
  /** Pages of members' purchases, newest first, aligned with the requests; one statement. The position is `purchasedAt|kind|id`. */
  pagesOf(tenant: TenantId, requests: readonly PurchasePageRequest[]): Promise<readonly Page<PurchaseEntry>[]>
  /** The same, oldest first. */
  oldestPagesOf(
    tenant: TenantId,
    requests: readonly PurchasePageRequest[],
  ): Promise<readonly Page<PurchaseEntry>[]>
  /** How far purchases have come, in no particular order; one statement. */
  statusesOf(
    tenant: TenantId,
    keys: readonly PurchaseKey[],
  ): Promise<readonly (PurchaseKey & { readonly status: PurchaseStatus })[]>
}
