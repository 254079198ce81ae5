import { Directive, Field, ObjectType } from 'type-graphql'
import type { Amount } from '../../domain/shared/money'
import { DecimalScalar } from './scalars'

@ObjectType('Money', { simpleResolvers: true, description: 'An amount of money in a currency.' })
@Directive('@shareable')
export class MoneyType {
  @Field(() => DecimalScalar, { description: 'The amount in the currency\'s main unit, such as "99.95".' })
  readonly amount!: Amount

  @Field(() => String, { description: 'ISO 4217 code, such as "INR".' })
  readonly currency!: string
}

export const money = (amount: Amount, currency: string): MoneyType => ({ amount, currency })

export const moneyOrNull = (amount: Amount | null, currency: string): MoneyType | null =>
  amount === null ? null : { amount, currency }
