import type { ClientInstant, Instant } from '../shared/instant'
import type { LineId, MemberId, ProgramId, StoreId, TransactionId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'

export const TRANSACTION_TYPES = ['REGULAR', 'RETURN', 'NOT_INTERESTED', 'NOT_INTERESTED_RETURN'] as const
export type TransactionType = (typeof TRANSACTION_TYPES)[number]

export const OUTLIER_STATUSES = [
  'NORMAL',
  'INTERNAL',
  'FRAUD',
  'OUTLIER',
  'TEST',
  'DELETED',
  'FAILED',
  'OTHER',
] as const
export type OutlierStatus = (typeof OUTLIER_STATUSES)[number]

export const DELIVERY_STATUSES = ['PLACED', 'PROCESSED', 'SHIPPED', 'DELIVERED', 'RETURNED'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

export interface TransactionLine {
  readonly id: LineId
  readonly transactionId: TransactionId
  /** From 1, in the order of the request. */
  readonly lineNo: number
  readonly itemCode: string
  readonly quantity: Amount
  readonly rate: Amount
  /** Gross. */
  readonly value: Amount
  readonly discount: Amount
  /** Net: what the rule looks at. */
  readonly amount: Amount
  readonly outlier: boolean
  /** It came back with this bill, rather than being sold by it. */
  readonly isReturn: boolean
  readonly points: Points
  /** What the client sent besides (description, serial, combos, fields …), in its own words. */
  readonly attributes: JsonObject
}

export interface TransactionPayment {
  readonly transactionId: TransactionId
  readonly id: string
  readonly mode: string
  readonly amount: Amount
  readonly notes: string
  readonly attributes: JsonObject
}

/** A purchase at a till. */
export interface Transaction {
  readonly id: TransactionId
  readonly type: TransactionType
  readonly billNumber: string
  /** Null only for types that know no customer. */
  readonly memberId: MemberId | null
  /** Whose wallet its points are in, where that is not the member's. Of a return: where they were taken from. */
  readonly groupId: string | null
  readonly programId: ProgramId
  readonly storeId: StoreId
  /** The till it was booked on. */
  readonly tillCode: string
  readonly source: string
  /** Net, in the tenant's currency. */
  readonly amount: Amount
  readonly grossAmount: Amount | null
  readonly discount: Amount | null
  readonly currency: string
  readonly billedAt: Instant
  /** Offset the client gave `billedAt` in; null when it named none. */
  readonly billedAtOffset: string | null
  readonly deliveryStatus: DeliveryStatus | null
  readonly outlierStatus: OutlierStatus
  readonly note: string | null
  /** Before and after the program's rounding; what a return took back is taken off, and may leave less than nothing. */
  readonly rawPoints: Points
  readonly points: Points
  /** Why it earned nothing, or nothing yet; null when it earned, and for a return that has taken back what it takes. */
  readonly noPointsReason: NoPointsReason | null
  readonly customFields: JsonObject
  readonly extendedFields: JsonObject
  /** What the client sent besides (promotions, redemptions, attribution …), in its own words. */
  readonly attributes: JsonObject
  readonly createdAt: Instant
  /** When it was last changed; null when it is as it was added. */
  readonly updatedAt: Instant | null
}

export const NO_POINTS_REASONS = [
  'NO_RULE',
  'OUTLIER',
  'IGNORED_BILL_NUMBER',
  'ROUNDED_TO_ZERO',
  'ZERO_AMOUNT',
  'SKIPPED',
  'NO_MEMBER',
  'QUEUED',
] as const
export type NoPointsReason = (typeof NO_POINTS_REASONS)[number]

export type NewTransactionLine = Omit<TransactionLine, 'id' | 'transactionId'>
export type NewTransactionPayment = Omit<TransactionPayment, 'id' | 'transactionId'>

/**
 * Within what a bill number may occur once, and for how many days around the billing date. Null scope: no check; the
 * numbers of returns are a scope of their own, the whole organization's.
 */
export interface BillNumberRule {
  readonly scope: 'ORG' | 'STORE' | 'TILL' | 'RETURNS' | null
  readonly windowDays: number
}

export type NewTransaction = Omit<
  Transaction,
  'id' | 'billedAt' | 'billedAtOffset' | 'createdAt' | 'updatedAt'
> & {
  readonly billed: ClientInstant
  readonly billNumberRule: BillNumberRule
  readonly lines: readonly NewTransactionLine[]
  readonly payments: readonly NewTransactionPayment[]
  /** Redemptions of the member that were made for it, by name. */
  readonly redemptions?: readonly string[]
}
