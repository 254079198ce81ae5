import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What an administrator's change was: why and in which request, what was in force before and after; and it stays. */
export class KeepAuditLog1760000060000 implements MigrationInterface {
  readonly name = 'KeepAuditLog1760000060000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table audit_log
        add column request_id  text check (length(request_id) <= 64),
        add column reason      text check (length(reason) <= 500),
        add column before_hash text check (before_hash ~ '^[0-9a-f]{64}$'),
        add column after_hash  text check (after_hash ~ '^[0-9a-f]{64}$')`)
    await runner.query(`
      create function audit_log_is_kept_v1() returns trigger language plpgsql as $$
      begin
        raise exception 'the audit log is only added to' using errcode = 'LP409';
      end $$`)
    await runner.query(`
      create trigger audit_log_is_kept before update or delete or truncate on audit_log
        for each statement execute function audit_log_is_kept_v1()`)
    await runner.query(`create index audit_log_of_tenant on audit_log (tenant_id, audit_id)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index audit_log_of_tenant`)
    await runner.query(`drop trigger audit_log_is_kept on audit_log`)
    await runner.query(`drop function audit_log_is_kept_v1()`)
    await runner.query(`
      alter table audit_log drop column request_id, drop column reason, drop column before_hash, drop column after_hash`)
  }
}
