import { Decimal } from '../../../domain/shared/decimal'
import type { ClientInstant } from '../../../domain/shared/instant'
import type { ProgramId } from '../../../domain/shared/ids'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../../domain/shared/money'
import type { GroupReference } from '../../../domain/transactions/bill-group'
import type { RecordTransaction } from '../../../domain/transactions/record-transaction'
import type { NewTransaction, NewTransactionLine } from '../../../domain/transactions/transaction'
import { type JsonMap, plainJson } from '../../shared/json'
import type { UntiedRedemption } from '../../../domain/transactions/transaction-store'
import type { Booking } from '../booking'
import { item, type StatusItem } from '../errors'
import { isAbsent, texts, UNREADABLE } from '../lenient'
import type { CapillarySettings } from '../settings'
import { formatWallClock } from '../time'
import type { AddTransactionBody, ComboItemBody, LineItemBody } from './add-transaction.contract'
import { type Exchange, netAmount, storedAmount } from './amounts'
import { type BillKind, comesBack, isReturn } from './bill-kind'
import { customFieldsOf, extendedFields } from './fields'
import { judgeOutliers, type OutlierVerdict } from './outliers'
import { paymentsOf } from './payments'

/** What a command needs besides the body; everything is known to be fine by now. */
export interface BillContext {
  readonly settings: CapillarySettings
  readonly kind: BillKind
  readonly source: string
  readonly booking: Booking
  /** Null where no rule asks for it. */
  readonly storeCode: string | null
  readonly exchange: Exchange
  /** The organization's currency. */
  readonly currency: string
  readonly now: ClientInstant
  /** For a sale without a number, where numbers are not required. */
  readonly generatedNumber: string
}

/** What only a sale to a customer needs. */
export interface SaleContext extends BillContext {
  readonly who: RecordTransaction['member']
  /** The customer's group that the points are for. */
  readonly group: GroupReference | null
  readonly programId: ProgramId | null
  readonly runsLoyalty: boolean
  readonly defersLoyalty: boolean
  readonly requestId: string
}

/** A sale as a command. Pure. */
export function toRecordTransaction(bill: MappedBill, context: SaleContext): RecordTransaction {
  const { billNumber } = bill.facts
  return {
    ...bill.facts,
    lines: bill.lines,
    member: context.who,
    group: context.group,
    programId: context.programId,
    billNumberRule: context.settings.billNumberRule,
    ignoresPoints: context.settings.ignoredBillPrefixes.some((prefix) => billNumber.startsWith(prefix)),
    runsLoyalty: context.runsLoyalty,
    defersLoyalty: context.defersLoyalty,
    requestId: context.requestId,
  }
}

type Shared =
  | 'type'
  | 'memberId'
  | 'groupId'
  | 'programId'
  | 'rawPoints'
  | 'points'
  | 'noPointsReason'
  | 'lines'
  | 'billNumberRule'

/** What all kinds of transactions have in common, and what could not be kept of it. */
export interface MappedBill {
  readonly facts: Omit<NewTransaction, Shared>
  /** Aligned with the body's. */
  readonly lines: readonly Omit<NewTransactionLine, 'points' | 'isReturn'>[]
  readonly warnings: readonly StatusItem[]
}

/** A body without problems as facts, with warnings for the secondary parts that could not be kept (section 5, step 8). Pure. */
export function toBill(body: AddTransactionBody, context: BillContext): MappedBill {
  const { settings, exchange, kind } = context
  const amount = (value: Decimal) => storedAmount(value, exchange, settings)
  const lines = (body.lineItemsV2 ?? []).map((line) => lineOf(line, context))
  const billNumber = body.billNumber ?? context.generatedNumber
  const extended = extendedFields(body.extendedFields, settings.extendedFields.transaction)
  const custom = customFieldsOf(body.customFields, settings.customFields.transaction, settings.errorCatalogue)
  const { payments, warnings } = paymentsOf(body.paymentModes ?? [], settings.tenders, exchange)
  const billAmount = amount(body.billAmount ?? new Decimal(0))
  const outliers = outliersOf(body, { ...context, billNumber, billAmount }, lines)
  return {
    facts: {
      billNumber,
      billed: body.billingDate ?? context.now,
      storeId: context.booking.storeId,
      tillCode: context.booking.tillCode,
      source: context.source,
      amount: billAmount,
      grossAmount: body.grossAmount ? amount(body.grossAmount) : null,
      discount: body.discount ? amount(body.discount) : null,
      currency: context.currency,
      deliveryStatus: body.deliveryStatus ?? null,
      outlierStatus: outliers.status,
      note: body.note ?? null,
      customFields: custom.values,
      extendedFields: extended.values,
      attributes: attributesOf(body, exchange, kind),
      payments,
      redemptions: redemptionsOf(body.redemptions),
    },
    lines: lines.map(({ line }, index) => ({
      ...line,
      lineNo: index + 1,
      outlier: outliers.lines[index] ?? false,
    })),
    warnings: distinct([
      ...extended.warnings,
      ...lines.flatMap((line) => line.extendedWarnings),
      ...custom.warnings,
      ...warnings,
      ...outliers.warnings,
      ...redemptionWarnings(body.redemptions),
      ...lines.flatMap((line) => line.returnWarnings),
    ]),
  }
}

type OutlierContext = BillContext & { readonly billNumber: string; readonly billAmount: Amount }

/** The rules look at what is sold; a return is what the client says it is. */
function outliersOf(
  body: AddTransactionBody,
  { kind, settings, billNumber, billAmount, storeCode }: OutlierContext,
  lines: readonly ReturnType<typeof lineOf>[],
): Pick<OutlierVerdict, 'status' | 'lines' | 'warnings'> {
  if (isReturn(kind)) return { status: body.outlierStatus ?? 'NORMAL', lines: [], warnings: [] }
  const isSold = (body.lineItemsV2 ?? []).map((line) => !comesBack(line, kind))
  const verdict = judgeOutliers(
    {
      said: body.outlierStatus ?? null,
      billNumber,
      storeCode,
      amount: billAmount,
      lines: lines.filter((_line, index) => isSold[index]).map(({ line }) => line),
    },
    settings,
  )
  const judged = [...verdict.lines]
  return { ...verdict, lines: isSold.map((sold) => sold && (judged.shift() ?? false)) }
}

function lineOf(line: LineItemBody, { settings, exchange }: BillContext) {
  const amount = (value: Decimal | undefined) =>
    value ? storedAmount(value, exchange, settings) : ZERO_AMOUNT
  const extended = extendedFields(line.extendedFields, settings.extendedFields.lineItem)
  const days = line.returnableDays
  return {
    line: {
      itemCode: line.itemCode ?? '',
      quantity: line.qty ? toAmount(line.qty) : ONE,
      rate: amount(line.rate),
      value: amount(line.value),
      discount: amount(line.discount),
      amount: amount(netAmount(line)),
      attributes: present({
        description: line.description,
        serial: line.serial,
        returnable: line.returnable,
        returnableDays: days && Math.max(-1, days.trunc().toNumber()),
        imgUrl: line.imgUrl,
        attributes: line.attributes && plainJson(line.attributes),
        customFields: line.customFields && plainJson(line.customFields),
        extendedFields: extended.values,
        comboDetails: line.comboDetails?.map(comboOf),
        addOnDetails: line.addOnDetails?.map(comboOf),
        splitDetails: line.splitDetails?.map(comboOf),
        appliedPromotionIdentifiers: line.appliedPromotionIdentifiers,
        parentBillNumber: line.parentBillNumber,
        returnType: line.parentBillNumber && line.returnType,
      }),
    },
    extendedWarnings: extended.warnings,
    returnWarnings: days?.lt(-1)
      ? [item(1105, `returnableDays of ${line.itemCode} must not be below -1.`)]
      : [],
  }
}

const ONE = '1' as Amount

const comboOf = ({ quantity, rate, value, ...rest }: ComboItemBody): JsonObject =>
  present({ ...rest, quantity: quantity?.toNumber(), rate: rate?.toNumber(), value: value?.toNumber() })

/** What is kept only to be shown again, in the client's words. */
function attributesOf(body: AddTransactionBody, { rate, currency }: Exchange, kind: BillKind): JsonObject {
  const { attribution } = body
  return present({
    returnType: isReturn(kind) ? body.returnType : undefined,
    notInterestedReason: body.notInterestedReason,
    promotionEvaluationId: body.promotionEvaluationId,
    appliedPromotionIdentifiers: body.appliedPromotionIdentifiers,
    loyaltyPromotionIdentifiers: body.loyaltyPromotionIdentifiers,
    redemptions: body.redemptions && plainJson(body.redemptions),
    attribution:
      attribution &&
      present({
        createDate: attribution.createDate ? withOffset(attribution.createDate) : undefined,
        createdBy: attribution.code
          ? present({ code: attribution.code, type: attribution.type ?? undefined })
          : undefined,
      }),
    userGroup2Id: body.userGroup2Id,
    userGroup2PrimaryUserId: body.userGroup2PrimaryUserId,
    userGroup2ExternalId: body.userGroup2ExternalId,
    userGroup2PrimaryUserIdentifierType: body.userGroup2PrimaryUserIdentifierType,
    userGroup2PrimaryUserIdentifierValue: body.userGroup2PrimaryUserIdentifierValue,
    currencyCode: body.currencyCode,
    addWithLocalCurrency: body.addWithLocalCurrency,
    // What the client's own currency said, so that the conversion can be checked later.
    localCurrency: currency
      ? present({ code: currency, rate: rate.toFixed(), billAmount: body.billAmount?.toFixed() })
      : undefined,
  })
}

export const withOffset = ({ at, offset }: ClientInstant): string =>
  `${formatWallClock(at, offset)}${offset ?? 'Z'}`

/** Redemptions of points that the sale names; whether they are the customer's is found out when it is stored. */
function redemptionsOf(redemptions: JsonMap | undefined): readonly string[] {
  const ids = texts(redemptions?.['pointsRedemptions'])
  return ids === undefined || ids === UNREADABLE ? [] : ids.map((id) => id.trim())
}

/** Nothing is redeemed by coupon here, so no such redemption belongs to any bill. */
function redemptionWarnings(redemptions: JsonMap | undefined): readonly StatusItem[] {
  return ['pointsRedemptions', 'couponRedemptions'].flatMap((kind) => {
    const ids = texts(redemptions?.[kind])
    if (ids === UNREADABLE) return [item(642, `${kind} cannot be read.`)]
    return kind === 'couponRedemptions' ? (ids ?? []).map((id) => notRedeemed(id.trim())) : []
  })
}

const notRedeemed = (code: string): StatusItem =>
  item(640, `Nothing was redeemed for this transaction under ${code}.`)

/** A redemption that could not be tied to the transaction; it never stops it. */
export const untiedWarning = ({ code, reason }: UntiedRedemption): StatusItem =>
  reason === 'TIED' ? item(642, `The redemption ${code} belongs to another transaction.`) : notRedeemed(code)

/** Without what was not sent. */
function present(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  const sent: Record<string, Json> = {}
  for (const name in values) {
    const value = values[name]
    if (value !== undefined) sent[name] = value
  }
  return sent
}

const distinct = (warnings: readonly StatusItem[]): readonly StatusItem[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
]

/** The member names that clients spell in several ways, spelt in one (section 12). */
export function normalizedNames(body: JsonMap): JsonMap {
  if (!isAbsent(body['lineItemsV2'])) return body
  const spelling = Object.keys(body).find(
    (name) => name !== 'lineItemsV2' && name.toLowerCase() === 'lineitemsv2',
  )
  return spelling ? { ...body, lineItemsV2: body[spelling] } : body
}
