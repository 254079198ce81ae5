import { correctSpend } from '../../../domain/orders/correct-spend'
import { placeOrder } from '../../../domain/orders/place-order'
import { placeOrders } from '../../../domain/orders/place-orders'
import { MemberNotFound } from '../../../domain/members/errors'
import { type JsonMap, JsonNumber, type JsonValue, type Writable } from '../../shared/json'
import { answerEach, answerTogether, type EntryResult } from '../bulk'
import type { SignedIn } from '../auth'
import { memberKey } from '../members'
import { type AnnexCall, type AnnexEndpoint, objectIn } from '../routes'
import { assertValid } from '../validation'
import { textFrom } from '../values'
import { previewCart } from './cart.mapping'
import { readOrderDetails, readSecondaryOrders } from './details.mapping'
import { assertIsBuyer, toCorrectSpend, toManualSpendBody, toManualSpendResult } from './manual-spend.mapping'
import type { OrderBody } from './orders.contract'
import { firstOf, missingBySettings, toOrderBody, toOrderResult, toPlaceOrder } from './orders.mapping'
import { patchOrder } from './patch.mapping'

/** `POST /orders`: stores an order and awards its points (contract, section 8). */
export const createOrder: AnnexEndpoint = {
  method: 'POST',
  path: '/orders',
  operation: 'createOrder',
  answer: (call) => placeOne(call, objectIn(call.request)),
}

/** `POST /bulkpostorder`: each entry as in `POST /orders`, by itself, many of them written together. */
export const createBulkOrder: AnnexEndpoint = {
  method: 'POST',
  path: '/bulkpostorder',
  operation: 'createBulkOrder',
  answer: (call) => answerTogether(call.request, namedBy('id'), (entries) => placeAll(call, entries)),
}

/** `PATCH /orders/{orderId}`: ships, returns, cancels or extends an order; PUT is taken as the same (contract, section 8). */
const updateOrderAs = (method: 'PATCH' | 'PUT', operation: string): AnnexEndpoint => ({
  method,
  path: '/orders/:orderId',
  operation,
  answer: ({ deps, caller, request }) =>
    patchOrder(deps, caller, {
      sent: objectIn(request),
      orderKey: request.params['orderId'] ?? '',
      requestId: request.requestId,
    }),
})
export const updateOrder = updateOrderAs('PATCH', 'updateOrder')
export const updateOrderPut = updateOrderAs('PUT', 'updateOrderPut')

/** `POST /bulkpatchorder`: each entry as the body of `PATCH /orders/{orderId}`, by itself. */
export const bulkPatchOrder: AnnexEndpoint = {
  method: 'POST',
  path: '/bulkpatchorder',
  operation: 'bulkPatchOrder',
  answer: ({ deps, caller, request }) =>
    answerEach(request, {
      nameOf: namedBy('orderId'),
      laneOf: (entry) => laneOf(firstOf(entry, ['orderId', 'id', 'orderID'])),
      answer: (sent) => patchOrder(deps, caller, { sent, orderKey: null, requestId: request.requestId }),
    }),
}

/** `POST /orderdetails`: orders of a member, or one order. */
export const postOrderDetails: AnnexEndpoint = {
  method: 'POST',
  path: '/orderdetails',
  operation: 'postOrderDetails',
  answer: ({ deps: { stores }, caller, request }) => readOrderDetails(stores, caller, objectIn(request)),
}

/** `GET /secondaryuserorders`: orders of members who share another's group. */
export const getSecondaryUserOrders: AnnexEndpoint = {
  method: 'GET',
  path: '/secondaryuserorders',
  operation: 'getSecondaryUserOrders',
  answer: ({ deps: { stores }, caller, request }) => readSecondaryOrders(stores, caller, request.query),
}

/** `POST /cart`: what an order would earn. */
export const postCart: AnnexEndpoint = {
  method: 'POST',
  path: '/cart',
  operation: 'postCart',
  answer: ({ deps: { stores }, caller, request }) => previewCart(stores, caller, objectIn(request)),
}

/** `POST /manualspend`: corrects what an order counts as spent. */
export const postManualSpend: AnnexEndpoint = {
  method: 'POST',
  path: '/manualspend',
  operation: 'postManualSpend',
  async answer({ deps, caller, request }) {
    const body = toManualSpendBody(objectIn(request))
    assertValid(body)
    if (body.id !== undefined)
      await assertBuyer({ deps, caller, request }, textFrom(body.id), textFrom(body.orderId))
    return toManualSpendResult(
      await correctSpend(deps, caller, toCorrectSpend(body, request.requestId)),
      body,
    )
  },
}

async function placeOne({ deps, caller, request }: AnnexCall, sent: JsonMap): Promise<Writable> {
  const body = validOrder(sent, caller)
  const placed = await placeOrder(deps, caller, toPlaceOrder(body, caller, request.requestId))
  return toOrderResult(placed, body.userId, caller.siteId)
}

function validOrder(sent: JsonMap, { settings }: SignedIn): OrderBody {
  const body = toOrderBody(sent)
  assertValid(body, missingBySettings(body, settings))
  return body
}

/** Those that are valid go to the domain together; it keeps their order, so that the tier that one reaches is the ratio of the next. */
async function placeAll(
  { deps, caller, request }: AnnexCall,
  entries: readonly JsonMap[],
): Promise<readonly EntryResult[]> {
  const read = entries.map((entry) => attempted(() => validOrder(entry, caller)))
  const bodies = read.flatMap(({ value }) => (value ? [value] : []))
  const commands = bodies.map((body) => toPlaceOrder(body, caller, request.requestId))
  const answers = await placeOrders(deps, caller, commands)
  const answerOf = new Map(bodies.map((body, index) => [body, answers[index]]))
  return read.map(({ value: body, error }) => {
    if (!body) return { value: null, error }
    const { placed = null, error: refusal = null } = answerOf.get(body) ?? {}
    return placed
      ? { value: toOrderResult(placed, body.userId, caller.siteId), error: null }
      : { value: null, error: refusal }
  })
}

function attempted<T>(
  work: () => T,
): { readonly value: T; readonly error: null } | { readonly value: null; readonly error: unknown } {
  try {
    return { value: work(), error: null }
  } catch (error) {
    return { value: null, error }
  }
}

/** Who owns an order never changes, so that looking before the unit of work is safe. */
async function assertBuyer(
  { deps: { stores }, caller }: AnnexCall,
  userId: string,
  orderKey: string,
): Promise<void> {
  const key = memberKey(userId)
  const [member] = await stores.members.findByIdentities(caller.tenant.id, [key])
  if (!member) throw new MemberNotFound(key)
  const order = await stores.orders.findByKey(caller.tenant.id, orderKey)
  if (order) assertIsBuyer(member.id, order.memberId)
}

const laneOf = (id: JsonValue | undefined): string =>
  typeof id === 'string' ? id.trim().toLowerCase() : id instanceof JsonNumber ? id.text : ''

/** How the result of a refused entry is recognized besides its place. */
const namedBy =
  (name: 'id' | 'orderId') =>
  (entry: JsonMap): Readonly<Record<string, Writable>> => {
    const id = firstOf(entry, ['id', 'orderId', 'orderID'])
    if (id instanceof JsonNumber) return { [name]: id.text }
    return typeof id === 'string' ? { [name]: id } : {}
  }

/** Every endpoint of orders. */
export const orderEndpoints: readonly AnnexEndpoint[] = [
  createOrder,
  createBulkOrder,
  updateOrder,
  updateOrderPut,
  bulkPatchOrder,
  postOrderDetails,
  getSecondaryUserOrders,
  postCart,
  postManualSpend,
]
