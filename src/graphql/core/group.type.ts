import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { Group } from '../../domain/members/group'
import { Node } from './node.type'

@ObjectType('GroupMember', { simpleResolvers: true, description: 'Somebody in a group.' })
export class GroupMemberType {
  @Field(() => Boolean, { description: 'Whether the group is theirs: it has one owner.' })
  readonly isOwner!: boolean
}

@ObjectType('Group', {
  implements: Node,
  simpleResolvers: true,
  description: 'A household: members who share a wallet beside their own. A member is in one at most.',
})
@Directive('@key(fields: "id")')
export class GroupType implements Pick<Group, 'name'> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => String, { description: 'The name that clients know it by, unique in the tenant.' })
  readonly groupId!: string

  @Field(() => String, { description: 'For people.' })
  readonly name!: string
}
