import type { PoolClient } from 'pg'
import type { DataSource } from 'typeorm'
import { Busy, Unavailable } from '../domain/shared/errors'
import type { Stores, UnitOfWork } from '../domain/stores'
import { CoalescingDesk } from './points/coalescing-desk'
import { CoalescingLedger } from './points/coalescing-ledger'
import { answered, type Connection, NoAnswer, onClient, pooled } from './sql'
import { translated } from './sql-errors'

/** How often a transaction is run before its caller hears that it could not be. */
const ATTEMPTS = 3

/** Had to give way to another transaction, or waited too long for its row: nothing was written. Never a refusal, a broken constraint or a slow statement. */
const AGAIN = new Set(['40001', '40P01', '55P03'])
/** What a lost connection is counted as. */
const LOST = '08'

/** Units of work on the data source's pool, READ COMMITTED: what must exclude each other locks a row. */
export const createUnitOfWork = (
  dataSource: DataSource,
  storesOn: (connection: Connection) => Stores,
  retried: (sqlState: string) => void = () => undefined,
): UnitOfWork => {
  const sharing = withSharedCommits(storesOn(pooled(dataSource)))
  return unitOfWorkOn(dataSource, storesOn, sharing, retried)
}

/**
 * Outside a transaction commits are shared: by what groups' wallets are asked for, since a whole family may spend at
 * once, and by bookings that come while others are under way.
 */
const withSharedCommits = (stores: Stores): Stores => ({
  ...stores,
  desk: new CoalescingDesk(stores.desk),
  ledger: new CoalescingLedger(stores.ledger, ({ holder }) => holder.kind === 'GROUP'),
})

const unitOfWorkOn = (
  dataSource: DataSource,
  storesOn: (connection: Connection) => Stores,
  sharing: Stores,
  retried: (sqlState: string) => void,
): UnitOfWork => ({
  run: (work) => attempted(retried, () => runOnce(dataSource, (connection) => work(storesOn(connection)))),
  atOnce: (work) => work(sharing),
  rehearse: (work) =>
    attempted(retried, () => runOnce(dataSource, (connection) => work(storesOn(connection)), 'rollback')),
})

/**
 * Runs a transaction again that certainly left nothing behind. A connection that was lost while it committed is not
 * that, and nor is one that was not to be had: the caller hears of it, and sends the same key again.
 */
async function attempted<T>(retried: (sqlState: string) => void, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const reason = reasonToTryAgain(error)
      if (reason === null || attempt === ATTEMPTS) throw error
      retried(reason)
      await pause(10 + Math.random() * 90)
    }
  }
}

function reasonToTryAgain(error: unknown): string | null {
  if (error instanceof Busy) return AGAIN.has(error.sqlState) ? error.sqlState : null
  return error instanceof LostMidway ? LOST : null
}

/** The connection was lost after it was there and before the commit was asked for: the server has rolled back. */
class LostMidway extends Unavailable {}

/** Runs work on one connection and one transaction, which ends as told when the work resolves. */
export async function runOnce<T>(
  dataSource: DataSource,
  work: (connection: Connection) => Promise<T>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<T> {
  const runner = dataSource.createQueryRunner()
  let working = false
  try {
    const client = (await runner.connect()) as PoolClient
    working = true
    await answered(client, runner.startTransaction())
    const result = await work(onClient(client, runner.manager))
    working = false
    await answered(client, end === 'commit' ? runner.commitTransaction() : runner.rollbackTransaction())
    return result
  } catch (error) {
    // A connection that died cannot roll back, and need not: the server has. The first error is the one that tells.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined)
    const told = translated(error)
    throw working && told instanceof Unavailable && !(told instanceof NoAnswer)
      ? new LostMidway(told.message, { cause: told.cause })
      : told
  } finally {
    await runner.release()
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
