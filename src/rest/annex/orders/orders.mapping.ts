import type { PlacedLine, PlacedOrder, PlaceOrder } from '../../../domain/orders/place-order'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { type Amount, ZERO_AMOUNT } from '../../../domain/shared/money'
import { isJsonArray, isJsonMap, JsonNumber, type JsonMap, type JsonValue } from '../../shared/json'
import type { SignedIn } from '../auth'
import { earnedOf, spendableOf } from '../points/points.mapping'
import { memberKey } from '../members'
import { ANNEX, type AnnexSettings } from '../settings'
import { filled, isAbsent, listOf } from '../validation'
import {
  amountFrom,
  type IdLike,
  instantFrom,
  type NumberLike,
  textFrom,
  toNumber,
  toPointsNumber,
} from '../values'
import { OrderBody, OrderLineBody } from './orders.contract'
import type { Answer } from '../../shared/openapi'
import type { ORDER_RESULT } from './orders.answers'

/** A body in the contract's classes; spellings that live clients use become the documented ones (seed 001, section 11). */
export function toOrderBody(sent: JsonMap): OrderBody {
  const id = firstOf(sent, ['id', 'orderId', 'orderID'])
  const lines = listOf(firstOf(sent, ['orderDetail', 'orderDetails']))
  return Object.assign(
    filled(OrderBody, sent),
    isAbsent(id) ? {} : { id },
    isAbsent(lines) ? {} : { orderDetail: isJsonArray(lines) ? lines.map(toLineBody) : lines },
  )
}

export function toLineBody(sent: JsonValue | undefined): unknown {
  if (!isJsonMap(sent)) return noLine(sent)
  const secondarykey = firstOf(sent, ['secondarykey', 'secondaryKey'])
  return Object.assign(filled(OrderLineBody, sent), isAbsent(secondarykey) ? {} : { secondarykey })
}

/** What a contract class refuses as a line. A list of lists would be looked through for lines, found empty, and taken. */
export const noLine = (sent: JsonValue | undefined): unknown => (isJsonArray(sent) ? '' : sent)

export const firstOf = (sent: JsonMap, names: readonly string[]): JsonValue | undefined =>
  names.map((name) => sent[name]).find((value) => !isAbsent(value))

/** What only this site's settings require, as paths. Pure. */
export function missingBySettings(body: OrderBody, settings: AnnexSettings): readonly string[] {
  const date = settings.customizeOrderDate && body.orderDate === undefined ? ['orderDate'] : []
  if (!settings.secondaryKey || !Array.isArray(body.orderDetail)) return date
  const keys = body.orderDetail.flatMap((line, index) =>
    line instanceof OrderLineBody && line.secondarykey === undefined
      ? [`orderDetail[${index}].secondarykey`]
      : [],
  )
  return [...date, ...keys]
}

/** The command of a body that is valid. */
export function toPlaceOrder(body: OrderBody, caller: SignedIn, requestId: string): PlaceOrder {
  return {
    program: caller.program,
    member: memberKey(textFrom(body.userId)),
    orderKey: textFrom(body.id),
    store: body.storeId === undefined ? null : { door: ANNEX, code: textFrom(body.storeId) },
    source: body.source === undefined ? null : textFrom(body.source),
    total: body.orderTotal === undefined ? null : amountFrom(body.orderTotal),
    discount: body.discountAmount === undefined ? null : amountFrom(body.discountAmount),
    orderDate: body.orderDate === undefined ? null : instantFrom(body.orderDate),
    datedByClient: caller.settings.customizeOrderDate,
    state: body.status?.trim().toUpperCase() === 'SHIP' ? 'SHIPPED' : 'PLACED',
    disregardHold: saysYes(body.disregardHoldPeriod),
    lines: body.orderDetail.map(toPlacedLine),
    attributes: kept(body, ORDER_ATTRIBUTES),
    requestId,
  }
}

const saysYes = (word: string | undefined): boolean => word?.trim().toUpperCase() === 'YES'

export const toPlacedLine = (line: OrderLineBody): PlacedLine => ({
  productId: textFrom(line.id),
  secondaryKey: line.secondarykey === undefined ? null : textFrom(line.secondarykey),
  quantity: validAmount(line.quantity),
  unitPrice: validAmount(line.unitPrice),
  attributes: kept(line, LINE_ATTRIBUTES),
})

/** The contract class has checked it. */
export const validAmount = (value: NumberLike): Amount => amountFrom(value) ?? ZERO_AMOUNT

/** Known properties that nothing here decides by: kept as they were sent, and given back. */
const ORDER_ATTRIBUTES = [
  'email',
  'firstName',
  'lastName',
  'orderDate',
  'coupon',
  'eventId',
  'status',
  'disregardHoldPeriod',
  'orderShipDate',
] as const
const LINE_ATTRIBUTES = [
  'netPrice',
  'estimatedShipDate',
  'categoryId',
  'categoryName',
  'url',
  'imageUrl',
  'description',
  'coupon',
  'autoDelivery',
] as const

const kept = <T extends object>(body: T, names: readonly (keyof T & string)[]): JsonObject =>
  Object.fromEntries(
    names.filter((name) => body[name] !== undefined).map((name) => [name, plain(name, body[name])]),
  )

/**
 * `netPrice` is a number however it was sent; everything else kept is text. Several coupons are joined as the vendor's
 * connector joins them (contract.openapi, CouponField): what is answered is one text.
 */
function plain(name: string, value: unknown): Json {
  if (name === 'netPrice') return Number(amountFrom(value as NumberLike))
  if (Array.isArray(value)) return value.join(', ')
  return value instanceof JsonNumber ? value.text : (value as Json)
}

/** The documented answer; what nobody said is left out, for every member of it is typed. */
export function toOrderResult(
  placed: PlacedOrder,
  userId: IdLike,
  siteId: string,
): Partial<Answer<typeof ORDER_RESULT>> {
  const { order, lines, member, statement, tier } = placed
  return {
    siteId,
    id: order.orderKey,
    userId: textFrom(userId),
    ...(member.email === null ? {} : { email: member.email }),
    ...order.attributes,
    orderTotal: toNumber(order.total),
    discountAmount: order.discount === null ? undefined : toNumber(order.discount),
    storeId: order.storeCode ?? undefined,
    source: order.source ?? undefined,
    pointsAwarded: toPointsNumber(order.points),
    holdPoints: toPointsNumber(placed.held),
    updatedAvailablePoints: toPointsNumber(spendableOf(statement)),
    updatedLifetimePoints: toPointsNumber(earnedOf(statement)),
    previousTier: tier.before?.name,
    updatedUserTier: tier.after?.name,
    orderDetail: lines.map((line) => ({
      id: line.productId,
      secondarykey: line.secondaryKey ?? undefined,
      quantity: toNumber(line.quantity),
      unitPrice: toNumber(line.unitPrice),
      ...line.attributes,
    })),
  }
}
