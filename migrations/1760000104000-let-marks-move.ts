import type { MigrationInterface, QueryRunner } from 'typeorm'
import { MARKS_WAIT } from './1760000102000-spend-from-the-mark'

/** From here on the marks of wallets move with what is spent. */
export class LetMarksMove1760000104000 implements MigrationInterface {
  readonly name = 'LetMarksMove1760000104000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger mark_waits on account; drop function ledger_mark_waits_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(MARKS_WAIT)
    // The verbs of the version before know no marks.
    await runner.query(`update account set open_from_lot = 0 where open_from_expiry > '-infinity'`)
  }
}
