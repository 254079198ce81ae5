import type { LoyaltyDeps } from '../loyalty'
import { MemberNotFound } from '../members/errors'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import { InvalidPoints, MissingValue } from '../shared/errors'
import type { AccountId } from '../shared/ids'
import { fitsDecimals, formatPoints, type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import type { MemberRef, PointsMoved } from './award-points'
import { expiryOf } from './earning'
import { AwardNotFound, AwardOfPurchase } from './errors'
import { movePoints, type MoveRequest } from './move'
import { walletOf } from './wallet'

/** What a correction downwards does beyond what is there. */
export const BEYOND = ['refuse', 'clamp', 'debt'] as const
export type Beyond = (typeof BEYOND)[number]

/** As far below zero as the ledger can count. */
const NO_LIMIT = BigInt(Number.MAX_SAFE_INTEGER) as Points

export interface AdjustPoints extends MoveRequest {
  readonly member: MemberRef
  /** More than zero gives, less takes. */
  readonly points: Points
  readonly beyond: Beyond
}

/**
 * Corrects a member's main wallet by hand, whatever the member's status; a reason is required. What it gives expires
 * by the program's rule and does not count as earned.
 *
 * Throws MissingValue (no reason), MemberNotFound, InvalidPoints (zero, or finer than the program's decimals),
 * InsufficientPoints (beyond `refuse`), InvalidIdempotencyKey, IdempotencyKeyReused, Busy.
 */
export async function adjustPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: AdjustPoints,
): Promise<PointsMoved> {
  const { tenant } = caller
  const { points, beyond } = command
  const program = tenant.setup.defaultProgram
  if (points === ZERO_POINTS || !fitsDecimals(points, program.pointsDecimals))
    throw new InvalidPoints(formatPoints(points))
  if (!command.reason?.trim()) throw new MissingValue('reason')
  return movePoints(deps, caller, command, {
    operation: 'adjust-points',
    facts: [formatPoints(points), beyond],
    settles: true,
    async find(stores) {
      const member = await anyMember(stores, tenant, command.member)
      return { member, account: walletOf(tenant, member.id, program) }
    },
    verb: ({ ledger }, move) =>
      ledger.adjust({
        ...move,
        points,
        beyond,
        maxDebt: NO_LIMIT,
        expiresAt:
          points > ZERO_POINTS ? expiryOf(program.expiry, tenant.time.now, tenant.setup.timeZone) : null,
      }),
  })
}

export interface ReverseAward extends MoveRequest {
  /** The entry that awarded the points. */
  readonly award: { readonly accountId: AccountId; readonly seq: string }
}

/**
 * Takes back all that an award without a purchase gave, in whatever state it is; what was spent meanwhile becomes a
 * debt. Reversing it again moves nothing. Points of a purchase go back by its return, so that both agree.
 *
 * Throws AwardNotFound, AwardOfPurchase, InvalidIdempotencyKey, IdempotencyKeyReused, Busy.
 */
export async function reverseAward(
  deps: LoyaltyDeps,
  caller: Caller,
  command: ReverseAward,
): Promise<PointsMoved> {
  const { tenant } = caller
  const { accountId, seq } = command.award
  return movePoints(deps, caller, command, {
    operation: 'reverse-award',
    facts: [accountId, seq],
    settles: true,
    async find(stores) {
      const award = await stores.activities.awardOf(tenant.id, command.award)
      if (!award?.memberId) throw new AwardNotFound({ type: 'ENTRY', ref: `${accountId}.${seq}` })
      if (award.hasPurchase) throw new AwardOfPurchase()
      const member = await anyMember(stores, tenant, award.memberId)
      return {
        member,
        account: {
          tenantId: tenant.id,
          holder: { kind: 'MEMBER', id: member.id },
          programId: award.programId,
          currency: award.currency,
        },
      }
    },
    async verb(stores, move) {
      const award = await stores.activities.awardOf(tenant.id, command.award)
      return stores.ledger.reverse({
        ...move,
        source: award?.source ?? { type: 'ENTRY', ref: seq },
        lines: (award?.lines ?? []).map(({ lineRef, awarded }) => ({ lineRef, cumulative: awarded })),
        purchase: null,
        maxDebt: NO_LIMIT,
      })
    },
  })
}

/** Throws MemberNotFound. */
async function anyMember({ members }: Stores, tenant: Tenant, who: MemberRef): Promise<Member> {
  const [member] =
    typeof who === 'string'
      ? await members.findByIds(tenant.id, [who])
      : await members.findByIdentities(tenant.id, [who])
  if (!member) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  return member
}
