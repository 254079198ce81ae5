import type { TenantId } from '../../domain/shared/ids'
import type { Backlog } from '../../domain/shared/job-queue'
import type { Connection, Statement } from '../sql'

/** Counts what background work there is left to do for a tenant, at the tenant's time. */
export class PostgresBacklog implements Backlog {
  constructor(private readonly connection: Connection) {}

  async remaining(tenant: TenantId): Promise<number> {
    const [row] = await this.connection.sql.rows<{ remaining: string }>(REMAINING, [tenant])
    return Number(row?.remaining ?? 0)
  }
}

const REMAINING: Statement = {
  name: 'backlog',
  text: `select (select count(*) from job where tenant_id = $1 and state = 'READY')
      + (select count(*) from account a join tenants t using (tenant_id) where a.tenant_id = $1
          and a.next_due_at <= clock_timestamp() + t.clock_offset_ms * interval '1 millisecond') as remaining`,
}
