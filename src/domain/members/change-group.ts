import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import { assertMayAct } from './errors'
import { type Group, GroupNotFound, GroupTaken, OwnerStays } from './group'
import type { Member } from './member'
import { whichever, type WhichMember } from './update-member'

/** A member and the group that the member is in now; null: in none. */
export interface GroupChanged {
  readonly member: Member
  readonly group: Group | null
}

export interface CreateGroup {
  /** The name that clients know it by, unique in the tenant. */
  readonly key: string
  readonly name: string
  readonly owner: WhichMember
}

/**
 * Makes a group with its owner in it; the owner leaves any other. Asked again, it answers the same group.
 *
 * Throws MemberNotFound, MemberMayNotAct, GroupTaken, OwnerStays, Busy.
 */
export const createGroup = (
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { key, name, owner }: CreateGroup,
): Promise<GroupChanged> =>
  unitOfWork.run(async (stores) => {
    const member = await whoActs(stores, tenant, owner)
    const created = await stores.groups.create(tenant.id, { key, name })
    if (!created) return { member, group: await ownedBy(stores, tenant, member, key) }
    await assertMayLeave(stores, tenant, member)
    await stores.groups.join(tenant.id, { groupId: created.id, memberId: member.id, isOwner: true })
    return { member, group: created }
  })

/**
 * Puts a member into a group, out of any other. Who is in it already stays.
 *
 * Throws MemberNotFound, MemberMayNotAct, GroupNotFound, OwnerStays, Busy.
 */
export const joinGroup = (
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { key, member: who }: { readonly key: string; readonly member: WhichMember },
): Promise<GroupChanged> =>
  unitOfWork.run(async (stores) => {
    const member = await whoActs(stores, tenant, who)
    const group = await stores.groups.lock(tenant.id, key)
    if (!group) throw new GroupNotFound(key)
    const members = await stores.groups.membersOf(tenant.id, [group.id])
    if (members.some(({ memberId }) => memberId === member.id)) return { member, group }
    await assertMayLeave(stores, tenant, member)
    // A group that everybody has left is whoever's comes first.
    await stores.groups.join(tenant.id, {
      groupId: group.id,
      memberId: member.id,
      isOwner: members.length === 0,
    })
    return { member, group }
  })

/**
 * Takes a member out of its group; what is in the group's wallet stays there.
 *
 * Throws MemberNotFound, GroupNotFound (the member is in none), OwnerStays, Busy.
 */
export const leaveGroup = (
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { member: who }: { readonly member: WhichMember },
): Promise<GroupChanged> =>
  unitOfWork.run(async (stores) => {
    const member = await whichever(stores, tenant, who)
    const [own] = await stores.groups.groupsOf(tenant.id, [member.id])
    if (!own) throw new GroupNotFound('')
    await stores.groups.lock(tenant.id, own.group.key)
    await assertMayLeave(stores, tenant, member)
    await stores.groups.leave(tenant.id, member.id)
    await stores.members.announce(tenant.id, member.id)
    return { member, group: null }
  })

async function whoActs(stores: Stores, tenant: Tenant, who: WhichMember): Promise<Member> {
  const member = await whichever(stores, tenant, who)
  assertMayAct(member)
  return member
}

/** The group that was made before, where it is the owner's. Throws GroupTaken. */
async function ownedBy({ groups }: Stores, tenant: Tenant, owner: Member, key: string): Promise<Group> {
  const group = await groups.findByKey(tenant.id, key)
  const [first] = group ? await groups.membersOf(tenant.id, [group.id]) : []
  if (!group || first?.memberId !== owner.id || !first.isOwner) throw new GroupTaken()
  return group
}

/** Throws OwnerStays for the owner of a group that others are in. */
async function assertMayLeave({ groups }: Stores, tenant: Tenant, { id }: Member): Promise<void> {
  const [own] = await groups.groupsOf(tenant.id, [id])
  const members = own ? await groups.membersOf(tenant.id, [own.group.id]) : []
  if (members.length > 1 && members.some(({ memberId, isOwner }) => memberId === id && isOwner))
    throw new OwnerStays()
}
