import { Decimal, parseDecimal } from './decimal'
import { InvalidAmount } from './errors'

/** An amount of money, or a quantity of goods: canonical decimal text, such as `100.5`. Never a float. */
export type Amount = string & { readonly brand: 'Amount' }

const MAX_INTEGER_DIGITS = 13
const MAX_SCALE = 6

/** Whether text is an amount as it would be written here, so that no arithmetic is needed: nearly all that clients send. */
export const isCanonical = (text: string): text is Amount => CANONICAL.test(text)

const CANONICAL = /^(?:0|[1-9]\d{0,12})(?:\.\d{0,5}[1-9])?$/

/** Parses decimal text of at most 13 digits before and 6 after the point. Throws InvalidAmount. */
export function amount(text: string, what = 'amount'): Amount {
  if (isCanonical(text)) return text
  const value = parseDecimal(text)
  if (!value || value.decimalPlaces() > MAX_SCALE || value.abs().gte(`1e${MAX_INTEGER_DIGITS}`))
    throw new InvalidAmount(what, text)
  return value.toFixed() as Amount
}

export const ZERO_AMOUNT = '0' as Amount

/** Canonical text of a computed decimal, rounded half up to the six places that are stored. */
export const toAmount = (value: Decimal): Amount =>
  (value.decimalPlaces() <= MAX_SCALE
    ? value
    : value.toDecimalPlaces(MAX_SCALE, Decimal.ROUND_HALF_UP)
  ).toFixed() as Amount

/** An amount in whole millionths: exact, and far cheaper to add and multiply than a decimal. */
export function toMillionths(value: Amount): bigint {
  const point = value.indexOf('.')
  if (point < 0) return BigInt(value) * 1_000_000n
  return BigInt(value.slice(0, point) + value.slice(point + 1).padEnd(MAX_SCALE, '0'))
}

export const toDecimal = (value: Amount): Decimal => new Decimal(value)

export const sumAmounts = (values: readonly Amount[]): Amount =>
  toAmount(values.reduce((sum, value) => sum.plus(value), new Decimal(0)))
