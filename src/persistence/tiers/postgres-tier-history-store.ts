import type { MemberId, ProgramId, TenantId, TierId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { TierHistoryStore, TierPeriod, TierReason } from '../../domain/tiers/tier-history'
import { amountOf, pointsOf } from '../columns'
import type { Connection } from '../sql'

/** Tiers as they were; the memberships themselves write the rows. */
export class PostgresTierHistoryStore implements TierHistoryStore {
  constructor(private readonly connection: Connection) {}

  async periodsOf(
    tenant: TenantId,
    program: ProgramId,
    members: readonly MemberId[],
  ): Promise<readonly TierPeriod[]> {
    const rows = await this.connection.sql.rows<PeriodRow>(PERIODS, [tenant, program, members])
    return rows.map((row) => ({
      memberId: row.member_id as MemberId,
      programId: program,
      tierId: row.tier_id as TierId | null,
      from: row.from_at as Instant,
      to: row.to_at as Instant | null,
      reason: row.reason,
      lifetime: pointsOf(row.lifetime),
      spend: amountOf(row.spend),
    }))
  }
}

interface PeriodRow {
  readonly member_id: string
  readonly tier_id: string | null
  readonly from_at: string
  readonly to_at: string | null
  readonly lifetime: string
  readonly spend: string
  readonly reason: TierReason | null
}

const PERIODS = {
  name: 'tier-periods',
  text: `
    select p.member_id, p.tier_id, lower(p.period) as from_at, upper(p.period) as to_at, p.lifetime, p.spend, p.reason
      from tier_period p
     where p.tenant_id = $1 and p.program_id = $2 and p.member_id = any($3::bigint[]) and not isempty(p.period)
     order by p.member_id, p.period desc`,
}
