import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import { InvalidIdentifier } from '../shared/errors'
import { formatPoints, type Points } from '../shared/points'
import type { Member } from '../members/member'
import { type MemberRef, memberWhoMoves, movable, type PointsMoved } from './award-points'
import { activeWallet, movePoints, type MoveRequest } from './move'

export interface TransferPoints extends MoveRequest {
  readonly from: MemberRef
  readonly to: MemberRef
  readonly points: Points
  /** A UUID that nothing else has: joins the two entries. */
  readonly transferId: string
}

export interface PointsTransferred extends PointsMoved {
  readonly recipient: Member
}

/**
 * Moves points from one member's main wallet to another's; expiry dates travel with them. A repeat under the same
 * idempotency key answers what the first call did.
 *
 * Throws MemberNotFound, MemberMayNotAct (either of the two), InvalidIdentifier (to oneself), InvalidPoints,
 * InsufficientPoints, InvalidIdempotencyKey, IdempotencyKeyReused, Busy.
 */
export async function transferPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: TransferPoints,
): Promise<PointsTransferred> {
  const points = movable(command.points, caller.tenant.setup.defaultProgram)
  const recipients: Member[] = []
  const moved = await movePoints(deps, caller, command, {
    operation: 'transfer-points',
    facts: [formatPoints(points), JSON.stringify(command.to)],
    settles: false,
    async find(stores) {
      const found = await activeWallet(caller, command.from)(stores)
      const recipient = await memberWhoMoves(stores, caller.tenant, command.to)
      if (recipient.id === found.member.id) throw new InvalidIdentifier('recipient', recipient.id)
      recipients[0] = recipient
      return found
    },
    verb: ({ ledger }, move) =>
      ledger.transfer({
        ...move,
        points,
        transferId: command.transferId,
        to: { kind: 'MEMBER', id: (recipients[0] as Member).id },
      }),
  })
  return { ...moved, recipient: recipients[0] as Member }
}
