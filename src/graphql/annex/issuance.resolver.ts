import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Issuance } from '../../domain/issuances/issuance'
import type { IssuanceId } from '../../domain/shared/ids'
import { Connection } from '../shared/connection'
import { After, First, pageRequest } from '../shared/page-args'
import { purchaseCursor, purchaseCursors } from '../shared/purchase-pages'
import { Needs } from '../shared/scope'
import { IssuanceConnection, IssuanceProductType, IssuanceType } from './issuance.type'
import type { AnnexContext } from './loaders'
import { Member, type MemberKey } from './member.type'

@Resolver(() => IssuanceType)
export class IssuanceResolver {
  @Query(() => IssuanceType, {
    nullable: true,
    description: "An issuance by the client's own id of it; null when there is none.",
  })
  @Needs('read')
  issuance(
    @Arg('orderId', () => String, { description: "The client's own id of the issuance." }) orderId: string,
    @Ctx() { stores, caller }: AnnexContext,
  ) {
    return stores.issuances.findByKey(caller.tenant.id, orderId)
  }

  @FieldResolver(() => [IssuanceProductType], { description: 'Its products, in the order of the request.' })
  products(@Root() { id }: Pick<Issuance, 'id'>, @Ctx() { loaders }: AnnexContext) {
    return loaders.issuanceLinesOf.load(id)
  }
}

@Resolver(() => Member)
export class MemberIssuancesResolver {
  @FieldResolver(() => IssuanceConnection, { description: "The member's issuances, newest first." })
  async issuances(
    @Root() { id }: MemberKey,
    @Ctx() { loaders }: AnnexContext,
    @First() first: number,
    @After() after?: string | null,
  ) {
    const request = pageRequest(first, after, purchaseCursors)
    const page = await loaders.purchasePages.load({ memberId: id, kind: 'ISSUANCE', ...request })
    const issuances = await Promise.all(
      page.rows.map((entry) => loaders.issuanceById.load(entry.id as IssuanceId)),
    )
    return new Connection<Issuance>(
      { rows: issuances.filter((issuance) => issuance !== null), hasNext: page.hasNext },
      request,
      issuanceCursor,
    )
  }
}

const issuanceCursor = ({ issuedAt, id }: Issuance): string =>
  purchaseCursor({ kind: 'ISSUANCE', id, purchasedAt: issuedAt })
