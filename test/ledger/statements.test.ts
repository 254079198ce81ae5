import fc from 'fast-check'
import type { DataSource } from 'typeorm'
import type { AccountKey, LedgerCommand } from '../../src/domain/points/ledger'
import { PostgresLotReader } from '../../src/persistence/points/postgres-lot-reader'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { PostgresWalletOutlook } from '../../src/persistence/points/postgres-wallet-outlook'
import { createDataSource } from '../../src/persistence/data-source'
import { silentLog } from '../../src/persistence/log'
import { pooled, poolOf } from '../../src/persistence/sql'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import { anOperation, answerOf, Script } from '../support/ledger-operations'
import {
  aKey,
  aLedgerWorld,
  anAward,
  aRedemption,
  aReversal,
  at,
  type LedgerWorld,
} from '../support/ledger-world'

let database: TestDatabase
let dataSource: DataSource
let world: LedgerWorld
let ledger: PostgresPointsLedger

beforeAll(async () => {
  database = await testDatabase()
  dataSource = database.dataSource
  world = await aLedgerWorld(dataSource)
  ledger = new PostgresPointsLedger(pooled(dataSource))
})
afterAll(() => database.close())

/** A journal of so many entries in wallets of a hundred each, written by SQL with its guards off: only its size matters. */
async function load(entries: number): Promise<void> {
  const wallets = entries / 100
  await dataSource.transaction(async (manager) => {
    const run = (text: string) => manager.query(text)
    await run(`set local session_replication_role = replica; set local statement_timeout = 0`)
    await run(`insert into members (tenant_id, status, joined_at)
      select ${world.tenant}, 'ACTIVE', now() from generate_series(1, ${wallets})`)
    await run(`insert into account (tenant_id, holder_kind, holder_id, program_id, currency, available, lifetime_earned, version, last_lot_no)
      select tenant_id, 'M', member_id, ${world.program}, 'points', 100000, 100000, 100, 100 from members where tenant_id = ${world.tenant}`)
    // And as many again as a small program has, empty: so few as above may be read from end to end with good reason.
    await run(`insert into account (tenant_id, holder_kind, holder_id, program_id, currency)
      select ${world.tenant}, 'E', n, ${world.program}, 'empty' from generate_series(1, 20000) n`)
    await run(`insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, actor, occurred_at, effective_at)
      select tenant_id, account_id, n, 'AWARD', 1000, 0, 0, n * 1000, 'load', now(), now() from account, generate_series(1, 100) n where version > 0`)
    await run(`insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, matures_at, matured, expires_at)
      select tenant_id, account_id, n, n, 1000, 1000, now(), true, 'infinity' from account, generate_series(1, 100) n where version > 0`)
    await run(`insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no, awarded, counts_for_lifetime)
      select tenant_id, 'load', account_id || '-' || n, 1, '', 'load@1', account_id, n, n, 1000, true from account, generate_series(1, 100) n where version > 0`)
    await run(`insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
      select tenant_id, 'load', account_id || '-' || n, sha256(''), account_id, n, '{}' from account, generate_series(1, 100) n where version > 0`)
    for (const table of ['allocation', 'reversal'])
      await run(
        `insert into ${table} select tenant_id, account_id, n, n, 1 from account, generate_series(1, 100) n where version > 0`,
      )
    await run(`insert into hold (tenant_id, account_id, hold_seq, amount, captured, expires_at)
      select tenant_id, account_id, n, 1, 1, 'infinity' from account, generate_series(1, 100) n where version > 0`)
    await run(`insert into hold_lot (tenant_id, account_id, hold_seq, lot_no, reserved, captured)
      select tenant_id, account_id, n, n, 1, 1 from account, generate_series(1, 100) n where version > 0`)
    await run(`insert into outbox (tenant_id, topic, lane, payload)
      select tenant_id, 'points.award', account_id::text, '{}' from account, generate_series(1, 10) n where version > 0`)
  })
  await dataSource.query('set statement_timeout = 0; analyze')
}

/** Tables that were read from end to end since the last time. */
async function scanned(): Promise<readonly string[]> {
  await dataSource.query('select pg_stat_force_next_flush()')
  await dataSource.query('select pg_stat_clear_snapshot()')
  const rows = await dataSource.query<{ relname: string; seq_scan: string }[]>(
    `select relname, seq_scan from pg_stat_user_tables
      where relname in ('account', 'entry', 'lot', 'allocation', 'award_source', 'idempotency', 'hold', 'hold_lot', 'reversal', 'outbox')`,
  )
  const now = new Map(rows.map(({ relname, seq_scan }) => [relname, Number(seq_scan)]))
  const changed = [...now]
    .filter(([table, scans]) => scans > (before.get(table) ?? 0))
    .map(([table]) => table)
  before = now
  return changed
}
let before = new Map<string, number>()

/**
 * What work on a connection of its own does to lots: how many it reads, how many updates it makes, and how many of these
 * left page and indexes alone.
 */
async function lotsOf(
  work: (on: PostgresPointsLedger, one: DataSource) => Promise<unknown>,
  prepare: typeof work = async () => undefined,
): Promise<{ read: number; all: number; hot: number }> {
  const one = await connectionOfItsOwn()
  try {
    const told = async () => {
      await one.query('select pg_stat_force_next_flush()')
      const [row] = await one.query<{ read: number; all: number; hot: number }[]>(
        `select (seq_tup_read + idx_tup_fetch)::integer as read, n_tup_upd::integer as all, n_tup_hot_upd::integer as hot
           from pg_stat_user_tables where relname = 'lot'`,
      )
      return row!
    }
    const on = new PostgresPointsLedger(pooled(one))
    await prepare(on, one)
    const then = await told()
    await work(on, one)
    const after = await told()
    return { read: after.read - then.read, all: after.all - then.all, hot: after.hot - then.hot }
  } finally {
    await one.destroy()
  }
}

const connectionOfItsOwn = (): Promise<DataSource> =>
  createDataSource(database.target, {
    log: silentLog,
    applicationName: 'loyalty tests',
    poolSize: 1,
  }).initialize()

/** The plans of all statements that the work sends on a connection of its own, those inside functions and triggers too. */
async function plansOf(
  work: (on: PostgresPointsLedger, one: DataSource) => Promise<void>,
): Promise<readonly string[]> {
  const one = await connectionOfItsOwn()
  const plans: string[] = []
  try {
    await one.query(`load 'auto_explain'`)
    for (const [name, value] of [
      ['log_min_duration', '0'],
      ['log_nested_statements', 'on'],
      ['log_level', 'notice'],
    ])
      await one.query(`set auto_explain.${name} = ${value}`)
    const client = await poolOf(one).connect()
    client.on('notice', ({ message }) => void plans.push(message ?? ''))
    client.release()
    await work(new PostgresPointsLedger(pooled(one)), one)
    return plans
  } finally {
    await one.destroy()
  }
}

const everyVerb = async (
  wallet: AccountKey,
  other: AccountKey,
  n: number,
  on: PostgresPointsLedger,
): Promise<void> => {
  const key = (name: string) => ({ idempotency: aKey(`${name}-${n}`) })
  const award = anAward(wallet, '5', key('award'))
  await on.award(award)
  await on.award(award)
  await on.redeem(aRedemption(wallet, '2', key('redeem')))
  const { seq } = await on.hold({ ...aRedemption(wallet, '2', key('hold')), expiresAt: null })
  await on.capture({ ...aRedemption(wallet, '1', key('capture')), hold: seq! })
  await on.release({ ...aRedemption(wallet, '1', key('release')), hold: seq! })
  await on.transfer({
    ...aRedemption(wallet, '1', key('transfer')),
    to: other.holder,
    transferId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  })
  await on.reverse(aReversal(award, '1', key('reverse')))
  await on.adjust({
    ...aRedemption(wallet, '1', key('adjust')),
    beyond: 'refuse',
    maxDebt: aRedemption(wallet, '0').points,
    expiresAt: null,
  })
  const items = Array.from({ length: 20 }, (_, item): LedgerCommand =>
    item % 2
      ? // Some of them come twice.
        { verb: 'redeem', command: aRedemption(other, '1', key(`bulk-redeem-${item % 14}`)) }
      : { verb: 'award', command: anAward(other, '1', key(`bulk-${item}`)) },
  )
  await on.bulk([...items].sort((a, b) => a.verb.localeCompare(b.verb)))
}

/** Points mature, lapse, and lapse once more when a sweeper comes by. */
async function timePasses(wallet: AccountKey, on: PostgresPointsLedger): Promise<void> {
  await on.award(anAward(wallet, '5', { now: day(0), maturesAt: day(1), expiresAt: day(10) }))
  await on.award(anAward(wallet, '5', { now: day(0), maturesAt: day(5), expiresAt: day(40) }))
  await on.redeem(aRedemption(wallet, '1', { now: day(2) }))
  await on.redeem(aRedemption(wallet, '1', { now: day(20) }))
  expect(await on.sweep(1, day(50))).toBe(1)
}

/** What balances, lots and schedules are read with. */
async function everyRead(wallets: readonly AccountKey[], one: DataSource): Promise<void> {
  const reader = new PostgresPointsReader(pooled(one))
  const outlook = new PostgresWalletOutlook(pooled(one))
  const lots = new PostgresLotReader(pooled(one))
  for (const now of [null, day(400)]) {
    await reader.statements(wallets, now, 'UTC')
    await outlook.expiries(wallets, 'month', 'UTC', now)
    await outlook.maturities(wallets, 'month', 'UTC', now)
    for (const wallet of wallets) await lots.openLots(wallet, now)
  }
  await outlook.asOf(wallets, day(5))
  for (const wallet of wallets) {
    await reader.lapses(wallet, day(0), day(100), null)
    await reader.earnedSince(wallet, day(0))
  }
}

const day = (days: number) => at(new Date(Date.UTC(2030, 0, 1) + days * 86_400_000).toISOString())

describe('the verbs', () => {
  it(`and their readers read no table from end to end, however large it is (${bars().entries} entries)`, async () => {
    await load(bars().entries)
    const rows = await dataSource.query<{ holder_id: string }[]>(
      `select holder_id from account where tenant_id = $1 order by account_id limit 40`,
      [world.tenant],
    )
    const wallets = rows.map(({ holder_id: id }): AccountKey => ({
      tenantId: world.tenant,
      holder: { kind: 'MEMBER', id } as AccountKey['holder'],
      programId: world.program,
      currency: 'points',
    }))
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await scanned()
    // More often than a connection plans with the values that it was given.
    const round = async (from: number): Promise<readonly string[]> => {
      for (let n = 0; n < 40; n++) await everyVerb(wallets[n]!, wallets[(n + 1) % 40]!, from + n, ledger)
      await new Promise((resolve) => setTimeout(resolve, 1_100))
      return scanned()
    }
    // An idle connection tells of what it did before up to ten seconds late, but only once: the verbs scan again.
    const first = await round(1_000)
    expect(first.length === 0 ? first : await round(2_000)).toEqual([])
    const passing = await world.aWallet()
    const plans = await plansOf(async (on, one) => {
      await everyVerb(wallets[0]!, wallets[1]!, 40, on)
      await timePasses(passing, on)
      await everyRead([wallets[0]!, passing], one)
    })
    const nodes = plans.flatMap((plan) => [...plan.matchAll(/(\w[\w ]* Scan)(?: using (\w+))? on (\w+)/g)])
    const read = (table: string) => nodes.filter(([, , , name]) => name === table)
    const tables = [
      'account',
      'entry',
      'lot',
      'allocation',
      'award_source',
      'idempotency',
      'hold',
      'hold_lot',
    ]
    expect(nodes.filter(([, , , table]) => ['outbox', ...tables].includes(table!)).length).toBeGreaterThan(
      100,
    )
    for (const table of tables)
      expect([table, new Set(read(table).map(([, node]) => node!.trim().split(' ')[0]))]).not.toEqual([
        table,
        expect.objectContaining({ size: 0 }),
      ])
    expect(
      nodes
        .map(([node]) => node)
        .filter((node) => /^Seq Scan on (?!programs|tenants|members|groups)/.test(node)),
    ).toEqual([])
    // What is spent first, and what has matured, is found by an index of its own.
    const indexes = read('lot').map(([, , index]) => index)
    expect(indexes).toEqual(expect.arrayContaining(['lot_by_expiry', 'lot_by_maturity', 'lot_pkey']))
    const called = nodes
      .filter(([node]) => node.startsWith('Function Scan on ledger_'))
      .map(([, , , name]) => name)
    expect(called).toEqual(expect.arrayContaining(['ledger_award_together_v3', 'ledger_redeem_together_v3']))
  }, 600_000)

  it('rewrite lots in place, whether points are spent to the last, held, given back, taken back, mature or lapse', async () => {
    // A transaction of another test keeps dead rows, until pages are full. With more room only an index makes a cold update.
    if (!bars().alone) await dataSource.query('alter table lot set (fillfactor = 40)')
    const fresh = await aLedgerWorld(dataSource)
    const wallets = await Promise.all(Array.from({ length: 20 }, () => fresh.aWallet()))
    const script = new Script(wallets, 'in-place')
    const { all, hot } = await lotsOf(async (on) => {
      for (const operation of fc.sample(anOperation, { numRuns: 3_000, seed: 1 })) {
        const asked = script.next(operation)
        if (asked) script.learn(asked, (await answerOf(on, asked)).movement)
      }
    })
    // The mix is one that makes all of these, and often.
    const [of] = await dataSource.query<Record<string, number>[]>(
      `select count(*) filter (where remaining = 0 and consumed > 0)::integer as spent,
              count(*) filter (where matured and matures_at > l.awarded_at)::integer as matured,
              count(*) filter (where expired > 0)::integer as lapsed,
              count(*) filter (where reversed > 0)::integer as reversed,
              count(distinct h.lot_no)::integer as held
         from (select x.*, e.effective_at as awarded_at from lot x join entry e using (tenant_id, account_id, seq)) l
         left join hold_lot h using (tenant_id, account_id, lot_no) where l.tenant_id = $1`,
      [fresh.tenant],
    )
    expect(Object.entries(of!).filter(([, lots]) => lots < 50)).toEqual([])
    expect(all).toBeGreaterThan(2_000)
    expect(hot / all).toBeGreaterThanOrEqual(0.95)
  }, 120_000)

  it.each([
    ['could be spent at once', 0],
    ['waited to mature', 1],
  ])('read few lots of a wallet that has spent hundreds, of such that %s', async (_what, holdDays) => {
    const wallet = await world.aWallet()
    const award = (n: number, from: number): LedgerCommand => ({
      verb: 'award',
      command: anAward(wallet, '1', {
        now: day(from),
        maturesAt: holdDays === 0 ? null : day(from + holdDays),
        expiresAt: day(300 + from + n / 1_000),
      }),
    })
    const prepare = async (on: PostgresPointsLedger) => {
      for (let n = 0; n < 600; n += 50)
        await on.bulk(Array.from({ length: 50 }, (_, item) => award(n + item, 0)))
      await on.redeem(aRedemption(wallet, '600', { now: day(2) }))
      await on.bulk(Array.from({ length: 10 }, (_, n) => award(n, 2)))
      // The first of them looks behind what lapsed or was spent before; the others begin there.
      await on.redeem(aRedemption(wallet, '1', { now: day(4) }))
    }
    const { read } = await lotsOf(async (on, one) => {
      const move = { now: day(4) }
      await on.redeem(aRedemption(wallet, '1', move))
      await on.bulk(
        Array.from({ length: 2 }, () => ({ verb: 'redeem', command: aRedemption(wallet, '1', move) })),
      )
      const { seq } = await on.hold({ ...aRedemption(wallet, '1', move), expiresAt: null })
      await on.release({ ...aRedemption(wallet, '1', move), hold: seq! })
      const statements = await new PostgresPointsReader(pooled(one)).statements([wallet], day(4), 'UTC')
      expect(statements[0]!.available).toBe(6_000n)
      const outlook = new PostgresWalletOutlook(pooled(one))
      expect((await outlook.expiries([wallet], 'year', 'UTC', day(4)))[0]).toHaveLength(1)
      expect((await outlook.maturities([wallet], 'year', 'UTC', day(4)))[0]).toEqual([])
      expect(await new PostgresLotReader(pooled(one)).openLots(wallet, day(4))).toHaveLength(6)
      await on.award(anAward(wallet, '1', { now: day(4), maturesAt: day(5), expiresAt: day(400) }))
      await on.redeem(aRedemption(wallet, '2', { now: day(6) }))
    }, prepare)
    expect(read).toBeLessThan(150)
  })
})
