import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DataSource } from 'typeorm'
import { createDataSource } from '../../src/persistence/data-source'
import { runningPostmaster } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'
import { verifyLedger } from '../../src/persistence/points/verify-ledger'
import { GRAPH_KEY, MEMBERS, SITE, TILL } from './endurance-traffic'
import { runLoyalty, type ServerProcess, startServer, temporaryFolder } from './server-process'

export const ENDURANCE_ADMIN_KEY = 'endurance-admin'
const ENCRYPTION_KEY = '0'.repeat(64)

/** A durable PostgreSQL that is not the server's, the server as a process of its own beside it, and people to serve. */
export interface EnduranceWorld {
  readonly databaseUrl: string
  /** Of its servers and commands. */
  readonly environment: Readonly<Record<string, string>>
  readonly dataSource: DataSource
  /** Starts another server on the same database. */
  start(environment?: Readonly<Record<string, string>>): Promise<ServerProcess>
  /** Kills PostgreSQL as a power cut would; it is started again at once, and recovers. */
  killDatabase(): void
  /** How long its last start took by its own log, from being run to accepting connections, in milliseconds. */
  recoveryMs(): number
  rows<Row>(statement: string, values?: readonly unknown[]): Promise<Row[]>
  /** The laws of the ledger that are broken; none. */
  brokenLaws(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openEndurance(): Promise<EnduranceWorld> {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'database')
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog })
  const world = await enduranceOn(urlOf(postgres))
  return {
    ...world,
    killDatabase: () => process.kill(runningPostmaster(join(dataDir, 'postgres'))!.pid, 'SIGKILL'),
    recoveryMs() {
      const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8').split('\n')
      const last = (said: RegExp): number =>
        Date.parse(
          log
            .filter((line) => said.test(line))
            .at(-1)!
            .slice(0, 'YYYY-MM-DD hh:mm:ss.mmm UTC'.length),
        )
      return last(/ready to accept connections/) - last(/starting PostgreSQL/)
    },
    async close() {
      await world.close()
      await postgres.stop()
      folder.remove()
    },
  }
}

/** The same on a database that somebody else starts and stops. */
export async function enduranceOn(
  databaseUrl: string,
): Promise<Omit<EnduranceWorld, 'killDatabase' | 'recoveryMs'>> {
  const folder = temporaryFolder()
  const environment = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: join(folder.path, 'keys'),
    ADMIN_API_KEY: ENDURANCE_ADMIN_KEY,
    ENCRYPTION_KEY,
    LOG_LEVEL: 'error',
  }
  const migrated = await runLoyalty(['migrate'], environment)
  if (migrated.code !== 0) throw new Error(migrated.output)
  const dataSource = createDataSource(
    { url: databaseUrl },
    {
      log: silentLog,
      applicationName: 'loyalty endurance',
      poolSize: 2,
    },
  )
  await dataSource.initialize()
  const servers: ServerProcess[] = []
  const start: EnduranceWorld['start'] = async (more = {}) => {
    const server = await startServer(folder.path, { ...environment, ...more })
    servers.push(server)
    return server
  }
  return {
    databaseUrl,
    environment,
    dataSource,
    start,
    rows: (statement, values = []) => dataSource.query(statement, [...values]),
    async brokenLaws() {
      const laws = await verifyLedger(dataSource)
      return laws.filter(({ violations }) => violations > 0).map(({ invariant }) => invariant)
    },
    async close() {
      for (const server of servers) server.kill('SIGTERM')
      await Promise.all(servers.map(({ exited }) => exited))
      await dataSource.destroy()
      folder.remove()
    },
  }
}

/** The people and programs that the traffic below is about. */
export async function applyEnduranceSetup(
  { url }: Pick<ServerProcess, 'url'>,
  members = MEMBERS,
): Promise<void> {
  const answer = await fetch(`${url}/admin/setup`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ENDURANCE_ADMIN_KEY}` },
    body: JSON.stringify({ version: 1, tenants: [tenantOf(members)] }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
}

const tenantOf = (members: number) => ({
  key: 'endurance',
  name: 'Endurance',
  currency: 'EUR',
  apiKeys: [{ name: 'load', key: GRAPH_KEY, scopes: ['read', 'write'] }],
  annex: { siteId: SITE.siteId, secrets: [SITE.secret] },
  capillary: {
    orgId: 1,
    region: 'india',
    tills: [{ code: TILL.code, store: 'shop', password: TILL.password }],
    stores: [{ code: 'shop', name: 'Shop' }],
  },
  programs: [
    {
      key: 'main',
      programId: 1,
      default: true,
      purchase: { actionId: 109, ratio: '1' },
      transactions: { pointsPerCurrencyUnit: '0.1' },
      tiers: [
        { name: 'Base', minLifetimePoints: 0 },
        { name: 'High', minLifetimePoints: 5_000 },
      ],
    },
  ],
  members: Array.from({ length: members }, (_, no) => ({
    ref: `m${no}`,
    firstName: 'Member',
    email: `m${no}@example.com`,
    annexId: `m${no}@example.com`,
    identifiers: [{ type: 'mobile', value: `91900${String(no).padStart(7, '0')}` }],
    credits: [{ ref: 'opening', points: 1_000, expires: 'never' }],
  })),
})

export const urlOf = ({ connection }: Pick<EmbeddedPostgres, 'connection'>): string =>
  `postgres://postgres@/postgres?host=${encodeURIComponent(connection.host)}`

/** A number of the server's /metrics, summed over its labels; NaN when it is not there. */
export async function metric(url: string, pattern: RegExp): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const lines = text.split('\n').filter((line) => pattern.test(line))
  return lines.length === 0
    ? Number.NaN
    : lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
