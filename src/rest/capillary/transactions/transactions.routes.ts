import { randomUUID } from 'node:crypto'
import { isNumberId, type TransactionId } from '../../../domain/shared/ids'
import { TransactionNotFound } from '../../../domain/transactions/errors'
import { type RecordedTransaction, recordTransaction } from '../../../domain/transactions/record-transaction'
import type { Transaction } from '../../../domain/transactions/transaction'
import type { Writable } from '../../shared/json'
import type { HttpRequest, Route } from '../../shared/route'
import type { AuthDeps } from '../auth'
import { type Answer, type Call, type CapillaryDeps, signedRoute } from '../call'
import { refusal, type StatusItem } from '../errors'
import { loyaltyDetail } from '../loyalty-details'
import { idNumber } from '../numbers'
import { toRecordTransaction } from './add-transaction.mapping'
import { exchangeOf } from './amounts'
import { readSale } from './read-sale'
import { rawSideEffects, sideEffects } from './side-effects'
import { toTransactionDetails } from './transaction-details.mapping'

export const transactionRoutes = (deps: CapillaryDeps & AuthDeps): readonly Route[] => [
  signedRoute(deps, {
    method: 'POST',
    path: '/v2/transactions',
    operation: 'capillary.addTransaction',
    handle: addTransaction,
  }),
  signedRoute(deps, {
    method: 'GET',
    path: '/v2/transactions/:id',
    operation: 'capillary.getTransaction',
    handle: getTransaction,
  }),
]

/**
 * Adds a sale. One that asks to run in the background (`use_async`, `X-CAP-DIRECT-REPLAY`) still runs in line, and its
 * answer says what it earned: durable background work is an issue of its own.
 */
export async function addTransaction(call: Call): Promise<Answer> {
  const { deps, signIn, request } = call
  const { tenant } = signIn.caller
  const { body, booking, program, customer } = await readSale(call)
  const { command, warnings } = toRecordTransaction(body, {
    settings: signIn.settings,
    customer,
    booking,
    storeCode: await storeCodeFor(call, booking.storeId),
    programId: program.id,
    exchange: exchangeOf(body, signIn.settings, tenant.setup.currency),
    currency: tenant.setup.currency,
    now: { at: tenant.time.now, offset: null },
    generatedNumber: randomUUID(),
    runsLoyalty: !isTrue(request.headers['skip-downstream']),
    requestId: request.requestId,
  })
  const recorded = await recordTransaction(deps.loyalty, signIn.caller, command)
  return { status: 200, body: await toAddTransactionResponse(call, recorded, warnings) }
}

/** Read only where a rule about stores could use it. */
async function storeCodeFor({ deps, signIn }: Call, storeId: Transaction['storeId']): Promise<string | null> {
  if (signIn.settings.outliers.storeCodes.length === 0) return null
  const [store] = await deps.stores.shops.findByIds(signIn.caller.tenant.id, [storeId])
  return store?.code ?? null
}

async function toAddTransactionResponse(
  { deps, signIn, request: { query } }: Call,
  recorded: RecordedTransaction,
  warnings: readonly StatusItem[],
): Promise<Writable> {
  const { tenant } = signIn.caller
  const { member } = recorded
  const wantsDetails = asks(query, 'mlp') || query.get('points')?.trim().toLowerCase() === 'mlp'
  const { defaultProgram } = tenant.setup
  return {
    createdId: idNumber(recorded.transaction.id),
    warnings,
    errors: [],
    sideEffects: sideEffects(recorded),
    ...(asks(query, 'rawSideEffects') && { rawSideEffects: rawSideEffects(recorded, tenant) }),
    loyaltyDetails: wantsDetails ? [await loyaltyDetail(deps.stores, tenant, member, defaultProgram)] : [],
    customerInfo: { firstName: member.firstName ?? '', lastName: member.lastName ?? '' },
  }
}

/** Reads one transaction of a type; another type's, another tenant's and none at all look the same (section 17). */
async function getTransaction({ deps, signIn, request }: Call): Promise<Answer> {
  const { tenant } = signIn.caller
  const transaction = await transactionAskedFor(deps, tenant.id, request)
  const { query } = request
  const { transactions, shops } = deps.stores
  const [lines, payments, [store], till] = await Promise.all([
    transactions.linesOf(tenant.id, [transaction.id]),
    asks(query, 'tenders') ? transactions.paymentsOf(tenant.id, [transaction.id]) : null,
    shops.findByIds(tenant.id, [transaction.storeId]),
    shops.tillByCode(tenant.id, transaction.tillCode),
  ])
  const withPoints = asks(query, 'mlp') && asks(query, 'points_breakup')
  const facts = { transaction, lines, payments, store: store ?? null, till, withPoints }
  return { status: 200, body: toTransactionDetails(facts, tenant, signIn.settings) }
}

async function transactionAskedFor(
  { stores }: CapillaryDeps,
  tenant: Call['signIn']['caller']['tenant']['id'],
  { params, query }: HttpRequest,
): Promise<Transaction> {
  const id = params['id'] ?? ''
  if (!/^\d+$/.test(id)) throw refusal(400, 400, 'The transaction id must be a number.')
  const type = query.get('type')?.trim().toUpperCase() || 'REGULAR'
  const [found] = isNumberId(id) ? await stores.transactions.findByIds(tenant, [id as TransactionId]) : []
  if (!found || found.type !== type) throw new TransactionNotFound(id as TransactionId)
  return found
}

const asks = (query: URLSearchParams, name: string): boolean => isTrue(query.get(name))
const isTrue = (value: string | null | undefined): boolean => value?.trim().toLowerCase() === 'true'
