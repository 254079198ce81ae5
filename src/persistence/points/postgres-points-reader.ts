import type { AccountKey, AccountStatement, PointsReader } from '../../domain/points/ledger'
import type { Lapse } from '../../domain/points/lapses'
import type { AccountId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { Points } from '../../domain/shared/points'
import { pointsOf } from '../columns'
import { keyOf } from './ledger-parameters'
import { openLots } from './open-lots'
import type { Connection, Statement } from '../sql'

/** Wallets as a verb would find them at this moment. Without locks. */
export class PostgresPointsReader implements PointsReader {
  constructor(private readonly connection: Connection) {}

  async statements(
    keys: readonly AccountKey[],
    now: Instant | null,
    timeZone: string,
  ): Promise<readonly (AccountStatement | null)[]> {
    const rows = await this.connection.sql.rows<StatementRow>(STATEMENTS, [
      keys.map(({ tenantId }) => tenantId),
      keys.map(({ holder }) => (holder.kind === 'MEMBER' ? 'M' : 'G')),
      keys.map(({ holder }) => holder.id),
      keys.map(({ programId }) => programId),
      keys.map(({ currency }) => currency),
      now,
      timeZone,
    ])
    const statements: (AccountStatement | null)[] = keys.map(() => null)
    for (const row of rows) statements[Number(row.ord) - 1] = toStatement(row)
    return statements
  }

  async earnedSince(key: AccountKey, from: Instant): Promise<Points> {
    const values = [...Object.values(keyOf(key)), from]
    const [row] = await this.connection.sql.rows<{ earned: string }>(EARNED_SINCE, values)
    return pointsOf(row?.earned ?? '0')
  }

  async lapses(key: AccountKey, from: Instant, to: Instant, now: Instant | null): Promise<readonly Lapse[]> {
    const rows = await this.connection.sql.rows<LapseRow>(LAPSES, [
      ...Object.values(keyOf(key)),
      from,
      to,
      now,
    ])
    return rows.map(({ at, toLapse, lapsed }) => ({
      at,
      toLapse: pointsOf(toLapse),
      lapsed: pointsOf(lapsed),
    }))
  }
}

const EARNED_SINCE: Statement = {
  name: 'points-earned-since',
  text: `
    select coalesce(sum(greatest(e.d_available, 0)), 0) as earned
      from account a
      join entry e on e.tenant_id = a.tenant_id and e.account_id = a.account_id and e.effective_at >= $6::timestamptz
     where a.tenant_id = $1 and a.holder_kind = $2 and a.holder_id = $3::bigint and a.program_id = $4::bigint
       and a.currency = $5
       and (e.kind = 'AWARD' and e.counts_for_lifetime or e.kind in ('MATURE', 'TRANSFER_IN', 'ADJUST'))`,
}

interface LapseRow {
  readonly at: Instant
  readonly toLapse: string
  readonly lapsed: string
}

/** What is past its expiry has lapsed, also where nobody has touched the wallet since. */
const LAPSES: Statement = {
  name: 'points-lapses',
  text: `
    select l.expires_at as at,
           coalesce(sum(l.remaining + l.reserved) filter (where l.expires_at > coalesce($8::timestamptz, clock_timestamp())), 0) as "toLapse",
           coalesce(sum(l.expired), 0)
             + coalesce(sum(l.remaining) filter (where l.expires_at <= coalesce($8::timestamptz, clock_timestamp())), 0) as lapsed
      from account a
      join lot l on l.tenant_id = a.tenant_id and l.account_id = a.account_id
     where a.tenant_id = $1 and a.holder_kind = $2 and a.holder_id = $3::bigint and a.program_id = $4::bigint
       and a.currency = $5 and l.expires_at between $6::timestamptz and $7::timestamptz and l.expires_at < 'infinity'
       and l.awarded > 0 and l.remaining + l.reserved + l.expired > 0
     group by l.expires_at order by l.expires_at`,
}

interface StatementRow {
  readonly ord: string
  readonly account_id: string
  readonly available: string
  readonly pending: string
  readonly held: string
  readonly lifetime_earned: string
  readonly lifetime_reversed: string
  readonly reversed_pending: string
  readonly redeemed: string
  readonly redeemed_on_rewards: string
  readonly expired: string
  readonly ytd_credited: string
  readonly ytd_debited: string
  readonly next_at: string | null
  readonly next_points: string | null
  readonly by_hand:
    | readonly {
        readonly kind: 'TRANSFER' | 'ADJUST'
        readonly actionId: number | null
        readonly credited: string
        readonly debited: string
      }[]
    | null
}

function toStatement(row: StatementRow): AccountStatement {
  const never = pointsOf(row.reversed_pending)
  const earned = (pointsOf(row.lifetime_earned) - never) as Points
  const reversed = (pointsOf(row.lifetime_reversed) - never) as Points
  return {
    accountId: row.account_id as AccountId,
    available: pointsOf(row.available),
    pending: pointsOf(row.pending),
    held: pointsOf(row.held),
    lifetime: (earned - reversed) as Points,
    earned,
    reversed,
    redeemed: pointsOf(row.redeemed),
    redeemedOnRewards: pointsOf(row.redeemed_on_rewards),
    expired: pointsOf(row.expired),
    byHand: (row.by_hand ?? []).map(({ credited, debited, ...sums }) => ({
      ...sums,
      credited: pointsOf(credited),
      debited: pointsOf(debited),
    })),
    yearToDateCredited: pointsOf(row.ytd_credited),
    yearToDateDebited: pointsOf(row.ytd_debited),
    nextExpiry:
      row.next_at === null || row.next_points === null
        ? null
        : { at: row.next_at as Instant, points: pointsOf(row.next_points) },
  }
}

/**
 * `due` is what settling would do now, for the few accounts where anything is due: maturing lots pay the debt in the
 * order in which they mature (`pay`), and what is past its expiry lapses. The others only look up their next expiry,
 * the first group of an index. Which of the two it is stands inside: a condition of the join is asked too late.
 */
const STATEMENTS: Statement = {
  name: 'points-statements',
  text: `
    with clock as (
      select t.at, extract(year from t.at at time zone $7)::integer as year
        from (select coalesce($6::timestamptz, clock_timestamp()) as at) t
    )
    select k.ord, a.account_id, a.held, a.lifetime_earned, a.lifetime_reversed, a.reversed_pending, a.redeemed, a.redeemed_on_rewards,
           a.available + coalesce(due.matured - due.lapsed_available, 0) as available,
           a.pending - coalesce(due.matured + due.lapsed_pending, 0) as pending,
           a.expired + coalesce(due.lapsed_available + due.lapsed_pending, 0) as expired,
           case when a.ytd_year = clock.year then a.ytd_credited else 0 end as ytd_credited,
           case when a.ytd_year = clock.year then a.ytd_debited else 0 end + coalesce(due.lapsed_this_year, 0) as ytd_debited,
           case when a.next_due_at <= clock.at then due.next_at else soonest.expires_at end as next_at,
           case when a.next_due_at <= clock.at then due.next_points else soonest.points end as next_points,
           hand.sums as by_hand
      from clock
     cross join unnest($1::integer[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
           with ordinality as k (tenant_id, holder_kind, holder_id, program_id, currency, ord)
      join account a on a.tenant_id = k.tenant_id and a.holder_kind = k.holder_kind and a.holder_id = k.holder_id
       and a.program_id = k.program_id and a.currency = k.currency
      left join lateral (
        select json_agg(json_build_object('kind', h.kind, 'actionId', h.action_id, 'credited', h.credited::text,
                                          'debited', h.debited::text)) as sums
          from (select case when e.kind = 'ADJUST' then 'ADJUST' else 'TRANSFER' end as kind, e.action_id,
                       sum(greatest(e.d_available, 0)) as credited, sum(greatest(-e.d_available, 0)) as debited
                  from entry e
                 where e.tenant_id = a.tenant_id and e.account_id = a.account_id
                   and e.kind in ('TRANSFER_IN', 'TRANSFER_OUT', 'ADJUST')
                 group by 1, 2) h
      ) hand on true
      left join lateral (
        select l.expires_at, sum(l.remaining) as points
          from (${openLots('a')}) l
         where l.expires_at < 'infinity' and a.next_due_at > clock.at
         group by l.expires_at order by l.expires_at limit 1
      ) soonest on true
      left join lateral (
        select coalesce(sum(o.remaining) filter (where o.matures), 0) as matured,
               coalesce(sum(o.remaining - o.pay) filter (where o.lapses and (o.matured or o.matures)), 0) as lapsed_available,
               coalesce(sum(o.remaining) filter (where o.lapses and not o.matured and not o.matures), 0) as lapsed_pending,
               coalesce(sum(o.remaining - o.pay) filter (where o.lapses
                 and extract(year from o.expires_at at time zone $7) = clock.year), 0) as lapsed_this_year,
               min(o.expires_at) filter (where o.lives) as next_at,
               sum(o.remaining - o.pay) filter (where o.lives and o.expires_at = o.soonest) as next_points
          from (
            select p.*, min(p.expires_at) filter (where p.lives) over () as soonest
              from (
                select q.*, not q.lapses and q.expires_at < 'infinity' and q.remaining > q.pay as lives
                  from (
                    select d.*, case when d.matures
                             then greatest(0, least(d.remaining, greatest(0, -a.available)
                                    - (sum(d.remaining) filter (where d.matures) over (order by d.matures_at, d.lot_no) - d.remaining)))
                             else 0 end as pay
                      from (
                        select l.lot_no, l.remaining, l.matured, l.matures_at, l.expires_at,
                               l.expires_at <= clock.at as lapses,
                               not l.matured and l.matures_at <= clock.at and l.matures_at < l.expires_at as matures
                          from (${openLots('a')}) l
                         where a.next_due_at <= clock.at
                      ) d
                  ) q
              ) p
          ) o
      ) due on true`,
}
