import { goneUnits, placedUnits } from '../../../domain/orders/line-progress'
import type { OrderLine } from '../../../domain/orders/order'
import { Decimal } from '../../../domain/shared/decimal'
import type { Writable } from '../../shared/json'
import { toNumber } from '../values'

/** What this door calls a state. The reference names ship, return, cancel and their partial forms; the rest is our choice. */
export type StateWord =
  'placed' | 'ship' | 'return' | 'cancel' | 'partial ship' | 'partial return' | 'partial cancel'

type Units = Pick<OrderLine, 'quantity' | 'shipped' | 'returned' | 'canceled'>

/** How far some lines have come, taken as one. Pure. */
export function stateWordOf(lines: readonly Units[]): StateWord {
  const all = (is: (line: Units) => boolean) => lines.length > 0 && lines.every(is)
  const some = (is: (line: Units) => boolean) => lines.some(is)
  if (all(({ quantity, canceled }) => new Decimal(canceled).eq(quantity))) return 'cancel'
  if (all((line) => goneUnits(line).eq(line.quantity))) return 'return'
  if (some(({ returned }) => isMore(returned))) return 'partial return'
  if (some(({ canceled }) => isMore(canceled))) return 'partial cancel'
  if (all((line) => placedUnits(line).isZero())) return 'ship'
  return some(({ shipped }) => isMore(shipped)) ? 'partial ship' : 'placed'
}

const isMore = (units: string): boolean => new Decimal(units).gt(0)

/** Lines of products with their state, as this door answers them; corrections of the spend are no products. */
export const toLinesWithState = (lines: readonly OrderLine[]): Writable =>
  productsOf(lines).map((line) => ({
    id: line.productId,
    secondarykey: line.secondaryKey ?? undefined,
    quantity: toNumber(line.quantity),
    unitPrice: toNumber(line.unitPrice),
    ...line.attributes,
    status: stateWordOf([line]),
    shippedQuantity: toNumber(line.shipped),
    returnedQuantity: toNumber(line.returned),
    cancelledQuantity: toNumber(line.canceled),
  }))

export const productsOf = (lines: readonly OrderLine[]): readonly OrderLine[] =>
  lines.filter(({ kind }) => kind === 'PRODUCT')
