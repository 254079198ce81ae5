import { silentLog } from '../../src/persistence/log'
import { migrate } from '../../src/persistence/schema-state'
import { catalogOf } from '../support/catalog'
import { type TestDatabase, testDatabase } from '../support/database'

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
})
