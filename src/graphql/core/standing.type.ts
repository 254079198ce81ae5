import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { ScheduledPoints, ScheduleStep } from '../../domain/points/wallet-outlook'
import type { Instant } from '../../domain/shared/instant'
import type { Points } from '../../domain/shared/points'
import type { TierPeriod } from '../../domain/tiers/tier-history'
import type { Computed } from '../shared/build-subgraph'
import { money, MoneyType } from '../shared/money.type'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'

@ObjectType('TierPeriod', {
  simpleResolvers: true,
  description: 'A time during which a member had one tier.',
})
export class TierPeriodType implements Pick<TierPeriod, 'from' | 'to'> {
  @Field(() => DateTimeScalar, { description: 'When it began.' })
  readonly from!: Instant

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null: it has not.' })
  readonly to!: Instant | null

  @Field(() => PointsScalar, { description: 'Lifetime points, earned less reversed, when it began.' })
  readonly lifetimePoints!: Points

  @Field(() => MoneyType, { description: 'What the member had spent when it began.' })
  readonly spend!: MoneyType
}

export const tierPeriodFields: Computed<TierPeriod> = {
  lifetimePoints: ({ lifetime }) => lifetime,
  spend: ({ spend }, _args, { caller }) => money(spend, caller.tenant.setup.currency),
}

export const ScheduleStepEnum = {
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
} as const satisfies Record<Uppercase<ScheduleStep>, ScheduleStep>
registerEnumType(ScheduleStepEnum, {
  name: 'ScheduleStep',
  description: "Calendar steps in the tenant's time zone.",
  valuesConfig: {
    WEEK: { description: 'From Monday to Sunday.' },
    MONTH: { description: 'A calendar month.' },
    QUARTER: { description: 'Three calendar months, from January on.' },
    YEAR: { description: 'A calendar year.' },
  },
})

@ObjectType('ScheduledPoints', {
  simpleResolvers: true,
  description: 'Points that lapse, or become spendable, in one calendar step.',
})
export class ScheduledPointsType implements ScheduledPoints {
  @Field(() => DateTimeScalar, {
    description: "The first moment of the step, at midnight in the tenant's zone.",
  })
  readonly from!: Instant

  @Field(() => PointsScalar, { description: 'How many points.' })
  readonly points!: Points
}
