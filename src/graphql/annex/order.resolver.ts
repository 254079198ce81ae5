import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Order } from '../../domain/orders/order'
import { spentOn } from '../../domain/orders/order-points'
import type { OrderId } from '../../domain/shared/ids'
import type { PurchaseStatus } from '../../domain/purchases/purchase'
import type { ClientInstant } from '../../domain/shared/instant'
import { Connection } from '../shared/connection'
import { money, MoneyType } from '../shared/money.type'
import { After, First, From, InStore, type ListOrder, OrderBy, Until } from '../shared/page-args'
import { purchaseCursor, purchasePage, PurchaseStatusEnum, WithStatus } from '../shared/purchase-pages'
import { Needs } from '../shared/scope'
import type { AnnexContext } from './loaders'
import { Member, type MemberKey } from './member.type'
import { OrderConnection, OrderLineType, OrderType } from './order.type'

@Resolver(() => OrderType)
export class OrderResolver {
  @Query(() => OrderType, {
    nullable: true,
    description: "An order by the client's own id of it; null when there is none.",
  })
  @Needs('read')
  order(
    @Arg('orderId', () => String, { description: "The client's own id of the order." }) orderId: string,
    @Ctx() { stores, caller }: AnnexContext,
  ) {
    return stores.orders.findByKey(caller.tenant.id, orderId)
  }

  @FieldResolver(() => PurchaseStatusEnum, { description: 'How far it has come.' })
  async status(@Root() { id }: Pick<Order, 'id'>, @Ctx() { loaders }: AnnexContext) {
    return (await loaders.purchaseStatusOf.load({ kind: 'ORDER', id })) ?? 'PLACED'
  }

  @FieldResolver(() => [OrderLineType], { description: 'Its products, in the order of their arrival.' })
  async lines(@Root() { id, currency }: Pick<Order, 'id' | 'currency'>, @Ctx() { loaders }: AnnexContext) {
    const lines = await loaders.orderLinesOf.load(id)
    return lines.filter(({ kind }) => kind === 'PRODUCT').map((line) => ({ ...line, currency }))
  }

  @FieldResolver(() => MoneyType, {
    description:
      'What it counts as spent: its lines, less what was returned or canceled, with corrections by hand.',
  })
  async spent(@Root() { id, currency }: Pick<Order, 'id' | 'currency'>, @Ctx() { loaders }: AnnexContext) {
    return money(spentOn(await loaders.orderLinesOf.load(id)), currency)
  }
}

@Resolver(() => Member)
export class MemberOrdersResolver {
  @FieldResolver(() => OrderConnection, { description: "The member's orders, newest first." })
  @Needs('read')
  async orders(
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
    const asked = { kind: 'ORDER' as const, first, after, from, until, storeId, status, orderBy }
    const { request, page } = await purchasePage(loaders, id, asked)
    const found = await Promise.all(page.rows.map((entry) => loaders.orderById.load(entry.id as OrderId)))
    const rows = found.filter((row) => row !== null)
    return new Connection<Order>({ rows, hasNext: page.hasNext }, request, orderCursor)
  }
}

const orderCursor = ({ placedAt, id }: Order): string =>
  purchaseCursor({ kind: 'ORDER', id, purchasedAt: placedAt })
