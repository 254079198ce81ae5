import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Group } from '../members/group'
import { type Points, ZERO_POINTS } from '../shared/points'
import {
  type AccountKey,
  type AccountStatement,
  type HandMovements,
  MAIN_CURRENCY,
  type Movement,
  type PointsReader,
} from './ledger'

/** A member's wallet of the program's main currency. */
export const walletOf = (tenant: Tenant, memberId: MemberId, program: Pick<Program, 'id'>): AccountKey => ({
  tenantId: tenant.id,
  holder: { kind: 'MEMBER', id: memberId },
  programId: program.id,
  currency: MAIN_CURRENCY,
})

/** A member's wallet of a further kind of points; what only counts for standing is kept apart from what can be spent. */
export const bucketWalletOf = (
  tenant: Tenant,
  memberId: MemberId,
  program: Program,
  { bucket, kind }: { readonly bucket: string; readonly kind: 'SPENDABLE' | 'TIER' },
): AccountKey => ({
  ...walletOf(tenant, memberId, program),
  currency: `${kind === 'TIER' ? 'tier' : 'bucket'}:${bucket}`,
})

/** A further currency of a program as wallets are kept in it. */
export const alternateCurrency = (identifier: string): string => `currency:${identifier}`

/** What a further currency, or a bucket, is known by; null for the main currency. Pure. */
export const furtherCurrency = (currency: string): string | null =>
  currency === MAIN_CURRENCY ? null : currency.slice(currency.indexOf(':') + 1)

/** A member's wallet of a further currency of a program. */
export const currencyWalletOf = (
  tenant: Tenant,
  memberId: MemberId,
  program: Pick<Program, 'id'>,
  identifier: string,
): AccountKey => ({ ...walletOf(tenant, memberId, program), currency: alternateCurrency(identifier) })

/** A group's wallet of the program's main currency. */
export const groupWalletOf = (
  tenant: Tenant,
  group: Pick<Group, 'id'>,
  program: Pick<Program, 'id'>,
): AccountKey => ({
  tenantId: tenant.id,
  holder: { kind: 'GROUP', id: group.id },
  programId: program.id,
  currency: MAIN_CURRENCY,
})

/** What is told of a wallet after a movement. */
export interface WalletFigures extends Pick<
  AccountStatement,
  'available' | 'pending' | 'held' | 'lifetime' | 'earned'
> {
  readonly byHand: readonly Pick<HandMovements, 'credited'>[]
}
type Figures = Pick<WalletFigures, 'available' | 'pending' | 'held' | 'earned' | 'byHand'>

/** What can be spent: never below zero, a debt is shown apart. */
export const spendableOf = (statement: Pick<Figures, 'available'> | null): Points =>
  statement && statement.available > 0n ? statement.available : ZERO_POINTS

/** Everything ever credited that counts, without what is still pending or reserved; a return leaves it alone. */
export function earnedOf(statement: Figures | null): Points {
  if (!statement) return ZERO_POINTS
  const received = statement.byHand.reduce((sum, { credited }) => sum + credited, 0n)
  return (statement.earned - statement.pending - statement.held + received) as Points
}

/** A wallet after an award, by what it was just before; nothing else may have moved it meanwhile. Pure. */
export const figuresAfter = (
  before: WalletFigures | null,
  { moved, balance }: Pick<Movement, 'moved' | 'balance'>,
): WalletFigures => ({
  ...balance,
  earned: ((before?.earned ?? ZERO_POINTS) + moved) as Points,
  byHand: before?.byHand ?? [],
})

/** A wallet as an award will leave it when nothing else moves it; so much of the points waits. Pure. */
export function figuresExpected(
  before: WalletFigures | null,
  points: Points,
  waiting: Points = ZERO_POINTS,
): WalletFigures {
  const { available, pending, held, lifetime } = before ?? NO_FIGURES
  const balance = {
    available: (available + points - waiting) as Points,
    pending: (pending + waiting) as Points,
    held,
    lifetime: (lifetime + points) as Points,
  }
  return figuresAfter(before, { moved: points, balance })
}

const NO_FIGURES = {
  available: ZERO_POINTS,
  pending: ZERO_POINTS,
  held: ZERO_POINTS,
  lifetime: ZERO_POINTS,
}

/** The moment to give to the ledger: null lets the database's clock decide, unless a sandbox was moved. */
export const movedNow = ({ time }: Tenant): Instant | null => (time.offsetMillis === 0 ? null : time.now)

/** A wallet at the tenant's time; null when its holder never had a point. */
export async function statementOf(
  accounts: PointsReader,
  tenant: Tenant,
  wallet: AccountKey,
): Promise<AccountStatement | null> {
  const [statement] = await accounts.statements([wallet], movedNow(tenant), tenant.setup.timeZone)
  return statement ?? null
}
