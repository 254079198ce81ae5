import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { ScheduleStep } from '../../domain/points/wallet-outlook'
import type { TierPeriod } from '../../domain/tiers/tier-history'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import type { MemberRow } from './member.resolver'
import { MemberType } from './member.type'
import { PeriodStandingType, ScheduledPointsType, ScheduleStepEnum, TierPeriodType } from './standing.type'
import { TierType } from './tier.type'

const Per = () =>
  Arg('per', () => ScheduleStepEnum, {
    defaultValue: ScheduleStepEnum.MONTH,
    description: 'Summed up by this.',
  })

/** What a member's standing was, and what will become of the wallet by itself. */
@Resolver(() => MemberType)
export class MemberStandingResolver {
  @FieldResolver(() => [TierPeriodType], {
    description: 'The tiers of the default program that the member has had, the present one first.',
  })
  @Needs('read')
  tierHistory(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return loaders.tierPeriodsOf.load(id)
  }

  @FieldResolver(() => PeriodStandingType, {
    nullable: true,
    description: 'The standing in the period that the tiers of the default program look at; null: in none.',
  })
  @Needs('read')
  periodStanding(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    return loaders.periodOf.load(id)
  }

  @FieldResolver(() => TierType, {
    nullable: true,
    description:
      'The tier that the member will have once the period has moved on, if nothing is earned or taken back; null: none, or nothing will change.',
  })
  @Needs('read')
  async tierAfterPeriod(@Root() { id }: MemberRow, @Ctx() { loaders }: CoreContext) {
    const tierId = (await loaders.periodOf.load(id))?.next?.tierId
    return tierId ? loaders.tierById.load(tierId) : null
  }

  @FieldResolver(() => [ScheduledPointsType], {
    description:
      'What of the wallet will lapse unless it is spent before, soonest first; held points do not.',
  })
  @Needs('read')
  expiringPoints(@Root() { id }: MemberRow, @Per() per: ScheduleStep, @Ctx() { loaders }: CoreContext) {
    return loaders.expiriesOf.load({ memberId: id, per })
  }

  @FieldResolver(() => [ScheduledPointsType], {
    description:
      'What of the wallet waits for a day that is known, and will be spendable then, soonest first.',
  })
  @Needs('read')
  maturingPoints(@Root() { id }: MemberRow, @Per() per: ScheduleStep, @Ctx() { loaders }: CoreContext) {
    return loaders.maturitiesOf.load({ memberId: id, per })
  }
}

@Resolver(() => TierPeriodType)
export class TierPeriodResolver {
  @FieldResolver(() => TierType, { nullable: true, description: 'The tier; null: none.' })
  tier(@Root() { tierId }: TierPeriod, @Ctx() { loaders }: CoreContext) {
    return tierId && loaders.tierById.load(tierId)
  }
}
