import type { LoyaltyDeps } from '../loyalty'
import type { MemberId } from '../shared/ids'
import type { Caller } from '../programs/caller'
import { ChangeNotAllowed } from '../purchases/errors'
import { type Points } from '../shared/points'
import type { Part } from './issuance'
import {
  type ChangedIssuance,
  finishIssuance,
  type IssuanceBooking,
  lockedIssuance,
  releaseShipped,
  takeBackGrants,
} from './issuance-points'
import { type IssuanceMove, planIssuanceMove, takenFrom } from './plan-change'

export interface ChangeIssuance {
  readonly issuanceKey: string
  readonly move: IssuanceMove
  /** The part that is moved; null: the whole, or for a return everything still granted. */
  readonly part: Part | null
  /** Whose the client says it is; null when it does not say. */
  readonly memberId: MemberId | null
  readonly status: string
  readonly booking: IssuanceBooking
}

/**
 * Ships, takes back or cancels an issuance or a part of it, books the points that go or become spendable, counts the
 * spend and re-evaluates the tier; all of it or nothing. What was spent meanwhile becomes a debt. Refuses with
 * IssuanceNotFound and ChangeNotAllowed. Source: contract of the orders door, section 9.
 */
export const changeIssuance = (
  deps: LoyaltyDeps,
  caller: Caller,
  command: ChangeIssuance,
): Promise<ChangedIssuance> =>
  deps.unitOfWork.run(async (stores) => {
    const change = await lockedIssuance(stores, caller, command)
    const { issuance, grants } = change
    if (command.memberId !== null && command.memberId !== issuance.memberId)
      throw new ChangeNotAllowed('member')
    const planned = planIssuanceMove(issuance, command.move, command.part)
    const after = { ...planned, status: command.status }
    const taken = (after.removed.points - issuance.removed.points) as Points
    const grantsAfter = takenFrom(grants, taken)
    await stores.issuances.save(caller.tenant.id, { issuance: after, grants: grantsAfter }, null)
    const removed = await takeBackGrants(
      change,
      grantsAfter,
      command.move === 'CANCEL' ? 'waiting' : 'released',
    )
    if (command.move === 'SHIP') await releaseShipped(change, after)
    return finishIssuance(change, issuance, after, { awarded: [], removed })
  })
