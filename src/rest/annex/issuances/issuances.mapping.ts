import type { ChangeIssuance } from '../../../domain/issuances/change-issuance'
import type { Issuance, IssuanceLine, NewIssuanceLine } from '../../../domain/issuances/issuance'
import type { ChangedIssuance, IssuanceBooking } from '../../../domain/issuances/issuance-points'
import type { IssuanceMove } from '../../../domain/issuances/plan-change'
import type { IssuanceFacts, RecordIssuance } from '../../../domain/issuances/record-issuance'
import type { MemberId } from '../../../domain/shared/ids'
import { type ClientInstant, isBefore, millisOf } from '../../../domain/shared/instant'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { points, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import {
  isJsonArray,
  isJsonMap,
  type JsonMap,
  JsonNumber,
  type JsonValue,
  plainJson,
  type Writable,
} from '../../shared/json'
import type { SignedIn } from '../auth'
import { invalid } from '../errors'
import { memberKey } from '../members'
import { firstOf, noLine, validAmount } from '../orders/orders.mapping'
import { balanceAfter } from '../orders/patch.mapping'
import { ANNEX } from '../settings'
import { filled, isAbsent, listOf } from '../validation'
import {
  amountFrom,
  dateFrom,
  type IdLike,
  isBareDate,
  type NumberLike,
  textFrom,
  toNumber,
  toPointsNumber,
  toTimestamp,
} from '../values'
import {
  type IssuanceCreateBody,
  IssuancePartBody,
  IssuanceProductBody,
  type IssuanceRewriteBody,
  IssuanceWholeBody,
  PART_WORDS,
} from './issuances.contract'
import type { Answer } from '../../shared/openapi'
import type { ISSUANCE_RECORD, ISSUANCE_RESULT } from './issuances.answers'

type WholeBody = IssuanceCreateBody | IssuanceRewriteBody | IssuancePartBody

/** A body in a contract class; its products as they came are kept beside what is known of them. */
export function toIssuanceBody<T extends WholeBody>(contract: new () => T, sent: JsonMap): T {
  const products = listOf(sent['productDetails'])
  const orderId = firstOf(sent, ['orderId', 'id', 'orderID'])
  return Object.assign(
    filled(contract, sent),
    isAbsent(sent['orderStatus']) ? {} : { orderStatus: wordOf(sent['orderStatus']) },
    isAbsent(orderId) ? {} : { orderId },
    isAbsent(products)
      ? {}
      : { productDetails: isJsonArray(products) ? products.map(toProductBody) : products },
  )
}

/** States come in any letter case, and live clients write blanks, underscores and hyphens. */
const wordOf = (status: JsonValue | undefined): JsonValue | undefined =>
  typeof status === 'string'
    ? status
        .trim()
        .toUpperCase()
        .replace(/[\s_-]+/g, ' ')
    : status

const toProductBody = (sent: JsonValue | undefined): unknown =>
  isJsonMap(sent) ? Object.assign(filled(IssuanceProductBody, sent), { sent }) : noLine(sent)

/** The body of a PATCH in the class of its status: whole for parts and returns, short for changes of the whole. */
export function toChangeBody(sent: JsonMap): IssuancePartBody | IssuanceWholeBody {
  const word = wordOf(sent['orderStatus'])
  if (PART_WORDS.some((each) => each === word)) return toIssuanceBody(IssuancePartBody, sent)
  const orderId = firstOf(sent, ['orderId', 'id', 'orderID'])
  return Object.assign(
    filled(IssuanceWholeBody, sent),
    isAbsent(word) ? {} : { orderStatus: word },
    isAbsent(orderId) ? {} : { orderId },
  )
}

/** What only this site's settings require. Pure. */
export const missingDate = (
  { orderDate }: { readonly orderDate?: unknown },
  { settings }: SignedIn,
): readonly string[] => (settings.customizeOrderDate && orderDate === undefined ? ['orderDate'] : [])

export const toRecordIssuance = (
  body: IssuanceCreateBody,
  sent: JsonMap,
  caller: SignedIn,
  requestId: string,
): RecordIssuance => ({
  ...toFacts(body, sent, caller),
  program: caller.program,
  member: memberKey(textFrom(body.userId)),
  issuanceKey: textFrom(body.orderId),
  held: body.orderStatus === 'HOLD',
  booking: bookingOf('Issuance', body, requestId),
})

export const bookingOf = (
  what: string,
  { orderId, actionId }: { readonly orderId: IdLike; readonly actionId?: NumberLike },
  requestId: string,
): IssuanceBooking => ({
  actionId: actionId === undefined ? null : actionNumber(actionId),
  reason: `${what} ${textFrom(orderId)}`,
  requestId,
})

export function toFacts(
  body: IssuanceCreateBody | IssuanceRewriteBody,
  sent: JsonMap,
  caller: SignedIn,
): IssuanceFacts {
  return {
    actionId: actionNumber(body.actionId),
    store: body.storeId === undefined ? null : { door: ANNEX, code: textFrom(body.storeId) },
    source: body.source === undefined ? null : textFrom(body.source),
    total: validAmount(body.orderTotalSpend),
    discount: body.orderDiscountAmount === undefined ? null : amountFrom(body.orderDiscountAmount),
    points: pointsFrom(body.orderTotalPoints),
    date: body.orderDate === undefined ? null : dayOf(body.orderDate, caller),
    datedByClient: caller.settings.customizeOrderDate,
    lines: (body.productDetails ?? []).map(toLine),
    status: statusOf(sent),
    attributes: attributesOf(sent),
  }
}

/** The number of an action; one that no action can have is nobody's. Throws AC1007. */
function actionNumber(value: NumberLike): number {
  const id = Number(amountFrom(value))
  if (!Number.isInteger(id) || id > 2_147_483_647) throw invalid(['actionId'])
  return id
}

/** Points as the caller computed them, at most three decimals. Throws InvalidPoints. */
const pointsFrom = (value: NumberLike): Points => points(validAmount(value))

/** A day that has begun somewhere, and not yet in UTC, is now. */
function dayOf(text: string, { tenant }: SignedIn): ClientInstant | null {
  const date = dateFrom(text)
  const { now } = tenant.time
  const begun = date && millisOf(date.at) - millisOf(now) < HALF_A_WORLD_MILLIS
  return begun && isBareDate(text) && isBefore(now, date.at) ? { at: now, offset: null } : date
}

const HALF_A_WORLD_MILLIS = 14 * 3_600_000

const toLine = ({ productId, productName, productQuantity, sent }: IssuanceProductBody): NewIssuanceLine => ({
  productId: productId === undefined ? null : textFrom(productId),
  name: productName === undefined ? null : textFrom(productName),
  quantity: productQuantity === undefined ? null : amountFrom(productQuantity),
  attributes: keptOf(sent),
})

/** The state as the client wrote it. */
export const statusOf = (sent: JsonMap): string => {
  const status = sent['orderStatus']
  return typeof status === 'string' ? status.trim() : ''
}

/** What has a column of its own, and what only ever is an answer. */
const KNOWN = new Set([
  ...['orderId', 'id', 'orderID', 'userId', 'actionId', 'source', 'orderTotalSpend', 'orderTotalPoints'],
  ...[
    'orderDiscountAmount',
    'orderStatus',
    'storeId',
    'productDetails',
    'siteId',
    'pointsAwarded',
    'pointsRemoved',
  ],
  ...[
    'pointsExpirationDate',
    'updatedAvailablePoints',
    'updatedLifetimePoints',
    'previousTier',
    'updatedUserTier',
  ],
  ...['errorCode', 'errorMessage', 'pages', 'currentPage'],
])

/** Everything else a client sent is kept: carrying it is what this module is for (contract, section 9). */
const attributesOf = (sent: JsonMap): JsonObject =>
  Object.fromEntries(
    Object.entries(sent)
      .filter(([name, value]) => !KNOWN.has(name) && !isAbsent(value))
      .map(([name, value]) => [name, keptAs(name, value ?? null)]),
  )

const keptOf = (sent: JsonMap): JsonObject =>
  Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, keptAs(name, value ?? null)]))

/** Documented as text, and sent as numbers, too; and the other way around (contract, section 5). */
const TEXTS = ['coupon', 'pointType', 'productName', 'productStatus']
const NUMBERS = ['productQuantity', 'productUnitPrice', 'productPoints']

/** As it was sent, but for what the reference types: a typed client fails on text where it reads a number. */
function keptAs(name: string, value: JsonValue): Json {
  if (TEXTS.includes(name) && value instanceof JsonNumber) return value.text
  if (!NUMBERS.includes(name) || typeof value !== 'string') return plainJson(value)
  return isAbsent(value) ? null : Number(amountFrom(value))
}

const MOVES: Readonly<Record<string, IssuanceMove>> = {
  RETURN: 'RETURN',
  'PARTIAL RETURN': 'RETURN',
  'PARTIAL SHIP': 'SHIP',
  'PARTIAL CANCEL': 'CANCEL',
  'FULL CANCEL': 'CANCEL',
  'FULL SHIP': 'SHIP',
  SHIP: 'SHIP',
}

/** Actions of the points list that changes are booked under (contract, section 6). */
const RETURN_ACTION = 148

export function toChangeIssuance(
  body: IssuancePartBody | IssuanceWholeBody,
  sent: JsonMap,
  told: { readonly memberId: MemberId | null; readonly requestId: string },
): ChangeIssuance {
  const status = statusOf(sent)
  const isPart = body instanceof IssuancePartBody && body.orderStatus !== 'RETURN'
  return {
    issuanceKey: textFrom(body.orderId),
    move: MOVES[body.orderStatus] ?? 'SHIP',
    part: isPart
      ? { points: pointsFrom(body.orderTotalPoints), spend: validAmount(body.orderTotalSpend) }
      : null,
    memberId: told.memberId,
    status,
    booking: {
      actionId: RETURN_ACTION,
      reason: `${status} of ${textFrom(body.orderId)}`,
      requestId: told.requestId,
    },
  }
}

export interface IssuanceSaid {
  readonly siteId: string
  readonly userId: string
  readonly lines: readonly IssuanceLine[]
}

/** The documented answer to a change. */
export const toIssuanceResult = (
  { issuance, awarded, removed, ...after }: ChangedIssuance,
  said: IssuanceSaid,
): Partial<Answer<typeof ISSUANCE_RESULT>> => ({
  ...toIssuanceRecord(issuance, said),
  pointsAwarded: toPointsNumber(awarded),
  pointsRemoved: toPointsNumber(removed),
  ...balanceAfter(after),
})

/** The documented record; free attributes as they were sent. */
export function toIssuanceRecord(
  issuance: Issuance,
  { siteId, userId, lines }: IssuanceSaid,
): Partial<Answer<typeof ISSUANCE_RECORD>> {
  return {
    siteId,
    userId,
    orderId: issuance.issuanceKey,
    actionId: issuance.actionId,
    source: issuance.source ?? undefined,
    ...(issuance.attributes as Readonly<Record<string, Writable>>),
    orderTotalSpend: toNumber(issuance.total),
    orderTotalPoints: toPointsNumber(issuance.points),
    pointsAwarded: toPointsNumber(issuance.points),
    pointsRemoved: toPointsNumber(issuance.removed.points),
    pointsExpirationDate:
      issuance.expiresAt && issuance.points > ZERO_POINTS ? toTimestamp(issuance.expiresAt) : undefined,
    orderDiscountAmount: issuance.discount === null ? undefined : toNumber(issuance.discount),
    orderStatus: issuance.status,
    orderDate: issuance.attributes['orderDate'] ?? issuance.issuedAt.slice(0, 10),
    storeId: issuance.storeCode ?? undefined,
    productDetails: lines.map(({ attributes }) => attributes as Writable),
  }
}
