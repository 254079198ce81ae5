import { MemberNotFound } from '../../../domain/members/errors'
import type { TenantId } from '../../../domain/shared/ids'
import { LineNotFound, TransactionNotFound } from '../../../domain/transactions/errors'
import { ChangeNotAllowed } from '../../../domain/purchases/errors'
import { TRANSACTION_TYPES, type TransactionType } from '../../../domain/transactions/transaction'
import {
  type UpdatedTransaction,
  type UpdateTransaction,
  updateTransaction,
} from '../../../domain/transactions/update-transaction'
import { isJsonMap, type JsonMap, type JsonValue, type Writable } from '../../shared/json'
import { bookedByHeaders, noSuchEntity } from '../booking'
import { answersOf, errorsOf, type ItemAnswer, itemsOf, toBatchAnswer } from '../bulk/batch'
import { type Answer, type Call, type CapillaryDeps, type CapillaryEndpoint, jsonBody } from '../call'
import { firstProblems, readContract } from '../contract'
import { item, refusal, refusalFor, type StatusItem } from '../errors'
import { isTrue } from '../customers/programs'
import { loyaltyDetail } from '../loyalty-details'
import type { CapillarySettings } from '../settings'
import { customerOf } from '../transactions/customer'
import { UpdateTransactionBody } from './update.contract'
import { noSuchId, noSuchNumber, toUpdateTransaction } from './update.mapping'

export const updateEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'PUT',
    path: '/v2/transactions',
    operation: 'updateTransaction',
    handle: updateOne,
  },
  {
    method: 'PUT',
    path: '/v2/transactions/bulk',
    operation: 'updateTransactionsBulk',
    handle: updateSeveral,
  },
]

/** Changes what may change about one transaction (section 16). */
async function updateOne(call: Call): Promise<Answer> {
  const sent = jsonBody(call.request)
  if (!isJsonMap(sent)) throw refusal(400, 400, 'The body must be one transaction: a JSON object.')
  const changedAt = await bookOn(call)
  const { updated, warnings } = await update(call, sent, call.request.query, TRANSACTION_TYPES, changedAt)
  const loyaltyDetails = await detailsOf(call, updated)
  return { status: 200, body: { warnings, errors: [], loyaltyDetails } }
}

/** The till that the call is booked on: the transaction stays where it was sold, and tells of the till that changed it. */
async function bookOn(call: Call): Promise<string> {
  const { tillCode } = await bookedByHeaders(call.deps.stores.shops, call.signIn, call.request)
  call.bookedOn(tillCode)
  return tillCode
}

/** Several, each on its own; regular transactions only, as published. A customer who is not found is 8084 here. */
async function updateSeveral(call: Call): Promise<Answer> {
  const items = itemsOf(call)
  return toBatchAnswer(await answersOf(items, (sent) => updateItem(call, sent)), call.signIn.settings)
}

async function updateItem(call: Call, sent: JsonValue): Promise<ItemAnswer> {
  const body = isJsonMap(sent) ? sent : {}
  const mapOf = (name: string): JsonMap => (isJsonMap(body[name]) ? body[name] : {})
  const result = { ...body, extendedFields: mapOf('extendedFields'), customFields: mapOf('customFields') }
  try {
    if (!isJsonMap(sent)) throw refusal(400, 400, 'The item must be one transaction: a JSON object.')
    const { warnings } = await update(call, sent, null, ['REGULAR'], call.signIn.tillCode)
    return { result, errors: [], warnings }
  } catch (error) {
    return { result, errors: itemErrors(call, error), warnings: [] }
  }
}

function itemErrors(call: Call, error: unknown): readonly StatusItem[] {
  if (error instanceof MemberNotFound)
    return [item(8084, 'The customer was not found by what the item says.')]
  return errorsOf(call, error)
}

interface Updated {
  readonly updated: UpdatedTransaction
  readonly warnings: readonly StatusItem[]
}

/** Reads, checks and makes a change. Without a query the body names the customer, and must. */
async function update(
  { deps, signIn }: Call,
  sent: JsonMap,
  query: URLSearchParams | null,
  types: readonly TransactionType[],
  tillCode: string,
): Promise<Updated> {
  const { value: body, problems } = readContract(UpdateTransactionBody, sent)
  const found = firstProblems(problems)
  if (found.length > 0) throw refusalFor(found)
  await assertTill(deps, signIn.caller.tenant.id, body.tillCode)
  const member = customerNamed(query, body)
  const { command, warnings } = toUpdateTransaction(body, { member, types, tillCode }, signIn.settings)
  try {
    return { updated: await updateTransaction(deps.loyalty, signIn.caller, command), warnings }
  } catch (error) {
    throw inTheWordsOfUpdates(error, command, signIn.settings)
  }
}

/** Null for a call that names nobody: it is about a transaction that knows no customer. */
function customerNamed(
  query: URLSearchParams | null,
  body: UpdateTransactionBody,
): UpdateTransaction['member'] {
  const names = ['identifierName', 'identifierType', 'identifierValue']
  const named = body.identifierType ?? body.identifierValue ?? names.find((name) => query?.get(name)?.trim())
  if (query !== null && named === undefined) return null
  const customer = customerOf(query ?? new URLSearchParams(), body)
  if (!('step' in customer)) return customer.who
  if (query === null) throw new MemberNotFound({ type: 'identifier', value: '' })
  throw refusalFor([customer])
}

async function assertTill(
  { stores }: CapillaryDeps,
  tenant: TenantId,
  tillCode: string | undefined,
): Promise<void> {
  if (tillCode !== undefined && !(await stores.shops.tillByCode(tenant, tillCode))) throw noSuchEntity()
}

/** What is not there is said of the customer, by what the call named. */
function inTheWordsOfUpdates(
  error: unknown,
  { transaction, member }: UpdateTransaction,
  { errorCatalogue }: CapillarySettings,
): unknown {
  if (error instanceof TransactionNotFound) {
    if (member === null) return refusal(400, 606, 'The identifier of the customer is missing.')
    return 'id' in transaction ? noSuchId() : noSuchNumber()
  }
  if (error instanceof LineNotFound && error.id !== null)
    return refusal(400, 1119, 'The transaction has no line with this id.')
  if (error instanceof ChangeNotAllowed && errorCatalogue === 'current')
    return refusal(400, 1118, 'A transaction of this type cannot be updated.')
  return error
}

/** The customer's standing in every program, for `points=MLP`. */
function detailsOf(
  { deps, signIn, request: { query } }: Call,
  { member }: UpdatedTransaction,
): Promise<Writable[]> {
  const wanted = isTrue(query, 'mlp') || query.get('points')?.trim().toLowerCase() === 'mlp'
  const { tenant } = signIn.caller
  if (!member || !wanted) return Promise.resolve([])
  return Promise.all(
    tenant.setup.programs.map((program) => loyaltyDetail(deps.stores, tenant, member, program)),
  )
}
