import { MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int, registerEnumType } from 'type-graphql'
import type { Beyond } from '../../domain/points/adjust-points'
import type { MemberRef } from '../../domain/points/award-points'
import type { HolderRef } from '../../domain/points/transfer-points'
import type { AccountId, MemberId } from '../../domain/shared/ids'
import type { ClientInstant } from '../../domain/shared/instant'
import type { Points } from '../../domain/shared/points'
import { DRY_RUN, IDEMPOTENCY_KEY } from '../shared/perform'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { exactlyOne, idOfType } from '../shared/choose'
import { IdentityInput, toIdentityKey } from '../shared/identity.input'
import type { UserError } from '../shared/user-error.type'

const LONGEST_REASON = 500
const LONGEST_ID = 255

/** What everything that moves points is told. */
@InputType()
export abstract class MoveInput {
  @Field(() => String, {
    nullable: true,
    description: `For people and the journal, at most ${LONGEST_REASON} characters.`,
  })
  @MaxLength(LONGEST_REASON)
  reason?: string | null

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

/** What starts from a member. */
@InputType()
abstract class PointsInput extends MoveInput {
  @Field(() => ID, { nullable: true, description: 'Whose points; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Whose points; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null
}

@InputType('AwardPointsInput', {
  description: 'Exactly one of memberId and identity, and exactly one of points and actionId.',
})
export class AwardPointsInput extends PointsInput {
  @Field(() => PointsScalar, { nullable: true, description: 'How many, more than zero.' })
  points?: Points | null

  @Field(() => Int, {
    nullable: true,
    description: 'An action of the default program: awards what it says; or give `points`.',
  })
  actionId?: number | null
}

@InputType('RedeemPointsInput', {
  description: 'Exactly one of memberId and identity, and exactly one of points and rewardId.',
})
export class RedeemPointsInput extends PointsInput {
  @Field(() => PointsScalar, { nullable: true, description: 'How many, more than zero.' })
  points?: Points | null

  @Field(() => String, {
    nullable: true,
    description: 'A reward of the default program: spends its price; or give `points`.',
  })
  @MaxLength(LONGEST_ID)
  rewardId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Number of the bill it is meant for; a sale that names its code ties it to itself.',
  })
  @MaxLength(LONGEST_ID)
  billNumber?: string | null
}

@InputType('ReverseRedemptionInput', { description: 'Which redemption, and how much of it.' })
export class ReverseRedemptionInput {
  @Field(() => ID, { description: 'The Redemption.' })
  redemptionId!: string

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'How many to give back, more than zero; null: all that is left of it.',
  })
  points?: Points | null

  @Field(() => String, { nullable: true, description: IDEMPOTENCY_KEY })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('TransferPointsInput', {
  description:
    'Exactly one of memberId, identity and groupId, and exactly one of toMemberId, toIdentity and toGroupId; not a group both times.',
})
export class TransferPointsInput extends PointsInput {
  @Field(() => String, {
    nullable: true,
    description: 'The group whose points, by the name that clients know it by.',
  })
  @MaxLength(LONGEST_ID)
  groupId?: string | null

  @Field(() => String, { nullable: true, description: 'The group that receives them.' })
  @MaxLength(LONGEST_ID)
  toGroupId?: string | null

  @Field(() => ID, { nullable: true, description: 'Who receives them; or give `toIdentity`.' })
  toMemberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who receives them; or give `toMemberId`.' })
  @ValidateNested()
  toIdentity?: IdentityInput | null

  @Field(() => PointsScalar, { description: 'How many, more than zero.' })
  points!: Points
}

@InputType('HoldPointsInput', { description: 'Exactly one of memberId and identity.' })
export class HoldPointsInput extends PointsInput {
  @Field(() => PointsScalar, { description: 'How many to reserve, more than zero.' })
  points!: Points

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When what is left may be given back by itself; null: never.',
  })
  expiresAt?: ClientInstant | null
}

@InputType('EndHoldInput', { description: 'Which hold, and how much of it.' })
export class EndHoldInput extends MoveInput {
  @Field(() => ID, { description: 'The PointsActivity of kind HOLD that `holdPoints` answered.' })
  holdId!: string

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'How many, more than zero; null: all that is left.',
  })
  points?: Points | null
}

export const AdjustBeyond = { REFUSE: 'refuse', CLAMP: 'clamp', DEBT: 'debt' } as const satisfies Record<
  Uppercase<Beyond>,
  Beyond
>
registerEnumType(AdjustBeyond, {
  name: 'AdjustBeyond',
  description: 'What a correction downwards does beyond what is there.',
  valuesConfig: {
    REFUSE: { description: 'It is refused.' },
    CLAMP: { description: 'It takes what there is.' },
    DEBT: { description: 'It takes all, and the balance goes below zero.' },
  },
})

@InputType('AdjustPointsInput', {
  description: 'Exactly one of memberId and identity; a reason is required.',
})
export class AdjustPointsInput extends PointsInput {
  @Field(() => PointsScalar, { description: 'More than zero gives, less takes.' })
  points!: Points

  @Field(() => AdjustBeyond, {
    defaultValue: AdjustBeyond.REFUSE,
    description: 'What it does when it takes more than there is.',
  })
  beyond!: Beyond
}

@InputType('ReverseAwardInput', { description: 'Which award to take back.' })
export class ReverseAwardInput extends MoveInput {
  @Field(() => ID, {
    description: 'The PointsActivity of kind AWARD. One of a purchase is refused: return the purchase.',
  })
  activityId!: string
}

/** Exactly one of a member's id and an identity; `path` leads to where they stand. */
export function memberRefOf({ memberId, identity }: Pick<PointsInput, 'memberId' | 'identity'>): MemberRef {
  const chosen = exactlyOne({ memberId, identity }, 'input')
  return chosen.name === 'memberId'
    ? (idOfType('Member', chosen.value, 'input.memberId') as MemberId)
    : toIdentityKey(chosen.value)
}

/** Whose points a transfer moves. */
export function giverOf({ memberId, identity, groupId }: TransferPointsInput): HolderRef {
  const chosen = exactlyOne({ memberId, identity, groupId }, 'input')
  return chosen.name === 'groupId'
    ? { group: chosen.value }
    : memberRefOf({ memberId: memberId ?? null, identity: identity ?? null })
}

export function recipientOf({ toMemberId, toIdentity, toGroupId }: TransferPointsInput): HolderRef {
  const chosen = exactlyOne({ toMemberId, toIdentity, toGroupId }, 'input')
  if (chosen.name === 'toGroupId') return { group: chosen.value }
  return chosen.name === 'toMemberId'
    ? (idOfType('Member', chosen.value, 'input.toMemberId') as MemberId)
    : toIdentityKey(chosen.value)
}

/** Refusals of a transfer that are about a side of it say so by the part of the input that names who that is. */
export function inWordsOf(
  { memberId, identity, groupId, toMemberId, toIdentity, toGroupId }: TransferPointsInput,
  errors: readonly UserError[],
): readonly UserError[] {
  const from = exactlyOne({ memberId, identity, groupId }).name
  const to = exactlyOne({ toMemberId, toIdentity, toGroupId }).name
  const word = (field: string | null) => (field === 'from' ? from : field === 'to' ? to : field)
  return errors.map(({ code, field, message }) => ({ code, field: word(field), message }))
}

/** The entry that an activity's id names. */
export function entryOf(text: string, path: string): { readonly accountId: AccountId; readonly seq: string } {
  const [accountId = '', seq = '0'] = idOfType('PointsActivity', text, path).split('.')
  return { accountId: accountId as AccountId, seq }
}
