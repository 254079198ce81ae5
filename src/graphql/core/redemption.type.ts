import { Directive, Field, ID, ObjectType } from 'type-graphql'
import type { IssuedCode } from '../../domain/points/points-request'
import type { Spending } from '../../domain/points/redemption'
import type { Points } from '../../domain/shared/points'
import type { Computed } from '../shared/build-subgraph'
import { connectionType } from '../shared/connection'
import { globalId } from '../shared/global-id'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { Node } from './node.type'
import { activityId } from './points-activity.type'

@ObjectType('RewardCode', { simpleResolvers: true, description: 'A code that was handed over for a reward.' })
export class RewardCodeType implements IssuedCode {
  @Field(() => String, { description: 'The code itself.' })
  readonly code!: string

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when it is good; null: for ever.' })
  readonly expiresAt!: IssuedCode['expiresAt']
}

type Shown = 'points' | 'reversed' | 'code' | 'billNumber' | 'rewardCode' | 'redeemedAt'

@ObjectType('Redemption', {
  implements: Node,
  simpleResolvers: true,
  description: 'Points that were spent, through whatever door.',
})
@Directive('@key(fields: "id")')
export class RedemptionType implements Pick<Spending, Shown> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => PointsScalar, { description: 'How many points were spent.' })
  readonly points!: Points

  @Field(() => PointsScalar, {
    description: 'How many of them were taken back again: given back, or lapsed meanwhile.',
  })
  readonly reversed!: Points

  @Field(() => String, {
    nullable: true,
    description: 'Its short name, which tills know it by; null: it was redeemed at a door that gives none.',
  })
  readonly code!: string | null

  @Field(() => String, { nullable: true, description: "The client's own name for it; null: none." })
  readonly externalId!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Number of the bill it was meant for; null: not said.',
  })
  readonly billNumber!: string | null

  @Field(() => RewardCodeType, {
    nullable: true,
    description: 'The code that was handed over for it; null: it bought no reward that has one.',
  })
  readonly rewardCode!: RewardCodeType | null

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  readonly redeemedAt!: Spending['redeemedAt']
}

export const RedemptionConnection = connectionType('Redemption', () => RedemptionType)

export const redemptionFields: Computed<Spending> = {
  id: (row) => globalId('Redemption', activityId(row)),
  externalId: ({ externalRef }) => externalRef,
}
