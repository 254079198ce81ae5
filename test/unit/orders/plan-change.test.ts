import fc from 'fast-check'
import { debited } from '../../../src/domain/orders/correct-spend'
import {
  goneUnits,
  placedUnits,
  pointsGone,
  pointsWaiting,
  spendLeft,
  stateOf,
} from '../../../src/domain/orders/line-progress'
import type { OrderLine } from '../../../src/domain/orders/order'
import { type Move, planMove } from '../../../src/domain/orders/plan-change'
import { ChangeNotAllowed } from '../../../src/domain/purchases/errors'
import { Decimal } from '../../../src/domain/shared/decimal'
import type { OrderId } from '../../../src/domain/shared/ids'
import { type Amount, amount, ZERO_AMOUNT } from '../../../src/domain/shared/money'
import { points, roundPoints, ZERO_POINTS } from '../../../src/domain/shared/points'

const ratio = amount('1.5')
const rate = { ratio, pointsDecimals: 0 }

const aLine = (quantity: string, unitPrice: string, over: Partial<OrderLine> = {}): OrderLine => ({
  orderId: '1' as OrderId,
  lineNo: 1,
  kind: 'PRODUCT',
  batch: 0,
  productId: 'p',
  secondaryKey: null,
  quantity: amount(quantity),
  unitPrice: amount(unitPrice),
  state: 'PLACED',
  shipped: ZERO_AMOUNT,
  returned: ZERO_AMOUNT,
  canceled: ZERO_AMOUNT,
  debited: ZERO_AMOUNT,
  kept: ZERO_POINTS,
  points: roundPoints(new Decimal(quantity).times(unitPrice).times(ratio), 0, 'half-up'),
  attributes: {},
  ...over,
})

const units = (quantity: string) => [{ productId: 'p', secondaryKey: null, quantity: quantity as Amount }]

/** The lines after a move, or as they were when it is refused. */
function movedOrNot(lines: readonly OrderLine[], ...move: [Move, Parameters<typeof planMove>[2]]) {
  try {
    return planMove(lines, ...move)
  } catch (error) {
    if (error instanceof ChangeNotAllowed) return lines
    throw error
  }
}

describe('moving units of a line', () => {
  const moves = fc.array(
    fc.record({
      move: fc.constantFrom<Move>('SHIP', 'RETURN', 'CANCEL'),
      hundredths: fc.integer({ min: 1, max: 300 }),
    }),
    { maxLength: 8 },
  )
  const lines = fc
    .record({ hundredths: fc.integer({ min: 1, max: 900 }), cents: fc.integer({ min: 0, max: 99_999 }) })
    .map(({ hundredths, cents }) => aLine((hundredths / 100).toString(), (cents / 100).toString()))

  it('never loses a unit, and takes exactly the points of the line by the time all is gone', () => {
    fc.assert(
      fc.property(lines, moves, (line, steps) => {
        let now: readonly OrderLine[] = [line]
        let taken = 0n
        for (const { move, hundredths } of steps) {
          now = movedOrNot(now, move, units((hundredths / 100).toString()))
          const [after] = now as readonly [OrderLine]
          expect(placedUnits(after).plus(after.shipped).plus(goneUnits(after)).eq(line.quantity)).toBe(true)
          expect(placedUnits(after).isNegative()).toBe(false)
          expect(after.state).toBe(stateOf(after))
          const gone = pointsGone(after, rate)
          // Never less than before, and never more than there is.
          expect(gone >= taken && gone <= line.points).toBe(true)
          expect(pointsWaiting(after, rate) <= line.points).toBe(true)
          taken = gone
        }
        const [end] = movedOrNot(now, 'RETURN', null) as readonly [OrderLine]
        expect([pointsGone(end, rate), spendLeft(end), pointsWaiting(end, rate)]).toEqual([
          line.points,
          '0',
          0n,
        ])
      }),
    )
  })

  it('takes units of several matching lines in the order of their arrival', () => {
    const two = [aLine('2', '10'), aLine('3', '10', { lineNo: 2, secondaryKey: 'k' })]
    expect(planMove(two, 'SHIP', units('4')).map(({ shipped }) => shipped)).toEqual(['2', '2'])
    const keyed = [{ productId: 'p', secondaryKey: 'k', quantity: null }]
    expect(planMove(two, 'CANCEL', keyed).map(({ state }) => state)).toEqual(['PLACED', 'CANCELED'])
    expect(() => planMove(two, 'SHIP', units('5.000001'))).toThrow(ChangeNotAllowed)
    expect(() => planMove(two, 'SHIP', [{ productId: 'q', secondaryKey: null, quantity: null }])).toThrow(
      'lines.0',
    )
  })
})

describe('the points of a line', () => {
  it('are all taken with the last unit, also when the program has other decimals by now', () => {
    const line = aLine('3', '3.4', { points: points('15.3') })
    const gone = (returned: string) => pointsGone({ ...line, returned: amount(returned) }, rate)
    expect(['1', '2', '3'].map(gone)).toEqual([points('5'), points('10'), points('15.3')])
  })
})

describe('taking money from what an order counts as spent', () => {
  it('starts with what came last, never takes more than is left, and points follow', () => {
    const two = [aLine('2', '10'), aLine('1', '5', { lineNo: 2, kind: 'SPEND', state: 'SHIPPED' })]
    const after = debited(two, amount('12'))
    expect(after.map((line) => line.debited)).toEqual(['7', '5'])
    expect(after.map((line) => pointsGone(line, rate).toString())).toEqual(['11000', '8000'])
    expect(debited(two, amount('5'))[0]).toBe(two[0])
    expect(() => debited(two, amount('25.01'))).toThrow(ChangeNotAllowed)
    const returned = planMove(after, 'RETURN', units('1'))
    expect(returned.map(spendLeft)).toEqual(['3', '0'])
  })
})
