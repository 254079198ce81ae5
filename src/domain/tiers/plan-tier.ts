import type { LocalDate } from '../shared/local-date'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'
import { tierReached } from './evaluate-tier'
import type { Tier } from './tier'
import { countedIn, keptUntil, type StandingDay, type TierWindow } from './tier-window'

/** All that tiers of a program with a window look at. */
export interface WindowedStanding {
  readonly lifetime: Points
  readonly spend: Amount
  readonly days: readonly StandingDay[]
}

export interface TierPlace {
  readonly tier: Tier | null
  /** The day that its keeping counts from; null: not known, or nothing is kept. */
  readonly on: LocalDate | null
}

/** What the clock alone will bring, at the beginning of a day. */
export interface TierStep extends TierPlace {
  readonly at: LocalDate
}

export interface TierPlan {
  readonly now: TierPlace
  /** In the order of days; they end where no day can change anything any more. */
  readonly steps: readonly TierStep[]
}

/**
 * The tier of a member today, and every change that will come by itself if nothing is earned or taken back. Upwards at
 * once. Downwards when the figures fall and the tier is not kept any more; at the end of keeping, a tier that the figures
 * still reach is kept again. What is taken back counts at once: a tier is kept only while what was earned by its day,
 * less what of it was taken back since, would still reach it. Pure.
 */
export function planTier(
  { tiers, window }: { readonly tiers: readonly Tier[]; readonly window: TierWindow },
  standing: WindowedStanding,
  was: TierPlace,
  today: LocalDate,
): TierPlan {
  const counted = countedIn(window, standing.days)
  const reachedOn = (day: LocalDate): Tier | null =>
    tierReached(tiers, { ...standing, period: counted.on(day) })
  const keeps = ({ tier, on }: TierPlace, day: LocalDate): boolean => {
    const end = on && keptUntil(window, on)
    return on !== null && end !== null && day < end && rankOf(reachedOn(on)) >= rankOf(tier)
  }
  const next = (place: TierPlace, day: LocalDate): TierPlace => {
    const reached = reachedOn(day)
    const stays = rankOf(reached) <= rankOf(place.tier) && keeps(place, day)
    return stays ? place : { tier: reached, on: window.keep === null ? null : day }
  }

  const now = next(was, today)
  const steps: TierStep[] = []
  let place = now
  let day = nextDay(window, counted.ends, place, today)
  while (day !== null) {
    const then = next(place, day)
    if (then.tier?.id !== place.tier?.id || then.on !== place.on) steps.push({ ...then, at: day })
    place = then
    day = nextDay(window, counted.ends, place, day)
  }
  return { now, steps }
}

const rankOf = (tier: Tier | null): number => tier?.rank ?? 0

/** The next day on which something stops counting or being kept; null when nothing does but keeping what is anyone's. */
function nextDay(
  window: TierWindow,
  ends: readonly LocalDate[],
  { on }: TierPlace,
  after: LocalDate,
): LocalDate | null {
  const coming = ends.filter((day) => day > after)
  const end = on && keptUntil(window, on)
  // Once nothing counts any more, one look at the end of keeping is the last.
  if (end !== null && end > after && (coming.length > 0 || ends.some((day) => day > (on as LocalDate))))
    coming.push(end)
  return coming.reduce<LocalDate | null>((first, day) => (first === null || day < first ? day : first), null)
}
