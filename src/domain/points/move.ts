import type { LoyaltyDeps } from '../loyalty'
import type { Member } from '../members/member'
import type { Caller } from '../programs/caller'
import { ZERO_AMOUNT } from '../shared/money'
import type { Stores } from '../stores'
import { settleStanding } from '../tiers/settle-standing'
import { type MemberRef, memberWhoMoves, type PointsMoved } from './award-points'
import { decide } from './decide'
import type { AccountKey, AwardCommand, Movement } from './ledger'
import { idempotencyOf } from './request-key'
import { movedNow, walletOf } from './wallet'

/** What every movement of a member's main wallet is told. */
export interface MoveRequest {
  readonly reason: string | null
  /** 1 to 255 characters; null: every call moves anew. */
  readonly idempotencyKey: string | null
  readonly requestId: string
}

/** What all commands of the ledger have in common. */
export type Move = Pick<AwardCommand, 'account' | 'now' | 'timeZone' | 'facts' | 'idempotency'>

export interface PlannedMove {
  /** The use case, in kebab case. */
  readonly operation: string
  /** Everything that makes the request this one and not another, in a fixed order; the reason is added. */
  readonly facts: readonly (string | null)[]
  /** Whether lifetime points may change, so that the tier is evaluated anew. */
  readonly settles: boolean
  readonly find: (stores: Stores) => Promise<{ readonly member: Member; readonly account: AccountKey }>
  readonly verb: (stores: Stores, move: Move) => Promise<Movement>
}

/** Moves points of one wallet in one unit of work, and re-evaluates the tier where that can matter; all or nothing. */
export const movePoints = (
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  request: MoveRequest,
  plan: PlannedMove,
): Promise<PointsMoved> =>
  decide(unitOfWork, async (stores) => {
    const { tenant } = caller
    const { member, account } = await plan.find(stores)
    const movement = await plan.verb(stores, moveOf(caller, request, plan, account))
    // A repeat's balance is of the day it was first asked: nothing to learn about the tier from it.
    if (plan.settles && !movement.replayed) {
      const { lifetime } = movement.balance
      const program = tenant.setup.defaultProgram
      await settleStanding(stores, tenant, { memberId: member.id, program, spend: ZERO_AMOUNT, lifetime })
    }
    return { member, movement }
  })

/** A member who may act, and the main wallet. Throws MemberNotFound, MemberMayNotAct. */
export const activeWallet =
  ({ tenant }: Caller, who: MemberRef): PlannedMove['find'] =>
  async (stores) => {
    const member = await memberWhoMoves(stores, tenant, who)
    return { member, account: walletOf(tenant, member.id, tenant.setup.defaultProgram) }
  }

/** A request as the ledger is told it. */
export function moveOf(
  caller: Caller,
  request: MoveRequest,
  plan: Pick<PlannedMove, 'operation' | 'facts'>,
  account: AccountKey,
): Move {
  const { tenant, actor } = caller
  return {
    account,
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: {
      actionId: null,
      reason: request.reason,
      actor,
      requestId: request.requestId,
      occurredAt: tenant.time.now,
    },
    idempotency: idempotencyOf({
      caller,
      operation: plan.operation,
      key: request.idempotencyKey,
      account,
      facts: [...plan.facts, request.reason],
    }),
  }
}
