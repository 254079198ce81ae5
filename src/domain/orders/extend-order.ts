import { Decimal } from '../shared/decimal'
import { amount, toAmount, ZERO_AMOUNT } from '../shared/money'
import { sumPoints, ZERO_POINTS } from '../shared/points'
import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import { earnByLine } from '../points/earning'
import type { Caller } from '../programs/caller'
import { changedOf, lockedOrder } from './change-order'
import type { OrderLine } from './order'
import {
  awardOfLines,
  type Booking,
  type ChangedOrder,
  finishChange,
  maturityOf,
  type OrderChange,
} from './order-points'
import { type PlacedLine, valueOf } from './place-order'

export interface ExtendOrder {
  readonly orderKey: string
  /** At least one. */
  readonly lines: readonly PlacedLine[]
  /** True: the points of the addition are spendable at once, whatever the order's rule says. */
  readonly disregardHold: boolean
  readonly booking: Booking
}

/**
 * Adds units or products to an order and awards their points with the ratio of the order; all of it or nothing.
 * Refuses with InvalidAmount, OrderNotFound, MemberMayNotAct and InvalidPoints. Source: contract of the orders door,
 * section 8.
 */
export async function extendOrder(
  deps: LoyaltyDeps,
  caller: Caller,
  command: ExtendOrder,
): Promise<ChangedOrder> {
  const { tenant } = caller
  const value = valueOf(command.lines)
  return deps.unitOfWork.run(async (stores) => {
    const change = await lockedOrder(stores, caller, command)
    await assertBuyerMayAct(change)
    const added = addedLines(change, command.lines)
    const order = {
      ...change.order,
      total: amount(toAmount(new Decimal(change.order.total).plus(value)), 'total'),
      points: sumPoints([change.order.points, ...added.map(({ points }) => points)]),
    }
    const after = [...change.lines, ...added]
    await stores.orders.save(tenant.id, order, changedOf(change.lines, after))
    const award = awardOfLines(caller, change.program, order, {
      batch: added[0]?.batch ?? 0,
      lines: added,
      rule: `orders.addition@${tenant.setup.version}`,
      from: tenant.time.now,
      maturesAt: command.disregardHold
        ? null
        : maturityOf(order, tenant.time.now, 'PLACED', tenant.setup.timeZone),
      booking: command.booking,
    })
    const awarded = award ? [await stores.ledger.award(award)] : []
    return finishChange(change, order, after, { awarded, removed: [] })
  })
}

/** Who bought may earn. Throws MemberMayNotAct. */
export async function assertBuyerMayAct({ stores, caller, order }: OrderChange): Promise<void> {
  const [member] = await stores.members.findByIds(caller.tenant.id, [order.memberId])
  if (!member) throw new MemberNotFound({ type: 'id', value: order.memberId })
  assertMayAct(member)
}

function addedLines(
  { order, lines, program }: OrderChange,
  placed: readonly PlacedLine[],
): readonly OrderLine[] {
  const last = lines.at(-1)?.lineNo ?? 0
  const points = earnByLine(placed, new Decimal(order.ratio), program.pointsDecimals)
  return placed.map((line, index) => ({
    ...line,
    ...FRESH,
    orderId: order.id,
    lineNo: last + 1 + index,
    kind: 'PRODUCT',
    batch: last + 1,
    state: 'PLACED',
    points: points[index] ?? ZERO_POINTS,
  }))
}

/** A line to which nothing has happened. */
export const FRESH = {
  shipped: ZERO_AMOUNT,
  returned: ZERO_AMOUNT,
  canceled: ZERO_AMOUNT,
  debited: ZERO_AMOUNT,
  kept: ZERO_POINTS,
} as const
