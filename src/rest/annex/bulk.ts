import { LoyaltyError } from '../../domain/shared/errors'
import {
  isJsonArray,
  isJsonMap,
  type JsonMap,
  type JsonValue,
  MalformedJson,
  type Writable,
} from '../shared/json'
import type { HttpRequest } from '../shared/route'
import { failed, invalid, missing } from './errors'
import { jsonIn } from './routes'

/** As many entries as one call may have (contract, section 5). */
const MOST_ENTRIES = 1_000

/** So many entries are worked on at once; more would only wait for the database. */
const MOST_AT_ONCE = 4

export interface BulkCall {
  /** How the result of a refused entry is recognized besides its place. */
  readonly nameOf: (entry: JsonMap) => Readonly<Record<string, Writable>>
  /** Entries that say the same here are done one after the other, in their order. */
  readonly laneOf: (entry: JsonMap) => string
  readonly answer: (entry: JsonMap) => Promise<Writable>
}

/**
 * Answers each entry of a bulk body by itself: a numbered object answers under the same keys, an array as an array, and
 * an entry that is refused says its error where its result would be (contract, section 11, 6 and 7). Throws
 * MalformedJson, AC1004 when there is no entry, AC1007 when there are too many or one has no number.
 */
export async function answerEach(request: HttpRequest, bulk: BulkCall): Promise<Writable> {
  const { isArray, list } = entriesIn(jsonIn(request))
  const results = new Map<string, Writable>()
  const lanes = [...lanesOf(list, bulk)]
  const work = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane; lane = lanes.shift()) {
      for (const [key, entry] of lane) results.set(key, await answerOne(request, entry, bulk))
    }
  }
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, work))
  const inOrder = list.map(([key]) => [key, results.get(key)] as const)
  return isArray ? inOrder.map(([, result]) => result) : Object.fromEntries(inOrder)
}

type Entry = Entries['list'][number]

/** One lane for all when a name comes twice: then it matters which of them is first. */
function lanesOf(list: Entries['list'], { nameOf, laneOf }: BulkCall): Iterable<readonly Entry[]> {
  const names = list.flatMap(([, entry]) => (isJsonMap(entry) ? Object.values(nameOf(entry)) : []))
  if (new Set(names).size < names.length) return [list]
  const lanes = new Map<string, Entry[]>()
  for (const each of list) {
    const lane = isJsonMap(each[1]) ? laneOf(each[1]) : ''
    lanes.set(lane, [...(lanes.get(lane) ?? []), each])
  }
  return lanes.values()
}

interface Entries {
  readonly isArray: boolean
  readonly list: readonly (readonly [string, JsonValue | undefined])[]
}

function entriesIn(body: JsonValue): Entries {
  if (!isJsonArray(body) && !isJsonMap(body))
    throw new MalformedJson('the body is neither object nor array', 0)
  const list = Object.entries(body) as [string, JsonValue | undefined][]
  if (list.length === 0) throw missing(['entries'])
  const unnumbered = list.map(([key]) => key).filter((key) => !/^\d{1,6}$/.test(key))
  if (unnumbered.length > 0) throw invalid(unnumbered)
  if (list.length > MOST_ENTRIES) throw invalid([`more than ${MOST_ENTRIES} entries`])
  return { isArray: isJsonArray(body), list }
}

async function answerOne(
  request: HttpRequest,
  entry: JsonValue | undefined,
  { nameOf, answer }: BulkCall,
): Promise<Writable> {
  if (!isJsonMap(entry)) return refusalOf(missing([]), request)
  try {
    return await answer(entry)
  } catch (error) {
    return { ...nameOf(entry), ...refusalOf(error, request) }
  }
}

/** The members of a refusal, also of one that only says "later"; what is no refusal is nobody's entry and fails the call. */
function refusalOf(error: unknown, request: HttpRequest): Readonly<Record<string, Writable>> {
  const { status, body } = failed(error, request)
  if (status >= 500 && !(error instanceof LoyaltyError)) throw error
  return body as Readonly<Record<string, Writable>>
}
