import { buildSubgraph } from '../shared/build-subgraph'
import { coreEntities } from './entities'
import { EnrollmentPayloadResolvers, EnrollmentResolver } from './enrollment.resolver'
import { coreLoaders } from './loaders'
import { MemberResolver } from './member.resolver'
import { NodeResolver } from './node.resolver'
import { activityFields, allocationFields, sourceFields } from './points-activity.type'
import { PointsActivityResolver } from './points-activity.resolver'
import { balanceFields } from './points-balance.type'
import { PointsPayloadResolvers, PointsResolver } from './points.resolver'
import { ProgramResolver } from './program.resolver'
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
      EnrollmentResolver,
      ...EnrollmentPayloadResolvers,
      ProgramResolver,
      NodeResolver,
    ],
    references: coreEntities,
    stubs: [OrderReference, IssuanceReference, TransactionReference, StoreType],
    computed: {
      Tier: tierFields,
      PointsActivity: activityFields,
      PointsSource: sourceFields,
      PointsAllocation: allocationFields,
      PointsBalance: balanceFields,
    },
    loaders: coreLoaders,
  })
