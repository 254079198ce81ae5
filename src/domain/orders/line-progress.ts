import { Decimal } from '../shared/decimal'
import { type Amount, toAmount } from '../shared/money'
import { type Points, roundPoints, ZERO_POINTS } from '../shared/points'
import type { OrderLine, OrderLineState } from './order'

/** How the points of a line follow from its money. */
export interface Rate {
  readonly ratio: Amount
  readonly pointsDecimals: number
}

type Units = Pick<OrderLine, 'quantity' | 'shipped' | 'returned' | 'canceled'>
type Money = Units & Pick<OrderLine, 'unitPrice' | 'debited'>

/** Units that have neither shipped nor left the order. Pure. */
export const placedUnits = ({ quantity, shipped, returned, canceled }: Units): Decimal =>
  new Decimal(quantity).minus(shipped).minus(returned).minus(canceled)

/** Units that came back or will not be shipped. Pure. */
export const goneUnits = ({ returned, canceled }: Units): Decimal => new Decimal(returned).plus(canceled)

/** The state of a line as a whole: canceled or returned when nothing of it is left, shipped when nothing waits. Pure. */
export function stateOf(line: Units): OrderLineState {
  if (new Decimal(line.canceled).eq(line.quantity)) return 'CANCELED'
  if (goneUnits(line).eq(line.quantity)) return 'RETURNED'
  return placedUnits(line).isZero() ? 'SHIPPED' : 'PLACED'
}

/** What a line still counts as spent: its value less what left the order and what corrections took. Pure. */
export const spendLeft = (line: Money): Amount => toAmount(valueOf(line).minus(moneyGone(line)))

/**
 * Points of a line that should be taken back by now, in all, less those that the member keeps: so that parts in any
 * order end where the whole ends, figures are of what is gone as one amount, and the last unit takes what is left. Pure.
 */
export function pointsGone(line: Money & Pick<OrderLine, 'points' | 'kept'>, rate: Rate): Points {
  const due = pointsOfGone(line, rate) - line.kept
  return due > 0n ? (due as Points) : ZERO_POINTS
}

function pointsOfGone(line: Money & Pick<OrderLine, 'points'>, { ratio, pointsDecimals }: Rate): Points {
  const gone = moneyGone(line)
  if (goneUnits(line).eq(line.quantity) || gone.eq(valueOf(line))) return line.points
  const due = roundPoints(gone.times(ratio), pointsDecimals, 'half-up')
  return due < line.points ? due : line.points
}

/** Points of a line that belong to units that have not shipped: what a hold by item keeps waiting. Pure. */
export function pointsWaiting(
  line: Money & Pick<OrderLine, 'points'>,
  { ratio, pointsDecimals }: Rate,
): Points {
  const placed = placedUnits(line)
  if (placed.isZero()) return ZERO_POINTS
  const others = new Decimal(line.quantity).minus(placed).times(line.unitPrice).times(ratio)
  const waiting = line.points - roundPoints(others, pointsDecimals, 'half-up')
  return waiting > 0n ? (waiting as Points) : ZERO_POINTS
}

const valueOf = ({ quantity, unitPrice }: Money): Decimal => new Decimal(quantity).times(unitPrice)

const moneyGone = (line: Money): Decimal =>
  Decimal.min(valueOf(line), new Decimal(line.debited).plus(goneUnits(line).times(line.unitPrice)))
