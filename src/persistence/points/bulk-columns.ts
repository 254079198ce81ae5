import type { LedgerCommand } from '../../domain/points/ledger'
import type { Statement } from '../sql'
import { HOLDER_KINDS } from './ledger-parameters'

type Value = string | number | bigint | boolean | null | undefined

/** The fields of `ledger_items_v3` in their order: what each says of an item, which many verbs do not say. */
const COLUMNS: readonly ((asked: LedgerCommand) => Value)[] = [
  ({ verb }) => verb,
  ({ command }) => command.account.tenantId,
  ({ command }) => HOLDER_KINDS[command.account.holder.kind],
  ({ command }) => command.account.holder.id,
  ({ command }) => command.account.programId,
  ({ command }) => command.account.currency,
  ({ command }) => command.facts.actionId,
  ({ command }) => command.facts.reason,
  ({ command }) => command.facts.actor,
  ({ command }) => command.facts.requestId,
  ({ command }) => command.facts.occurredAt,
  ({ command }) => ('purchase' in command ? command.purchase?.kind : null),
  ({ command }) => ('purchase' in command ? command.purchase?.id : null),
  ({ command }) => command.timeZone,
  ({ command }) => command.now,
  ({ command }) => command.idempotency?.scope,
  ({ command }) => command.idempotency?.key,
  ({ command }) => command.idempotency && `\\x${command.idempotency.requestHash}`,
  (asked) => ('source' in asked.command ? asked.command.source.type : null),
  (asked) => ('source' in asked.command ? asked.command.source.ref : null),
  (asked) =>
    asked.verb !== 'award'
      ? null
      : asked.command.maturesAt === 'unknown'
        ? 'infinity'
        : asked.command.maturesAt,
  ({ command }) => ('expiresAt' in command ? command.expiresAt : null),
  (asked) => (asked.verb === 'award' ? asked.command.countsForLifetime : null),
  ({ command }) => ('ref' in command ? command.ref : null),
  ({ command }) => ('maxDebt' in command ? command.maxDebt : null),
  ({ command }) => ('hold' in command ? command.hold : null),
  (asked) => (asked.verb === 'adjust' ? asked.command.beyond : null),
  (asked) => (asked.verb === 'transfer' ? HOLDER_KINDS[asked.command.to.kind] : null),
  (asked) => (asked.verb === 'transfer' ? asked.command.to.id : null),
  (asked) => (asked.verb === 'transfer' ? asked.command.transferId : null),
  (asked) => (asked.verb === 'reverse' ? asked.command.first === 'released' : null),
]

/** What an item moves: as many lines as its source, or one. */
interface Line {
  readonly lineRef?: string
  readonly points: bigint | null
  readonly rule?: string
}

function linesOf(asked: LedgerCommand): readonly Line[] {
  if (asked.verb === 'award') return asked.command.lines
  if (asked.verb === 'reverse')
    return asked.command.lines.map(({ lineRef, cumulative }) => ({ lineRef, points: cumulative }))
  return [{ points: asked.command.points }]
}

const LINE_COLUMNS = ['item', 'no', 'ref', 'points', 'rule']
const PARAMETERS = Array.from({ length: COLUMNS.length + LINE_COLUMNS.length }, (_, index) => `$${index + 1}`)

const ITEMS = `row(${PARAMETERS.join(', ')})::ledger_items_v3`

export const BULK: Statement = { name: 'ledger-bulk', text: `select * from ledger_bulk_v3(${ITEMS})` }

/** Only for items whose wallets nobody else has: the others come first, as `BUSY` with their number from one on as `seq`. */
export const BULK_OF_FREE: Statement = {
  name: 'ledger-bulk-of-free',
  text: `select * from ledger_bulk_of_free_v1(${ITEMS})`,
}

/** The parameters of either: a list for each field of `ledger_items_v3`. */
export function columnsOf(commands: readonly LedgerCommand[]): readonly (string | null)[] {
  const items: number[] = []
  const numbers: number[] = []
  const refs: Value[] = []
  const points: Value[] = []
  const rules: Value[] = []
  for (const [index, asked] of commands.entries()) {
    for (const [at, line] of linesOf(asked).entries()) {
      items.push(index + 1)
      numbers.push(at + 1)
      refs.push(line.lineRef)
      points.push(line.points)
      rules.push(line.rule)
    }
  }
  return [...COLUMNS.map((valueOf) => commands.map(valueOf)), items, numbers, refs, points, rules].map(toList)
}

/** A list as PostgreSQL reads it; null when it is null for all. */
function toList(values: readonly Value[]): string | null {
  let text = ''
  let isEmpty = true
  for (const value of values) {
    if (text) text += ','
    if (value === null || value === undefined) text += 'NULL'
    else {
      isEmpty = false
      text += typeof value === 'string' ? quoted(value) : String(value)
    }
  }
  return isEmpty ? null : `{${text}}`
}

const SPECIAL = /["\\]/g

/** Nearly no text has anything in it that must be told from the list's own signs. */
const quoted = (text: string): string =>
  text.includes('"') || text.includes('\\') ? `"${text.replace(SPECIAL, '\\$&')}"` : `"${text}"`
