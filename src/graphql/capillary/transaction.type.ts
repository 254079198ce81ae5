import { Directive, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import {
  DELIVERY_STATUSES,
  type DeliveryStatus,
  NO_POINTS_REASONS,
  type NoPointsReason,
  OUTLIER_STATUSES,
  type OutlierStatus,
  type Transaction,
  TRANSACTION_TYPES,
  type TransactionLine,
  type TransactionPayment,
  type TransactionType as Type,
} from '../../domain/transactions/transaction'
import type { Computed } from '../shared/build-subgraph'
import { connectionType } from '../shared/connection'
import { money, moneyOrNull, MoneyType } from '../shared/money.type'
import { DecimalScalar, JsonScalar, PointsScalar } from '../shared/scalars'
import { Group } from './group.type'
import { Node } from './node.type'
import { Purchase } from './purchase.type'
import { Store } from './store.type'

const enumOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as { [N in Name]: N }

export const TransactionTypeEnum = enumOf(TRANSACTION_TYPES)
export const OutlierStatusEnum = enumOf(OUTLIER_STATUSES)
export const DeliveryStatusEnum = enumOf(DELIVERY_STATUSES)
export const NoPointsReasonEnum = enumOf(NO_POINTS_REASONS)

registerEnumType(TransactionTypeEnum, {
  name: 'TransactionType',
  description: 'What kind of bill it is.',
  valuesConfig: {
    REGULAR: { description: 'A sale to a known member.' },
    RETURN: { description: 'Goods came back from a known member.' },
    NOT_INTERESTED: { description: 'A sale to somebody who is no member.' },
    NOT_INTERESTED_RETURN: { description: 'Goods came back from somebody who is no member.' },
  },
})
registerEnumType(OutlierStatusEnum, {
  name: 'OutlierStatus',
  description: 'Whether a sale is out of the ordinary; only a NORMAL one earns.',
  valuesConfig: {
    NORMAL: { description: 'A sale like any other.' },
    INTERNAL: { description: 'A sale within the company.' },
    FRAUD: { description: 'A fraud.' },
    OUTLIER: { description: 'Larger or odder than real customers buy.' },
    TEST: { description: 'A test of the till.' },
    DELETED: { description: 'Deleted; its bill number is free again.' },
    FAILED: { description: 'It did not come about.' },
    OTHER: { description: 'Out of the ordinary for another reason.' },
  },
})
registerEnumType(DeliveryStatusEnum, {
  name: 'DeliveryStatus',
  description: 'How far the goods have come, as the till said it.',
  valuesConfig: {
    PLACED: { description: 'Ordered.' },
    PROCESSED: { description: 'Being prepared.' },
    SHIPPED: { description: 'On their way.' },
    DELIVERED: { description: 'Handed over.' },
    RETURNED: { description: 'Came back.' },
  },
})
registerEnumType(NoPointsReasonEnum, {
  name: 'NoPointsReason',
  description: 'Why a transaction earned nothing.',
  valuesConfig: {
    NO_RULE: { description: 'The program has no rule for transactions.' },
    OUTLIER: { description: 'The sale, or all that it is made of, is out of the ordinary.' },
    IGNORED_BILL_NUMBER: { description: "The tenant's settings exclude its bill number." },
    ROUNDED_TO_ZERO: { description: 'It earned less than the smallest number of points.' },
    ZERO_AMOUNT: { description: 'It came to nothing.' },
    SKIPPED: { description: 'It was imported without running the program.' },
    NO_MEMBER: { description: 'Nobody known bought it.' },
    QUEUED: { description: 'What it earns is known and still to be booked.' },
  },
})

@ObjectType('TransactionLine', { simpleResolvers: true, description: 'One item of a bill.' })
export class TransactionLineType implements Pick<
  TransactionLine,
  'lineNo' | 'itemCode' | 'quantity' | 'outlier' | 'isReturn' | 'points' | 'attributes'
> {
  @Field(() => Int, { description: 'From 1, in the order of the request.' })
  readonly lineNo!: number

  @Field(() => String, { description: "The till's code of the item." })
  readonly itemCode!: string

  @Field(() => DecimalScalar, { description: 'How many, in units of the item.' })
  readonly quantity!: Amount

  @Field(() => MoneyType, { description: 'Price of one unit.' })
  readonly rate!: MoneyType

  @Field(() => MoneyType, { description: 'Before the discount.' })
  readonly value!: MoneyType

  @Field(() => MoneyType, { description: 'What was taken off.' })
  readonly discount!: MoneyType

  @Field(() => MoneyType, { description: 'After the discount: what the rule looks at.' })
  readonly amount!: MoneyType

  @Field(() => Boolean, { description: 'Whether it is out of the ordinary; such a line earns nothing.' })
  readonly outlier!: boolean

  @Field(() => Boolean, { description: 'Whether it came back with this bill, rather than being sold by it.' })
  readonly isReturn!: boolean

  @Field(() => PointsScalar, { description: "Its share of the bill's points." })
  readonly points!: Points

  @Field(() => JsonScalar, { description: 'What the till sent besides, in its own words.' })
  readonly attributes!: TransactionLine['attributes']
}

@ObjectType('TransactionPayment', { simpleResolvers: true, description: 'How a part of a bill was paid.' })
export class TransactionPaymentType implements Pick<TransactionPayment, 'mode' | 'notes' | 'attributes'> {
  @Field(() => String, { description: 'How, such as "Card Payment".' })
  readonly mode!: string

  @Field(() => MoneyType, { description: 'How much.' })
  readonly amount!: MoneyType

  @Field(() => String, { description: 'What the till noted; may be empty.' })
  readonly notes!: string

  @Field(() => JsonScalar, { description: 'What the till sent besides, in its own words.' })
  readonly attributes!: TransactionPayment['attributes']
}

/** Lines and payments know no currency of their own: it is their transaction's. */
type InCurrency<Row> = Row & { readonly currency: string }

export const transactionLineFields: Computed<InCurrency<TransactionLine>> = {
  rate: ({ rate, currency }) => money(rate, currency),
  value: ({ value, currency }) => money(value, currency),
  discount: ({ discount, currency }) => money(discount, currency),
  amount: ({ amount, currency }) => money(amount, currency),
}

export const transactionPaymentFields: Computed<InCurrency<TransactionPayment>> = {
  amount: ({ amount, currency }) => money(amount, currency),
}

type Shown =
  | 'type'
  | 'billNumber'
  | 'billedAtOffset'
  | 'source'
  | 'tillCode'
  | 'deliveryStatus'
  | 'outlierStatus'
  | 'note'
  | 'noPointsReason'
  | 'customFields'
  | 'extendedFields'
  | 'attributes'

@ObjectType('Transaction', {
  implements: [Node, Purchase],
  simpleResolvers: true,
  description: "A bill of a till, with points by the program's rule.",
})
@Directive('@key(fields: "id")')
export class TransactionType extends Purchase implements Pick<Transaction, Shown> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  declare readonly id: string

  @Field(() => String, { description: 'The number that clients of the till door know it by.' })
  readonly number!: string

  @Field(() => TransactionTypeEnum, { description: 'What kind of bill it is.' })
  readonly type!: Type

  @Field(() => String, { description: 'As printed on the bill.' })
  readonly billNumber!: string

  @Field(() => String, {
    nullable: true,
    description: 'The offset that the till dated it with, such as "+05:30"; null: it named none.',
  })
  readonly billedAtOffset!: string | null

  @Field(() => MoneyType, { nullable: true, description: 'Before discounts; null: not given.' })
  readonly grossAmount!: MoneyType | null

  @Field(() => MoneyType, { nullable: true, description: 'What was taken off the bill; null: not given.' })
  readonly discount!: MoneyType | null

  // Nullable, like `store`, as on the other kinds: a list of purchases asks for both in one selection.
  @Field(() => String, { nullable: true, description: 'Where it was sold, such as "INSTORE".' })
  readonly source!: string

  @Field(() => Group, {
    nullable: true,
    description:
      "Whose wallet its points are in, or were taken from, where that is not the member's; else null.",
  })
  readonly group!: object | null

  @Field(() => Store, { nullable: true, description: 'The store it was booked on.' })
  readonly store!: object

  @Field(() => String, { description: 'The till it was booked on.' })
  readonly tillCode!: string

  @Field(() => DeliveryStatusEnum, {
    nullable: true,
    description: 'How far the goods have come; null: not given.',
  })
  readonly deliveryStatus!: DeliveryStatus | null

  @Field(() => OutlierStatusEnum, { description: 'Whether it is out of the ordinary.' })
  readonly outlierStatus!: OutlierStatus

  @Field(() => String, { nullable: true, description: 'What the till noted; null: nothing.' })
  readonly note!: string | null

  @Field(() => NoPointsReasonEnum, {
    nullable: true,
    description: 'Why it earned nothing; null when it earned.',
  })
  readonly noPointsReason!: NoPointsReason | null

  @Field(() => JsonScalar, { description: "The tenant's custom fields, by name." })
  readonly customFields!: Transaction['customFields']

  @Field(() => JsonScalar, { description: "The tenant's extended fields, by name." })
  readonly extendedFields!: Transaction['extendedFields']

  @Field(() => JsonScalar, { description: 'What the till sent besides, in its own words.' })
  readonly attributes!: Transaction['attributes']
}

export const TransactionConnection = connectionType('Transaction', () => TransactionType)

export const transactionFields: Computed<Transaction> = {
  number: ({ id }) => id,
  purchasedAt: ({ billedAt }) => billedAt,
  total: ({ amount, currency }) => money(amount, currency),
  grossAmount: ({ grossAmount, currency }) => moneyOrNull(grossAmount, currency),
  discount: ({ discount, currency }) => moneyOrNull(discount, currency),
  member: ({ memberId }) => memberId && { id: memberId },
  group: ({ groupId }) => groupId && { id: groupId },
  store: ({ storeId }) => ({ id: storeId }),
}
