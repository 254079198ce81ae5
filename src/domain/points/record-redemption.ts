import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { type MemberRef, memberWhoMoves, movable } from './award-points'
import { IdempotencyKeyReused, InsufficientPoints } from './errors'
import { groupPurses, ownPayer, type Payer, type Payment, paymentsOf, payingWallet } from './group-payment'
import type { Redemption } from './redemption'
import { movedNow, statementOf, walletOf } from './wallet'

export interface RecordRedemption {
  readonly member: MemberRef
  readonly program: Program
  readonly points: Points
  /** Whether all that the member's group has may pay, what expires first; otherwise the member's own wallet does. */
  readonly fromGroup?: boolean
  /** What it will be called. */
  readonly code: string
  /** The client's own name for it: asked for again, the first redemption is the answer. Null: every call redeems anew. */
  readonly externalRef: string | null
  readonly billNumber: string | null
  readonly requestId: string
}

/** A redemption and all who paid it; its points are what they paid together. */
export interface RecordedRedemption extends Redemption {
  readonly payments: readonly Payment[]
}

/**
 * Spends points of a member's main wallet, or of all that the member's group has, lots that expire soonest first, under
 * a name.
 *
 * Throws MemberNotFound, MemberMayNotAct, InvalidPoints, InsufficientPoints, IdempotencyKeyReused (the name is of another
 * redemption), Busy.
 */
export async function recordRedemption(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RecordRedemption,
): Promise<RecordedRedemption> {
  movable(command.points, command.program)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.unitOfWork.run((stores) => redeemIn(stores, caller, command))
    } catch (error) {
      if (!(error instanceof PurseOutrun)) throw error
      if (attempt === MOST_ATTEMPTS) throw error.shortage
    }
  }
}

/** Somebody spent, meanwhile, what a wallet of the group was to pay: who pays how much is planned anew. */
class PurseOutrun extends Error {
  constructor(readonly shortage: InsufficientPoints) {
    super('a wallet of the group has less by now')
  }
}
const MOST_ATTEMPTS = 3

async function redeemIn(
  stores: Stores,
  caller: Caller,
  command: RecordRedemption,
): Promise<RecordedRedemption> {
  const { tenant } = caller
  const { program, points, externalRef } = command
  const member = await memberWhoMoves(stores, tenant, command.member)
  const known = await knownAs(stores, tenant, externalRef)
  if (known) return sameAs(known, member.id, points)
  const own = ownPayer(member)
  if (!command.fromGroup) return pay(stores, caller, command, member.id, [{ payer: own, points }])
  const payments = paymentsOf(await groupPurses(stores, tenant, member, program), points)
  try {
    return await pay(stores, caller, command, member.id, payments)
  } catch (error) {
    throw error instanceof InsufficientPoints ? new PurseOutrun(error) : error
  }
}

/** Takes each payment and stores it; the first is the redemption, the others belong to it. */
async function pay(
  stores: Stores,
  caller: Caller,
  { program, code, externalRef, billNumber, requestId }: RecordRedemption,
  member: MemberId,
  payments: readonly Payment[],
): Promise<RecordedRedemption> {
  const { tenant } = caller
  let whole: Redemption | null = null
  for (const [index, { payer, points }] of payments.entries()) {
    const { balance, accountId, seq } = await stores.ledger.redeem({
      account: payingWallet(tenant, program, payer),
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: billNumber === null ? null : `Bill ${billNumber}`,
        actor: caller.actor,
        requestId,
        occurredAt: tenant.time.now,
      },
      // The client's own name for it guards against a second one; a refusal is not remembered.
      idempotency: null,
      points,
      ref: `redemption:${code}`,
      purchase: null,
    })
    if (seq === null) throw new InsufficientPoints(balance.available, points)
    const stored = await stores.redemptions.add(tenant.id, {
      code: whole ? `${code}-${index + 1}` : code,
      memberId: member,
      programId: program.id,
      accountId,
      seq,
      points,
      externalRef: whole ? null : externalRef,
      billNumber,
      wholeId: whole?.id ?? null,
      payerId: payer.memberId === member ? null : payer.memberId,
      payerGroupId: payer.groupId,
    })
    whole ??= stored
  }
  if (!whole) throw new Error('a redemption is paid by somebody')
  return { ...whole, points: sumPoints(payments.map(({ points }) => points)), payments }
}

/** The redemption that has this name already, or null; who comes second waits for the first. */
async function knownAs(
  { redemptions }: Stores,
  tenant: Tenant,
  externalRef: string | null,
): Promise<RecordedRedemption | null> {
  if (externalRef === null) return null
  await redemptions.claim(tenant.id, externalRef)
  const known = await redemptions.find(tenant.id, { externalRef })
  if (!known) return null
  const payments = [known, ...(await redemptions.partsOf(tenant.id, known.id))].map((part) => ({
    payer: payerOf(part),
    points: part.points,
  }))
  return { ...known, points: sumPoints(payments.map(({ points }) => points)), payments }
}

/** Whose wallet paid a redemption, or a part of one. Pure. */
export const payerOf = ({ memberId, payerId, payerGroupId }: Redemption): Payer =>
  payerGroupId === null
    ? { memberId: payerId ?? memberId, groupId: null }
    : { memberId: null, groupId: payerGroupId }

function sameAs(known: RecordedRedemption, memberId: MemberId, points: Points): RecordedRedemption {
  if (known.memberId !== memberId || known.points !== points)
    throw new IdempotencyKeyReused(known.externalRef ?? '')
  return known
}

/** Refuses what a redemption would be refused for now, and spends nothing. Throws as recordRedemption does. */
export async function assertRedeemable(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  {
    member: who,
    program,
    points,
    fromGroup,
  }: Pick<RecordRedemption, 'member' | 'program' | 'points' | 'fromGroup'>,
): Promise<void> {
  movable(points, program)
  await unitOfWork.run(async (stores) => {
    const member = await memberWhoMoves(stores, tenant, who)
    if (fromGroup) {
      paymentsOf(await groupPurses(stores, tenant, member, program), points)
      return
    }
    const statement = await statementOf(stores.accounts, tenant, walletOf(tenant, member.id, program))
    const available = statement?.available ?? ZERO_POINTS
    if (available < points) throw new InsufficientPoints(available, points)
  })
}
