import {
  isJsonArray,
  isJsonMap,
  type JsonMap,
  type JsonValue,
  writeJson,
  type Writable,
} from '../../shared/json'
import type { Answer, Call, CapillaryEndpoint } from '../call'
import { item as problem, refusal, type StatusItem } from '../errors'
import { trimmed } from '../lenient'
import { addTransaction } from '../transactions/transactions.routes'
import { answersOf, errorsOf, type ItemAnswer, itemsOf, toBatchAnswer } from './batch'
import { echoOf } from './echo'

export const bulkEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'POST',
    path: '/v2/transactions/bulk',
    operation: 'addTransactionsBulk',
    handle: addTransactions,
  },
]

/**
 * Adds or returns several transactions (section 15): each item is a call of `POST /v2/transactions` of its own, which
 * says in its body what that call says in its query.
 */
async function addTransactions(call: Call): Promise<Answer> {
  const items = itemsOf(call)
  if (items.some(hasEmptyMobile))
    throw refusal(400, 400, 'identifierValue is missing: the mobile number of an item is empty.')
  return toBatchAnswer(await answersOf(items, (item) => addItem(call, item)), call.signIn.settings)
}

async function addItem(call: Call, sent: JsonValue): Promise<ItemAnswer> {
  const item = isJsonMap(sent) ? sent : {}
  const result = echoOf(item, call.signIn)
  try {
    const unusable = customerProblems(item)
    if (unusable.length > 0) return { result, errors: unusable, warnings: [] }
    const { body } = await addTransaction(single(call, sent))
    return toItemAnswer(result, body as unknown as AddedTransaction)
  } catch (error) {
    return { result, errors: errorsOf(call, error), warnings: [] }
  }
}

/** What the single call answers. */
interface AddedTransaction {
  readonly createdId: Writable
  readonly warnings: Writable
  readonly sideEffects: Writable
  readonly rawSideEffects?: Writable
  readonly loyaltyDetails: Writable
}

const toItemAnswer = (
  result: Readonly<Record<string, Writable>>,
  { createdId, warnings, sideEffects, rawSideEffects, loyaltyDetails }: AddedTransaction,
): ItemAnswer => ({
  entityId: createdId,
  result: { ...result, sideEffects, rawSideEffects },
  errors: [],
  warnings,
  loyaltyDetails,
})

/** Members of the query that belong to the customer and the program of one sale: in a bulk each item has its own. */
const OF_ONE_SALE = [
  'identifierName',
  'identifierType',
  'identifierValue',
  'source',
  'accountId',
  'programId',
]

/** The call that would have been made for one item. The answer's till is the one that the headers book on. */
function single(call: Call, item: JsonValue): Call {
  const query = new URLSearchParams(call.request.query)
  for (const name of OF_ONE_SALE) query.delete(name)
  const rawBody = Buffer.from(writeJson(item))
  const namesItsOwn = isJsonMap(item) && isJsonMap(item['attribution'])
  const bookedOn = namesItsOwn ? () => undefined : (till: string) => call.bookedOn(till)
  return { ...call, request: { ...call.request, query, rawBody }, bookedOn }
}

/** An identifier in a shape that no identifier has. What is merely missing is the single call's to say. */
function customerProblems(item: JsonMap): readonly StatusItem[] {
  const unusable = ['identifierType', 'identifierValue'].filter(
    (name) => isJsonMap(item[name]) || isJsonArray(item[name]),
  )
  return unusable.length > 0
    ? [problem(8084, `The customer is not named: ${unusable[0]} cannot be read.`)]
    : []
}

/** One item with an empty mobile number refuses the whole call, as published; types without a customer ignore it. */
function hasEmptyMobile(item: JsonValue): boolean {
  if (!isJsonMap(item)) return false
  const said = (name: string): string => {
    const read = trimmed(item[name])
    return typeof read === 'string' ? read.toLowerCase() : ''
  }
  const isMobile = said('identifierType') === 'mobile' || said('identifierName') === 'mobile'
  const isEmpty = trimmed(item['identifierValue']) === undefined
  return isMobile && isEmpty && !said('type').startsWith('not_interested')
}
