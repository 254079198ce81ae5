import type { DataSource } from 'typeorm'
import { createDataSource, type DatabaseTarget, type DataSourceOptions } from './data-source'
import { sqlState } from './sql-errors'

/** May call the ledger's verbs and read its tables, and not write them. Made by the migrations. */
export const APPLICATION_ROLE = 'loyalty_app'

/**
 * A data source whose connections work as the application's role, in place of the owner's, which is closed. Where the
 * role is missing, or the user may not take it, the owner's is given back with a warning: then only triggers guard the
 * journal.
 */
export async function asApplication(
  owner: DataSource,
  target: DatabaseTarget,
  options: DataSourceOptions,
): Promise<DataSource> {
  const obstacle = await obstacleTo(owner)
  if (obstacle !== null) {
    options.log.warn({ role: APPLICATION_ROLE, obstacle }, 'the application works as the user it signs in as')
    return owner
  }
  const application = createDataSource(target, { ...options, role: APPLICATION_ROLE })
  await application.initialize()
  await owner.destroy()
  return application
}

/** The SQLSTATE that taking the role ends with, or reading the journal in it; null when both can be done. */
async function obstacleTo(owner: DataSource): Promise<string | null> {
  const runner = owner.createQueryRunner()
  try {
    await runner.startTransaction()
    await runner.query(`set local role ${APPLICATION_ROLE}`)
    await runner.query('select from entry limit 0')
    return null
  } catch (error) {
    const state = sqlState(error)
    if (!REFUSALS.has(state)) throw error
    return state
  } finally {
    await runner.rollbackTransaction().catch(() => undefined)
    await runner.release()
  }
}

/** No such role; not allowed. */
const REFUSALS = new Set(['22023', '42704', '42501'])
