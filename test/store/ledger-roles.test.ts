import type { DataSource } from 'typeorm'
import { points } from '../../src/domain/shared/points'
import { asApplication } from '../../src/persistence/application-role'
import { silentLog } from '../../src/persistence/log'
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

/** Connections as a server makes them when it has found its database. */
async function application(): Promise<DataSource> {
  const how = { log: silentLog, applicationName: 'test', poolSize: 1 }
  return asApplication(await database.another(), database.target, how)
}

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

  it('bind the connections of a running application, whose books nobody can rewrite through them', async () => {
    const connection = await application()
    const tell = (statement: string): Promise<unknown> =>
      connection.query(statement).catch((error: unknown) => (error as { code?: string }).code)
    expect(await tell('select current_user as who, session_user <> current_user as taken')).toEqual([
      { who: 'loyalty_app', taken: true },
    ])
    for (const statement of [
      'update entry set d_available = 1',
      'delete from entry',
      'truncate entry',
      'update account set available = available + 1',
      'insert into lot (tenant_id) values (1)',
      'delete from allocation',
      'alter table entry disable trigger all',
      'drop trigger append_only on entry',
      'create table mine (a integer)',
    ])
      expect([statement, await tell(statement)]).toEqual([statement, FORBIDDEN])
    await tell('reset role')
    expect(await tell('select current_user as who')).toEqual([{ who: 'loyalty_app' }])
    const world = await aLedgerWorld(database.dataSource)
    const wallet = await world.aWallet()
    expect(
      (await new PostgresPointsLedger(pooled(connection)).award(anAward(wallet, '3'))).balance,
    ).toMatchObject({ available: points('3') })
    await connection.destroy()
  })

  it('are done without where the user may not take them, and that is said', async () => {
    const warned: unknown[] = []
    const owner = await database.another()
    await owner.query('revoke select on entry from loyalty_app')
    const log = { ...silentLog, warn: (facts: object) => void warned.push(facts) }
    const served = await asApplication(owner, database.target, { log, applicationName: 'test' })
    expect(warned).toEqual([{ role: 'loyalty_app', obstacle: FORBIDDEN }])
    expect(served).toBe(owner)
    await owner.query('select ledger_grant_roles_v2()')
    await owner.destroy()
  })

  it('are put right by every migration, which takes no table for it where they are', async () => {
    const { dataSource } = database
    const rights = () =>
      dataSource.query(`
        select 'table' as kind, relname::text as name, array(select unnest(relacl)::text order by 1) as given, relrowsecurity as secured
          from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'S')
        union all select 'policy', polrelid::regclass || ' ' || polname, array[pg_get_expr(polqual, polrelid)], true from pg_policy
        union all select 'function', oid::regprocedure::text, array(select unnest(proacl)::text order by 1), prosecdef
          from pg_proc where proname ~ '^ledger_' order by 1, 2`)
    const before: unknown[] = await rights()
    expect(before.length).toBeGreaterThan(60)
    await dataSource.query(`
      alter table lot disable row level security; drop policy one_tenant on entry; drop policy whole on hold;
      revoke select on account from loyalty_reader; grant insert on allocation to loyalty_app;
      revoke delete on orders from loyalty_app; grant execute on function ledger_grant_roles_v2() to public;
      revoke execute on function ledger_sweep_v1 from loyalty_app`)
    expect(await rights()).not.toEqual(before)
    await dataSource.query('select ledger_grant_roles_v2()')
    expect(await rights()).toEqual(before)

    const reader = dataSource.createQueryRunner()
    await reader.startTransaction()
    await reader.query('select count(*) from account, entry, lot, orders')
    await dataSource.query(`begin; set local lock_timeout = '200ms'; select ledger_grant_roles_v2(); commit`)
    await reader.rollbackTransaction()
    await reader.release()
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
