import {
  Arg,
  type ClassType,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Query,
  registerEnumType,
  Resolver,
  Root,
} from 'type-graphql'
import type { LoyaltyDeps } from '../../domain/loyalty'
import { changeOrder } from '../../domain/orders/change-order'
import { placeOrder } from '../../domain/orders/place-order'
import {
  type NoPointsInCart,
  NO_POINTS_IN_CART,
  potentialPoints,
  type PotentialPoints,
} from '../../domain/orders/potential-points'
import type { Order } from '../../domain/orders/order'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import { once } from '../../domain/points/once'
import { present } from '../../domain/shared/present'
import type { Stores } from '../../domain/stores'
import { standingNow } from '../../domain/points/standing-now'
import { objectOr } from '../shared/json-object'
import { perform } from '../shared/perform'
import { DecimalScalar, PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { orUserErrors, UserError } from '../shared/user-error.type'
import { keyOf } from '../shared/who'
import { type AnnexContext, annexLoaders } from './loaders'
import { CartInput, ChangeOrderInput, PlaceOrderInput, soundLines } from './order.input'
import { OrderType } from './order.type'
import { payloadType, type PurchaseDone, standingResolver } from './purchase-payload'

interface OrderDone extends PurchaseDone {
  readonly order: Order
}
type OrderPayload = Partial<OrderDone> & { readonly userErrors: readonly UserError[] }

const PlaceOrderPayload = payloadType('PlaceOrderPayload')
const ChangeOrderPayload = payloadType('ChangeOrderPayload')

function orderResolver(type: ClassType) {
  @Resolver(() => type)
  class PayloadResolver {
    @FieldResolver(() => OrderType, { nullable: true, description: 'The order now; null when refused.' })
    order(@Root() { order }: OrderPayload, @Ctx() { loaders }: AnnexContext) {
      return order ? loaders.orderById.load(order.id) : null
    }
  }
  return PayloadResolver
}

export const OrderPayloadResolvers = [PlaceOrderPayload, ChangeOrderPayload].flatMap((type) => [
  orderResolver(type),
  standingResolver(type),
])

const NoPointsInCartEnum = Object.fromEntries(NO_POINTS_IN_CART.map((reason) => [reason, reason])) as {
  [Reason in NoPointsInCart]: Reason
}
registerEnumType(NoPointsInCartEnum, {
  name: 'NoPointsInCart',
  description: 'Why a line of a cart would earn nothing.',
  valuesConfig: {
    MEMBER_MAY_NOT_EARN: { description: "The member's status does not let it earn." },
    NO_RULE: { description: 'The program has no rule for orders.' },
    ZERO_RATIO: { description: 'The rule that applies gives zero points per unit of money.' },
    ZERO_AMOUNT: { description: 'It costs nothing.' },
    ROUNDED_TO_ZERO: { description: 'It would earn less than the smallest number of points.' },
  },
})

@ObjectType('PotentialPointsLine', {
  simpleResolvers: true,
  description: 'What one line of a cart would earn.',
})
class PotentialPointsLine {
  @Field(() => PointsScalar, { description: 'Points of the line.' })
  readonly points!: Points

  @Field(() => NoPointsInCartEnum, { nullable: true, description: 'Why it is nothing; null when it earns.' })
  readonly noPointsReason!: NoPointsInCart | null
}

@ObjectType('PotentialPoints', {
  simpleResolvers: true,
  description: 'What a cart would earn if it were ordered now.',
})
class PotentialPointsType implements Omit<PotentialPoints, 'lines'> {
  @Field(() => PointsScalar, { description: 'Sum of the lines.' })
  readonly total!: Points

  @Field(() => [PotentialPointsLine], { description: 'In the order of the cart.' })
  readonly lines!: readonly PotentialPointsLine[]

  @Field(() => DecimalScalar, { description: 'Points per unit of money that applies.' })
  readonly ratio!: Amount

  @Field(() => String, { description: 'The rule that says so, and the version of the setup it is of.' })
  readonly rule!: string

  @Field(() => Boolean, { description: 'Whether the points would wait before they can be spent.' })
  readonly held!: boolean
}

@ObjectType('PotentialPointsPayload', {
  simpleResolvers: true,
  description: 'What it would earn, or why that cannot be said.',
})
class PotentialPointsPayload {
  @Field(() => PotentialPointsType, { nullable: true, description: 'Null when refused.' })
  readonly potential!: PotentialPointsType | null

  @Field(() => [UserError], { description: 'Why a rule said no; empty when it did not.' })
  readonly userErrors!: readonly UserError[]
}

@Resolver()
export class OrderMutationsResolver {
  @Query(() => PotentialPointsPayload, {
    description: 'What a cart would earn if it were ordered now, line by line, with a reason for every zero.',
  })
  @Needs('read')
  async potentialPoints(
    @Arg('cart', () => CartInput, { description: 'What would be ordered, and by whom.' }) cart: CartInput,
    @Ctx() { stores, caller }: AnnexContext,
  ) {
    const nobody = !cart.memberId && !cart.identity
    const member = nobody ? null : keyOf(cart, 'cart')
    const lines = soundLines(cart.lines, 'cart.lines')
    return orUserErrors(
      potentialPoints(stores, caller.tenant, { member, lines }).then((potential) => ({ potential })),
    )
  }

  @Mutation(() => PlaceOrderPayload, {
    description: 'Places an order and awards its points: unit price x ratio x quantity, line by line.',
  })
  @Needs('write')
  async placeOrder(
    @Arg('input', () => PlaceOrderInput, { description: 'Who ordered what.' }) input: PlaceOrderInput,
    @Ctx() context: AnnexContext,
  ): Promise<OrderPayload> {
    const { caller, requestId } = context
    const lines = soundLines(input.lines, 'input.lines').map((line, index) => ({
      productId: line.productId,
      secondaryKey: line.secondaryKey ?? null,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      attributes: objectOr(line.attributes, `input.lines.${index}.attributes`),
    }))
    const command = {
      program: caller.tenant.setup.defaultProgram,
      member: keyOf(input, 'input'),
      orderKey: input.orderId,
      store: null,
      source: input.source ?? null,
      total: input.total ?? null,
      discount: input.discount ?? null,
      orderDate: input.placedAt ?? null,
      datedByClient: Boolean(input.placedAt),
      state: input.shipped ? ('SHIPPED' as const) : ('PLACED' as const),
      disregardHold: false,
      lines,
      attributes: objectOr(input.attributes, 'input.attributes'),
      requestId,
    }
    return done(context, input.dryRun, (loyalty) => placeOrder(loyalty, caller, command))
  }

  @Mutation(() => ChangeOrderPayload, {
    description:
      'Ships, takes back or cancels an order or a part of it; points follow the goods, pro rata and exactly. What was spent meanwhile becomes a debt.',
  })
  @Needs('write')
  async changeOrder(
    @Arg('input', () => ChangeOrderInput, { description: 'Which order, and what happens to it.' })
    input: ChangeOrderInput,
    @Ctx() context: AnnexContext,
  ): Promise<OrderPayload> {
    const { caller, requestId } = context
    const { orderId: orderKey, move } = input
    const lines = input.lines
      ? soundLines(input.lines, 'input.lines').map(({ productId, secondaryKey, quantity }) => ({
          productId,
          secondaryKey: secondaryKey ?? null,
          quantity: quantity ?? null,
        }))
      : null
    const booking = { actionId: null, reason: input.reason ?? REASONS[move](orderKey), requestId }
    const request = {
      caller,
      operation: 'change-order',
      key: input.dryRun ? null : (input.idempotencyKey ?? null),
      facts: [orderKey, move, lines, input.reason ?? null],
      keep: ({ member }: OrderDone) => ({ memberId: member.id }),
      again: async (stores: Stores, kept: { readonly memberId: string }) => ({
        order: present(await stores.orders.findByKey(caller.tenant.id, orderKey), 'the order'),
        ...(await standingNow(stores, caller.tenant, kept.memberId)),
      }),
    }
    return done(context, input.dryRun, (loyalty) =>
      once(loyalty, request, (deps) =>
        changeOrder(deps, caller, { orderKey, move, lines, hold: 'rule', booking }),
      ),
    )
  }
}

const REASONS = {
  SHIP: (orderKey: string) => `Shipment of order ${orderKey}`,
  RETURN: (orderKey: string) => `Return of order ${orderKey}`,
  CANCEL: (orderKey: string) => `Cancellation of order ${orderKey}`,
}

const done = (
  context: AnnexContext,
  dryRun: boolean,
  work: (loyalty: LoyaltyDeps) => Promise<OrderDone>,
): Promise<OrderPayload> =>
  orUserErrors(
    perform(context, {
      work,
      dryRun,
      async look(show, { order }) {
        await show('orderById', order.id)
        await show('orderLinesOf', order.id)
        await show('purchaseStatusOf', { kind: 'ORDER', id: order.id })
      },
      loadersOn: annexLoaders,
    }),
  )
