import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { type AccountKey, type AccountStatement, MAIN_CURRENCY, type PointsReader } from './ledger'

/** A member's wallet of the programme's main currency. */
export const walletOf = (tenant: Tenant, memberId: MemberId, program: Pick<Program, 'id'>): AccountKey => ({
  tenantId: tenant.id,
  holder: { kind: 'MEMBER', id: memberId },
  programId: program.id,
  currency: MAIN_CURRENCY,
})

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
