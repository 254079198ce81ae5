import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { aLedgerWorld, anAward } from '../support/ledger-world'
import { testDatabase, type TestDatabase } from '../support/database'

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  for (let tenants = 0; tenants < 2; tenants++) {
    const world = await aLedgerWorld(database.dataSource)
    await new PostgresPointsLedger(pooled(database.dataSource)).award(anAward(await world.aWallet(), '10'))
  }
})
afterAll(() => database.close())

/** Runs statements as a role, in a transaction that is rolled back; answers with the last one's rows, or its SQLSTATE. */
async function as(role: string, ...statements: readonly string[]): Promise<unknown> {
  const runner = database.dataSource.createQueryRunner()
  await runner.startTransaction()
  try {
    await runner.query(`set local role ${role}`)
    let rows: unknown
    for (const statement of statements) rows = await runner.query(statement)
    return rows
  } catch (error) {
    return (error as { code?: string }).code
  } finally {
    await runner.rollbackTransaction()
    await runner.release()
  }
}

const FORBIDDEN = '42501'

describe('the roles of the database', () => {
  it('let the application call the verbs and read, but not write the books', async () => {
    expect(await as('loyalty_app', 'select count(*)::integer as n from entry')).toEqual([{ n: 2 }])
    expect(await as('loyalty_app', 'select ledger_sweep_v1(10, null, null) as swept')).toEqual([{ swept: 0 }])
    for (const table of [
      'account',
      'entry',
      'lot',
      'allocation',
      'award_source',
      'hold',
      'idempotency',
      'reversal',
    ]) {
      expect([table, await as('loyalty_app', `delete from ${table}`)]).toEqual([table, FORBIDDEN])
      expect([table, await as('loyalty_app', `insert into ${table} (tenant_id) values (1)`)]).toEqual([
        table,
        FORBIDDEN,
      ])
    }
    expect(await as('loyalty_app', 'update account set available = 1000000')).toBe(FORBIDDEN)
    expect(await as('loyalty_app', 'select ledger_save_v1(a) from account a')).toBe(FORBIDDEN)
  })

  it('show a reader one tenant, and none when nobody said which', async () => {
    const count = 'select count(*)::integer as n from entry'
    const [tenant] = await database.dataSource.query<{ id: number }[]>(
      'select min(tenant_id) as id from tenants',
    )
    expect(await as('loyalty_reader', count)).toEqual([{ n: 0 }])
    expect(await as('loyalty_reader', `set local app.tenant = '${tenant!.id}'`, count)).toEqual([{ n: 1 }])
    expect(await as('loyalty_reader', `set local app.tenant = ''`, count)).toEqual([{ n: 0 }])
    expect(await as('loyalty_reader', `delete from entry`)).toBe(FORBIDDEN)
    expect(await as('loyalty_reader', `select * from members`)).toBe(FORBIDDEN)
  })
})
