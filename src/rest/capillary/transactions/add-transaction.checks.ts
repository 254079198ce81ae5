import { Decimal } from '../../../domain/shared/decimal'
import { millisOf } from '../../../domain/shared/instant'
import type { Tenant } from '../../../domain/programs/tenant'
import type { Problem } from '../contract'
import { MAX_FUTURE_DAYS, MAX_PAST_DAYS, type CapillarySettings } from '../settings'
import { parseMoment } from '../time'
import type { AddTransactionBody } from './add-transaction.contract'
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
  const header = type && type !== 'REGULAR' ? [notTaken(`type ${type}`)] : []
  const lines = lineItemsV2.flatMap((line, index) =>
    line.type && line.type !== 'REGULAR' ? [notTaken(`lineItemsV2[${index}].type ${line.type}`)] : [],
  )
  return [...header, ...(type === 'REGULAR' ? lines : [])]
}

const notTaken = (what: string): Problem => ({
  step: 'STRUCTURE',
  code: 605,
  message: `${what} is known, but this server does not take it yet: only sales of type REGULAR without return lines.`,
})

function mandatoryProblems(
  { billNumber, billAmount }: AddTransactionBody,
  settings: CapillarySettings,
): readonly Problem[] {
  const missing = (code: number, name: string): Problem => ({
    step: 'STRUCTURE',
    code,
    message: `${name} is missing.`,
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
  const problem = (name: string, message: string): Problem => ({
    step: 'AMOUNTS',
    code: 601,
    message: `${name} ${message}.`,
  })
  const lines = body.lineItemsV2 ?? []
  const paid: (readonly [string, Decimal])[] = [
    ['billAmount', body.billAmount ?? new Decimal(0)],
    ['grossAmount', body.grossAmount ?? new Decimal(0)],
    ['discount', body.discount ?? new Decimal(0)],
    ...lines.flatMap((line, index) => {
      const figures = [netAmount(line), line.value, line.rate, line.discount]
      return figures.map((figure) => [`lineItemsV2[${index}]`, figure ?? new Decimal(0)] as const)
    }),
  ]
  const tooLarge = paid
    .filter(([, figure]) => isTooLarge(figure, exchange))
    .map(([name]) => problem(name, 'is too large'))
  return [
    ...new Map(tooLarge.map((found) => [found.message, found])).values(),
    ...rangeProblems(body, settings, exchange),
  ]
}

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
  return refused ? [{ step: 'AMOUNTS', code: 601, message: 'billAmount is outside the accepted range.' }] : []
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
    return [{ step: 'DATES', code: 643, message: 'billingDate lies too far ahead.' }]
  return billed < oldest ? [{ step: 'DATES', code: 644, message: 'billingDate lies too far back.' }] : []
}

function minBillingMillis({ minBillingDate }: CapillarySettings): number {
  const oldest = minBillingDate === null ? null : parseMoment(minBillingDate)
  return oldest ? millisOf(oldest.at) : -Infinity
}
