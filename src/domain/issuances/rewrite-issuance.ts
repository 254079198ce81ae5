import { Decimal } from '../shared/decimal'
import type { MemberId } from '../shared/ids'
import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct } from '../members/errors'
import type { Caller } from '../programs/caller'
import { ChangeNotAllowed } from '../purchases/errors'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Grant, Issuance } from './issuance'
import {
  assertIssuable,
  type ChangedIssuance,
  finishIssuance,
  grantPoints,
  type IssuanceBooking,
  type IssuanceChange,
  lockedIssuance,
  memberById,
  releaseShipped,
  takeBackGrants,
} from './issuance-points'
import { NO_PART, takenFrom } from './plan-change'
import { datedIssuance, type IssuanceFacts } from './record-issuance'

export interface RewriteIssuance extends IssuanceFacts {
  readonly issuanceKey: string
  /** Whose the client says it is. */
  readonly memberId: MemberId
  readonly booking: IssuanceBooking
}

/**
 * Replaces the data of an issuance, which has shipped from then on; the difference of its points is granted or taken
 * back, spend and tier follow. Figures may not fall below what was returned. Refuses with OrderDateRequired,
 * DateInFuture, IssuanceNotFound, ChangeNotAllowed, ActionNotFound, InvalidPoints and MemberMayNotAct (more points are
 * earned). Source: contract of the orders door, section 9.
 */
export async function rewriteIssuance(
  deps: LoyaltyDeps,
  caller: Caller,
  command: RewriteIssuance,
): Promise<ChangedIssuance> {
  const { tenant } = caller
  datedIssuance(command, tenant.time.now)
  return deps.unitOfWork.run(async (stores) => {
    const change = await lockedIssuance(stores, caller, command)
    const { issuance, program } = change
    assertRewritable(issuance, command)
    assertIssuable(program, command.actionId, command.points)
    const more = command.points - issuance.points
    if (more > 0n) assertMayAct(await memberById(stores, tenant, issuance))
    const store =
      command.store && (await stores.shops.findByCode(tenant.id, command.store.door, command.store.code))
    const after: Issuance = {
      ...issuance,
      actionId: command.actionId,
      storeCode: command.store?.code ?? null,
      storeId: store?.id ?? null,
      source: command.source,
      total: command.total,
      discount: command.discount,
      points: command.points,
      state: 'SHIPPED',
      status: command.status,
      waiting: NO_PART,
      attributes: command.attributes,
    }
    return book(change, after, command)
  })
}

async function book(
  change: IssuanceChange,
  after: Issuance,
  command: RewriteIssuance,
): Promise<ChangedIssuance> {
  const { stores, caller, issuance, grants } = change
  const more = after.points - issuance.points
  const added: Grant | null =
    more > 0n ? { grantNo: nextNo(grants), points: more as Points, removed: ZERO_POINTS } : null
  const kept = more < 0n ? takenFrom(grants, -more as Points) : grants
  const saved = { issuance: after, grants: added ? [...kept, added] : kept }
  await stores.issuances.save(caller.tenant.id, saved, command.lines)
  await releaseShipped(change, after)
  const removed = await takeBackGrants(change, kept, 'released')
  const awarded = added ? await grantPoints(change, after, added, null) : []
  return finishIssuance(change, issuance, after, { awarded, removed })
}

const nextNo = (grants: readonly Grant[]): number => (grants.at(-1)?.grantNo ?? 0) + 1

function assertRewritable(issuance: Issuance, command: RewriteIssuance): void {
  if (command.memberId !== issuance.memberId) throw new ChangeNotAllowed('member')
  if (issuance.state === 'RETURNED' || issuance.state === 'CANCELED') throw new ChangeNotAllowed('status')
  if (command.points < issuance.removed.points) throw new ChangeNotAllowed('points')
  if (new Decimal(command.total).lt(issuance.removed.spend)) throw new ChangeNotAllowed('total')
}
