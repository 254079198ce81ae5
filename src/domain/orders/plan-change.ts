import { ChangeNotAllowed } from '../purchases/errors'
import { Decimal } from '../shared/decimal'
import { type Amount, toAmount, ZERO_AMOUNT } from '../shared/money'
import { placedUnits, stateOf } from './line-progress'
import type { OrderLine } from './order'

/** What may happen to units of an order after it was placed. */
export type Move = 'SHIP' | 'RETURN' | 'CANCEL'

/** Which units: of the lines with this product, and this second key where one is given. */
export interface MovedLine {
  readonly productId: string
  readonly secondaryKey: string | null
  /** More than zero; null: all that can move. */
  readonly quantity: Amount | null
}

/**
 * The lines after a move, in their order. What has shipped may come back and not be canceled; what left the order moves
 * no more; a return takes what has shipped before what has not. Without `moved` the whole order is meant, and a
 * cancellation of the whole needs that nothing of it has shipped. Where several lines match they move in the order of
 * their arrival. Throws ChangeNotAllowed when fewer units can move than are asked, or none. Pure.
 * Source: contract of the orders door, section 8.
 */
export function planMove(
  lines: readonly OrderLine[],
  move: Move,
  moved: readonly MovedLine[] | null,
): readonly OrderLine[] {
  if (moved === null) return wholeMoved(lines, move)
  return moved.reduce<readonly OrderLine[]>((now, asked, index) => partMoved(now, move, asked, index), lines)
}

function wholeMoved(lines: readonly OrderLine[], move: Move): readonly OrderLine[] {
  const shipped = lines.some((line) => line.kind === 'PRODUCT' && new Decimal(line.shipped).gt(0))
  if ((move === 'CANCEL' && shipped) || !lines.some((line) => movable(line, move).gt(0)))
    throw new ChangeNotAllowed('status')
  // A correction by hand is no goods: it goes with the whole order, whichever way that goes.
  return lines.map((line) =>
    line.kind === 'SPEND' && move !== 'SHIP'
      ? unitsMoved(line, 'RETURN', movable(line, 'RETURN'))
      : unitsMoved(line, move, movable(line, move)),
  )
}

function partMoved(
  lines: readonly OrderLine[],
  move: Move,
  { productId, secondaryKey, quantity }: MovedLine,
  index: number,
): readonly OrderLine[] {
  const matches = ({ kind, ...line }: OrderLine): boolean =>
    kind === 'PRODUCT' &&
    line.productId === productId &&
    (secondaryKey === null || line.secondaryKey === secondaryKey)
  let left = quantity === null ? null : new Decimal(quantity)
  let any = false
  const after = lines.map((line) => {
    const there = matches(line) ? movable(line, move) : new Decimal(0)
    const units = left === null ? there : Decimal.min(there, left)
    if (units.isZero()) return line
    any = true
    left = left && left.minus(units)
    return unitsMoved(line, move, units)
  })
  if (!any || left?.gt(0)) throw new ChangeNotAllowed(`lines.${index}`)
  return after
}

/** Units of a line that may move this way. */
const movable = (line: OrderLine, move: Move): Decimal =>
  move === 'RETURN' ? placedUnits(line).plus(line.shipped) : placedUnits(line)

/** The line with units of it moved; a return takes what has shipped first. Pure. */
export function unitsMoved(line: OrderLine, move: Move, units: Decimal): OrderLine {
  if (units.isZero()) return line
  const less = move === 'RETURN' ? Decimal.min(units, line.shipped) : new Decimal(0)
  const after = {
    ...line,
    shipped: plus(line.shipped, move === 'SHIP' ? units : less.negated()),
    returned: plus(line.returned, move === 'RETURN' ? units : NONE),
    canceled: plus(line.canceled, move === 'CANCEL' ? units : NONE),
  }
  return { ...after, state: stateOf(after) }
}

const NONE = new Decimal(ZERO_AMOUNT)
const plus = (amount: Amount, more: Decimal): Amount => toAmount(new Decimal(amount).plus(more))
