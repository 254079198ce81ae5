import { ValidateBy } from 'class-validator'
import { isJsonMap, JsonNumber, type JsonValue } from '../shared/json'
import { amountFrom, dateFrom, instantFrom } from './values'

/** The rule whose breach is "missing" (AC1004); a breach of any other is "invalid" (AC1007). */
export const PRESENCE = 'isPresent'

export const IsPresent = (): PropertyDecorator =>
  rule(PRESENCE, (value) => value !== undefined && !(Array.isArray(value) && value.length === 0))

/** An id: text of 1 to 255 characters, or a bare integer. */
export const IsId = (): PropertyDecorator =>
  rule('isId', (value) =>
    value instanceof JsonNumber
      ? /^-?\d{1,64}$/.test(value.text)
      : typeof value === 'string' && value.length <= 255,
  )

/** An action's number, or its text. */
export const IsActionId = (): PropertyDecorator =>
  rule('isActionId', (value) => {
    const text =
      value instanceof JsonNumber ? value.plainText() : typeof value === 'string' ? value.trim() : ''
    return /^[1-9]\d{0,9}$/.test(text ?? '') && Number(text) <= 2_147_483_647
  })

const HOST =
  /^(?=.{1,255}$)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+$/
const LOCAL_PART = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

/** An address as mail goes to: local part of at most 64 characters, a valid host of at most 255 (contract, section 10). */
export const IsEmailAddress = (): PropertyDecorator =>
  rule('isEmailAddress', (value) => {
    const text = typeof value === 'string' ? value.trim() : ''
    const at = text.lastIndexOf('@')
    return at > 0 && at <= 64 && LOCAL_PART.test(text.slice(0, at)) && HOST.test(text.slice(at + 1))
  })

/** A number or its text, within bounds. */
export const IsAmount = ({
  from,
  above,
}: {
  readonly from?: number
  readonly above?: number
}): PropertyDecorator =>
  rule('isAmount', (value) => {
    const amount = value instanceof JsonNumber || typeof value === 'string' ? amountFrom(value) : null
    if (amount === null) return false
    return (from === undefined || Number(amount) >= from) && (above === undefined || Number(amount) > above)
  })

/** Text, or a number where text is documented: clients send both. */
export const IsText = (): PropertyDecorator => rule('isText', isText)

export const IsTextOrTexts = (): PropertyDecorator =>
  rule(
    'isTextOrTexts',
    (value) => isText(value) || (Array.isArray(value) && value.every((item) => typeof item === 'string')),
  )

/** One of a few words in upper case, sent in any letter case. */
export const IsWord = (words: readonly string[]): PropertyDecorator =>
  rule('isWord', (value) => typeof value === 'string' && words.includes(value.trim().toUpperCase()), words)

export const IsInstant = (): PropertyDecorator =>
  rule('isInstant', (value) => typeof value === 'string' && instantFrom(value) !== null)

/** A date, or a date and a time, in any form of the reference. */
export const IsDateText = (): PropertyDecorator =>
  rule('isDateText', (value) => typeof value === 'string' && dateFrom(value) !== null)

/** An object of free content. */
export const IsMap = (): PropertyDecorator =>
  rule('isMap', (value) => typeof value === 'object' && isJsonMap(value as JsonValue))

const isText = (value: unknown): boolean => typeof value === 'string' || value instanceof JsonNumber

const rule = (
  name: string,
  accepts: (value: unknown) => boolean,
  constraints: readonly unknown[] = [],
): PropertyDecorator => ValidateBy({ name, constraints: [...constraints], validator: { validate: accepts } })
