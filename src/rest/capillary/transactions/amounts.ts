import { Decimal } from '../../../domain/shared/decimal'
import { type Amount, toAmount } from '../../../domain/shared/money'
import type { Code } from '../codes'
import type { Problem } from '../contract'
import type { CapillarySettings } from '../settings'
import type { AddTransactionBody, LineItemBody } from './add-transaction.contract'

/** From what the client said to what is stored: the tenant's currency, its decimals. */
export interface Exchange {
  /** Units of the tenant's currency per unit of the client's; 1 unless the sale is in a local currency. */
  readonly rate: Decimal
  /** The client's currency where it is another one, or null. */
  readonly currency: string | null
}

const AS_IT_IS: Exchange = { rate: new Decimal(1), currency: null }

/** How the amounts of a sale become the tenant's (section 20); as they are where they need not or cannot. Pure. */
export function exchangeOf(
  { addWithLocalCurrency, currencyCode }: AddTransactionBody,
  { currencyConversion, currencyRatios }: CapillarySettings,
  base: string,
): Exchange {
  if (!addWithLocalCurrency || !currencyConversion || !currencyCode || currencyCode === base) return AS_IT_IS
  const [ratio, ratioOfBase] = [currencyRatios.get(currencyCode), currencyRatios.get(base)]
  return ratio && ratioOfBase ? { rate: ratio.div(ratioOfBase), currency: currencyCode } : AS_IT_IS
}

/** Why the amounts cannot become the tenant's. Pure. */
export function currencyProblems(
  { addWithLocalCurrency, currencyCode }: AddTransactionBody,
  { currencyConversion, currencyRatios }: CapillarySettings,
  base: string,
): readonly Problem[] {
  const problem = (code: Code, message: string): Problem => ({
    step: 'CURRENCY',
    code,
    field: code === 682 ? 'addWithLocalCurrency' : 'currencyCode',
    message,
  })
  if (!addWithLocalCurrency) return []
  const isKnown =
    currencyCode === base || (currencyRatios.has(currencyCode ?? '') && currencyRatios.has(base))
  return [
    ...(currencyConversion ? [] : [problem(682, 'is not enabled for the organization')]),
    ...(currencyCode ? [] : [problem(9606, 'is missing')]),
    ...(currencyCode && !isKnown ? [problem(1102, 'has no currency ratio')] : []),
  ]
}

/** An amount as it is stored: converted, then cut or rounded to the organization's decimals (section 13). Pure. */
export function storedAmount(
  value: Decimal,
  exchange: Exchange,
  { amountRounding }: CapillarySettings,
): Amount {
  if (exchange === AS_IT_IS && value.decimalPlaces() <= amountRounding.places) return toAmount(value)
  const { rate } = exchange
  const mode = amountRounding.mode === 'cut' ? Decimal.ROUND_DOWN : Decimal.ROUND_HALF_UP
  return toAmount(value.times(rate).toDecimalPlaces(amountRounding.places, mode))
}

/** A line's net amount: as sent, else its gross value or price x quantity, less the discount. Pure. */
export function netAmount({ amount, value, rate, qty, discount }: LineItemBody): Decimal {
  if (amount) return amount
  const gross = value ?? new Decimal(rate ?? 0).times(qty ?? 1)
  return Decimal.max(0, gross.minus(discount ?? 0))
}

/** Thirteen digits before the point are kept; conversion and multiplication may need more. */
export const isTooLarge = (value: Decimal, exchange: Exchange): boolean =>
  (exchange === AS_IT_IS ? value : value.times(exchange.rate)).e >= DIGITS_KEPT

/** Of a figure's first digit the power of ten is below that; zero has power 0. */
const DIGITS_KEPT = 13
