import { Decimal } from '../shared/decimal'
import { type Amount, toAmount } from '../shared/money'
import { InvalidPoints } from '../shared/errors'
import { fitsDecimals, formatPoints, type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import { MemberNotFound } from '../members/errors'
import type { Member } from '../members/member'
import { ActionNotFound } from '../points/errors'
import { type AccountStatement, type AwardCommand, type Movement, UNLIMITED_DEBT } from '../points/ledger'
import { movedNow, statementOf, walletOf } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import { IssuanceNotFound } from './errors'
import type { Grant, Issuance, IssuanceWithGrants } from './issuance'
import { left } from './plan-change'

/** What a change of an issuance did. */
export interface ChangedIssuance {
  readonly issuance: Issuance
  readonly member: Member
  readonly awarded: Points
  readonly removed: Points
  /** The wallet afterwards; null when the member never had a point. */
  readonly statement: AccountStatement | null
  readonly tier: TierMove
}

/** How a change appears in the journal, in the caller's words. */
export interface IssuanceBooking {
  readonly actionId: number | null
  readonly reason: string | null
  readonly requestId: string | null
}

/** An issuance being made or changed, in its unit of work. */
export interface IssuanceChange extends IssuanceWithGrants {
  readonly stores: Stores
  readonly caller: Caller
  readonly program: Program
  readonly booking: IssuanceBooking
}

/** The issuance, locked until commit. Throws IssuanceNotFound. */
export async function lockedIssuance(
  stores: Stores,
  caller: Caller,
  { issuanceKey, booking }: { readonly issuanceKey: string; readonly booking: IssuanceBooking },
): Promise<IssuanceChange> {
  const { tenant } = caller
  const found = await stores.issuances.lock(tenant.id, issuanceKey)
  if (!found) throw new IssuanceNotFound(issuanceKey)
  const program = tenant.setup.programs.find(({ id }) => id === found.issuance.programId)
  return { ...found, stores, caller, booking, program: program ?? tenant.setup.defaultProgram }
}

/** Refuses an action that the program does not issue points for, and figures it cannot hold. Throws ActionNotFound, InvalidPoints. Pure. */
export function assertIssuable(program: Program, actionId: number, points: Points): void {
  if (program.issuances?.actionId !== actionId) throw new ActionNotFound(actionId)
  if (points < 0n || !fitsDecimals(points, program.pointsDecimals))
    throw new InvalidPoints(formatPoints(points))
}

/** Awards a grant; nothing when it is of no points. */
export async function grantPoints(
  { stores, caller, program, booking }: Omit<IssuanceChange, 'issuance' | 'grants'>,
  issuance: Issuance,
  grant: Pick<Grant, 'grantNo' | 'points'>,
  maturesAt: AwardCommand['maturesAt'],
): Promise<readonly Movement[]> {
  if (grant.points === 0n) return []
  const movement = await stores.ledger.award({
    ...moveOf(caller, program, issuance, booking),
    source: sourceOf(issuance, grant),
    lines: [{ lineRef: '', points: grant.points, rule: `issuances@${caller.tenant.setup.version}` }],
    maturesAt,
    expiresAt: issuance.expiresAt,
    countsForLifetime: true,
  })
  return [movement]
}

/** Takes back what grants no longer hold: cumulative, so that no repetition takes more. */
export async function takeBackGrants(
  { stores, caller, program, issuance, grants, booking }: IssuanceChange,
  after: readonly Grant[],
  first: 'waiting' | 'released',
): Promise<readonly Movement[]> {
  const movements: Movement[] = []
  for (const grant of after.filter((each, index) => each !== grants[index])) {
    movements.push(
      await stores.ledger.reverse({
        ...moveOf(caller, program, issuance, booking),
        source: sourceOf(issuance, grant),
        lines: [{ lineRef: '', cumulative: grant.removed }],
        maxDebt: UNLIMITED_DEBT,
        first,
      }),
    )
  }
  return movements
}

/** Lets what has shipped be spent now; only the first grant can have waited. */
export async function releaseShipped(
  { stores, caller, program, grants, booking }: IssuanceChange,
  issuance: Issuance,
): Promise<void> {
  const [first] = grants
  if (first?.grantNo !== 0) return
  await stores.ledger.schedule({
    ...moveOf(caller, program, issuance, booking),
    source: sourceOf(issuance, first),
    lines: [{ lineRef: '', waiting: issuance.waiting.points }],
    maturesAt: null,
    sooner: false,
  })
}

/** Counts the change of spend, re-evaluates the tier, and reads the wallet as it is now. */
export async function finishIssuance(
  { stores, caller, program }: Omit<IssuanceChange, 'issuance' | 'grants'>,
  before: Issuance | null,
  issuance: Issuance,
  movements: { readonly awarded: readonly Movement[]; readonly removed: readonly Movement[] },
): Promise<ChangedIssuance> {
  const { tenant } = caller
  const member = await memberById(stores, tenant, issuance)
  const read = () => statementOf(stores.accounts, tenant, walletOf(tenant, member.id, program))
  const tier = await settleStanding(stores, tenant, {
    memberId: member.id,
    program,
    spend: difference(left(issuance).spend, before && left(before).spend),
    lifetime: async () => (await read())?.lifetime ?? ZERO_POINTS,
    isTold: movements.awarded.length + movements.removed.length > 0,
  })
  return {
    issuance,
    member,
    awarded: sumPoints(movements.awarded.map(({ moved }) => moved)),
    removed: sumPoints(movements.removed.map(({ moved }) => moved)),
    statement: await read(),
    tier,
  }
}

const difference = (a: Amount, b: Amount | null): Amount => toAmount(new Decimal(a).minus(b ?? 0))

/** The member of an issuance. */
export async function memberById(
  { members }: Stores,
  tenant: Tenant,
  { memberId }: Pick<Issuance, 'memberId'>,
): Promise<Member> {
  const [member] = await members.findByIds(tenant.id, [memberId])
  if (!member) throw new MemberNotFound({ type: 'id', value: memberId })
  return member
}

const sourceOf = ({ id }: Issuance, { grantNo }: Pick<Grant, 'grantNo'>) => ({
  type: 'ISSUANCE',
  ref: grantNo === 0 ? id : `${id}/${grantNo}`,
})

const moveOf = (
  { tenant, actor }: Caller,
  program: Program,
  issuance: Issuance,
  booking: IssuanceBooking,
) => ({
  account: walletOf(tenant, issuance.memberId, program),
  now: movedNow(tenant),
  timeZone: tenant.setup.timeZone,
  facts: { ...booking, actor, occurredAt: tenant.time.now },
  idempotency: null,
  purchase: { kind: 'ISSUANCE' as const, id: issuance.id },
})
