import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { PointsActivity } from '../../domain/points/activity'
import { furtherCurrency } from '../../domain/points/wallet'
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

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "What moved, where that is not the program's points: the identifier of an alternate currency, or the name of a bucket.",
  })
  async currency(@Root() { accountId, seq }: Row, @Ctx() { loaders }: CoreContext) {
    return furtherCurrency(await loaders.walletCurrencyOf.load({ accountId, seq }))
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
