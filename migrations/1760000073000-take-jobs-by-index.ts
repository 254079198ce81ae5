import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The next job, by the index of what is ready and not by a plan for the table as it was last looked at: after a burst of
 * ten thousand jobs that planner read and sorted them all for each one that was taken.
 */
export class TakeJobsByIndex1760000073000 implements MigrationInterface {
  readonly name = 'TakeJobsByIndex1760000073000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- The first job of a lane; a lane whose first job waits or is under way waits with it. A dead job blocks nobody.
      create function job_take_v1(p_kinds text[]) returns setof job language plpgsql
      set enable_sort = off set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
      set enable_mergejoin = off as $$
      begin
        return query
          select j.* from job j
           where j.state = 'READY' and j.run_at <= clock_timestamp() and j.kind = any(p_kinds)
             and not exists (select from job e where e.tenant_id = j.tenant_id and e.lane = j.lane and e.state = 'READY'
                                and e.job_id < j.job_id)
           order by j.run_at, j.job_id limit 1
             for update skip locked;
      end $$`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function job_take_v1(text[])`)
  }
}
