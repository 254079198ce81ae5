import { ArrayMaxSize, ArrayNotEmpty, IsNotEmpty, MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, registerEnumType } from 'type-graphql'
import type { Move } from '../../domain/orders/plan-change'
import { Decimal } from '../../domain/shared/decimal'
import type { ClientInstant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import type { Amount } from '../../domain/shared/money'
import { badInput } from '../shared/errors'
import { IdentityInput } from '../shared/identity.input'
import { DRY_RUN, KEY_OF_A_PURCHASE } from '../shared/perform'
import { DateTimeScalar, DecimalScalar, JsonScalar } from '../shared/scalars'

const LONGEST_ID = 255
const MOST_LINES = 500

@InputType()
abstract class ProductInput {
  @Field(() => String, { description: 'Your id of the product.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  productId!: string

  @Field(() => String, { nullable: true, description: 'Tells apart two lines of one product.' })
  @MaxLength(LONGEST_ID)
  secondaryKey?: string | null
}

@InputType('CartLineInput', { description: 'A product, how many, and at what price.' })
export class CartLineInput extends ProductInput {
  @Field(() => DecimalScalar, { description: 'How many, more than zero.' })
  quantity!: Amount

  @Field(() => DecimalScalar, { description: "Price of one unit in the tenant's currency, zero or more." })
  unitPrice!: Amount
}

@InputType('OrderLineInput', { description: 'A line of an order.' })
export class OrderLineInput extends CartLineInput {
  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null
}

@InputType('PlaceOrderInput', { description: 'Exactly one of memberId and identity.' })
export class PlaceOrderInput {
  @Field(() => ID, { nullable: true, description: 'Who ordered; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who ordered; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => String, {
    description: 'Your id of the order, unique in the tenant: the same one again is refused.',
  })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  orderId!: string

  @Field(() => [OrderLineInput], { description: `Its products: 1 to ${MOST_LINES}.` })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  lines!: OrderLineInput[]

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was placed; null: now. Not in the future.',
  })
  placedAt?: ClientInstant | null

  @Field(() => Boolean, { defaultValue: false, description: 'Whether it has shipped already.' })
  shipped!: boolean

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'What it comes to as you say it; null: the sum of its lines. Points rest on the lines.',
  })
  total?: Amount | null

  @Field(() => DecimalScalar, { nullable: true, description: 'Discount as you say it.' })
  discount?: Amount | null

  @Field(() => String, { nullable: true, description: 'Where the order came from, such as "web".' })
  @MaxLength(LONGEST_ID)
  source?: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

export const OrderMove = { SHIP: 'SHIP', RETURN: 'RETURN', CANCEL: 'CANCEL' } as const satisfies Record<
  Move,
  Move
>
registerEnumType(OrderMove, {
  name: 'OrderMove',
  description: 'What may happen to an order after it was placed.',
  valuesConfig: {
    SHIP: { description: 'Goods leave; points that waited for it become spendable.' },
    RETURN: { description: 'Goods come back, and their points go.' },
    CANCEL: { description: 'Goods will not be shipped, and their points go.' },
  },
})

@InputType('MovedLineInput', { description: 'Which units of an order.' })
export class MovedLineInput extends ProductInput {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'How many, more than zero; null: all that can move.',
  })
  quantity?: Amount | null
}

@InputType('ChangeOrderInput', { description: 'Which order, and what happens to it.' })
export class ChangeOrderInput {
  @Field(() => String, { description: 'Your id of the order.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  orderId!: string

  @Field(() => OrderMove, { description: 'What happens.' })
  move!: Move

  @Field(() => [MovedLineInput], { nullable: true, description: 'To which units; null: to the whole order.' })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  lines?: MovedLineInput[] | null

  @Field(() => String, { nullable: true, description: 'For people and the journal.' })
  @MaxLength(500)
  reason?: string | null

  @Field(() => String, { nullable: true, description: KEY_OF_A_PURCHASE })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('CartInput', { description: 'What would be ordered. At most one of memberId and identity.' })
export class CartInput {
  @Field(() => ID, { nullable: true, description: 'Who would order; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who would order; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => [CartLineInput], { description: `The products: 1 to ${MOST_LINES}.` })
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  lines!: CartLineInput[]
}

/** Refuses quantities and prices that no order could have. */
export function soundLines<Line extends { readonly quantity?: Amount | null; readonly unitPrice?: Amount }>(
  lines: readonly Line[],
  path: string,
): readonly Line[] {
  lines.forEach(({ quantity, unitPrice = '0' as Amount }, index) => {
    if (quantity && new Decimal(quantity).lte(0))
      throw badInput({ path: `${path}.${index}.quantity`, message: 'must be more than zero' })
    if (new Decimal(unitPrice).lt(0))
      throw badInput({ path: `${path}.${index}.unitPrice`, message: 'must be zero or more' })
  })
  return lines
}
