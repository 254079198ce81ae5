import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What was done under the names that callers gave their requests, where no wallet remembers it. */
export class CreateRequests1760000050100 implements MigrationInterface {
  readonly name = 'CreateRequests1760000050100'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table requests (
        tenant_id    integer not null references tenants,
        scope        text not null check (length(scope) between 1 and 200),
        key          text not null check (length(key) between 1 and 255),
        request_hash bytea not null check (length(request_hash) = 32),
        answer       jsonb not null,
        created_at   timestamptz not null default clock_timestamp(),
        primary key (tenant_id, scope, key)
      )`)
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table requests`)
  }
}
