import type { DataSource } from 'typeorm'
import { silentLog } from '../../src/persistence/log'
import { migrate } from '../../src/persistence/schema-state'
import { type TestDatabase, testDatabase } from '../support/database'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

/** Everything that migrations make, as PostgreSQL says it: columns, constraints, indexes, functions, triggers, grants. */
const CATALOG = `
  select 'column' as kind, table_name || '.' || column_name as name,
         concat_ws(' ', data_type, is_nullable, column_default, is_identity, generation_expression) as is
    from information_schema.columns where table_schema = 'public'
  union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
  union all select 'function', p.oid::regprocedure::text, pg_get_functiondef(p.oid)
    from pg_proc p where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
      -- An extension stays: another schema may use it.
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  union all select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    from pg_trigger where not tgisinternal
  union all select 'grant', relname, relacl::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
  order by 1, 2, 3`

const catalogOf = (dataSource: DataSource): Promise<Record<string, string>[]> => dataSource.query(CATALOG)

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
