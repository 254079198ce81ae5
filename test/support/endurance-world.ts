import { join } from 'node:path'
import { createDataSource, type DatabaseTarget } from '../../src/persistence/data-source'
import { runningPostmaster } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'
import { verifyLedger } from '../../src/persistence/points/verify-ledger'
import { annexGet, annexPost, type Site } from './annex-client'
import { tillCall } from './capillary-client'
import { type Shot, shotOf } from './load'
import { runLoyalty, type ServerProcess, startServer, temporaryFolder } from './server-process'

const ADMIN_KEY = 'endurance-admin'
const GRAPH_KEY = 'endurance-graph'
const SITE: Site = { siteId: 'endurance', secret: 'endurance-secret' }
const TILL = { code: 'till', password: 'till' }
const MEMBERS = 60

/** A durable PostgreSQL that is not the server's, the server as a process of its own beside it, and people to serve. */
export interface EnduranceWorld {
  readonly databaseUrl: string
  readonly target: DatabaseTarget
  /** Starts another server on the same database. */
  start(environment?: Readonly<Record<string, string>>): Promise<ServerProcess>
  /** Kills PostgreSQL as a power cut would; it is started again at once, and recovers. */
  killDatabase(): void
  rows<Row>(statement: string, values?: readonly unknown[]): Promise<Row[]>
  /** The laws of the ledger that are broken; none. */
  brokenLaws(): Promise<readonly string[]>
  close(): Promise<void>
}

export async function openEndurance(): Promise<EnduranceWorld> {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'database')
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog })
  const databaseUrl = urlOf(postgres)
  const environment = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: join(folder.path, 'keys'),
    ADMIN_API_KEY: ADMIN_KEY,
    LOG_LEVEL: 'error',
  }
  const migrated = await runLoyalty(['migrate'], environment)
  if (migrated.code !== 0) throw new Error(migrated.output)
  const dataSource = createDataSource(postgres.connection, {
    log: silentLog,
    applicationName: 'loyalty endurance',
    poolSize: 2,
  })
  await dataSource.initialize()
  const servers: ServerProcess[] = []
  const start: EnduranceWorld['start'] = async (more = {}) => {
    const server = await startServer(folder.path, { ...environment, ...more })
    servers.push(server)
    return server
  }
  return {
    databaseUrl,
    target: postgres.connection,
    start,
    killDatabase: () => process.kill(runningPostmaster(join(dataDir, 'postgres'))!.pid, 'SIGKILL'),
    rows: (statement, values = []) => dataSource.query(statement, [...values]),
    async brokenLaws() {
      const laws = await verifyLedger(dataSource)
      return laws.filter(({ violations }) => violations > 0).map(({ invariant }) => invariant)
    },
    async close() {
      for (const server of servers) server.kill('SIGTERM')
      await Promise.all(servers.map(({ exited }) => exited))
      await dataSource.destroy()
      await postgres.stop()
      folder.remove()
    },
  }
}

/** The people and programs that the traffic below is about. */
export async function applyEnduranceSetup({ url }: ServerProcess): Promise<void> {
  const answer = await fetch(`${url}/admin/setup`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    body: JSON.stringify({ version: 1, tenants: [TENANT] }),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
}

const TENANT = {
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
  members: Array.from({ length: MEMBERS }, (_, no) => ({
    ref: `m${no}`,
    firstName: 'Member',
    email: `m${no}@example.com`,
    annexId: `m${no}@example.com`,
    identifiers: [{ type: 'mobile', value: `9190000000${String(no).padStart(2, '0')}` }],
    credits: [{ ref: 'opening', points: 1_000, expires: 'never' }],
  })),
}

/** Reads and writes through every door, over and over; writes are named `PREFIX-…`, each only once. */
export function traffic(prefix: string): () => Shot {
  let n = 0
  return () => {
    const kind = KINDS[n % KINDS.length]!
    return kind(
      `m${(n * 7) % MEMBERS}@example.com`,
      `9190000000${String((n * 7) % MEMBERS).padStart(2, '0')}`,
      `${prefix}-${n++}`,
    )
  }
}

/** Only what earns points, at the Annex door: the heaviest of the common requests. */
export function orders(prefix: string): () => Shot {
  let n = 0
  return () => placeOrder(`m${(n * 7) % MEMBERS}@example.com`, '', `${prefix}-${n++}`)
}

type Kind = (email: string, mobile: string, name: string) => Shot

const placeOrder: Kind = (userId, _mobile, id) =>
  shotOf(
    'annex',
    annexPost(SITE, '/api/3.0/orders', {
      id,
      userId,
      orderDetail: [{ id: 'p', quantity: 1, unitPrice: 7 }],
    }),
    id,
  )

const readPoints: Kind = (email) => shotOf('annex', annexGet(SITE, `/api/3.0/points/${email}`, email))

const sell: Kind = (_email, mobile, billNumber) =>
  shotOf(
    'capillary',
    tillCall(
      TILL,
      'POST',
      `/v2/transactions?source=instore&identifierName=mobile&identifierValue=${mobile}`,
      {
        type: 'REGULAR',
        billNumber,
        billAmount: '100',
        lineItemsV2: [{ itemCode: 'sku', amount: 100, rate: 100, qty: 1 }],
      },
    ),
    billNumber,
  )

const graph = (query: string, name?: string): Shot =>
  shotOf(
    'graphql',
    {
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${GRAPH_KEY}`, 'content-type': 'application/json' },
      body: query,
    },
    name,
  )

const identity = (email: string) => ({ door: 'annex', type: 'id', value: email })

const readWallet: Kind = (email) =>
  graph(
    JSON.stringify({
      operationName: 'SoakWallet',
      query: `query SoakWallet($of: IdentityInput!) { member(identity: $of) { firstName tier { name }
        points { available lifetime } activities(first: 5) { nodes { kind points } } } }`,
      variables: { of: identity(email) },
    }),
  )

const readMembers: Kind = () =>
  graph(
    JSON.stringify({
      operationName: 'SoakMembers',
      query: `query SoakMembers { members(first: 20) { nodes { firstName tier { name } activities(first: 5) { nodes { kind points } } } } }`,
    }),
  )

const redeem: Kind = (email, _mobile, name) =>
  graph(
    JSON.stringify({
      operationName: 'SoakRedeem',
      query: `mutation SoakRedeem($input: RedeemPointsInput!) { redeemPoints(input: $input) { balance { available } userErrors { code } } }`,
      variables: { input: { identity: identity(email), points: '5', idempotencyKey: name } },
    }),
    name,
  )

const KINDS: readonly Kind[] = [
  placeOrder,
  readWallet,
  sell,
  readPoints,
  redeem,
  readMembers,
  placeOrder,
  readWallet,
]

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
