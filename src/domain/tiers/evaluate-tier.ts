import { Decimal } from '../shared/decimal'
import { type Amount, toAmount, ZERO_AMOUNT } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Tier } from './tier'
import type { PeriodFigures } from './tier-window'

/** What tiers look at. */
export interface Standing {
  /** Earned less reversed. */
  readonly lifetime: Points
  readonly spend: Amount
  /** What counts today of a period, where the program's tiers look at one. */
  readonly period?: PeriodFigures | null
}

/** The highest tier of which any threshold is reached; null when there is none. Pure. */
export function tierReached(tiers: readonly Tier[], standing: Standing): Tier | null {
  return tiers.reduce<Tier | null>(
    (best, tier) => (reaches(tier, standing) && (!best || tier.rank > best.rank) ? tier : best),
    null,
  )
}

function reaches(tier: Tier, standing: Standing): boolean {
  const points = pointsMissing(tier, standing)
  const spend = spendMissing(tier, standing)
  return (points === null && spend === null) || points === 0n || (spend !== null && spend.isZero())
}

/** The next tier above, and what is missing to it: by points, and by money. Reaching either is enough. */
export interface TierProgress {
  readonly next: Tier
  /** To the nearer of two, where a tier can be reached by points of a lifetime and of a period; `spendMissing` likewise. */
  readonly pointsMissing: Points | null
  readonly spendMissing: Amount | null
}

/** Null at the top. Pure. */
export function progressToNextTier(
  tiers: readonly Tier[],
  current: Tier | null,
  standing: Standing,
): TierProgress | null {
  const next = tiers.find(({ rank }) => rank > (current?.rank ?? 0))
  if (!next) return null
  const spend = spendMissing(next, standing)
  return { next, pointsMissing: pointsMissing(next, standing), spendMissing: spend && toAmount(spend) }
}

/** To the nearest threshold of points; null when the tier has none. */
function pointsMissing(tier: Tier, { lifetime, period }: Standing): Points | null {
  const had = period?.points ?? ZERO_POINTS
  const missing = [
    ...(tier.minLifetimePoints === null ? [] : [tier.minLifetimePoints - lifetime]),
    ...(tier.minPeriodPoints === null ? [] : [tier.minPeriodPoints - had]),
  ]
  if (missing.length === 0) return null
  const least = missing.reduce((a, b) => (b < a ? b : a))
  return least > 0n ? (least as Points) : ZERO_POINTS
}

/** To the nearest threshold of money; null when the tier has none. */
function spendMissing(tier: Tier, { spend, period }: Standing): Decimal | null {
  const missing = [
    ...(tier.minSpend === null ? [] : [new Decimal(tier.minSpend).minus(spend)]),
    ...(tier.minPeriodSpend === null
      ? []
      : [new Decimal(tier.minPeriodSpend).minus(period?.spend ?? ZERO_AMOUNT)]),
  ]
  return missing.length === 0 ? null : Decimal.max(0, Decimal.min(...missing))
}
