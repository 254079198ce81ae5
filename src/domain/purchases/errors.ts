import { LoyaltyError } from '../shared/errors'

/** What is asked cannot be done to a purchase as far as it has come: nothing is left to ship, return or cancel. */
export class ChangeNotAllowed extends LoyaltyError {
  readonly code = 'CHANGE_NOT_ALLOWED'
  constructor(override readonly field: string) {
    super(`the purchase does not allow this change: ${field}`)
  }
}

export class OrderDateRequired extends LoyaltyError {
  readonly code = 'ORDER_DATE_REQUIRED'
  override readonly field = 'placedAt'
  constructor() {
    super('this tenant dates its orders: the order date is required')
  }
}

export class DateInFuture extends LoyaltyError {
  readonly code = 'DATE_IN_FUTURE'
  constructor(override readonly field: string) {
    super(`${field} lies in the future`)
  }
}
