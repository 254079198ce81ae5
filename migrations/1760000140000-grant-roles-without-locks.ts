import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Who may do what (1760000008000), changed only where it is not so yet. The first version enabled row security and made its
 * policies again at every migration, which takes each table of the ledger from everybody at work on it.
 */
export class GrantRolesWithoutLocks1760000140000 implements MigrationInterface {
  readonly name = 'GrantRolesWithoutLocks1760000140000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANTS)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function ledger_grant_roles_v2()')
  }
}

const LEDGER_TABLES = [
  'account',
  'entry',
  'lot',
  'allocation',
  'award_source',
  'reversal',
  'hold',
  'hold_lot',
  'idempotency',
]

const GRANTS = `
  create function ledger_grant_roles_v2() returns text language plpgsql as $$
  declare
    ledger text[] := array['${LEDGER_TABLES.join("','")}'];
    t record;
    f record;
  begin
    begin
      if not exists (select from pg_roles where rolname = 'loyalty_app') then create role loyalty_app; end if;
      if not exists (select from pg_roles where rolname = 'loyalty_reader') then create role loyalty_reader; end if;
    exception
      -- Another database of this server was faster.
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
      raise warning 'the roles loyalty_app and loyalty_reader are missing and may not be created by %: create them, then select ledger_grant_roles_v2()', current_user;
      return 'NO_ROLES';
    end;
    if not (has_schema_privilege('loyalty_app', 'public', 'usage')
            and has_schema_privilege('loyalty_reader', 'public', 'usage')) then
      grant usage on schema public to loyalty_app, loyalty_reader;
    end if;
    for t in select oid, relname as name, relkind as kind, relrowsecurity as secured, relname = any (ledger) as ledger
               from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S') loop
      if t.kind = 'S' then
        if not (has_sequence_privilege('loyalty_app', t.oid, 'usage')
                and has_sequence_privilege('loyalty_app', t.oid, 'select')) then
          execute format('grant usage, select on sequence %I to loyalty_app', t.name);
        end if;
        continue;
      end if;
      if not t.ledger then
        if not (has_table_privilege('loyalty_app', t.oid, 'select') and has_table_privilege('loyalty_app', t.oid, 'insert')
                and has_table_privilege('loyalty_app', t.oid, 'update')
                and has_table_privilege('loyalty_app', t.oid, 'delete')) then
          execute format('grant select, insert, update, delete on %I to loyalty_app', t.name);
        end if;
        continue;
      end if;
      -- Any of them.
      if has_table_privilege('loyalty_app', t.oid, 'insert, update, delete, truncate') then
        execute format('revoke insert, update, delete, truncate on %I from loyalty_app', t.name);
      end if;
      if not (has_table_privilege('loyalty_app', t.oid, 'select')
              and has_table_privilege('loyalty_reader', t.oid, 'select')) then
        execute format('grant select on %I to loyalty_app, loyalty_reader', t.name);
      end if;
      if not t.secured then execute format('alter table %I enable row level security', t.name); end if;
      -- Unset or empty: null, which equals no tenant.
      if not exists (select from pg_policy where polrelid = t.oid and polname = 'one_tenant') then
        execute format('create policy one_tenant on %I for select to loyalty_reader
                          using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::integer)', t.name);
      end if;
      if not exists (select from pg_policy where polrelid = t.oid and polname = 'whole') then
        execute format('create policy whole on %I for select to loyalty_app using (true)', t.name);
      end if;
    end loop;
    for f in select oid, oid::regprocedure as signature, prosecdef from pg_proc
              where pronamespace = 'public'::regnamespace and proname ~ '^ledger_.*_v[0-9]+$' loop
      if has_function_privilege('public', f.oid, 'execute') then
        execute format('revoke execute on function %s from public', f.signature);
      end if;
      -- Only the verbs, which run as their owner; their parts stay inside.
      if f.prosecdef and not has_function_privilege('loyalty_app', f.oid, 'execute') then
        execute format('grant execute on function %s to loyalty_app', f.signature);
      end if;
    end loop;
    return 'GRANTED';
  end $$`
