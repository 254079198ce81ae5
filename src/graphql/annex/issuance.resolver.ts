import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Issuance } from '../../domain/issuances/issuance'
import type { IssuanceId } from '../../domain/shared/ids'
import type { PurchaseStatus } from '../../domain/purchases/purchase'
import type { ClientInstant } from '../../domain/shared/instant'
import { Connection } from '../shared/connection'
import { After, First, From, InStore, type ListOrder, OrderBy, Until } from '../shared/page-args'
import { purchaseCursor, purchasePage, PurchaseStatusEnum, WithStatus } from '../shared/purchase-pages'
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

  @FieldResolver(() => PurchaseStatusEnum, { description: 'How far it has come.' })
  async status(@Root() { id }: Pick<Issuance, 'id'>, @Ctx() { loaders }: AnnexContext) {
    return (await loaders.purchaseStatusOf.load({ kind: 'ISSUANCE', id })) ?? 'PLACED'
  }

  @FieldResolver(() => [IssuanceProductType], { description: 'Its products, in the order of the request.' })
  products(@Root() { id }: Pick<Issuance, 'id'>, @Ctx() { loaders }: AnnexContext) {
    return loaders.issuanceLinesOf.load(id)
  }
}

@Resolver(() => Member)
export class MemberIssuancesResolver {
  @FieldResolver(() => IssuanceConnection, { description: "The member's issuances, newest first." })
  @Needs('read')
  async issuances(
    @Root() { id }: MemberKey,
    @Ctx() { loaders }: AnnexContext,
    @First() first: number,
    @OrderBy() orderBy: ListOrder,
    @After() after?: string | null,
    @From() from?: ClientInstant | null,
    @Until() until?: ClientInstant | null,
    @InStore() storeId?: string | null,
    @WithStatus() status?: PurchaseStatus | null,
  ) {
    const asked = { kind: 'ISSUANCE' as const, first, after, from, until, storeId, status, orderBy }
    const { request, page } = await purchasePage(loaders, id, asked)
    const found = await Promise.all(
      page.rows.map((entry) => loaders.issuanceById.load(entry.id as IssuanceId)),
    )
    const rows = found.filter((row) => row !== null)
    return new Connection<Issuance>({ rows, hasNext: page.hasNext }, request, issuanceCursor)
  }
}

const issuanceCursor = ({ issuedAt, id }: Issuance): string =>
  purchaseCursor({ kind: 'ISSUANCE', id, purchasedAt: issuedAt })
