import { silentLog } from '../../src/persistence/log'
import { migrate } from '../../src/persistence/schema-state'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { catalogOf } from '../support/catalog'
import { type TestDatabase, testDatabase } from '../support/database'
import { aLedgerWorld, anAward, aRedemption, assertLawful, at } from '../support/ledger-world'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

describe('the migrations', () => {
  it('can be taken back to nothing and done again, and make the same', async () => {
    const { dataSource } = database
    const before = await catalogOf(dataSource)
    expect(before.length).toBeGreaterThan(500)
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration({ transaction: 'each' })
    const left = (await catalogOf(dataSource)).filter(
      ({ name, is }) => !name!.startsWith('migrations') && !is!.includes('ON public.migrations '),
    )
    expect(left.map(({ kind, name }) => `${kind} ${name}`)).toEqual([])
    await migrate(dataSource, { log: silentLog })
    expect(await catalogOf(dataSource)).toEqual(before)
  }, 60_000)

  it('let wallets that are at work begin to mark what is spent', async () => {
    const { dataSource } = database
    const names = dataSource.migrations.map((migration) => migration.constructor.name)
    for (let left = names.length; left > names.indexOf('MarkSpentLots1760000100000'); left--)
      await dataSource.undoLastMigration({ transaction: 'each' })
    const world = await aLedgerWorld(dataSource)
    const other = await database.another()
    const ledger = new PostgresPointsLedger(pooled(other))
    const wallets = await Promise.all([1, 2, 3].map(() => world.aWallet()))
    for (const wallet of wallets) await ledger.award(anAward(wallet, '1000'))
    const work = { over: false, done: 0 }
    const workers = [1, 2, 3, 4, 5, 6].map(async (worker) => {
      for (let n = 0; !work.over; n++) {
        const wallet = wallets[(worker + n) % 3]!
        // Some lapse before all that was spent until then, so that the mark must move down again.
        const expiresAt = at(new Date(Date.UTC(2040 + ((worker * n) % 7), 0, 1)).toISOString())
        await ledger.award(anAward(wallet, '3', { expiresAt }))
        await ledger.redeem(aRedemption(wallet, '3'))
        const { seq } = await ledger.hold({ ...aRedemption(wallet, '2'), expiresAt: null })
        await ledger.release({ ...aRedemption(wallet, '2'), hold: seq! })
        work.done++
      }
    })
    const some = async (rounds: number) => {
      for (const until = work.done + rounds; work.done < until;)
        await Promise.race([Promise.all(workers), new Promise((resolve) => setTimeout(resolve, 10))])
    }
    await some(20)
    const ran = await migrate(dataSource, { log: silentLog })
    await some(50)
    work.over = true
    await Promise.all(workers)
    expect(ran.slice(0, 5)).toEqual([
      'MarkSpentLots1760000100000',
      'IndexAllLots1760000101000',
      'SpendFromTheMark1760000102000',
      'DropOpenLotsIndex1760000103000',
      'LetMarksMove1760000104000',
    ])
    await other.destroy()
    await expect(assertLawful(dataSource)).resolves.toBeUndefined()
    const marks = await dataSource.query<{ moved: boolean }[]>(
      `select open_from_expiry > '-infinity' as moved from account where tenant_id = $1`,
      [world.tenant],
    )
    expect(marks).toEqual([{ moved: true }, { moved: true }, { moved: true }])
  }, 60_000)
})
