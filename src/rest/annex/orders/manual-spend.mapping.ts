import { IsOptional } from 'class-validator'
import { type CorrectSpend } from '../../../domain/orders/correct-spend'
import type { ChangedOrder } from '../../../domain/orders/order-points'
import type { JsonMap } from '../../shared/json'
import { invalid } from '../errors'
import { IsAmount, IsId, IsPresent, IsText, IsWord } from '../rules'
import { filled, isAbsent } from '../validation'
import { type IdLike, type NumberLike, textFrom, toNumber, toPointsNumber } from '../values'
import { firstOf, validAmount } from './orders.mapping'
import { balanceAfter } from './patch.mapping'
import type { Answer } from '../../shared/openapi'
import type { MANUAL_SPEND_RESULT } from './orders.answers'

/** Body of `POST /manualspend`; the reference tells its content and not its names (contract, section 11, 3). */
export class ManualSpendBody {
  @IsPresent() @IsId() orderId!: IdLike
  @IsPresent() @IsWord(['CREDIT', 'DEBIT']) activity!: string
  @IsPresent() @IsAmount({ above: 0 }) amount!: NumberLike
  @IsPresent() @IsText() adminEmail!: IdLike
  @IsPresent() @IsText() reason!: IdLike
  @IsOptional() @IsId() id?: IdLike
}

const ADMINISTRATOR = ['adminEmail', 'adjustedBy', 'updatedBy']
const AMOUNTS = ['spendAmount', 'amount']

/** The amount stands under the name of the direction, or under a neutral one. */
export function toManualSpendBody(sent: JsonMap): ManualSpendBody {
  const activity = sent['activity']
  const direction = typeof activity === 'string' ? activity.trim().toLowerCase() : ''
  const names = ['credit', 'debit'].includes(direction)
    ? [direction, ...AMOUNTS]
    : ['credit', 'debit', ...AMOUNTS]
  const aliases = {
    orderId: firstOf(sent, ['orderId', 'orderID']),
    amount: firstOf(sent, names),
    adminEmail: firstOf(sent, ADMINISTRATOR),
  }
  return Object.assign(
    filled(ManualSpendBody, sent),
    Object.fromEntries(Object.entries(aliases).filter(([, value]) => !isAbsent(value))),
  )
}

/** The action of the points list that corrections are booked under (contract, section 6). */
const CORRECTION_ACTION = 164

export const toCorrectSpend = (body: ManualSpendBody, requestId: string): CorrectSpend => ({
  orderKey: textFrom(body.orderId),
  direction: body.activity.trim().toUpperCase() as CorrectSpend['direction'],
  amount: validAmount(body.amount),
  by: textFrom(body.adminEmail),
  reason: textFrom(body.reason),
  booking: { actionId: CORRECTION_ACTION, reason: textFrom(body.reason), requestId },
})

/** The member that a body names must be the order's. Throws AC1007. */
export function assertIsBuyer(named: string | null, buyer: string | null): void {
  if (named !== null && named !== buyer) throw invalid(['id'])
}

export const toManualSpendResult = (
  { order, awarded, removed, ...after }: ChangedOrder,
  { activity }: ManualSpendBody,
): Answer<typeof MANUAL_SPEND_RESULT> => ({
  orderId: order.orderKey,
  activity: activity.trim().toUpperCase(),
  orderTotal: toNumber(order.total),
  pointsAwarded: toPointsNumber(awarded),
  pointsRemoved: toPointsNumber(removed),
  ...balanceAfter(after),
})
