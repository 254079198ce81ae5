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

/**
 * Answers each entry of a bulk body by itself, in their order: a numbered object answers under the same keys, an array
 * as an array, and an entry that is refused says its error where its result would be (contract, section 11, 6 and 7).
 * Throws MalformedJson, AC1004 when there is no entry, AC1007 when there are too many or one has no number.
 */
export async function answerEach(
  request: HttpRequest,
  nameOf: (entry: JsonMap) => Readonly<Record<string, Writable>>,
  answer: (entry: JsonMap) => Promise<Writable>,
): Promise<Writable> {
  const entries = entriesIn(jsonIn(request))
  const results: [string, Writable][] = []
  for (const [key, entry] of entries.list) {
    results.push([key, await answerOne(request, entry, nameOf, answer)])
  }
  return entries.isArray ? results.map(([, result]) => result) : Object.fromEntries(results)
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
  nameOf: (entry: JsonMap) => Readonly<Record<string, Writable>>,
  answer: (entry: JsonMap) => Promise<Writable>,
): Promise<Writable> {
  if (!isJsonMap(entry)) return refusalOf(missing([]), request)
  try {
    return await answer(entry)
  } catch (error) {
    return { ...nameOf(entry), ...refusalOf(error, request) }
  }
}

/** The members of a refusal; anything else is no entry's own fault and fails the whole call, which may be sent again. */
function refusalOf(error: unknown, request: HttpRequest): Readonly<Record<string, Writable>> {
  const { status, body } = failed(error, request)
  if (status >= 500) throw error
  return body as Readonly<Record<string, Writable>>
}
