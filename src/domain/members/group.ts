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
  /** A new group, empty; null when the tenant has one of that name. */
  create(tenant: TenantId, group: Omit<Group, 'id'>): Promise<Group | null>
  /** The group as nobody else can change who is in it until commit; null when there is none. */
  lock(tenant: TenantId, key: string): Promise<Group | null>
  /** Puts a member into a group, out of any other. */
  join(tenant: TenantId, membership: GroupMember): Promise<void>
  /** Takes a member out of the group that the member is in. */
  leave(tenant: TenantId, member: MemberId): Promise<void>
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

/** Somebody must own a group that others are in. */
export class OwnerStays extends LoyaltyError {
  readonly code = 'CHANGE_NOT_ALLOWED'
  override readonly field = 'member'
  constructor() {
    super('the member owns a group that others are in, and cannot leave it before them')
  }
}

/** The tenant has a group of this name that is somebody else's. */
export class GroupTaken extends LoyaltyError {
  readonly code = 'IDENTITY_TAKEN'
  override readonly field = 'groupId'
  constructor() {
    super('a group with this groupId belongs to another member')
  }
}
