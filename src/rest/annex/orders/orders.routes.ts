import { placeOrder } from '../../../domain/orders/place-order'
import { type AnnexEndpoint, objectIn } from '../routes'
import { assertValid } from '../validation'
import { missingBySettings, toOrderBody, toOrderResult, toPlaceOrder } from './orders.mapping'

/** `POST /orders`: stores an order and awards its points (contract, section 8). */
export const createOrder: AnnexEndpoint = {
  method: 'POST',
  path: '/orders',
  operation: 'createOrder',
  async answer({ deps, caller, request }) {
    const body = toOrderBody(objectIn(request))
    assertValid(body, missingBySettings(body, caller.settings))
    const placed = await placeOrder(deps, caller, toPlaceOrder(body, caller, request.requestId))
    return toOrderResult(placed, body.userId, caller.siteId)
  },
}
