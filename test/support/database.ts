import { randomBytes } from 'node:crypto'
import type { DataSource } from 'typeorm'
import { createDataSource, type DatabaseTarget } from '../../src/persistence/data-source'
import { silentLog } from '../../src/persistence/log'
import { administer, databaseOf, testServer } from './test-server'

/** A database of one test file: migrated, empty, and nobody else's. */
export interface TestDatabase {
  readonly dataSource: DataSource
  readonly target: DatabaseTarget
  /** A second data source on it, as the owner; whoever asks for it closes it. */
  another(): Promise<DataSource>
  /** Closes the data source and drops the database. */
  close(): Promise<void>
}

/** Clones the migrated template. `const database = await testDatabase()` in beforeAll, `database.close()` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const { target, name } = await createTestDatabase()
  const another = () =>
    createDataSource(target, { log: silentLog, applicationName: 'loyalty tests', poolSize: 10 }).initialize()
  const dataSource = await another()
  return {
    dataSource,
    target,
    another,
    async close() {
      await dataSource.destroy()
      await dropTestDatabase(name)
    },
  }
}

/** A database without a data source of ours on it, for a test that starts the whole application. */
export async function createTestDatabase(
  template = testServer().template,
): Promise<{ name: string; target: DatabaseTarget }> {
  const { target, broken } = testServer()
  if (broken !== null) throw new Error(`The migrations do not run: ${broken}`)
  const name = `${testServer().template}_${randomBytes(4).toString('hex')}`
  await administer(target, `create database ${name} template ${template}`)
  return { name, target: databaseOf(target, name) }
}

export async function dropTestDatabase(name: string): Promise<void> {
  await administer(testServer().target, `drop database if exists ${name} with (force)`)
}
