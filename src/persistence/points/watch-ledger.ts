import type { Pool } from 'pg'
import type { LedgerAnswer } from '../../domain/points/ledger'
import { LoyaltyError } from '../../domain/shared/errors'
import type { Meter } from '../../domain/shared/meter'
import { pointsToNumber, ZERO_POINTS } from '../../domain/shared/points'
import { eachConnection } from '../each-connection'
import type { Connection, Statement } from '../sql'
import type { InvariantCount, OutstandingPoints } from './verify-ledger'

/** Told of what the ledger's verbs and units of work do, for the metrics. */
export interface LedgerWatch {
  /** One verb was answered after so many seconds; in a bulk all of its items in the same. */
  answered(kind: string, answer: LedgerAnswer, seconds: number): void
  /** A unit of work is tried again, because of this SQLSTATE, or of '08' for a lost connection. */
  retried(sqlState: string): void
}

export const unwatched: LedgerWatch = { answered: () => undefined, retried: () => undefined }

/** Counts verbs by what came of them: `done`, `replayed`, the code of a refusal, or `failed` for an accident. */
export function watchLedger(meter: Meter): LedgerWatch {
  const ops = meter.counter({
    name: 'ledger_ops_total',
    help: 'Verbs of the points ledger, by what came of them.',
    labels: ['kind', 'outcome'],
  })
  const duration = meter.histogram({
    name: 'ledger_op_duration_seconds',
    help: 'Time for one call of the ledger, a bulk being one call of each of its items.',
    labels: ['kind'],
  })
  const replays = meter.counter({
    name: 'ledger_idempotent_replays_total',
    help: 'Calls that were answered from an earlier one with the same key.',
  })
  const conflicts = meter.counter({
    name: 'ledger_idempotency_conflicts_total',
    help: 'Calls that were refused because their key belongs to another request.',
  })
  const retries = meter.counter({
    name: 'ledger_retries_total',
    help: 'Units of work that were tried again.',
    labels: ['sqlstate'],
  })
  const shortfall = meter.counter({
    name: 'ledger_shortfall_points_total',
    help: 'Points that were to be taken back or off and were no longer there, nor allowed to be owed.',
  })
  return {
    answered(kind, answer, seconds) {
      const outcome = outcomeOf(answer)
      ops.add({ kind, outcome })
      duration.observe({ kind }, seconds)
      if (outcome === 'replayed') replays.add()
      if (outcome === 'done') shortfall.add({}, pointsToNumber(answer.movement?.shortfall ?? ZERO_POINTS))
      if (outcome === 'IDEMPOTENCY_KEY_REUSED') conflicts.add()
    },
    retried: (sqlState) => retries.add({ sqlstate: sqlState }),
  }
}

function outcomeOf({ movement, error }: LedgerAnswer): string {
  if (movement) return movement.replayed ? 'replayed' : 'done'
  return error instanceof LoyaltyError ? error.code : 'failed'
}

/** What waits, read when somebody looks: jobs and events of all tenants. */
export function watchBacklog({ sql }: Connection, meter: Meter): void {
  const gauge = (name: string, help: string, statement: Statement) =>
    meter.gauge({ name, help }, async () => {
      const [row] = await sql.rows<{ value: string }>(statement, [])
      return [{ value: Number(row?.value ?? 0) }]
    })
  gauge('job_ready', 'Jobs that wait to be done.', JOBS_READY)
  gauge('job_oldest_age_seconds', 'How long the longest due job has waited.', JOBS_OLDEST)
  gauge('job_dead_total', 'Jobs that were given up and not replayed.', JOBS_DEAD)
  gauge('outbox_oldest_age_seconds', 'How long the oldest event has waited to leave.', OUTBOX_OLDEST)
}

const seconds = (since: string): string =>
  `coalesce(extract(epoch from clock_timestamp() - ${since}), 0)::float8::text as value`

const JOBS_READY: Statement = {
  name: 'watch-jobs-ready',
  text: `select count(*)::text as value from job where state = 'READY'`,
}
const JOBS_OLDEST: Statement = {
  name: 'watch-jobs-oldest',
  text: `select ${seconds('min(run_at)')} from job where state = 'READY' and run_at <= clock_timestamp()`,
}
const JOBS_DEAD: Statement = {
  name: 'watch-jobs-dead',
  text: `select count(*)::text as value from job where state = 'DEAD'`,
}
const OUTBOX_OLDEST: Statement = {
  name: 'watch-outbox-oldest',
  text: `select ${seconds('(select created_at from outbox order by outbox_id limit 1)')}`,
}

/**
 * Wallets that too many want. A verb that had to wait tells its connection how long (sql/lock.v2.sql), also when it is
 * undone afterwards; one that found its wallet free does not, and is not counted. Who waited in vain is in
 * `ledger_retries_total`, as 55P03. Who waits now is looked up when somebody looks. Ends when the answer is called.
 */
export function watchLocks({ sql }: Connection, pool: Pool, meter: Meter): () => void {
  const waits = meter.histogram({
    name: 'ledger_lock_wait_seconds',
    help: 'Time for which a verb waited for a wallet that somebody else had.',
  })
  const end = eachConnection(pool, (client) => {
    client.on('notice', ({ code, detail }) => {
      if (code === WAITED) waits.observe({}, Number(detail))
    })
  })
  meter.gauge(
    {
      name: 'ledger_lock_longest_wait_seconds',
      help: 'How long the one has waited who waits longest for a lock at this moment.',
    },
    async () => {
      const [row] = await sql.rows<{ value: string }>(LONGEST_WAIT, [])
      return [{ value: Number(row?.value ?? 0) }]
    },
  )
  return end
}

const WAITED = 'LP201'

const LONGEST_WAIT: Statement = {
  name: 'watch-lock-wait',
  text: `
    select ${seconds('min(l.waitstart)')}
      from pg_locks l
      join pg_stat_activity a on a.pid = l.pid and a.datname = current_database()
     where not l.granted`,
}

/** What is outstanding, as this process last counted it; nothing before it has counted. */
export function watchPoints(meter: Meter): {
  readonly counted: (counts: readonly OutstandingPoints[]) => void
} {
  const last: { counts: readonly OutstandingPoints[] } = { counts: [] }
  meter.gauge(
    {
      name: 'ledger_points_outstanding',
      help: 'Points of all wallets when they were last counted, by what can be done with them.',
      labels: ['tenant', 'state'],
    },
    () =>
      last.counts.map(({ tenant, state, thousandths }) => ({
        labels: { tenant, state },
        value: Number(thousandths) / 1000,
      })),
  )
  return {
    counted: (counts) => {
      last.counts = counts
    },
  }
}

/** The laws as they were last counted by this process; nothing before it has counted. Anything but zero is a page. */
export function watchLaws(meter: Meter): { readonly counted: (counts: readonly InvariantCount[]) => void } {
  const last: { counts: readonly InvariantCount[] } = { counts: [] }
  meter.gauge(
    {
      name: 'ledger_invariant_violations',
      help: 'How often each law of the ledger was broken when it was last counted.',
      labels: ['invariant'],
    },
    () => last.counts.map(({ invariant, violations }) => ({ labels: { invariant }, value: violations })),
  )
  return {
    counted: (counts) => {
      last.counts = counts
    },
  }
}
