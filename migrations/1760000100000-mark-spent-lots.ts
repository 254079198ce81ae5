import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * From where on lots of a wallet are open, so that an index of open lots, which each emptied lot must leave, is not needed:
 * decision 0052. What is new holds for every row as it is, and for functions that know nothing of it.
 */
export class MarkSpentLots1760000100000 implements MigrationInterface {
  readonly name = 'MarkSpentLots1760000100000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table account
        -- In the order of (expires_at, lot_no), nothing is left of any lot at or before these two.
        add column open_from_expiry timestamptz not null default '-infinity',
        add column open_from_lot bigint not null default 0`)
    await runner.query(`
      alter table lot
        -- Made before its points could be spent; never changes. True as well of lots whose maker did not say.
        add column delayed boolean not null default true`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table lot drop column delayed`)
    await runner.query(`alter table account drop column open_from_expiry, drop column open_from_lot`)
  }
}
