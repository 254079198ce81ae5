import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Replacing a function forgets its settings: transfers look their wallets up by key again, as 1760000020200 says why. */
export class LookUpWalletsOfTransfersAgain1760000074000 implements MigrationInterface {
  readonly name = 'LookUpWalletsOfTransfersAgain1760000074000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter function ledger_transfer_v1 set enable_seqscan = off`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter function ledger_transfer_v1 reset enable_seqscan`)
  }
}
