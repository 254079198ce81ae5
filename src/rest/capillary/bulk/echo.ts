import type { Tenant } from '../../../domain/programs/tenant'
import type { Decimal } from '../../../domain/shared/decimal'
import { isCanonical } from '../../../domain/shared/money'
import {
  isJsonArray,
  isJsonMap,
  type JsonMap,
  JsonNumber,
  type JsonValue,
  type Writable,
} from '../../shared/json'
import type { SignIn } from '../auth'
import { decimal, flag, isAbsent, listOrOne, type Read, text, UNREADABLE } from '../lenient'
import type { CapillarySettings, FieldType } from '../settings'
import { formatMoment, formatWallClock, moment } from '../time'
import { extendedFields, shownFields } from '../transactions/fields'
import { normalizedNames } from '../transactions/add-transaction.mapping'

type Show = (value: JsonValue) => Writable
type Members = readonly (readonly [name: string, show: Show])[]

/**
 * An item of a bulk as its answer repeats it (section 15): values that can be read as they were understood, others as
 * they came; what was not sent left out. Both maps of fields are always there, because clients write into them. Pure.
 */
export function echoOf(
  sent: JsonMap,
  { caller: { tenant }, settings }: Pick<SignIn, 'caller' | 'settings'>,
): Readonly<Record<string, Writable>> {
  const item = normalizedNames(sent)
  const context: EchoContext = { tenant, settings }
  return {
    ...echoed(item, membersOf(context)),
    extendedFields: fieldsOf(item['extendedFields'], settings.extendedFields.transaction, context),
    customFields: mapOf(item['customFields']),
    ...(isSent(item['lineItemsV2']) && { lineItemsV2: linesOf(item['lineItemsV2'], context) }),
    notInterestedReason: textOr('', item['notInterestedReason']),
    ...(isSent(item['paymentModes']) && { paymentModes: paymentsOf(item['paymentModes']) }),
    useDefaultFleetGroup: false,
    useDefaultUserGroup2: false,
    isUseDefaultUserGroup2: false,
  }
}

interface EchoContext {
  readonly tenant: Tenant
  readonly settings: CapillarySettings
}

const isSent = (value: JsonValue | undefined): value is JsonValue => !isAbsent(value)

const asSent: Show = (value) => value
/** Numbers as the text they were taken for; blank stays blank. */
const words: Show = (value) =>
  typeof value === 'string' ? value : shown(value, text(value), (read: string) => read)
const unlessBlank: Show = (value) => (isAbsent(value) ? undefined : value)
const number: Show = (value) =>
  value instanceof JsonNumber && isCanonical(value.text)
    ? value
    : shown(value, decimal(value), (read: Decimal) => new JsonNumber(read.toFixed()))
const yesOrNo: Show = (value) => shown(value, flag(value), (read: boolean) => read)

/** What was read, shown; what could not be read as it came; nothing for what was not sent. */
function shown<T>(value: JsonValue, read: Read<T>, show: (read: T) => Writable): Writable {
  if (read === undefined) return undefined
  return read === UNREADABLE ? value : show(read)
}

const time =
  ({ tenant, settings }: EchoContext): Show =>
  (value) =>
    shown(value, moment(value), ({ at, offset }) =>
      settings.keepsWallClock ? formatWallClock(at, offset) : formatMoment(at, tenant.setup.timeZone),
    )

const membersOf = (context: EchoContext): Members => [
  ['identifierType', words],
  ['identifierValue', words],
  ['source', words],
  ['accountId', words],
  ['deliveryStatus', unlessBlank],
  ['outlierStatus', unlessBlank],
  ['type', unlessBlank],
  ['returnType', unlessBlank],
  ['id', unlessBlank],
  ['billAmount', number],
  // Unchanged, because clients find their item by it.
  ['billNumber', asSent],
  ['billingDate', time(context)],
  ['purchaseTime', time(context)],
  // A published answer has it; the tables know only `currencyCode`.
  ['currency', unlessBlank],
  ['currencyCode', unlessBlank],
  ['addWithLocalCurrency', yesOrNo],
  ['discount', number],
  ['grossAmount', number],
  ['note', words],
  ['userGroup2Id', unlessBlank],
  ['userGroup2PrimaryUserId', unlessBlank],
  ['userGroup2ExternalId', unlessBlank],
  ['userGroup2PrimaryUserIdentifierType', unlessBlank],
  ['userGroup2PrimaryUserIdentifierValue', unlessBlank],
  ['userGroup2PrimaryUserSource', unlessBlank],
  ['userGroup2PrimaryUserAccountId', unlessBlank],
  ['redemptions', unlessBlank],
  ['promotionEvaluationId', unlessBlank],
  ['appliedPromotionIdentifiers', unlessBlank],
  ['loyaltyPromotionIdentifiers', unlessBlank],
]

const LINE: Members = [
  ['type', unlessBlank],
  ['returnType', unlessBlank],
  ['parentBillNumber', unlessBlank],
  ['purchaseTime', unlessBlank],
  ['amount', number],
  ['itemCode', words],
  ['description', words],
  ['discount', number],
  ['qty', number],
  ['rate', number],
  ['value', number],
  ['serial', unlessBlank],
  ['attributes', unlessBlank],
  ['imgUrl', words],
  ['appliedPromotionIdentifiers', unlessBlank],
]

/** Members that were sent, in the order of the list. */
function echoed(sent: JsonMap, members: Members): Record<string, Writable> {
  const kept: Record<string, Writable> = {}
  for (const [name, show] of members) {
    const value = sent[name]
    if (value !== undefined && value !== null) kept[name] = show(value)
  }
  return kept
}

function linesOf(lines: JsonValue, context: EchoContext): Writable {
  if (!isJsonArray(lines)) return lines
  return lines.map((line) => (isJsonMap(line) ? lineOf(line, context) : line))
}

/** A line with the defaults that it was given. */
const lineOf = (line: JsonMap, context: EchoContext): Writable => ({
  ...echoed(line, LINE),
  returnable: defaulted(line['returnable'], yesOrNo, true),
  returnableDays: defaulted(line['returnableDays'] ?? line['reutrnableDays'], number, -1),
  ...(isJsonMap(line['customFields']) && { customFields: mapOf(line['customFields']) }),
  comboDetails: partsOf(line['comboDetails']),
  addOnDetails: partsOf(line['addOnDetails']),
  splitDetails: partsOf(line['splitDetails']),
  extendedFields: fieldsOf(line['extendedFields'], context.settings.extendedFields.lineItem, context),
})

const defaulted = (value: JsonValue | undefined, show: Show, standard: Writable): Writable =>
  (value === undefined || value === null ? undefined : show(value)) ?? standard

function partsOf(value: JsonValue | undefined): Writable {
  const parts = listOrOne(value)
  return Array.isArray(parts) ? parts : []
}

const PAYMENT: Members = [
  ['mode', words],
  ['value', number],
  ['notes', words],
  ['attributes', unlessBlank],
]

function paymentsOf(modes: JsonValue): Writable {
  if (!isJsonArray(modes)) return modes
  const sent = modes.filter((mode) => !isJsonMap(mode) || Object.keys(mode).length > 0)
  return sent.map((mode) => (isJsonMap(mode) ? echoed(mode, PAYMENT) : mode))
}

const mapOf = (value: JsonValue | undefined): Writable => (isJsonMap(value) ? value : {})

const textOr = (standard: string, value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : standard

/** Extended fields by their types; what was dropped is not repeated. */
function fieldsOf(
  value: JsonValue | undefined,
  types: ReadonlyMap<string, FieldType>,
  { tenant, settings }: EchoContext,
): Writable {
  if (!isJsonMap(value)) return {}
  const { values } = extendedFields(value, types)
  return shownFields(values, types, ({ at, offset }) =>
    settings.keepsWallClock ? formatWallClock(at, offset) : formatMoment(at, tenant.setup.timeZone),
  )
}
