import type { Member } from '../members/member'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import { type Instant, millisOf } from '../shared/instant'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { InsufficientPoints } from './errors'
import type { AccountKey } from './ledger'
import type { OpenLot } from './lots'
import { groupWalletOf, movedNow, walletOf } from './wallet'

/** Whose wallet pays: a member's, or that of a group. */
export type Payer =
  | { readonly memberId: MemberId; readonly groupId: null }
  | { readonly memberId: null; readonly groupId: string }

/** What one wallet pays. */
export interface Payment {
  readonly payer: Payer
  readonly points: Points
}

export const ownPayer = ({ id }: Pick<Member, 'id'>): Payer => ({ memberId: id, groupId: null })

export const payingWallet = (
  tenant: Tenant,
  program: Pick<Program, 'id'>,
  { memberId, groupId }: Payer,
): AccountKey =>
  memberId === null ? groupWalletOf(tenant, { id: groupId }, program) : walletOf(tenant, memberId, program)

/** What a payer has, soonest expiry first. */
export interface Purse {
  readonly payer: Payer
  readonly lots: readonly OpenLot[]
}

/**
 * Who pays how much when a member spends what the whole group has: what expires first, of that what was awarded first,
 * of that the member's with the lower number, the group's own last. Payments are in the order of the purses; null when
 * there is not enough. Pure.
 */
export function planPayments(purses: readonly Purse[], points: Points): readonly Payment[] | null {
  const lots = purses.flatMap(({ lots: own }, purse) =>
    own.filter(({ maturesAt }) => maturesAt === null).map((lot) => ({ purse, lot })),
  )
  // Sorting keeps the order of equals, which is that of the purses.
  lots.sort((a, b) => order(a.lot, b.lot))
  const paid = purses.map(() => 0n)
  let rest: bigint = points
  for (const { purse, lot } of lots) {
    const taken = lot.points < rest ? lot.points : rest
    paid[purse] = (paid[purse] ?? 0n) + taken
    rest -= taken
  }
  if (rest > 0n) return null
  return purses
    .map(({ payer }, index) => ({ payer, points: (paid[index] ?? 0n) as Points }))
    .filter((payment) => payment.points > 0n)
}

const order = (a: OpenLot, b: OpenLot): number =>
  momentOf(a.expiresAt) - momentOf(b.expiresAt) || momentOf(a.spendableFrom) - momentOf(b.spendableFrom)

/** What never expires is spent last. */
const momentOf = (instant: Instant | null): number =>
  instant === null ? Number.MAX_SAFE_INTEGER : millisOf(instant)

/**
 * The purses of a member's group that anything is in, kept from other redemptions by the group until commit: those of its members who may
 * act, by number, and the group's own. Of a member without a group the member's own.
 */
export async function groupPurses(
  { groups, members, accounts, lots, redemptions }: Stores,
  tenant: Tenant,
  member: Member,
  program: Program,
): Promise<readonly Purse[]> {
  const [own] = await groups.groupsOf(tenant.id, [member.id])
  if (own) await redemptions.claim(tenant.id, `group ${own.group.id}`)
  const inGroup = own ? await groups.membersOf(tenant.id, [own.group.id]) : []
  const found = own
    ? await members.findByIds(
        tenant.id,
        inGroup.map(({ memberId }) => memberId),
      )
    : [member]
  const payers: readonly Payer[] = [
    ...found
      .filter(({ status }) => status === 'ACTIVE')
      .sort((a, b) => Number(a.id) - Number(b.id))
      .map(ownPayer),
    ...(own ? [{ memberId: null, groupId: own.group.id }] : []),
  ]
  const wallets = payers.map((payer) => payingWallet(tenant, program, payer))
  const statements = await accounts.statements(wallets, movedNow(tenant), tenant.setup.timeZone)
  const purses: Purse[] = []
  // A large group has many members, and few of them have anything.
  for (const [index, payer] of payers.entries()) {
    if ((statements[index]?.available ?? ZERO_POINTS) <= ZERO_POINTS) continue
    const open = await lots.openLots(wallets[index] as AccountKey, movedNow(tenant))
    purses.push({ payer, lots: open })
  }
  return purses
}

/** Who of the member's group pays so many points. Throws InsufficientPoints. */
export function paymentsOf(purses: readonly Purse[], points: Points): readonly Payment[] {
  const payments = planPayments(purses, points)
  if (payments) return payments
  const spendable = purses.flatMap(({ lots }) => lots.filter(({ maturesAt }) => maturesAt === null))
  throw new InsufficientPoints(sumPoints(spendable.map((lot) => lot.points)), points)
}
