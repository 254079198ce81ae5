import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { migrations } from '../../migrations'
import { silentLog } from '../../src/persistence/log'
import { migrate, undoMigration } from '../../src/persistence/schema-state'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { catalogOf } from '../support/catalog'
import { bars } from '../support/endurance-bars'
import { orders, traffic } from '../support/endurance-traffic'
import {
  applyEnduranceSetup,
  enduranceOn,
  type EnduranceWorld,
  openEndurance,
} from '../support/endurance-world'
import { fire, type Hit, percentile } from '../support/load'
import { aLedgerWorld, anAward } from '../support/ledger-world'
import { postgresTools } from '../support/postgres-tools'
import { runLoyalty, type ServerProcess, temporaryFolder } from '../support/server-process'

const { full, migrations: rounds, entries } = bars()

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (let close = closing.pop(); close; close = closing.pop()) await close()
}, 60_000)

/** Traffic through every door until it is stopped; gives what became of it. */
function underLoad(
  { url }: ServerProcess,
  prefix: string,
): {
  /** Resolves when so many are done. */
  until(answers: number): Promise<void>
  stop(): Promise<readonly Hit[]>
} {
  const hits: Hit[] = []
  let over = false
  const hit = (one: Hit): void => void hits.push(one)
  const clients = fire({ url, clients: 8, perSecond: 200, shots: traffic(prefix), until: () => over, hit })
  return {
    async until(answers) {
      while (hits.filter(({ status }) => status === 200).length < answers) await sleep(20)
    },
    async stop() {
      over = true
      await clients
      return hits
    },
  }
}

/** The orders among them that were acknowledged before an instant, as `performance.now()` counts. */
const acknowledged = (hits: readonly Hit[], before = Infinity): string[] =>
  hits.flatMap(({ status, shot, at, ms }) =>
    status === 200 && shot.door === 'annex' && shot.name && at + ms < before ? [shot.name] : [],
  )

const missing = async (world: Pick<EnduranceWorld, 'rows'>, names: readonly string[]): Promise<string[]> => {
  const found = await world.rows<{ name: string }>(
    'select order_key as name from orders where order_key = any($1)',
    [names],
  )
  const there = new Set(found.map(({ name }) => name))
  return names.filter((name) => !there.has(name))
}

/** A journal of at least so many entries besides, in a hundred wallets of a tenant of its own. */
async function awarded(dataSource: DataSource, count: number): Promise<void> {
  const ledger = new PostgresPointsLedger(pooled(dataSource))
  const world = await aLedgerWorld(dataSource)
  const wallets = await Promise.all(Array.from({ length: 100 }, () => world.aWallet()))
  for (let made = 0; made < count; made += 1_000)
    await ledger.bulk(
      Array.from({ length: 1_000 }, (_, n) => ({
        verb: 'award' as const,
        command: anAward(wallets[n % 100]!, '1'),
      })),
    )
}

/** What a next version could bring: a table, a column, a constraint and an index, on tables that are busy. */
class NextVersion1999999999999 implements MigrationInterface {
  readonly name = 'NextVersion1999999999999'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders add column next_note text check (length(next_note) < 9)')
    await runner.query('create index orders_by_next_note on orders (tenant_id, next_note)')
    await runner.query(
      'create table next_things (tenant_id integer primary key references tenants, what text)',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table next_things')
    await runner.query('alter table orders drop column next_note')
  }
}

/** Somebody looks at the orders in a transaction, and takes some time over it. */
async function heldTable(dataSource: DataSource): Promise<{ let(): Promise<void> }> {
  const reader = dataSource.createQueryRunner()
  await reader.startTransaction()
  await reader.query('select count(*) from orders')
  return {
    async let() {
      await reader.commitTransaction()
      await reader.release()
    },
  }
}

describe('a migration beside a server at work', () => {
  it('goes up, down and up again, waits for a long transaction, and nobody waits long for it', async () => {
    const world = await openEndurance()
    closing.push(() => world.close())
    const next = new DataSource({
      ...world.dataSource.options,
      migrations: [...migrations, NextVersion1999999999999],
    })
    await next.initialize()
    closing.push(() => next.destroy())
    const server = await world.start()
    await applyEnduranceSetup(server)
    const load = underLoad(server, 'migrate')
    await sleep(full ? 5_000 : 1_000)
    const began = performance.now()
    const catalogs = []
    const ready: unknown[] = []
    for (let round = 0; round < rounds; round++) {
      const held = round === 0 ? await heldTable(world.dataSource) : null
      const migrated = migrate(next, { log: silentLog })
      await sleep(held ? 1_800 : 0)
      await held?.let()
      expect(await migrated).toEqual(['NextVersion1999999999999'])
      await sleep(1_100)
      ready.push(await (await fetch(`${server.url}/readyz`)).json())
      catalogs.push(await catalogOf(world.dataSource))
      if (round < rounds - 1) await undoMigration(next, 'NextVersion1999999999999')
    }
    const ended = performance.now()
    await sleep(full ? 5_000 : 500)
    const hits = await load.stop()

    // The version before serves on with the newer schema.
    expect(ready).toEqual(
      ready.map(() => ({ ready: true, draining: false, database: 'ok', schema: 'ahead' })),
    )
    expect(
      hits
        .filter(({ status }) => status !== 200)
        .map(({ shot, status, body, at, ms }) => [shot.door, status, body, at - began, ms]),
    ).toEqual([])
    expect(await missing(world, acknowledged(hits))).toEqual([])
    for (const catalog of catalogs) expect(catalog).toEqual(catalogs[0])
    expect(catalogs[0]!.some(({ name }) => name === 'orders.next_note')).toBe(true)
    const during = hits.filter(({ at }) => at > began && at < ended).map(({ ms }) => ms)
    const before = hits.filter(({ at }) => at < began).map(({ ms }) => ms)
    if (full)
      process.stdout.write(
        `migrations: ${JSON.stringify({ rounds, requests: hits.length, p99Before: percentile(before, 99), p99: percentile(during, 99), longest: Math.max(...during) })}\n`,
      )
    // The reader held the table for 1.8 s; whoever comes behind the migration waits for its half second, and not for that.
    expect(Math.max(...during)).toBeLessThan(full ? 1_000 : 1_500)
    expect(await world.brokenLaws()).toEqual([])
  }, 300_000)
})

/** PostgreSQL reads `((a or b) or c)` back as `(a or b or c)`. */
const flat = (catalog: readonly Record<string, string>[]): string[] =>
  catalog.map(({ kind, name, is }) => `${kind} ${name} ${is!.replaceAll(/[()]/g, '')}`)

const tools = postgresTools()
const withTools = tools ? it : it.skip
const reason = tools ? tools.version : 'skipped: no whole PostgreSQL with pg_dump is installed'

describe(`a dump taken under load (${reason})`, () => {
  withTools(
    'restores into an empty server, keeps the laws, and is written to',
    async () => {
      const folder = temporaryFolder()
      closing.push(() => folder.remove())
      const [first, second] = [join(folder.path, 'first'), join(folder.path, 'second')]
      const [old, fresh] = await Promise.all([tools!.start(first), tools!.start(second)])
      closing.push(() => Promise.all([old.stop(), fresh.stop()]))
      const world = await enduranceOn(old.url)
      closing.push(() => world.close())
      const server = await world.start()
      await applyEnduranceSetup(server)
      await awarded(world.dataSource, entries)
      const load = underLoad(server, 'dump')
      await load.until(100)

      const began = performance.now()
      const dump = join(first, 'loyalty.dump')
      await old.run('pg_dump', ['-Fc', '-f', dump, 'postgres'])
      const dumped = performance.now()
      const hits = await load.stop()
      await old.run('pg_dumpall', ['--roles-only', '-f', join(first, 'roles.sql')])
      // The role of whoever restores is there already.
      await fresh.run('psql', ['-q', '-f', join(first, 'roles.sql'), 'postgres'])
      const restoring = performance.now()
      await fresh.run('pg_restore', ['--exit-on-error', '-d', 'postgres', dump])
      const restored = performance.now()

      const copy = await enduranceOn(fresh.url)
      closing.push(() => copy.close())
      expect(flat(await catalogOf(copy.dataSource))).toEqual(flat(await catalogOf(world.dataSource)))
      const before = acknowledged(hits, began)
      expect(before.length).toBeGreaterThan(10)
      expect(await missing(copy, before)).toEqual([])
      const verified = await runLoyalty(['verify-ledger'], copy.environment)
      expect([verified.code, verified.output]).toMatchObject([0, expect.any(String)])
      const again = await copy.start()
      const writes: Hit[] = []
      const make = orders('restored')
      await fire({
        url: again.url,
        clients: 1,
        shots: make,
        until: () => writes.length === 20,
        hit: (one) => writes.push(one),
      })
      expect(new Set(writes.map(({ status }) => status))).toEqual(new Set([200]))
      expect(await copy.brokenLaws()).toEqual([])
      if (full) {
        const facts = {
          entries,
          dumpMs: dumped - began,
          restoreMs: restored - restoring,
          requests: hits.length,
        }
        process.stdout.write(`dump and restore: ${JSON.stringify(facts)}\n`)
        expect(restored - restoring + dumped - began).toBeLessThan(30_000)
      }
    },
    300_000,
  )
})
