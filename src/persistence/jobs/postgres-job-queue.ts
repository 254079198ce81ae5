import type { DataSource } from 'typeorm'
import type { TenantId } from '../../domain/shared/ids'
import type { Job, JobQueue, JobTurn, JobWorker, NewJob } from '../../domain/shared/job-queue'
import type { JsonObject } from '../../domain/shared/json'
import { type Connection, pooled } from '../sql'
import { runOnce } from '../unit-of-work'
import type { JobTraces } from './job-traces'

/** Jobs are rows, added in the caller's transaction. */
export class PostgresJobQueue implements JobQueue {
  constructor(
    private readonly connection: Connection,
    private readonly traces: JobTraces | null = null,
  ) {}

  async add(jobs: readonly NewJob[]): Promise<void> {
    const traceparent = this.traces?.traceparent()
    const traced = traceparent === undefined ? {} : { traceparent }
    await this.connection.sql.rows(ADD, [
      jobs.map(({ tenantId }) => tenantId),
      jobs.map(({ kind }) => kind),
      jobs.map(({ lane }) => lane),
      jobs.map(({ dedupKey }) => dedupKey),
      jobs.map(({ payload }) => JSON.stringify({ ...payload, ...traced })),
      jobs.map(({ maxAttempts }) => maxAttempts),
    ])
  }
}

/** What does the jobs of one kind, on the transaction that also completes them. */
export type JobHandler = (job: Job, connection: Connection) => Promise<void>

/** Does jobs. Any number of workers, in any number of processes, share the work. */
export class PostgresJobWorker implements JobWorker {
  constructor(
    private readonly dataSource: DataSource,
    private readonly handlers: Readonly<Record<string, JobHandler>>,
    private readonly traces: JobTraces | null = null,
  ) {}

  async work(): Promise<JobTurn> {
    const taken: { job: Job | null } = { job: null }
    try {
      await runOnce(this.dataSource, async (connection) => {
        const [row] = await connection.sql.rows<JobRow>(TAKE, [Object.keys(this.handlers)])
        if (!row) return
        const job = toJob(row)
        taken.job = job
        await this.traced(job, async () => {
          await this.handlers[row.kind]?.(job, connection)
          await connection.sql.rows(DONE, [row.tenant_id, row.job_id])
        })
      })
      return taken.job ? { outcome: 'done', job: taken.job } : { outcome: 'idle' }
    } catch (error) {
      // Without a job it was the database and not the work: whoever runs the worker waits and tries again.
      if (!taken.job) throw error
      return this.failed(taken.job, error)
    }
  }

  private traced(job: Job, work: () => Promise<void>): Promise<void> {
    const { traceparent } = job.payload
    if (!this.traces || typeof traceparent !== 'string') return work()
    const attributes = { 'job.id': job.id, 'job.kind': job.kind, 'job.attempts': String(job.attempts) }
    return this.traces.continued(traceparent, `job ${job.kind}`, attributes, work)
  }

  async revive(tenant: TenantId): Promise<number> {
    return replayDeadJobs(this.dataSource, { tenant, id: null })
  }

  /** Its effect was rolled back with it. Later tries wait longer: 2, 4, 8 … seconds, an hour at most. */
  private async failed(job: Job, error: unknown): Promise<JobTurn> {
    const text = (error instanceof Error ? error.message : String(error)).slice(0, 1_000)
    const seconds = Math.min(3_600, 2 ** (job.attempts + 1)) * (0.75 + Math.random() / 2)
    const rows = await pooled(this.dataSource).sql.rows<{ state: string }>(FAILED, [
      job.tenantId,
      job.id,
      text,
      seconds,
    ])
    return { outcome: rows[0]?.state === 'DEAD' ? 'dead' : 'failed', job, error }
  }
}

/** A job that was given up after its last attempt. */
export interface DeadJob {
  readonly id: string
  readonly tenant: string
  readonly kind: string
  readonly lane: string
  readonly attempts: number
  readonly error: string | null
  readonly finishedAt: string
}

/** Dead jobs of all tenants, those that died first before others; at most a thousand. */
export const deadJobs = (dataSource: DataSource): Promise<readonly DeadJob[]> =>
  pooled(dataSource).sql.rows<DeadJob>(DEAD, [])

/** Makes dead jobs ready again, with all their attempts: one by its id, those of a tenant, or all. Gives how many. */
export async function replayDeadJobs(
  dataSource: DataSource,
  { tenant, id }: { readonly tenant: TenantId | null; readonly id: string | null },
): Promise<number> {
  return (await pooled(dataSource).sql.rows(REVIVE, [tenant, id])).length
}

interface JobRow {
  readonly tenant_id: number
  readonly job_id: string
  readonly kind: string
  readonly lane: string
  readonly dedup_key: string | null
  readonly payload: JsonObject
  readonly attempts: number
  readonly max_attempts: number
}

const toJob = (row: JobRow): Job => ({
  id: row.job_id,
  tenantId: row.tenant_id as TenantId,
  kind: row.kind,
  lane: row.lane,
  dedupKey: row.dedup_key,
  payload: row.payload,
  attempts: row.attempts,
  maxAttempts: row.max_attempts,
})

const ADD = {
  name: 'jobs-add',
  text: `
    insert into job (tenant_id, kind, lane, dedup_key, payload, max_attempts)
    select t.tenant_id, t.kind, t.lane, t.dedup_key, t.payload::jsonb, t.max_attempts
      from unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[])
           with ordinality as t (tenant_id, kind, lane, dedup_key, payload, max_attempts, no)
     order by t.no
        on conflict (tenant_id, dedup_key) do nothing`,
}

const TAKE = { name: 'jobs-take', text: 'select * from job_take_v1($1)' }

const DONE = {
  name: 'jobs-done',
  text: `update job set state = 'DONE', finished_at = clock_timestamp() where tenant_id = $1 and job_id = $2`,
}

const FAILED = {
  name: 'jobs-failed',
  text: `
    update job set attempts = attempts + 1, last_error = $3,
           run_at = clock_timestamp() + make_interval(secs => $4),
           state = case when attempts + 1 >= max_attempts then 'DEAD' else 'READY' end,
           finished_at = case when attempts + 1 >= max_attempts then clock_timestamp() end
     where tenant_id = $1 and job_id = $2 and state = 'READY'
    returning state`,
}

const REVIVE = {
  name: 'jobs-revive',
  text: `
    update job set state = 'READY', attempts = 0, finished_at = null, run_at = clock_timestamp()
     where state = 'DEAD' and ($1::integer is null or tenant_id = $1) and ($2::bigint is null or job_id = $2)
    returning job_id`,
}

const DEAD = {
  name: 'jobs-dead',
  text: `
    select j.job_id as id, t.key as tenant, j.kind, j.lane, j.attempts, j.last_error as error, j.finished_at as "finishedAt"
      from job j join tenants t using (tenant_id)
     where j.state = 'DEAD' order by j.finished_at, j.job_id limit 1000`,
}
