import type { Decimal } from '../../../domain/shared/decimal'
import { millisOf } from '../../../domain/shared/instant'
import type { Tenant } from '../../../domain/programs/tenant'
import type { Problem } from '../contract'
import { MAX_FUTURE_DAYS, MAX_PAST_DAYS, type CapillarySettings } from '../settings'
import { parseMoment } from '../time'
import { type AddTransactionBody, HEADER_TYPES } from './add-transaction.contract'
import { currencyProblems, type Exchange, exchangeOf, isTooLarge, netAmount } from './amounts'

/** What the contract class cannot know: the organization's settings and the time. In no particular order. Pure. */
export function problemsOf(
  body: AddTransactionBody,
  settings: CapillarySettings,
  tenant: Tenant,
): readonly Problem[] {
  const exchange = exchangeOf(body, settings, tenant.setup.currency)
  return [
    ...typeProblems(body),
    ...mandatoryProblems(body, settings),
    ...amountProblems(body, settings, exchange),
    ...dateProblems(body, settings, tenant),
    ...currencyProblems(body, settings, tenant.setup.currency),
  ]
}

/** Returns and sales without a customer are not taken yet. */
function typeProblems({ type, lineItemsV2 = [] }: AddTransactionBody): readonly Problem[] {
  if (type !== 'REGULAR') return isKnown(type) ? [notTaken('type')] : []
  return lineItemsV2.flatMap((line, index) =>
    isKnown(line.type) && line.type !== 'REGULAR' ? [notTaken(`lineItemsV2[${index}].type`)] : [],
  )
}

const isKnown = (type: string | undefined): boolean => HEADER_TYPES.some((known) => known === type)

const notTaken = (field: string): Problem => ({
  step: 'STRUCTURE',
  code: 605,
  field,
  message: 'is known, but this server takes only sales of type REGULAR without return lines yet',
})

function mandatoryProblems(
  { billNumber, billAmount }: AddTransactionBody,
  settings: CapillarySettings,
): readonly Problem[] {
  const missing = (code: number, field: string): Problem => ({
    step: 'STRUCTURE',
    code,
    field,
    message: 'is missing',
  })
  return [
    ...(billNumber === undefined && settings.billNumberRequired ? [missing(602, 'billNumber')] : []),
    ...(billAmount === undefined ? [missing(601, 'billAmount')] : []),
  ]
}

function amountProblems(
  body: AddTransactionBody,
  settings: CapillarySettings,
  exchange: Exchange,
): readonly Problem[] {
  const tooLarge = figuresOf(body)
    .filter(([, figure]) => figure && isTooLarge(figure, exchange))
    .map(([field]): Problem => ({ step: 'AMOUNTS', code: 601, field, message: 'is too large' }))
  return [...tooLarge, ...rangeProblems(body, settings, exchange)]
}

/** Every amount of a sale, by field. */
const figuresOf = (body: AddTransactionBody): readonly (readonly [string, Decimal | undefined])[] => [
  ['billAmount', body.billAmount],
  ['grossAmount', body.grossAmount],
  ['discount', body.discount],
  ...(body.lineItemsV2 ?? []).flatMap((line, index) =>
    [netAmount(line), line.value, line.rate, line.discount].map(
      (figure) => [`lineItemsV2[${index}]`, figure] as const,
    ),
  ),
]

function rangeProblems(
  { billAmount }: AddTransactionBody,
  { zeroAmountAllowed, minBillAmount, maxBillAmount }: CapillarySettings,
  { rate }: Exchange,
): readonly Problem[] {
  // A negative amount is a problem of its own.
  if (!billAmount || billAmount.isNegative()) return []
  const amount = billAmount.times(rate)
  const outside = (minBillAmount && amount.lt(minBillAmount)) || (maxBillAmount && amount.gt(maxBillAmount))
  const refused = outside || (amount.isZero() && !zeroAmountAllowed)
  return refused
    ? [{ step: 'AMOUNTS', code: 601, field: 'billAmount', message: 'is outside the accepted range' }]
    : []
}

const DAY = 86_400_000

function dateProblems(
  { billingDate }: AddTransactionBody,
  settings: CapillarySettings,
  { time }: Tenant,
): readonly Problem[] {
  if (!billingDate) return []
  const billed = millisOf(billingDate.at)
  const now = millisOf(time.now)
  const oldest = Math.max(now - MAX_PAST_DAYS * DAY, minBillingMillis(settings))
  if (billed > now + MAX_FUTURE_DAYS * DAY)
    return [{ step: 'DATES', code: 643, field: 'billingDate', message: 'lies too far ahead' }]
  return billed < oldest
    ? [{ step: 'DATES', code: 644, field: 'billingDate', message: 'lies too far back' }]
    : []
}

function minBillingMillis({ minBillingDate }: CapillarySettings): number {
  const oldest = minBillingDate === null ? null : parseMoment(minBillingDate)
  return oldest ? millisOf(oldest.at) : -Infinity
}
