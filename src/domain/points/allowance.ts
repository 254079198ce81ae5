import { DateTime, Duration } from 'luxon'
import type { Action, LimitPeriod, Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { LoyaltyError } from '../shared/errors'
import type { MemberId, ProgramId, TenantId } from '../shared/ids'
import { type Instant, instantOf, isBefore, plus } from '../shared/instant'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'

/** What a member has had from one action: how much in the period that began then, and when last. */
export interface Allowance {
  /** Null: never counted, or a period that is the whole membership. */
  readonly periodStart: Instant | null
  readonly points: Points
  readonly lastAt: Instant | null
}

export interface AllowanceKey {
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly actionId: number
}

export interface AllowanceStore {
  /** Locked until commit, so that two awards of one action follow each other. Taken before any wallet is locked. */
  lock(tenant: TenantId, key: AllowanceKey): Promise<Allowance>
  save(tenant: TenantId, key: AllowanceKey, allowance: Allowance): Promise<void>
}

/** The member has had all that the action gives in its period. */
export class ActionLimitReached extends LoyaltyError {
  readonly code = 'ACTION_LIMIT_REACHED'
  override readonly field = 'actionId'
  constructor(readonly actionId: number) {
    super('the limit of this action is used up')
  }
}

/** The action awards again only later. */
export class ActionCoolingDown extends LoyaltyError {
  readonly code = 'ACTION_COOLING_DOWN'
  override readonly field = 'actionId'
  constructor(
    readonly actionId: number,
    readonly nextAt: Instant,
    readonly now: Instant,
  ) {
    super(`this action awards again at ${nextAt}`)
  }
}

/** What an action still gives: so many of the points asked, or why none. `take` writes it down, once they are awarded. */
export interface Grant {
  readonly points: Points
  readonly refusal: LoyaltyError | null
  take(): Promise<void>
}

/**
 * How much of an award its action's limit and cool-down allow now. What exceeds the limit is cut off; once the limit
 * is used up, or while the action cools down, nothing is given. Locks the member's allowance when there is one.
 */
export async function grantOf(
  { allowances }: Pick<Stores, 'allowances'>,
  tenant: Tenant,
  program: Program,
  memberId: MemberId,
  asked: { readonly action: Action | null; readonly points: Points },
): Promise<Grant> {
  const { action, points } = asked
  if (!action || !isLimited(action)) return { points, refusal: null, take: () => Promise.resolve() }
  const key = { memberId, programId: program.id, actionId: action.actionId }
  const before = await allowances.lock(tenant.id, key)
  const { now } = tenant.time
  const decision = planGrant(action, points, before, now, tenant.setup.timeZone)
  if (decision instanceof LoyaltyError) return { points, refusal: decision, take: () => Promise.resolve() }
  return {
    points: decision.granted,
    refusal: null,
    take: () => allowances.save(tenant.id, key, decision.after),
  }
}

export const isLimited = ({ limit, coolDown }: Action): boolean => limit !== null || coolDown !== null

/** How much is granted and what the allowance is afterwards, or why nothing is. Pure. */
export function planGrant(
  action: Action,
  asked: Points,
  before: Allowance,
  now: Instant,
  zone: string,
): { readonly granted: Points; readonly after: Allowance } | LoyaltyError {
  const nextAt = action.coolDown && before.lastAt ? laterBy(before.lastAt, action.coolDown, zone) : null
  if (nextAt && isBefore(now, nextAt)) return new ActionCoolingDown(action.actionId, nextAt, now)
  const periodStart = action.limit && startOf(action.limit.per, now, zone)
  const had = sameMoment(periodStart, before.periodStart) ? before.points : ZERO_POINTS
  const left = action.limit ? action.limit.points - had : asked
  if (left <= 0n) return new ActionLimitReached(action.actionId)
  const granted = (asked < left ? asked : left) as Points
  return { granted, after: { periodStart, points: (had + granted) as Points, lastAt: now } }
}

const laterBy = (from: Instant, duration: string, zone: string): Instant =>
  plus(from, Duration.fromISO(duration).toObject(), zone)

/** Null: the whole membership. */
function startOf(per: LimitPeriod, now: Instant, zone: string): Instant | null {
  if (per === 'lifetime') return null
  return instantOf(DateTime.fromISO(now, { zone }).startOf(per).toMillis())
}

const sameMoment = (a: Instant | null, b: Instant | null): boolean =>
  a === null || b === null ? a === b : Date.parse(a) === Date.parse(b)
