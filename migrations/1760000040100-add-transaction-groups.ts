import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The group whose wallet a bill's points are in, where a member buys for one. */
export class AddTransactionGroups1760000040100 implements MigrationInterface {
  readonly name = 'AddTransactionGroups1760000040100'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table transactions
        add column group_id bigint,
        add foreign key (tenant_id, group_id) references groups`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table transactions drop column group_id`)
  }
}
