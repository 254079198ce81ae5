import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { PointsActivity } from '../../domain/points/activity'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { MemberType } from './member.type'
import {
  PointsActivityType,
  PointsAllocationType,
  PointsSourceType,
  purchaseOf,
} from './points-activity.type'
import { Purchase } from './purchase.type'

@Resolver(() => PointsActivityType)
export class PointsActivityResolver {
  @FieldResolver(() => Purchase, { nullable: true, description: 'The purchase it belongs to; null: none.' })
  @Needs('read')
  purchase(@Root() row: Row) {
    return purchaseOf(row)
  }

  @FieldResolver(() => MemberType, { nullable: true, description: "Whose wallet it is; null: a group's." })
  member(@Root() { memberId }: Row, @Ctx() { loaders }: CoreContext) {
    return memberId && loaders.memberById.load(memberId)
  }

  @FieldResolver(() => [PointsSourceType], {
    description: 'For an AWARD: where the points came from, line by line.',
  })
  sources(@Root() { accountId, seq }: Row, @Ctx() { loaders }: CoreContext) {
    return loaders.sourcesOf.load({ accountId, seq })
  }

  @FieldResolver(() => [PointsAllocationType], { description: 'For what took points: which lots paid.' })
  allocations(@Root() { accountId, seq }: Row, @Ctx() { loaders }: CoreContext) {
    return loaders.allocationsOf.load({ accountId, seq })
  }
}

type Row = Pick<PointsActivity, 'accountId' | 'seq' | 'memberId' | 'purchaseKind' | 'purchaseId'>
