import { Decimal } from '../../domain/shared/decimal'
import { isJsonArray, isJsonMap, type JsonMap, JsonNumber, type JsonValue } from '../shared/json'

/** What cannot be read as what it should be. Not the same as not sent, which is undefined. */
export const UNREADABLE: unique symbol = Symbol('unreadable')
export type Read<T> = T | undefined | typeof UNREADABLE

/**
 * Values as integrators really send them (capillary.md section 12): numbers and booleans as text, blanks and nulls
 * for what is absent, enumerations in any letter case. Every reader answers undefined for not sent.
 */

/** Whatever came. */
export const asSent = (value: JsonValue | undefined): Read<JsonValue> => value

/** Text as it came; bare numbers and booleans become text; blank is not sent. */
export function text(value: JsonValue | undefined): Read<string> {
  if (isAbsent(value)) return undefined
  if (typeof value === 'string') return value
  if (value instanceof JsonNumber) return value.text
  return typeof value === 'boolean' ? String(value) : UNREADABLE
}

/** Text without blanks around it. */
export function trimmed(value: JsonValue | undefined): Read<string> {
  const read = text(value)
  return typeof read === 'string' ? read.trim() : read
}

/** An enumeration's value in upper case. */
export function choice(value: JsonValue | undefined): Read<string> {
  const read = trimmed(value)
  return typeof read === 'string' ? read.toUpperCase() : read
}

/** A decimal, exactly as written; UNREADABLE beyond 13 digits before the point, where no amount lives. */
export function decimal(value: JsonValue | undefined): Read<Decimal> {
  if (isAbsent(value)) return undefined
  const written = value instanceof JsonNumber ? value.text : typeof value === 'string' ? value.trim() : ''
  if (PLAIN.test(written)) return new Decimal(written)
  if (!DECIMAL.test(written) || written.length > 64) return UNREADABLE
  const number = new Decimal(written)
  return number.abs().lt(LIMIT) ? number.plus(0) : UNREADABLE
}

export function flag(value: JsonValue | undefined): Read<boolean> {
  if (isAbsent(value)) return undefined
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.trim().toLowerCase() : ''
  if (word === 'true') return true
  return word === 'false' ? false : UNREADABLE
}

export function map(value: JsonValue | undefined): Read<JsonMap> {
  if (isAbsent(value)) return undefined
  return isJsonMap(value) ? value : UNREADABLE
}

export function list(value: JsonValue | undefined): Read<readonly JsonValue[]> {
  if (isAbsent(value)) return undefined
  return isJsonArray(value) ? value : UNREADABLE
}

/** What the tables call an object and the samples show as a list: both. */
export function listOrOne(value: JsonValue | undefined): Read<readonly JsonValue[]> {
  return isJsonMap(value) ? [value] : list(value)
}

/** Texts of a list, blank ones left out. */
export function texts(value: JsonValue | undefined): Read<readonly string[]> {
  const items = list(value)
  if (items === undefined || items === UNREADABLE) return items
  const read = items.map(text).filter((item) => item !== undefined)
  return read.some((item) => item === UNREADABLE) ? UNREADABLE : (read as readonly string[])
}

export const isAbsent = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/** Nearly all that is sent: nothing about it is too large, and nothing is left to normalize. */
const PLAIN = /^\d{1,13}(\.\d{1,20})?$/
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?$/
const LIMIT = new Decimal('1e13')
