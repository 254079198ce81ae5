import { Decimal } from '../../../domain/shared/decimal'
import type { ClientInstant } from '../../../domain/shared/instant'
import type { ProgramId } from '../../../domain/shared/ids'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { toAmount } from '../../../domain/shared/money'
import type { RecordTransaction } from '../../../domain/transactions/record-transaction'
import { type JsonMap, plainJson } from '../../shared/json'
import type { Booking } from '../booking'
import { item, type StatusItem } from '../errors'
import { texts, UNREADABLE } from '../lenient'
import type { CapillarySettings } from '../settings'
import { formatWallClock } from '../time'
import type { AddTransactionBody, ComboItemBody, LineItemBody } from './add-transaction.contract'
import { type Exchange, netAmount, storedAmount } from './amounts'
import type { CustomerReference } from './customer'
import { customFields, extendedFields } from './fields'
import { judgeOutliers } from './outliers'
import { paymentsOf } from './payments'

/** What the command needs besides the body; everything is known to be fine by now. */
export interface SaleContext {
  readonly settings: CapillarySettings
  readonly customer: CustomerReference
  readonly booking: Booking
  /** Null where no rule asks for it. */
  readonly storeCode: string | null
  readonly programId: ProgramId | null
  readonly exchange: Exchange
  /** The organization's currency. */
  readonly currency: string
  readonly now: ClientInstant
  /** For a sale without a number, where numbers are not required. */
  readonly generatedNumber: string
  readonly runsLoyalty: boolean
  readonly requestId: string
}

export interface MappedSale {
  readonly command: RecordTransaction
  readonly warnings: readonly StatusItem[]
}

/** A body without problems as a command, with warnings for the secondary parts that could not be kept (section 5, step 8). Pure. */
export function toRecordTransaction(body: AddTransactionBody, context: SaleContext): MappedSale {
  const { settings, exchange } = context
  const amount = (value: Decimal) => storedAmount(value, exchange, settings)
  const lines = (body.lineItemsV2 ?? []).map((line) => lineOf(line, context))
  const billNumber = body.billNumber ?? context.generatedNumber
  const extended = extendedFields(body.extendedFields, settings.extendedFields.transaction)
  const custom = customFields(body.customFields, settings.customFields.transaction)
  const { payments, warnings } = paymentsOf(body.paymentModes ?? [], settings.tenders, exchange)
  const billAmount = amount(body.billAmount ?? new Decimal(0))
  const outliers = judgeOutliers(
    {
      said: body.outlierStatus ?? null,
      billNumber,
      storeCode: context.storeCode,
      amount: new Decimal(billAmount),
      lines: lines.map(({ line }) => ({
        itemCode: line.itemCode,
        quantity: new Decimal(line.quantity),
        amount: new Decimal(line.amount),
      })),
    },
    settings,
  )
  return {
    command: {
      member: context.customer.who,
      programId: context.programId,
      billNumber,
      billNumberRule: settings.billNumberRule,
      billed: body.billingDate ?? context.now,
      storeId: context.booking.storeId,
      tillCode: context.booking.tillCode,
      source: context.customer.source,
      amount: billAmount,
      grossAmount: body.grossAmount ? amount(body.grossAmount) : null,
      discount: body.discount ? amount(body.discount) : null,
      currency: context.currency,
      deliveryStatus: body.deliveryStatus ?? null,
      outlierStatus: outliers.status,
      note: body.note ?? null,
      customFields: custom.values,
      extendedFields: extended.values,
      attributes: attributesOf(body, exchange),
      lines: lines.map(({ line }, index) => ({
        ...line,
        lineNo: index + 1,
        outlier: outliers.lines[index] ?? false,
      })),
      payments,
      ignoresPoints: settings.ignoredBillPrefixes.some((prefix) => billNumber.startsWith(prefix)),
      runsLoyalty: context.runsLoyalty,
      requestId: context.requestId,
    },
    warnings: distinct([
      ...extended.warnings,
      ...lines.flatMap((line) => line.extendedWarnings),
      ...custom.warnings,
      ...warnings,
      ...outliers.warnings,
      ...redemptionWarnings(body.redemptions),
      ...lines.flatMap((line) => line.returnWarnings),
      ...groupWarnings(body),
    ]),
  }
}

function lineOf(line: LineItemBody, { settings, exchange }: SaleContext) {
  const amount = (value: Decimal | undefined) => storedAmount(value ?? new Decimal(0), exchange, settings)
  const extended = extendedFields(line.extendedFields, settings.extendedFields.lineItem)
  const days = line.returnableDays
  return {
    line: {
      itemCode: line.itemCode ?? '',
      quantity: toAmount(line.qty ?? new Decimal(1)),
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
      }),
    },
    extendedWarnings: extended.warnings,
    returnWarnings: days?.lt(-1)
      ? [item(1105, `returnableDays of ${line.itemCode} must not be below -1.`)]
      : [],
  }
}

const comboOf = ({ quantity, rate, value, ...rest }: ComboItemBody): JsonObject =>
  present({ ...rest, quantity: quantity?.toNumber(), rate: rate?.toNumber(), value: value?.toNumber() })

/** What is kept only to be shown again, in the client's words. */
function attributesOf(body: AddTransactionBody, { rate, currency }: Exchange): JsonObject {
  const { attribution } = body
  return present({
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

/** Nothing can be redeemed here yet, so no redemption belongs to any bill. */
function redemptionWarnings(redemptions: JsonMap | undefined): readonly StatusItem[] {
  return ['pointsRedemptions', 'couponRedemptions'].flatMap((kind) => {
    const ids = texts(redemptions?.[kind])
    if (ids === UNREADABLE) return [item(642, `${kind} cannot be read.`)]
    return (ids ?? []).map((id) => item(640, `Nothing was redeemed for this transaction under ${id.trim()}.`))
  })
}

/** Groups do not exist yet: the sale is the customer's own, and the client is told. */
function groupWarnings(body: AddTransactionBody): readonly StatusItem[] {
  const message = 'The group is unknown; the points go to the customer.'
  if (body.userGroup2Id ?? body.userGroup2PrimaryUserId) return [item(1619, message)]
  return body.userGroup2ExternalId ? [item(1632, message)] : []
}

/** Without what was not sent. */
const present = (values: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const distinct = (warnings: readonly StatusItem[]): readonly StatusItem[] => [
  ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
]

/** The member names that clients spell in several ways, spelt in one (section 12). */
export function normalizedNames(body: JsonMap): JsonMap {
  if (body['lineItemsV2'] !== undefined) return body
  const spelling = Object.keys(body).find((name) => name.toLowerCase() === 'lineitemsv2')
  return spelling ? { ...body, lineItemsV2: body[spelling] } : body
}
