import { Decimal as DecimalJs } from 'decimal.js'

/** Our own constructor: wide enough that no documented amount is ever rounded by arithmetic. */
export const Decimal = DecimalJs.clone({ precision: 60, toExpNeg: -30, toExpPos: 40 })
export type Decimal = DecimalJs

const PLAIN_DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)$/

/** A decimal from plain text (no exponent, no blanks), or null. */
export function parseDecimal(text: string): Decimal | null {
  return PLAIN_DECIMAL.test(text) && text.length <= 64 ? new Decimal(text) : null
}
