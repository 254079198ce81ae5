import type { LoyaltyDeps } from '../loyalty'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { AccountId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import { formatPoints, type Points } from '../shared/points'
import type { Stores } from '../stores'
import { type MemberRef, movable, type PointsMoved } from './award-points'
import { HoldNotFound } from './errors'
import { activeWallet, movePoints, type MoveRequest, type PlannedMove } from './move'
import { statementOf, walletOf } from './wallet'

export interface HoldPoints extends MoveRequest {
  readonly member: MemberRef
  readonly points: Points
  /** When what is left of it may be given back by itself; null: never. */
  readonly expiresAt: Instant | null
}

/**
 * Reserves points of a member's main wallet: they can neither be spent by others nor lapse until they are captured or
 * released. The entry that is made names the hold.
 *
 * Throws MemberNotFound, MemberMayNotAct, InvalidPoints, InsufficientPoints, InvalidIdempotencyKey,
 * IdempotencyKeyReused, Busy.
 */
export async function holdPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: HoldPoints,
): Promise<PointsMoved> {
  const points = movable(command.points, caller.tenant.setup.defaultProgram)
  const { expiresAt } = command
  return movePoints(deps, caller, command, {
    operation: 'hold-points',
    facts: [formatPoints(points), expiresAt],
    settles: false,
    find: activeWallet(caller, command.member),
    verb: ({ ledger }, move) => ledger.hold({ ...move, points, expiresAt, ref: null, purchase: null }),
  })
}

export interface EndHold extends MoveRequest {
  /** The entry that made the hold. */
  readonly hold: { readonly accountId: AccountId; readonly seq: string }
  /** Null: all that is left. */
  readonly points: Points | null
}

/**
 * Spends what a hold reserved, also of a member who may no longer act.
 *
 * Throws HoldNotFound, InvalidPoints, InsufficientPoints (the hold has less), InvalidIdempotencyKey,
 * IdempotencyKeyReused, Busy.
 */
export const captureHold = (deps: LoyaltyDeps, caller: Caller, command: EndHold): Promise<PointsMoved> =>
  endHold(deps, caller, command, 'capture-hold', ({ ledger }, move) =>
    ledger.capture({ ...move, hold: command.hold.seq, points: command.points, ref: null, purchase: null }),
  )

/**
 * Gives back what a hold reserved; what had its expiry meanwhile lapses at once.
 *
 * Throws HoldNotFound, InvalidPoints, InsufficientPoints (the hold has less), InvalidIdempotencyKey,
 * IdempotencyKeyReused, Busy.
 */
export const releaseHold = (deps: LoyaltyDeps, caller: Caller, command: EndHold): Promise<PointsMoved> =>
  endHold(deps, caller, command, 'release-hold', ({ ledger }, move) =>
    ledger.release({ ...move, hold: command.hold.seq, points: command.points, purchase: null }),
  )

async function endHold(
  deps: LoyaltyDeps,
  caller: Caller,
  command: EndHold,
  operation: string,
  verb: PlannedMove['verb'],
): Promise<PointsMoved> {
  const { points, hold } = command
  if (points !== null) movable(points, caller.tenant.setup.defaultProgram)
  return movePoints(deps, caller, command, {
    operation,
    facts: [hold.seq, points === null ? null : formatPoints(points)],
    settles: false,
    find: (stores) => walletOfHold(stores, caller, hold),
    verb,
  })
}

/** Numbers of holds are of one wallet, so it must be the very wallet that the entry names. Throws HoldNotFound. */
async function walletOfHold(
  stores: Stores,
  { tenant }: Caller,
  hold: EndHold['hold'],
): ReturnType<PlannedMove['find']> {
  const [entry] = await stores.activities.findByKeys(tenant.id, [hold])
  const member =
    entry?.kind === 'HOLD' && entry.memberId ? await memberBy(stores, tenant.id, entry.memberId) : null
  if (!member) throw new HoldNotFound(hold.seq)
  const account = walletOf(tenant, member.id, tenant.setup.defaultProgram)
  const statement = await statementOf(stores.accounts, tenant, account)
  if (statement?.accountId !== hold.accountId) throw new HoldNotFound(hold.seq)
  return { member, account }
}

async function memberBy(
  { members }: Stores,
  tenant: Caller['tenant']['id'],
  id: Member['id'],
): Promise<Member | null> {
  const [member] = await members.findByIds(tenant, [id])
  return member ?? null
}
