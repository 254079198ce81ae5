import { MemberNotFound } from '../members/errors'
import type { Member } from '../members/member'
import type { AccountStatement } from './ledger'
import { statementOf, walletOf } from './wallet'
import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import type { Stores } from '../stores'
import type { TierMove } from '../tiers/settle-standing'

/** How a member stands in the default program, for the answer to a request that was done before. Throws MemberNotFound. */
export async function standingNow(
  stores: Stores,
  tenant: Tenant,
  memberId: string,
): Promise<{
  readonly member: Member
  readonly statement: AccountStatement | null
  readonly tier: TierMove
}> {
  const { defaultProgram } = tenant.setup
  const found = await stores.members.findInProgramById(tenant.id, memberId as MemberId, defaultProgram.id)
  if (!found) throw new MemberNotFound({ type: 'id', value: memberId })
  const { member, membership } = found
  const statement = await statementOf(stores.accounts, tenant, walletOf(tenant, member.id, defaultProgram))
  const tier = defaultProgram.tiers.find(({ id }) => id === membership.tierId) ?? null
  return { member, statement, tier: { before: tier, after: tier } }
}
