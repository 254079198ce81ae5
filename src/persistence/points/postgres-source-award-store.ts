import type { SourceAward, SourceAwardStore } from '../../domain/points/source-awards'
import type { AccountId, ProgramId, TenantId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'

/** What sources were awarded and what became of it. One statement, no locks. */
export class PostgresSourceAwardStore implements SourceAwardStore {
  constructor(private readonly connection: Connection) {}

  async bySources(tenant: TenantId, type: string, refs: readonly string[]): Promise<readonly SourceAward[]> {
    const rows = await this.connection.sql.rows<AwardRow>(BY_SOURCES, [tenant, type, refs])
    return rows.map(toSourceAward)
  }
}

interface AwardRow {
  readonly source_ref: string
  readonly line_ref: string
  readonly rule: string
  readonly account_id: string
  readonly program_id: string
  readonly awarded: string
  readonly reversed: string
  readonly lot_remaining: string
  readonly lot_used: string
  readonly lot_expired: string
  readonly lot_reversed: string
  readonly matured: boolean
  readonly expires_at: string
}

const toSourceAward = (row: AwardRow): SourceAward => ({
  sourceRef: row.source_ref,
  lineRef: row.line_ref,
  rule: row.rule,
  accountId: row.account_id as AccountId,
  programId: row.program_id as ProgramId,
  awarded: pointsOf(row.awarded),
  reversed: pointsOf(row.reversed),
  lot: {
    remaining: pointsOf(row.lot_remaining),
    used: pointsOf(row.lot_used),
    expired: pointsOf(row.lot_expired),
    reversed: pointsOf(row.lot_reversed),
    matured: row.matured,
    expiresAt: row.expires_at === 'infinity' ? null : (row.expires_at as Instant),
  },
})

export const BY_SOURCES: Statement = {
  name: 'awards-by-source',
  text: `
    select s.source_ref, s.line_ref, s.rule, s.account_id, a.program_id, s.awarded, s.reversed,
        l.remaining + l.reserved as lot_remaining, l.consumed + l.offset_debt as lot_used, l.expired as lot_expired,
        l.reversed as lot_reversed, l.matured, l.expires_at
      from award_source s
      join account a on a.tenant_id = s.tenant_id and a.account_id = s.account_id
      join lot l on l.tenant_id = s.tenant_id and l.account_id = s.account_id and l.lot_no = s.lot_no
     where s.tenant_id = $1 and s.source_type = $2 and s.source_ref = any($3::text[])
     order by s.source_ref, s.line_no`,
}
