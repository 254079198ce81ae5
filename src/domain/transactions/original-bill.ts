import { type Amount, sumAmounts } from '../shared/money'
import type { Points } from '../shared/points'
import type { TransactionReturn } from './return'

/** A bill that something may come back of. */
export interface OriginalBill {
  /** What was bought: no more can come back. */
  readonly amount: Amount
  /** What was bought, without what the bill itself took back. */
  readonly lines: readonly OriginalLine[]
  /** What it was awarded: for a line by its number, for the bill as a whole by an empty reference. */
  readonly awards: readonly Award[]
}

export interface OriginalLine {
  readonly lineNo: number
  readonly itemCode: string
  /** Another code that it goes by, where no line has that as its own; null: none. */
  readonly otherCode: string | null
  readonly quantity: Amount
  readonly rate: Amount
  readonly amount: Amount
  readonly serial: string | null
  /** Whether it may come back at the time of the return. */
  readonly returnable: boolean
  /** Item codes of what it is made of, which do not come back alone. */
  readonly parts: readonly string[]
}

/** What decides how much of a line is gone. */
export type SoldLine = Pick<OriginalLine, 'lineNo' | 'quantity'>

export interface Award {
  readonly lineRef: string
  readonly awarded: Points
  /** Taken back before. */
  readonly reversed: Points
}

export type SoldBill = Pick<OriginalBill, 'amount'> & { readonly lines: readonly SoldLine[] }

/** What came back before. */
export type PastReturn = Pick<TransactionReturn, 'kind' | 'amount' | 'lines'>

export type ReturnRequest =
  | { readonly kind: 'FULL' | 'CANCELED' }
  | { readonly kind: 'AMOUNT'; readonly amount: Amount }
  | { readonly kind: 'LINE_ITEM'; readonly lines: readonly RequestedLine[] }

/** A line that comes back, as the client describes it. */
export interface RequestedLine {
  readonly itemCode: string
  readonly quantity: Amount
  /** Null: the original's price of so many. */
  readonly amount: Amount | null
  /** Tell apart lines of one item code; null where not said. */
  readonly serial: string | null
  readonly rate: Amount | null
}

export interface ReturnTerms {
  /** Decimals of the currency: amounts that differ by less than half of the smallest unit are equal. */
  readonly amountDecimals: number
  readonly pointsDecimals: number
  /** Of a bill that sells as well, which is refused in other words. */
  readonly isExchange: boolean
}

/** What a bill sold: its amount, or what its sold lines come to where it took something back as well. Pure. */
export const soldAmount = (
  amount: Amount,
  lines: readonly { readonly amount: Amount; readonly isReturn: boolean }[],
): Amount =>
  lines.some(({ isReturn }) => isReturn)
    ? sumAmounts(lines.filter(({ isReturn }) => !isReturn).map((line) => line.amount))
    : amount

export const isReturnable = ({ returnable }: OriginalLine): boolean => returnable

/** The lines that an item code means: those of the item, or else those that it is another code of. Pure. */
export function linesOfItem(lines: readonly OriginalLine[], itemCode: string): readonly OriginalLine[] {
  const own = lines.filter((line) => line.itemCode === itemCode)
  return own.length > 0 ? own : lines.filter(({ otherCode }) => otherCode === itemCode)
}
