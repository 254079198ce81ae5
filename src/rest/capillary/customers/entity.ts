import type { Member } from '../../../domain/members/member'
import type { AccountKey } from '../../../domain/points/ledger'
import { groupWalletOf, walletOf } from '../../../domain/points/wallet'
import type { Program } from '../../../domain/programs/program'
import type { Call } from '../call'
import { refusal } from '../errors'
import { idNumber } from '../numbers'

/** Whose points are asked about: a customer's, or those of the group that the customer is in. */
export interface AskedEntity {
  readonly type: 'CUSTOMER' | 'FLEET'
  readonly shown: { readonly entityId: ReturnType<typeof idNumber>; readonly entityType: string }
  readonly walletIn: (program: Program) => AccountKey
}

/** Throws CapillaryRefusal: 1212 for a kind that there is none of, 1620 for a customer without a group. */
export async function entityAsked(
  { deps, signIn, request: { query } }: Call,
  member: Member,
): Promise<AskedEntity> {
  const { tenant } = signIn.caller
  const said = query.get('entityType')?.trim().toUpperCase() || 'CUSTOMER'
  if (said === 'CUSTOMER')
    return {
      type: said,
      shown: { entityId: idNumber(member.id), entityType: said },
      walletIn: (program) => walletOf(tenant, member.id, program),
    }
  if (said !== 'FLEET') throw refusal(400, 1212, 'entityType must be CUSTOMER or FLEET.')
  const [own] = await deps.stores.groups.groupsOf(tenant.id, [member.id])
  if (!own) throw refusal(400, 1620, 'The customer is in no group.')
  return {
    type: said,
    shown: { entityId: idNumber(own.group.id), entityType: said },
    walletIn: (program) => groupWalletOf(tenant, own.group, program),
  }
}
