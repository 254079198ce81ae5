import type { Instant } from '../shared/instant'
import type { IssuanceId, MemberId, ProgramId, StoreId, TenantId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'

export const ISSUANCE_STATES = ['PLACED', 'SHIPPED', 'RETURNED', 'CANCELED'] as const
export type IssuanceState = (typeof ISSUANCE_STATES)[number]

/** Points and the money they were granted for. */
export interface Part {
  readonly points: Points
  readonly spend: Amount
}

/** One product of an issuance; nothing is computed from it. */
export interface IssuanceLine {
  readonly issuanceId: IssuanceId
  /** From 1, in the order of the request. */
  readonly lineNo: number
  readonly productId: string | null
  readonly name: string | null
  readonly quantity: Amount | null
  /** The product as it was sent, whole. */
  readonly attributes: JsonObject
}

/** A purchase, or something like one, whose points the client computes. */
export interface Issuance {
  readonly id: IssuanceId
  /** The id the client gave it, unique among issuances of the tenant. */
  readonly issuanceKey: string
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly actionId: number
  readonly storeCode: string | null
  readonly storeId: StoreId | null
  readonly source: string | null
  /** Money spent, before any return. */
  readonly total: Amount
  readonly discount: Amount | null
  readonly currency: string
  readonly issuedAt: Instant
  readonly expiresAt: Instant | null
  /** Before any return. */
  readonly points: Points
  readonly state: IssuanceState
  /** The client's last word for its state. */
  readonly status: string
  /** What has not shipped. */
  readonly waiting: Part
  /** What was returned or canceled. */
  readonly removed: Part
  /** What the client sent besides, returned unchanged. */
  readonly attributes: JsonObject
}

/** What was awarded at once: when it was made, or when its points were raised. */
export interface Grant {
  /** From 0. */
  readonly grantNo: number
  readonly points: Points
  readonly removed: Points
}

export type NewIssuance = Omit<Issuance, 'id' | 'removed'>
export type NewIssuanceLine = Omit<IssuanceLine, 'issuanceId' | 'lineNo'>

export interface IssuanceWithGrants {
  readonly issuance: Issuance
  /** Oldest first. */
  readonly grants: readonly Grant[]
}

export interface IssuanceFilter {
  readonly memberId: MemberId
  readonly issuanceKey: string | null
  /** From 1. */
  readonly page: number
  readonly size: number
}

export interface IssuanceStore {
  /** Stores it, its lines, its first grant and its place among the member's purchases. Throws DuplicateIssuance. */
  add(tenant: TenantId, issuance: NewIssuance, lines: readonly NewIssuanceLine[]): Promise<Issuance>
  /** In no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly IssuanceId[]): Promise<readonly Issuance[]>
  findByKey(tenant: TenantId, issuanceKey: string): Promise<Issuance | null>
  /** By issuance and line number. */
  linesOf(tenant: TenantId, ids: readonly IssuanceId[]): Promise<readonly IssuanceLine[]>
  /** The issuance as nobody else can change it until commit; null when there is none. */
  lock(tenant: TenantId, issuanceKey: string): Promise<IssuanceWithGrants | null>
  /** Writes what may change, grants that changed or are new, and other lines when there are any. */
  save(tenant: TenantId, changed: IssuanceWithGrants, lines: readonly NewIssuanceLine[] | null): Promise<void>
  /** A page, newest first, and how many there are in all. */
  list(
    tenant: TenantId,
    filter: IssuanceFilter,
  ): Promise<{ readonly issuances: readonly Issuance[]; readonly count: number }>
}
