import { IsNotEmpty, MaxLength } from 'class-validator'
import { Field, InputType } from 'type-graphql'
import type { IdentityKey } from '../../domain/members/member'

const LONGEST_IDENTITY = 320
const LONGEST_WORD = 64

@InputType('IdentityInput', { description: 'How a door knows a member: the same words as on Identity.' })
export class IdentityInput {
  @Field(() => String, { description: 'The door: "annex" or "capillary".' })
  @IsNotEmpty()
  @MaxLength(LONGEST_WORD)
  door!: string

  @Field(() => String, {
    description: 'The door\'s word for the kind of identity, such as "mobile" or "email".',
  })
  @IsNotEmpty()
  @MaxLength(LONGEST_WORD)
  type!: string

  @Field(() => String, { description: 'The identity itself.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_IDENTITY)
  value!: string

  @Field(() => String, { nullable: true, description: 'Only an identity of this source; absent: whichever.' })
  @MaxLength(LONGEST_WORD)
  source?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Only an identity of this account; absent: whichever.',
  })
  @MaxLength(LONGEST_WORD)
  account?: string | null
}

export const toIdentityKey = ({ door, type, value, source, account }: IdentityInput): IdentityKey => ({
  door,
  type,
  value,
  source: source ?? null,
  account: account ?? null,
})
