import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Work that outlives its request: committed with what was acknowledged, done exactly once, in order within a lane. */
export class CreateJobs1760000009000 implements MigrationInterface {
  readonly name = 'CreateJobs1760000009000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job (
        tenant_id    integer not null references tenants,
        job_id       bigint generated always as identity,
        kind         text not null check (length(kind) between 1 and 100),
        -- Jobs of one lane run in the order in which they came.
        lane         text not null check (length(lane) between 1 and 255),
        -- A second job with the same key is the same job.
        dedup_key    text check (length(dedup_key) between 1 and 255),
        payload      jsonb not null,
        state        text not null default 'READY' check (state in ('READY', 'DONE', 'DEAD')),
        run_at       timestamptz not null default clock_timestamp(),
        attempts     integer not null default 0 check (attempts >= 0),
        max_attempts integer not null check (max_attempts > 0),
        last_error   text,
        created_at   timestamptz not null default clock_timestamp(),
        finished_at  timestamptz,
        primary key (tenant_id, job_id),
        unique (tenant_id, dedup_key),
        check ((state = 'READY') = (finished_at is null))
      ) with (fillfactor = 80)`)
    await runner.query(`create index job_ready on job (run_at, job_id) where state = 'READY'`)
    await runner.query(`create index job_lane on job (tenant_id, lane, job_id) where state = 'READY'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table job`)
  }
}
