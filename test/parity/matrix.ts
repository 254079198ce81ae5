import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OMITTED as OMITTED_BY_ANNEX } from '../contract/annex/omitted'
import { OMITTED as OMITTED_BY_CAPILLARY } from '../contract/capillary/omitted'
import { NOT_EMITTED } from '../../src/rest/capillary/codes'
import type { Exchange } from '../support/exchange-recorder'
import { type Call, callsOf, type OpenApi, pinnedDocument, type VendorName } from '../support/pinned-contract'
import { type Evidence, isNonsense, judge, type Passed } from './evidence'
import { fieldsOf } from '../support/schema-fields'
import { type Row, rowName, rowsOfAll } from './rows'

/** A row or code that is open on purpose, and why. `rows` is a row's name; `*` stands for anything. */
export interface Known {
  readonly vendor: VendorName
  readonly rows: string
  readonly reason: string
}

export type State =
  | { readonly state: 'proven'; readonly cases: readonly string[] }
  | { readonly state: 'known'; readonly reason: string }
  | { readonly state: 'open'; readonly note: string }

export interface RowState {
  readonly row: Row
  readonly is: State
}

export interface CodeState {
  readonly code: DocumentedCode
  readonly is: State
}

export interface Matrix {
  readonly vendor: VendorName
  readonly rows: readonly RowState[]
  readonly codes: readonly CodeState[]
  readonly outOfScope: readonly Call[]
  /** Members of answers whose JSON type is not the documented one, with a case each. */
  readonly misfits: readonly string[]
  /** Statuses that were answered and are not documented. */
  readonly undocumented: readonly string[]
  /** Entries of the known list that name nothing open any more. */
  readonly stale: readonly string[]
}

export interface DocumentedCode {
  readonly code: string | number
  readonly section: string
  readonly meaning: string
  readonly when: string
  /** E error, W warning, S success. */
  readonly kind: string
}

export interface Inputs {
  readonly exchanges: readonly Exchange[]
  readonly passed: Passed
  readonly known: readonly Known[]
}

/** The matrix of one vendor's contract, filled from a run of the tests. */
export function matrixOf(vendor: VendorName, { exchanges, passed, known }: Inputs): Matrix {
  const document = pinnedDocument(vendor)
  const calls = callsOf(vendor, document)
  const judged = judge(vendor, document, calls, exchanges, passed)
  const excuses = new Excuses(
    known.filter((one) => one.vendor === vendor),
    OMITTED[vendor],
  )
  const understood = understoodBy(vendor)
  const stateOfRow = (row: Row): State => {
    const cases = judged.rows.get(row.name)
    if (!cases) return excuses.open(row.name, 'no case shows it')
    if (row.kind === 'request' && !understood(row.name))
      return excuses.open(row.name, 'sent, and not in the document of our own door')
    return { state: 'proven', cases: inOrder(cases) }
  }
  const rows = rowsOfAll(
    document,
    calls.filter(({ inScope }) => inScope),
  )
  const states = rows.map((row) => ({ row, is: stateOfRow(row) }))
  const codes = documentedCodes(vendor).map((code) => ({
    code,
    is: stateOfCode(code, judged.codes, UNEMITTED[vendor][Number(code.code)], excuses),
  }))
  return {
    vendor,
    rows: states,
    codes,
    outOfScope: calls.filter(({ inScope }) => !inScope),
    misfits: firstCases(judged.misfits),
    undocumented: firstCases(judged.undocumented),
    stale: excuses.unused(),
  }
}

export const documentedCodes = (vendor: VendorName): readonly DocumentedCode[] =>
  (
    JSON.parse(readFileSync(join(__dirname, `../contract/pinned/${vendor}-codes.json`), 'utf8')) as {
      codes: DocumentedCode[]
    }
  ).codes

/** Whether anything in scope is open, or an answer was not as documented. */
export const isGreen = ({ rows, codes, misfits, stale }: Matrix): boolean =>
  misfits.length === 0 && stale.length === 0 && [...rows, ...codes].every(({ is }) => is.state !== 'open')

/** The doors' own tables of what they never say; whatever else is in a catalogue needs a case. */
const UNEMITTED: Readonly<Record<VendorName, Readonly<Record<number, string>>>> = {
  annex: {},
  capillary: NOT_EMITTED,
}

/** The codes an answer may carry: as errors, as warnings, or as either. */
function stateOfCode(
  { code, kind }: DocumentedCode,
  seen: Evidence,
  unemitted: string | undefined,
  excuses: Excuses,
): State {
  const asError = seen.get(`${code} E`) ?? seen.get(String(code))
  const asWarning = seen.get(`${code} W`)
  const cases =
    kind === 'E' ? asError : kind === 'W' ? asWarning : new Set([...(asError ?? []), ...(asWarning ?? [])])
  if (cases && cases.size > 0) return { state: 'proven', cases: inOrder(cases) }
  if (unemitted !== undefined) return { state: 'known', reason: unemitted }
  return excuses.open(`code ${code}`, 'no case provokes it')
}

/** What our own published document of a door takes. Where a door has none yet, whatever an accepted call sent counts. */
function understoodBy(vendor: VendorName): (name: string) => boolean {
  const file = join(__dirname, `../../schema/openapi/${vendor}.json`)
  if (!existsSync(file)) return () => true
  const ours = JSON.parse(readFileSync(file, 'utf8')) as OpenApi
  const names = callsOf(vendor, ours).flatMap((call) => [
    ...call.parameters.map((one) => rowName.parameter(call, one.in, one.name)),
    ...[...fieldsOf(ours, call.takes).keys()].map((field) => rowName.takes(call, field)),
  ])
  // Names of parts of a path are a matter of taste.
  const known = new Set(names)
  return (name) => known.has(name) || name.includes(' path ')
}

/** What the comparison of the OpenAPI documents excuses already, and holds to be true. */
const OMITTED: Readonly<Record<VendorName, Readonly<Record<string, string>>>> = {
  annex: OMITTED_BY_ANNEX,
  capillary: OMITTED_BY_CAPILLARY,
}

/** The comparison of documents tells an answer's members without their status. */
const withoutStatus = (row: string): string =>
  row.replace(/ \d{3} (answers|header) /, (_match, kind: string) =>
    kind === 'header' ? ' answers header ' : ' answers ',
  )

class Excuses {
  private readonly used = new Set<Known>()

  constructor(
    private readonly known: readonly Known[],
    private readonly omitted: Readonly<Record<string, string>>,
  ) {}

  open(name: string, note: string): State {
    const excuse = this.known.find(({ rows }) => patternOf(rows).test(name))
    if (!excuse) return this.omission(withoutStatus(name)) ?? { state: 'open', note }
    this.used.add(excuse)
    return { state: 'known', reason: excuse.reason }
  }

  private omission(row: string): State | null {
    const omitted = Object.entries(this.omitted).find(
      ([one]) => row === one || row.startsWith(`${one} `) || row.startsWith(`${one}.`),
    )
    return omitted ? { state: 'known', reason: omitted[1] } : null
  }

  unused(): string[] {
    return this.known.filter((one) => !this.used.has(one)).map(({ rows }) => rows)
  }
}

const patternOf = (rows: string): RegExp =>
  new RegExp(`^${rows.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)

const firstCases = (evidence: Evidence): string[] =>
  [...evidence].map(([name, cases]) => `${name} (${inOrder(cases)[0]})`).sort()

/** Cases that show a thing on purpose first. */
const inOrder = (cases: ReadonlySet<string>): string[] =>
  [...cases].sort((a, b) => Number(isNonsense(a)) - Number(isNonsense(b)) || (a < b ? -1 : 1))
