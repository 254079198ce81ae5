import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What an OAuth client of a door may do, by group of resources; a group that is not named it may change. */
export class AddClientPermissions1760000040000 implements MigrationInterface {
  readonly name = 'AddClientPermissions1760000040000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table oauth_clients add column permissions jsonb not null default '{}'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table oauth_clients drop column permissions`)
  }
}
