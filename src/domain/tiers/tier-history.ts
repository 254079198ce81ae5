import type { MemberId, ProgramId, TenantId, TierId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'

/**
 * Joined with it; a movement, or a change of the program, reached it or no longer reached more; the clock alone ended
 * what was there before.
 */
export const TIER_REASONS = ['JOINED', 'REACHED', 'NO_LONGER_REACHED', 'PERIOD_ENDED'] as const
export type TierReason = (typeof TIER_REASONS)[number]

/** A time during which a member had one tier, and the standing that brought it. */
export interface TierPeriod {
  readonly memberId: MemberId
  readonly programId: ProgramId
  /** Null: no tier. */
  readonly tierId: TierId | null
  readonly from: Instant
  /** Null: still. */
  readonly to: Instant | null
  /** Why it began; null: before reasons were kept. */
  readonly reason: TierReason | null
  /** Lifetime points and spend when it began. */
  readonly lifetime: Points
  readonly spend: Amount
}

export interface TierHistoryStore {
  /** Periods of members in a program, latest first for each; one statement. */
  periodsOf(
    tenant: TenantId,
    program: ProgramId,
    members: readonly MemberId[],
  ): Promise<readonly TierPeriod[]>
}
