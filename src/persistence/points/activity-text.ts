import type {
  ActivityTextRequest,
  EntryName,
  EntryTemplate,
  EntryValue,
  JournalOfEach,
  TextPage,
} from '../../domain/points/activity'
import type { MemberPageRequest } from '../../domain/members/member-store'
import type { TenantId } from '../../domain/shared/ids'
import { memberPage } from '../members/member-page'
import type { Statement } from '../sql'
import * as statements from './activity-page-statements'
import { filteredPageValues, isFiltered, pageValues } from './activity-page-statements'

export interface TextPageRow extends Omit<TextPage, 'text'> {
  /** Null: no entries. */
  readonly text: string | null
}

export interface BoundStatement {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

/**
 * Pages of journals as text, in one statement whatever the templates: each is a format for PostgreSQL's `format()`,
 * whose arguments are all the values there are. Those that no template names are not made.
 */
export const newestTextPages = (
  tenant: TenantId,
  requests: readonly ActivityTextRequest[],
): BoundStatement =>
  isFiltered(requests)
    ? { statement: FILTERED, values: [...filteredPageValues(tenant, requests), ...textValues(requests)] }
    : { statement: NEWEST, values: [...pageValues(tenant, requests), ...textValues(requests)] }

export const oldestTextPages = (
  tenant: TenantId,
  requests: readonly ActivityTextRequest[],
): BoundStatement => ({
  statement: OLDEST,
  values: [...filteredPageValues(tenant, requests), ...textValues(requests)],
})

function textValues(requests: readonly ActivityTextRequest[]): readonly unknown[] {
  const templates = [...new Set(requests.map(({ template }) => template))]
  const place = new Map(templates.map((template, index) => [template, index + 1]))
  const named = templates.flat()
  return [
    requests.map(({ template }) => place.get(template)),
    templates.map((template) => formatOf(template, ALL)),
    maskOf(named),
    prefixOf(named, 'key'),
    prefixOf(named, 'position'),
  ]
}

const amount = (thousandths: string): string => `trim_scale((${thousandths}) * 0.001)::text`
// Connections are in UTC.
const instant = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
/** As Node's base64url: of letters, digits, dots and colons no encoding holds + or /, and these are too short for a line break. */
const encoded = (text: string): string => `rtrim(encode((${text})::bytea, 'base64'), '=')`

type Argument = EntryValue | EntryName['of']

/** The arguments of `format()`, in its order: how each is made (from the prefixes of names, parameters), and whether it is JSON text in quotes. */
const ARGUMENTS: readonly {
  readonly name: Argument
  readonly sql: (key: string, position: string) => string
  readonly quoted: boolean
}[] = [
  { name: 'key', sql: (key) => encoded(`${key}::text || e.account_id || '.' || e.seq`), quoted: true },
  { name: 'position', sql: (_, position) => encoded(`${position}::text || e.seq`), quoted: true },
  { name: 'kind', sql: () => 'e.kind', quoted: true },
  {
    name: 'change',
    sql: () => amount('coalesce(nullif(e.d_available + e.d_pending + e.d_held, 0), e.d_available)'),
    quoted: true,
  },
  { name: 'available', sql: () => amount('e.d_available'), quoted: true },
  { name: 'pending', sql: () => amount('e.d_pending'), quoted: true },
  { name: 'held', sql: () => amount('e.d_held'), quoted: true },
  { name: 'availableAfter', sql: () => amount('e.available_after'), quoted: true },
  { name: 'actionId', sql: () => `coalesce(e.action_id::text, 'null')`, quoted: false },
  { name: 'reason', sql: () => `coalesce(to_json(e.reason), 'null'::json)`, quoted: false },
  { name: 'occurredAt', sql: () => instant('e.occurred_at'), quoted: true },
  { name: 'recordedAt', sql: () => instant('e.recorded_at'), quoted: true },
]

const PLACE = new Map(ARGUMENTS.map(({ name }, index) => [name, index]))
const bitOf = (name: Argument): number => 1 << (PLACE.get(name) ?? 0)
const ALL = (1 << ARGUMENTS.length) - 1
const among = (mask: number) => ARGUMENTS.filter(({ name }) => (mask & bitOf(name)) !== 0)

const argumentOf = (part: Exclude<EntryTemplate[number], string>): Argument =>
  'value' in part ? part.value : part.of

/** For `format()` with the arguments of a mask, which has all that the template names. */
function formatOf(template: EntryTemplate, mask: number): string {
  const given = among(mask)
  return template
    .map((part) => {
      if (typeof part === 'string') return part.replaceAll('%', '%%')
      const place = given.findIndex(({ name }) => name === argumentOf(part))
      return given[place]?.quoted ? `"%${place + 1}$s"` : `%${place + 1}$s`
    })
    .join('')
}

/** A bit for each argument that is named. */
const maskOf = (parts: EntryTemplate): number =>
  parts.reduce<number>((mask, part) => (typeof part === 'string' ? mask : mask | bitOf(argumentOf(part))), 0)

/** What names start with. All names of a kind in one query are of one list, so there is one. */
function prefixOf(parts: EntryTemplate, kind: EntryName['of']): string {
  const prefixes = new Set(
    parts.flatMap((part) => (typeof part !== 'string' && 'of' in part && part.of === kind ? part.after : [])),
  )
  if (prefixes.size > 1) throw new Error(`entries have one ${kind}, not ${[...prefixes].join(', ')}`)
  return [...prefixes][0] ?? ''
}

/** `format(template of this request, arguments that a mask names…)`, with parameters from $`first` on. */
function entryText(first: number): string {
  const put = (place: number): string => `$${first + place}`
  const template = `(${put(1)}::text[])[(${put(0)}::integer[])[k.ord]]`
  const made = ARGUMENTS.map(
    ({ name, sql }) => `case when ${put(2)}::integer & ${bitOf(name)} <> 0 then ${sql(put(3), put(4))} end`,
  )
  return `format(${template}, ${made.join(', ')})`
}

/**
 * A page of members and a page of each one's journal as text, newest first, in one statement. Of the member that only
 * tells whether more follow nothing is read but the row.
 */
export function membersWithJournals(
  tenant: TenantId,
  members: MemberPageRequest,
  { programId, currency, first, after, template }: JournalOfEach,
): BoundStatement {
  const { statement, values } = memberPage(tenant, members)
  const written = writtenBy(template)
  const { mask, statement: known } = withJournals(statement, written.mask, values.length + 1)
  return {
    statement: known,
    values: [...values, ...[members.first, programId, currency, first, after], ...written.values(mask)],
  }
}

interface Written {
  readonly mask: number
  /** The statement that makes these arguments. */
  readonly statement: Statement
}

/** By name. */
const JOURNALS = new Map<string, Written>()
/** Connections keep what they have prepared, and clients choose what is written: so many have a statement that makes just that. */
const MOST_JOURNALS = 30

/** Making an argument costs little; getting ready to make it, in a statement that makes ten, costs as much as all ten. */
function withJournals(page: Statement, mask: number, first: number): Written {
  const name = `${page.name}-journals-${mask.toString(36)}`
  const known = JOURNALS.get(name)
  if (known) return known
  if (mask !== ALL && JOURNALS.size >= MOST_JOURNALS) return withJournals(page, ALL, first)
  let next = first
  const put = (): string => `$${next++}`
  const journal = { members: put(), program: put(), currency: put(), size: put(), after: put() }
  const format = `${put()}::text`
  const key = mask & bitOf('key') ? put() : ''
  const position = mask & bitOf('position') ? put() : ''
  const made = among(mask).map(({ sql }) => sql(key, position))
  const text = statements.journalsOf(page.text, journal, `format(${[format, ...made].join(', ')})`)
  const written = { mask, statement: { name, text } }
  JOURNALS.set(name, written)
  return written
}

/** What a template names, and the parameters that a statement which makes the arguments of a mask takes of it. */
function writtenBy(template: EntryTemplate) {
  const known = WRITTEN.get(template) ?? describedBy(template)
  WRITTEN.set(template, known)
  return known
}

/** The same for as long as the template is, which is as long as the document that it was made for. */
const WRITTEN = new WeakMap<EntryTemplate, ReturnType<typeof describedBy>>()

function describedBy(template: EntryTemplate) {
  const own = maskOf(template)
  const valuesOf = (mask: number): readonly unknown[] => [
    formatOf(template, mask),
    ...(mask & bitOf('key') ? [prefixOf(template, 'key')] : []),
    ...(mask & bitOf('position') ? [prefixOf(template, 'position')] : []),
  ]
  const ownValues = valuesOf(own)
  return { mask: own, values: (mask: number) => (mask === own ? ownValues : valuesOf(mask)) }
}

const NEWEST = statements.newestTextPages(entryText(7))
const FILTERED = statements.filteredTextPages(entryText(10))
const OLDEST = statements.oldestTextPages(entryText(10))
