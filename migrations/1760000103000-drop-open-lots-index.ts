import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Lots that had to wait are found by when they mature, and no index names any more whether something is left of a lot.
 * Making one beside those who write waits for everyone who was at work before: afterwards each verb keeps the mark.
 */
export class DropOpenLotsIndex1760000103000 implements MigrationInterface {
  readonly name = 'DropOpenLotsIndex1760000103000'
  readonly transaction = false

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index concurrently if exists lot_by_maturity`)
    await runner.query(
      `create index concurrently lot_by_maturity on lot (tenant_id, account_id, matures_at) where delayed`,
    )
    await runner.query(`drop index concurrently if exists lot_open`)
    await runner.query(`drop index concurrently if exists lot_pending`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index lot_open on lot (tenant_id, account_id, expires_at, lot_no) where is_open`,
    )
    await runner.query(`create index lot_pending on lot (tenant_id, account_id, matures_at) where is_pending`)
    await runner.query(`drop index lot_by_maturity`)
  }
}
