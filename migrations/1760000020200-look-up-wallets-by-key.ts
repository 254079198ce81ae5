import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A transfer locks its two wallets with one statement over a list of keys. How long the list is, PostgreSQL can only
 * guess, and with some thousand wallets it read them all instead of looking two up.
 */
export class LookUpWalletsByKey1760000020200 implements MigrationInterface {
  readonly name = 'LookUpWalletsByKey1760000020200'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter function ledger_transfer_v1 set enable_seqscan = off`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter function ledger_transfer_v1 reset enable_seqscan`)
  }
}
