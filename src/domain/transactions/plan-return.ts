import { Decimal } from '../shared/decimal'
import { type Amount, sumAmounts, toAmount, toDecimal } from '../shared/money'
import { type Points, roundPoints, sumPoints, ZERO_POINTS } from '../shared/points'
import { ReturnRefused } from './errors'
import type { ReturnedLine, ReturnKind, TransactionReturn } from './return'

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

type SoldBill = Pick<OriginalBill, 'amount'> & { readonly lines: readonly SoldLine[] }

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

export interface Reversal {
  readonly lineRef: string
  readonly due: Points
  /** With what was taken back before: what the ledger is asked for. */
  readonly cumulative: Points
}

/** How far a bill has come back. */
export type ReturnState = 'NONE' | 'LINES' | 'AMOUNT' | 'ALL' | 'CANCELED'

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

const isReturnable = ({ returnable }: OriginalLine): boolean => returnable

type Taken = Pick<ReturnPlan, 'kind' | 'amount' | 'lines' | 'unmatched'>

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

function takeLines(
  bill: OriginalBill,
  history: readonly PastReturn[],
  requested: readonly RequestedLine[],
  terms: ReturnTerms,
): Taken {
  const asked = requested.filter(({ quantity }) => !new Decimal(quantity).isZero())
  if (asked.length === 0) throw new ReturnRefused('NO_LINES')
  const taken: PastReturn[] = []
  const unmatched: string[] = []
  for (const line of asked) {
    const lines = takeLine(bill, [...history, ...taken], line, terms)
    if (lines === null) unmatched.push(line.itemCode)
    else taken.push({ kind: 'LINE_ITEM', amount: sumAmounts(lines.map(({ amount }) => amount)), lines })
  }
  if (taken.length === 0) throw new ReturnRefused('NO_MATCHING_LINE')
  return {
    kind: 'LINE_ITEM',
    amount: toAmount(returnedAmount(taken)),
    lines: taken.flatMap(({ lines }) => lines),
    unmatched,
  }
}

/** One requested line, from the lines of the original that it fits, in their order; null when it fits none. */
function takeLine(
  bill: OriginalBill,
  history: readonly PastReturn[],
  requested: RequestedLine,
  terms: ReturnTerms,
): readonly ReturnedLine[] | null {
  const pool = poolOf(bill.lines, requested)
  if (pool.length === 0) return refuseParts(bill, requested)
  if (!pool.some(isReturnable)) throw new ReturnRefused('LINE_NOT_RETURNABLE', requested.itemCode)
  const quantity = new Decimal(requested.quantity)
  const open = pool.filter(isReturnable)
  if (quantity.gt(sum(open.map((line) => line.quantity))))
    throw new ReturnRefused('MORE_THAN_BOUGHT', requested.itemCode)
  if (quantity.gt(sum(open.map((line) => leftOf(line, history).toFixed()))))
    throw new ReturnRefused('MORE_THAN_LEFT', requested.itemCode)
  if (
    requested.amount !== null &&
    isMore(toDecimal(requested.amount), sum(open.map(({ amount }) => amount)), terms)
  )
    throw new ReturnRefused('LINE_AMOUNT_TOO_HIGH', requested.itemCode)
  const lines = priced(bill, history, requested, quantitiesFrom(open, history, quantity), terms)
  const after = returnedAmount(history).plus(sum(lines.map(({ amount }) => amount)))
  if (isMore(after, toDecimal(bill.amount), terms)) throw new ReturnRefused('AMOUNT_TOO_HIGH')
  return lines
}

function refuseParts({ lines }: OriginalBill, { itemCode }: RequestedLine): null {
  if (lines.some(({ parts }) => parts.includes(itemCode))) throw new ReturnRefused('PART_OF_BUNDLE', itemCode)
  return null
}

/** Lines of the item code; of several, those of the serial number, else those of the price, where any are. */
function poolOf(
  lines: readonly OriginalLine[],
  { itemCode, serial, rate }: RequestedLine,
): readonly OriginalLine[] {
  const ofItem = lines.filter((line) => line.itemCode === itemCode && new Decimal(line.quantity).gt(0))
  const ofSerial = serial === null ? [] : ofItem.filter((line) => line.serial === serial)
  const narrowed = ofSerial.length > 0 ? ofSerial : ofItem
  const ofRate = rate === null ? [] : narrowed.filter((line) => new Decimal(line.rate).eq(rate))
  return ofRate.length > 0 ? ofRate : narrowed
}

interface LineShare {
  readonly line: OriginalLine
  readonly quantity: Decimal
  /** Nothing of the line is left after this. */
  readonly isLast: boolean
}

function quantitiesFrom(
  pool: readonly OriginalLine[],
  history: readonly PastReturn[],
  quantity: Decimal,
): readonly LineShare[] {
  let rest = quantity
  return pool.flatMap((line) => {
    const left = leftOf(line, history)
    const share = Decimal.min(left, rest)
    rest = rest.minus(share)
    return share.isZero() ? [] : [{ line, quantity: share, isLast: share.eq(left) }]
  })
}

/** The amount that was asked for, over the lines by what they cost; where none was asked for, what they cost. */
function priced(
  bill: OriginalBill,
  history: readonly PastReturn[],
  { amount }: RequestedLine,
  shares: readonly LineShare[],
  { amountDecimals }: ReturnTerms,
): readonly ReturnedLine[] {
  const costs = shares.map((share) => costOf(share, history, amountDecimals))
  const cost = sum(costs.map((value) => value.toFixed()))
  const left = Decimal.max(0, toDecimal(bill.amount).minus(returnedAmount(history)))
  const asked = amount === null ? Decimal.min(cost, left) : toDecimal(amount)
  let rest = asked
  return shares.map(({ line, quantity }, index) => {
    const isLast = index === shares.length - 1
    const part = cost.isZero() ? new Decimal(0) : asked.times(costs[index] ?? 0).div(cost)
    const own = isLast ? rest : Decimal.min(rest, part.toDecimalPlaces(amountDecimals, Decimal.ROUND_DOWN))
    rest = rest.minus(own)
    return { lineNo: line.lineNo, quantity: toAmount(quantity), amount: toAmount(own) }
  })
}

/** Price of so many of a line; of the last ones what is left of its amount, so that thirds add up. */
function costOf(
  { line, quantity, isLast }: LineShare,
  history: readonly PastReturn[],
  decimals: number,
): Decimal {
  const taken = sum(linesTaken(history, line.lineNo).map(({ amount }) => amount))
  const left = Decimal.max(0, toDecimal(line.amount).minus(taken))
  const price = new Decimal(line.amount).times(quantity).div(line.quantity)
  return isLast ? left : Decimal.min(left, price.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP))
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

const linesTaken = (history: readonly PastReturn[], lineNo: number): readonly ReturnedLine[] =>
  history.flatMap(({ lines }) => lines.filter((line) => line.lineNo === lineNo))

const leftOf = (line: SoldLine, history: readonly PastReturn[]): Decimal =>
  toDecimal(line.quantity).minus(sum(linesTaken(history, line.lineNo).map(({ quantity }) => quantity)))

const returnedAmount = (history: readonly PastReturn[]): Decimal => sum(history.map(({ amount }) => amount))

const sum = (values: readonly string[]): Decimal =>
  values.reduce((total, value) => total.plus(value), new Decimal(0))

/** Whether one amount is more than another, by at least half of the currency's smallest unit. */
const isMore = (a: Decimal, b: Decimal, { amountDecimals }: Pick<ReturnTerms, 'amountDecimals'>): boolean =>
  a.minus(b).gt(new Decimal(10).pow(-amountDecimals).div(2))

/** What a bill sold: its amount, or what its sold lines come to where it took something back as well. Pure. */
export const soldAmount = (
  amount: Amount,
  lines: readonly { readonly amount: Amount; readonly isReturn: boolean }[],
): Amount =>
  lines.some(({ isReturn }) => isReturn)
    ? sumAmounts(lines.filter(({ isReturn }) => !isReturn).map((line) => line.amount))
    : amount
