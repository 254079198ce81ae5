import { Decimal } from '../shared/decimal'
import { toDecimal } from '../shared/money'
import type { PastReturn, ReturnTerms, SoldBill, SoldLine } from './original-bill'
import type { ReturnedLine } from './return'

/** How far a bill has come back. */
export type ReturnState = 'NONE' | 'LINES' | 'AMOUNT' | 'ALL' | 'CANCELED'

/** How far a bill has come back. Pure. */
export function returnState(
  { amount, lines }: SoldBill,
  history: readonly PastReturn[],
  terms: Pick<ReturnTerms, 'amountDecimals'>,
): ReturnState {
  const kinds = new Set(history.map(({ kind }) => kind))
  if (kinds.has('CANCELED')) return 'CANCELED'
  if (kinds.has('FULL')) return 'ALL'
  if (kinds.has('AMOUNT')) return isMore(toDecimal(amount), returnedAmount(history), terms) ? 'AMOUNT' : 'ALL'
  if (!kinds.has('LINE_ITEM')) return 'NONE'
  return lines.every((line) => leftOf(line, history).isZero()) ? 'ALL' : 'LINES'
}

export const linesTaken = (history: readonly PastReturn[], lineNo: number): readonly ReturnedLine[] =>
  history.flatMap(({ lines }) => lines.filter((line) => line.lineNo === lineNo))

export const leftOf = (line: SoldLine, history: readonly PastReturn[]): Decimal =>
  toDecimal(line.quantity).minus(sum(linesTaken(history, line.lineNo).map(({ quantity }) => quantity)))

export const returnedAmount = (history: readonly PastReturn[]): Decimal =>
  sum(history.map(({ amount }) => amount))

export const sum = (values: readonly string[]): Decimal =>
  values.reduce((total, value) => total.plus(value), new Decimal(0))

/** Whether one amount is more than another, by at least half of the currency's smallest unit. */
export const isMore = (
  a: Decimal,
  b: Decimal,
  { amountDecimals }: Pick<ReturnTerms, 'amountDecimals'>,
): boolean => a.minus(b).gt(new Decimal(10).pow(-amountDecimals).div(2))
