import type { LedgerHousekeeping } from '../domain/points/ledger'
import type { JobTurn, JobWorker, Outbox, OutboxEvent } from '../domain/shared/job-queue'
import type { RequestHousekeeping } from '../domain/shared/request-log'
import type { Round } from './rounds'

/** As much as one commit should do. */
const BATCH = 50

/** Settles what is due in wallets that nobody touches. Housekeeping: whoever touches a wallet settles it anyway. */
export const sweeping = (ledger: LedgerHousekeeping): Round => ({
  name: 'sweep the ledger',
  run: async () => (await ledger.sweep(BATCH, null)) >= BATCH,
})

/** Lets members reach, or lose, what changed tiers give them; `review` says whether there may be more to do. */
export const reviewing = (review: (limit: number) => Promise<boolean>): Round => ({
  name: 'judge members by changed tiers',
  run: () => review(BATCH),
})

/** Forgets the names of requests that nobody sends again. */
export const pruning = (requests: RequestHousekeeping): Round => ({
  name: 'prune requests',
  restMillis: 60 * 60_000,
  run: async () => (await requests.prune(BATCH)) >= BATCH,
})

/** Hands events over, in order. Somebody may be watching for them, so it looks more often than others. */
export const publishing = (
  outbox: Outbox,
  deliver: (events: readonly OutboxEvent[]) => Promise<void>,
): Round => ({
  name: 'publish events',
  restMillis: 250,
  run: async () => (await outbox.publish(BATCH, deliver)) > 0,
})

/** Does jobs one after the other, soon after they were queued; `failed` hears of those that could not be done. */
export const working = (worker: JobWorker, failed: (turn: FailedTurn) => void = () => undefined): Round => ({
  name: 'do jobs',
  restMillis: 250,
  async run() {
    const turn = await worker.work()
    if (turn.outcome === 'failed' || turn.outcome === 'dead') failed(turn)
    return turn.outcome !== 'idle'
  },
})

export type FailedTurn = Extract<JobTurn, { readonly error: unknown }>

/**
 * Counts the violations of the ledger's laws. It reads everything, so it does so seldom; what it found stands until the
 * next time.
 */
export const checkingLaws = <Count>(
  count: () => Promise<readonly Count[]>,
  counted: (counts: readonly Count[]) => void,
): Round => ({
  name: "check the ledger's laws",
  restMillis: 15 * 60_000,
  async run() {
    counted(await count())
    return false
  },
})

/** Counts the points that members can still spend, wait for or have reserved: a sum over all wallets, so now and then. */
export const countingPoints = <Count>(
  count: () => Promise<readonly Count[]>,
  counted: (counts: readonly Count[]) => void,
): Round => ({
  name: 'count the points outstanding',
  restMillis: 5 * 60_000,
  async run() {
    counted(await count())
    return false
  },
})
