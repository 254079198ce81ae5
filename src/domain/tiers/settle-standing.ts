import { Decimal } from '../shared/decimal'
import type { MemberId, TierId } from '../shared/ids'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import { tierReached } from './evaluate-tier'
import { planTier } from './plan-tier'
import type { Tier, WindowedProgram } from './tier'

export interface StandingChange {
  readonly memberId: MemberId
  readonly program: Program
  /** Added to what the member has spent, in the tenant's currency; a return takes away. */
  readonly spend: Amount
  /**
   * Lifetime points after the movement that has just locked the wallet. When nothing moved, how to read them: that
   * happens once the membership is locked, so that what another purchase has awarded meanwhile is seen.
   */
  readonly lifetime: Points | (() => Promise<Points>)
  /** An entry of the wallet has told of this change already. Unless said, one has where `lifetime` is that of a movement. */
  readonly isTold?: boolean
}

/** The tier before and after; the same one when nothing changed. */
export interface TierMove {
  readonly before: Tier | null
  readonly after: Tier | null
}

/**
 * What every purchase does to a member's standing once its points are booked: adds the spend and re-evaluates the
 * tier at once, upwards and downwards. Call it inside the purchase's unit of work and after its ledger verb: the
 * wallet is locked first, the membership second, so two purchases of one member follow each other.
 */
export async function settleStanding(
  stores: Pick<Stores, 'members' | 'tiers'>,
  tenant: Tenant,
  change: StandingChange,
): Promise<TierMove> {
  const { memberId, program, spend, lifetime, isTold = typeof lifetime !== 'function' } = change
  const move = looksAtPeriod(program)
    ? await settlePeriod(stores, tenant, { memberId, program, spend })
    : await settleForLife(stores, tenant, change)
  // Entries tell of themselves, and so does a tier that changes: spend alone has nobody else to.
  if (!isTold && isSpend(spend) && move.after?.id === move.before?.id)
    await stores.members.announce(tenant.id, memberId)
  return move
}

async function settleForLife(
  stores: Pick<Stores, 'members' | 'tiers'>,
  tenant: Tenant,
  { memberId, program, spend, lifetime }: StandingChange,
): Promise<TierMove> {
  const membership = await stores.members.addSpend(tenant.id, memberId, program.id, spend)
  const standing = {
    spend: membership.spend,
    lifetime: typeof lifetime === 'function' ? await lifetime() : lifetime,
  }
  const before = await tierById(stores, tenant, program.tiers, membership.tierId)
  const after = tierReached(program.tiers, standing)
  if (after?.id !== before?.id)
    await stores.members.setTier(tenant.id, memberId, program.id, after?.id ?? null)
  return { before, after }
}

const isSpend = (spend: Amount): boolean => !new Decimal(spend).isZero()

export const looksAtPeriod = (program: Program): program is Program & WindowedProgram =>
  program.tierWindow !== null

/**
 * The same where tiers look at a period: the tier is planned as far ahead as the clock alone can move it.
 * `isCounted`: a booking of this transaction has added the spend to the membership already.
 */
export async function settlePeriod(
  stores: Pick<Stores, 'tiers'>,
  tenant: Tenant,
  change: Pick<StandingChange, 'memberId' | 'spend'> & {
    readonly program: Program & WindowedProgram
    readonly isCounted?: boolean
  },
): Promise<TierMove> {
  const { memberId, program, spend, isCounted = false } = change
  const standing = await stores.tiers.lockStanding(tenant, memberId, program, { amount: spend, isCounted })
  const before = await tierById(stores, tenant, program.tiers, standing.tierId)
  const plan = planTier(
    { tiers: program.tiers, window: program.tierWindow },
    standing,
    { tier: before, on: standing.on },
    standing.today,
  )
  await stores.tiers.place(tenant, memberId, program.id, plan)
  return { before, after: plan.now.tier }
}

/** A tier that the setup has retired is no longer among the program's, yet members may still stand in it. */
export async function tierById(
  stores: Pick<Stores, 'tiers'>,
  tenant: Tenant,
  tiers: readonly Tier[],
  id: TierId | null,
): Promise<Tier | null> {
  if (id === null) return null
  const current = tiers.find((tier) => tier.id === id)
  return current ?? (await stores.tiers.findByIds(tenant.id, [id]))[0] ?? null
}
