import { Arg, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from 'type-graphql'
import type { LoyaltyDeps } from '../../domain/loyalty'
import { enrollOnce } from '../../domain/members/enroll-member'
import type { Member } from '../../domain/members/member'
import type { MemberChanges } from '../../domain/members/member-store'
import {
  assertDoors,
  linkIdentities,
  unlinkIdentities,
  updateMember,
} from '../../domain/members/update-member'
import { perform } from '../shared/perform'
import { Needs } from '../shared/scope'
import {
  EnrollMemberInput,
  LinkIdentitiesInput,
  toIdentities,
  UnlinkIdentitiesInput,
  UpdateMemberInput,
  whichMember,
} from './enrollment.input'
import { type CoreContext, coreLoaders } from './loaders'
import { MemberType } from './member.type'
import { lookAtMember } from './points-payload'
import { orUserErrors, UserError } from '../shared/user-error.type'

/** What the journal and the fields of a member remember as the door. */
const DOOR = 'graphql'

interface MemberAnswer {
  readonly member: Member
  readonly joined?: boolean
}
type MemberPayload = Partial<MemberAnswer> & { readonly userErrors: readonly UserError[] }

function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class Payload {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]
  }

  @Resolver(() => Payload)
  class PayloadResolver {
    @FieldResolver(() => MemberType, { nullable: true, description: 'The member now; null when refused.' })
    member(@Root() { member }: MemberPayload, @Ctx() { loaders }: CoreContext) {
      return member ? loaders.memberById.load(member.id) : null
    }
  }
  return { Payload, PayloadResolver }
}

const Enrolled = payloadType('EnrollMemberPayload')
const Updated = payloadType('UpdateMemberPayload')
const Linked = payloadType('LinkIdentitiesPayload')
const Unlinked = payloadType('UnlinkIdentitiesPayload')

@Resolver(() => Enrolled.Payload)
class JoinedResolver {
  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether the identities joined someone who was a member already; null when refused.',
  })
  joined(@Root() { joined }: MemberPayload) {
    return joined ?? null
  }
}

export const EnrollmentPayloadResolvers = [
  ...[Enrolled, Updated, Linked, Unlinked].map(({ PayloadResolver }) => PayloadResolver),
  JoinedResolver,
]

@Resolver()
export class EnrollmentResolver {
  @Mutation(() => Enrolled.Payload, {
    description:
      'Enrolls a person. Who shares a linking value (the setup says which: e-mail, mobile number) with a member joins that member: identities are added, and fields that are empty are filled. Sent again, it answers the same member.',
  })
  @Needs('write')
  async enrollMember(
    @Arg('input', () => EnrollMemberInput, { description: 'Whom to enroll.' }) input: EnrollMemberInput,
    @Ctx() context: CoreContext,
  ): Promise<MemberPayload> {
    const { firstName = null, lastName = null, email = null, mobile = null } = input
    return answered(context, input, async (loyalty) => {
      const identities = toIdentities(input.identities)
      assertDoors(context.caller.tenant, identities)
      return enrollOnce(loyalty, context.caller, {
        door: DOOR,
        id: null,
        ...{ firstName, lastName, email, mobile, identities },
        status: 'ACTIVE',
        joinedAt: null,
        attributes: {},
      })
    })
  }

  @Mutation(() => Updated.Payload, {
    description: 'Changes what is known of a member, and whether it may act.',
  })
  @Needs('write')
  async updateMember(
    @Arg('input', () => UpdateMemberInput, { description: 'Who, and what changes.' })
    input: UpdateMemberInput,
    @Ctx() context: CoreContext,
  ): Promise<MemberPayload> {
    const command = { member: whichMember(input), changes: changesOf(input), door: DOOR }
    return answered(context, input, async (loyalty) => ({
      member: await updateMember(loyalty, context.caller, command),
    }))
  }

  @Mutation(() => Linked.Payload, {
    description: 'Lets doors know a member by more identities. Members are never merged by this.',
  })
  @Needs('write')
  async linkIdentities(
    @Arg('input', () => LinkIdentitiesInput, { description: 'Who, and the identities.' })
    input: LinkIdentitiesInput,
    @Ctx() context: CoreContext,
  ): Promise<MemberPayload> {
    const command = { member: whichMember(input), identities: toIdentities(input.identities) }
    return answered(context, input, async (loyalty) => ({
      member: await linkIdentities(loyalty, context.caller, command),
    }))
  }

  @Mutation(() => Unlinked.Payload, {
    description:
      'Makes doors forget identities of a member, who is still known by the others and by id. A linking value goes with them, unless the member has it otherwise.',
  })
  @Needs('write')
  async unlinkIdentities(
    @Arg('input', () => UnlinkIdentitiesInput, { description: 'Who, and the identities.' })
    input: UnlinkIdentitiesInput,
    @Ctx() context: CoreContext,
  ): Promise<MemberPayload> {
    const command = { member: whichMember(input), identities: toIdentities(input.identities) }
    return answered(context, input, async (loyalty) => ({
      member: await unlinkIdentities(loyalty, context.caller, command),
    }))
  }
}

/** Absent stays; null empties, except for the status, which is never empty. */
function changesOf(input: UpdateMemberInput): MemberChanges {
  const { firstName, lastName, email, mobile, status } = input
  const texts = Object.entries({ firstName, lastName, email, mobile }).filter(
    ([, value]) => value !== undefined,
  )
  return { ...Object.fromEntries(texts), ...(status ? { status } : {}) }
}

const answered = (
  context: CoreContext,
  { dryRun }: { readonly dryRun: boolean },
  work: (loyalty: LoyaltyDeps) => Promise<MemberAnswer>,
): Promise<MemberPayload> =>
  orUserErrors(
    perform(context, {
      work,
      dryRun,
      look: (show, { member }) => lookAtMember(show, member.id),
      loadersOn: coreLoaders,
    }),
  )
