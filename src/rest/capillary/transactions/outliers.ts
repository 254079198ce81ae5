import { Decimal } from '../../../domain/shared/decimal'
import type { OutlierStatus } from '../../../domain/transactions/transaction'
import { item, type StatusItem } from '../errors'
import type { CapillarySettings } from '../settings'

/** What the outlier rules look at: stored amounts, and the store the sale is booked on. */
export interface OutlierFacts {
  /** What the client says; it beats every rule. */
  readonly said: OutlierStatus | null
  readonly billNumber: string
  readonly storeCode: string | null
  readonly amount: Decimal
  readonly lines: readonly {
    readonly itemCode: string
    readonly quantity: Decimal
    readonly amount: Decimal
  }[]
}

export interface OutlierVerdict {
  readonly status: OutlierStatus
  /** Aligned with the lines. */
  readonly lines: readonly boolean[]
  readonly warnings: readonly StatusItem[]
}

/** Whether a sale, or a line of it, is out of the ordinary and earns nothing (section 19). Pure. */
export function judgeOutliers(facts: OutlierFacts, settings: CapillarySettings): OutlierVerdict {
  if (facts.said) return { status: facts.said, lines: facts.lines.map(() => false), warnings: [] }
  const lines = facts.lines.map((line) => isOutlierLine(line, settings))
  const isOutlier = isOutlierBill(facts, settings)
  return {
    status: isOutlier ? 'OUTLIER' : 'NORMAL',
    lines,
    warnings: [
      ...facts.lines.filter((_line, index) => lines[index]).map(({ itemCode }) => lineWarning(itemCode)),
      ...(isOutlier ? [item(9611, 'The transaction was marked as an outlier; it earns nothing.')] : []),
    ],
  }
}

const lineWarning = (itemCode: string): StatusItem =>
  item(9608, `The line ${itemCode} was marked as an outlier; it earns nothing.`)

function isOutlierLine(
  { itemCode, amount }: OutlierFacts['lines'][number],
  { outliers, minLineAmount, maxLineAmount }: CapillarySettings,
): boolean {
  if (outliers.itemCodes.includes(itemCode)) return true
  return (
    (minLineAmount !== null && amount.lt(minLineAmount)) ||
    (maxLineAmount !== null && amount.gt(maxLineAmount))
  )
}

function isOutlierBill(
  { amount, lines, billNumber, storeCode }: OutlierFacts,
  { outliers }: CapillarySettings,
): boolean {
  const basketSize = lines.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0))
  return (
    (outliers.zeroBill && amount.isZero()) ||
    (outliers.basketSizeLimit !== null && basketSize.gt(outliers.basketSizeLimit)) ||
    outliers.billPrefixes.some((prefix) => billNumber.startsWith(prefix)) ||
    (storeCode !== null && outliers.storeCodes.includes(storeCode))
  )
}
