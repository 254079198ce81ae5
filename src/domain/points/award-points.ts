import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import type { IdentityKey, Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Action, Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { InvalidPoints } from '../shared/errors'
import type { MemberId } from '../shared/ids'
import { type Instant, plus } from '../shared/instant'
import { ZERO_AMOUNT } from '../shared/money'
import { fitsDecimals, formatPoints, type Points } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding } from '../tiers/settle-standing'
import { expiryOf } from './earning'
import { grantOf, isLimited } from './allowance'
import { ActionNotFound } from './errors'
import type { Movement } from './ledger'
import { decide } from './decide'
import { idempotencyOf } from './request-key'
import { movedNow, walletOf } from './wallet'

/** Whose points: a member's own number, or an identity that a door knows. */
export type MemberRef = MemberId | IdentityKey

export interface AwardPoints {
  readonly member: MemberRef
  /** So many points, or what an action of the default program awards. */
  readonly what: { readonly points: Points } | { readonly actionId: number }
  readonly reason: string | null
  /** 1 to 255 characters; null: every call awards anew. */
  readonly idempotencyKey: string | null
  /** A name for the award that nothing else has. The idempotency key, where given, is one for ever. */
  readonly ref: string
  readonly requestId: string
}

export interface PointsMoved {
  readonly member: Member
  readonly movement: Movement
}

/**
 * Awards points to a member's main wallet without a purchase, and re-evaluates the tier; all or nothing. The points
 * expire by the program's rule, counted from now, and count as earned; those of an action wait as long as it holds them. A repeat under the same idempotency key
 * answers what the first call did.
 *
 * Throws MemberNotFound, MemberMayNotAct, ActionNotFound, InvalidPoints (not more than zero, or finer than the
 * program's decimals), InvalidIdempotencyKey, IdempotencyKeyReused, AlreadyAwarded (a key whose answer is no longer
 * kept), ActionLimitReached and ActionCoolingDown (an award beyond the limit is cut to its rest), Busy.
 */
export async function awardPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: AwardPoints,
): Promise<PointsMoved> {
  const { tenant } = caller
  const program = tenant.setup.defaultProgram
  const award = planAward(tenant, program, command.what)
  // A grant is written down beside the ledger, so that its refusal must take everything back.
  const limited = award.action !== null && isLimited(award.action)
  const run = <T>(work: (stores: Stores) => Promise<T>): Promise<T> =>
    limited ? deps.unitOfWork.run(work) : decide(deps.unitOfWork, work)
  return run(async (stores) => {
    const member = await memberWhoMoves(stores, tenant, command.member)
    const account = walletOf(tenant, member.id, program)
    const facts = [
      formatPoints(award.points),
      award.action ? String(award.action.actionId) : null,
      command.reason,
    ]
    const grant = await grantOf(stores, tenant, program, member.id, award)
    const movement = await stores.ledger.award({
      account,
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: award.action?.actionId ?? null,
        reason: command.reason,
        actor: caller.actor,
        requestId: command.requestId,
        occurredAt: tenant.time.now,
      },
      idempotency: idempotencyOf({
        caller,
        operation: 'award-points',
        key: command.idempotencyKey,
        account,
        facts,
      }),
      source: { type: 'AWARD', ref: `${caller.actor}/${command.idempotencyKey ?? command.ref}` },
      purchase: null,
      lines: [{ lineRef: '', points: grant.points, rule: award.rule }],
      maturesAt: maturityOf(award.action, tenant),
      expiresAt: expiryOf(program.expiry, tenant.time.now, tenant.setup.timeZone),
      countsForLifetime: true,
    })
    // A repeat's balance is of the day it was first asked: nothing to learn about the tier from it.
    if (!movement.replayed) {
      if (grant.refusal) throw grant.refusal
      await grant.take()
      const { lifetime } = movement.balance
      await settleStanding(stores, tenant, { memberId: member.id, program, spend: ZERO_AMOUNT, lifetime })
    }
    return { member, movement }
  })
}

interface PlannedAward {
  readonly points: Points
  readonly action: Action | null
  readonly rule: string
}

/** How many points, and which rule says so. Throws ActionNotFound, InvalidPoints. Pure. */
export function planAward(tenant: Tenant, program: Program, what: AwardPoints['what']): PlannedAward {
  const { version } = tenant.setup
  if ('points' in what) {
    return { points: movable(what.points, program), action: null, rule: `direct@${version}` }
  }
  const action = program.actions.find(({ actionId }) => actionId === what.actionId)
  if (!action) throw new ActionNotFound(what.actionId)
  return { points: movable(action.award, program), action, rule: `actions.${action.actionId}@${version}` }
}

/** When the points of an action can be spent, by its days of hold; null: at once. Pure. */
export const maturityOf = (action: Action | null, { time, setup }: Tenant): Instant | null =>
  action?.holdDays ? plus(time.now, { days: action.holdDays }, setup.timeZone) : null

/** Points that a movement of this program may be about: more than zero, and no finer than its decimals. */
export function movable(points: Points, { pointsDecimals }: Program): Points {
  if (points <= 0n || !fitsDecimals(points, pointsDecimals)) throw new InvalidPoints(formatPoints(points))
  return points
}

/** The member, who may act. Throws MemberNotFound, MemberMayNotAct. */
export async function memberWhoMoves({ members }: Stores, tenant: Tenant, who: MemberRef): Promise<Member> {
  const [member] =
    typeof who === 'string'
      ? await members.findByIds(tenant.id, [who])
      : await members.findByIdentities(tenant.id, [who])
  if (!member) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  assertMayAct(member)
  return member
}
