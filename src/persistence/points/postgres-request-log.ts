import type { DoneRequest, RequestLog } from '../../domain/shared/request-log'
import type { TenantId } from '../../domain/shared/ids'
import type { Connection, Statement } from '../sql'

/** Requests by the names that their callers gave them. */
export class PostgresRequestLog implements RequestLog {
  constructor(private readonly connection: Connection) {}

  async claim(tenant: TenantId, scope: string, key: string): Promise<DoneRequest | null> {
    await this.connection.sql.rows(CLAIM, [tenant, scope, key])
    const [done] = await this.connection.sql.rows<DoneRequest>(FIND, [tenant, scope, key])
    return done ?? null
  }

  async add(tenant: TenantId, scope: string, key: string, { hash, answer }: DoneRequest): Promise<void> {
    await this.connection.sql.rows(ADD, [tenant, scope, key, hash, answer])
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
