import type { FastifyInstance } from 'fastify'
import { type Config, DEMO_ADMIN_KEY } from './config/config'
import { encryptionKeyOf } from './config/encryption-key'
import { trustedDocuments } from './config/trusted-documents'
import type { LoyaltyDeps } from './domain/loyalty'
import { reviewTiers } from './domain/points/review-tiers'
import type { Clock } from './domain/shared/clock'
import type { Meter } from './domain/shared/meter'
import { bookLoyalty } from './domain/transactions/book-loyalty'
import { LOYALTY_JOB } from './domain/transactions/queue-loyalty'
import { tokenVerifier } from './graphql/shared/tokens'
import { createGraph } from './graphql/unified/graph'
import {
  checkingLaws,
  countingPoints,
  pruning,
  publishing,
  reviewing,
  sweeping,
  working,
} from './jobs/ledger-rounds'
import { type Round, startRounds } from './jobs/rounds'
import { defaultPoolSize } from './persistence/data-source'
import { PostgresBacklog } from './persistence/jobs/postgres-backlog'
import { PostgresEventFeed } from './persistence/jobs/postgres-event-feed'
import { PostgresJobWorker } from './persistence/jobs/postgres-job-queue'
import { PostgresOutbox } from './persistence/jobs/postgres-outbox'
import { verifyLedger } from './persistence/points/verify-ledger'
import { pointsOutstanding } from './persistence/points/verify-ledger'
import {
  watchBacklog,
  watchLaws,
  watchLedger,
  watchLocks,
  watchPoints,
} from './persistence/points/watch-ledger'
import { PostgresPointsLedger } from './persistence/points/postgres-points-ledger'
import { PostgresRequestLog } from './persistence/points/postgres-request-log'
import { type Database, openDatabase } from './persistence/open-database'
import { postgresStores } from './persistence/postgres-stores'
import { assertSecretsReadable } from './persistence/programs/assert-secrets'
import { PostgresCredentialStore } from './persistence/programs/postgres-credential-store'
import { RememberingCredentialStore } from './persistence/programs/remembering-credential-store'
import { createSecretBox, type SecretBox } from './persistence/programs/secret-box'
import { type Connection, pooled, poolOf } from './persistence/sql'
import { watchPool } from './persistence/watch-pool'
import { createUnitOfWork } from './persistence/unit-of-work'
import { createAnnex } from './rest/annex'
import { billPolicyOf, createCapillary } from './rest/capillary'
import type { Vendor } from './rest/shared/route'
import { createAdmin } from './server/admin'
import { limitsFor } from './server/admission'
import { mountDocs } from './server/docs-page'
import { mountGraph } from './server/graphql'
import { Guesses, guessLimits } from './server/guesses'
import { createHttpServer } from './server/http'
import type { Log } from './server/log'
import { createMetrics } from './server/metrics'
import { createLocalRateLimiter } from './server/rate-limiter'
import { createSharedRateLimiter } from './server/shared-rate-limiter'
import { Readiness } from './server/readiness'
import type { Tracing } from './server/tracing/tracing'
import { stopServing } from './server/stop-serving'
import { prepareFirstStart } from './setup/first-start'

/** A door as the start-up message shows it. */
export interface DoorSign {
  readonly label: string
  readonly url: string
  /** How it opens: demo credentials, or where to find others. */
  readonly credentials: string
}

export interface App {
  readonly server: FastifyInstance
  readonly doors: readonly DoorSign[]
  /** Stops taking requests, finishes those that run, and lets go of the database. */
  close(): Promise<void>
}

/** Opens the database, gives a new embedded one its setup, and joins the parts. */
export async function createApp(config: Config, log: Log, tracing: Tracing | null = null): Promise<App> {
  const database = await openDatabase({
    place: config.database,
    purpose: 'server',
    poolSize: config.databasePoolSize,
    log,
  })
  try {
    return await assemble(config, log, database, { tracing })
  } catch (error) {
    await database.close()
    throw error
  }
}

export interface AssemblyOptions {
  readonly clock?: Clock
  /** False for tests that count statements: background work is then done only when drained. */
  readonly background?: boolean
  readonly tracing?: Tracing | null
}

/** Joins the parts on an open database: config → stores → graphql + rest → server. */
export async function assemble(
  config: Config,
  log: Log,
  database: Database,
  { clock = realClock, background = true, tracing = null }: AssemblyOptions = {},
): Promise<App> {
  const metrics = createMetrics()
  const parts = createParts(config, log, database, { clock, tracing, meter: metrics.meter })
  await assertSecretsReadable(parts.pool, parts.box)
  if (config.database.kind === 'embedded') {
    await prepareFirstStart(parts.deps, config.setupFile, (done, total) => reportProgress(log, done, total))
  }
  const readiness = new Readiness(database)
  const vendors = createVendors(parts, config, log)
  const server = createHttpServer({
    log,
    tracing,
    metrics,
    limits: limitsFor(config.databasePoolSize ?? defaultPoolSize(), config.maxActiveRequests),
    guesses: new Guesses(guessLimits(config.signInAttempts)),
    trustedProxies: config.trustedProxies,
    allowedOrigins: config.allowedOrigins,
    readiness,
    vendors,
    role: config.role,
  })
  const { shared } = parts
  if (shared) server.addHook('onClose', () => shared.close())
  // Its connections may outlive the server: tests start several on one pool.
  server.addHook('onClose', () => Promise.resolve(parts.unwatch()))
  const running = startRounds(background ? [...parts.rounds, ...parts.checks] : [], {
    restMillis: REST_MILLIS,
    failed: (name, error) => log.error({ err: error, job: name }, 'background work failed'),
  })
  await mountGraph(server, createGraph({ ...graphParts(parts, config, log), span: tracing?.span ?? null }))
  await mountDocs(server, openApiSigns(vendors), explorerOf(config) !== null)
  return {
    server,
    doors: doorSigns(config),
    async close() {
      readiness.drain()
      // No more work is begun in the background, while requests are still taken.
      const stopped = running.stop()
      await stopServing(server, { delayMs: config.stopDelaySeconds * 1000, log })
      await stopped
      await parts.events.close()
      await database.close()
    },
  }
}

/** The doors of this process that have an OpenAPI document. */
const openApiSigns = (vendors: readonly Vendor[]) =>
  vendors.filter(({ openapi }) => openapi).map(({ name }) => ({ name, url: `/openapi/${name}.json` }))

/** How long background work rests when there is none. */
const REST_MILLIS = 5_000

const realClock: Clock = { now: () => Date.now() }

type Parts = ReturnType<typeof createParts>

function createParts(
  config: Config,
  log: Log,
  database: Database,
  { clock, tracing, meter }: { clock: Clock; tracing: Tracing | null; meter: Meter },
) {
  const { dataSource } = database
  const box = secretBoxOf(config, log)
  const pool = pooled(dataSource)
  const credentials = new RememberingCredentialStore(new PostgresCredentialStore(pool, box), () =>
    performance.now(),
  )
  const watch = watchLedger(meter)
  watchBacklog(pool, meter)
  const watches = [watchPool(poolOf(dataSource), meter), watchLocks(pool, poolOf(dataSource), meter)]
  const storesOn = postgresStores(box, () => credentials.forget(), watch, tracing)
  const shared = config.redisUrl === null ? null : createSharedRateLimiter(config.redisUrl, log)
  const stores = storesOn(pool)
  const deps: LoyaltyDeps = {
    unitOfWork: createUnitOfWork(dataSource, storesOn, (sqlState) => watch.retried(sqlState)),
    clock,
  }
  return {
    box,
    pool,
    stores,
    deps,
    clock,
    meter,
    unwatch: () => watches.forEach((end) => end()),
    tenants: stores.tenants,
    credentials,
    backlog: new PostgresBacklog(pool),
    shared,
    limiter: shared ?? createLocalRateLimiter(),
    mismatches: meter.counter({
      name: 'tenant_mismatch_total',
      help: 'Requests that named another tenant than their credential belongs to.',
    }),
    rounds: [
      ...roundsOn(database, pool),
      reviewing((limit) => reviewTiers({ ...deps, tiers: stores.tiers, tenants: stores.tenants }, limit)),
      working(
        new PostgresJobWorker(
          dataSource,
          {
            [LOYALTY_JOB]: (job, connection) =>
              bookLoyalty({ tenants: stores.tenants, clock }, storesOn(connection), job),
          },
          tracing,
        ),
        ({ outcome, job: { id, kind, attempts }, error }) =>
          log.error({ err: error, job: kind, jobId: id, attempts, outcome }, 'a job failed'),
      ),
    ],
    checks: [
      checkingLaws(() => verifyLedger(dataSource), watchLaws(meter).counted),
      countingPoints(() => pointsOutstanding(dataSource), watchPoints(meter).counted),
    ],
    events: new PostgresEventFeed(
      dataSource,
      log,
      config.database.kind === 'external' ? config.database.directUrl : null,
    ),
  }
}

/** Each kind of background work in turn, now: until none is due, or until it has had its share. */
const workOff = async (rounds: readonly Round[]): Promise<void> => {
  for (const round of rounds) for (let turns = 0; turns < SHARE && (await round.run());) turns++
}

const SHARE = 100

/** Settles what is due in wallets that nobody touches, and lets events go to whoever listens at that moment. */
const roundsOn = ({ dataSource }: Database, pool: Connection): readonly Round[] => [
  sweeping(new PostgresPointsLedger(pool)),
  pruning(new PostgresRequestLog(pool)),
  publishing(new PostgresOutbox(dataSource), () => Promise.resolve()),
]

function secretBoxOf(config: Config, log: Log): SecretBox {
  const { key, source } = encryptionKeyOf(config)
  if (source === 'data folder' && config.database.kind === 'external') {
    log.warn({}, 'ENCRYPTION_KEY is not set: secrets are sealed with a key that only this data folder has')
  }
  return createSecretBox(key)
}

/** Pages to explore the graph with: not in production. Only the demo's key is filled in. */
const explorerOf = (config: Config) =>
  config.environment === 'production'
    ? null
    : { apiKey: isDemo(config) ? 'demo-graphql-key' : 'your API key' }

const isDemo = ({ database, setupFile }: Config): boolean =>
  database.kind === 'embedded' && setupFile !== null

/** The REST doors of this process: all, or in a federated deployment those that go with its part of the graph. */
function createVendors(
  { box, deps, stores, clock, tenants, credentials, backlog, limiter, mismatches, rounds }: Parts,
  { role, adminApiKey }: Config,
  log: Log,
): Vendor[] {
  const doors: Record<DoorName, () => Vendor> = {
    annex: () =>
      createAnnex({ ...deps, stores, tenants, credentials, clock, log, mismatched: () => mismatches.add() }),
    capillary: () =>
      createCapillary({
        loyalty: deps,
        stores,
        tenants,
        credentials,
        clock,
        log,
        limiter,
        tokenKey: box.derive('access tokens'),
      }),
    admin: () =>
      createAdmin({
        deps,
        setup: stores.setup,
        background: { tenants, backlog, work: () => workOff(rounds) },
        apiKey: adminApiKey,
      }),
  }
  return DOORS[role].map((name) => doors[name]())
}

type DoorName = 'annex' | 'capillary' | 'admin'

const DOORS: Record<Config['role'], readonly DoorName[]> = {
  unified: ['annex', 'capillary', 'admin'],
  subgraph: ['annex', 'capillary', 'admin'],
  core: ['admin'],
  annex: ['annex'],
  capillary: ['capillary'],
}

/** The explorers are for development. They sign in with the demo's key, or with one typed over it. */
const graphParts = (
  { meter, deps, stores, tenants, credentials, events }: Parts,
  config: Config,
  log: Log,
) => ({
  meter,
  loyalty: deps,
  stores,
  tenants,
  credentials,
  log,
  billPolicyOf,
  events,
  explorer: explorerOf(config),
  role: config.role,
  streamLimits: config.maxStreams,
  trusted: trustedDocuments(config),
  tokens: config.tokens && { ...config.tokens, verify: tokenVerifier(config.tokens) },
})

function reportProgress(log: Log, count: number, total: number): void {
  if (count % 50 === 0 || count === total) log.info({ count, total }, "making the demo's past")
}

/** Where each door is. The demo's credentials are told only where the demo is. */
function doorSigns(config: Config): readonly DoorSign[] {
  const { publicUrl, adminApiKey, role } = config
  const demo = isDemo(config)
  const shown = (credentials: string): string =>
    demo ? credentials : "the tenant's own credentials (setup file)"
  const graph: DoorSign = {
    label: 'GraphQL',
    url: `${publicUrl}/graphql`,
    credentials: shown('Authorization: Bearer demo-graphql-key'),
  }
  const doors: Record<DoorName, DoorSign> = {
    annex: {
      label: 'Annex',
      url: `${publicUrl}/api/3.0`,
      credentials: shown('site 29235480, secret demo-annex-secret'),
    },
    capillary: {
      label: 'Capillary',
      url: `${publicUrl}/v2`,
      credentials: shown('till store.server, password server123'),
    },
    admin: {
      label: 'Admin',
      url: `${publicUrl}/admin`,
      credentials: adminSign(adminApiKey),
    },
  }
  return [graph, ...DOORS[role].map((name) => doors[name])]
}

function adminSign(adminApiKey: string | null): string {
  if (adminApiKey === null) return 'closed: set ADMIN_API_KEY to open it'
  return adminApiKey === DEMO_ADMIN_KEY
    ? `Authorization: Bearer ${DEMO_ADMIN_KEY}`
    : 'Authorization: Bearer $ADMIN_API_KEY'
}
