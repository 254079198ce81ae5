import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The verbs of the ledger, as the first release has them. A changed verb is a new version beside these. */
export class CreateLedgerFunctions1760000004000 implements MigrationInterface {
  readonly name = 'CreateLedgerFunctions1760000004000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of FILES) await runner.query(readFileSync(join(FOLDER, `${file}.v1.sql`), 'utf8'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      declare f record;
      begin
        for f in select oid::regprocedure as signature from pg_proc
                  where pronamespace = current_schema()::regnamespace and proname ~ '^ledger_.*_v1$'
        loop execute format('drop function %s cascade', f.signature); end loop;
      end $$`)
    await runner.query(`drop type ledger_outcome_v1, ledger_call_v1, ledger_key_v1`)
  }
}

// The same place from the sources and from `dist`, where the build copies the SQL.
const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')
const FILES = [
  'types',
  'outcome',
  'idempotency',
  'lock',
  'append',
  'settle',
  'take',
  'award',
  'redeem',
  'reverse',
  'guards',
  'forget-tenant',
]
