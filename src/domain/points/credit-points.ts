import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct } from '../members/errors'
import type { Caller } from '../programs/caller'
import type { Action } from '../programs/program'
import { ZERO_AMOUNT } from '../shared/money'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding } from '../tiers/settle-standing'
import { grantOf } from './allowance'
import { movable } from './award-points'
import { expiryOf } from './earning'
import { ActionNotFound } from './errors'
import type { AccountKey, Movement } from './ledger'
import {
  type BucketAsk,
  callFacts,
  memberAsked,
  plannedBuckets,
  type PointsAsk,
  type PointsBooked,
  receiptOf,
  remember,
  tierOf,
} from './points-ask'
import { claimNames, customClaim } from './points-request'
import { bucketWalletOf, walletOf } from './wallet'

export interface CreditPoints extends PointsAsk {
  /** Null: what the action awards; without an action, only the buckets are meant. */
  readonly points: Points | null
  readonly buckets: readonly BucketAsk[]
}

/**
 * Awards points to a member, so many or what an action awards, to the main wallet and to further kinds of points, and
 * re-evaluates the tier; all or nothing. Of what exceeds the action's limit only the rest of the limit is awarded.
 *
 * Throws ActionNotFound, InvalidPoints, InvalidIdentifier (an unknown bucket), MemberNotFound, MemberMayNotAct,
 * ReferenceUsed, ActionLimitReached, ActionCoolingDown, in this order. Source: contract of the points door, section 7.
 */
export async function creditPoints(
  deps: LoyaltyDeps,
  caller: Caller,
  command: CreditPoints,
): Promise<PointsBooked> {
  const { tenant } = caller
  const { program, actionId } = command
  const planned = planCredit(command)
  const rule = `${planned.action ? `actions.${planned.action.actionId}` : 'direct'}@${tenant.setup.version}`
  return deps.unitOfWork.run(async (stores) => {
    const found = await memberAsked(stores, tenant, program, command.member)
    assertMayAct(found.member)
    const claims = { order: null, custom: customClaim(command.customId, actionId) }
    await claimNames(stores, tenant.id, found.member.id, claims, { orderId: null, retry: false })
    const grant =
      planned.points === null
        ? null
        : await grantOf(stores, tenant, program, found.member.id, {
            action: planned.action,
            points: planned.points,
          })
    if (grant?.refusal) throw grant.refusal
    const main =
      grant &&
      (await award(stores, caller, command, walletOf(tenant, found.member.id, program), grant.points, rule))
    await grant?.take()
    const inBuckets: Movement[] = []
    for (const bucket of planned.buckets) {
      const wallet = bucketWalletOf(tenant, found.member.id, program, bucket)
      inBuckets.push(await award(stores, caller, command, wallet, bucket.points, rule))
    }
    const tier = main
      ? await settleStanding(stores, tenant, {
          memberId: found.member.id,
          program,
          spend: ZERO_AMOUNT,
          lifetime: main.balance.lifetime,
        })
      : { before: tierOf(program, found), after: tierOf(program, found) }
    const receipt = await receiptOf(stores, tenant, {
      program,
      found,
      tier,
      asked: planned.points,
      moved: main?.moved ?? null,
      buckets: planned.buckets.map((bucket) => ({ ...bucket, moved: bucket.points })),
    })
    await remember(stores, tenant, command, { found, claims, receipt, movement: main ?? inBuckets[0] })
    return { receipt, repeated: false }
  })
}

interface PlannedCredit {
  readonly action: Action | null
  /** Null: only buckets. */
  readonly points: Points | null
  readonly buckets: readonly BucketAsk[]
}

/** How much, and which action says so. Throws ActionNotFound, InvalidPoints, InvalidIdentifier. Pure. */
export function planCredit({ program, actionId, points, buckets }: CreditPoints): PlannedCredit {
  const action = program.actions.find((one) => one.actionId === actionId) ?? null
  if (points === null && buckets.length === 0 && !action) throw new ActionNotFound(actionId ?? 0)
  const asked = points ?? (buckets.length === 0 ? (action?.award ?? null) : null)
  return {
    action,
    points: asked === null ? null : movable(asked, program),
    buckets: plannedBuckets(program, buckets),
  }
}

const award = (
  stores: Stores,
  caller: Caller,
  command: CreditPoints,
  account: AccountKey,
  points: Points,
  rule: string,
): Promise<Movement> => {
  const { tenant } = caller
  return stores.ledger.award({
    account,
    ...callFacts(caller, command),
    source: { type: 'POINTS', ref: `${command.ref}/${account.currency}` },
    purchase: null,
    lines: [{ lineRef: '', points, rule }],
    maturesAt: null,
    expiresAt: expiryOf(command.program.expiry, tenant.time.now, tenant.setup.timeZone),
    countsForLifetime: true,
  })
}
