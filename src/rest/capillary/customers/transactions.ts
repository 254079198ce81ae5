import type { Member } from '../../../domain/members/member'
import { isNumberId, type TransactionId } from '../../../domain/shared/ids'
import { type Instant, isBefore, plus } from '../../../domain/shared/instant'
import type { Transaction, TransactionPayment } from '../../../domain/transactions/transaction'
import type { MemberTransactions } from '../../../domain/transactions/transaction-store'
import type { Writable } from '../../shared/json'
import type { Code } from '../codes'
import { accidentsAs, type Answer, type Call } from '../call'
import { refusal } from '../errors'
import { amountNumber, idNumber, pointsNumber } from '../numbers'
import { formatMoment, formatWallClock, parseMoment } from '../time'

/** Parts that a row may embed; those that nothing here can fill are known and left out. */
const EMBEDS = [
  'BILL_CF',
  'BILL_EF',
  'ATTRIBUTION',
  'PAYMENT_MODES',
  'CREDIT_NOTES',
  'BILL_STORE_DETAILS',
  'BILL_POINTS',
  'TRANSACTION_IDENTIFIER',
]

/** A page of a customer's transactions, newest first unless asked otherwise. Throws CapillaryRefusal (1109 to 1115); an accident is 1113. */
export async function customerTransactions(call: Call, member: Member): Promise<Answer> {
  const { tenant } = call.signIn.caller
  const { transactions } = call.deps.stores
  const embeds = embedsAsked(call.request.query)
  const asked = sliceAsked(call, member)
  return accidentsAs(1113, async () => {
    const { rows, total } = await transactions.ofMember(tenant.id, asked)
    const payments = embeds.has('PAYMENT_MODES')
      ? await transactions.paymentsOf(
          tenant.id,
          rows.map(({ id }) => id),
        )
      : []
    const data = await Promise.all(rows.map((row) => toRow(call, row, embeds, payments)))
    const pagination = { limit: asked.limit, offset: asked.offset, total }
    return { status: 200, body: { pagination, data, warnings: [], errors: [] } }
  })
}

function embedsAsked(query: URLSearchParams): ReadonlySet<string> {
  const said = (query.get('embed') ?? '').split(',').map((part) => part.trim().toUpperCase())
  const asked = said.filter((part) => part !== '')
  const unknown = asked.find((part) => !EMBEDS.includes(part))
  if (unknown) throw refusal(400, 1110, 'embed names a part that does not exist.')
  return new Set(asked)
}

function sliceAsked({ request: { query }, signIn }: Call, member: Member): MemberTransactions {
  const zone = signIn.caller.tenant.setup.timeZone
  const limit = whole(query, 'limit', 20, 1111)
  if (limit > 1000) throw refusal(400, 1109, 'At most 1000 rows are given at once.')
  if (limit === 0) throw refusal(400, 1111, 'limit must be at least 1.')
  const from = momentAsked(query, 'startDate', zone)
  const until = momentAsked(query, 'endDate', zone)
  if (from && until && !isBefore(from.at, until.end))
    throw refusal(400, 1115, 'startDate must not be after endDate.')
  return {
    memberId: member.id,
    from: from?.at ?? null,
    until: until?.end ?? null,
    ids: idsAsked(query),
    oldestFirst: sortOrder(query) === 'ASC',
    limit,
    offset: whole(query, 'offset', 0, 1112),
  }
}

function whole(query: URLSearchParams, name: string, standard: number, code: Code): number {
  const said = query.get(name)?.trim()
  if (!said) return standard
  if (!/^\d{1,9}$/.test(said)) throw refusal(400, code, `${name} must be a whole number.`)
  return Number(said)
}

/** A moment, and where it ends as an upper bound: a bare day is the whole of it, a second the whole second. */
function momentAsked(
  query: URLSearchParams,
  name: string,
  zone: string,
): { at: Instant; end: Instant } | null {
  const said = query.get(name)?.trim()
  if (!said) return null
  const read = parseMoment(said)
  if (!read) throw refusal(400, 1114, `${name} cannot be read as a date.`)
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(said)
  return { at: read.at, end: plus(read.at, isDay ? { days: 1 } : { seconds: 1 }, zone) }
}

function idsAsked(query: URLSearchParams): readonly TransactionId[] | null {
  const said = query.get('transactionId')?.trim()
  if (!said) return null
  const ids = said.split(',').map((part) => part.trim())
  if (ids.some((id) => !/^\d+$/.test(id))) throw refusal(400, 400, 'transactionId must be numbers.')
  return ids.filter(isNumberId).map((id) => id as TransactionId)
}

function sortOrder(query: URLSearchParams): string {
  const by = query.get('sortBy')?.trim().toUpperCase()
  if (by && by !== 'BILLING_TIME') throw refusal(400, 400, 'sortBy must be BILLING_TIME.')
  const order = query.get('sortOrder')?.trim().toUpperCase() || 'DESC'
  if (order !== 'ASC' && order !== 'DESC') throw refusal(400, 400, 'sortOrder must be ASC or DESC.')
  return order
}

async function toRow(
  { deps, signIn }: Call,
  row: Transaction,
  embeds: ReadonlySet<string>,
  payments: readonly TransactionPayment[],
): Promise<Writable> {
  const { tenant } = signIn.caller
  const [store] = embeds.has('BILL_STORE_DETAILS')
    ? await deps.stores.shops.findByIds(tenant.id, [row.storeId])
    : []
  const billingTime = signIn.settings.keepsWallClock
    ? formatWallClock(row.billedAt, row.billedAtOffset)
    : formatMoment(row.billedAt, tenant.setup.timeZone)
  return {
    id: idNumber(row.id),
    ...(row.memberId && { customerId: idNumber(row.memberId) }),
    loyaltyLogId: idNumber(row.id),
    type: row.type,
    billNumber: row.billNumber,
    billingTime,
    billingTimeInputOffset: row.billedAtOffset ?? 'Z',
    amount: amountNumber(row.amount),
    ...(row.grossAmount && { grossAmount: amountNumber(row.grossAmount) }),
    ...(row.discount && { discount: amountNumber(row.discount) }),
    notes: row.note ?? '',
    outlierStatus: row.outlierStatus,
    ...(row.deliveryStatus && { deliveryStatus: row.deliveryStatus }),
    source: row.source.toLowerCase(),
    ...(embeds.has('BILL_CF') && { customFields: row.customFields as Writable }),
    ...(embeds.has('BILL_EF') && { extendedFields: row.extendedFields as Writable }),
    ...(embeds.has('ATTRIBUTION') && {
      attribution: { createdBy: { code: row.tillCode, type: 'TILL' }, createDate: billingTime },
    }),
    ...(embeds.has('PAYMENT_MODES') && { paymentModes: paymentsFor(row, payments) }),
    ...(embeds.has('CREDIT_NOTES') && { creditNotes: [] }),
    ...(store && {
      billStoreDetails: { id: idNumber(store.id), code: store.code, name: store.name },
    }),
    ...(embeds.has('BILL_POINTS') && { billPoints: pointsNumber(row.points) }),
  }
}

const paymentsFor = ({ id }: Transaction, payments: readonly TransactionPayment[]): Writable =>
  payments
    .filter(({ transactionId }) => transactionId === id)
    .map((payment) => ({
      id: idNumber(payment.id),
      mode: payment.mode,
      amount: amountNumber(payment.amount),
      notes: payment.notes,
      attributes: payment.attributes as Writable,
    }))
