import type { Group } from '../members/group'
import type { IdentityKey } from '../members/member'
import type { AccountKey } from '../points/ledger'
import { walletOf } from '../points/wallet'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { isNumberId, type MemberId } from '../shared/ids'
import { present } from '../shared/present'
import type { Stores } from '../stores'
import type { ReturnNotice } from './planned-return'
import type { Transaction } from './transaction'

/** The group that a member buys for, as a client names it. */
export type GroupReference =
  { readonly id: string } | { readonly key: string } | { readonly owner: IdentityKey | MemberId }

/** The group that gets a bill's points, or null and why it is the member instead. */
export interface BillGroup {
  readonly group: Group | null
  readonly notices: readonly ReturnNotice[]
}

/**
 * The group that a bill's points go to: the named one, when the member is in it. A bill for any other group is the
 * member's own, and the notice says so: a sale is not refused for it.
 */
export async function groupOfBill(
  { groups, members }: Pick<Stores, 'groups' | 'members'>,
  tenant: Tenant,
  member: MemberId,
  named: GroupReference | null,
): Promise<BillGroup> {
  if (named === null) return { group: null, notices: [] }
  const group = await findGroup({ groups, members }, tenant, named)
  if (!group) return { group: null, notices: [unknownGroup(named)] }
  const [own] = await groups.groupsOf(tenant.id, [member])
  if (own?.group.id === group.id) return { group, notices: [] }
  return { group: null, notices: [{ kind: 'NOT_IN_GROUP', about: group.key }] }
}

const unknownGroup = (named: GroupReference): ReturnNotice =>
  'key' in named
    ? { kind: 'UNKNOWN_GROUP_KEY', about: named.key }
    : { kind: 'UNKNOWN_GROUP', about: 'id' in named ? named.id : '' }

async function findGroup(
  { groups, members }: Pick<Stores, 'groups' | 'members'>,
  { id: tenant }: Tenant,
  named: GroupReference,
): Promise<Group | null> {
  if ('key' in named) return groups.findByKey(tenant, named.key)
  // Clients are told both that this number is ours and that it is theirs; ours are drawn far from theirs.
  if ('id' in named)
    return (
      (isNumberId(named.id) ? (await groups.findByIds(tenant, [named.id]))[0] : null) ??
      groups.findByKey(tenant, named.id)
    )
  const [owner] =
    typeof named.owner === 'string'
      ? await members.findByIds(tenant, [named.owner])
      : await members.findByIdentities(tenant, [named.owner])
  const [own] = owner ? await groups.groupsOf(tenant, [owner.id]) : []
  if (!own) return null
  const [first] = await groups.membersOf(tenant, [own.group.id])
  return first?.isOwner && first.memberId === owner?.id ? own.group : null
}

/** The wallet that a bill's points are in: its group's where it was made for one, else its member's. */
export const walletOfBill = (
  tenant: Tenant,
  { memberId, groupId }: Pick<Transaction, 'memberId' | 'groupId'>,
  program: Pick<Program, 'id'>,
): AccountKey => {
  const own = walletOf(tenant, present(memberId, 'the member of a bill with points'), program)
  return groupId === null ? own : { ...own, holder: { kind: 'GROUP', id: groupId } }
}
