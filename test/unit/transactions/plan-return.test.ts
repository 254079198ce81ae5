import fc from 'fast-check'
import { Decimal } from '../../../src/domain/shared/decimal'
import { type Amount, amount, sumAmounts } from '../../../src/domain/shared/money'
import { type Points, points, sumPoints } from '../../../src/domain/shared/points'
import { ReturnRefused } from '../../../src/domain/transactions/errors'
import {
  type OriginalBill,
  type OriginalLine,
  type PastReturn,
  type RequestedLine,
  type ReturnRequest,
  soldAmount,
} from '../../../src/domain/transactions/original-bill'
import { planReturn, type ReturnPlan } from '../../../src/domain/transactions/plan-return'
import { returnState } from '../../../src/domain/transactions/return-state'

const TERMS = { amountDecimals: 2, pointsDecimals: 0, isExchange: false }

const line = (lineNo: number, over: Partial<OriginalLine> = {}): OriginalLine => ({
  lineNo,
  itemCode: `item-${lineNo}`,
  otherCode: null,
  quantity: amount('1'),
  rate: amount('100'),
  amount: amount('100'),
  serial: null,
  returnable: true,
  parts: [],
  ...over,
})

const bill = (over: Partial<OriginalBill> = {}): OriginalBill => ({
  amount: amount('200'),
  lines: [line(1), line(2)],
  awards: [
    { lineRef: '1', awarded: points('10'), reversed: points('0') },
    { lineRef: '2', awarded: points('10'), reversed: points('0') },
  ],
  ...over,
})

const item = (itemCode: string, over: Partial<RequestedLine> = {}): RequestedLine => ({
  itemCode,
  quantity: amount('1'),
  amount: null,
  serial: null,
  rate: null,
  ...over,
})
const lines = (...requested: RequestedLine[]): ReturnRequest => ({ kind: 'LINE_ITEM', lines: requested })
const money = (text: string): ReturnRequest => ({ kind: 'AMOUNT', amount: amount(text) })

const refusalOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof ReturnRefused) return error.reason
    throw error
  }
  return 'taken'
}

/** Returns one after the other, as they would be stored. */
function steps(
  original: OriginalBill,
  requests: readonly ReturnRequest[],
  terms = TERMS,
): readonly ReturnPlan[] {
  const history: PastReturn[] = []
  let current = original
  return requests.map((request) => {
    const plan = planReturn(current, history, request, terms)
    history.push(plan)
    current = {
      ...current,
      awards: current.awards.map((award) => ({
        ...award,
        reversed:
          plan.reversals.find(({ lineRef }) => lineRef === award.lineRef)?.cumulative ?? award.reversed,
      })),
    }
    return plan
  })
}

const refusedAfter = (past: readonly ReturnRequest[], request: ReturnRequest, isExchange = false): string =>
  refusalOf(() => {
    const history = steps(bill(), past)
    planReturn(bill(), history, request, { ...TERMS, isExchange })
  })

describe('what may come back after what', () => {
  const NONE: ReturnRequest[] = []
  const LINES = [lines(item('item-1'))]
  const AMOUNT = [money('50')]
  const ALL: ReturnRequest[] = [{ kind: 'FULL' }]
  const CANCELED: ReturnRequest[] = [{ kind: 'CANCELED' }]
  const FULL: ReturnRequest = { kind: 'FULL' }

  it.each([
    ['FULL', FULL, 'taken', 'PARTLY_RETURNED', 'PARTLY_RETURNED', 'ALL_RETURNED', 'CANCELED'],
    ['AMOUNT', money('50'), 'taken', 'AMOUNT_AFTER_LINES', 'taken', 'ALL_RETURNED', 'CANCELED'],
    ['LINE_ITEM', lines(item('item-2')), 'taken', 'taken', 'LINES_AFTER_AMOUNT', 'ALL_RETURNED', 'CANCELED'],
    [
      'CANCELED',
      { kind: 'CANCELED' } as const,
      'taken',
      'PARTLY_RETURNED',
      'PARTLY_RETURNED',
      'ALL_RETURNED',
      'CANCELED',
    ],
  ])('%s', (_name, request, none, afterLines, afterAmount, afterAll, afterCancel) => {
    expect([NONE, LINES, AMOUNT, ALL, CANCELED].map((past) => refusedAfter(past, request))).toEqual([
      none,
      afterLines,
      afterAmount,
      afterAll,
      afterCancel,
    ])
  })

  it('says of an exchange that only lines are left', () => {
    expect(refusedAfter(LINES, money('50'), true)).toBe('ONLY_LINES_LEFT')
    expect(refusedAfter(LINES, FULL, true)).toBe('ONLY_LINES_LEFT')
    expect(refusedAfter(AMOUNT, FULL, true)).toBe('PARTLY_RETURNED')
    expect(refusedAfter(AMOUNT, lines(item('item-1')), true)).toBe('LINES_AFTER_AMOUNT')
  })

  it('is all returned with the last quantity, and with the last money', () => {
    const byLines = steps(bill(), [lines(item('item-1')), lines(item('item-2'))])
    expect(returnState(bill(), byLines, TERMS)).toBe('ALL')
    expect(returnState(bill(), steps(bill(), [money('150'), money('50')]), TERMS)).toBe('ALL')
    expect(returnState(bill(), steps(bill(), [money('199.99')]), TERMS)).toBe('AMOUNT')
  })
})

describe('what comes back', () => {
  it('is the whole bill, whatever the lines come to', () => {
    const [plan] = steps(bill({ amount: amount('210') }), [{ kind: 'FULL' }])
    expect(plan).toMatchObject({ amount: '210', points: points('20'), lines: [{ lineNo: 1 }, { lineNo: 2 }] })
  })

  it('is money up to the amount, and more than nothing', () => {
    expect(refusedAfter([], money('0'))).toBe('AMOUNT_TOO_HIGH')
    expect(refusedAfter([], money('200.01'))).toBe('AMOUNT_TOO_HIGH')
    expect(refusedAfter([], money('200.004'))).toBe('taken')
    expect(refusedAfter([money('150')], money('50.01'))).toBe('AMOUNT_TOO_HIGH')
  })

  it('is a line by its code, up to what was bought and what is left', () => {
    const original = bill({ lines: [line(1, { quantity: amount('3'), amount: amount('100') }), line(2)] })
    const of = (past: ReturnRequest[], request: ReturnRequest) =>
      refusalOf(() => steps(original, [...past, request]))
    expect(of([], lines())).toBe('NO_LINES')
    expect(of([], lines(item('item-1', { quantity: amount('0') })))).toBe('NO_LINES')
    expect(of([], lines(item('tax')))).toBe('NO_MATCHING_LINE')
    expect(of([], lines(item('item-1', { quantity: amount('4') })))).toBe('MORE_THAN_BOUGHT')
    expect(of([lines(item('item-1'))], lines(item('item-1', { quantity: amount('3') })))).toBe(
      'MORE_THAN_LEFT',
    )
    expect(of([], lines(item('item-1', { amount: amount('100.01') })))).toBe('LINE_AMOUNT_TOO_HIGH')
    expect(
      of([], lines(item('item-1', { quantity: amount('2') }), item('item-1', { quantity: amount('2') }))),
    ).toBe('MORE_THAN_LEFT')
  })

  it('is no more money than the bill, though its lines come to more', () => {
    const original = bill({ amount: amount('150') })
    expect(
      refusalOf(() =>
        steps(original, [
          lines(item('item-1', { amount: amount('100') })),
          lines(item('item-2', { amount: amount('100') })),
        ]),
      ),
    ).toBe('AMOUNT_TOO_HIGH')
    // Without an amount of its own, a line takes what is left.
    const [, last] = steps(original, [lines(item('item-1')), lines(item('item-2'))])
    expect(last).toMatchObject({ amount: '50' })
  })

  it('prices thirds so that they add up', () => {
    const original = bill({ lines: [line(1, { quantity: amount('3') })], awards: [] })
    const plans = steps(
      original,
      [1, 2, 3].map(() => lines(item('item-1'))),
    )
    expect(plans.map((plan) => plan.amount)).toEqual(['33.33', '33.33', '33.34'])
  })

  it('finds lines of one code by serial number, then by price, else in their order', () => {
    const original = bill({
      lines: [
        line(1, { itemCode: 'x', serial: '7', rate: amount('60'), amount: amount('60') }),
        line(2, { itemCode: 'x', serial: '8', rate: amount('40'), amount: amount('40') }),
      ],
    })
    const taken = (over: Partial<RequestedLine>) => steps(original, [lines(item('x', over))])[0]?.lines
    expect(taken({ serial: '8' })).toMatchObject([{ lineNo: 2, amount: '40' }])
    expect(taken({ rate: amount('40.00') })).toMatchObject([{ lineNo: 2 }])
    expect(taken({ serial: '9', rate: amount('9') })).toMatchObject([{ lineNo: 1 }])
    expect(taken({ quantity: amount('2') })).toMatchObject([{ lineNo: 1 }, { lineNo: 2 }])
    expect(taken({ quantity: amount('2'), amount: amount('50') })).toMatchObject([
      { amount: '30' },
      { amount: '20' },
    ])
  })

  it('tells of lines that are not there beside others that are, and refuses parts of a bundle', () => {
    expect(steps(bill(), [lines(item('item-1'), item('tax'))])[0]).toMatchObject({ unmatched: ['tax'] })
    const bundle = bill({ lines: [line(1, { parts: ['part'] })] })
    expect(refusalOf(() => steps(bundle, [lines(item('item-1'), item('part'))]))).toBe('PART_OF_BUNDLE')
  })

  it('is nothing that may not come back', () => {
    const original = bill({ lines: [line(1, { returnable: false }), line(2)] })
    const of = (request: ReturnRequest) => refusalOf(() => steps(original, [request]))
    expect(of({ kind: 'FULL' })).toBe('NOT_RETURNABLE')
    expect(of(lines(item('item-1')))).toBe('LINE_NOT_RETURNABLE')
    expect(of(lines(item('item-2')))).toBe('taken')
    expect(of(money('50'))).toBe('taken')
    expect(refusalOf(() => steps(bill({ lines: [line(1, { returnable: false })] }), [money('1')]))).toBe(
      'NOT_RETURNABLE',
    )
  })

  it('takes all that a line earned with its last piece, though the program has fewer decimals now', () => {
    const awards = [{ lineRef: '1', awarded: points('10.5'), reversed: points('0') }]
    expect(steps(bill({ awards }), [lines(item('item-1'))])[0]?.points).toBe(points('10.5'))
  })

  it('takes a third of three points as one', () => {
    const original = bill({
      lines: [line(1, { quantity: amount('3') })],
      awards: [{ lineRef: '1', awarded: points('3'), reversed: points('0') }],
    })
    const plans = steps(
      original,
      [1, 2, 3].map(() => lines(item('item-1'))),
    )
    expect(plans.map((plan) => plan.points)).toEqual([points('1'), points('1'), points('1')])
  })

  it('leaves to a correction by hand what an earlier return left', () => {
    const [first] = steps(bill(), [money('100')])
    const plan = planReturn(bill(), [first!], money('100'), TERMS)
    expect(plan.points).toBe(points('10'))
  })

  it('measures a sale that takes something back by what it sold', () => {
    const sold = { amount: amount('300'), isReturn: false }
    expect(soldAmount(amount('100'), [sold, { amount: amount('200'), isReturn: true }])).toBe('300')
    expect(soldAmount(amount('100'), [sold])).toBe('100')
  })
})

describe('points of partial returns', () => {
  const total = (original: OriginalBill): Points => sumPoints(original.awards.map(({ awarded }) => awarded))
  const aBill = fc
    .record({
      sold: fc.array(
        fc.record({
          quantity: fc.integer({ min: 1, max: 9 }),
          cents: fc.integer({ min: 0, max: 99_999 }),
          award: fc.nat(99_999),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      byBill: fc.boolean(),
    })
    .map(({ sold, byBill }): OriginalBill => {
      const own = sold.map(({ quantity, cents }, index) =>
        line(index + 1, {
          quantity: amount(String(quantity)),
          amount: new Decimal(cents).div(100).toFixed() as Amount,
        }),
      )
      const awards = sold.map(({ award }, index) => ({
        lineRef: byBill ? '' : String(index + 1),
        awarded: BigInt(award + 1) as Points,
        reversed: points('0'),
      }))
      return {
        amount: sumAmounts(own.map((one) => one.amount)),
        lines: own,
        awards: byBill ? awards.slice(0, 1) : awards,
      }
    })
  const decimals = fc.integer({ min: 0, max: 3 }).map((pointsDecimals) => ({ ...TERMS, pointsDecimals }))

  it('add up to the award to the thousandth, in whatever order lines come back', () => {
    fc.assert(
      fc.property(aBill, decimals, fc.infiniteStream(fc.nat()), (original, terms, picks) => {
        const units = original.lines.flatMap(({ itemCode, quantity }) =>
          Array.from({ length: Number(quantity) }, () => item(itemCode)),
        )
        const shuffled: ReturnRequest[] = []
        while (units.length > 0)
          shuffled.push(lines(...units.splice((picks.next().value as number) % units.length, 1)))
        const plans = steps(original, shuffled, terms)
        expect(sumPoints(plans.map((plan) => plan.points))).toBe(total(original))
        expect(plans.every((plan) => plan.points >= 0n)).toBe(true)
        expect(new Decimal(sumAmounts(plans.map((plan) => plan.amount))).toFixed()).toBe(original.amount)
      }),
    )
  })

  it('add up to the award to the thousandth, in whatever steps money comes back', () => {
    fc.assert(
      fc.property(
        aBill.filter((original) => original.amount !== '0'),
        decimals,
        fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 20 }),
        (original, terms, cents) => {
          let rest = new Decimal(original.amount).times(100)
          const parts = cents.flatMap((part) => {
            if (rest.lte(part)) return []
            rest = rest.minus(part)
            return [money(new Decimal(part).div(100).toFixed())]
          })
          const plans = steps(original, [...parts, money(rest.div(100).toFixed())], terms)
          expect(sumPoints(plans.map((plan) => plan.points))).toBe(total(original))
          expect(plans.flatMap(({ reversals }) => reversals).every(({ due }) => due > 0n)).toBe(true)
          expect(refusalOf(() => planReturn(original, plans, money('0.01'), terms))).toBe('ALL_RETURNED')
        },
      ),
    )
  })
})
