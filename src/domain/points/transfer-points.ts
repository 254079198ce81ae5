import type { LoyaltyDeps } from '../loyalty'
import { type Group, GroupNotFound } from '../members/group'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import { about, InvalidIdentifier } from '../shared/errors'
import { formatPoints, type Points } from '../shared/points'
import type { Stores } from '../stores'
import { type MemberRef, memberWhoMoves, movable } from './award-points'
import { decide } from './decide'
import type { Movement } from './ledger'
import { moveOf, type MoveRequest } from './move'
import { groupWalletOf, walletOf } from './wallet'

/** Whose wallet: a member's, or that of a group, by the name that clients know it by. */
export type HolderRef = MemberRef | { readonly group: string }

export interface TransferPoints extends MoveRequest {
  readonly from: HolderRef
  readonly to: HolderRef
  readonly points: Points
  /** A UUID that nothing else has: joins the two entries. */
  readonly transferId: string
}

/** A side of a transfer: one of the two is there. */
export type Holder =
  | { readonly member: Member; readonly group?: undefined }
  | { readonly group: Group; readonly member?: undefined }

export interface PointsTransferred {
  readonly from: Holder
  readonly to: Holder
  /** Of the wallet that gave. */
  readonly movement: Movement
}

/**
 * Moves points from one main wallet to another: between members, or between a member and the group that the member is
 * in. Expiry dates travel with them. A repeat under the same idempotency key answers what the first call did.
 *
 * Throws MemberNotFound, MemberMayNotAct (either of the two), GroupNotFound (no such group, or the member is not in
 * it), InvalidIdentifier (to oneself, or between groups), InvalidPoints, InsufficientPoints, InvalidIdempotencyKey,
 * IdempotencyKeyReused, Busy. A refusal of who gives or receives says which: `from`, `to`.
 */
export async function transferPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: TransferPoints,
): Promise<PointsTransferred> {
  const { tenant } = caller
  const program = tenant.setup.defaultProgram
  const points = movable(command.points, program)
  const move = async (stores: Stores): Promise<PointsTransferred> => {
    const from = await holderOf(stores, caller, command.from).catch(about('from'))
    const to = await holderOf(stores, caller, command.to).catch(about('to'))
    await assertRelated(stores, caller, from, to)
    const account = from.member
      ? walletOf(tenant, from.member.id, program)
      : groupWalletOf(tenant, from.group, program)
    const facts = [formatPoints(points), JSON.stringify(command.to)]
    const movement = await stores.ledger.transfer({
      ...moveOf(caller, command, { operation: 'transfer-points', facts }, account),
      points,
      transferId: command.transferId,
      to: to.member ? { kind: 'MEMBER', id: to.member.id } : { kind: 'GROUP', id: to.group.id },
    })
    return { from, to, movement }
  }
  // The transfer is all that is written, and decides for itself. A group's wallet is spent by many at once: outside a
  // transaction of their own their transfers can share one.
  return isGroup(command.from) ? deps.unitOfWork.atOnce(move) : decide(deps.unitOfWork, move)
}

const isGroup = (who: HolderRef): who is { readonly group: string } =>
  typeof who !== 'string' && 'group' in who

async function holderOf(stores: Stores, { tenant }: Caller, who: HolderRef): Promise<Holder> {
  if (!isGroup(who)) return { member: await memberWhoMoves(stores, tenant, who) }
  const group = await stores.groups.findByKey(tenant.id, who.group)
  if (!group) throw new GroupNotFound(who.group)
  return { group }
}

/** Two members, or a member and the group that the member is in. */
async function assertRelated(stores: Stores, { tenant }: Caller, from: Holder, to: Holder): Promise<void> {
  const group = from.group ?? to.group
  const member = from.member ?? to.member
  if (!member || (!group && from.member?.id === to.member?.id))
    throw new InvalidIdentifier('recipient', to.member?.id ?? to.group?.key ?? '')
  if (!group) return
  const [own] = await stores.groups.groupsOf(tenant.id, [member.id])
  if (own?.group.id !== group.id) throw new GroupNotFound(group.key)
}
