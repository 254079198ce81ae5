import {
  type DoneRequest,
  REQUEST_RETENTION_DAYS,
  type RequestHousekeeping,
  type RequestLog,
} from '../../domain/shared/request-log'
import type { TenantId } from '../../domain/shared/ids'
import type { Connection, Statement } from '../sql'

/** Requests by the names that their callers gave them. */
export class PostgresRequestLog implements RequestLog, RequestHousekeeping {
  constructor(private readonly connection: Connection) {}

  async claim(tenant: TenantId, scope: string, key: string): Promise<DoneRequest | null> {
    await this.connection.sql.rows(CLAIM, [tenant, scope, key])
    const [done] = await this.connection.sql.rows<DoneRequest>(FIND, [tenant, scope, key])
    return done ?? null
  }

  async add(tenant: TenantId, scope: string, key: string, { hash, answer }: DoneRequest): Promise<void> {
    await this.connection.sql.rows(ADD, [tenant, scope, key, hash, answer])
  }

  async prune(limit: number): Promise<number> {
    return (await this.connection.sql.rows(PRUNE, [REQUEST_RETENTION_DAYS, limit])).length
  }
}

const CLAIM: Statement = {
  name: 'request_claim',
  text: `select pg_advisory_xact_lock(hashtextextended('request:' || $2::text || ':' || $3::text, $1::bigint))`,
}
const FIND: Statement = {
  name: 'request_find',
  text: `select encode(request_hash, 'hex') as hash, answer from requests where tenant_id = $1 and scope = $2 and key = $3`,
}
const ADD: Statement = {
  name: 'request_add',
  text: `insert into requests (tenant_id, scope, key, request_hash, answer) values ($1, $2, $3, decode($4, 'hex'), $5)`,
}
/** What somebody else is forgetting at this moment is left to them. */
const PRUNE: Statement = {
  name: 'requests_prune',
  text: `
    with old as (
      select tenant_id, scope, key from requests where created_at < clock_timestamp() - $1::integer * interval '1 day'
       order by created_at limit $2 for update skip locked
    )
    delete from requests r using old
     where (r.tenant_id, r.scope, r.key) = (old.tenant_id, old.scope, old.key) returning 1 as gone`,
}
