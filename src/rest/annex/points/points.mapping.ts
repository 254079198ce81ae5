import type { Membership } from '../../../domain/members/member-store'
import type { AccountStatement } from '../../../domain/points/ledger'
import type { Program } from '../../../domain/programs/program'
import { Decimal } from '../../../domain/shared/decimal'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import { progressToNextTier } from '../../../domain/tiers/evaluate-tier'
import { JsonNumber, type Writable } from '../../shared/json'
import type { AnnexSettings } from '../settings'
import { toNumber, toPointsNumber, toTimestamp } from '../values'

export interface PointsOfMember {
  /** The id as the caller named the member. */
  readonly id: string
  readonly siteId: string
  readonly program: Program
  readonly settings: AnnexSettings
  readonly membership: Membership
  /** Null when the member never had a point. */
  readonly statement: AccountStatement | null
}

/**
 * The documented summary (seed 002, contract section 7): lifetime = available + used + expired, a debt counted as
 * negative available, what is pending or reserved outside it. The group's block and the earned points of a period
 * belong to switches that a site does not have yet.
 */
export function toMemberPoints({
  id,
  siteId,
  program,
  settings,
  membership,
  statement,
}: PointsOfMember): Writable {
  const { totalSpent, pointsToNextTier, spendToNextTier } = standingOf(program, membership, statement)
  return {
    siteId,
    id,
    availablePoints: toPointsNumber(spendableOf(statement)),
    usedPoints: toPointsNumber(sum(statement?.redeemed, statement?.reversed)),
    negativePoints: toPointsNumber(debtOf(statement)),
    expiredPoints: toPointsNumber(statement?.expired ?? ZERO_POINTS),
    lifetimePoints: toPointsNumber(earnedOf(statement)),
    holdPoints: toPointsNumber(sum(statement?.pending, statement?.held)),
    usedPointsOnReward: toPointsNumber(statement?.redeemedOnRewards ?? ZERO_POINTS),
    pointsToExpire: toPointsNumber(statement?.nextExpiry?.points ?? ZERO_POINTS),
    // Typed as an instant: absent when nothing lapses.
    pointsToExpireDate: statement?.nextExpiry ? toTimestamp(statement.nextExpiry.at) : undefined,
    pointsToNextTier,
    spendToNextTier,
    totalSpent,
    // The vendor's SAP connector reads this spelling.
    totalSpend: totalSpent,
    // No reward of a setup has a denomination.
    rewardDenomination: 0,
    creditsToCurrencyRatio: new JsonNumber((program.pointsToCurrency ?? ZERO).toFixed()),
    creditsToCurrencyValue: currencyValue(spendableOf(statement), program, settings),
    ytdCreditPoints: toPointsNumber(statement?.yearToDateCredited ?? ZERO_POINTS),
    ytdDebitPoints: toPointsNumber(statement?.yearToDateDebited ?? ZERO_POINTS),
    multiBucketsData: {},
    availableRedemptionPoints: toPointsNumber(spendableOf(statement)),
    usedRedemptionPoints: toPointsNumber(statement?.redeemed ?? ZERO_POINTS),
  }
}

type Figures = Pick<AccountStatement, 'available' | 'pending' | 'held' | 'earned'>

/** What can be spent: never below zero, a debt is shown apart. */
export const spendableOf = (statement: Figures | null): Points =>
  statement && statement.available > 0n ? statement.available : ZERO_POINTS

/** Everything ever credited that counts, without what is still pending or reserved; a return leaves it alone. */
export const earnedOf = (statement: Figures | null): Points =>
  statement ? ((statement.earned - statement.pending - statement.held) as Points) : ZERO_POINTS

const debtOf = (statement: Figures | null): Points =>
  statement && statement.available < 0n ? statement.available : ZERO_POINTS

const sum = (a: Points = ZERO_POINTS, b: Points = ZERO_POINTS): Points => (a + b) as Points

const ZERO = new Decimal(0)

function standingOf(program: Program, membership: Membership, statement: AccountStatement | null) {
  const current = program.tiers.find(({ id }) => id === membership.tierId) ?? null
  const standing = { lifetime: statement?.lifetime ?? ZERO_POINTS, spend: membership.spend }
  const progress = progressToNextTier(program.tiers, current, standing)
  return {
    totalSpent: toNumber(membership.spend),
    pointsToNextTier: toPointsNumber(progress?.pointsMissing ?? ZERO_POINTS),
    spendToNextTier: progress?.spendMissing ? toNumber(progress.spendMissing) : 0,
  }
}

/** A number by default; text with two decimals once the site fixes two (seed 002, creditsToCurrencyValue). */
function currencyValue(points: Points, { pointsToCurrency }: Program, settings: AnnexSettings): Writable {
  const value = new Decimal(formatPoints(points)).times(pointsToCurrency ?? ZERO)
  const decimals = settings.creditsToCurrencyDecimals
  if (decimals === null) return new JsonNumber(value.toFixed())
  const rounded = value.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP)
  return decimals === 2 ? rounded.toFixed(2) : new JsonNumber(rounded.toFixed())
}
