// The Capillary door over HTTP against the ledger verb it calls, bulk against one by one, a read against its own SQL, and
// what signing in costs of a request. Interleaved rounds, medians, ratios only: on a quiet machine.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { asking, requestBytes } from '../shared/http-client.mjs'
import { clients, interleaved } from '../shared/rates.mjs'
import { report } from '../shared/report.mjs'
import { socketUrl, startRoles } from '../../scripts/subgraphs.mjs'

const require = createRequire(import.meta.url)
require('reflect-metadata')
const dist = (module) => require(join(import.meta.dirname, '..', '..', 'dist', 'src', module))
const { createDataSource } = dist('persistence/data-source.js')
const { pooled } = dist('persistence/sql.js')
const { silentLog } = dist('persistence/log.js')
const { PostgresPointsLedger } = dist('persistence/points/postgres-points-ledger.js')
const { PostgresCredentialStore } = dist('persistence/programs/postgres-credential-store.js')
const { RememberingCredentialStore } = dist('persistence/programs/remembering-credential-store.js')
const { PostgresTenantStore } = dist('persistence/programs/postgres-tenant-store.js')
const { signIn } = dist('rest/capillary/auth.js')
const { VerifiedSecrets } = dist('rest/capillary/verified-secrets.js')

const FIRST_PORT = 4180
const CONNECTIONS = 8
const LINES = 10
const BATCH = 50
const MEMBERS = 400
const ROUNDS = {
  rounds: Number(process.env.BENCH_ROUNDS ?? 5),
  millis: Number(process.env.ROUND_MILLIS ?? 1500),
}
const TILL = { code: 'bench.till', password: 'bench' }

const { line, note } = report('capillary')
const dataDir = mkdtempSync(join(tmpdir(), 'loyalty-bench-'))
const { urls, stop } = await startRoles(['unified'], {
  dataDir,
  firstPort: FIRST_PORT,
  environment: { NODE_ENV: 'production', SETUP_FILE: 'none', ADMIN_API_KEY: 'bench-admin' },
})
const base = new URL(urls.unified).origin
const url = socketUrl(dataDir)
const dataSource = createDataSource(
  { url },
  { log: silentLog, applicationName: 'bench', poolSize: CONNECTIONS },
)
let bare
try {
  await apply()
  await dataSource.initialize()
  const tenant = await only("select tenant_id as id from tenants where key = 'bench'")
  const members = await dataSource.query('select member_id from members order by member_id')
  await measureWrites(
    tenant,
    members.map(({ member_id: id }) => id),
  )
  bare = spawn(
    process.execPath,
    [join(import.meta.dirname, 'bare.mjs'), String(FIRST_PORT + 1), url, tenant],
    {
      stdio: 'inherit',
    },
  )
  await measureReads()
} finally {
  bare?.kill('SIGTERM')
  await dataSource.destroy()
  await stop()
  rmSync(dataDir, { recursive: true, force: true })
}

async function only(statement) {
  const [{ id }] = await dataSource.query(statement)
  return id
}

async function apply() {
  const members = Array.from({ length: MEMBERS }, (_, index) => ({
    ref: `m${index}`,
    firstName: 'Ann',
    identifiers: [{ type: 'mobile', value: mobile(index), source: 'INSTORE', accountId: '' }],
  }))
  const document = {
    version: 1,
    tenants: [
      {
        key: 'bench',
        name: 'Bench',
        sandbox: true,
        currency: 'INR',
        capillary: { orgId: 1, region: 'india', tills: [{ ...TILL, store: 'one' }] },
        programs: [
          {
            key: 'main',
            programId: 1,
            default: true,
            expiry: { days: 365 },
            transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
            tiers: [
              { name: 'Silver', minLifetimePoints: 0 },
              { name: 'Gold', minLifetimePoints: 100_000 },
            ],
          },
        ],
        members,
      },
    ],
  }
  const answer = await fetch(`${base}/admin/setup`, {
    method: 'PUT',
    headers: { authorization: 'Bearer bench-admin', 'content-type': 'application/json' },
    body: JSON.stringify(document),
  })
  if (!answer.ok) throw new Error(`the setup was refused: ${await answer.text()}`)
}

function mobile(index) {
  return `91${String(9_000_000_000 + index)}`
}

async function measureWrites(tenant, members) {
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  let count = 0
  const authorization = basic()
  const verifying = { headers: { authorization } }
  const auth = authDeps()
  const bytes = (path, body) =>
    requestBytes(`${base}${path}`, { headers: { authorization }, body: JSON.stringify(body) })
  const one = () => bytes(`/v2/transactions?identifierName=mobile&identifierValue=${next()}`, sale(++count))
  const next = () => mobile(count % MEMBERS)
  const batch = () =>
    bytes(
      '/v2/transactions/bulk',
      Array.from({ length: BATCH }, () => ({
        identifierType: 'mobile',
        identifierValue: next(),
        source: 'INSTORE',
        ...sale(++count),
      })),
    )
  const rates = await interleaved(
    {
      verb: clients(CONNECTIONS, async () => {
        await ledger.award(award(tenant, members[count % members.length], ++count))
        return 1
      }),
      door: asking(base, one, CONNECTIONS),
      alone: asking(base, one, 1),
      bulk: asking(base, batch, 1),
      bulks: asking(base, batch, CONNECTIONS),
      signIn: clients(CONNECTIONS, async () => {
        await signIn(auth, verifying)
        return 1
      }),
    },
    { ...ROUNDS, between: () => dataSource.query('vacuum analyze') },
  )
  if (process.env.BENCH_RATES) console.error(rates)
  line('POST /v2/transactions, 10 lines / the ledger verb', rates.door / rates.verb, { atLeast: 0.4 })
  line('bulk of 50 / one by one, one client', (rates.bulk * BATCH) / rates.alone, { atLeast: 3 })
  line('bulk of 50 / one by one, 8 clients', (rates.bulks * BATCH) / rates.door)
  line('signing in by Basic, share of a request', rates.door / rates.signIn, { atMost: 0.05 })
  note(
    'Sign-in: calls of the door a second by sign-ins a second of its own functions over the same database, one statement in each tenth of a second included.',
  )
}

function basic() {
  return `Basic ${Buffer.from(`${TILL.code}:${md5()}`).toString('base64')}`
}

function md5() {
  return createHash('md5').update(TILL.password).digest('hex')
}

function authDeps() {
  const clock = { now: () => Date.now() }
  return {
    credentials: new RememberingCredentialStore(new PostgresCredentialStore(pooled(dataSource), null), () =>
      performance.now(),
    ),
    tenants: new PostgresTenantStore(pooled(dataSource)),
    clock,
    tokenKey: Buffer.alloc(32),
    verified: new VerifiedSecrets(clock),
  }
}

function sale(count) {
  return {
    type: 'REGULAR',
    billNumber: `bench-${process.pid}-${count}`,
    billAmount: LINES * 100.5,
    lineItemsV2: Array.from({ length: LINES }, (_, index) => ({
      itemCode: `sku_${index}`,
      amount: 100.5,
      rate: 100.5,
      qty: 1,
      value: 100.5,
    })),
  }
}

/** The award that such a sale calls for. */
function award(tenantId, member, count) {
  return {
    account: { tenantId, holder: { kind: 'MEMBER', id: member }, programId: '1', currency: 'points' },
    now: null,
    timeZone: 'UTC',
    facts: {
      actionId: null,
      reason: `Bill bench-${count}`,
      actor: 'bench',
      requestId: null,
      occurredAt: new Date().toISOString(),
    },
    idempotency: null,
    source: { type: 'TRANSACTION', ref: `bench-${count}` },
    purchase: null,
    lines: Array.from({ length: LINES }, (_, index) => ({
      lineRef: String(index + 1),
      points: 10_000n,
      rule: 'transactions.line-net@1',
    })),
    maturesAt: null,
    expiresAt: '2090-01-01T00:00:00Z',
    countsForLifetime: true,
  }
}

async function measureReads() {
  const id = await only('select max(transaction_id) as id from transactions')
  const authorization = basic()
  const get = (address) => requestBytes(address, { method: 'GET', headers: { authorization } })
  const [door, plain] = [`${base}/v2/earning/${id}`, `http://127.0.0.1:${FIRST_PORT + 1}/${id}`]
  for (let tries = 0; tries < 100 && !(await fetch(plain).catch(() => null))?.ok; tries++) await pause(100)
  const [doorBytes, plainBytes] = [get(door), get(plain)]
  const rates = await interleaved(
    {
      door: asking(base, () => doorBytes, CONNECTIONS),
      bare: asking(plain, () => plainBytes, CONNECTIONS),
    },
    ROUNDS,
  )
  if (process.env.BENCH_RATES) console.error(rates)
  line('GET /v2/earning/{id} / the same SQL answered bare', rates.door / rates.bare, { atLeast: 0.5 })
}
