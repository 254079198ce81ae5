import { Decimal } from '../shared/decimal'
import { type Amount, toAmount } from '../shared/money'
import { type Points, sumPoints } from '../shared/points'
import type { Movement } from '../points/ledger'
import type { Caller } from '../programs/caller'
import type { Stores } from '../stores'
import { debited } from './correct-spend'
import { placedUnits, pointsGone, type Rate } from './line-progress'
import type { Order, OrderLine } from './order'
import {
  type Booking,
  programOfOrder,
  release,
  releaseAfter,
  ripensAt,
  spentOn,
  takeBackLines,
  type OrderChange,
} from './order-points'
import { unitsMoved } from './plan-change'

/** What comes back of an order elsewhere than where it was placed. */
export type OrderReturn =
  | {
      readonly kind: 'UNITS'
      readonly units: readonly { readonly lineNo: number; readonly quantity: Amount }[]
    }
  /** Money without goods, of what the order counts as spent. */
  | { readonly kind: 'MONEY'; readonly money: Amount }
  /** All that is left; canceled: what has not shipped will not. */
  | { readonly kind: 'ALL'; readonly isCanceled: boolean }

/** An order, under lock, and what a return does to it. */
export interface OrderTaken {
  readonly order: Order
  /** All of them, as they are afterwards. */
  readonly lines: readonly OrderLine[]
  /** Numbers of the lines that something came back of. */
  readonly touched: readonly number[]
  /** How its points follow; null: they do not. */
  readonly points: PointsTaken | null
  /** By how much less it counts as spent. */
  readonly spend: Amount
}

export interface PointsTaken {
  readonly due: Points
  /** Takes what still waits before what does not. */
  readonly isCanceled: boolean
  /** Nothing of the order is waited for any more: its points begin to ripen. */
  readonly completes: boolean
}

/**
 * What a return does to an order that is locked: its lines, its spend, and its points, which go back by the order's own
 * rule, cumulatively, so that parts taken here and there in any order end where the whole ends. Points that are not to
 * be reversed are written down as kept, and no later return takes them. Pure.
 */
export function planOrderReturn(
  { tenant }: Pick<Caller, 'tenant'>,
  { order, lines: before }: { readonly order: Order; readonly lines: readonly OrderLine[] },
  taken: OrderReturn,
  reversesPoints: boolean,
): OrderTaken {
  const { ratio } = order
  const rate = { ratio, pointsDecimals: programOfOrder(tenant, order).pointsDecimals }
  const moved = returned(before, taken)
  const due = sumPoints(moved.map((line, index) => dueOf(line, before[index] as OrderLine, rate)))
  const isCanceled = taken.kind === 'ALL' && taken.isCanceled
  return {
    order,
    lines: reversesPoints ? moved : moved.map((line, index) => keeping(line, before[index], rate)),
    touched: moved.filter((line, index) => line !== before[index]).map(({ lineNo }) => lineNo),
    points: reversesPoints
      ? { due, isCanceled, completes: dueRelease({ tenant }, order, before, moved, isCanceled) !== undefined }
      : null,
    spend: toAmount(new Decimal(spentOn(before)).minus(spentOn(moved))),
  }
}

function returned(lines: readonly OrderLine[], taken: OrderReturn): readonly OrderLine[] {
  if (taken.kind === 'MONEY') return debited(lines, taken.money)
  if (taken.kind === 'ALL') return lines.map((line) => wholeBack(line, taken.isCanceled))
  return lines.map((line) => {
    const units = taken.units.filter(({ lineNo }) => lineNo === line.lineNo)
    return unitsMoved(
      line,
      'RETURN',
      units.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0)),
    )
  })
}

/** A correction by hand is no goods: it comes back with the whole, and cannot be canceled. */
function wholeBack(line: OrderLine, isCanceled: boolean): OrderLine {
  if (!isCanceled || line.kind === 'SPEND')
    return unitsMoved(line, 'RETURN', placedUnits(line).plus(line.shipped))
  return unitsMoved(unitsMoved(line, 'CANCEL', placedUnits(line)), 'RETURN', new Decimal(line.shipped))
}

const dueOf = (after: OrderLine, before: OrderLine, rate: Rate): Points =>
  (pointsGone(after, rate) - pointsGone(before, rate)) as Points

const keeping = (after: OrderLine, before: OrderLine | undefined, rate: Rate): OrderLine =>
  before === undefined || after === before
    ? after
    : { ...after, kept: sumPoints([after.kept, dueOf(after, before, rate)]) }

const dueRelease = (
  { tenant }: Pick<Caller, 'tenant'>,
  order: Order,
  before: readonly OrderLine[],
  after: readonly OrderLine[],
  isCanceled: boolean,
) =>
  releaseAfter(order, before, after, {
    move: isCanceled ? 'CANCEL' : 'RETURN',
    hold: 'rule',
    now: tenant.time.now,
    zone: tenant.setup.timeZone,
  })

/**
 * Takes back the points of what came back of an order, and lets the rest ripen where that was the last that was waited
 * for. The order is saved already, and locked; standing is the caller's to settle. Answers the wallet's last movement,
 * null when nothing moved.
 */
export async function takeOrderBack(
  stores: Stores,
  caller: Caller,
  { order, lines, touched, points }: OrderTaken,
  booking: Booking,
): Promise<Movement | null> {
  if (points === null) return null
  const program = programOfOrder(caller.tenant, order)
  const change: OrderChange = { stores, caller, program, booking, order, lines }
  const gone = lines.filter(({ lineNo }) => touched.includes(lineNo))
  const removed = await takeBackLines(change, gone, points.isCanceled ? 'waiting' : 'released')
  const { time, setup } = caller.tenant
  const ripe = points.completes
    ? await release(change, lines, ripensAt(order, time.now, setup.timeZone), false)
    : []
  return [...removed, ...ripe].at(-1) ?? null
}
