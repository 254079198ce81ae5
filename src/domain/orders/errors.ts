import { LoyaltyError } from '../shared/errors'

/** The client's order id has been used in this tenant. */
export class DuplicateOrder extends LoyaltyError {
  readonly code = 'DUPLICATE_ORDER'
  override readonly field = 'orderKey'
  constructor(readonly orderKey: string) {
    super('an order with this id exists')
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
