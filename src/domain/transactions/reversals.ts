import { Decimal } from '../shared/decimal'
import { toDecimal } from '../shared/money'
import { type Points, roundPoints, sumPoints, ZERO_POINTS } from '../shared/points'
import type { OriginalBill, PastReturn, ReturnTerms, SoldBill, SoldLine } from './original-bill'
import { leftOf, returnedAmount, returnState } from './return-state'

export interface Reversal {
  readonly lineRef: string
  readonly due: Points
  /** With what was taken back before: what the ledger is asked for. */
  readonly cumulative: Points
}

/** What is due of each award once this has come back, after what came back before. Pure. */
export function reversalsOf(
  bill: SoldBill & Pick<OriginalBill, 'awards'>,
  history: readonly PastReturn[],
  taken: PastReturn,
  terms: Pick<ReturnTerms, 'amountDecimals' | 'pointsDecimals'>,
): readonly Reversal[] {
  const before = targetsOf(bill, history, terms)
  const after = targetsOf(bill, [...history, taken], terms)
  return bill.awards.flatMap(({ lineRef, awarded, reversed }, index) => {
    const due = ((after[index] ?? 0n) - (before[index] ?? 0n)) as Points
    // Never more than was awarded, whatever was taken back by other means.
    const cumulative = (reversed + due < awarded ? reversed + due : awarded) as Points
    return cumulative > reversed ? [{ lineRef, due: (cumulative - reversed) as Points, cumulative }] : []
  })
}

/** How much of each award should be gone after these returns: never less after more of them. */
function targetsOf(
  bill: SoldBill & Pick<OriginalBill, 'awards'>,
  history: readonly PastReturn[],
  terms: Pick<ReturnTerms, 'amountDecimals' | 'pointsDecimals'>,
): readonly Points[] {
  const state = returnState(bill, history, terms)
  if (state === 'NONE') return bill.awards.map(() => ZERO_POINTS)
  if (state === 'ALL' || state === 'CANCELED') return bill.awards.map(({ awarded }) => awarded)
  const money = { of: toDecimal(bill.amount), gone: returnedAmount(history) }
  if (state === 'LINES')
    return bill.awards.map(({ lineRef, awarded }) => {
      const line = bill.lines.find(({ lineNo }) => String(lineNo) === lineRef)
      return portion(awarded, line ? goodsOf(line, history) : money, terms)
    })
  const awards = bill.awards.map(({ awarded }) => awarded)
  return fromTheFirst(awards, portion(sumPoints(awards), money, terms))
}

/** Money has no line: it takes from the first award until that is gone, then from the next. */
function fromTheFirst(awards: readonly Points[], total: Points): readonly Points[] {
  let rest: bigint = total
  return awards.map((awarded) => {
    const own = rest < awarded ? rest : awarded
    rest -= own
    return own as Points
  })
}

/** How much of something is gone. */
interface Part {
  readonly of: Decimal
  readonly gone: Decimal
}

const goodsOf = (line: SoldLine, history: readonly PastReturn[]): Part => ({
  of: toDecimal(line.quantity),
  gone: toDecimal(line.quantity).minus(leftOf(line, history)),
})

/** A part of an award, cut to the program's decimals; a whole one is never cut. */
function portion(
  awarded: Points,
  { of, gone }: Part,
  { pointsDecimals }: Pick<ReturnTerms, 'pointsDecimals'>,
): Points {
  if (of.isZero()) return ZERO_POINTS
  if (gone.gte(of)) return awarded
  // Multiplied first: a third of three is one.
  return roundPoints(new Decimal(awarded.toString()).times(gone).div(of).div(1000), pointsDecimals, 'cut')
}
