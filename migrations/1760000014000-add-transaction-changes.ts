import type { MigrationInterface, QueryRunner } from 'typeorm'

/** When a transaction was last changed; null for one that is as it was added. */
export class AddTransactionChanges1760000014000 implements MigrationInterface {
  readonly name = 'AddTransactionChanges1760000014000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table transactions add column updated_at timestamptz`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table transactions drop column updated_at`)
  }
}
