import { ArrayMaxSize, IsNotEmpty, MaxLength, ValidateNested } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import type { ClientInstant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import type { Amount } from '../../domain/shared/money'
import type { ReturnKind } from '../../domain/transactions/return'
import type { DeliveryStatus, OutlierStatus } from '../../domain/transactions/transaction'
import { IdentityInput } from '../shared/identity.input'
import { DRY_RUN, KEY_OF_A_PURCHASE } from '../shared/perform'
import { DateTimeScalar, DecimalScalar, JsonScalar } from '../shared/scalars'
import { ReturnKindEnum } from './transaction-return.type'
import { DeliveryStatusEnum, OutlierStatusEnum } from './transaction.type'

const LONGEST_ID = 255
const LONGEST_NOTE = 500
const MOST_LINES = 500

@InputType('TransactionLineInput', { description: 'An item of a bill.' })
export class TransactionLineInput {
  @Field(() => String, { description: "The till's code of the item." })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  itemCode!: string

  @Field(() => DecimalScalar, { description: 'How many, in units of the item: more than zero.' })
  quantity!: Amount

  @Field(() => DecimalScalar, { description: "Price of one unit in the tenant's currency, zero or more." })
  rate!: Amount

  @Field(() => DecimalScalar, { defaultValue: '0', description: 'What is taken off the line, zero or more.' })
  discount!: Amount

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null
}

@InputType('TransactionPaymentInput', { description: 'How a part of a bill was paid.' })
export class TransactionPaymentInput {
  @Field(() => String, { description: 'How, such as "Card Payment".' })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  mode!: string

  @Field(() => DecimalScalar, { description: "How much, in the tenant's currency." })
  amount!: Amount

  @Field(() => String, { defaultValue: '', description: 'For people.' })
  @MaxLength(LONGEST_NOTE)
  notes!: string
}

@InputType('RecordTransactionInput', {
  description: 'Exactly one of memberId, identity and anonymous.',
})
export class RecordTransactionInput {
  @Field(() => ID, { nullable: true, description: 'Who bought; or give `identity`, or `anonymous`.' })
  memberId?: string | null

  @Field(() => IdentityInput, {
    nullable: true,
    description: 'Who bought; or give `memberId`, or `anonymous`.',
  })
  @ValidateNested()
  identity?: IdentityInput | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'True: a sale to somebody who is no member (NOT_INTERESTED). It earns nothing.',
  })
  anonymous?: true | null

  @Field(() => String, {
    description:
      'As printed on the bill; how far it must be unique, the setup says: the same again is refused there.',
  })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  billNumber!: string

  @Field(() => ID, { description: 'The Store that it is booked on.' })
  storeId!: string

  @Field(() => String, { nullable: true, description: "The store's till; null: its first." })
  @MaxLength(LONGEST_ID)
  tillCode?: string | null

  @Field(() => [TransactionLineInput], { defaultValue: [], description: `Its items, at most ${MOST_LINES}.` })
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  lines!: TransactionLineInput[]

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "What it comes to after discounts, in the tenant's currency; null: the sum of its lines.",
  })
  total?: Amount | null

  @Field(() => DecimalScalar, { nullable: true, description: 'Before discounts, as you say it.' })
  grossAmount?: Amount | null

  @Field(() => DecimalScalar, { nullable: true, description: 'What was taken off the bill, as you say it.' })
  discount?: Amount | null

  @Field(() => [TransactionPaymentInput], { defaultValue: [], description: 'How it was paid.' })
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  payments!: TransactionPaymentInput[]

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was billed; null: now. Not in the future.',
  })
  billedAt?: ClientInstant | null

  @Field(() => String, { defaultValue: 'INSTORE', description: 'Where it was sold, such as "INSTORE".' })
  @IsNotEmpty()
  @MaxLength(64)
  source!: string

  @Field(() => DeliveryStatusEnum, { nullable: true, description: 'How far the goods have come.' })
  deliveryStatus?: DeliveryStatus | null

  @Field(() => OutlierStatusEnum, {
    nullable: true,
    description: "Whether it is out of the ordinary; null: the setup's rules decide.",
  })
  outlierStatus?: OutlierStatus | null

  @Field(() => [String], {
    defaultValue: [],
    description: 'Codes of redemptions of the member that were made for it: they are tied to it.',
  })
  @ArrayMaxSize(20)
  redemptionCodes!: string[]

  @Field(() => String, { nullable: true, description: 'For people.' })
  @MaxLength(LONGEST_NOTE)
  note?: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null

  @Field(() => String, { nullable: true, description: KEY_OF_A_PURCHASE })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}

@InputType('ReturnedLineInput', { description: 'How much of one line of the bill comes back.' })
export class ReturnedLineInput {
  @Field(() => Int, { description: 'Number of the line on the bill.' })
  lineNo!: number

  @Field(() => DecimalScalar, { description: 'How many, in units of the item: more than zero.' })
  quantity!: Amount

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "What is given back for it, in the tenant's currency; null: what so many cost.",
  })
  amount?: Amount | null
}

@InputType('ReturnTransactionInput', { description: 'What comes back of which bill.' })
export class ReturnTransactionInput {
  @Field(() => ID, {
    description: 'The Transaction that it comes back of: a sale, of a member or of nobody known.',
  })
  transactionId!: string

  @Field(() => ReturnKindEnum, { description: 'How it comes back.' })
  kind!: ReturnKind

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Of an AMOUNT: how much money, in the tenant's currency; otherwise null.",
  })
  amount?: Amount | null

  @Field(() => [ReturnedLineInput], {
    nullable: true,
    description: `Of a LINE_ITEM: which lines, 1 to ${MOST_LINES}; otherwise null.`,
  })
  @ArrayMaxSize(MOST_LINES)
  @ValidateNested({ each: true })
  lines?: ReturnedLineInput[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Number of the return itself; null: that of the bill.',
  })
  @IsNotEmpty()
  @MaxLength(LONGEST_ID)
  billNumber?: string | null

  @Field(() => ID, { nullable: true, description: "The Store that takes it back; null: the bill's." })
  storeId?: string | null

  @Field(() => String, {
    nullable: true,
    description: "The till that takes it back; null: the bill's, or the store's first.",
  })
  @MaxLength(LONGEST_ID)
  tillCode?: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it came back; null: now. Not in the future.',
  })
  returnedAt?: ClientInstant | null

  @Field(() => String, { nullable: true, description: 'For people.' })
  @MaxLength(LONGEST_NOTE)
  note?: string | null

  @Field(() => JsonScalar, { nullable: true, description: 'What you want to read again: a JSON object.' })
  attributes?: JsonObject | null

  @Field(() => String, { nullable: true, description: KEY_OF_A_PURCHASE })
  idempotencyKey?: string | null

  @Field(() => Boolean, { defaultValue: false, description: DRY_RUN })
  dryRun!: boolean
}
