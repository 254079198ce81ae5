import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createDataSource, type DatabaseTarget } from '../../src/persistence/data-source'
import { errnoOf } from '../../src/persistence/embedded/errors'
import { runningPostmaster, stopPostmaster } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'
import { migrate } from '../../src/persistence/schema-state'

/** Where the tests' PostgreSQL is and which database to clone, told to the workers through the environment. */
export interface TestServer {
  readonly target: DatabaseTarget
  readonly template: string
  /** Why there is no template. Tests that need no database run all the same. */
  readonly broken: string | null
}

const VARIABLE = 'LOYALTY_TEST_SERVER'
const FOLDER = 'loyalty-test-'

let embedded: { server: EmbeddedPostgres; folder: string } | null = null

export const testServer = (): TestServer => JSON.parse(process.env[VARIABLE] ?? '') as TestServer

/** The server of TEST_DATABASE_URL, or a throw-away one; with a template database that is migrated once. */
export async function startTestServer(): Promise<void> {
  const url = process.env['TEST_DATABASE_URL']
  const target = url ? { url } : await startThrowAway()
  const template = `loyalty_test_${Date.now()}_${process.pid}`
  await dropLeftovers(target)
  await administer(target, `create database ${template}`)
  const broken = await migrateTemplate(databaseOf(target, template)).then(() => null, String)
  process.env[VARIABLE] = JSON.stringify({ target, template, broken } satisfies TestServer)
}

export async function stopTestServer(): Promise<void> {
  const { target, template } = testServer()
  if (embedded) {
    await embedded.server.stop()
    rmSync(embedded.folder, { recursive: true, force: true })
  } else {
    await administer(target, `drop database if exists ${template} with (force)`)
  }
}

/** The same server, another database. */
export function databaseOf(target: DatabaseTarget, database: string): DatabaseTarget {
  if (!('url' in target)) return { ...target, database }
  const url = new URL(target.url)
  url.pathname = `/${database}`
  return { url: url.toString() }
}

/** Runs one statement beside all test databases. */
export async function administer(target: DatabaseTarget, statement: string): Promise<unknown[]> {
  const client = new Client('url' in target ? { connectionString: target.url } : target)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows
  } finally {
    await client.end()
  }
}

async function migrateTemplate(target: DatabaseTarget): Promise<void> {
  const dataSource = createDataSource(target, {
    log: silentLog,
    applicationName: 'loyalty tests',
    poolSize: 2,
  })
  await dataSource.initialize()
  try {
    await migrate(dataSource, { log: silentLog })
  } finally {
    await dataSource.destroy()
  }
}

async function startThrowAway(): Promise<DatabaseTarget> {
  await removeLeftoverFolders()
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  const server = await startEmbeddedPostgres({ dataDir: folder, log: silentLog, testing: true })
  embedded = { server, folder }
  return server.connection
}

/** A run that was killed leaves its PostgreSQL running. */
async function removeLeftoverFolders(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    const folder = join(tmpdir(), name)
    if (statSync(folder).uid !== process.getuid?.()) continue
    const running = runningPostmaster(join(folder, 'postgres'))
    if (running) await stopPostmaster(running, join(folder, 'postgres'))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Databases of runs on TEST_DATABASE_URL that were killed: older than any run takes. */
async function dropLeftovers(target: DatabaseTarget): Promise<void> {
  const rows = await administer(
    target,
    `select datname from pg_database where datname ~ '^loyalty_test_[0-9]+_'`,
  )
  for (const { datname } of rows as { datname: string }[]) {
    const started = Number(datname.split('_')[2])
    if (Date.now() - started > 3_600_000)
      await administer(target, `drop database if exists ${datname} with (force)`)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process is not ours to judge.
    return errnoOf(error) === 'EPERM'
  }
}
