import type { OrderId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'
import type { TransactionType } from './transaction'

/** How a bill comes back: some money of it, all of it, some lines of it, or all of it before it was delivered. */
export const RETURN_KINDS = ['AMOUNT', 'FULL', 'LINE_ITEM', 'CANCELED'] as const
export type ReturnKind = (typeof RETURN_KINDS)[number]

/** How much of one line of the original came back. */
export interface ReturnedLine {
  /** Of the original. */
  readonly lineNo: number
  readonly quantity: Amount
  readonly amount: Amount
}

/** What one bill takes back of another. */
export interface TransactionReturn {
  readonly id: string
  /** The bill it is written on: a return, or a sale that takes something back as well. */
  readonly transactionId: TransactionId
  /** The bill it is about; null: an order, or not known here. */
  readonly originalId: TransactionId | null
  /** The order it is about; null: a bill, or not known here. */
  readonly orderId: OrderId | null
  /** Of the original, as it was named. */
  readonly billNumber: string
  readonly kind: ReturnKind
  readonly amount: Amount
  /** Of the bill it is written on. */
  readonly currency: string
  /** Taken back of what the original was awarded. */
  readonly points: Points
  readonly lines: readonly ReturnedLine[]
  /** Of the bill it is written on. */
  readonly documentType: TransactionType
  readonly documentNumber: string
  readonly returnedAt: Instant
}

export type NewTransactionReturn = Pick<
  TransactionReturn,
  'originalId' | 'orderId' | 'billNumber' | 'kind' | 'amount' | 'points' | 'lines'
>
