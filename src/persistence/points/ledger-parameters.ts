import type { AccountKey, LedgerRequest } from '../../domain/points/ledger'
import type { Statement } from '../sql'

export const HOLDER_KINDS = { MEMBER: 'M', GROUP: 'G' } as const

/** `ledger_key_v1`, field by field. */
export const keyOf = ({ tenantId, holder, programId, currency }: AccountKey) => ({
  tenant_id: tenantId,
  holder_kind: HOLDER_KINDS[holder.kind],
  holder_id: holder.id,
  program_id: programId,
  currency,
})

/** `ledger_call_v1`, field by field. */
export const callOf = ({ command }: LedgerRequest) => ({
  action_id: command.facts.actionId,
  reason: command.facts.reason,
  actor: command.facts.actor,
  request_id: command.facts.requestId,
  occurred_at: command.facts.occurredAt,
  purchase_kind: ('purchase' in command && command.purchase?.kind) || null,
  purchase_id: ('purchase' in command && command.purchase?.id) || null,
  time_zone: command.timeZone,
  clock: command.now,
  scope: command.idempotency?.scope ?? null,
  key: command.idempotency?.key ?? null,
  request_hash: command.idempotency ? Buffer.from(command.idempotency.requestHash, 'hex') : null,
})

/** What a verb takes beside key and call, in the order of its function's parameters. */
export function parametersOf({ verb, command }: LedgerRequest): Readonly<Record<string, unknown>> {
  switch (verb) {
    case 'award':
      return {
        source_type: command.source.type,
        source_ref: command.source.ref,
        line_refs: command.lines.map(({ lineRef }) => lineRef),
        points: command.lines.map(({ points }) => points.toString()),
        rules: command.lines.map(({ rule }) => rule),
        matures: command.maturesAt === 'unknown' ? 'infinity' : command.maturesAt,
        expires: command.expiresAt,
        counts: command.countsForLifetime,
      }
    case 'reverse':
      return {
        source_type: command.source.type,
        source_ref: command.source.ref,
        line_refs: command.lines.map(({ lineRef }) => lineRef),
        points: command.lines.map(({ cumulative }) => cumulative.toString()),
        max_debt: command.maxDebt.toString(),
        released_first: command.first === 'released',
      }
    case 'schedule':
      return {
        source_type: command.source.type,
        source_ref: command.source.ref,
        line_refs: command.lines.map(({ lineRef }) => lineRef),
        waiting: command.lines.map(({ waiting }) => waiting.toString()),
        matures: command.maturesAt,
        sooner: command.sooner,
      }
    case 'redeem':
      return { points: command.points.toString(), ref: command.ref }
    case 'hold':
      return { points: command.points.toString(), ref: command.ref, expires: command.expiresAt }
    case 'capture':
      return { hold: command.hold, points: command.points?.toString() ?? null, ref: command.ref }
    case 'release':
      return { hold: command.hold, points: command.points?.toString() ?? null }
    case 'transfer':
      return {
        to_kind: HOLDER_KINDS[command.to.kind],
        to_id: command.to.id,
        points: command.points.toString(),
        transfer: command.transferId,
      }
    default:
      return {
        points: command.points.toString(),
        policy: command.beyond,
        max_debt: command.maxDebt.toString(),
        expires: command.expiresAt,
      }
  }
}

const KEY = 'row($1, $2, $3, $4, $5)::ledger_key_v1'
const CALL = 'row($6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)::ledger_call_v1'

const statement = (verb: string, count: number, version = 1): Statement => ({
  name: `ledger-${verb}`,
  text: `select * from ledger_${verb}_v${version}(${[KEY, CALL, ...Array.from({ length: count }, (_, n) => `$${18 + n}`)].join(', ')})`,
})

/** One statement per verb: its key, its call, and so many parameters. */
export const STATEMENTS: Readonly<Record<LedgerRequest['verb'], Statement>> = {
  award: statement('award', 8, 2),
  redeem: statement('redeem', 2, 2),
  reverse: statement('reverse', 6, 2),
  schedule: statement('schedule', 6),
  hold: statement('hold', 3),
  capture: statement('capture', 3),
  release: statement('release', 2),
  transfer: statement('transfer', 4),
  adjust: statement('adjust', 4),
}
