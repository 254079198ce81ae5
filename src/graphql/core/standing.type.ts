import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { ScheduledPoints, ScheduleStep } from '../../domain/points/wallet-outlook'
import type { Instant } from '../../domain/shared/instant'
import type { Points } from '../../domain/shared/points'
import type { TierPeriod, TierReason } from '../../domain/tiers/tier-history'
import type { PeriodNow } from '../../domain/tiers/period-figures'
import type { Computed } from '../shared/build-subgraph'
import { money, MoneyType } from '../shared/money.type'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'

export const TierReasonEnum = {
  JOINED: 'JOINED',
  REACHED: 'REACHED',
  NO_LONGER_REACHED: 'NO_LONGER_REACHED',
  PERIOD_ENDED: 'PERIOD_ENDED',
} as const satisfies Record<TierReason, TierReason>
registerEnumType(TierReasonEnum, {
  name: 'TierReason',
  description: 'Why a member came into a tier.',
  valuesConfig: {
    JOINED: { description: 'Joined the program with it.' },
    REACHED: { description: 'A threshold was reached.' },
    NO_LONGER_REACHED: {
      description: 'Points or spend were taken back, or the program asks for more than it did.',
    },
    PERIOD_ENDED: { description: 'What was earned no longer counts; nothing but the clock moved.' },
  },
})

@ObjectType('TierPeriod', {
  simpleResolvers: true,
  description: 'A time during which a member had one tier.',
})
export class TierPeriodType implements Pick<TierPeriod, 'from' | 'to' | 'reason'> {
  @Field(() => DateTimeScalar, { description: 'When it began.' })
  readonly from!: Instant

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended; null: it has not.' })
  readonly to!: Instant | null

  @Field(() => TierReasonEnum, {
    nullable: true,
    description: 'Why it began; null: it began before reasons were kept.',
  })
  readonly reason!: TierReason | null

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

@ObjectType('PeriodStanding', {
  simpleResolvers: true,
  description: "What counts today of the period that the program's tiers look at.",
})
export class PeriodStandingType implements Pick<PeriodNow, 'points'> {
  @Field(() => PointsScalar, { description: 'Points earned in it, less what was reversed.' })
  readonly points!: Points

  @Field(() => MoneyType, { description: 'Spent in it, less what came back.' })
  readonly spend!: MoneyType

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the tier will change by itself if nothing is earned or taken back; null: it will not.',
  })
  readonly changesAt!: Instant | null
}

export const periodStandingFields: Computed<PeriodNow> = {
  spend: ({ spend }, _args, { caller }) => money(spend, caller.tenant.setup.currency),
  changesAt: ({ next }) => next?.at ?? null,
}
