import { Field, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Instant } from '../../domain/shared/instant'
import type { Amount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import {
  type ReturnedLine,
  type ReturnKind,
  RETURN_KINDS,
  type TransactionReturn,
} from '../../domain/transactions/return'
import type { Computed } from '../shared/build-subgraph'
import { money, MoneyType } from '../shared/money.type'
import { DateTimeScalar, DecimalScalar, PointsScalar } from '../shared/scalars'

export const ReturnKindEnum = Object.fromEntries(RETURN_KINDS.map((kind) => [kind, kind])) as {
  [K in ReturnKind]: K
}

registerEnumType(ReturnKindEnum, {
  name: 'ReturnKind',
  description: 'How a bill came back.',
  valuesConfig: {
    AMOUNT: { description: 'Some money of it.' },
    FULL: { description: 'All of it.' },
    LINE_ITEM: { description: 'Some lines of it.' },
    CANCELED: { description: 'All of it, before it was delivered.' },
  },
})

@ObjectType('ReturnedLine', {
  simpleResolvers: true,
  description: 'How much of one line of a bill came back.',
})
export class ReturnedLineType implements Pick<ReturnedLine, 'lineNo' | 'quantity'> {
  @Field(() => Int, { description: 'Number of the line of the original.' })
  readonly lineNo!: number

  @Field(() => DecimalScalar, { description: 'How many, in units of the item.' })
  readonly quantity!: Amount

  @Field(() => MoneyType, { description: 'What was given back for it.' })
  readonly amount!: MoneyType
}

@ObjectType('TransactionReturn', {
  simpleResolvers: true,
  description: 'What one bill takes back of another.',
})
export class TransactionReturnType implements Pick<
  TransactionReturn,
  'kind' | 'billNumber' | 'points' | 'returnedAt'
> {
  @Field(() => ReturnKindEnum, { description: 'How it came back.' })
  readonly kind!: ReturnKind

  @Field(() => String, { description: 'Number of the original, as the till named it.' })
  readonly billNumber!: string

  @Field(() => MoneyType, { description: 'What was given back.' })
  readonly amount!: MoneyType

  @Field(() => PointsScalar, { description: "Points that were taken back of the original's." })
  readonly points!: Points

  @Field(() => DateTimeScalar, { description: 'When it came back.' })
  readonly returnedAt!: Instant

  @Field(() => [ReturnedLineType], { description: 'Which lines; none when only money came back.' })
  readonly lines!: readonly ReturnedLineType[]
}

export const transactionReturnFields: Computed<TransactionReturn> = {
  amount: ({ amount, currency }) => money(amount, currency),
  lines: ({ lines, currency }) => lines.map((line) => ({ ...line, currency })),
}

/** A line knows no currency of its own: it is its return's. */
export const returnedLineFields: Computed<ReturnedLine & { readonly currency: string }> = {
  amount: ({ amount, currency }) => money(amount, currency),
}
