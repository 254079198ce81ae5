import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DataSource } from 'typeorm'
import type { AccountKey, Movement, RedeemCommand } from '../../src/domain/points/ledger'
import { Busy, Unavailable } from '../../src/domain/shared/errors'
import { points } from '../../src/domain/shared/points'
import { createDataSource } from '../../src/persistence/data-source'
import { runningPostmaster, socketFile } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { migrate } from '../../src/persistence/schema-state'
import type { Stores } from '../../src/domain/stores'
import { poolOf, pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import { type Fault, FaultProxy } from '../support/fault-proxy'
import { bars } from '../support/ledger-bars'
import {
  aKey,
  aLedgerWorld,
  anAward,
  aRedemption,
  assertLawful,
  type LedgerWorld,
} from '../support/ledger-world'

// A database of its own that forces everything to the disk, as in production: it will be killed.
let folder: string
let server: EmbeddedPostgres
let dataSource: DataSource
let ledger: PostgresPointsLedger
let world: LedgerWorld

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'loyalty-accidents-'))
  server = await startEmbeddedPostgres({ dataDir: folder, log: silentLog })
  dataSource = createDataSource(server.connection, {
    log: silentLog,
    applicationName: 'accidents',
    poolSize: 8,
  })
  await dataSource.initialize()
  await migrate(dataSource, { log: silentLog })
  ledger = new PostgresPointsLedger(pooled(dataSource))
  world = await aLedgerWorld(dataSource)
}, 60_000)
afterAll(async () => {
  await dataSource.destroy()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}, 60_000)
afterEach(() => assertLawful(dataSource))

const seqOf = async (key: string): Promise<string | null> => {
  const rows = await dataSource.query<{ seq: string }[]>(
    'select seq from idempotency where tenant_id = $1 and key = $2',
    [world.tenant, key],
  )
  return rows[0]?.seq ?? null
}

/** Sends a call until it is answered, with its own key, as a client does whose connection broke. */
async function insist(call: () => Promise<Movement>): Promise<Movement> {
  for (const end = Date.now() + 30_000; ;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Unavailable || error instanceof Busy) || Date.now() > end) throw error
      await sleep(50)
    }
  }
}

describe('when the application is killed', () => {
  it('has done what it acknowledged, and does the rest once when it is asked again', async () => {
    const wallets = await Promise.all([1, 2, 3].map(() => world.aWallet()))
    for (let kill = 0; kill < bars().kills; kill++) {
      const { sent, acknowledged } = await loadUntilKilled(wallets, `app-${kill}`)
      expect(acknowledged.size).toBeGreaterThan(50)
      for (const [key, seq] of acknowledged) expect([key, await seqOf(key)]).toEqual([key, seq])
      for (const [key, account] of sent) {
        const again = await ledger.award(
          anAward(account, '1', { idempotency: aKey(key), source: { type: 'child', ref: key } }),
        )
        expect(again.seq).toBe(acknowledged.get(key) ?? again.seq)
      }
      const effects = await dataSource.query<{ n: number }[]>(
        `select count(*)::integer as n from award_source where tenant_id = $1 and source_type = 'child' and source_ref like $2`,
        [world.tenant, `app-${kill}-%`],
      )
      expect(effects[0]!.n).toBe(sent.size)
    }
  }, 300_000)

  async function loadUntilKilled(wallets: readonly AccountKey[], prefix: string) {
    const child = spawn(
      process.execPath,
      [
        join(__dirname, '../support/ledger-child.cjs'),
        JSON.stringify(server.connection),
        JSON.stringify(wallets),
        prefix,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const sent = new Map<string, AccountKey>()
    const acknowledged = new Map<string, string>()
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      const fact = JSON.parse(line) as {
        sent?: string
        account?: AccountKey
        acknowledged?: string
        seq?: string
      }
      if (fact.sent) sent.set(fact.sent, fact.account!)
      if (fact.acknowledged) acknowledged.set(fact.acknowledged, fact.seq!)
      if (acknowledged.size > 200) child.kill('SIGKILL')
    })
    await Promise.all([once(child, 'exit'), once(lines, 'close')])
    return { sent, acknowledged }
  }
})

describe('when PostgreSQL is killed', () => {
  it('has kept what was acknowledged, is back within ten seconds, and did nothing twice', async () => {
    const wallets = await Promise.all([1, 2, 3, 4].map(() => world.aWallet()))
    const acknowledged = new Map<string, string | null>()
    const state = { running: true }
    const work = async (worker: number) => {
      for (let n = 0; state.running; n++) {
        const key = `postgres-${worker}-${n}`
        const award = anAward(wallets[(worker + n) % 4]!, '1', {
          idempotency: aKey(key),
          source: { type: 'kill', ref: key },
        })
        acknowledged.set(key, (await insist(() => ledger.award(award))).seq)
      }
    }
    const workers = Promise.all([0, 1, 2, 3].map(work)).finally(() => (state.running = false))
    for (let kill = 0; kill < bars().kills; kill++) {
      await sleep(700)
      const before = acknowledged.size
      const killed = Date.now()
      process.kill(runningPostmaster(join(folder, 'postgres'))!.pid, 'SIGKILL')
      while (state.running && acknowledged.size < before + 8) await sleep(20)
      expect(Date.now() - killed).toBeLessThan(10_000)
    }
    state.running = false
    await workers
    for (const [key, seq] of acknowledged) expect([key, await seqOf(key)]).toEqual([key, seq])
    const statements = await new PostgresPointsReader(pooled(dataSource)).statements(wallets, null, 'UTC')
    expect(statements.reduce((sum, statement) => sum + statement!.available, 0n)).toBe(
      BigInt(acknowledged.size) * 1_000n,
    )
  }, 300_000)

  it('forces to the disk what it confirms, which a kill cannot show', async () => {
    const settings = await dataSource.query(
      `select string_agg(name || '=' || setting, ' ' order by name) as found from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')`,
    )
    expect(settings).toEqual([{ found: 'fsync=on full_page_writes=on synchronous_commit=on' }])
  })
})

describe('when the connection breaks', () => {
  let proxy: FaultProxy
  let proxied: DataSource

  beforeAll(async () => {
    proxy = new FaultProxy(socketFile(server.connection.host), join(folder, '.s.PGSQL.5433'))
    await proxy.listen()
    proxied = createDataSource(
      { ...server.connection, host: folder, port: 5433 },
      { log: silentLog, applicationName: 'proxied', poolSize: 4 },
    )
    await proxied.initialize()
  })
  afterAll(async () => {
    await proxied.destroy()
    await proxy.close()
  })

  it.each<Fault>(['lose-reply', 'lose-request', 'fragment', 'delay'])(
    'does each call once, and the pool recovers (%s)',
    async (fault) => {
      const wallet = await world.aWallet()
      await ledger.award(anAward(wallet, '1000'))
      const harmed = new PostgresPointsLedger(pooled(proxied))
      for (let n = 0; n < bars().faults; n++) {
        const spend: RedeemCommand = aRedemption(wallet, '1', { idempotency: aKey(`${fault}-${n}`) })
        await insist(() =>
          harmed.redeem(aRedemption(wallet, '0.001', { idempotency: aKey(`warm-${fault}-${n}`) })),
        )
        proxy.fault = fault
        const answer = await insist(() => harmed.redeem(spend))
        proxy.fault = 'none'
        // Cut between commit and reply: the work was done, and the second attempt is told so.
        expect([fault, answer.replayed]).toEqual([fault, fault === 'lose-reply'])
      }
      const left = (await new PostgresPointsReader(pooled(dataSource)).statements([wallet], null, 'UTC'))[0]!
      expect(left.available).toBe(points(`${1000 - bars().faults}`) - BigInt(bars().faults))
      expect(poolOf(proxied).waitingCount).toBe(0)
      expect(poolOf(proxied).idleCount).toBe(poolOf(proxied).totalCount)
    },
    120_000,
  )

  it.each<Fault>(['stall', 'half-open'])(
    'never waits longer than a gateway would, and the pool is whole again within five seconds (%s)',
    async (fault) => {
      const wallet = await world.aWallet()
      await ledger.award(anAward(wallet, '100'))
      const harmed = new PostgresPointsLedger(pooled(proxied))
      const unitOfWork = createUnitOfWork(
        proxied,
        (connection) => ({ ledger: new PostgresPointsLedger(connection) }) as unknown as Stores,
      )
      const calls: Record<string, (spend: RedeemCommand) => Promise<Movement>> = {
        pool: (spend) => harmed.redeem(spend),
        transaction: (spend) => unitOfWork.run(({ ledger: inside }) => inside.redeem(spend)),
      }
      for (const [name, call] of Object.entries(calls)) {
        await insist(() => call(aRedemption(wallet, '0.001', { idempotency: aKey(`warm-${name}-${fault}`) })))
        const spend = aRedemption(wallet, '1', { idempotency: aKey(`${name}-${fault}`) })
        const began = Date.now()
        proxy.fault = fault
        await expect(call(spend)).rejects.toBeInstanceOf(Unavailable)
        expect(Date.now() - began).toBeLessThan(5_000)
        const told = Date.now()
        await insist(() => call(spend))
        expect(Date.now() - told).toBeLessThan(5_000)
      }
      const left = (await new PostgresPointsReader(pooled(dataSource)).statements([wallet], null, 'UTC'))[0]!
      expect(left.available).toBe(points('98') - 2n)
      expect(poolOf(proxied).waitingCount).toBe(0)
      expect(poolOf(proxied).idleCount).toBe(poolOf(proxied).totalCount)
    },
    60_000,
  )
})
