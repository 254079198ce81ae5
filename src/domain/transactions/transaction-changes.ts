import type { MemberId, TenantId, TransactionId } from '../shared/ids'
import type { Json } from '../shared/json'
import type { DeliveryStatus } from './transaction'

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
}
