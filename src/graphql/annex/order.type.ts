import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { type Order, ORDER_LINE_STATES, type OrderLine, type OrderLineState } from '../../domain/orders/order'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import type { Computed } from '../shared/build-subgraph'
import { connectionType } from '../shared/connection'
import { money, moneyOrNull, MoneyType } from '../shared/money.type'
import { DecimalScalar, JsonScalar, PointsScalar } from '../shared/scalars'
import { Node } from './node.type'
import { Purchase } from './purchase.type'
import { Store } from './store.type'

export const OrderLineStateEnum = Object.fromEntries(ORDER_LINE_STATES.map((state) => [state, state])) as {
  [State in OrderLineState]: State
}
registerEnumType(OrderLineStateEnum, {
  name: 'OrderLineState',
  description: 'How far a line of an order has come.',
  valuesConfig: {
    PLACED: { description: 'Ordered.' },
    SHIPPED: { description: 'On its way, or handed over.' },
    RETURNED: { description: 'Came back.' },
    CANCELED: { description: 'Will not be shipped.' },
  },
})

@ObjectType('OrderLine', { simpleResolvers: true, description: 'One product of an order.' })
export class OrderLineType implements Pick<
  OrderLine,
  'lineNo' | 'productId' | 'secondaryKey' | 'quantity' | 'state' | 'points' | 'attributes'
> {
  @Field(() => Int, { description: 'From 1, in the order of the request.' })
  readonly lineNo!: number

  @Field(() => String, { description: "The client's id of the product." })
  readonly productId!: string

  @Field(() => String, {
    nullable: true,
    description: 'Tells apart two lines of one product; null: not given.',
  })
  readonly secondaryKey!: string | null

  @Field(() => DecimalScalar, { description: 'How many, in units of the product.' })
  readonly quantity!: Amount

  @Field(() => MoneyType, { description: 'Price of one unit.' })
  readonly unitPrice!: MoneyType

  @Field(() => OrderLineStateEnum, { description: 'How far it has come as a whole.' })
  readonly state!: OrderLineState

  @Field(() => DecimalScalar, { description: 'Units on their way or handed over, not those that came back.' })
  readonly shippedQuantity!: Amount

  @Field(() => DecimalScalar, { description: 'Units that came back.' })
  readonly returnedQuantity!: Amount

  @Field(() => DecimalScalar, { description: 'Units that will not be shipped.' })
  readonly canceledQuantity!: Amount

  @Field(() => PointsScalar, {
    description: 'Points it earned: unit price x ratio x quantity, rounded half up.',
  })
  readonly points!: Points

  @Field(() => JsonScalar, { description: 'What the client sent besides, unchanged.' })
  readonly attributes!: OrderLine['attributes']
}

/** A line knows no currency of its own: it is its order's. */
export type OrderLineRow = OrderLine & { readonly currency: string }

export const orderLineFields: Computed<OrderLineRow> = {
  unitPrice: ({ unitPrice, currency }) => money(unitPrice, currency),
  shippedQuantity: ({ shipped }) => shipped,
  returnedQuantity: ({ returned }) => returned,
  canceledQuantity: ({ canceled }) => canceled,
}

@ObjectType('Order', {
  implements: [Node, Purchase],
  simpleResolvers: true,
  description: 'An order, with points computed from its lines.',
})
@Directive('@key(fields: "id")')
export class OrderType
  extends Purchase
  implements Pick<Order, 'source' | 'storeCode' | 'placedAtOffset' | 'ratio' | 'attributes'>
{
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  declare readonly id: string

  @Field(() => String, { description: "The client's own id of the order, unique in the tenant." })
  readonly orderId!: string

  @Field(() => String, {
    nullable: true,
    description: 'The offset that the client dated it with, such as "+05:30"; null: it named none.',
  })
  readonly placedAtOffset!: string | null

  @Field(() => MoneyType, { nullable: true, description: 'Discount as the client said it; null: none.' })
  readonly discount!: MoneyType | null

  @Field(() => DecimalScalar, { description: 'Points per unit of money that it was awarded with.' })
  readonly ratio!: Amount

  @Field(() => String, {
    nullable: true,
    description: 'Where the order came from, in the words of the client.',
  })
  readonly source!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The store as the client named it; null: it named none.',
  })
  readonly storeCode!: string | null

  @Field(() => Store, { nullable: true, description: "The store, where the tenant's setup knows it." })
  readonly store!: object | null

  @Field(() => JsonScalar, { description: 'What the client sent besides, unchanged.' })
  readonly attributes!: Order['attributes']
}

export const OrderConnection = connectionType('Order', () => OrderType)

export const orderFields: Computed<Order> = {
  orderId: ({ orderKey }) => orderKey,
  purchasedAt: ({ placedAt }) => placedAt,
  total: ({ total, currency }) => money(total, currency),
  discount: ({ discount, currency }) => moneyOrNull(discount, currency),
  member: ({ memberId }) => ({ id: memberId }),
  store: ({ storeId }) => storeId && { id: storeId },
}
