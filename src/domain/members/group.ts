import { LoyaltyError } from '../shared/errors'
import type { MemberId, TenantId } from '../shared/ids'

/** A household: members who share a wallet beside their own. */
export interface Group {
  /** Our number: whose wallet the ledger keeps. */
  readonly id: string
  /** The name that clients know it by, unique in the tenant. */
  readonly key: string
  readonly name: string
}

export interface NewGroup extends Omit<Group, 'id'> {
  readonly owner: MemberId
  /** With the owner. Whoever was in another group changes over; whoever is not named leaves. */
  readonly members: readonly MemberId[]
}

/** Somebody in a group. */
export interface GroupMember {
  readonly groupId: Group['id']
  readonly memberId: MemberId
  readonly isOwner: boolean
}

export interface GroupStore {
  put(tenant: TenantId, group: NewGroup): Promise<'created' | 'updated' | 'unchanged'>
  findByKey(tenant: TenantId, key: string): Promise<Group | null>
  /** In no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly Group['id'][]): Promise<readonly Group[]>
  /** Who is in the groups: the owner first, then by number. */
  membersOf(tenant: TenantId, ids: readonly Group['id'][]): Promise<readonly GroupMember[]>
  /** The group of each member, in no particular order; members without one are left out. One statement. */
  groupsOf(
    tenant: TenantId,
    members: readonly MemberId[],
  ): Promise<readonly { readonly memberId: MemberId; readonly group: Group }[]>
}

/** No such group, or one that the member is not in: who is outside is not told that it exists. */
export class GroupNotFound extends LoyaltyError {
  readonly code = 'GROUP_NOT_FOUND'
  override readonly field = 'groupId'
  constructor(readonly key: string) {
    super('the member is in no such group')
  }
}
