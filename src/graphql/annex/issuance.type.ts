import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import {
  type Issuance,
  ISSUANCE_STATES,
  type IssuanceLine,
  type IssuanceState,
} from '../../domain/issuances/issuance'
import { left } from '../../domain/issuances/plan-change'
import type { Instant } from '../../domain/shared/instant'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import type { Computed } from '../shared/build-subgraph'
import { connectionType } from '../shared/connection'
import { money, moneyOrNull, MoneyType } from '../shared/money.type'
import { DateTimeScalar, DecimalScalar, JsonScalar, PointsScalar } from '../shared/scalars'
import { Node } from './node.type'
import { Purchase } from './purchase.type'
import { Store } from './store.type'

export const IssuanceStateEnum = Object.fromEntries(ISSUANCE_STATES.map((state) => [state, state])) as {
  [State in IssuanceState]: State
}
registerEnumType(IssuanceStateEnum, {
  name: 'IssuanceState',
  description: 'How far an issuance has come.',
  valuesConfig: {
    PLACED: { description: 'Something of it has not shipped, and its points wait.' },
    SHIPPED: { description: 'All that is left of it has shipped.' },
    RETURNED: { description: 'All of it came back.' },
    CANCELED: { description: 'All of it was canceled.' },
  },
})

@ObjectType('IssuanceProduct', { simpleResolvers: true, description: 'One product of an issuance.' })
export class IssuanceProductType implements Omit<IssuanceLine, 'issuanceId'> {
  @Field(() => Int, { description: 'From 1, in the order of the request.' })
  readonly lineNo!: number

  @Field(() => String, { nullable: true, description: "The client's id of the product; null: not given." })
  readonly productId!: string | null

  @Field(() => String, { nullable: true, description: 'What it is called; null: not given.' })
  readonly name!: string | null

  @Field(() => DecimalScalar, { nullable: true, description: 'How many; null: not given.' })
  readonly quantity!: Amount | null

  @Field(() => JsonScalar, { description: 'The product as the client sent it, whole.' })
  readonly attributes!: IssuanceLine['attributes']
}

@ObjectType('Issuance', {
  implements: [Node, Purchase],
  simpleResolvers: true,
  description: 'A purchase, or something like one, with points that the client computed.',
})
@Directive('@key(fields: "id")')
export class IssuanceType
  extends Purchase
  implements Pick<Issuance, 'source' | 'storeCode' | 'actionId' | 'state' | 'attributes'>
{
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  declare readonly id: string

  @Field(() => String, { description: "The client's own id of it, unique among issuances of the tenant." })
  readonly orderId!: string

  @Field(() => Int, { description: 'The action that its points are booked under.' })
  readonly actionId!: number

  @Field(() => IssuanceStateEnum, { description: 'How far it has come.' })
  readonly state!: IssuanceState

  @Field(() => MoneyType, { nullable: true, description: 'Discount as the client said it; null: none.' })
  readonly discount!: MoneyType | null

  @Field(() => MoneyType, {
    description: 'What it counts as spent: its total, less what was returned or canceled.',
  })
  readonly spent!: MoneyType

  @Field(() => PointsScalar, { description: 'Points that wait until it ships.' })
  readonly heldPoints!: Points

  @Field(() => PointsScalar, { description: 'Points that returns and cancellations took back.' })
  readonly returnedPoints!: Points

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its points lapse; null: never.' })
  readonly expiresAt!: Instant | null

  @Field(() => String, { nullable: true, description: 'Where it came from, in the words of the client.' })
  readonly source!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The store as the client named it; null: it named none.',
  })
  readonly storeCode!: string | null

  @Field(() => Store, { nullable: true, description: "The store, where the tenant's setup knows it." })
  readonly store!: object | null

  @Field(() => JsonScalar, { description: 'What the client sent besides, unchanged.' })
  readonly attributes!: Issuance['attributes']
}

export const IssuanceConnection = connectionType('Issuance', () => IssuanceType)

export const issuanceFields: Computed<Issuance> = {
  orderId: ({ issuanceKey }) => issuanceKey,
  purchasedAt: ({ issuedAt }) => issuedAt,
  total: ({ total, currency }) => money(total, currency),
  discount: ({ discount, currency }) => moneyOrNull(discount, currency),
  spent: (issuance) => money(left(issuance).spend, issuance.currency),
  heldPoints: ({ waiting }) => waiting.points,
  returnedPoints: ({ removed }) => removed.points,
  member: ({ memberId }) => ({ id: memberId }),
  store: ({ storeId }) => storeId && { id: storeId },
}
