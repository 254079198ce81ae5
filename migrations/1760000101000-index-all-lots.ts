import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Lots in the order in which they are spent, whether or not anything is left of them: no column of it ever changes. Every
 * lot is in it, but only who says `awarded > 0` is given it (sql/mark.v2.sql says why). Made beside those who write.
 */
export class IndexAllLots1760000101000 implements MigrationInterface {
  readonly name = 'IndexAllLots1760000101000'
  readonly transaction = false

  async up(runner: QueryRunner): Promise<void> {
    // What an attempt that was cut off has left is no index yet.
    await runner.query(`drop index concurrently if exists lot_by_expiry`)
    await runner.query(`
      create index concurrently lot_by_expiry on lot (tenant_id, account_id, expires_at, lot_no) where awarded > 0`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index lot_by_expiry`)
  }
}
