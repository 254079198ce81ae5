import { randomUUID } from 'node:crypto'
import { exchangeTransaction } from '../../../domain/transactions/exchange-transaction'
import { ReturnRefused } from '../../../domain/transactions/errors'
import {
  recordAnonymousTransaction,
  type RecordedBill,
  recordTransaction,
  type RecordTransaction,
} from '../../../domain/transactions/record-transaction'
import { returnTransaction } from '../../../domain/transactions/return-transaction'
import type { Transaction } from '../../../domain/transactions/transaction'
import type { Writable } from '../../shared/json'
import { accidentsAs, type Answer, type Call } from '../call'
import type { HttpRequest } from '../../shared/route'
import { item } from '../errors'
import { loyaltyDetail } from '../loyalty-details'
import { idNumber } from '../numbers'
import {
  toBill,
  type MappedBill,
  type SaleContext,
  toRecordTransaction,
  untiedWarning,
} from './add-transaction.mapping'
import { exchangeOf } from './amounts'
import { groupIn } from './customer'
import { asks, isTrue } from './query'
import { type ReadSale, readSale } from './read-sale'
import { noticeWarning, returnRefusal } from './return-refusals'
import { toExchangeTransaction, toReturnTransaction } from './returns.mapping'
import { rawSideEffects, sideEffects } from './side-effects'

/** Adds a transaction of any type. */
export async function addTransaction(call: Call): Promise<Answer> {
  const read = await readBill(call)
  return { status: 200, body: await addedAnswer(read, await record(read)) }
}

/** A transaction that can be stored, and what its answer will warn of. */
export interface ReadBill {
  readonly call: Call
  readonly sale: ReadSale
  readonly bill: MappedBill
  readonly context: StoreContext
}

/** Reads and checks a transaction. Throws what `readSale` throws. */
export async function readBill(call: Call): Promise<ReadBill> {
  const sale = await readSale(call)
  const context = await contextOf(call, sale)
  return { call, sale, bill: toBill(sale.body, context), context }
}

/** A sale to a customer as its command; null for every other kind of transaction. Pure. */
export const saleOf = ({ sale: { kind }, bill, context }: ReadBill): RecordTransaction | null =>
  kind === 'REGULAR' && context.who !== null
    ? toRecordTransaction(bill, { ...context, who: context.who })
    : null

interface StoreContext extends Omit<SaleContext, 'who'> {
  readonly who: SaleContext['who'] | null
}

async function contextOf(
  call: Call,
  { kind, body, booking, program, customer }: ReadSale,
): Promise<StoreContext> {
  const { signIn, request } = call
  const { tenant } = signIn.caller
  return {
    settings: signIn.settings,
    kind,
    who: customer?.who ?? null,
    source: customer?.source ?? 'INSTORE',
    booking,
    storeCode: await storeCodeFor(call, booking.storeId),
    group: groupIn(body),
    programId: program.id,
    exchange: exchangeOf(body, signIn.settings, tenant.setup.currency),
    currency: tenant.setup.currency,
    now: { at: tenant.time.now, offset: null },
    generatedNumber: randomUUID(),
    runsLoyalty: !isTrue(request.headers['skip-downstream']),
    defersLoyalty: wantsBackground(request),
    requestId: request.requestId,
  }
}

/** In the background or queued: the same to us, a job that is stored with the transaction (section 9). */
const wantsBackground = ({ query, headers }: HttpRequest): boolean =>
  asks(query, 'use_async') || asks(query, 'use_asynch') || isTrue(headers['x-cap-direct-replay'])

/** Read only where a rule about stores could use it. */
async function storeCodeFor({ deps, signIn }: Call, storeId: Transaction['storeId']): Promise<string | null> {
  if (signIn.settings.outliers.storeCodes.length === 0) return null
  const [store] = await deps.stores.shops.findByIds(signIn.caller.tenant.id, [storeId])
  return store?.code ?? null
}

/** Stores it and runs what it earns or takes back, as one unit of work. */
export async function record(read: ReadBill): Promise<RecordedBill> {
  const { bill, context } = read
  const { kind, body } = read.sale
  const { deps, signIn } = read.call
  const { loyalty } = deps
  const { caller, settings } = signIn
  try {
    if (kind === 'RETURN' || kind === 'NOT_INTERESTED_RETURN')
      return await returnTransaction(loyalty, caller, toReturnTransaction(body, bill, context))
    if (context.who === null)
      return await accidentsAs(645, () =>
        recordAnonymousTransaction(loyalty, caller, {
          ...bill.facts,
          lines: bill.lines,
          programId: context.programId,
          billNumberRule: settings.billNumberRule,
        }),
      )
    const sale = { ...context, who: context.who }
    if (kind === 'EXCHANGE')
      return await exchangeTransaction(loyalty, caller, toExchangeTransaction(body, bill, sale))
    return await recordTransaction(loyalty, caller, toRecordTransaction(bill, sale))
  } catch (error) {
    throw error instanceof ReturnRefused ? returnRefusal(error, settings.errorCatalogue) : error
  }
}

/** What is answered once it is stored. */
export async function addedAnswer(
  { call: { deps, signIn, request }, bill: { warnings } }: ReadBill,
  recorded: RecordedBill,
): Promise<Readonly<Record<string, Writable>>> {
  const { query } = request
  const { tenant } = signIn.caller
  const { member, notices } = recorded
  const wantsDetails = asks(query, 'mlp') || query.get('points')?.trim().toLowerCase() === 'mlp'
  return {
    createdId: idNumber(recorded.transaction.id),
    warnings: [
      ...warnings,
      ...notices.map((notice) => noticeWarning(notice, signIn.settings.errorCatalogue)),
      ...(recorded.untied ?? []).map(untiedWarning),
      ...(recorded.isQueued ? [item(687, 'The points of the transaction are queued; they follow.')] : []),
    ],
    errors: [],
    sideEffects: sideEffects(recorded),
    ...(asks(query, 'rawSideEffects') && { rawSideEffects: rawSideEffects(recorded, tenant) }),
    loyaltyDetails:
      wantsDetails && member
        ? await Promise.all(
            tenant.setup.programs.map((program) => loyaltyDetail(deps.stores, tenant, member, program)),
          )
        : [],
    ...(member && {
      customerInfo: { firstName: member.firstName ?? '', lastName: member.lastName ?? '' },
    }),
  }
}
