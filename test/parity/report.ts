import { PINNED } from '../support/pinned-contract'
import type { CodeState, Matrix, RowState, State } from './matrix'

const TITLES = { annex: 'Annex Cloud', capillary: 'Capillary' } as const

/** `docs/parity.md`: what a run of the tests showed of both contracts. */
export const pageOf = (matrices: readonly Matrix[]): string =>
  `${[
    '# Parity with both vendors',
    'Written by `npm run parity`; do not edit. It runs the contract tests with a recorder at the HTTP border, compares every',
    'call and answer with the pinned contract files (`test/contract/pinned`), and lists what no passed case has shown. A field of',
    'a request counts when an accepted call sent it and our own OpenAPI document takes it; a field of an answer when it came',
    'with a value of the documented JSON type; a status and a code when they were answered. The case behind each row is in',
    '`coverage/parity/cases.md` after a run.',
    '',
    ...matrices.flatMap(sectionOf),
  ].join('\n')}\n`

/** One line per vendor for the README. */
export const summaryOf = (matrix: Matrix): string => {
  const rows = countsOf(matrix.rows)
  const codes = countsOf(matrix.codes)
  const operations = new Set(matrix.rows.map(({ row }) => row.call.name)).size
  return (
    `${TITLES[matrix.vendor]}: ${operations} operations in scope, ${rows.proven} of ${rows.all} documented rows shown by a case ` +
    `(${rows.known} not here for a stated reason, ${rows.open} open); ${codes.proven} of ${codes.all} codes answered ` +
    `(${codes.known} not emitted for a stated reason, ${codes.open} open).`
  )
}

/** What keeps a matrix from being green, a line each. */
export const openOf = ({ rows, codes, misfits, stale }: Matrix): readonly string[] => [
  ...openLines(rows),
  ...codes.flatMap(({ code, is }) => (is.state === 'open' ? [`code ${code.code}: ${is.note}`] : [])),
  ...misfits.map((misfit) => `another JSON type: ${misfit}`),
  ...stale.map((name) => `excused without need: ${name}`),
]

/** Every row with the cases that show it, for whoever wants to look one up. */
export const casesOf = (matrices: readonly Matrix[]): string =>
  matrices
    .flatMap(({ vendor, rows, codes }) => [
      `# ${TITLES[vendor]}`,
      '',
      '| row | state | case |',
      '| --- | --- | --- |',
      ...rows.map(({ row, is }) => `| ${row.name} | ${is.state} | ${caseOf(is)} |`),
      ...codes.map(({ code, is }) => `| code ${code.code} | ${is.state} | ${caseOf(is)} |`),
      '',
    ])
    .join('\n')

function sectionOf(matrix: Matrix): string[] {
  const { vendor, rows, codes, outOfScope, misfits, undocumented, stale } = matrix
  return [
    `## ${TITLES[vendor]}`,
    '',
    summaryOf(matrix),
    '',
    `In scope: ${PINNED[vendor].scope.why}. Contract: sha256 \`${PINNED[vendor].sha256.slice(0, 16)}…\`.`,
    '',
    '| operation | taken | statuses | answered | shown by |',
    '| --- | --- | --- | --- | --- |',
    ...operationLines(rows),
    '',
    ...listed('Open rows', openLines(rows)),
    ...listed('Answers of another JSON type than documented', misfits),
    ...listed('Entries of the known list that are shown by now, and must leave it', stale),
    ...listed('Not here, with the reason', knownLines(rows)),
    ...listed('Statuses answered beside the documented ones', undocumented),
    ...listed('Out of scope', scopeLines(outOfScope)),
    '### Codes',
    '',
    '| code | section | kind | meaning | shown by |',
    '| --- | --- | --- | --- | --- |',
    ...codes.map(codeLine),
    '',
  ]
}

const KINDS = ['request', 'status', 'response'] as const

function operationLines(rows: readonly RowState[]): string[] {
  return [...groupedBy(rows, ({ row }) => row.call.name)].map(([name, group]) => {
    const shown = group.find(({ row }) => row.kind === 'operation')
    const cells = KINDS.map((kind) => fraction(group.filter(({ row }) => row.kind === kind)))
    return `| \`${name}\` | ${cells.join(' | ')} | ${shown ? caseOf(shown.is) : ''} |`
  })
}

function fraction(rows: readonly RowState[]): string {
  const { proven, known, all } = countsOf(rows)
  return known === 0 ? `${proven}/${all}` : `${proven}/${all - known} (+${known} known)`
}

/** Open rows, shortened to what follows the operation's name. */
function openLines(rows: readonly RowState[]): string[] {
  const open = rows.filter(({ is }) => is.state === 'open')
  return [
    ...groupedBy(open, ({ row, is }) => `${row.call.name} (${is.state === 'open' ? is.note : ''})`),
  ].map(
    ([name, group]) =>
      `${name}: ${group.map(({ row }) => `\`${shortened(row.name, row.call.name)}\``).join(', ')}`,
  )
}

const shortened = (name: string, operation: string): string => {
  if (name === operation) return 'the operation itself'
  return name.startsWith(`${operation} `) ? name.slice(operation.length + 1) : name
}

/** Excused rows by their reason, the reasons that excuse most first; below each the operations with their rows. */
function knownLines(rows: readonly RowState[]): string[] {
  const known = rows.flatMap(({ row, is }) => (is.state === 'known' ? [{ row, reason: is.reason }] : []))
  return [...groupedBy(known, ({ reason }) => reason)]
    .sort(([, a], [, b]) => b.length - a.length)
    .flatMap(([reason, group]) => [
      `${reason} (${group.length})`,
      ...[...groupedBy(group, ({ row }) => operationOf(row.name, row.call.name))].map(
        ([operation, all]) =>
          `  - \`${operation}\`: ${all.map(({ row }) => `\`${shortened(row.name, operation)}\``).join(', ')}`,
      ),
    ])
}

/** An answer that many operations share is told of for itself: `any 401, Unauthorized,`. */
const operationOf = (row: string, operation: string): string =>
  row.startsWith(operation) ? operation : (/^any \d{3}, \w+,/.exec(row)?.[0] ?? row)

const scopeLines = (calls: Matrix['outOfScope']): string[] =>
  [...groupedBy(calls, ({ module }) => module)].map(
    ([module, group]) => `${module}: ${group.map(({ name }) => `\`${name}\``).join(', ')}`,
  )

const codeLine = ({ code, is }: CodeState): string =>
  `| ${code.code} | ${code.section} | ${code.kind} | ${code.meaning} | ${caseOf(is)} |`

function caseOf(is: State): string {
  if (is.state === 'open') return `**open**: ${is.note}`
  if (is.state === 'known') return is.reason
  const [first = '', ...others] = is.cases
  return `${cellText(first)}${others.length > 0 ? ` (+${others.length})` : ''}`
}

/** A case's name without what would break a table. */
const cellText = (text: string): string => text.replaceAll('|', '/').replaceAll('\n', ' ').slice(0, 160)

const listed = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : [`### ${title}`, '', ...lines.map((line) => (line.startsWith('  ') ? line : `- ${line}`)), '']

function countsOf(states: readonly { readonly is: State }[]) {
  const count = (state: State['state']) => states.filter(({ is }) => is.state === state).length
  return { all: states.length, proven: count('proven'), known: count('known'), open: count('open') }
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}
