import { Decimal } from '../shared/decimal'
import { type Amount, toDecimal } from '../shared/money'
import { type Points, sumPoints } from '../shared/points'
import { ReturnRefused } from './errors'
import {
  isReturnable,
  type OriginalBill,
  type PastReturn,
  type ReturnRequest,
  type ReturnTerms,
} from './original-bill'
import type { ReturnedLine, ReturnKind } from './return'
import { isMore, returnedAmount, type ReturnState, returnState } from './return-state'
import { type Reversal, reversalsOf } from './reversals'
import { takeLines } from './take-lines'

export interface ReturnPlan {
  readonly kind: ReturnKind
  readonly amount: Amount
  readonly lines: readonly ReturnedLine[]
  /** What to take back, by award, for those of which anything is due. */
  readonly reversals: readonly Reversal[]
  /** Sum of what is due. */
  readonly points: Points
  /** Item codes that the original does not have, beside others that it has. */
  readonly unmatched: readonly string[]
}

/**
 * What a return takes of a bill: lines, money, points. Points go back exactly as far as goods or money have, counted
 * from the beginning: whatever the order and the size of the steps, the last one takes what is left, to the thousandth.
 *
 * Throws ReturnRefused as the table of the contract's section 7.2 and the rules of 7.3 say. Pure.
 */
export function planReturn(
  bill: OriginalBill,
  history: readonly PastReturn[],
  request: ReturnRequest,
  terms: ReturnTerms,
): ReturnPlan {
  const state = returnState(bill, history, terms)
  refuseByState(state, request.kind, terms)
  refuseByLines(bill, request.kind)
  const taken = takenBy(bill, history, request, terms)
  const reversals = reversalsOf(bill, history, taken, terms)
  return { ...taken, reversals, points: sumPoints(reversals.map(({ due }) => due)) }
}

function refuseByState(state: ReturnState, kind: ReturnKind, { isExchange }: ReturnTerms): void {
  if (state === 'CANCELED') throw new ReturnRefused('CANCELED')
  if (state === 'ALL') throw new ReturnRefused('ALL_RETURNED')
  if (state === 'NONE') return
  const isWhole = kind === 'FULL' || kind === 'CANCELED'
  if (state === 'LINES' && kind !== 'LINE_ITEM' && isExchange) throw new ReturnRefused('ONLY_LINES_LEFT')
  if (isWhole) throw new ReturnRefused('PARTLY_RETURNED')
  if (state === 'LINES' && kind === 'AMOUNT') throw new ReturnRefused('AMOUNT_AFTER_LINES')
  if (state === 'AMOUNT' && kind === 'LINE_ITEM') throw new ReturnRefused('LINES_AFTER_AMOUNT')
}

/** A whole bill comes back only with every line of it, money as long as any line may. */
function refuseByLines({ lines }: OriginalBill, kind: ReturnKind): void {
  if (lines.length === 0 || kind === 'LINE_ITEM') return
  const may = kind === 'AMOUNT' ? lines.some(isReturnable) : lines.every(isReturnable)
  if (!may) throw new ReturnRefused('NOT_RETURNABLE')
}

export type Taken = Pick<ReturnPlan, 'kind' | 'amount' | 'lines' | 'unmatched'>

function takenBy(
  bill: OriginalBill,
  history: readonly PastReturn[],
  request: ReturnRequest,
  terms: ReturnTerms,
): Taken {
  if (request.kind === 'LINE_ITEM') return takeLines(bill, history, request.lines, terms)
  if (request.kind === 'AMOUNT') return takeAmount(bill, history, request.amount, terms)
  const lines = bill.lines
    .filter(({ quantity }) => new Decimal(quantity).gt(0))
    .map(({ lineNo, quantity, amount }) => ({ lineNo, quantity, amount }))
  return { kind: request.kind, amount: bill.amount, lines, unmatched: [] }
}

function takeAmount(
  bill: OriginalBill,
  history: readonly PastReturn[],
  amount: Amount,
  terms: ReturnTerms,
): Taken {
  const after = returnedAmount(history).plus(amount)
  if (new Decimal(amount).lte(0) || isMore(after, toDecimal(bill.amount), terms))
    throw new ReturnRefused('AMOUNT_TOO_HIGH')
  return { kind: 'AMOUNT', amount, lines: [], unmatched: [] }
}
