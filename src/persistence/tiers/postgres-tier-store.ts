import { In } from 'typeorm'
import { movedNow } from '../../domain/points/wallet'
import type { Tenant } from '../../domain/programs/tenant'
import { InvalidAmount } from '../../domain/shared/errors'
import type { MemberId, ProgramId, TenantId, TierId } from '../../domain/shared/ids'
import { instantOf } from '../../domain/shared/instant'
import { beginningOf, type LocalDate, localDate } from '../../domain/shared/local-date'
import type { Amount } from '../../domain/shared/money'
import { present } from '../../domain/shared/present'
import type { TierPlan } from '../../domain/tiers/plan-tier'
import type {
  LockedStanding,
  PeriodStanding,
  Tier,
  TierReview,
  TierStore,
  WindowedProgram,
} from '../../domain/tiers/tier'
import type { StandingDay } from '../../domain/tiers/tier-window'
import { amountOf, pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import { sqlState, translated } from '../sql-errors'
import { TierRow } from './tier.row'

/** Tiers in PostgreSQL, and what memberships keep for those that look at a period. */
export class PostgresTierStore implements TierStore {
  constructor(private readonly connection: Connection) {}

  async findByIds(tenant: TenantId, ids: readonly TierId[]): Promise<readonly Tier[]> {
    const where = { tenantId: tenant, id: In([...ids]) }
    return this.connection.manager.find(TierRow, { where }).catch((error: unknown) => {
      throw translated(error)
    })
  }

  async lockStanding(
    tenant: Tenant,
    member: MemberId,
    { id, tierWindow }: WindowedProgram,
    { amount, isCounted }: { readonly amount: Amount; readonly isCounted: boolean },
  ): Promise<LockedStanding> {
    const values = [
      ...[tenant.id, member, id, amount, isCounted, tierWindow.months],
      ...[movedNow(tenant), tenant.setup.timeZone],
    ]
    const [row] = await this.connection.sql
      .rows<StandingRow>(LOCK_STANDING, values)
      .catch((error: unknown) => {
        throw sqlState(error) === NUMERIC_VALUE_OUT_OF_RANGE ? new InvalidAmount('amount', amount) : error
      })
    const { tier_id, tier_on, spend, lifetime, today, days } = present(row, 'the standing')
    return {
      tierId: tier_id,
      on: tier_on,
      today,
      lifetime: pointsOf(lifetime),
      spend: amountOf(spend),
      days: days.map(toDay),
    }
  }

  async place(tenant: Tenant, member: MemberId, program: ProgramId, { now, steps }: TierPlan): Promise<void> {
    const coming = steps.map(({ at, tier, on }) => ({
      at: beginningOf(at, tenant.setup.timeZone),
      tier: tier?.id ?? null,
      on,
    }))
    const values = [tenant.id, member, program, now.tier?.id ?? null, now.on, JSON.stringify(coming)]
    await this.connection.sql.rows(PLACE, values)
  }

  async periodStandings(
    tenant: Tenant,
    { id, tierWindow }: WindowedProgram,
    members: readonly MemberId[],
  ): Promise<readonly PeriodStanding[]> {
    const now = tenant.time.now
    const { timeZone } = tenant.setup
    const today = localDate(now, timeZone)
    const values = [tenant.id, id, members, today, tierWindow.months, timeZone, movedNow(tenant)]
    const rows = await this.connection.sql.rows<PeriodRow>(PERIOD_STANDINGS, values)
    return rows.map(({ member_id, days, next }) => ({
      memberId: member_id,
      today,
      days: days.map(toDay),
      next: next && { at: instantOf(Date.parse(next.at)), tierId: next.tier },
    }))
  }

  async nextReview(limit: number): Promise<TierReview | null> {
    const [review] = await this.connection.sql.rows<TierReview>(NEXT_REVIEW, [limit])
    return review ?? null
  }

  async reviewed({ tenantId, programId, round, members }: TierReview): Promise<void> {
    const last = members.at(-1)
    if (last === undefined) await this.connection.sql.rows(REVIEW_ENDED, [tenantId, programId, round])
    else await this.connection.sql.rows(REVIEWED, [tenantId, programId, round, last])
  }
}

/** Any of them: one that fails, and is tried again and again, holds up no other. */
const NEXT_REVIEW: Statement = {
  name: 'tier-next-review',
  text: `
    select r.tenant_id as "tenantId", r.program_id as "programId", r.round,
           array(select m.member_id::text from memberships m
                  where m.tenant_id = r.tenant_id and m.member_id > r.after_member and m.program_id = r.program_id
                  order by m.member_id limit $1) as members
      from tier_reviews r order by random() limit 1`,
}

const REVIEWED: Statement = {
  name: 'tier-reviewed',
  text: `update tier_reviews set after_member = $4 where tenant_id = $1 and program_id = $2 and round = $3`,
}

const REVIEW_ENDED: Statement = {
  name: 'tier-review-ended',
  text: `delete from tier_reviews where tenant_id = $1 and program_id = $2 and round = $3`,
}

const NUMERIC_VALUE_OUT_OF_RANGE = '22003'

interface DayJson {
  readonly day: LocalDate
  readonly points: string
  readonly spend: string
}

const toDay = ({ day, points, spend }: DayJson): StandingDay => ({
  day,
  points: pointsOf(points),
  spend: amountOf(spend),
})

interface StandingRow {
  readonly tier_id: TierId | null
  readonly tier_on: LocalDate | null
  readonly spend: string
  readonly lifetime: string
  readonly today: LocalDate
  readonly days: readonly DayJson[]
}

const LOCK_STANDING: Statement = {
  name: 'tier-lock-standing',
  text: 'select * from ledger_lock_standing_v1($1, $2, $3, $4, $5, $6, $7, $8)',
}

const PLACE: Statement = { name: 'tier-place', text: 'select ledger_place_v1($1, $2, $3, $4, $5, $6)' }

interface PeriodRow {
  readonly member_id: MemberId
  readonly days: readonly DayJson[]
  readonly next: { readonly at: string; readonly tier: TierId | null } | null
}

/** A step that only renews the keeping of a tier changes nothing for anyone. */
const PERIOD_STANDINGS: Statement = {
  name: 'tier-period-standings',
  text: `
    select m.member_id,
           (select coalesce(json_agg(json_build_object('day', d.day, 'points', d.points::text, 'spend', d.spend::text)), '[]')
              from ledger_standing_days_v1($1, m.member_id, $2, $4, $5, $6) d) as days,
           (select s from jsonb_array_elements(m.tier_steps) s
             where (s ->> 'at')::timestamptz > coalesce($7::timestamptz, clock_timestamp())
               and (s ->> 'tier')::bigint is distinct from tier_now_v1(m)
             order by (s ->> 'at')::timestamptz limit 1) as next
      from memberships m
     where m.tenant_id = $1 and m.program_id = $2 and m.member_id = any($3::bigint[])`,
}
