import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'
import type { AccountKey } from './ledger'

export const SCHEDULE_STEPS = ['week', 'month', 'quarter', 'year'] as const
export type ScheduleStep = (typeof SCHEDULE_STEPS)[number]

/** Balances at a moment gone by, as the journal has them. */
export interface PastBalance {
  readonly available: Points
  readonly pending: Points
  readonly held: Points
}

/** What lapses, or matures, in one calendar step of the tenant's zone; weeks begin on Monday. */
export interface ScheduledPoints {
  /** The first moment of the step. */
  readonly from: Instant
  readonly points: Points
}

/** Wallets before and after now. One statement each, whatever the number of keys; answers aligned with the keys. */
export interface WalletOutlook {
  /** Null where the wallet had no entry yet. */
  asOf(keys: readonly AccountKey[], at: Instant): Promise<readonly (PastBalance | null)[]>
  /** What will lapse unless it is spent, soonest first; what is reserved cannot. */
  expiries(
    keys: readonly AccountKey[],
    step: ScheduleStep,
    timeZone: string,
    now: Instant | null,
  ): Promise<readonly (readonly ScheduledPoints[])[]>
  /** What is pending and becomes spendable, soonest first. */
  maturities(
    keys: readonly AccountKey[],
    step: ScheduleStep,
    timeZone: string,
    now: Instant | null,
  ): Promise<readonly (readonly ScheduledPoints[])[]>
}
