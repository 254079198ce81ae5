import type { Membership } from '../../../domain/members/member-store'
import type { Group } from '../../../domain/members/group'
import type { EarningPeriod } from '../../../domain/points/earning-period'
import type { AccountStatement, HandMovements } from '../../../domain/points/ledger'
import type { Program } from '../../../domain/programs/program'
import { Decimal } from '../../../domain/shared/decimal'
import { earnedOf, spendableOf } from '../../../domain/points/wallet'
import { formatPoints, type Points, ZERO_POINTS } from '../../../domain/shared/points'
import { progressToNextTier } from '../../../domain/tiers/evaluate-tier'
import type { PeriodFigures } from '../../../domain/tiers/tier-window'
import { JsonNumber, type Writable } from '../../shared/json'
import type { AnnexSettings } from '../settings'
import { toNumber, toPointsNumber, toTimestamp } from '../values'
import type { Answer } from '../../shared/openapi'
import type { GROUP_DETAILS, MEMBER_POINTS } from './points.answers'

export interface PointsOfMember {
  /** The id as the caller named the member. */
  readonly id: string
  readonly siteId: string
  readonly program: Program
  readonly settings: AnnexSettings
  readonly membership: Membership
  /** What counts for the tier today, where the program's tiers look at a period. */
  readonly period: PeriodFigures | null
  /** Null when the member never had a point. */
  readonly statement: AccountStatement | null
  readonly buckets: readonly BucketStatements[]
  readonly group: { readonly group: Group; readonly statement: AccountStatement | null } | null
  /** Null: the site does not say what was earned in a period. */
  readonly earned: { readonly period: EarningPeriod; readonly points: Points } | null
}

/**
 * The documented summary (seed 002, contract section 7): lifetime = available + used + expired, a debt counted as
 * negative available, what is pending or reserved outside it. What was earned in a period only where the site says of
 * which.
 */
export function toMemberPoints({
  id,
  siteId,
  program,
  settings,
  membership,
  period,
  statement,
  buckets,
  group,
  earned,
}: PointsOfMember): Answer<typeof MEMBER_POINTS> {
  const { totalSpent, pointsToNextTier, spendToNextTier } = standingOf({
    program,
    membership,
    period,
    statement,
  })
  return {
    siteId,
    id,
    availablePoints: toPointsNumber(spendableOf(statement)),
    usedPoints: toPointsNumber(usedOf(statement)),
    negativePoints: toPointsNumber(debtOf(statement)),
    expiredPoints: toPointsNumber(expiredOf(statement)),
    lifetimePoints: toPointsNumber(earnedOf(statement)),
    earnedPointsPeriod: earned?.period,
    earnedPoints: earned ? toPointsNumber(earned.points) : undefined,
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
    multiBucketsData: toBuckets(buckets),
    availableRedemptionPoints: toPointsNumber(spendableOf(statement)),
    usedRedemptionPoints: toPointsNumber(statement?.redeemed ?? ZERO_POINTS),
    // Only for a member in a group.
    groupDetails: group ? toGroupDetails(group.group, group.statement) : undefined,
  }
}

export { earnedOf, spendableOf }

/** Debits by hand under this action count as expired, not as used (contract, section 6). */
const LAPSES_BY_HAND = 192

const lapsesByHand = ({ kind, actionId }: HandMovements): boolean =>
  kind === 'ADJUST' && actionId === LAPSES_BY_HAND

const debitedByHand = (statement: AccountStatement, counts: (moves: HandMovements) => boolean): bigint =>
  statement.byHand.filter(counts).reduce((sum, { debited }) => sum + debited, 0n)

/** Every debit but what lapsed. */
export const usedOf = (statement: AccountStatement | null): Points =>
  statement
    ? ((statement.redeemed +
        statement.reversed +
        debitedByHand(statement, (moves) => !lapsesByHand(moves))) as Points)
    : ZERO_POINTS

export const expiredOf = (statement: AccountStatement | null): Points =>
  statement ? ((statement.expired + debitedByHand(statement, lapsesByHand)) as Points) : ZERO_POINTS

/** A member's group, in figures printed as text; absent for a member without one. */
export const toGroupDetails = (
  group: Group,
  statement: AccountStatement | null,
): Answer<typeof GROUP_DETAILS> => ({
  groupId: group.key,
  groupName: group.name,
  groupAvailablePoints: formatPoints(spendableOf(statement)),
  groupLifetimePoints: formatPoints(earnedOf(statement)),
  groupUsedPoints: formatPoints(usedOf(statement)),
  groupExpiredPoints: formatPoints(expiredOf(statement)),
})

/** Further kinds of points by their names: what can be spent of each, and what only counts for its standing. */
export const toBuckets = (buckets: readonly BucketStatements[]): Writable =>
  Object.fromEntries(
    buckets.map(({ bucket, spendable, tier }) => [
      bucket,
      {
        availablePoints: toPointsNumber(spendableOf(spendable)),
        usedPoints: toPointsNumber(usedOf(spendable)),
        expiredPoints: toPointsNumber(expiredOf(spendable)),
        lifetimePoints: toPointsNumber(earnedOf(spendable)),
        tierPoints: toPointsNumber(spendableOf(tier)),
      },
    ]),
  )

export interface BucketStatements {
  readonly bucket: string
  readonly spendable: AccountStatement | null
  readonly tier: AccountStatement | null
}

const debtOf = (statement: AccountStatement | null): Points =>
  statement && statement.available < 0n ? statement.available : ZERO_POINTS

const sum = (a: Points = ZERO_POINTS, b: Points = ZERO_POINTS): Points => (a + b) as Points

const ZERO = new Decimal(0)

function standingOf({
  program,
  membership,
  period,
  statement,
}: Pick<PointsOfMember, 'program' | 'membership' | 'period' | 'statement'>) {
  const current = program.tiers.find(({ id }) => id === membership.tierId) ?? null
  const standing = { lifetime: statement?.lifetime ?? ZERO_POINTS, spend: membership.spend, period }
  const progress = progressToNextTier(program.tiers, current, standing)
  return {
    totalSpent: toNumber(membership.spend),
    pointsToNextTier: toPointsNumber(progress?.pointsMissing ?? ZERO_POINTS),
    spendToNextTier: progress?.spendMissing ? toNumber(progress.spendMissing) : 0,
  }
}

/** A number by default; text with two decimals once the site fixes two (seed 002, creditsToCurrencyValue). */
export function currencyValue(
  points: Points,
  { pointsToCurrency }: Program,
  settings: AnnexSettings,
): Writable {
  const value = new Decimal(formatPoints(points)).times(pointsToCurrency ?? ZERO)
  const decimals = settings.creditsToCurrencyDecimals
  if (decimals === null) return new JsonNumber(value.toFixed())
  const rounded = value.toDecimalPlaces(decimals, Decimal.ROUND_HALF_UP)
  return decimals === 2 ? rounded.toFixed(2) : new JsonNumber(rounded.toFixed())
}
