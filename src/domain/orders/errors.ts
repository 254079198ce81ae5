import { LoyaltyError } from '../shared/errors'

/** The client's order id has been used in this tenant. */
export class DuplicateOrder extends LoyaltyError {
  readonly code = 'DUPLICATE_ORDER'
  override readonly field = 'orderKey'
  constructor(readonly orderKey: string) {
    super('an order with this id exists')
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

/** No order of this tenant has the client's id. */
export class OrderNotFound extends LoyaltyError {
  readonly code = 'ORDER_NOT_FOUND'
  override readonly field = 'orderKey'
  constructor(readonly orderKey: string) {
    super('there is no order with this id')
  }
}
