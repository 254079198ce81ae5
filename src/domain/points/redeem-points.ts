import type { LoyaltyDeps } from '../loyalty'
import { MemberNotFound } from '../members/errors'
import type { Caller } from '../programs/caller'
import type { Program, Reward } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { formatPoints, type Points } from '../shared/points'
import type { Stores } from '../stores'
import { type MemberRef, memberWhoMoves, movable, type PointsMoved } from './award-points'
import { RewardNotFound } from './errors'
import { decide } from './decide'
import { receiptOf, tierOf } from './points-ask'
import { issueCode } from './reward-codes'
import { idempotencyOf } from './request-key'
import { movedNow, walletOf } from './wallet'

export interface RedeemPoints {
  readonly member: MemberRef
  /** So many points, or the price of a reward of the default program. */
  readonly what: { readonly points: Points } | { readonly rewardId: string }
  readonly reason: string | null
  /** The bill that it is meant for, or null. */
  readonly billNumber: string | null
  /** What the redemption will be called: nothing else is. */
  readonly code: string
  /** 1 to 255 characters; null: every call redeems anew. */
  readonly idempotencyKey: string | null
  readonly requestId: string
}

/**
 * Spends points of a member's main wallet, lots that expire soonest first, under a name by which they can be given
 * back; for a reward, one of its codes is handed over. A repeat under the same idempotency key answers what the first
 * call did, and the code that it handed over stays the only one. Where a code would be handed over, a refusal is not
 * remembered under the key.
 *
 * Throws MemberNotFound, MemberMayNotAct, RewardNotFound, RewardSoldOut, InvalidPoints (not more than zero, or finer
 * than the program's decimals), InsufficientPoints, InvalidIdempotencyKey, IdempotencyKeyReused, Busy.
 */
export async function redeemPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RedeemPoints,
): Promise<PointsMoved> {
  const price = planRedemption(caller.tenant.setup.defaultProgram, command.what)
  const { reward } = price
  if (reward === null)
    return decide(deps.unitOfWork, (stores) => spend(stores, caller, command, price, () => Promise.resolve()))
  return deps.unitOfWork.run((stores) => redeemReward(stores, caller, command, price, reward))
}

/**
 * The code is taken before any wallet is locked, as everywhere, and goes back when the ledger says no. A request that is
 * known takes none: twins follow each other, so that the last code is not gone for the second of them.
 */
async function redeemReward(
  stores: Stores,
  caller: Caller,
  command: RedeemPoints,
  price: Price,
  reward: Reward,
): Promise<PointsMoved> {
  const { tenant } = caller
  const program = tenant.setup.defaultProgram
  const { id } = await memberWhoMoves(stores, tenant, command.member)
  const { idempotency } = moveOf(caller, tenant, command, price, id)
  if (idempotency && (await stores.redemptions.claimKey(tenant.id, idempotency)))
    return spend(stores, caller, command, price, () => Promise.resolve())
  const code = await issueCode(stores, tenant, id, program, reward, command.code)
  return spend(stores, caller, command, price, async ({ accountId, seq }) => {
    const found = await stores.members.findInProgramById(tenant.id, id, program.id)
    if (!found) throw new MemberNotFound({ type: 'id', value: id })
    const tier = tierOf(program, found)
    const receipt = await receiptOf(stores, tenant, {
      ...{ program, found, tier: { before: tier, after: tier }, code },
      ...{ asked: price.points, moved: price.points },
    })
    const claims = { order: null, custom: null }
    const request = { accountId, seq, memberId: id, claims, receipt, attributes: {} }
    await stores.pointsRequests.add(tenant.id, request)
  })
}

/** Redeems, names what was redeemed, and keeps what else is to be known of it; of a repeat, nothing again. */
async function spend(
  stores: Stores,
  caller: Caller,
  command: RedeemPoints,
  price: Price,
  keep: (entry: { readonly accountId: EntryOf['accountId']; readonly seq: string }) => Promise<void>,
): Promise<PointsMoved> {
  const { tenant } = caller
  const program = tenant.setup.defaultProgram
  const member = await memberWhoMoves(stores, tenant, command.member)
  const movement = await stores.ledger.redeem({
    ...moveOf(caller, tenant, command, price, member.id),
    points: price.points,
    ref: price.reward && `reward:${price.reward.rewardId}`,
    purchase: null,
  })
  const { accountId, seq } = movement
  if (movement.replayed || seq === null) return { member, movement }
  await stores.redemptions.add(tenant.id, {
    ...{
      code: command.code,
      memberId: member.id,
      programId: program.id,
      accountId,
      seq,
      points: price.points,
    },
    ...{ externalRef: null, billNumber: command.billNumber },
  })
  await keep({ accountId, seq })
  return { member, movement }
}

type EntryOf = PointsMoved['movement']

function moveOf(
  caller: Caller,
  tenant: Tenant,
  command: RedeemPoints,
  { points, reward }: Price,
  memberId: PointsMoved['member']['id'],
) {
  const account = walletOf(tenant, memberId, tenant.setup.defaultProgram)
  const { reason, billNumber } = command
  const facts = [formatPoints(points), reward && `reward:${reward.rewardId}`, reason]
  return {
    account,
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: {
      actionId: null,
      reason: reason ?? reward?.name ?? null,
      actor: caller.actor,
      requestId: command.requestId,
      occurredAt: tenant.time.now,
    },
    idempotency: idempotencyOf({
      caller,
      operation: 'redeem-points',
      key: command.idempotencyKey,
      account,
      facts: billNumber === null ? facts : [...facts, billNumber],
    }),
  }
}

interface Price {
  readonly points: Points
  /** Null for bare points. */
  readonly reward: Reward | null
}

/** What it costs. Throws RewardNotFound, InvalidPoints. Pure. */
export function planRedemption(program: Program, what: RedeemPoints['what']): Price {
  if ('points' in what) return { points: movable(what.points, program), reward: null }
  const reward = program.rewards.find(({ rewardId }) => rewardId === what.rewardId)
  if (!reward) throw new RewardNotFound(what.rewardId)
  return { points: movable(reward.cost, program), reward }
}
