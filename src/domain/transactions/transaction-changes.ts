import type { MemberId, TenantId, TransactionId } from '../shared/ids'
import type { Json } from '../shared/json'
import type { Points } from '../shared/points'
import type { DeliveryStatus, NoPointsReason } from './transaction'

/** Names that are given are set, those whose value is null are removed, all others stay. */
export type FieldChanges = Readonly<Record<string, Json>>

/** What is written over a stored transaction. */
export interface TransactionChanges {
  /** Null: stays. */
  readonly deliveryStatus: DeliveryStatus | null
  readonly customFields: FieldChanges
  readonly extendedFields: FieldChanges
  readonly attributes: FieldChanges
  readonly lines: readonly { readonly lineNo: number; readonly extendedFields: FieldChanges }[]
}

/** What a stored transaction, its lines and its returns gave or took, once that is known. */
export interface SettledPoints {
  readonly rawPoints: Points
  readonly points: Points
  readonly noPointsReason: NoPointsReason | null
  /** By line, in their order; lines beyond the last one earned nothing. */
  readonly lines: readonly Points[]
  /** What each return on it took back. */
  readonly returns: readonly { readonly id: string; readonly points: Points }[]
}

export interface TransactionChangeStore {
  /**
   * Locks a transaction until commit: by its id, or the first with a bill number; of the member, else one that knows no
   * member. Null when there is none.
   */
  lock(
    tenant: TenantId,
    named: { readonly id: TransactionId } | { readonly billNumber: string },
    member: MemberId | null,
  ): Promise<TransactionId | null>
  change(tenant: TenantId, id: TransactionId, changes: TransactionChanges): Promise<void>
  /** Writes the points of a transaction that waited for them. */
  settlePoints(tenant: TenantId, id: TransactionId, settled: SettledPoints): Promise<void>
}
