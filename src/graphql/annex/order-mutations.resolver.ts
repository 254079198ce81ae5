import {
  Arg,
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
import type { Member } from '../../domain/members/member'
import type { Order } from '../../domain/orders/order'
import type { AccountStatement } from '../../domain/points/ledger'
import type { Amount } from '../../domain/shared/money'
import { type Points, ZERO_POINTS } from '../../domain/shared/points'
import type { TierMove } from '../../domain/tiers/settle-standing'
import { perform } from '../shared/perform'
import { DecimalScalar, PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'
import { orUserErrors, UserError } from '../shared/user-error.type'
import { type AnnexContext, annexLoaders } from './loaders'
import { Member as MemberType } from './member.type'
import { buyerOf, CartInput, ChangeOrderInput, objectOr, PlaceOrderInput, soundLines } from './order.input'
import { OrderType } from './order.type'

interface OrderDone {
  readonly order: Order
  readonly member: Member
  readonly statement: AccountStatement | null
  readonly tier: TierMove
}
type OrderPayload = Partial<OrderDone> & { readonly userErrors: readonly UserError[] }

function payloadType(name: string) {
  @ObjectType(name, { simpleResolvers: true, description: 'What was done, or why not.' })
  class Payload {
    @Field(() => [UserError], { description: 'Why a rule said no; empty when it was done.' })
    readonly userErrors!: readonly UserError[]
  }

  @Resolver(() => Payload)
  class PayloadResolver {
    @FieldResolver(() => OrderType, { nullable: true, description: 'The order now; null when refused.' })
    order(@Root() { order }: OrderPayload, @Ctx() { loaders }: AnnexContext) {
      return order ? loaders.orderById.load(order.id) : null
    }

    @FieldResolver(() => MemberType, {
      nullable: true,
      description: 'Whose order it is; null when refused. As stored: of a dry run, the member as before.',
    })
    member(@Root() { member }: OrderPayload) {
      return member ? { id: member.id } : null
    }

    @FieldResolver(() => PointsScalar, {
      nullable: true,
      description: 'Points that the member can spend after it; null when refused.',
    })
    available(@Root() { member, statement }: OrderPayload) {
      return member ? (statement?.available ?? ZERO_POINTS) : null
    }

    @FieldResolver(() => PointsScalar, {
      nullable: true,
      description: 'Points of the member that wait after it; null when refused.',
    })
    pending(@Root() { member, statement }: OrderPayload) {
      return member ? (statement?.pending ?? ZERO_POINTS) : null
    }

    @FieldResolver(() => String, {
      nullable: true,
      description: "The member's tier after it, by name; null: in none, or refused.",
    })
    tierName(@Root() { tier }: OrderPayload) {
      return tier?.after?.name ?? null
    }
  }
  return { Payload, PayloadResolver }
}

const Placed = payloadType('PlaceOrderPayload')
const Changed = payloadType('ChangeOrderPayload')
export const OrderPayloadResolvers = [Placed.PayloadResolver, Changed.PayloadResolver]

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
    const member = nobody ? null : buyerOf(cart, 'cart')
    const lines = soundLines(cart.lines, 'cart.lines')
    return orUserErrors(
      potentialPoints(stores, caller.tenant, { member, lines }).then((potential) => ({ potential })),
    )
  }

  @Mutation(() => Placed.Payload, {
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
      member: buyerOf(input, 'input'),
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

  @Mutation(() => Changed.Payload, {
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
    return done(context, input.dryRun, (loyalty) =>
      changeOrder(loyalty, caller, { orderKey, move, lines, hold: 'rule', booking }),
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
