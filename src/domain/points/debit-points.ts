import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct } from '../members/errors'
import { type Group, GroupNotFound } from '../members/group'
import type { Caller } from '../programs/caller'
import type { Program, Reward } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import { formatPoints, type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { movable } from './award-points'
import { InsufficientPoints, RewardNotFound } from './errors'
import type { AccountKey, Movement } from './ledger'
import {
  type BucketAsk,
  callFacts,
  memberAsked,
  plannedBuckets,
  type PointsAsk,
  type PointsBooked,
  receiptOf,
  remember,
  tierOf,
} from './points-ask'
import { claimNames, customClaim, orderClaim } from './points-request'
import { issueCode } from './reward-codes'
import { bucketWalletOf, groupWalletOf, walletOf } from './wallet'

export interface DebitPoints extends PointsAsk {
  /** A reward at its price, so many points, or (points null) only the buckets. */
  readonly what: { readonly rewardId: string } | { readonly points: Points | null }
  readonly buckets: readonly BucketAsk[]
  /** A redemption counts as spent by the member; a correction takes points away by hand. */
  readonly as: 'redemption' | 'correction'
  /** A group that pays in the member's place: one by name, or the member's own if there is one. */
  readonly payer: 'member' | 'own group' | { readonly group: string }
  /** How far below zero the member's main wallet may go; zero: not at all. */
  readonly maxDebt: Points
  /** The order that is paid with it: the same is taken for it once. */
  readonly orderId: string | null
  /** The request may be a repetition of one whose answer was lost: then the first receipt is given again. */
  readonly retry: boolean
}

/**
 * Takes points from a member, or from the group that pays for it: the price of a reward, of which a code is given out,
 * or so many points, from the main wallet and from further kinds of points; all or nothing. What is not covered is not
 * taken, and the receipt says so; a reward that is not covered is refused.
 *
 * Throws InvalidPoints, InvalidIdentifier (an unknown bucket), MemberNotFound, GroupNotFound, RewardNotFound,
 * MemberMayNotAct, OrderChargedBefore, ReferenceUsed, RewardSoldOut, InsufficientPoints (a reward), in this order.
 * Source: contract of the points door, section 7.
 */
export async function debitPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: DebitPoints,
): Promise<PointsBooked> {
  const buckets = plannedBuckets(command.program, command.buckets)
  if ('points' in command.what && command.what.points !== null) movable(command.what.points, command.program)
  try {
    return await deps.unitOfWork.run((stores) => debitIn(stores, caller, command, buckets))
  } catch (error) {
    if (!(error instanceof InsufficientPoints) || 'rewardId' in command.what) throw error
    return deps.unitOfWork.run((stores) => nothingTaken(stores, caller.tenant, command, buckets))
  }
}

async function debitIn(
  stores: Stores,
  caller: Caller,
  command: DebitPoints,
  buckets: readonly BucketAsk[],
): Promise<PointsBooked> {
  const { tenant } = caller
  const { program, orderId, retry } = command
  const found = await memberAsked(stores, tenant, program, command.member)
  const group = await payingGroup(stores, tenant, found.member.id, command.payer)
  const price = priceOf(program, command.what)
  assertMayAct(found.member)
  const claims = {
    order: orderClaim(orderId, claimedBy(price, buckets)),
    custom: customClaim(command.customId, command.actionId),
  }
  const first = await claimNames(stores, tenant.id, found.member.id, claims, { orderId, retry })
  if (first) return { receipt: first, repeated: true }
  const code =
    price.reward && (await issueCode(stores, tenant, found.member.id, program, price.reward, command.ref))
  const wallet = group ? groupWalletOf(tenant, group, program) : walletOf(tenant, found.member.id, program)
  const main =
    price.points === null
      ? null
      : await take(stores, caller, command, wallet, {
          points: price.points,
          reward: price.reward,
          maxDebt: group ? ZERO_POINTS : command.maxDebt,
        })
  const inBuckets: Movement[] = []
  for (const bucket of buckets) {
    const account = bucketWalletOf(tenant, found.member.id, program, bucket)
    const { points } = bucket
    inBuckets.push(
      await take(stores, caller, command, account, { points, reward: null, maxDebt: ZERO_POINTS }),
    )
  }
  const tier = tierOf(program, found)
  const receipt = await receiptOf(stores, tenant, {
    program,
    found,
    tier: { before: tier, after: tier },
    asked: price.points,
    moved: main?.moved ?? null,
    paidByGroup: group ? (main?.moved ?? null) : null,
    code,
    buckets: buckets.map((bucket) => ({ ...bucket, moved: bucket.points })),
  })
  await remember(stores, tenant, command, { found, claims, receipt, movement: main ?? inBuckets[0] })
  return { receipt, repeated: false }
}

/** What is told when the points are not there: that nothing was taken, and what there is. */
async function nothingTaken(
  stores: Stores,
  tenant: Tenant,
  command: DebitPoints,
  buckets: readonly BucketAsk[],
): Promise<PointsBooked> {
  const { program } = command
  const found = await memberAsked(stores, tenant, program, command.member)
  const tier = tierOf(program, found)
  const receipt = await receiptOf(stores, tenant, {
    program,
    found,
    tier: { before: tier, after: tier },
    asked: priceOf(program, command.what).points,
    moved: null,
    paidByGroup: command.payer === 'member' ? null : ZERO_POINTS,
    buckets: buckets.map((bucket) => ({ ...bucket, moved: null })),
  })
  return { receipt, repeated: false }
}

interface Price {
  /** Null: only buckets. */
  readonly points: Points | null
  readonly reward: Reward | null
}

/** What it costs. Throws RewardNotFound. Pure. */
function priceOf(program: Program, what: DebitPoints['what']): Price {
  if ('points' in what) return { points: what.points, reward: null }
  const reward = program.rewards.find(({ rewardId }) => rewardId === what.rewardId)
  if (!reward) throw new RewardNotFound(what.rewardId)
  return { points: reward.cost, reward }
}

const claimedBy = ({ points, reward }: Price, buckets: readonly BucketAsk[]): readonly string[] =>
  reward
    ? ['reward', reward.rewardId]
    : [
        'points',
        points === null ? '' : formatPoints(points),
        ...buckets.map(({ kind, bucket, points: part }) => `${kind} ${bucket} ${formatPoints(part)}`),
      ]

/** The group whose wallet pays; null when the member does. Throws GroupNotFound. */
export async function payingGroup(
  { groups }: Stores,
  tenant: Tenant,
  member: MemberId,
  payer: DebitPoints['payer'],
): Promise<Group | null> {
  if (payer === 'member') return null
  const [own] = await groups.groupsOf(tenant.id, [member])
  if (payer === 'own group') return own?.group ?? null
  if (own?.group.key !== payer.group) throw new GroupNotFound(payer.group)
  return own.group
}

interface Taking {
  readonly points: Points
  readonly reward: Reward | null
  readonly maxDebt: Points
}

/** Redemptions are spent, corrections and debts taken by hand. Throws InsufficientPoints. */
async function take(
  { ledger }: Stores,
  caller: Caller,
  command: DebitPoints,
  account: AccountKey,
  { points, reward, maxDebt }: Taking,
): Promise<Movement> {
  const call = {
    account,
    ...callFacts(caller, { ...command, reason: command.reason ?? reward?.name ?? null }),
  }
  const byHand = (beyond: 'refuse' | 'debt') =>
    ledger.adjust({ ...call, points: (0n - points) as Points, beyond, maxDebt, expiresAt: null })
  if (command.as === 'correction') return downBy(points, await byHand(maxDebt > 0n ? 'debt' : 'refuse'))
  try {
    return await ledger.redeem({
      ...call,
      points,
      ref: reward && `reward:${reward.rewardId}`,
      purchase: null,
    })
  } catch (error) {
    if (!(error instanceof InsufficientPoints) || maxDebt === 0n) throw error
    return downBy(points, await byHand('debt'))
  }
}

/** A debt has its own bottom: what it does not cover is not taken in part. */
function downBy(points: Points, movement: Movement): Movement {
  if (movement.shortfall > 0n) throw new InsufficientPoints(movement.balance.available, points)
  return movement
}

/** Where a member's debt ends: nowhere that any wallet comes. */
export const ANY_DEBT = BigInt(Number.MAX_SAFE_INTEGER) as Points
