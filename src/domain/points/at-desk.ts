import type { LoyaltyDeps } from '../loyalty'
import type { IdentityKey } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import { Decimal } from '../shared/decimal'
import { type Amount, toAmount } from '../shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { tierReached } from '../tiers/evaluate-tier'
import { looksAtPeriod, settlePeriod, tierById, type TierMove } from '../tiers/settle-standing'
import { type Booking, type BookingAsk, type BookingFacts, BookingOutrun } from './booking-desk'
import type { AwardCommand } from './ledger'
import { statementOf, walletOf } from './wallet'

/**
 * Does work at the desk without a lock, in two round trips; when somebody else moves the member meanwhile, again under
 * a lock and in one transaction.
 */
export async function atDesk<T>(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { program, member }: { readonly program: Program; readonly member: IdentityKey },
  work: (stores: Stores, how: 'unlocked' | 'locked') => Promise<T>,
): Promise<T> {
  // Tiers that look at a period are settled after the booking, in its transaction.
  const inOneGo = !looksAtPeriod(program)
  try {
    if (inOneGo) return await unitOfWork.atOnce((stores) => work(stores, 'unlocked'))
  } catch (error) {
    if (!(error instanceof BookingOutrun)) throw error
  }
  return unitOfWork.run(async (stores) => {
    await stores.desk.lock(tenant, program, member)
    return work(stores, 'locked')
  })
}

/** The facts for one. Under the lock what is due in the wallet is counted in, as the next movement will find it. */
export async function factsFor(
  { desk, accounts }: Pick<Stores, 'desk' | 'accounts'>,
  { tenant }: Caller,
  program: Program,
  ask: BookingAsk,
  how: 'unlocked' | 'locked',
): Promise<BookingFacts | null> {
  const [facts] = await desk.facts(tenant, program, [ask])
  if (!facts || facts.lastSeq !== null || how === 'unlocked') return facts ?? null
  return {
    ...facts,
    statement: await statementOf(accounts, tenant, walletOf(tenant, facts.found.member.id, program)),
  }
}

/** What an award and a spend will make of a member's standing, and whether that is known without a lock. */
export interface PlannedStanding extends Pick<Booking, 'standing' | 'seq'> {
  readonly tier: TierMove
  /** Something is due in the wallet: only under its lock is it known what the award finds. */
  readonly isUnsure: boolean
}

/** Adds the spend, counts the award, and re-evaluates the tier. Pure. */
export function planStanding(
  program: Program,
  { found, statement, lastSeq, hasMembership }: Omit<BookingFacts, 'orderId' | 'isTaken'>,
  { spend, award }: { readonly spend: Amount; readonly award: AwardCommand | null },
): PlannedStanding {
  const { member, membership } = found
  const points = award ? sumPoints(award.lines.map((line) => line.points)) : ZERO_POINTS
  const { tierId } = membership
  const before = program.tiers.find(({ id }) => id === tierId) ?? null
  const standing = {
    spend: toAmount(new Decimal(membership.spend).plus(spend)),
    lifetime: ((statement?.lifetime ?? ZERO_POINTS) + points) as Points,
  }
  const settlesLater = looksAtPeriod(program)
  const after = settlesLater ? before : tierReached(program.tiers, standing)
  return {
    standing: {
      memberId: member.id,
      programId: program.id,
      before: hasMembership ? { spend: membership.spend, tierId } : null,
      spend,
      tierId: settlesLater ? tierId : (after?.id ?? null),
    },
    seq: award && lastSeq !== null ? lastSeq + 1n : null,
    tier: { before, after },
    isUnsure: award !== null && lastSeq === null,
  }
}

/** The tier before and after a booking that has just been written. */
export async function tierBooked(
  stores: Pick<Stores, 'tiers'>,
  { tenant }: Caller,
  program: Program,
  { standing, tier }: { readonly standing: Booking['standing']; readonly tier: TierMove },
): Promise<TierMove> {
  if (!looksAtPeriod(program)) return tier
  const { memberId, spend } = standing
  return settlePeriod(stores, tenant, { memberId, program, spend, isCounted: true })
}

/** A tier that the setup has retired is no longer the program's, and yet where the member stood. */
export async function withRetiredTier<T extends { readonly tier: TierMove }>(
  stores: Pick<Stores, 'tiers'>,
  { tenant }: Caller,
  facts: Pick<BookingFacts, 'found'>,
  planned: T,
): Promise<T> {
  const { tierId } = facts.found.membership
  if (planned.tier.before || tierId === null) return planned
  return { ...planned, tier: { ...planned.tier, before: await tierById(stores, tenant, [], tierId) } }
}
