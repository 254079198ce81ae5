import { type ClassType, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { PurchaseKind } from '../../domain/purchases/purchase'
import type { CoreContext } from './loaders'
import { PointsActivityType } from './points-activity.type'
import { IssuanceReference, OrderReference, TransactionReference, WHAT_IT_DID } from './purchase.type'

/** What core adds to a purchase of a kind, read by nothing but its key. */
function activitiesOf(kind: PurchaseKind, type: ClassType) {
  @Resolver(() => type)
  class ActivitiesResolver {
    @FieldResolver(() => [PointsActivityType], { description: WHAT_IT_DID })
    activities(@Root() { id }: { readonly id: string }, @Ctx() { loaders }: CoreContext) {
      return loaders.activitiesOfPurchase.load({ kind, id })
    }
  }
  return ActivitiesResolver
}

export const PurchaseActivitiesResolvers = [
  activitiesOf('ORDER', OrderReference),
  activitiesOf('ISSUANCE', IssuanceReference),
  activitiesOf('TRANSACTION', TransactionReference),
]
