import { type Amount, amount, toAmount } from '../../domain/shared/money'
import { parseDecimal } from '../../domain/shared/decimal'
import { type ClientInstant, type Instant, instantOf } from '../../domain/shared/instant'
import { formatPoints, type Points } from '../../domain/shared/points'
import { JsonNumber, type JsonValue } from '../shared/json'

/** Clients send numbers as JSON numbers and as text (contract, section 5). */
export type NumberLike = JsonNumber | string
/** Ids are text in one place of the reference and bare integers in another; compared as text. */
export type IdLike = JsonNumber | string

/**
 * An amount from a number or its text. What floats leave behind (`0.30000000000000004`) is rounded to the six
 * decimals that are kept; null for what is no plain decimal or too large.
 */
export function amountFrom(value: NumberLike): Amount | null {
  const text = (value instanceof JsonNumber ? value.plainText() : value.trim()) ?? ''
  if (SHORT.test(text)) return amount(text)
  const decimal = parseDecimal(text)
  return decimal && decimal.abs().lt(TOO_LARGE) ? amount(toAmount(decimal)) : null
}

/** Nothing to round, and far from too large. */
const SHORT = /^-?\d{1,12}(?:\.\d{1,6})?$/

/** Half a unit below 10^13, where rounding would add a digit too many. */
const TOO_LARGE = '9999999999999.9999995'

export const isIdLike = (value: JsonValue | undefined): value is IdLike =>
  typeof value === 'string' || value instanceof JsonNumber

export const textFrom = (value: IdLike): string => (value instanceof JsonNumber ? value.text : value)

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))$/
const EARLIEST_YEAR = 1900

/** Reads `yyyy-MM-dd'T'HH:mm:ssZ` with `Z`, `+00:00` or `+0000`; null for anything else, also for 30 February. */
export function instantFrom(text: string): ClientInstant | null {
  const match = INSTANT.exec(text.trim())
  if (!match) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number)
  const [, , , , , , , fraction = '', sign, offsetHours = '00', offsetMinutes = '00'] = match
  const wall = new Date(
    Date.UTC(year, month - 1, day, hour, minute, second, Number(fraction.padEnd(3, '0').slice(0, 3))),
  )
  if (
    wall.getUTCMonth() !== month - 1 ||
    wall.getUTCDate() !== day ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return null
  if (year < EARLIEST_YEAR || Number(offsetHours) > 14 || Number(offsetMinutes) > 59) return null
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -60_000 : 60_000)
  return {
    at: instantOf(wall.getTime() - offset),
    offset: sign ? `${sign}${offsetHours}:${offsetMinutes}` : 'Z',
  }
}

const DATE = /^\d{4}-\d\d-\d\d$/
const DATE_AND_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

/** Reads `yyyy-MM-dd` and `yyyy-MM-dd HH:mm:ss`, both UTC, and instants; null for anything else (contract, section 5). */
export function dateFrom(text: string): ClientInstant | null {
  const said = text.trim()
  if (DATE.test(said)) return instantFrom(`${said}T00:00:00Z`)
  return instantFrom(DATE_AND_TIME.test(said) ? `${said.replace(' ', 'T')}Z` : said)
}

/** True for text that names a day and no time. */
export const isBareDate = (text: string): boolean => DATE.test(text.trim())

/** `2024-04-28T06:02:06+0000`. */
export const toTimestamp = (instant: Instant): string => `${instant.slice(0, 19)}+0000`

/** A JSON number with the decimals it has; integers print without a decimal point. */
export const toPointsNumber = (points: Points): JsonNumber => new JsonNumber(formatPoints(points))
export const toNumber = (value: Amount): JsonNumber => new JsonNumber(value)
