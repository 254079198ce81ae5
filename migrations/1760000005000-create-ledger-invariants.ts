import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')

/** What must always hold of the ledger, as views that the tests and the running server share. */
export class CreateLedgerInvariants1760000005000 implements MigrationInterface {
  readonly name = 'CreateLedgerInvariants1760000005000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(readFileSync(join(FOLDER, 'invariants.v1.sql'), 'utf8'))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$
      declare v record;
      begin
        drop view ledger_invariants;
        for v in select viewname from pg_views where schemaname = current_schema() and viewname like 'ledger_invariant_i%'
        loop execute format('drop view %I', v.viewname); end loop;
      end $$`)
  }
}
