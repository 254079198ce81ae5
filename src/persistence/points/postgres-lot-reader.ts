import type { AccountKey } from '../../domain/points/ledger'
import type { LotReader, OpenLot } from '../../domain/points/lots'
import type { Instant } from '../../domain/shared/instant'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import { openLots } from './open-lots'

/** Open lots in PostgreSQL. */
export class PostgresLotReader implements LotReader {
  constructor(private readonly connection: Connection) {}

  async openLots(
    { tenantId, holder, programId, currency }: AccountKey,
    now: Instant | null,
  ): Promise<readonly OpenLot[]> {
    const kind = holder.kind === 'MEMBER' ? 'M' : 'G'
    const values = [tenantId, kind, holder.id, programId, currency, now]
    const rows = await this.connection.sql.rows<LotRow>(OPEN_LOTS, values)
    return rows.map(({ points, spendable, maturesAt, expiresAt, type, lineRef }) => ({
      points: pointsOf(points),
      maturesAt: spendable ? null : (maturesAt ?? 'unknown'),
      spendableFrom: maturesAt,
      expiresAt,
      source: type === null || lineRef === null ? null : { type, lineRef },
    }))
  }
}

interface LotRow {
  readonly points: string
  readonly spendable: boolean
  readonly maturesAt: Instant | null
  readonly expiresAt: Instant | null
  readonly type: string | null
  readonly lineRef: string | null
}

/** What is due but not yet settled counts as settled: lapsed lots are left out, those that matured are spendable. */
const OPEN_LOTS: Statement = {
  name: 'points-open-lots',
  text: `
    with clock as (select coalesce($6::timestamptz, clock_timestamp()) as at)
    select l.remaining as points,
           l.matured or l.matures_at <= clock.at as spendable,
           case when not l.matured then nullif(l.matures_at, 'infinity') end as "maturesAt",
           nullif(l.expires_at, 'infinity') as "expiresAt", s.source_type as type, s.line_ref as "lineRef"
      from clock
      join account a on a.tenant_id = $1 and a.holder_kind = $2 and a.holder_id = $3::bigint
       and a.program_id = $4::bigint and a.currency = $5
     cross join lateral (${openLots('a')}) l
      left join lot origin on origin.tenant_id = l.tenant_id and origin.account_id = l.account_id and origin.lot_no = l.of_lot
      left join award_source s on s.tenant_id = l.tenant_id and s.account_id = l.account_id
       and s.seq = coalesce(origin.seq, l.seq) and s.lot_no = coalesce(l.of_lot, l.lot_no)
     where l.expires_at > clock.at
     order by l.expires_at, l.lot_no`,
}
