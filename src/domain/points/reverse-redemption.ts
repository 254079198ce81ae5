import type { LoyaltyDeps } from '../loyalty'
import { MemberNotFound } from '../members/errors'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import { InvalidPoints } from '../shared/errors'
import { type Instant, isBefore, millisOf } from '../shared/instant'
import { fitsDecimals, formatPoints, type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import type { MemberRef } from './award-points'
import {
  ExpiryNotAfterAward,
  RedemptionNotFound,
  RedemptionOfAnother,
  RedemptionReversed,
  ReversalExceedsRedemption,
} from './errors'
import { type Payer, payingWallet } from './group-payment'
import { payerOf } from './record-redemption'
import type { EntryKey, Redemption, Restorable, Restored, Spending } from './redemption'
import { movedNow } from './wallet'

export interface ReverseRedemption {
  readonly code: string
  /** Null: all that is left of it. */
  readonly points: Points | null
  /** Who redeemed. */
  readonly member: MemberRef
  /** What the reversal will be called. */
  readonly reversalCode: string
  readonly requestId: string
}

export interface ReversedRedemption {
  readonly redemption: Redemption
  readonly points: Points
  /** Given back, and what could not be because its expiry had passed. */
  readonly available: Points
  readonly lapsed: Points
  /** What came back of each payment of it that anything came back of. */
  readonly payments: readonly ReversedPayment[]
}

export interface ReversedPayment {
  readonly payer: Payer
  readonly available: Points
  readonly lapsed: Points
}

/**
 * Gives redeemed points back, wholly or in part, each with the expiry it had and to whom it was of; what lives longest
 * comes back first. What has expired meanwhile counts as reversed and is given to nobody. Points given back were earned
 * once: they do not count as earned again.
 *
 * Throws RedemptionNotFound, MemberNotFound, RedemptionOfAnother, RedemptionReversed (nothing is left of it),
 * ReversalExceedsRedemption, InvalidPoints, Busy.
 */
export const reverseRedemption = (
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  command: ReverseRedemption,
): Promise<ReversedRedemption> => unitOfWork.run((stores) => reverseIn(stores, caller, command))

export interface ReverseSpending extends Omit<ReverseRedemption, 'code' | 'member'> {
  /** The entry that spent the points. */
  readonly entry: EntryKey
  /** What the redemption will be called, where it has no name yet. */
  readonly name: string
}

/**
 * The same for points that were spent through whatever door: a redemption without a name is given one.
 *
 * Throws as reverseRedemption does; RedemptionNotFound also for points that a group paid.
 */
export const reverseSpending = (
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  { entry, name, ...command }: ReverseSpending,
): Promise<ReversedRedemption> =>
  unitOfWork.run(async (stores) => {
    const { tenant } = caller
    const [spent] = await stores.redemptions.spendingsBy(tenant.id, [entry])
    const [activity] = await stores.activities.findByKeys(tenant.id, [entry])
    // A group's points would come back to the member, who did not pay them.
    if (!spent || !activity?.memberId) throw new RedemptionNotFound(`${entry.accountId}.${entry.seq}`)
    const member = activity.memberId
    const code = spent.code ?? (await named(stores, tenant, spent, member, name))
    return reverseIn(stores, caller, { ...command, code, member })
  })

async function named(
  { redemptions }: Stores,
  { id, setup }: Tenant,
  { accountId, seq, points, billNumber }: Spending,
  memberId: Member['id'],
  code: string,
): Promise<string> {
  const programId = setup.defaultProgram.id
  await redemptions.add(id, {
    ...{ code, memberId, programId, accountId, seq },
    points,
    externalRef: null,
    billNumber,
  })
  return code
}

async function reverseIn(
  stores: Stores,
  caller: Caller,
  command: ReverseRedemption,
): Promise<ReversedRedemption> {
  const { tenant } = caller
  const redemption = await lockedOf(stores, tenant, command)
  const parts = [redemption, ...(await stores.redemptions.partsOf(tenant.id, redemption.id))]
  const left: PaidLot[] = []
  for (const of of parts)
    left.push(...(await stores.redemptions.restorable(tenant.id, of)).map((lot) => ({ ...lot, of })))
  const asked = askedOf(tenant, redemption, command, left)
  const restored: (PaidLot & Restored)[] = []
  for (const part of planRestoration(longestFirst(left), asked, tenant.time.now))
    restored.push(await restore(stores, caller, command, part, restored.length))
  const payments: ReversedPayment[] = []
  for (const [index, of] of parts.entries()) {
    const own = restored.filter((lot) => lot.of === of)
    if (index > 0 && own.length === 0) continue
    await stores.redemptions.addReversal(tenant.id, {
      code: index === 0 ? command.reversalCode : `${command.reversalCode}-${index + 1}`,
      redemptionId: of.id,
      restored: own,
    })
    if (own.length > 0) payments.push({ payer: payerOf(of), ...givenBack(own) })
  }
  return { redemption, points: asked, ...givenBack(restored), payments }
}

/** What a lot paid, and to which payment of a redemption. */
interface PaidLot extends Restorable {
  readonly of: Redemption
}

const longestFirst = (lots: readonly PaidLot[]): readonly PaidLot[] =>
  [...lots].sort((a, b) => momentOf(b) - momentOf(a))
const momentOf = ({ expiresAt }: Restorable): number =>
  expiresAt === null ? Number.MAX_SAFE_INTEGER : millisOf(expiresAt)

function givenBack(restored: readonly Restored[]): { readonly available: Points; readonly lapsed: Points } {
  const sum = (lapsed: boolean) =>
    sumPoints(restored.filter((part) => part.lapsed === lapsed).map(({ points }) => points))
  return { available: sum(false), lapsed: sum(true) }
}

async function lockedOf(
  { redemptions, members }: Stores,
  tenant: Tenant,
  { code, member: who }: ReverseRedemption,
): Promise<Redemption> {
  const redemption = await redemptions.lock(tenant.id, { code })
  if (!redemption) throw new RedemptionNotFound(code)
  const [member]: readonly (Member | null)[] =
    typeof who === 'string'
      ? await members.findByIds(tenant.id, [who])
      : await members.findByIdentities(tenant.id, [who])
  if (!member) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  if (member.id !== redemption.memberId) throw new RedemptionOfAnother(code)
  return redemption
}

/** How many points are to come back. Throws RedemptionReversed, ReversalExceedsRedemption, InvalidPoints. */
function askedOf(
  { setup }: Tenant,
  { code, programId }: Redemption,
  { points }: ReverseRedemption,
  left: readonly Restorable[],
): Points {
  const restorable = sumPoints(left.map((part) => part.points))
  if (restorable === ZERO_POINTS) throw new RedemptionReversed(code)
  if (points === null) return restorable
  const decimals = setup.programs.find(({ id }) => id === programId)?.pointsDecimals ?? 3
  if (points <= ZERO_POINTS || !fitsDecimals(points, decimals)) throw new InvalidPoints(formatPoints(points))
  if (points > restorable) throw new ReversalExceedsRedemption(restorable, points)
  return points
}

/** Which lots give back how much, in their order, and what of it has lapsed. Pure. */
export function planRestoration<Lot extends Restorable>(
  left: readonly Lot[],
  asked: Points,
  now: Instant,
): readonly (Lot & Restored)[] {
  let rest: bigint = asked
  return left.flatMap((part) => {
    const points = (part.points < rest ? part.points : rest) as Points
    rest -= points
    if (points === ZERO_POINTS) return []
    return [{ ...part, points, lapsed: part.expiresAt !== null && !isBefore(now, part.expiresAt) }]
  })
}

async function restore(
  { ledger }: Stores,
  { tenant, actor }: Caller,
  { reversalCode, requestId }: ReverseRedemption,
  part: PaidLot & Restored,
  position: number,
): Promise<PaidLot & Restored> {
  if (part.lapsed) return part
  const redemption = part.of
  const program =
    tenant.setup.programs.find(({ id }) => id === redemption.programId) ?? tenant.setup.defaultProgram
  try {
    await ledger.award({
      account: payingWallet(tenant, program, payerOf(redemption)),
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: `Reversal of redemption ${redemption.code}`,
        actor,
        requestId,
        occurredAt: tenant.time.now,
      },
      idempotency: null,
      source: { type: 'REDEMPTION_REVERSAL', ref: `${reversalCode}/${position}` },
      purchase: null,
      lines: [{ lineRef: '', points: part.points, rule: 'redemption.reversal' }],
      maturesAt: null,
      expiresAt: part.expiresAt,
      countsForLifetime: false,
    })
    return part
  } catch (error) {
    // The expiry passed between the plan and the ledger's own clock.
    if (error instanceof ExpiryNotAfterAward) return { ...part, lapsed: true }
    throw error
  }
}
