import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Group } from '../members/group'
import { type Points, ZERO_POINTS } from '../shared/points'
import { type AccountKey, type AccountStatement, MAIN_CURRENCY, type PointsReader } from './ledger'

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

type Figures = Pick<AccountStatement, 'available' | 'pending' | 'held' | 'earned' | 'byHand'>

/** What can be spent: never below zero, a debt is shown apart. */
export const spendableOf = (statement: Pick<Figures, 'available'> | null): Points =>
  statement && statement.available > 0n ? statement.available : ZERO_POINTS

/** Everything ever credited that counts, without what is still pending or reserved; a return leaves it alone. */
export function earnedOf(statement: Figures | null): Points {
  if (!statement) return ZERO_POINTS
  const received = statement.byHand.reduce((sum, { credited }) => sum + credited, 0n)
  return (statement.earned - statement.pending - statement.held + received) as Points
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
