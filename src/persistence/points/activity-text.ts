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
    templates.map(formatOf),
    maskOf(named),
    prefixOf(named, 'key'),
    prefixOf(named, 'position'),
  ]
}

const amount = (thousandths: string): string =>
  `case when ${thousandths} % 1000 = 0 then (${thousandths} / 1000)::text else trim_scale(${thousandths} / 1000.0)::text end`
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

const argumentOf = (part: Exclude<EntryTemplate[number], string>): Argument =>
  'value' in part ? part.value : part.of

function formatOf(template: EntryTemplate): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part.replaceAll('%', '%%')
      const place = PLACE.get(argumentOf(part)) ?? 0
      return ARGUMENTS[place]?.quoted ? `"%${place + 1}$s"` : `%${place + 1}$s`
    })
    .join('')
}

/** A bit for each argument that is named. */
const maskOf = (parts: EntryTemplate): number =>
  parts.reduce<number>(
    (mask, part) => (typeof part === 'string' ? mask : mask | (1 << (PLACE.get(argumentOf(part)) ?? 0))),
    0,
  )

/** What names start with. All names of a kind in one query are of one list, so there is one. */
function prefixOf(parts: EntryTemplate, kind: EntryName['of']): string {
  const prefixes = new Set(
    parts.flatMap((part) => (typeof part !== 'string' && 'of' in part && part.of === kind ? part.after : [])),
  )
  if (prefixes.size > 1) throw new Error(`entries have one ${kind}, not ${[...prefixes].join(', ')}`)
  return [...prefixes][0] ?? ''
}

/** `format(template of this request, arguments…)`, with parameters from $`first` on. */
function entryText(first: number): string {
  const [shapes, formats] = [first, first + 1]
  return formatted(`($${formats}::text[])[($${shapes}::integer[])[k.ord]]`, first + 2)
}

/** `format(template, arguments…)`: which are named, and the prefixes of names, with parameters from $`first` on. */
function formatted(template: string, first: number): string {
  const [mask, key, position] = [`$${first}`, `$${first + 1}`, `$${first + 2}`]
  const made = ARGUMENTS.map(
    ({ sql }, index) => `case when ${mask}::integer & ${1 << index} <> 0 then ${sql(key, position)} end`,
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
  const known = JOURNALS.get(statement.name) ?? withJournals(statement, values.length + 1)
  JOURNALS.set(statement.name, known)
  return {
    statement: known,
    values: [...values, programId, currency, first, after, ...templateValues(template)],
  }
}

/** By the name of the statement that reads the members; there are as many as forms of that question. */
const JOURNALS = new Map<string, Statement>()

/** With parameters from $`first` on. */
function withJournals({ name, text }: Statement, first: number): Statement {
  const wallet = {
    program: `$${first}`,
    currency: `$${first + 1}`,
    size: `$${first + 2}`,
    after: `$${first + 3}`,
  }
  return {
    name: `${name}-with-journals`,
    text: statements.journalsOf(text, wallet, formatted(`$${first + 4}::text`, first + 5)),
  }
}

const TEMPLATE_VALUES = new WeakMap<EntryTemplate, readonly unknown[]>()

/** The same for as long as the template is, which is as long as the document that it was made for. */
function templateValues(template: EntryTemplate): readonly unknown[] {
  const known = TEMPLATE_VALUES.get(template)
  if (known) return known
  const values = [
    formatOf(template),
    maskOf(template),
    prefixOf(template, 'key'),
    prefixOf(template, 'position'),
  ]
  TEMPLATE_VALUES.set(template, values)
  return values
}

const NEWEST = statements.newestTextPages(entryText(7))
const FILTERED = statements.filteredTextPages(entryText(10))
const OLDEST = statements.oldestTextPages(entryText(10))
