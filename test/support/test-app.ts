import type { FastifyInstance } from 'fastify'
import type { DataSource } from 'typeorm'
import { assemble } from '../../src/app'
import { asApplication } from '../../src/persistence/application-role'
import { silentLog } from '../../src/persistence/log'
import { poolOf } from '../../src/persistence/sql'
import { loadConfig } from '../../src/config/config'
import type { Clock } from '../../src/domain/shared/clock'
import { createLog } from '../../src/server/log'
import { type TestDatabase, testDatabase } from './database'
import { recorded } from './exchange-recorder'

export interface TestApp {
  readonly server: FastifyInstance
  /** The owner's, to look behind the doors; the application's own connections are in its role. */
  readonly dataSource: DataSource
  /** What the application has logged so far, line by line. */
  readonly logged: readonly string[]
  /** Applies a setup document through the admin door; throws with the answer when it is refused. */
  apply(document: object): Promise<void>
  /** How many watch each connection that the application takes from its pool. */
  watchers(): number
  /** The server of another process on the same database; close it before the application. */
  beside(environment: Readonly<Record<string, string>>): Promise<FastifyInstance>
  /** Rows of a statement, to look behind the doors. */
  rows<Row>(statement: string, values?: readonly unknown[]): Promise<readonly Row[]>
  close(): Promise<void>
}

export const ADMIN_KEY = 'test-admin-key'
const ENCRYPTION_KEY = '0'.repeat(64)

export interface TestAppOptions {
  readonly clock?: Clock
  /** Variables that differ from a test's defaults. */
  readonly environment?: Readonly<Record<string, string>>
}

/** The whole application on a database of its own; requests go in through `server.inject`, or through a socket after `listen`. */
export async function startTestApp({ clock, environment = {} }: TestAppOptions = {}): Promise<TestApp> {
  const database = await testDatabase()
  const logged: string[] = []
  const options = { ...(clock ? { clock } : {}), background: false }
  // As in a running server: the application is not the owner, who is behind the doors.
  const served = await asApplication(await database.another(), database.target, {
    log: silentLog,
    applicationName: 'loyalty tests',
    poolSize: 10,
  })
  const app = await assemble(configFor(environment), logInto(logged), opened(database, served), options)
  await app.server.ready()
  const front = recorded(app.server)
  return {
    server: front,
    dataSource: database.dataSource,
    logged,
    apply: (document) => applyThrough(front, document),
    watchers: () => poolOf(served).listenerCount('acquire'),
    async beside(other) {
      const { server } = await assemble(
        configFor({ ...environment, ...other }),
        logInto(logged),
        opened(database, served),
        options,
      )
      await server.ready()
      return recorded(server)
    },
    rows: (statement, values = []) => database.dataSource.query(statement, [...values]),
    close: () => app.close(),
  }
}

// The address is never used: the database is open already.
const configFor = (environment: Readonly<Record<string, string>>) =>
  loadConfig({
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://test/test',
    ADMIN_API_KEY: ADMIN_KEY,
    ENCRYPTION_KEY,
    // Tests of credentials guess a lot.
    SIGN_IN_ATTEMPTS: '0',
    ...environment,
  })

const logInto = (lines: string[]) =>
  createLog({ level: 'trace', pretty: false }, { write: (line: string) => void lines.push(line) })

const opened = (database: TestDatabase, dataSource: DataSource) => ({
  dataSource,
  created: false,
  ping: async () => void (await dataSource.query('select 1')),
  schema: () => Promise.resolve('current' as const),
  async close() {
    await dataSource.destroy()
    await database.close()
  },
})

async function applyThrough(server: FastifyInstance, document: object): Promise<void> {
  const answer = await server.inject({
    method: 'PUT',
    url: '/admin/setup',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    payload: document,
  })
  if (answer.statusCode !== 200) throw new Error(`setup refused: ${answer.body}`)
}
