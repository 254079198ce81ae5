import { Decimal } from '../shared/decimal'
import { type Amount, toAmount } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Tier } from './tier'

/** What tiers look at. */
export interface Standing {
  /** Earned less reversed. */
  readonly lifetime: Points
  readonly spend: Amount
}

/** The highest tier of which any threshold is reached; null when there is none. Pure. */
export function tierReached(tiers: readonly Tier[], standing: Standing): Tier | null {
  return tiers.reduce<Tier | null>(
    (best, tier) => (reaches(tier, standing) && (!best || tier.rank > best.rank) ? tier : best),
    null,
  )
}

function reaches({ minLifetimePoints, minSpend }: Tier, { lifetime, spend }: Standing): boolean {
  if (minLifetimePoints === null && minSpend === null) return true
  return (
    (minLifetimePoints !== null && lifetime >= minLifetimePoints) ||
    (minSpend !== null && new Decimal(spend).gte(minSpend))
  )
}

/** The next tier above, and what is missing to it: by points, and by money. Reaching either is enough. */
export interface TierProgress {
  readonly next: Tier
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
  const { minLifetimePoints, minSpend } = next
  return {
    next,
    pointsMissing: minLifetimePoints === null ? null : atLeastZero(minLifetimePoints - standing.lifetime),
    spendMissing:
      minSpend === null ? null : toAmount(Decimal.max(0, new Decimal(minSpend).minus(standing.spend))),
  }
}

const atLeastZero = (value: bigint): Points => (value > 0n ? (value as Points) : ZERO_POINTS)
