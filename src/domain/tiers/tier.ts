import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Amount } from '../shared/money'
import type { Decimal } from '../shared/decimal'
import type { MemberId, ProgramId, TenantId, TierId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { LocalDate } from '../shared/local-date'
import type { Points } from '../shared/points'
import type { TierPlan, WindowedStanding } from './plan-tier'
import type { StandingDay, TierWindow } from './tier-window'

/** A level of membership. Any threshold reached is enough; a tier without thresholds is everybody's. */
export interface Tier {
  readonly id: TierId
  readonly programId: ProgramId
  /** 1 is the lowest. */
  readonly rank: number
  readonly name: string
  readonly minLifetimePoints: Points | null
  readonly minSpend: Amount | null
  /** Of the program's period; null in a program that has none. */
  readonly minPeriodPoints: Points | null
  readonly minPeriodSpend: Amount | null
  /** Replaces the program's ratio for orders. */
  readonly purchaseRatio: Decimal | null
}

export type WindowedProgram = Pick<Program, 'id'> & { readonly tierWindow: TierWindow }

export interface LockedStanding extends WindowedStanding {
  readonly tierId: TierId | null
  readonly on: LocalDate | null
  /** In the tenant's zone. */
  readonly today: LocalDate
}

/** How a member stands in a period today, and what the clock alone will bring. */
export interface PeriodStanding {
  readonly memberId: MemberId
  readonly days: readonly StandingDay[]
  readonly today: LocalDate
  /** The first change to come; null: none. */
  readonly next: { readonly at: Instant; readonly tierId: TierId | null } | null
}

export interface TierStore {
  /** Tiers by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly TierId[]): Promise<readonly Tier[]>
  /**
   * What tiers with a window look at. Locks the member's wallet and then the membership until commit, moves the tier as
   * the clock alone has since, and adds spend: to the membership unless a booking of this transaction has added it
   * there, and to today, or taken off the latest days. Throws InvalidAmount when the sum is more than can be kept.
   */
  lockStanding(
    tenant: Tenant,
    member: MemberId,
    program: WindowedProgram,
    spend: { readonly amount: Amount; readonly isCounted: boolean },
  ): Promise<LockedStanding>
  /** Puts a member into a tier, and notes what the clock alone will bring; the standing must be locked. */
  place(tenant: Tenant, member: MemberId, program: ProgramId, plan: TierPlan): Promise<void>
  /** What counts today for each of some members; members who have nothing yet are left out. One statement. */
  periodStandings(
    tenant: Tenant,
    program: WindowedProgram,
    members: readonly MemberId[],
  ): Promise<readonly PeriodStanding[]>
  /** The next members, so many at most, of some program whose tiers have changed; null when all have been judged since. */
  nextReview(limit: number): Promise<TierReview | null>
  /** These members have been judged. Means nothing when the tiers have changed again meanwhile. */
  reviewed(review: TierReview): Promise<void>
}

/** Members who are to be judged by the tiers that their program has now. */
export interface TierReview {
  readonly tenantId: TenantId
  readonly programId: ProgramId
  /** Which change of the tiers it is about. */
  readonly round: number
  /** In the order of their numbers; none: the review is at its end. */
  readonly members: readonly MemberId[]
}
