import type { Store, Till } from '../../../domain/programs/store'
import type { Tenant } from '../../../domain/programs/tenant'
import { Decimal } from '../../../domain/shared/decimal'
import type { ClientInstant } from '../../../domain/shared/instant'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { sumAmounts, ZERO_AMOUNT } from '../../../domain/shared/money'
import type { TransactionReturn } from '../../../domain/transactions/return'
import type { StoredTransaction } from '../../../domain/transactions/transaction-store'
import type {
  Transaction,
  TransactionLine,
  TransactionPayment,
} from '../../../domain/transactions/transaction'
import { JsonNumber, type Writable } from '../../shared/json'
import { amountNumber, idNumber, pointsNumber } from '../numbers'
import type { CapillarySettings } from '../settings'
import { formatMoment, formatWallClock, parseMoment } from '../time'
import type { EarningShown } from './earning.mapping'
import { shownFields } from './fields'
import { tenderNamed } from './payments'

export interface DetailsFacts extends StoredTransaction {
  readonly store: Store | null
  readonly till: Till | null
  /** Where it was changed last; null as well when that till is gone. */
  readonly changedAt: Till | null
  /** Null unless asked for. */
  readonly payments: readonly TransactionPayment[] | null
  readonly withPoints: boolean
  /** What came back of it. */
  readonly returns: readonly TransactionReturn[]
  /** Null unless asked for. */
  readonly earning: EarningShown | null
}

/** `TransactionDetails` with every published member (section 17). Pure. */
export function toTransactionDetails(
  facts: DetailsFacts,
  tenant: Tenant,
  settings: CapillarySettings,
): Writable {
  const { transaction, lines, payments } = facts
  const show = presenter(tenant, settings)
  const modified = formatMoment(transaction.updatedAt ?? transaction.createdAt, tenant.setup.timeZone)
  return {
    id: idNumber(transaction.id),
    type: transaction.type,
    ...(transaction.memberId && { customerId: idNumber(transaction.memberId) }),
    source: transaction.source.toLowerCase(),
    attribution: {
      createDate: bookedOn(transaction, show),
      createdBy: tillEntity(transaction.tillCode, facts.till),
      modifiedBy: modifiedBy(facts),
      modifiedDate: modified,
    },
    billDetails: billDetails(facts, show),
    ...(payments && { paymentModes: payments.map((payment) => paymentMode(payment, settings)) }),
    lineItems: lines.map((line) => lineItem(line, facts, settings, show)),
    customFields: transaction.customFields as Writable,
    extendedFields: shownFields(
      transaction.extendedFields,
      settings.extendedFields.transaction,
      show,
    ) as Writable,
    ...(transaction.deliveryStatus && { deliveryStatus: transaction.deliveryStatus }),
    outlierStatus: transaction.outlierStatus,
    basketSize: amountNumber(sumAmounts(lines.map(({ quantity }) => quantity))),
    lifeTimePurchases: 0,
    ignorePoints: transaction.noPointsReason === 'IGNORED_BILL_NUMBER',
    addWithLocalCurrency: transaction.attributes['addWithLocalCurrency'] === true,
    async: false,
    useV2: false,
    simulation: false,
    useDefaultFleetGroup: false,
    useDefaultUserGroup2: false,
    isUseDefaultUserGroup2: false,
    retroTxn: false,
    autoUpdateTime: modified,
    loyaltiesPointDetails: facts.withPoints ? [pointDetails(transaction, tenant)] : [],
    billPointsBreakup: [],
    returnDetails: returnState(facts),
    niReturnDetails: {},
    warnings: [],
  }
}

type Show = (moment: ClientInstant) => string

/** Times in the server's zone, or as they stood on the client's wall for an organization that switched the conversion off. */
const presenter =
  ({ setup }: Tenant, { keepsWallClock }: CapillarySettings): Show =>
  ({ at, offset }) =>
    keepsWallClock ? formatWallClock(at, offset) : formatMoment(at, setup.timeZone)

const billingTime = ({ billedAt, billedAtOffset }: Transaction): ClientInstant => ({
  at: billedAt,
  offset: billedAtOffset,
})

function bookedOn(transaction: Transaction, show: Show): string {
  const said = memberOf(transaction.attributes['attribution'], 'createDate')
  return show((typeof said === 'string' ? parseMoment(said) : null) ?? billingTime(transaction))
}

const returnState = ({ returns }: DetailsFacts): Writable => ({
  canceled: returns.some(({ kind }) => kind === 'CANCELED'),
})

function billDetails(facts: DetailsFacts, show: Show): Writable {
  const { transaction, store, earning } = facts
  return {
    amount: amountNumber(transaction.amount),
    billingStore: store ? entity('STORE', store.id, store.code, store.name) : {},
    billNumber: transaction.billNumber,
    billingTime: show(billingTime(transaction)),
    billingTimeInputOffset: transaction.billedAtOffset ?? 'Z',
    discount: amountNumber(transaction.discount ?? ZERO_AMOUNT),
    ...(transaction.grossAmount !== null && { grossAmount: amountNumber(transaction.grossAmount) }),
    note: transaction.note ?? '',
    returnDetails: returnState(facts),
    niReturnDetails: {},
    invalidBill: false,
    ...(earning && { pointsEarningEntities: earning.bill }),
  }
}

const tillEntity = (tillCode: string, till: Till | null): Writable =>
  entity('TILL', till?.id ?? null, tillCode, tillCode)

/** Which attribute of a transaction tells the till that changed it last. */
export const MODIFIED_BY = 'capillary.modifiedBy'

export function modifierOf({ attributes }: Transaction): string | null {
  const tillCode = attributes[MODIFIED_BY]
  return typeof tillCode === 'string' ? tillCode : null
}

function modifiedBy({ transaction, changedAt }: DetailsFacts): Writable {
  const tillCode = modifierOf(transaction)
  return tillCode === null ? {} : tillEntity(tillCode, changedAt)
}

const entity = (type: 'TILL' | 'STORE', id: string | null, code: string, name: string): Writable => ({
  id: id === null ? undefined : idNumber(id),
  code,
  description: '',
  name,
  type,
  referenceId: -1,
  adminType: 'GENERAL',
  isActive: true,
  isOuEnabled: false,
  timeZoneId: -1,
  currencyId: -1,
  languageId: -1,
  default: false,
})

function paymentMode(
  { id, mode, amount, notes, attributes }: TransactionPayment,
  { tenders }: CapillarySettings,
): Writable {
  return {
    id: idNumber(id),
    mode,
    amount: amountNumber(amount),
    notes,
    orgPaymentModeId: tenderNamed(mode, tenders)?.position ?? 0,
    // A list where there is nothing to name, as published.
    attributes: Object.keys(attributes).length > 0 ? attributes : [],
  }
}

function lineItem(
  line: TransactionLine,
  { transaction, returns, earning }: DetailsFacts,
  settings: CapillarySettings,
  show: Show,
): Writable {
  const { attributes: said } = line
  const attributes = objectOf(said['attributes'])
  const extended = shownFields(objectOf(said['extendedFields']), settings.extendedFields.lineItem, show)
  const combos = listOf(said['comboDetails'])
  return {
    id: idNumber(line.id),
    // The customer's number is shown here only by GET earning.
    customerId: earning && transaction.memberId ? idNumber(transaction.memberId) : 0,
    details: {
      amount: amountNumber(line.amount),
      description: said['description'] ?? '',
      discount: amountNumber(line.discount),
      itemCode: line.itemCode,
      qty: amountNumber(line.quantity),
      rate: amountNumber(line.rate),
      serial: serialOf(said['serial']),
      value: amountNumber(line.value),
      returnable: said['returnable'] ?? true,
      returnableDays: said['returnableDays'] ?? -1,
      ...(said['imgUrl'] !== undefined && { imgUrl: said['imgUrl'] }),
      attributes,
      extendedFields: extended,
      newExtendedFields: {},
      attributesSet: Object.entries(attributes).map(([name, value]) => ({ [name]: value })),
    } as Writable,
    outlierStatus: line.outlier ? 'OUTLIER' : 'NORMAL',
    returnDetails: {},
    valid: true,
    returnLineItemsDtos: lineReturns(line, returns, 'RETURN', show),
    niReturnLineItemsDtos: lineReturns(line, returns, 'NOT_INTERESTED_RETURN', show),
    addonDetails: listOf(said['addOnDetails']) as Writable,
    splitItemsDetails: listOf(said['splitDetails']) as Writable,
    ...(combos.length > 0 && { comboDetails: combos as Writable }),
    ...(earning && { pointsEarningEntities: earning.line(line) }),
    niReturn: transaction.type === 'NOT_INTERESTED_RETURN',
  }
}

/** Returns of a line, in our own members: none are published (section 17). An exchange returns like a return. */
const lineReturns = (
  { lineNo }: TransactionLine,
  returns: readonly TransactionReturn[],
  type: 'RETURN' | 'NOT_INTERESTED_RETURN',
  show: Show,
): Writable[] =>
  returns
    .filter(({ documentType }) => (documentType === 'NOT_INTERESTED_RETURN') === (type !== 'RETURN'))
    .flatMap(({ id, transactionId, documentNumber, kind, returnedAt, lines }) =>
      lines
        .filter((line) => line.lineNo === lineNo)
        .map((line) => ({
          id: idNumber(id),
          returnTransactionId: idNumber(transactionId),
          billNumber: documentNumber,
          returnType: kind === 'CANCELED' ? 'CANCELLED' : kind,
          qty: amountNumber(line.quantity),
          amount: amountNumber(line.amount),
          returnTime: show({ at: returnedAt, offset: null }),
        })),
    )

/** A number when it is one, 0 when there is none (section 12). */
function serialOf(serial: Json | undefined): Writable {
  const text = typeof serial === 'string' ? serial : ''
  if (text === '') return 0
  return /^\d{1,15}$/.test(text) ? new JsonNumber(new Decimal(text).toFixed()) : text
}

function pointDetails({ programId, rawPoints, points }: Transaction, { setup }: Tenant): Writable {
  const program = setup.programs.find(({ id }) => id === programId)
  return {
    programId: idNumber(programId),
    programTitle: program?.title ?? '',
    rawAwardedPoints: pointsNumber(rawPoints),
    awardedPoints: pointsNumber(points),
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])
const memberOf = (value: Json | undefined, name: string): Json | undefined => objectOf(value)[name]
