import type { Tenant } from '../../../domain/programs/tenant'
import { isNumberId, type TransactionId } from '../../../domain/shared/ids'
import { TransactionNotFound } from '../../../domain/transactions/errors'
import type { Transaction } from '../../../domain/transactions/transaction'
import type { Answer, Call, CapillaryDeps } from '../call'
import { refusal } from '../errors'
import { earningShown } from './earning.mapping'
import { asks } from './query'
import {
  type DetailsFacts,
  MODIFIED_BY,
  modifierOf,
  toTransactionDetails,
} from './transaction-details.mapping'

/** Reads one transaction of a type; another type's, another tenant's and none at all look the same (section 17). */
export async function getTransaction({ deps, signIn, request }: Call): Promise<Answer> {
  const { tenant } = signIn.caller
  const type = request.query.get('type')?.trim().toUpperCase() || 'REGULAR'
  const transaction = await transactionAskedFor(deps, tenant, request.params['id'], type)
  const [facts] = await detailsOf(deps, tenant, [transaction], request.query)
  return { status: 200, body: toTransactionDetails(facts as DetailsFacts, tenant, signIn.settings) }
}

/** Transactions of all types with a bill number, newest first; of more than a page the rest is only counted. */
export async function getByBillNumber({ deps, signIn, request }: Call): Promise<Answer> {
  const { tenant } = signIn.caller
  const billNumber = request.params['billNumber']?.trim() ?? ''
  const { rows, total } = await deps.stores.transactions.pageByNumber(tenant.id, billNumber, PAGE)
  const details = await detailsOf(deps, tenant, rows, request.query)
  return {
    status: 200,
    body: {
      pagination: { limit: PAGE, offset: 0, total },
      data: details.map((facts) => toTransactionDetails(facts, tenant, signIn.settings)),
      warnings: [],
      errors: [],
    },
  }
}

const PAGE = 100

/** A sale with what became of its points, line by line; all of it read in one statement. */
export async function getEarning({ deps, signIn, request }: Call): Promise<Answer> {
  const { tenant } = signIn.caller
  const { transactions } = deps.stores
  const id = numberAsked(request.params['transactionId'])
  const whole = isNumberId(id) ? await transactions.whole(tenant.id, id as TransactionId, MODIFIED_BY) : null
  if (whole?.transaction.type !== 'REGULAR') throw new TransactionNotFound(id as TransactionId)
  const { transaction, lines, returns, awards, tills, store } = whole
  const tillOf = (code: string | null) => tills.find((till) => till.code === code) ?? null
  const asked = asks(request.query, 'tenders')
  const facts: DetailsFacts = {
    transaction,
    lines,
    returns,
    payments: asked ? await transactions.paymentsOf(tenant.id, [transaction.id]) : null,
    store,
    till: tillOf(transaction.tillCode),
    changedAt: tillOf(modifierOf(transaction)),
    withPoints: asks(request.query, 'mlp') && asks(request.query, 'points_breakup'),
    earning: earningShown(transaction, awards, tenant),
  }
  return { status: 200, body: toTransactionDetails(facts, tenant, signIn.settings) }
}

function numberAsked(id = ''): string {
  if (!/^\d+$/.test(id)) throw refusal(400, 400, 'The transaction id must be a number.')
  return id
}

async function transactionAskedFor(
  { stores }: CapillaryDeps,
  tenant: Tenant,
  said: string | undefined,
  type: string,
): Promise<Transaction> {
  const id = numberAsked(said)
  const [found] = isNumberId(id) ? await stores.transactions.findByIds(tenant.id, [id as TransactionId]) : []
  if (!found || found.type !== type) throw new TransactionNotFound(id as TransactionId)
  return found
}

/** What is shown of transactions, aligned with them; one statement of each kind, however many there are. */
async function detailsOf(
  { stores: { transactions, shops } }: CapillaryDeps,
  { id: tenant }: Tenant,
  shown: readonly Transaction[],
  query: URLSearchParams,
): Promise<readonly DetailsFacts[]> {
  if (shown.length === 0) return []
  const ids = shown.map(({ id }) => id)
  const tills = [...new Set(shown.flatMap((one) => [one.tillCode, modifierOf(one) ?? one.tillCode]))]
  const [lines, returns, payments, stores, found] = await Promise.all([
    transactions.linesOf(tenant, ids),
    transactions.returnsOf(tenant, ids),
    asks(query, 'tenders') ? transactions.paymentsOf(tenant, ids) : null,
    shops.findByIds(tenant, [...new Set(shown.map(({ storeId }) => storeId))]),
    Promise.all(tills.map((code) => shops.tillByCode(tenant, code))),
  ])
  const tillOf = (code: string | null) => found.find((till) => till?.code === code) ?? null
  const withPoints = asks(query, 'mlp') && asks(query, 'points_breakup')
  return shown.map((transaction) => ({
    transaction,
    lines: lines.filter(({ transactionId }) => transactionId === transaction.id),
    returns: returns.filter(({ originalId }) => originalId === transaction.id),
    payments: payments?.filter(({ transactionId }) => transactionId === transaction.id) ?? null,
    store: stores.find(({ id }) => id === transaction.storeId) ?? null,
    till: tillOf(transaction.tillCode),
    changedAt: tillOf(modifierOf(transaction)),
    withPoints,
    earning: null,
  }))
}
