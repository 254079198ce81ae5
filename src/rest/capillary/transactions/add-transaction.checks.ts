import type { Decimal } from '../../../domain/shared/decimal'
import { millisOf } from '../../../domain/shared/instant'
import type { Tenant } from '../../../domain/programs/tenant'
import type { Code } from '../codes'
import type { Problem } from '../contract'
import { MAX_FUTURE_DAYS, MAX_PAST_DAYS, type CapillarySettings } from '../settings'
import { isJsonArray, isJsonMap } from '../../shared/json'
import { parseMoment } from '../time'
import { TRANSACTION_TYPES } from '../../../domain/transactions/transaction'
import { type AddTransactionBody, HEADER_TYPES } from './add-transaction.contract'
import {
  type BillKind,
  comesBack,
  isReturn,
  kindOf,
  lineReturnType,
  namesParents,
  RETURN_TYPES,
} from './bill-kind'
import { currencyProblems, type Exchange, exchangeOf, isTooLarge, netAmount } from './amounts'

/** What the contract class cannot know: the organization's settings and the time. In no particular order. Pure. */
export function problemsOf(
  body: AddTransactionBody,
  settings: CapillarySettings,
  tenant: Tenant,
): readonly Problem[] {
  const exchange = exchangeOf(body, settings, tenant.setup.currency)
  return [
    ...typeProblems(body, settings),
    ...mandatoryProblems(body, settings),
    ...returnTypeProblems(body, settings),
    ...attributeProblems(body, settings),
    ...amountProblems(body, settings, exchange),
    ...dateProblems(body, settings, tenant),
    ...purchaseTimeProblems(body, settings),
    ...currencyProblems(body, settings, tenant.setup.currency),
  ]
}

/** Which lines a header may have: those of its own type or of none, and a sale may take back what its customer bought. */
const LINE_TYPES: Readonly<Record<BillKind, readonly string[]>> = {
  REGULAR: ['REGULAR'],
  EXCHANGE: ['REGULAR', 'RETURN'],
  RETURN: ['RETURN'],
  NOT_INTERESTED: ['NOT_INTERESTED'],
  NOT_INTERESTED_RETURN: ['NOT_INTERESTED_RETURN'],
}

function typeProblems(body: AddTransactionBody, { niReturnAlias }: CapillarySettings): readonly Problem[] {
  if (!HEADER_TYPES.some((known) => known === body.type)) return []
  if (body.type === 'NI_RETURN' && !niReturnAlias)
    return [structure(605, 'type', 'is not a transaction type')]
  const allowed = LINE_TYPES[kindOf(body)]
  return (body.lineItemsV2 ?? []).flatMap(({ type }, index) =>
    type === undefined || !isLineType(type) || allowed.includes(type)
      ? []
      : [structure(605, `lineItemsV2[${index}].type`, 'does not go with the type of the transaction')],
  )
}

const isLineType = (type: string): boolean => TRANSACTION_TYPES.some((known) => known === type)

const structure = (code: Code, field: string | null, message: string): Problem => ({
  step: 'STRUCTURE',
  code,
  field,
  message,
})

function mandatoryProblems(body: AddTransactionBody, settings: CapillarySettings): readonly Problem[] {
  if (isReturn(kindOf(body))) return returnMandatoryProblems(body, settings)
  const { billNumber, billAmount } = body
  return [
    ...(billNumber === undefined && settings.billNumberRequired
      ? [structure(602, 'billNumber', 'is missing')]
      : []),
    ...(billAmount === undefined ? [structure(601, 'billAmount', 'is missing or not an amount')] : []),
  ]
}

function returnMandatoryProblems(
  body: AddTransactionBody,
  { returns, errorCatalogue }: CapillarySettings,
): readonly Problem[] {
  const { billNumber, id, returnType, billAmount } = body
  const isNamed = billNumber !== undefined || id !== undefined || namesParents(body)
  const needsAmount = returnType === 'AMOUNT' && !namesParents(body)
  return [
    ...(returns.billNumberRequired && !isNamed
      ? [structure(errorCatalogue === 'current' ? 631 : 677, 'billNumber', 'is missing')]
      : []),
    ...(needsAmount && billAmount === undefined
      ? [structure(601, 'billAmount', 'is missing or not an amount')]
      : []),
  ]
}

/** Attributes that products do not have here, and values that are none. Where none are configured, every name is one. */
function attributeProblems(
  { lineItemsV2 = [] }: AddTransactionBody,
  { itemAttributes }: CapillarySettings,
): readonly Problem[] {
  return lineItemsV2.flatMap(({ attributes = {} }, index) =>
    Object.entries(attributes).flatMap(([name, value]) => {
      const field = `lineItemsV2[${index}].attributes.${name}`
      if (itemAttributes.size > 0 && !itemAttributes.has(name))
        return [structure(617, field, 'is not an attribute of items')]
      return isJsonMap(value) || isJsonArray(value) ? [structure(617, field, 'is not one value')] : []
    }),
  )
}

/** Missing and unknown return types, and kinds of returns that the organization has switched off (section 7.1). */
function returnTypeProblems(body: AddTransactionBody, { returns }: CapillarySettings): readonly Problem[] {
  const kind = kindOf(body)
  if (kind === 'REGULAR' || kind === 'NOT_INTERESTED') return []
  const header = isReturn(kind) ? [returnTypeProblem('returnType', body.returnType, headerTypes(kind))] : []
  const lines = (body.lineItemsV2 ?? []).map((line, index) => {
    const field = `lineItemsV2[${index}].returnType`
    if (kind === 'EXCHANGE')
      return comesBack(line, kind)
        ? returnTypeProblem(field, lineReturnType(line, body), LINE_RETURN_TYPES)
        : null
    return line.returnType === undefined ? null : returnTypeProblem(field, line.returnType, LINE_RETURN_TYPES)
  })
  const problems = [...header, ...lines].filter((problem) => problem !== null)
  return problems.length > 0 ? problems : switchedOff(usedTypes(body, kind), returns.notAllowed)
}

const LINE_RETURN_TYPES = Object.keys(RETURN_TYPES).filter((type) => type !== 'CANCELLED')
const headerTypes = (kind: BillKind): readonly string[] =>
  kind === 'RETURN' ? Object.keys(RETURN_TYPES) : LINE_RETURN_TYPES

function returnTypeProblem(
  field: string,
  said: string | undefined,
  known: readonly string[],
): Problem | null {
  if (said === undefined) return structure(1634, field, 'is missing')
  return known.includes(said) ? null : structure(628, field, 'is not a return type here')
}

const usedTypes = (body: AddTransactionBody, kind: BillKind): readonly string[] =>
  kind === 'EXCHANGE'
    ? (body.lineItemsV2 ?? [])
        .filter((line) => comesBack(line, kind))
        .map((line) => lineReturnType(line, body) ?? '')
    : [body.returnType ?? '']

const SWITCHED_OFF: readonly (readonly [kind: string, code: Code])[] = [
  ['LINE_ITEM', 674],
  ['AMOUNT', 675],
  ['FULL', 676],
  ['CANCELLED', 673],
]

function switchedOff(used: readonly string[], notAllowed: ReadonlySet<string>): readonly Problem[] {
  const message = 'is not allowed in this organization'
  if (notAllowed.has('ALL')) return [structure(673, 'returnType', message)]
  return SWITCHED_OFF.filter(([kind]) => notAllowed.has(kind) && used.includes(kind)).map(([, code]) =>
    structure(code, 'returnType', message),
  )
}

/** Only organizations that insist on it: the published samples lack it (section 7.1). */
function purchaseTimeProblems(body: AddTransactionBody, { returns }: CapillarySettings): readonly Problem[] {
  const kind = kindOf(body)
  if (!returns.purchaseTimeRequired || kind === 'REGULAR' || kind === 'NOT_INTERESTED' || body.purchaseTime)
    return []
  const coming = (body.lineItemsV2 ?? []).filter((line) => comesBack(line, kind))
  const isSaid = coming.length > 0 && coming.every(({ purchaseTime }) => purchaseTime !== undefined)
  return isSaid ? [] : [{ step: 'DATES', code: 624, field: 'purchaseTime', message: 'is missing' }]
}

function amountProblems(
  body: AddTransactionBody,
  settings: CapillarySettings,
  exchange: Exchange,
): readonly Problem[] {
  const tooLarge = (figure: Decimal | undefined) => figure !== undefined && isTooLarge(figure, exchange)
  const fields = [
    ...(['billAmount', 'grossAmount', 'discount'] as const).filter((name) => tooLarge(body[name])),
    ...(body.lineItemsV2 ?? []).flatMap((line, index) =>
      [netAmount(line), line.value, line.rate, line.discount]
        .filter(tooLarge)
        .map(() => `lineItemsV2[${index}]`),
    ),
  ]
  const problems = fields.map((field): Problem => ({
    step: 'AMOUNTS',
    code: 601,
    field,
    message: 'is too large',
  }))
  return [...problems, ...rangeProblems(body, settings, exchange)]
}

function rangeProblems(
  body: AddTransactionBody,
  { zeroAmountAllowed, minBillAmount, maxBillAmount }: CapillarySettings,
  { rate }: Exchange,
): readonly Problem[] {
  const { billAmount } = body
  // A negative amount is a problem of its own; what comes back is measured by its original.
  if (!billAmount || billAmount.isNegative() || isReturn(kindOf(body))) return []
  const amount = billAmount.times(rate)
  const outside = (minBillAmount && amount.lt(minBillAmount)) || (maxBillAmount && amount.gt(maxBillAmount))
  const refused = outside || (amount.isZero() && !zeroAmountAllowed)
  return refused
    ? [{ step: 'AMOUNTS', code: 601, field: 'billAmount', message: 'is outside the accepted range' }]
    : []
}

const DAY = 86_400_000

function dateProblems(
  { billingDate }: AddTransactionBody,
  settings: CapillarySettings,
  { time }: Tenant,
): readonly Problem[] {
  if (!billingDate) return []
  const billed = millisOf(billingDate.at)
  const now = millisOf(time.now)
  const oldest = Math.max(now - MAX_PAST_DAYS * DAY, minBillingMillis(settings))
  if (billed > now + MAX_FUTURE_DAYS * DAY)
    return [{ step: 'DATES', code: 643, field: 'billingDate', message: 'lies too far ahead' }]
  return billed < oldest
    ? [{ step: 'DATES', code: 644, field: 'billingDate', message: 'lies too far back' }]
    : []
}

function minBillingMillis({ minBillingDate }: CapillarySettings): number {
  const oldest = minBillingDate === null ? null : parseMoment(minBillingDate)
  return oldest ? millisOf(oldest.at) : -Infinity
}
