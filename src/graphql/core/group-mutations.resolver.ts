import { IsNotEmpty, MaxLength, ValidateNested } from 'class-validator'
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, Resolver, Root } from 'type-graphql'
import type { LoyaltyDeps } from '../../domain/loyalty'
import { createGroup, type GroupChanged, joinGroup, leaveGroup } from '../../domain/members/change-group'
import { IdentityInput } from '../shared/identity.input'
import { DRY_RUN, perform } from '../shared/perform'
import { Needs } from '../shared/scope'
import { orUserErrors, type UserError } from '../shared/user-error.type'
import { whichMember } from './enrollment.input'
import { GroupType } from './group.type'
import { type CoreContext, coreLoaders } from './loaders'
import { MemberType } from './member.type'
import { lookAtMember, payloadType } from './points-payload'

const LONGEST_NAME = 255

@InputType()
abstract class WhoInput {
  @Field(() => ID, { nullable: true, description: 'Who; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('LeaveGroupInput', { description: 'Exactly one of memberId and identity.' })
class LeaveGroupInput extends WhoInput {}

@InputType('JoinGroupInput', { description: 'Exactly one of memberId and identity.' })
class JoinGroupInput extends WhoInput {
  @Field(() => String, { description: 'The name that clients know the group by.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_NAME)
  groupId!: string
}

@InputType('CreateGroupInput', { description: 'Whose group: exactly one of memberId and identity.' })
class CreateGroupInput extends JoinGroupInput {
  @Field(() => String, { description: 'For people.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_NAME)
  name!: string
}

const Payloads = ['CreateGroupPayload', 'JoinGroupPayload', 'LeaveGroupPayload'].map(payloadType)
const [Created, Joined, Left] = Payloads as [Payload, Payload, Payload]
type Payload = ReturnType<typeof payloadType>

type GroupPayload = Partial<GroupChanged> & { readonly userErrors: readonly UserError[] }

function groupPayloadResolver(type: Payload) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => GroupType, {
      nullable: true,
      description: 'The group that the member is in now; null: in none, or refused.',
    })
    group(@Root() { group }: GroupPayload) {
      return group ?? null
    }

    @FieldResolver(() => MemberType, { nullable: true, description: 'The member; null when refused.' })
    member(@Root() { member }: GroupPayload, @Ctx() { loaders }: CoreContext) {
      return member ? loaders.memberById.load(member.id) : null
    }
  }
  return PayloadResolver
}

export const GroupPayloadResolvers = Payloads.map(groupPayloadResolver)

@Resolver()
export class GroupMutationsResolver {
  @Mutation(() => Created, {
    description:
      'Makes a group with its owner in it; the owner leaves any other. Sent again, it answers the same group.',
  })
  @Needs('write')
  async createGroup(
    @Arg('input', () => CreateGroupInput, { description: 'Its names, and who owns it.' })
    input: CreateGroupInput,
    @Ctx() context: CoreContext,
  ): Promise<GroupPayload> {
    const command = { key: input.groupId, name: input.name, owner: whichMember(input) }
    return changed(context, input, (loyalty) => createGroup(loyalty, context.caller, command))
  }

  @Mutation(() => Joined, {
    description: 'Puts a member into a group, out of any other. Who is in it already stays.',
  })
  @Needs('write')
  async joinGroup(
    @Arg('input', () => JoinGroupInput, { description: 'Who, and which group.' }) input: JoinGroupInput,
    @Ctx() context: CoreContext,
  ): Promise<GroupPayload> {
    const command = { key: input.groupId, member: whichMember(input) }
    return changed(context, input, (loyalty) => joinGroup(loyalty, context.caller, command))
  }

  @Mutation(() => Left, {
    description:
      "Takes a member out of its group; what is in the group's wallet stays there. The owner leaves last.",
  })
  @Needs('write')
  async leaveGroup(
    @Arg('input', () => LeaveGroupInput, { description: 'Who.' }) input: LeaveGroupInput,
    @Ctx() context: CoreContext,
  ): Promise<GroupPayload> {
    const command = { member: whichMember(input) }
    return changed(context, input, (loyalty) => leaveGroup(loyalty, context.caller, command))
  }
}

const changed = (
  context: CoreContext,
  { dryRun }: { readonly dryRun: boolean },
  work: (loyalty: LoyaltyDeps) => Promise<GroupChanged>,
): Promise<GroupPayload> =>
  orUserErrors(
    perform(context, {
      work,
      dryRun,
      async look(show, { member, group }) {
        await lookAtMember(show, member.id)
        if (!group) return
        await show('groupMembersOf', group.id)
        await show('groupStatementOf', group.id)
      },
      loadersOn: coreLoaders,
    }),
  )
