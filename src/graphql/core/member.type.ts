import { Arg, Directive, Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { type Identity, type Member, MEMBER_STATUSES, type MemberStatus } from '../../domain/members/member'
import { MEMBER_ORDERS, type MemberOrder } from '../../domain/members/member-store'
import type { Points } from '../../domain/shared/points'
import { connectionType } from '../shared/connection'
import { MoneyType } from '../shared/money.type'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { Node } from './node.type'
import { TierType } from './tier.type'

export const MemberStatusEnum = Object.fromEntries(MEMBER_STATUSES.map((status) => [status, status])) as {
  [Status in MemberStatus]: Status
}
registerEnumType(MemberStatusEnum, {
  name: 'MemberStatus',
  description: 'Whether a member may earn and redeem.',
  valuesConfig: {
    ACTIVE: { description: 'May earn and redeem.' },
    BLOCKED: { description: 'Blocked by the brand.' },
    FRAUD: { description: 'Marked as fraud.' },
    OPTED_OUT: { description: 'Left the program.' },
    INACTIVE: { description: 'Not active now.' },
  },
})

const MemberOrderEnum = Object.fromEntries(MEMBER_ORDERS.map((order) => [order, order])) as {
  [Order in MemberOrder]: Order
}
registerEnumType(MemberOrderEnum, {
  name: 'MemberOrder',
  description: 'The order of a list of members. A cursor is good in the order that gave it.',
  valuesConfig: {
    NUMBER: { description: 'By their numbers: as they were stored.' },
    JOINED_NEWEST: { description: 'Who joined last comes first.' },
    JOINED_OLDEST: { description: 'Who joined first comes first.' },
  },
})

export const OrderOfMembers = () =>
  Arg('orderBy', () => MemberOrderEnum, {
    defaultValue: MemberOrderEnum.NUMBER,
    description: 'Which comes first.',
  })

@ObjectType('Identity', { simpleResolvers: true, description: 'How a door knows a member.' })
export class IdentityType implements Omit<Identity, 'memberId'> {
  @Field(() => String, { description: 'The door: "annex" or "capillary".' })
  readonly door!: string

  @Field(() => String, {
    description: 'The door\'s word for the kind of identity, such as "mobile" or "email".',
  })
  readonly type!: string

  @Field(() => String, { description: 'The identity as it was said.' })
  readonly value!: string

  @Field(() => String, {
    description: 'Where the identity lives, such as "INSTORE"; empty where the door has no sources.',
  })
  readonly source!: string

  @Field(() => String, { description: 'The account within the source; mostly empty.' })
  readonly account!: string
}

@ObjectType('TierProgress', {
  simpleResolvers: true,
  description: 'The way to the next tier: either threshold is enough.',
})
export class TierProgressType {
  @Field(() => TierType, { description: 'The next tier.' })
  readonly next!: object

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      'Points still missing, of the lifetime or of the period, whichever is nearer; null: points alone do not reach it.',
  })
  readonly pointsMissing!: Points | null

  @Field(() => MoneyType, {
    nullable: true,
    description:
      'Spend still missing, in all or of the period, whichever is nearer; null: spend alone does not reach it.',
  })
  readonly spendMissing!: MoneyType | null
}

type Shown = 'firstName' | 'lastName' | 'email' | 'mobile' | 'status' | 'joinedAt'

@ObjectType('Member', {
  implements: Node,
  simpleResolvers: true,
  description: 'One person in the loyalty program, whatever doors know them.',
})
@Directive('@key(fields: "id")')
export class MemberType implements Pick<Member, Shown> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => String, { nullable: true, description: 'Given name; null: not known.' })
  @Needs('read')
  readonly firstName!: string | null

  @Field(() => String, { nullable: true, description: 'Family name; null: not known.' })
  @Needs('read')
  readonly lastName!: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address as it was given; null: not known.' })
  @Needs('read')
  readonly email!: string | null

  @Field(() => String, { nullable: true, description: 'Mobile number as it was given; null: not known.' })
  @Needs('read')
  readonly mobile!: string | null

  @Field(() => MemberStatusEnum, { description: 'Whether the member may earn and redeem.' })
  readonly status!: MemberStatus

  @Field(() => DateTimeScalar, { description: 'When the member joined.' })
  @Needs('read')
  readonly joinedAt!: Member['joinedAt']
}

export const MemberConnection = connectionType('Member', () => MemberType)
