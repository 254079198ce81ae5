import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The law of jobs: none waits too long, and what is done has its effect. Dead ones have a metric of their own. */
export class AddJobInvariant1760000020100 implements MigrationInterface {
  readonly name = 'AddJobInvariant1760000020100'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create view ledger_invariant_i21 as -- No job waits longer than an alarm would, and a bill whose loyalty is done was awarded.
      select j.tenant_id, null::bigint as account_id, j.job_id::text as found
        from job j
       where j.state = 'READY' and j.run_at < clock_timestamp() - interval '15 minutes'
      union all
      select j.tenant_id, null, j.job_id::text
        from job j
        join transactions t on t.tenant_id = j.tenant_id and t.transaction_id = (j.payload ->> 'transactionId')::bigint
       where j.state = 'DONE' and j.kind = 'transaction.loyalty'
         and (j.payload -> 'earning' ->> 'awarded')::bigint > 0
         and not exists (select from award_source s where s.tenant_id = j.tenant_id and s.source_type = 'TRANSACTION'
                            and s.source_ref = t.transaction_id::text)`)
    const laws = await lawsOf(runner)
    await runner.query(
      `create or replace view ledger_invariants as ${laws.join(' union all ')}
       union all select 'I21', count(*) from ledger_invariant_i21`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    const others = (await lawsOf(runner)).filter((law) => !law.includes('ledger_invariant_i21'))
    await runner.query(`create or replace view ledger_invariants as ${others.join(' union all ')}`)
    await runner.query(`drop view ledger_invariant_i21`)
  }
}

async function lawsOf(runner: QueryRunner): Promise<readonly string[]> {
  const [view] = (await runner.query(`select pg_get_viewdef('ledger_invariants'::regclass) as text`)) as {
    readonly text: string
  }[]
  return (view?.text ?? '')
    .trim()
    .replace(/;$/, '')
    .split(/\s+UNION ALL\s+/)
}
