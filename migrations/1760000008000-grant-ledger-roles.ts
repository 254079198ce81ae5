import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Who may do what, when the database's administrator uses roles: `loyalty_app` calls the ledger's functions and reads,
 * but cannot write its tables; `loyalty_reader` reads the rows of one tenant, the one of the setting app.tenant, and
 * nothing when it is unset. Whoever migrates owns the tables and functions. Roles belong to the whole server: where the
 * migrating user may not create them, they are left to the administrator, and running this again grants to them.
 */
export class GrantLedgerRoles1760000008000 implements MigrationInterface {
  readonly name = 'GrantLedgerRoles1760000008000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(GRANTS)
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      declare r text;
      begin
        foreach r in array array['loyalty_app', 'loyalty_reader'] loop
          if exists (select from pg_roles where rolname = r) then execute format('drop owned by %I', r); end if;
        end loop;
      end $$`)
    await runner.query(`drop function ledger_grant_roles_v1()`)
    for (const table of LEDGER_TABLES) {
      await runner.query(`drop policy if exists one_tenant on ${table}`)
      await runner.query(`alter table ${table} disable row level security`)
    }
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
  create function ledger_grant_roles_v1() returns text language plpgsql as $$
  declare
    ledger text[] := array['${LEDGER_TABLES.join("','")}'];
    t text;
    f record;
  begin
    begin
      if not exists (select from pg_roles where rolname = 'loyalty_app') then create role loyalty_app; end if;
      if not exists (select from pg_roles where rolname = 'loyalty_reader') then create role loyalty_reader; end if;
    exception
      -- Another database of this server was faster.
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
      raise warning 'the roles loyalty_app and loyalty_reader are missing and may not be created by %: create them, then select ledger_grant_roles_v1()', current_user;
      return 'NO_ROLES';
    end;
    grant usage on schema public to loyalty_app, loyalty_reader;
    grant select, insert, update, delete on all tables in schema public to loyalty_app;
    grant usage, select on all sequences in schema public to loyalty_app;
    foreach t in array ledger loop
      execute format('revoke insert, update, delete, truncate on %I from loyalty_app', t);
      execute format('grant select on %I to loyalty_reader', t);
      execute format('alter table %I enable row level security', t);
      execute format('drop policy if exists one_tenant on %I', t);
      execute format('drop policy if exists whole on %I', t);
      -- Unset or empty: null, which equals no tenant.
      execute format('create policy one_tenant on %I for select to loyalty_reader
                        using (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::integer)', t);
      execute format('create policy whole on %I for select to loyalty_app using (true)', t);
    end loop;
    for f in select oid::regprocedure as signature, prosecdef from pg_proc
              where pronamespace = 'public'::regnamespace and proname ~ '^ledger_.*_v[0-9]+$' loop
      execute format('revoke execute on function %s from public', f.signature);
      -- Only the verbs, which run as their owner; their parts stay inside.
      if f.prosecdef then execute format('grant execute on function %s to loyalty_app', f.signature); end if;
    end loop;
    return 'GRANTED';
  end $$`
