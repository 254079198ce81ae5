import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Group, GroupMember } from '../../domain/members/group'
import { Needs } from '../shared/scope'
import { GroupMemberType, GroupType } from './group.type'
import type { CoreContext } from './loaders'
import type { MemberRow } from './member.resolver'
import { MemberType } from './member.type'
import { EMPTY_WALLET, PointsBalanceType } from './points-balance.type'

@Resolver(() => GroupType)
export class GroupResolver {
  @Query(() => GroupType, {
    nullable: true,
    description: 'A group by the name that clients know it by; null when there is none.',
  })
  @Needs('read')
  group(
    @Arg('groupId', () => String, { description: 'The name of the group, unique in the tenant.' })
    groupId: string,
    @Ctx() { stores, caller }: CoreContext,
  ) {
    return stores.groups.findByKey(caller.tenant.id, groupId)
  }

  @FieldResolver(() => [GroupMemberType], { description: 'Who is in it: the owner first.' })
  @Needs('read')
  members(@Root() { id }: Group, @Ctx() { loaders }: CoreContext) {
    return loaders.groupMembersOf.load(id)
  }

  @FieldResolver(() => PointsBalanceType, {
    description: "The group's wallet in the default program's main currency.",
  })
  @Needs('read')
  async points(@Root() { id }: Group, @Ctx() { loaders }: CoreContext) {
    return (await loaders.groupStatementOf.load(id)) ?? EMPTY_WALLET
  }
}

@Resolver(() => GroupMemberType)
export class GroupMemberResolver {
  @FieldResolver(() => MemberType, { nullable: true, description: 'Who; null: the caller may not see them.' })
  member(@Root() { memberId }: GroupMember, @Ctx() { loaders }: CoreContext) {
    return loaders.memberById.load(memberId)
  }
}

@Resolver(() => MemberType)
export class MemberGroupResolver {
  @FieldResolver(() => GroupType, {
    nullable: true,
    description: 'The group that the member is in; null: none.',
  })
  @Needs('read')
  group(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return loaders.groupOf.load(id)
  }
}
