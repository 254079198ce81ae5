import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import { formatPoints, type Points } from '../shared/points'
import { type MemberRef, memberWhoMoves, movable, type PointsMoved } from './award-points'
import { RewardNotFound } from './errors'
import { decide } from './decide'
import { RewardGivesCode } from './reward-codes'
import { idempotencyOf } from './request-key'
import { movedNow, walletOf } from './wallet'

export interface RedeemPoints {
  readonly member: MemberRef
  /** So many points, or the price of a reward of the default program. */
  readonly what: { readonly points: Points } | { readonly rewardId: string }
  readonly reason: string | null
  /** 1 to 255 characters; null: every call redeems anew. */
  readonly idempotencyKey: string | null
  readonly requestId: string
}

/**
 * Spends points of a member's main wallet, lots that expire soonest first. A repeat under the same idempotency key
 * answers what the first call did.
 *
 * Throws MemberNotFound, MemberMayNotAct, RewardNotFound, RewardGivesCode, InvalidPoints (not more than zero, or finer than the
 * program's decimals), InsufficientPoints, InvalidIdempotencyKey, IdempotencyKeyReused, Busy.
 */
export async function redeemPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RedeemPoints,
): Promise<PointsMoved> {
  const { tenant } = caller
  const program = tenant.setup.defaultProgram
  const price = planRedemption(program, command.what)
  return decide(deps.unitOfWork, async (stores) => {
    const member = await memberWhoMoves(stores, tenant, command.member)
    const account = walletOf(tenant, member.id, program)
    const facts = [formatPoints(price.points), price.ref, command.reason]
    const movement = await stores.ledger.redeem({
      account,
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: command.reason ?? price.name,
        actor: caller.actor,
        requestId: command.requestId,
        occurredAt: tenant.time.now,
      },
      idempotency: idempotencyOf({
        caller,
        operation: 'redeem-points',
        key: command.idempotencyKey,
        account,
        facts,
      }),
      points: price.points,
      ref: price.ref,
      purchase: null,
    })
    return { member, movement }
  })
}

interface Price {
  readonly points: Points
  /** `reward:121`, or null for bare points. */
  readonly ref: string | null
  readonly name: string | null
}

/** What it costs. Throws RewardNotFound, RewardGivesCode, InvalidPoints. Pure. */
export function planRedemption(program: Program, what: RedeemPoints['what']): Price {
  if ('points' in what) return { points: movable(what.points, program), ref: null, name: null }
  const reward = program.rewards.find(({ rewardId }) => rewardId === what.rewardId)
  if (!reward) throw new RewardNotFound(what.rewardId)
  if (reward.listsCodes) throw new RewardGivesCode(reward)
  return { points: movable(reward.cost, program), ref: `reward:${reward.rewardId}`, name: reward.name }
}
