import { Decimal } from '../../../domain/shared/decimal'
import { sumAmounts } from '../../../domain/shared/money'
import type { JudgedBill } from '../../../domain/transactions/bill-policy'
import type { OutlierStatus } from '../../../domain/transactions/transaction'
import { item, type StatusItem } from '../errors'
import type { CapillarySettings } from '../settings'

export interface OutlierVerdict {
  readonly status: OutlierStatus
  /** Aligned with the lines. */
  readonly lines: readonly boolean[]
  readonly warnings: readonly StatusItem[]
}

/** Whether a sale, or a line of it, is out of the ordinary and earns nothing (section 19). Pure. */
export function judgeOutliers(facts: JudgedBill, settings: CapillarySettings): OutlierVerdict {
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
  { itemCode, amount }: JudgedBill['lines'][number],
  { outliers, minLineAmount, maxLineAmount }: CapillarySettings,
): boolean {
  if (outliers.itemCodes.includes(itemCode)) return true
  return (
    (minLineAmount !== null && new Decimal(amount).lt(minLineAmount)) ||
    (maxLineAmount !== null && new Decimal(amount).gt(maxLineAmount))
  )
}

function isOutlierBill(
  { amount, lines, billNumber, storeCode }: JudgedBill,
  { outliers }: CapillarySettings,
): boolean {
  const basketSize = () => new Decimal(sumAmounts(lines.map(({ quantity }) => quantity)))
  return (
    (outliers.zeroBill && new Decimal(amount).isZero()) ||
    (outliers.basketSizeLimit !== null && basketSize().gt(outliers.basketSizeLimit)) ||
    outliers.billPrefixes.some((prefix) => billNumber.startsWith(prefix)) ||
    (storeCode !== null && outliers.storeCodes.includes(storeCode))
  )
}
