import type { RecordedBill, RecordTransaction } from '../../../domain/transactions/record-transaction'
import { recordTransactions, type SaleAnswer } from '../../../domain/transactions/record-transactions'
import {
  isJsonArray,
  isJsonMap,
  type JsonArray,
  type JsonMap,
  type JsonValue,
  type Writable,
} from '../../shared/json'
import type { Answer, Call, CapillaryEndpoint } from '../call'
import { CapillaryRefusal, item as problem, refusal, type StatusItem } from '../errors'
import { trimmed } from '../lenient'
import { addedAnswer, type ReadBill, readBill, record, saleOf } from '../transactions/add-transaction'
import { errorsOf, type ItemAnswer, itemsOf, toBatchAnswer } from './batch'
import { echoOf } from './echo'
import { InTurn } from './in-turn'

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
 * says in its body what that call says in its query. Items run in their order, and one that is refused harms no other;
 * sales that follow one another are stored together.
 */
async function addTransactions(call: Call): Promise<Answer> {
  const items = itemsOf(call)
  if (items.some(hasEmptyMobile))
    throw refusal(400, 400, 'identifierValue is missing: the mobile number of an item is empty.')
  return toBatchAnswer(await addItems(call, items), call.signIn.settings)
}

async function addItems(call: Call, items: JsonArray): Promise<readonly ItemAnswer[]> {
  const answers: ItemAnswer[] = []
  const sales = new InTurn<WaitingSale, readonly SaleAnswer[]>(
    SALES_AT_FIRST,
    SALES_AT_ONCE,
    (some) => storeSales(call, some),
    async (some, stored) => {
      const told = await answersOf(call, some, stored)
      for (const [index, { position }] of some.entries()) answers[position] = told[index] as ItemAnswer
    },
  )
  for (const [position, sent] of items.entries()) {
    await sales.giveWay()
    const item = isJsonMap(sent) ? sent : {}
    const result = echoOf(item, call.signIn)
    const { value: read, errors } = await orErrors(call, async () => readItem(call, sent, item))
    const sale = read && saleOf(read)
    if (sale) sales.add({ position, result, read, sale })
    else if (!read) answers[position] = refused(result, errors)
    else {
      // A return may be of what was sold before it.
      await sales.finish()
      answers[position] = await answered(call, result, read, () => record(read))
    }
  }
  await sales.finish()
  return answers
}

/** So many sales are stored together while those that follow are read: few enough that both have something to do, and fewer at first, for the database to begin soon. */
const SALES_AT_FIRST = 10
const SALES_AT_ONCE = 20

/** An item that is a sale, read and not stored yet. */
interface WaitingSale {
  readonly position: number
  readonly result: Echo
  readonly read: ReadBill
  readonly sale: RecordTransaction
}

type Echo = Readonly<Record<string, Writable>>

/** Throws CapillaryRefusal for a customer that cannot be read, and what reading a transaction throws. */
async function readItem(call: Call, sent: JsonValue, item: JsonMap): Promise<ReadBill> {
  const unusable = customerProblems(item)
  if (unusable.length > 0) throw new CapillaryRefusal(400, unusable)
  return readBill(single(call, sent))
}

const storeSales = (
  { deps, signIn }: Call,
  waiting: readonly WaitingSale[],
): Promise<readonly SaleAnswer[]> =>
  recordTransactions(
    deps.loyalty,
    signIn.caller,
    waiting.map(({ sale }) => sale),
  )

const answersOf = (
  call: Call,
  sold: readonly WaitingSale[],
  stored: readonly SaleAnswer[],
): Promise<readonly ItemAnswer[]> =>
  Promise.all(
    sold.map(({ result, read }, index) => answered(call, result, read, async () => soldOr(stored[index]))),
  )

function soldOr(answer: SaleAnswer | undefined): RecordedBill {
  if (answer?.recorded) return answer.recorded
  throw answer?.error ?? new Error('a sale of a bulk has no answer')
}

async function answered(
  call: Call,
  result: Echo,
  read: ReadBill,
  work: () => Promise<RecordedBill>,
): Promise<ItemAnswer> {
  const { value, errors } = await orErrors(call, async () => addedAnswer(read, await work()))
  return value ? toItemAnswer(result, value as unknown as AddedTransaction) : refused(result, errors)
}

const refused = (result: Echo, errors: readonly StatusItem[]): ItemAnswer => ({
  result,
  errors,
  warnings: [],
})

/** A value, or what was thrown as the errors of its item. */
async function orErrors<T>(
  call: Call,
  work: () => Promise<T>,
): Promise<{ readonly value: T | null; readonly errors: readonly StatusItem[] }> {
  try {
    return { value: await work(), errors: [] }
  } catch (error) {
    return { value: null, errors: errorsOf(call, error) }
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
  result: Echo,
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
  const namesItsOwn = isJsonMap(item) && isJsonMap(item['attribution'])
  const bookedOn = namesItsOwn ? () => undefined : (till: string) => call.bookedOn(till)
  return { ...call, request: { ...call.request, query }, part: item, bookedOn }
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
