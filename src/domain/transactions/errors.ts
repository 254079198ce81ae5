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
