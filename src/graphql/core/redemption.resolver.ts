import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { Spending } from '../../domain/points/redemption'
import { Connection, cursorBy } from '../shared/connection'
import { cursorCodec, isSequence } from '../shared/cursor'
import { After, First, pageRequest } from '../shared/page-args'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { MemberType } from './member.type'
import type { MemberRow } from './member.resolver'
import { PointsActivityType } from './points-activity.type'
import { Purchase, purchaseReference } from './purchase.type'
import { RedemptionConnection, RedemptionType } from './redemption.type'
import { rewardsOf, RewardType } from './reward.type'

const redemptionCursors = cursorCodec('redemptions', isSequence)
const redemptionCursor = cursorBy<Spending>(redemptionCursors, ({ seq }) => seq)

@Resolver(() => RedemptionType)
export class RedemptionResolver {
  @FieldResolver(() => MemberType, {
    nullable: true,
    description: "Who redeemed; null: a group's points were spent for nobody in particular.",
  })
  member(@Root() { memberId }: Spending, @Ctx() { loaders }: CoreContext) {
    return memberId && loaders.memberById.load(memberId)
  }

  @FieldResolver(() => RewardType, {
    nullable: true,
    description: 'What it bought; null: no reward, or one that the setup no longer has.',
  })
  reward(@Root() { rewardId }: Spending, @Ctx() { caller }: CoreContext) {
    const rewards = caller.tenant.setup.programs.flatMap(rewardsOf)
    return rewards.find((reward) => reward.rewardId === rewardId) ?? null
  }

  @FieldResolver(() => PointsActivityType, {
    nullable: true,
    description: 'The entry of the journal that spent them.',
  })
  activity(@Root() { accountId, seq }: Spending, @Ctx() { loaders }: CoreContext) {
    return loaders.activityByKey.load({ accountId, seq })
  }

  @FieldResolver(() => Purchase, {
    nullable: true,
    description: 'The bill that it is tied to; null: none, or not yet.',
  })
  purchase(@Root() { transactionId }: Spending) {
    return transactionId && purchaseReference({ kind: 'TRANSACTION', id: transactionId })
  }
}

@Resolver(() => MemberType)
export class MemberRedemptionsResolver {
  @FieldResolver(() => RedemptionConnection, {
    description: "What was spent of the member's own wallet, through any door, newest first.",
  })
  @Needs('read')
  async redemptions(
    @Root() { id }: MemberRow,
    @Ctx() { loaders }: CoreContext,
    @First() first: number,
    @After() after?: string | null,
  ) {
    const request = pageRequest(first, after, redemptionCursors)
    const page = await loaders.spendingPages.load({ memberId: id, ...request })
    return new Connection(page, request, redemptionCursor)
  }
}
