import type { PoolClient } from 'pg'
import type { DataSource } from 'typeorm'
import { Busy } from '../domain/shared/errors'
import type { Stores, UnitOfWork } from '../domain/stores'
import { type Connection, onClient, pooled } from './sql'
import { translated } from './sql-errors'

/** How often a transaction that had to give way (deadlock, serialization) is run again before its caller hears of it. */
const ATTEMPTS = 3

/** Units of work on the data source's pool, READ COMMITTED: what must exclude each other locks a row. */
export const createUnitOfWork = (
  dataSource: DataSource,
  storesOn: (connection: Connection) => Stores,
): UnitOfWork => ({
  run: (work) => attempted(() => runOnce(dataSource, (connection) => work(storesOn(connection)))),
  atOnce: (work) => work(storesOn(pooled(dataSource))),
  rehearse: (work) =>
    attempted(() => runOnce(dataSource, (connection) => work(storesOn(connection)), 'rollback')),
})

async function attempted<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (
        !(error instanceof Busy) ||
        error.sqlState === '55P03' ||
        error.sqlState === '57014' ||
        attempt === ATTEMPTS
      )
        throw error
      await pause(10 + Math.random() * 90)
    }
  }
}

/** Runs work on one connection and one transaction, which ends as told when the work resolves. */
export async function runOnce<T>(
  dataSource: DataSource,
  work: (connection: Connection) => Promise<T>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<T> {
  const runner = dataSource.createQueryRunner()
  try {
    const client = (await runner.connect()) as PoolClient
    await runner.startTransaction()
    const result = await work(onClient(client, runner.manager))
    if (end === 'commit') await runner.commitTransaction()
    else await runner.rollbackTransaction()
    return result
  } catch (error) {
    // A connection that died cannot roll back, and need not: the server has. The first error is the one that tells.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined)
    throw translated(error)
  } finally {
    await runner.release()
  }
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
