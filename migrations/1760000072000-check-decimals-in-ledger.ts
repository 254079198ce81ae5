import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The ledger refuses points that are finer than the program's decimals itself, whoever calls it. */
export class CheckDecimalsInLedger1760000072000 implements MigrationInterface {
  readonly name = 'CheckDecimalsInLedger1760000072000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of NOW) await runner.query(read(file))
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const file of BEFORE) await runner.query(read(file))
    await runner.query(`
      drop function ledger_valid_points_v2(ledger_key_v1, bigint[], bigint);
      drop function ledger_fit_decimals_v2(ledger_key_v1, bigint[])`)
  }
}

const NOW = ['decimals.v2', 'award.v3', 'redeem.v3', 'bulk.v3', 'hold.v2', 'transfer.v2', 'adjust.v2']
const BEFORE = ['award.v2', 'redeem.v2', 'bulk.v2', 'hold.v1', 'transfer.v1', 'adjust.v1']

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')
