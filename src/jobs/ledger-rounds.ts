import type { LedgerHousekeeping } from '../domain/points/ledger'
import type { JobWorker, Outbox, OutboxEvent } from '../domain/shared/job-queue'
import type { Round } from './rounds'

/** As much as one commit should do. */
const BATCH = 50

/** Settles what is due in wallets that nobody touches. Housekeeping: whoever touches a wallet settles it anyway. */
export const sweeping = (ledger: LedgerHousekeeping): Round => ({
  name: 'sweep the ledger',
  run: async () => (await ledger.sweep(BATCH, null)) >= BATCH,
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

/** Does jobs one after the other. */
export const working = (worker: JobWorker): Round => ({
  name: 'do jobs',
  run: async () => (await worker.work()).outcome !== 'idle',
})
