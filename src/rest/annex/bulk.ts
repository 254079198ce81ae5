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

/** How the result of a refused entry is recognized besides its place. */
type NameOf = (entry: JsonMap) => Readonly<Record<string, Writable>>

/** What an entry came to. */
export type EntryResult =
  { readonly value: Writable; readonly error: null } | { readonly value: null; readonly error: unknown }

export interface BulkCall {
  readonly nameOf: NameOf
  /** Entries that say the same here are done one after the other, in their order. */
  readonly laneOf: (entry: JsonMap) => string
  readonly answer: (entry: JsonMap) => Promise<Writable>
}

/**
 * Answers each entry of a bulk body: a numbered object answers under the same keys, an array as an array, and an entry
 * that is refused says its error where its result would be (contract, section 11, 6 and 7). `answerAll` answers those
 * that are objects, aligned. Throws MalformedJson, AC1004 when there is no entry, AC1007 when there are too many or
 * one has no number.
 */
export async function answerTogether(
  request: HttpRequest,
  nameOf: NameOf,
  answerAll: (entries: readonly JsonMap[]) => Promise<readonly EntryResult[]>,
): Promise<Writable> {
  const { isArray, list } = entriesIn(jsonIn(request))
  const entries = list.flatMap(([, entry]) => (isJsonMap(entry) ? [entry] : []))
  const results = await answerAll(entries)
  const resultsByEntry = new Map(entries.map((entry, index) => [entry, results[index]]))
  const answers = list.map(([key, entry]) => {
    if (!isJsonMap(entry)) return [key, refusalOf(missing([]), request)] as const
    const { value = null, error = null } = resultsByEntry.get(entry) ?? {}
    return [key, error === null ? value : { ...nameOf(entry), ...refusalOf(error, request) }] as const
  })
  return isArray ? answers.map(([, answer]) => answer) : Object.fromEntries(answers)
}

/** Answers each entry by itself, several at once. */
export const answerEach = (request: HttpRequest, bulk: BulkCall): Promise<Writable> =>
  answerTogether(request, bulk.nameOf, (entries) =>
    inLanes(entries, bulk.laneOf, (entry) => resultOf(() => bulk.answer(entry))),
  )

/**
 * Works on entries several at once; those of one lane one after the other, in their order. Answers are aligned with
 * the entries. Work that throws ends it all.
 */
export async function inLanes<Entry, Result>(
  entries: readonly Entry[],
  laneOf: (entry: Entry) => string,
  work: (entry: Entry) => Promise<Result>,
): Promise<readonly Result[]> {
  const lanes = new Map<string, number[]>()
  for (const [index, entry] of entries.entries()) {
    const lane = laneOf(entry)
    lanes.set(lane, [...(lanes.get(lane) ?? []), index])
  }
  const waiting = [...lanes.values()]
  const results: Result[] = []
  const drive = async (): Promise<void> => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
      for (const index of lane) results[index] = await work(entries[index] as Entry)
    }
  }
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, drive))
  return results
}

/** What work came to; that nobody is to blame for is told apart later, where it is answered. */
export async function resultOf(work: () => Promise<Writable>): Promise<EntryResult> {
  try {
    return { value: await work(), error: null }
  } catch (error) {
    return { value: null, error }
  }
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

/** The members of a refusal, also of one that only says "later"; what is no refusal is nobody's entry and fails the call. */
function refusalOf(error: unknown, request: HttpRequest): Readonly<Record<string, Writable>> {
  const { status, body } = failed(error, request)
  if (status >= 500 && !(error instanceof LoyaltyError)) throw error
  return body as Readonly<Record<string, Writable>>
}
