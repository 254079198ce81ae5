import type { Allowance, AllowanceKey, AllowanceStore } from '../../domain/points/allowance'
import type { TenantId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import { present } from '../../domain/shared/present'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'

/** What members have had from actions that have a limit or a cool-down. */
export class PostgresAllowanceStore implements AllowanceStore {
  constructor(private readonly connection: Connection) {}

  async lock(tenant: TenantId, { memberId, programId, actionId }: AllowanceKey): Promise<Allowance> {
    const rows = await this.connection.sql.rows<AllowanceRow>(LOCK, [tenant, memberId, programId, actionId])
    const { points, ...row } = present(rows[0], 'the allowance just locked')
    return { ...row, points: pointsOf(points) }
  }

  async save(tenant: TenantId, key: AllowanceKey, allowance: Allowance): Promise<void> {
    await this.connection.sql.rows(SAVE, [
      tenant,
      key.memberId,
      key.programId,
      key.actionId,
      allowance.periodStart,
      allowance.points.toString(),
      allowance.lastAt,
    ])
  }
}

interface AllowanceRow {
  readonly periodStart: Instant | null
  readonly points: string
  readonly lastAt: Instant | null
}

/** Makes the row on first touch. The no-op update locks it, and shows what a twin has committed meanwhile. */
const LOCK: Statement = {
  name: 'allowance_lock',
  text: `insert into action_allowances as a (tenant_id, member_id, program_id, action_id)
    values ($1, $2::bigint, $3::bigint, $4)
    on conflict (tenant_id, member_id, program_id, action_id) do update set points = a.points
    returning period_start as "periodStart", points, last_at as "lastAt"`,
}

const SAVE: Statement = {
  name: 'allowance_save',
  text: `update action_allowances set period_start = $5, points = $6::bigint, last_at = $7
    where tenant_id = $1 and member_id = $2::bigint and program_id = $3::bigint and action_id = $4`,
}
