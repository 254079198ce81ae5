import { randomUUID } from 'node:crypto'
import type { IdentityKey } from '../../domain/members/member'
import type { StoreId, TransactionId } from '../../domain/shared/ids'
import { Decimal } from '../../domain/shared/decimal'
import { isAhead, type ClientInstant } from '../../domain/shared/instant'
import { type Amount, sumAmounts, toAmount } from '../../domain/shared/money'
import { DateInFuture } from '../../domain/purchases/errors'
import type { Tenant } from '../../domain/programs/tenant'
import type { Stores } from '../../domain/stores'
import type { BillPolicy } from '../../domain/transactions/bill-policy'
import { billPlace } from '../../domain/transactions/bill-place'
import { LineNotFound, TransactionNotFound } from '../../domain/transactions/errors'
import type { ReturnRequest } from '../../domain/transactions/original-bill'
import type { AnonymousTransaction } from '../../domain/transactions/record-transaction'
import type { ReturnTransaction } from '../../domain/transactions/return-transaction'
import type { Transaction, TransactionLine } from '../../domain/transactions/transaction'
import { exactlyOne, idOfType } from '../shared/choose'
import { badInput } from '../shared/errors'
import { objectOr } from '../shared/json-object'
import { keyOf } from '../shared/who'
import type { RecordTransactionInput, ReturnedLineInput, ReturnTransactionInput } from './transaction.input'

/** Who bought: null is nobody known. */
export function buyerOf({ memberId, identity, anonymous }: RecordTransactionInput): IdentityKey | null {
  const chosen = exactlyOne({ memberId, identity, anonymous: anonymous || null }, 'input')
  return chosen.name === 'anonymous'
    ? null
    : keyOf({ memberId: memberId ?? null, identity: identity ?? null }, 'input')
}

/** A sale as a command, by the rules of the tenant's setup. Throws StoreNotFound, DateInFuture. */
export async function toSale(
  stores: Stores,
  tenant: Tenant,
  policy: BillPolicy,
  input: RecordTransactionInput,
): Promise<AnonymousTransaction> {
  const { billNumber, lines: items, redemptionCodes, payments } = input
  const storeId = idOfType('Store', input.storeId, 'input.storeId') as StoreId
  const { store, tillCode } = await billPlace(stores, tenant, storeId, input.tillCode ?? null)
  const lines = items.map(lineOf)
  const total = input.total ?? sumAmounts(lines.map(({ amount }) => amount))
  const verdict = policy.judge({
    ...{ said: input.outlierStatus ?? null, billNumber, storeCode: store.code },
    ...{ amount: notNegative(total, 'input.total'), lines },
  })
  return {
    programId: null,
    billNumber,
    billNumberRule: policy.saleNumbers,
    storeId,
    tillCode,
    source: input.source,
    amount: total,
    grossAmount: input.grossAmount ?? null,
    discount: input.discount ?? null,
    currency: tenant.setup.currency,
    billed: dated(input.billedAt, tenant, 'billedAt'),
    deliveryStatus: input.deliveryStatus ?? null,
    outlierStatus: verdict.status,
    note: input.note ?? null,
    customFields: {},
    extendedFields: {},
    attributes: objectOr(input.attributes, 'input.attributes'),
    lines: lines.map((line, index) => ({ ...line, outlier: verdict.lines[index] ?? false })),
    payments: payments.map(({ mode, amount, notes }) => ({ mode, amount, notes, attributes: {} })),
    redemptions: redemptionCodes,
  }
}

function lineOf(
  { itemCode, quantity, rate, discount, attributes }: RecordTransactionInput['lines'][number],
  index: number,
) {
  const path = `input.lines.${index}`
  if (new Decimal(quantity).lte(0))
    throw badInput({ path: `${path}.quantity`, message: 'must be more than zero' })
  const value = toAmount(new Decimal(notNegative(rate, `${path}.rate`)).times(quantity))
  const amount = toAmount(new Decimal(value).minus(notNegative(discount, `${path}.discount`)))
  return {
    ...{ lineNo: index + 1, itemCode, quantity, rate, value, discount },
    amount: notNegative(amount, `${path}.discount`),
    attributes: objectOr(attributes, `${path}.attributes`),
  }
}

const notNegative = (value: Amount, path: string): Amount => {
  if (new Decimal(value).lt(0)) throw badInput({ path, message: 'must leave zero or more' })
  return value
}

/** When the client says it was, or now. Throws DateInFuture. */
function dated(said: ClientInstant | null | undefined, { time }: Tenant, field: string): ClientInstant {
  if (said && isAhead(said.at, time.now)) throw new DateInFuture(field)
  return said ?? { at: time.now, offset: null }
}

/** A return as a command. Throws TransactionNotFound, LineNotFound, StoreNotFound, DateInFuture. */
export async function toReturn(
  stores: Stores,
  tenant: Tenant,
  policy: BillPolicy,
  input: ReturnTransactionInput,
  requestId: string,
): Promise<ReturnTransaction> {
  const id = idOfType('Transaction', input.transactionId, 'input.transactionId') as TransactionId
  const [original] = await stores.transactions.findByIds(tenant.id, [id])
  if (!original) throw new TransactionNotFound(id)
  const sold = await stores.transactions.linesOf(tenant.id, [id])
  const returned = (input.lines ?? []).map((line) => ({ line, of: soldLine(sold, line) }))
  const request = requestOf(input, returned)
  return {
    billNumber: input.billNumber ?? original.billNumber,
    generatedNumber: randomUUID(),
    billNumberRule: policy.returnNumbers,
    ...(await placeOf(stores, tenant, input, original)),
    source: original.source,
    grossAmount: null,
    discount: null,
    currency: original.currency,
    billed: dated(input.returnedAt, tenant, 'returnedAt'),
    deliveryStatus: null,
    outlierStatus: 'NORMAL',
    note: input.note ?? null,
    customFields: {},
    extendedFields: {},
    attributes: objectOr(input.attributes, 'input.attributes'),
    payments: [],
    member: original.memberId,
    returns: [
      {
        reference: { id, billNumber: null, purchasedAt: null },
        request,
        statedAmount: input.amount ?? NOTHING,
      },
    ],
    strays: [],
    linesAmount: null,
    lines: returned.map(({ line, of }, index) => documentLine(line, of, index)),
    policy: policy.returns,
    isDatedByClient: Boolean(input.returnedAt),
    runsLoyalty: true,
    requestId,
  }
}

const NOTHING = '0' as Amount

async function placeOf(stores: Stores, tenant: Tenant, input: ReturnTransactionInput, original: Transaction) {
  const isElsewhere = Boolean(input.storeId) || Boolean(input.tillCode)
  const storeId = input.storeId
    ? (idOfType('Store', input.storeId, 'input.storeId') as StoreId)
    : original.storeId
  if (!isElsewhere) return { storeId, tillCode: original.tillCode }
  const { tillCode } = await billPlace(stores, tenant, storeId, input.tillCode ?? null)
  return { storeId, tillCode }
}

function soldLine(sold: readonly TransactionLine[], { lineNo }: ReturnedLineInput): TransactionLine {
  const line = sold.find((one) => one.lineNo === lineNo && !one.isReturn)
  if (!line) throw new LineNotFound(null, String(lineNo))
  return line
}

interface Returned {
  readonly line: ReturnedLineInput
  readonly of: TransactionLine
}

/** What comes back; refuses an amount, or lines, where the kind has none. */
function requestOf(
  { kind, amount, lines }: ReturnTransactionInput,
  returned: readonly Returned[],
): ReturnRequest {
  const wants = { AMOUNT: 'amount', LINE_ITEM: 'lines', FULL: null, CANCELED: null }[kind]
  for (const [name, given] of Object.entries({ amount, lines })) {
    const isGiven = given !== null && given !== undefined
    if (isGiven !== (wants === name))
      throw badInput({
        path: `input.${name}`,
        message: `${isGiven ? 'is not' : 'is'} part of a return of kind ${kind}`,
      })
  }
  if (kind === 'AMOUNT') return { kind, amount: amount ?? NOTHING }
  if (kind !== 'LINE_ITEM') return { kind }
  if (returned.length === 0) throw badInput({ path: 'input.lines', message: 'must name a line' })
  return {
    kind,
    lines: returned.map(({ line, of }, index) => ({
      itemCode: of.itemCode,
      quantity: moreThanZero(line.quantity, `input.lines.${index}.quantity`),
      amount: line.amount ?? null,
      rate: of.rate,
      serial: typeof of.attributes['serial'] === 'string' ? of.attributes['serial'] : null,
    })),
  }
}

function moreThanZero(value: Amount, path: string): Amount {
  if (new Decimal(value).lte(0)) throw badInput({ path, message: 'must be more than zero' })
  return value
}

/** The line as the document of the return lists it. */
function documentLine({ quantity, amount }: ReturnedLineInput, of: TransactionLine, index: number) {
  const share = toAmount(new Decimal(of.amount).times(quantity).dividedBy(of.quantity).toDecimalPlaces(6))
  const net = amount ?? share
  return {
    ...{ lineNo: index + 1, itemCode: of.itemCode, quantity, rate: of.rate, value: net },
    ...{ discount: NOTHING, amount: net, outlier: false, attributes: {} },
  }
}
