import type { Group } from '../../domain/members/group'
import { buildSubgraph } from '../shared/build-subgraph'
import { activitiesText } from './activity-text'
import { MemberCurrenciesResolver } from './alternate-currency.resolver'
import { coreEntities } from './entities'
import { EnrollmentPayloadResolvers, EnrollmentResolver } from './enrollment.resolver'
import { coreLoaders } from './loaders'
import { MemberResolver } from './member.resolver'
import { NodeResolver } from './node.resolver'
import { activityFields, allocationFields, sourceFields } from './points-activity.type'
import { PointsActivityResolver } from './points-activity.resolver'
import { balanceFields } from './points-balance.type'
import { PointsPayloadResolvers, PointsResolver } from './points.resolver'
import { GroupMutationsResolver, GroupPayloadResolvers } from './group-mutations.resolver'
import { GroupMemberResolver, GroupResolver, MemberGroupResolver } from './group.resolver'
import { ProgramResolver, RewardResolver } from './program.resolver'
import { programFields } from './program.type'
import { PurchaseActivitiesResolvers } from './purchase.resolver'
import { MemberRedemptionsResolver, RedemptionResolver } from './redemption.resolver'
import { RedemptionMutationsResolver, RedemptionPayloadResolvers } from './redemption-mutations.resolver'
import { redemptionFields } from './redemption.type'
import { actionFields } from './reward.type'
import { MemberStandingResolver, TierPeriodResolver } from './standing.resolver'
import { periodStandingFields, tierPeriodFields } from './standing.type'
import { StoreResolver } from './store.resolver'
import { StreamsResolver } from './streams.resolver'
import { IssuanceReference, OrderReference, TransactionReference } from './purchase.type'
import { StoreType } from './store.type'
import { tierFields } from './tier.type'

/** Members, their tiers and points; and who bought what, without knowing what a purchase is. */
export const buildCore = () =>
  buildSubgraph({
    name: 'core',
    resolvers: [
      MemberResolver,
      PointsActivityResolver,
      PointsResolver,
      ...PointsPayloadResolvers,
      RedemptionMutationsResolver,
      ...RedemptionPayloadResolvers,
      GroupMutationsResolver,
      ...GroupPayloadResolvers,
      EnrollmentResolver,
      ...EnrollmentPayloadResolvers,
      ProgramResolver,
      RewardResolver,
      StoreResolver,
      StreamsResolver,
      RedemptionResolver,
      MemberRedemptionsResolver,
      GroupResolver,
      GroupMemberResolver,
      MemberGroupResolver,
      MemberStandingResolver,
      MemberCurrenciesResolver,
      TierPeriodResolver,
      ...PurchaseActivitiesResolvers,
      NodeResolver,
    ],
    references: coreEntities,
    stubs: [OrderReference, IssuanceReference, TransactionReference, StoreType],
    computed: {
      Tier: tierFields,
      TierPeriod: tierPeriodFields,
      PeriodStanding: periodStandingFields,
      Program: programFields,
      ProgramAction: actionFields,
      Redemption: redemptionFields,
      Group: { groupId: ({ key }: Group) => key },
      PointsActivity: activityFields,
      PointsSource: sourceFields,
      PointsAllocation: allocationFields,
      PointsBalance: balanceFields,
    },
    splices: { Member: { activities: activitiesText } },
    loaders: coreLoaders,
  })
