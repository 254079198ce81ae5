import { LoyaltyError } from '../shared/errors'
import type { LineId, TransactionId } from '../shared/ids'

/** The bill number is taken in its scope and window. The earlier transaction is not named: that would tell one till of another's sales. */
export class DuplicateBillNumber extends LoyaltyError {
  readonly code = 'DUPLICATE_BILL_NUMBER'
  override readonly field = 'billNumber'
  constructor(readonly billNumber: string) {
    super('a transaction with this bill number exists')
  }
}

export class TransactionNotFound extends LoyaltyError {
  readonly code = 'TRANSACTION_NOT_FOUND'
  override readonly field = 'id'
  constructor(readonly id: TransactionId | null) {
    super('there is no such transaction')
  }
}

/** The transaction has no line with this id, or of this item. */
export class LineNotFound extends LoyaltyError {
  readonly code = 'LINE_NOT_FOUND'
  override readonly field = 'lines'
  constructor(
    readonly id: LineId | null,
    readonly itemCode: string | null,
  ) {
    super('the transaction has no such line')
  }
}

export const RETURN_REFUSALS = [
  'ORIGINAL_NOT_FOUND',
  'ORIGINAL_ID_NOT_FOUND',
  'OF_ANOTHER_MEMBER',
  'ID_OF_ANOTHER_MEMBER',
  'REFERENCE_CONTRADICTS',
  'SEVERAL_ORIGINALS',
  'OUTLIER_ORIGINAL',
  'BEFORE_SALE',
  'CANCELED',
  'ALL_RETURNED',
  'PARTLY_RETURNED',
  'AMOUNT_AFTER_LINES',
  'LINES_AFTER_AMOUNT',
  'ONLY_LINES_LEFT',
  'REPEATED',
  'LEFT_GROUP',
  'NOT_RETURNABLE',
  'LINE_NOT_RETURNABLE',
  'NO_LINES',
  'NO_MATCHING_LINE',
  'PART_OF_BUNDLE',
  'MORE_THAN_BOUGHT',
  'MORE_THAN_LEFT',
  'AMOUNT_TOO_HIGH',
  'LINE_AMOUNT_TOO_HIGH',
] as const
export type ReturnRefusal = (typeof RETURN_REFUSALS)[number]

/** A bill, or this of it, cannot come back; the reason says why. Source: sections 7 and 8 of the transactions contract. */
export class ReturnRefused extends LoyaltyError {
  readonly code = 'RETURN_REFUSED'
  constructor(
    readonly reason: ReturnRefusal,
    /** The bill number or item code that it is about, where one is. */
    readonly about: string | null = null,
  ) {
    super(`the return was refused: ${reason.toLowerCase().replaceAll('_', ' ')}`)
  }
}
