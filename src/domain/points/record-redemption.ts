import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { type MemberRef, memberWhoMoves, movable } from './award-points'
import { IdempotencyKeyReused, InsufficientPoints } from './errors'
import type { Redemption } from './redemption'
import { movedNow, statementOf, walletOf } from './wallet'

export interface RecordRedemption {
  readonly member: MemberRef
  readonly program: Program
  readonly points: Points
  /** What it will be called. */
  readonly code: string
  /** The client's own name for it: asked for again, the first redemption is the answer. Null: every call redeems anew. */
  readonly externalRef: string | null
  readonly billNumber: string | null
  readonly requestId: string
}

/**
 * Spends points of a member's main wallet, lots that expire soonest first, under a name.
 *
 * Throws MemberNotFound, MemberMayNotAct, InvalidPoints, InsufficientPoints, IdempotencyKeyReused (the name is of another
 * redemption), Busy.
 */
export async function recordRedemption(
  deps: LoyaltyDeps,
  caller: Caller,
  { program, points, code, externalRef, billNumber, ...command }: RecordRedemption,
): Promise<Redemption> {
  const { tenant } = caller
  movable(points, program)
  return deps.unitOfWork.run(async (stores) => {
    const member = await memberWhoMoves(stores, tenant, command.member)
    const known = await knownAs(stores, tenant, externalRef)
    if (known) return sameAs(known, member.id, points)
    const movement = await stores.ledger.redeem({
      account: walletOf(tenant, member.id, program),
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: billNumber === null ? null : `Bill ${billNumber}`,
        actor: caller.actor,
        requestId: command.requestId,
        occurredAt: tenant.time.now,
      },
      // The client's own name for it guards against a second one; a refusal is not remembered.
      idempotency: null,
      points,
      ref: `redemption:${code}`,
      purchase: null,
    })
    const { accountId, seq } = movement
    if (seq === null) throw new InsufficientPoints(movement.balance.available, points)
    return stores.redemptions.add(tenant.id, {
      code,
      memberId: member.id,
      programId: program.id,
      accountId,
      seq,
      points,
      externalRef,
      billNumber,
    })
  })
}

/** The redemption that has this name already, or null; who comes second waits for the first. */
async function knownAs(
  { redemptions }: Stores,
  tenant: Tenant,
  externalRef: string | null,
): Promise<Redemption | null> {
  if (externalRef === null) return null
  await redemptions.claim(tenant.id, externalRef)
  return redemptions.find(tenant.id, { externalRef })
}

function sameAs(known: Redemption, memberId: MemberId, points: Points): Redemption {
  if (known.memberId !== memberId || known.points !== points)
    throw new IdempotencyKeyReused(known.externalRef ?? '')
  return known
}

/** Refuses what a redemption would be refused for now, and spends nothing. Throws as recordRedemption does. */
export async function assertRedeemable(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { member: who, program, points }: Pick<RecordRedemption, 'member' | 'program' | 'points'>,
): Promise<void> {
  movable(points, program)
  await unitOfWork.run(async (stores) => {
    const member = await memberWhoMoves(stores, tenant, who)
    const statement = await statementOf(stores.accounts, tenant, walletOf(tenant, member.id, program))
    const available = statement?.available ?? ZERO_POINTS
    if (available < points) throw new InsufficientPoints(available, points)
  })
}
