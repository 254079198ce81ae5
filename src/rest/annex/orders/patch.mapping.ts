import { type ChangeOrder, changeOrder } from '../../../domain/orders/change-order'
import { extendOrder } from '../../../domain/orders/extend-order'
import type { ChangedOrder } from '../../../domain/orders/order-points'
import type { Move } from '../../../domain/orders/plan-change'
import type { LoyaltyDeps } from '../../../domain/loyalty'
import { isJsonArray, isJsonMap, type JsonMap, type JsonValue, type Writable } from '../../shared/json'
import type { SignedIn } from '../auth'
import { invalid } from '../errors'
import { earnedOf, spendableOf } from '../points/points.mapping'
import type { AnnexSettings } from '../settings'
import { assertValid, filled, isAbsent, listOf } from '../validation'
import { textFrom, toPointsNumber } from '../values'
import { toLinesWithState } from './order-words'
import { OrderLineBody } from './orders.contract'
import { firstOf, noLine, toLineBody, toPlacedLine, validAmount } from './orders.mapping'
import { MovedLineBody, OrderAddBody, OrderMoveBody } from './patch.contract'
import type { Answer } from '../../shared/openapi'
import type { BALANCES, PATCH_RESULT } from './orders.answers'

export type OrderPatchBody = OrderMoveBody | OrderAddBody

/** A body in the class of its set, by its status; a body without a known status is judged by the first. */
export function toPatchBody(sent: JsonMap): OrderPatchBody {
  const status = sent['status']
  const adds = typeof status === 'string' && status.trim().toUpperCase() === 'ADD'
  const lines = listOf(firstOf(sent, ['orderDetail', 'orderDetails']))
  const orderId = firstOf(sent, ['orderId', 'id', 'orderID'])
  const toLine = adds ? toLineBody : toMovedLine
  return Object.assign(
    adds ? filled(OrderAddBody, sent) : filled(OrderMoveBody, sent),
    isAbsent(orderId) ? {} : { orderId },
    isAbsent(lines) ? {} : { orderDetail: isJsonArray(lines) ? lines.map(toLine) : lines },
  )
}

function toMovedLine(sent: JsonValue | undefined): unknown {
  if (!isJsonMap(sent)) return noLine(sent)
  const secondarykey = firstOf(sent, ['secondarykey', 'secondaryKey'])
  return Object.assign(filled(MovedLineBody, sent), isAbsent(secondarykey) ? {} : { secondarykey })
}

/** Second keys that only this site's settings require, as paths. Pure. */
export const missingKeys = (
  { orderDetail }: { readonly orderDetail?: unknown },
  { secondaryKey }: AnnexSettings,
): readonly string[] =>
  secondaryKey && Array.isArray(orderDetail)
    ? orderDetail.flatMap((line: unknown, index) =>
        (line instanceof OrderLineBody || line instanceof MovedLineBody) && line.secondarykey === undefined
          ? [`orderDetail[${index}].secondarykey`]
          : [],
      )
    : []

/** Actions of the points list that changes of orders are booked under (contract, section 6). */
const RETURN_ACTION = 148
const PURCHASE_ACTION = 109

/**
 * Checks a body and does what it says to an order. Throws what the door refuses itself; `orderKey` is what the path
 * says, null in a bulk, where the body must.
 */
export async function patchOrder(
  deps: LoyaltyDeps,
  caller: SignedIn,
  {
    sent,
    orderKey,
    requestId,
  }: { readonly sent: JsonMap; readonly orderKey: string | null; readonly requestId: string },
): Promise<Writable> {
  const body = toPatchBody(sent)
  const needed = orderKey === null && body.orderId === undefined ? ['orderId'] : []
  assertValid(body, [...needed, ...missingKeys(body, caller.settings)])
  const named = body.orderId === undefined ? null : textFrom(body.orderId)
  if (orderKey !== null && named !== null && named !== orderKey) throw invalid(['orderId'])
  const key = orderKey ?? named ?? ''
  const word = body.status.trim().toLowerCase()
  const changed =
    body instanceof OrderAddBody
      ? await extendOrder(deps, caller, {
          orderKey: key,
          lines: body.orderDetail.map(toPlacedLine),
          disregardHold: holdOf(body) === 'release',
          booking: {
            actionId: caller.program.orders?.actionId ?? PURCHASE_ACTION,
            reason: `Order ${key}`,
            requestId,
          },
        })
      : await changeOrder(deps, caller, toChangeOrder(body, key, requestId))
  return toPatchResult(changed, word)
}

const toChangeOrder = (body: OrderMoveBody, orderKey: string, requestId: string): ChangeOrder => ({
  orderKey,
  move: body.status.trim().toUpperCase() as Move,
  lines:
    body.orderDetail?.map((line) => ({
      productId: textFrom(line.id),
      secondaryKey: line.secondarykey === undefined ? null : textFrom(line.secondarykey),
      quantity: line.quantity === undefined ? null : validAmount(line.quantity),
    })) ?? null,
  hold: holdOf(body),
  booking: { actionId: RETURN_ACTION, reason: reasonOf(body, orderKey), requestId },
})

const reasonOf = ({ status }: OrderMoveBody, orderKey: string): string => {
  const word = status.trim().toLowerCase()
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)} of order ${orderKey}`
}

function holdOf({ disregardHoldPeriod }: OrderPatchBody): ChangeOrder['hold'] {
  const word = disregardHoldPeriod?.trim().toUpperCase()
  if (word === undefined) return 'rule'
  return word === 'YES' ? 'release' : 'keep'
}

/** All of the documented answer (contract, section 11, 16). */
const toPatchResult = (
  { order, lines, awarded, removed, ...after }: ChangedOrder,
  status: string,
): Answer<typeof PATCH_RESULT> => ({
  orderId: order.orderKey,
  status,
  pointsAwarded: toPointsNumber(awarded),
  pointsRemoved: toPointsNumber(removed),
  ...balanceAfter(after),
  orderDetail: toLinesWithState(lines),
})

/** What every change says of wallet and tier afterwards. */
export const balanceAfter = ({
  statement,
  tier,
}: Pick<ChangedOrder, 'statement' | 'tier'>): Answer<typeof BALANCES> => ({
  updatedAvailablePoints: toPointsNumber(spendableOf(statement)),
  updatedLifetimePoints: toPointsNumber(earnedOf(statement)),
  previousTier: tier.before?.name,
  updatedUserTier: tier.after?.name,
})
