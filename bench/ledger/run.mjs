// The ledger's verbs against what the same database does at best, in interleaved rounds; medians; ratios only, because
// the machine's own noise is larger than most differences between two runs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { report } from '../shared/report.mjs'

const require = createRequire(import.meta.url)
require('reflect-metadata')
const dist = (module) => require(join(import.meta.dirname, '..', '..', 'dist', 'src', 'persistence', module))
const { startEmbeddedPostgres } = dist('embedded/start-embedded-postgres.js')
const { createDataSource } = dist('data-source.js')
const { migrate } = dist('schema-state.js')
const { poolOf, pooled } = dist('sql.js')
const { silentLog } = dist('log.js')
const { PostgresPointsLedger } = dist('points/postgres-points-ledger.js')
const { CoalescingLedger } = dist('points/coalescing-ledger.js')
const { verifyLedger } = dist('points/verify-ledger.js')

const SECONDS = Number(process.env.BENCH_SECONDS ?? 3)
const ROUNDS = 3
const CLIENTS = 8
const MEMBERS = 2_000

const { line, leftOut, note } = report('ledger')
const folder = mkdtempSync(join(tmpdir(), 'loyalty-bench-'))
// Durable, as in production: what a commit costs is most of what is measured.
const server = await startEmbeddedPostgres({ dataDir: folder, log: silentLog })
const dataSource = createDataSource(server.connection, {
  log: silentLog,
  applicationName: 'bench',
  poolSize: CLIENTS,
})
let count = 0
const move = (account) => ({
  account,
  now: null,
  timeZone: 'UTC',
  facts: {
    actionId: 1,
    reason: 'bench',
    actor: 'bench',
    requestId: null,
    occurredAt: '2026-01-01T00:00:00Z',
  },
  idempotency: { scope: 'bench', key: `key-${++count}`, requestHash: count.toString(16).padStart(64, '0') },
  purchase: null,
})
const award = (account, points = 1_000n) => {
  const command = move(account)
  return {
    verb: 'award',
    command: {
      ...command,
      source: { type: 'bench', ref: `source-${count}` },
      lines: [{ lineRef: '', points, rule: 'bench@1' }],
      maturesAt: null,
      expiresAt: `20${30 + (count % 60)}-01-01T00:00:00Z`,
      countsForLifetime: true,
    },
  }
}
const redeem = (account) => ({ verb: 'redeem', command: { ...move(account), points: 1_000n, ref: null } })

try {
  await dataSource.initialize()
  await migrate(dataSource, { log: silentLog })
  tell(await measure(await prepare()))
  const broken = (await verifyLedger(dataSource)).filter(({ violations }) => violations > 0)
  note(broken.length === 0 ? 'The books are lawful afterwards.' : `BROKEN: ${JSON.stringify(broken)}`)
} finally {
  await dataSource.destroy()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function prepare() {
  const [{ tenant_id: tenant }] = await dataSource.query(
    `insert into tenants (key, name, sandbox, time_zone, currency, identity_linking)
     values ('bench', 'Bench', true, 'UTC', 'USD', '{}') returning tenant_id`,
  )
  await dataSource.query(
    `insert into programs (tenant_id, program_id, key, title, is_default, points_decimals, rules)
     values ($1, 1, 'main', 'Main', true, 3, '{}')`,
    [tenant],
  )
  const members = await dataSource.query(
    `insert into members (tenant_id, status, joined_at) select $1, 'ACTIVE', now() from generate_series(1, $2) returning member_id`,
    [tenant, MEMBERS + 4],
  )
  await dataSource.query(
    'create table bench_row (id integer primary key, n bigint not null) with (fillfactor = 70)',
  )
  await dataSource.query('insert into bench_row select n, 0 from generate_series(1, $1) n', [MEMBERS])
  const wallets = members.map(({ member_id }) => ({
    tenantId: tenant,
    holder: { kind: 'MEMBER', id: member_id },
    programId: '1',
    currency: 'points',
  }))
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const [hot, few, many, spent, ...spread] = wallets
  for (let start = 0; start < spread.length; start += 50) {
    await ledger.bulk(spread.slice(start, start + 50).map((wallet) => award(wallet, 1_000_000n)))
  }
  await ledger.bulk(Array.from({ length: 5 }, () => award(few, 1_000_000_000n)))
  for (let n = 0; n < 100; n++)
    await ledger.bulk(Array.from({ length: 50 }, () => award(many, 1_000_000_000n)))
  for (let n = 0; n < 100; n++) await ledger.bulk(Array.from({ length: 50 }, () => award(spent)))
  await ledger.redeem({ ...redeem(spent).command, points: 5_000_000n })
  await ledger.bulk(Array.from({ length: 5 }, () => award(spent, 1_000_000_000n)))
  await ledger.bulk([award(hot, 1_000_000_000_000n)])
  await dataSource.query('vacuum analyze')
  await dataSource.query('checkpoint')
  pgbench('-i', '-s', '1', '-q')
  return { ledger, hot, few, many, spent, spread }
}

function pgbench(...words) {
  const { host, port, user, database } = server.connection
  return spawnSync('pgbench', [...words, '-h', host, '-p', String(port), '-U', user, database], {
    encoding: 'utf8',
  })
}

async function measure({ ledger, hot, few, many, spent, spread }) {
  const any = () => spread[Math.floor(Math.random() * spread.length)]
  const call = (one) => async () => {
    const { verb, command } = one()
    await ledger[verb](command)
    return 1
  }
  const coalescing = new CoalescingLedger(ledger)
  const update = { name: 'bench-update', text: 'update bench_row set n = n + 1 where id = $1' }
  const cells = {
    'pgbench -N': null,
    'update of one row': async () => {
      await poolOf(dataSource).query({ ...update, values: [1 + Math.floor(Math.random() * MEMBERS)] })
      return 1
    },
    'award, spread': call(() => award(any())),
    'award, one hot member': call(() => award(hot)),
    'award, one hot member, coalesced': [
      CLIENTS * 8,
      async () => {
        const { command } = award(hot)
        await coalescing.award(command)
        return 1
      },
    ],
    'redeem, spread': call(() => redeem(any())),
    'redeem, one hot member': call(() => redeem(hot)),
    'redeem, 5 open lots, one client': [1, call(() => redeem(few))],
    'redeem, 5,000 open lots, one client': [1, call(() => redeem(many))],
    'redeem, 5,000 spent lots, one client': [1, call(() => redeem(spent))],
    'award, one by one, two clients': [2, call(() => award(any()))],
    'award, bulk of 50, two clients': [
      2,
      async () => {
        await ledger.bulk(Array.from({ length: 50 }, () => award(any())))
        return 50
      },
    ],
  }
  const rates = Object.fromEntries(Object.keys(cells).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, cell] of Object.entries(cells)) {
      const [clients, work] = Array.isArray(cell) ? cell : [CLIENTS, cell]
      rates[name].push(work ? await rateOf(work, clients) : pgbenchRate())
      process.stderr.write('.')
    }
  }
  process.stderr.write('\n')
  return Object.fromEntries(
    Object.entries(rates).map(([name, each]) => [name, each.sort((a, b) => a - b)[1]]),
  )
}

// Each cell warms up first: a connection's first call of a function compiles it.
async function rateOf(work, clients) {
  await runFor(0.3, work, clients)
  return runFor(SECONDS, work, clients)
}

async function runFor(seconds, work, clients) {
  const end = performance.now() + seconds * 1000
  let done = 0
  const client = async () => {
    while (performance.now() < end) {
      // Not `done += await …`: that adds to what was done before the wait, and forgets the other clients.
      const more = await work()
      done += more
    }
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  return done / ((performance.now() - start) / 1000)
}

function pgbenchRate() {
  const { status, stdout } = pgbench(
    '-N',
    '-n',
    '-c',
    String(CLIENTS),
    '-j',
    '1',
    '-M',
    'prepared',
    '-T',
    String(SECONDS),
  )
  return status === 0 ? Number(/tps = ([\d.]+)/.exec(stdout)?.[1]) : NaN
}

function tell(rate) {
  if (process.env.BENCH_RATES) console.log(rate)
  const lines = [
    ['award, spread', 'pgbench -N', 0.3],
    ['redeem, spread', 'pgbench -N', 0.3],
    ['award, spread', 'update of one row', 0.12],
    ['redeem, spread', 'update of one row', 0.12],
    ['award, one hot member', 'award, spread', 0.3],
    ['redeem, one hot member', 'redeem, spread', 0.3],
    ['award, one hot member, coalesced', 'award, one hot member', 3],
    ['redeem, 5,000 open lots, one client', 'redeem, 5 open lots, one client', 1 / 1.5],
    ['redeem, 5,000 spent lots, one client', 'redeem, 5 open lots, one client', 1 / 1.5],
    ['award, bulk of 50, two clients', 'award, one by one, two clients', 4],
  ]
  for (const [one, other, bar] of lines) {
    const name = `${one} / ${other}`
    const ratio = rate[one] / rate[other]
    if (Number.isNaN(ratio)) leftOut(name, 'pgbench does not run here')
    else line(name, ratio, { atLeast: bar })
  }
}
