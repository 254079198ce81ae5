import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Exchange } from '../support/exchange-recorder'
import { type Call, type OpenApi, PINNED, type VendorName } from '../support/pinned-contract'
import { foundIn } from '../support/schema-fields'
import { rowName } from './rows'

/** Row name → the cases that proved it. */
export type Evidence = Map<string, Set<string>>

/** Which cases passed, as `file › case`; a whole file by its name, for what happens around its cases. */
export type Passed = (exchange: Exchange) => string | null

/** What one vendor's exchanges prove, and where an answer was not as documented. */
export interface Judged {
  readonly rows: Evidence
  readonly codes: Evidence
  /** `post /orders 200 answers x: string, case`. */
  readonly misfits: Evidence
  /** Statuses that were answered and are not documented. */
  readonly undocumented: Evidence
}

/** Cases that send nonsense on purpose prove refusals, not that a field is understood. */
export const isNonsense = (proof: string): boolean => /nonsense|bad.input|fuzz|attack|security/i.test(proof)

export function readExchanges(folder: string): readonly Exchange[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Exchange)
}

/** Judges the exchanges of a run by a vendor's contract. Only passed cases prove anything. */
export function judge(
  vendor: VendorName,
  document: OpenApi,
  calls: readonly Call[],
  exchanges: readonly Exchange[],
  passed: Passed,
): Judged {
  const judged: Judged = { rows: new Map(), codes: new Map(), misfits: new Map(), undocumented: new Map() }
  const find = finder(vendor, calls)
  for (const exchange of exchanges) {
    const asked = pathOf(vendor, exchange.url)
    const proof = asked === null ? null : passed(exchange)
    if (asked === null || proof === null) continue
    const answer = parsed(exchange.answer)
    for (const code of codesIn(vendor, answer)) add(judged.codes, code, proof)
    const call = find(exchange.method, asked.path)
    if (call) judgeOne(judged, document, call, asked, exchange, answer, proof)
    // A method that a path does not have is refused by each operation that it has.
    else if (exchange.status === 405) {
      for (const method of new Set(calls.map((one) => one.method))) {
        const there = find(method, asked.path)
        if (there?.answers.some(({ status }) => status === '405'))
          judgeAnswer(judged, document, there, exchange, answer, proof)
      }
    }
  }
  return judged
}

interface Asked {
  readonly path: string
  readonly query: URLSearchParams
}

function judgeOne(
  judged: Judged,
  document: OpenApi,
  call: Call,
  asked: Asked,
  exchange: Exchange,
  answer: unknown,
  proof: string,
): void {
  const prove = (name: string): void => add(judged.rows, name, proof)
  prove(rowName.operation(call))
  judgeAnswer(judged, document, call, exchange, answer, proof)
  if (exchange.status < 300 && !isNonsense(proof)) proveRequest(document, call, asked, exchange, prove)
}

function judgeAnswer(
  judged: Judged,
  document: OpenApi,
  call: Call,
  exchange: Exchange,
  answer: unknown,
  proof: string,
): void {
  const prove = (name: string): void => add(judged.rows, name, proof)
  const status = String(exchange.status)
  const documented = call.answers.find((one) => one.status === status)
  if (documented) prove(rowName.status(call, status))
  else add(judged.undocumented, rowName.status(call, status), proof)
  if (!documented) return
  for (const { field, value, fits } of foundIn(
    document,
    documented.schema,
    withoutEchoes(answer, isNonsense(proof)),
  )) {
    const name = rowName.answers(call, documented, field)
    if (!fits) add(judged.misfits, `${name}: ${typeOf(value)}`, proof)
    // A null is allowed in places, but shows nothing of the field.
    else if (value !== null) prove(name)
  }
  const sent = new Set(exchange.answerHeaders.map((name) => name.toLowerCase()))
  for (const name of documented.headers) {
    if (sent.has(name.toLowerCase())) prove(rowName.header(call, documented, name))
  }
}

/** What an accepted call sent: every parameter and member with a value. */
function proveRequest(
  document: OpenApi,
  call: Call,
  { query }: Asked,
  { headers, body }: Exchange,
  prove: (name: string) => void,
): void {
  const isSent: Record<string, (name: string) => boolean> = {
    path: () => true,
    query: (name) => (query.get(name) ?? '') !== '',
    header: (name) => (headers[name.toLowerCase()] ?? '') !== '',
  }
  for (const one of call.parameters) {
    if (isSent[one.in]?.(one.name)) prove(rowName.parameter(call, one.in, one.name))
  }
  for (const { field, value } of foundIn(document, call.takes, parsed(body))) {
    if (value !== null && value !== '') prove(rowName.takes(call, field))
  }
}

function finder(
  vendor: VendorName,
  calls: readonly Call[],
): (method: string, path: string) => Call | undefined {
  const patterns = calls
    .map((call) => ({ call, parts: call.path.split('/') }))
    // `/users/search` before `/users/{memberId}`.
    .sort((a, b) => countOf(a.call.path) - countOf(b.call.path))
  return (method, path) => {
    const parts = path.split('/')
    return patterns.find(
      ({ call, parts: wanted }) =>
        call.method === method.toLowerCase() &&
        wanted.length === parts.length &&
        wanted.every((part, index) => part.startsWith('{') || part === parts[index]),
    )?.call
  }
}

const countOf = (path: string): number => path.split('{').length

/** The path below a vendor's base, without what clients add carelessly; null for other doors. */
function pathOf(vendor: VendorName, url: string): Asked | null {
  const base = PINNED[vendor].basePath
  const [path = '', query = ''] = url.split('?')
  const clean = `/${path
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`
  if (!clean.startsWith(`${base}/`)) return null
  return { path: clean.slice(base.length), query: new URLSearchParams(query) }
}

/** Codes in an answer, wherever they are: single calls have them at the top, bulk calls in each entry. */
function codesIn(vendor: VendorName, answer: unknown): string[] {
  if (Array.isArray(answer)) return answer.flatMap((item: unknown) => codesIn(vendor, item))
  if (typeof answer !== 'object' || answer === null) return []
  const members = Object.entries(answer) as [string, unknown][]
  const inside = members.flatMap(([, member]) => codesIn(vendor, member))
  if (vendor === 'annex') {
    const codes = members.flatMap(([name, value]) => (/^error ?code$/i.test(name) ? [String(value)] : []))
    return [...codes, ...inside]
  }
  const lists = members.flatMap(([name, list]) =>
    name === 'errors' || name === 'warnings'
      ? statusCodes(list).map((code) => `${code} ${name === 'errors' ? 'E' : 'W'}`)
      : [],
  )
  return [...lists, ...inside]
}

/** An item of a bulk call repeats what cannot be read as it came, whatever its type (capillary.md, section 12). */
function withoutEchoes(answer: unknown, isOfNonsense: boolean): unknown {
  const { response } = (answer ?? {}) as { response?: unknown }
  if (!Array.isArray(response)) return answer
  const items = response.map(({ result, ...item }: { result?: unknown; errors?: unknown[] }) =>
    isOfNonsense || (item.errors ?? []).length > 0 ? item : { ...item, result },
  )
  return { ...(answer as object), response: items }
}

const statusCodes = (list: unknown): number[] =>
  Array.isArray(list)
    ? list.flatMap((one: { code?: unknown } | null) => (typeof one?.code === 'number' ? [one.code] : []))
    : []

function add(evidence: Evidence, name: string, proof: string): void {
  const cases = evidence.get(name)
  if (cases) cases.add(proof)
  else evidence.set(name, new Set([proof]))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
