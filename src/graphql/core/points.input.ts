import { MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { MemberRef } from '../../domain/points/award-points'
import type { MemberId } from '../../domain/shared/ids'
import type { Points } from '../../domain/shared/points'
import { PointsScalar } from '../shared/scalars'
import { exactlyOne, idOfType } from './choose'
import { IdentityInput, toIdentityKey } from './identity.input'

const LONGEST_REASON = 500

/** What both money verbs are told. */
@InputType()
abstract class PointsInput {
  @Field(() => ID, { nullable: true, description: 'Whose points; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Whose points; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => PointsScalar, { nullable: true, description: 'How many, more than zero.' })
  points?: Points | null

  @Field(() => String, {
    nullable: true,
    description: `For people and the journal, at most ${LONGEST_REASON} characters.`,
  })
  @MaxLength(LONGEST_REASON)
  reason?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused.',
  })
  idempotencyKey?: string | null
}

@InputType('AwardPointsInput', {
  description: 'Exactly one of memberId and identity, and exactly one of points and actionId.',
})
export class AwardPointsInput extends PointsInput {
  @Field(() => Int, {
    nullable: true,
    description: 'An action of the default programme: awards what it says; or give `points`.',
  })
  actionId?: number | null
}

@InputType('RedeemPointsInput', {
  description: 'Exactly one of memberId and identity, and exactly one of points and rewardId.',
})
export class RedeemPointsInput extends PointsInput {
  @Field(() => String, {
    nullable: true,
    description: 'A reward of the default programme: spends its price; or give `points`.',
  })
  rewardId?: string | null
}

export function memberRefOf({ memberId, identity }: PointsInput): MemberRef {
  const chosen = exactlyOne({ memberId, identity }, 'input')
  return chosen.name === 'memberId'
    ? (idOfType('Member', chosen.value, 'input.memberId') as MemberId)
    : toIdentityKey(chosen.value)
}
