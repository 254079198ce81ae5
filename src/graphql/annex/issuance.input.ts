import { ArrayMaxSize, IsNotEmpty, MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { NewIssuanceLine } from '../../domain/issuances/issuance'
import type { Move } from '../../domain/orders/plan-change'
import type { ClientInstant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import { IdentityInput } from '../shared/identity.input'
import { objectOr } from '../shared/json-object'
import { DRY_RUN, KEY_OF_A_PURCHASE } from '../shared/perform'
import { DateTimeScalar, DecimalScalar, JsonScalar, PointsScalar } from '../shared/scalars'
import { OrderMove } from './order.input'

const LONGEST_ID = 255
const MOST_PRODUCTS = 500

@InputType('IssuanceProductInput', { description: 'A product of an issuance; nothing is computed from it.' })
export class IssuanceProductInput {
  @Field(() => String, { nullable: true, description: 'Your id of the product.' })
  @MaxLength(LONGEST_ID)
  productId?: string | null

  @Field(() => String, { nullable: true, description: 'What it is called.' })
  @MaxLength(LONGEST_ID)
  name?: string | null

  @Field(() => DecimalScalar, { nullable: true, description: 'How many, in units of the product.' })
  quantity?: Amount | null

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null
}

@InputType()
abstract class IssuanceFactsInput {
  @Field(() => String, { description: 'Your id of the issuance, unique among issuances of the tenant.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  orderId!: string

  @Field(() => PointsScalar, { description: 'Points that it is worth, as you computed them: zero or more.' })
  points!: Points

  @Field(() => DecimalScalar, { description: "What it came to in the tenant's currency, zero or more." })
  total!: Amount

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Discount as you say it, in the tenant's currency.",
  })
  discount?: Amount | null

  @Field(() => Int, {
    nullable: true,
    description: 'The action that its points are booked under; null: the one of the program.',
  })
  actionId?: number | null

  @Field(() => String, { nullable: true, description: 'Where it came from, such as "web".' })
  @MaxLength(LONGEST_ID)
  source?: string | null

  @Field(() => String, { nullable: true, description: 'The store, as you name it.' })
  @MaxLength(LONGEST_ID)
  storeCode?: string | null

  @Field(() => [IssuanceProductInput], {
    nullable: true,
    description: `Its products, at most ${MOST_PRODUCTS}.`,
  })
  @ArrayMaxSize(MOST_PRODUCTS)
  @ValidateNested({ each: true })
  products?: IssuanceProductInput[] | null

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('RecordIssuanceInput', { description: 'Exactly one of memberId and identity.' })
export class RecordIssuanceInput extends IssuanceFactsInput {
  @Field(() => ID, { nullable: true, description: 'Who bought; or give `identity`.' })
  memberId?: string | null

  @Field(() => IdentityInput, { nullable: true, description: 'Who bought; or give `memberId`.' })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was bought; null: now. Not in the future.',
  })
  purchasedAt?: ClientInstant | null

  @Field(() => Boolean, { defaultValue: true, description: 'False: its points wait until it ships.' })
  shipped!: boolean
}

@InputType('RewriteIssuanceInput', {
  description: 'The issuance as it shall be: what is left out is emptied. It has shipped from then on.',
})
export class RewriteIssuanceInput extends IssuanceFactsInput {}

@InputType('IssuancePartInput', { description: 'A part of an issuance, by what it is worth.' })
export class IssuancePartInput {
  @Field(() => PointsScalar, { description: 'Points of the part, zero or more.' })
  points!: Points

  @Field(() => DecimalScalar, { description: "Money of the part in the tenant's currency, zero or more." })
  amount!: Amount
}

@InputType('ChangeIssuanceInput', { description: 'Which issuance, and what happens to it.' })
export class ChangeIssuanceInput {
  @Field(() => String, { description: 'Your id of the issuance.' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  orderId!: string

  @Field(() => OrderMove, { description: 'What happens.' })
  move!: Move

  @Field(() => IssuancePartInput, {
    nullable: true,
    description: 'To which part; null: to all that can move.',
  })
  @ValidateNested()
  part?: IssuancePartInput | null

  @Field(() => String, { nullable: true, description: 'For people and the journal.' })
  @MaxLength(500)
  reason?: string | null

  @Field(() => String, { nullable: true, description: KEY_OF_A_PURCHASE })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

export const toLines = (products: readonly IssuanceProductInput[]): readonly NewIssuanceLine[] =>
  products.map(({ productId, name, quantity, attributes }, index) => ({
    productId: productId ?? null,
    name: name ?? null,
    quantity: quantity ?? null,
    attributes: objectOr(attributes, `input.products.${index}.attributes`),
  }))
