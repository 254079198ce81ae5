import type { DataSource } from 'typeorm'

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

export const catalogOf = (dataSource: DataSource): Promise<Record<string, string>[]> =>
  dataSource.query(CATALOG)
