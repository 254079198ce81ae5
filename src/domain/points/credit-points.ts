import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import type { Caller } from '../programs/caller'
import type { Action } from '../programs/program'
import { ZERO_AMOUNT } from '../shared/money'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import { grantOf, isLimited } from './allowance'
import { atDesk, factsFor, planStanding, tierBooked, withRetiredTier } from './at-desk'
import { maturityOf, movable } from './award-points'
import { BookingOutrun } from './booking-desk'
import { expiryOf } from './earning'
import { ActionNotFound } from './errors'
import type { AccountKey, AwardCommand, Movement } from './ledger'
import {
  type BucketAsk,
  callFacts,
  memberAsked,
  plainReceipt,
  plannedBuckets,
  type PointsAsk,
  type PointsBooked,
  receiptOf,
  remember,
  tierOf,
} from './points-ask'
import { claimNames, customClaim, type PointsReceipt } from './points-request'
import { bucketWalletOf, figuresAfter, figuresExpected, type WalletFigures, walletOf } from './wallet'

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
  const maturesAt = maturityOf(planned.action, tenant)
  if (planned.points !== null && isPlain(command, planned)) {
    const { points } = planned
    return atDesk(deps, caller, command, (stores, how) =>
      creditAtDesk(stores, caller, command, { points, rule, maturesAt, how }),
    )
  }
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
      (await award(stores, caller, command, walletOf(tenant, found.member.id, program), {
        points: grant.points,
        rule,
        maturesAt,
      }))
    await grant?.take()
    const inBuckets: Movement[] = []
    for (const bucket of planned.buckets) {
      const wallet = bucketWalletOf(tenant, found.member.id, program, bucket)
      inBuckets.push(
        await award(stores, caller, command, wallet, { points: bucket.points, rule, maturesAt: null }),
      )
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
      waiting: main && waitingOf(main.moved, maturesAt),
      buckets: planned.buckets.map((bucket) => ({ ...bucket, moved: bucket.points })),
    })
    await remember(stores, tenant, command, { found, claims, receipt, movement: main ?? inBuckets[0] })
    return { receipt, repeated: false }
  })
}

/** Nothing is to be asked or written but the wallet and the standing. */
const isPlain = ({ customId }: CreditPoints, { action, buckets }: PlannedCredit): boolean =>
  customId === null && buckets.length === 0 && (action === null || !isLimited(action))

async function creditAtDesk(
  stores: Stores,
  caller: Caller,
  command: CreditPoints,
  { points, rule, maturesAt, how }: Granting & { readonly how: 'unlocked' | 'locked' },
): Promise<PointsBooked> {
  const { tenant } = caller
  const { program, member, attributes } = command
  const facts = await factsFor(stores, caller, program, { member, orderKey: null }, how)
  if (!facts) throw new MemberNotFound(member)
  assertMayAct(facts.found.member)
  const account = walletOf(tenant, facts.found.member.id, program)
  const award = awardOf(caller, command, account, { points, rule, maturesAt })
  const waiting = waitingOf(points, maturesAt)
  const plan = planStanding(program, facts, { spend: ZERO_AMOUNT, award })
  const { tier, isUnsure, ...standing } = await withRetiredTier(stores, caller, facts, plan)
  if (how === 'unlocked' && isUnsure) throw new BookingOutrun()
  const receiptFrom = (wallet: WalletFigures, moved: TierMove = tier): PointsReceipt =>
    plainReceipt(moved, points, waiting, wallet)
  // Nobody has moved the wallet meanwhile, or the booking fails: what will be told is known, and written with it.
  const said =
    how === 'unlocked' && Object.keys(attributes).length > 0
      ? {
          attributes,
          claims: NO_CLAIMS,
          receipt: receiptFrom(figuresExpected(facts.statement, points, waiting?.points)),
        }
      : null
  const [movement] = await stores.desk.book(tenant.id, [{ order: null, award, ...standing, said }], how)
  if (!movement) throw new Error('an award moved nothing')
  const booked = await tierBooked(stores, caller, program, { ...standing, tier })
  const receipt = receiptFrom(figuresAfter(facts.statement, movement), booked)
  if (how === 'locked') {
    await remember(stores, tenant, command, { found: facts.found, claims: NO_CLAIMS, receipt, movement })
  }
  return { receipt, repeated: false }
}

const NO_CLAIMS = { order: null, custom: null } as const

interface Granting {
  readonly points: Points
  readonly rule: string
  /** Null: at once. */
  readonly maturesAt: Instant | null
}

const waitingOf = (points: Points, until: Instant | null): PointsReceipt['waiting'] =>
  until && { points, until }

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

const award = (stores: Stores, ...asked: Parameters<typeof awardOf>): Promise<Movement> =>
  stores.ledger.award(awardOf(...asked))

const awardOf = (
  caller: Caller,
  command: CreditPoints,
  account: AccountKey,
  { points, rule, maturesAt }: Granting,
): AwardCommand => {
  const { tenant } = caller
  return {
    account,
    ...callFacts(caller, command),
    source: { type: 'POINTS', ref: `${command.ref}/${account.currency}` },
    purchase: null,
    lines: [{ lineRef: '', points, rule }],
    maturesAt,
    expiresAt: expiryOf(command.program.expiry, tenant.time.now, tenant.setup.timeZone),
    countsForLifetime: true,
  }
}
