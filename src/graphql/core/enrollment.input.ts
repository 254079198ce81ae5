import { ArrayMaxSize, ArrayNotEmpty, IsNotEmpty, MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType } from 'type-graphql'
import type { Identity, MemberStatus } from '../../domain/members/member'
import type { WhichMember } from '../../domain/members/update-member'
import type { MemberId } from '../../domain/shared/ids'
import { DRY_RUN } from '../shared/perform'
import { exactlyOne, idOfType } from '../shared/choose'
import { IdentityInput, toIdentityKey } from '../shared/identity.input'
import { MemberStatusEnum } from './member.type'

const LONGEST_NAME = 255
const LONGEST_ADDRESS = 320
const MOST_IDENTITIES = 20

@InputType('NewIdentityInput', {
  description: 'How a door shall know a member: the same words as on Identity.',
})
export class NewIdentityInput {
  @Field(() => String, { description: 'The door: "annex" or "capillary".' })
  @IsNotEmpty()
  @MaxLength(64)
  door!: string

  @Field(() => String, {
    description: 'The door\'s word for the kind of identity, such as "mobile" or "email"; for "annex": "id".',
  })
  @IsNotEmpty()
  @MaxLength(64)
  type!: string

  @Field(() => String, { description: 'The identity itself.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ADDRESS)
  value!: string

  @Field(() => String, {
    defaultValue: '',
    description: 'Where the identity lives, such as "INSTORE"; empty where the door has no sources.',
  })
  @MaxLength(64)
  source!: string

  @Field(() => String, { defaultValue: '', description: 'The account within the source; mostly empty.' })
  @MaxLength(64)
  account!: string
}

@InputType()
abstract class MemberFieldsInput {
  @Field(() => String, { nullable: true, description: 'Given name.' })
  @MaxLength(LONGEST_NAME)
  firstName?: string | null

  @Field(() => String, { nullable: true, description: 'Family name.' })
  @MaxLength(LONGEST_NAME)
  lastName?: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  @MaxLength(LONGEST_ADDRESS)
  email?: string | null

  @Field(() => String, { nullable: true, description: 'Mobile number.' })
  @MaxLength(LONGEST_NAME)
  mobile?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('EnrollMemberInput', { description: 'Whom to enroll, and how doors shall know the person.' })
export class EnrollMemberInput extends MemberFieldsInput {
  @Field(() => [NewIdentityInput], {
    description: `How doors shall know the member: 1 to ${MOST_IDENTITIES}.`,
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_IDENTITIES)
  @ValidateNested({ each: true })
  identities!: NewIdentityInput[]
}

/** Says who is meant. */
interface Who {
  readonly memberId?: string | null
  readonly identity?: IdentityInput | null
}

@InputType('UpdateMemberInput', {
  description: 'Exactly one of memberId and identity. A field that is absent stays; null empties it.',
})
export class UpdateMemberInput extends MemberFieldsInput implements Who {
  @Field(() => ID, { nullable: true, description: 'Who; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => MemberStatusEnum, { nullable: true, description: 'Whether the member may earn and redeem.' })
  status?: MemberStatus | null
}

@InputType('LinkIdentitiesInput', { description: 'Exactly one of memberId and identity.' })
export class LinkIdentitiesInput implements Who {
  @Field(() => ID, { nullable: true, description: 'Who; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => [NewIdentityInput], {
    description: `How doors shall know the member besides: 1 to ${MOST_IDENTITIES}. Those that are the member's already stay.`,
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_IDENTITIES)
  @ValidateNested({ each: true })
  identities!: NewIdentityInput[]

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('UnlinkIdentitiesInput', { description: 'Exactly one of memberId and identity.' })
export class UnlinkIdentitiesInput implements Who {
  @Field(() => ID, { nullable: true, description: 'Who; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => [NewIdentityInput], {
    description: `Which identities of the member doors shall forget: 1 to ${MOST_IDENTITIES}.`,
  })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_IDENTITIES)
  @ValidateNested({ each: true })
  identities!: NewIdentityInput[]

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

export function whichMember({ memberId, identity }: Who): WhichMember {
  const chosen = exactlyOne({ memberId, identity }, 'input')
  return chosen.name === 'memberId'
    ? (idOfType('Member', chosen.value, 'input.memberId') as MemberId)
    : toIdentityKey(chosen.value)
}

export const toIdentities = (inputs: readonly NewIdentityInput[]): readonly Omit<Identity, 'memberId'>[] =>
  inputs.map(({ door, type, value, source, account }) => ({ door, type, value, source, account }))
