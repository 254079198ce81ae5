import type { Member } from '../../../domain/members/member'
import type { Membership } from '../../../domain/members/member-store'
import type { AccountStatement } from '../../../domain/points/ledger'
import { spendableOf } from '../../../domain/points/wallet'
import type { Program } from '../../../domain/programs/program'
import { Decimal } from '../../../domain/shared/decimal'
import { formatPoints, ZERO_POINTS } from '../../../domain/shared/points'
import { progressToNextTier } from '../../../domain/tiers/evaluate-tier'
import type { Tier } from '../../../domain/tiers/tier'
import type { PeriodFigures } from '../../../domain/tiers/tier-window'
import { JsonNumber } from '../../shared/json'
import { type BucketStatements, currencyValue } from '../points/points.mapping'
import type { AnnexSettings } from '../settings'
import { toPointsNumber } from '../values'
import type { Answer } from '../../shared/openapi'
import type { MEMBER_TIERS, REWARD_LIST } from './users.answers'

interface Standing {
  readonly siteId: string
  readonly id: string
  readonly program: Program
  readonly membership: Membership
  readonly previous: Tier | null
  /** What counts today, where the program's tiers look at a period. */
  readonly period: PeriodFigures | null
  readonly statement: AccountStatement | null
  readonly buckets: readonly BucketStatements[]
}

/** The tier of a member: figures as text, which is how the tier answer documents them (contract, section 5). */
export function toMemberTiers(standing: Standing): Answer<typeof MEMBER_TIERS> {
  const { siteId, id, program, membership, previous, period, statement, buckets } = standing
  const current = program.tiers.find((tier) => tier.id === membership.tierId) ?? null
  const progress = progressToNextTier(program.tiers, current, {
    lifetime: statement?.lifetime ?? ZERO_POINTS,
    spend: membership.spend,
    period,
  })
  const ratio = program.orders?.ratio ?? new Decimal(0)
  return {
    siteId,
    id,
    currentTier: current?.name ?? '',
    nextTier: progress?.next.name ?? '',
    previousTier: previous?.name ?? '',
    pointsToNextTier: formatPoints(progress?.pointsMissing ?? ZERO_POINTS),
    purchaseRatio: ratio.toFixed(),
    currentTierPurchaseRatio: (current?.purchaseRatio ?? ratio).toFixed(),
    multiBucketsData: Object.fromEntries(
      buckets.map(({ bucket, tier }) => [bucket, { tierPoints: toPointsNumber(spendableOf(tier)) }]),
    ),
  }
}

interface Choice {
  readonly program: Program
  readonly settings: AnnexSettings
  readonly member: Member
  readonly statement: AccountStatement | null
  /** Rewards that list codes and have some left. */
  readonly inStock: readonly string[]
}

/** The rewards of the program, and whether the member can take each now. */
export function toRewardList({
  program,
  settings,
  member,
  statement,
  inStock,
}: Choice): Answer<typeof REWARD_LIST> {
  const spendable = spendableOf(statement)
  return {
    creditsToCurrencyRatio: new JsonNumber((program.pointsToCurrency ?? new Decimal(0)).toFixed()),
    creditsToCurrencyValue: currencyValue(spendable, program, settings),
    rewardDetail: program.rewards.map(({ rewardId, name, cost, listsCodes, url, imageUrl }) => {
      const isThere = !listsCodes || inStock.includes(rewardId)
      return {
        rewardId,
        displayText: name,
        creditRequired: toPointsNumber(cost),
        eligible: isThere && member.status === 'ACTIVE' && spendable >= cost ? 'YES' : 'NO',
        rewardUrl: url ?? undefined,
        rewardImageUrl: imageUrl ?? undefined,
      }
    }),
  }
}
