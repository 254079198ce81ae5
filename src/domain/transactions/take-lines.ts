import { Decimal } from '../shared/decimal'
import { sumAmounts, toAmount, toDecimal } from '../shared/money'
import { ReturnRefused } from './errors'
import {
  isReturnable,
  linesOfItem,
  type OriginalBill,
  type OriginalLine,
  type PastReturn,
  type RequestedLine,
  type ReturnTerms,
} from './original-bill'
import type { Taken } from './plan-return'
import type { ReturnedLine } from './return'
import { isMore, leftOf, linesTaken, returnedAmount, sum } from './return-state'

export function takeLines(
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
  const ofItem = linesOfItem(lines, itemCode).filter(({ quantity }) => new Decimal(quantity).gt(0))
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
