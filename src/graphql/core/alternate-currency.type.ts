import { Field, ObjectType } from 'type-graphql'
import type { AccountStatement } from '../../domain/points/ledger'
import type { AlternateCurrency } from '../../domain/programs/program'
import type { Points } from '../../domain/shared/points'
import { PointsScalar } from '../shared/scalars'

@ObjectType('AlternateCurrency', {
  simpleResolvers: true,
  description: 'A currency that transactions earn beside points. From the setup of the program.',
})
export class AlternateCurrencyType implements Pick<AlternateCurrency, 'identifier' | 'name'> {
  @Field(() => String, { description: 'What clients of the doors know it by.' })
  readonly identifier!: string

  @Field(() => String, { description: 'For people.' })
  readonly name!: string
}

type Figures = Pick<AccountStatement, 'available' | 'earned' | 'reversed' | 'redeemed' | 'expired'>

@ObjectType('CurrencyBalance', {
  simpleResolvers: true,
  description: 'What a member has of a currency beside points. What is due is already applied.',
})
export class CurrencyBalanceType implements Figures {
  @Field(() => AlternateCurrencyType, { description: 'Which currency.' })
  readonly currency!: object

  @Field(() => PointsScalar, {
    description: 'Spendable now. Below zero: units were spent that a return took back.',
  })
  readonly available!: Points

  @Field(() => PointsScalar, { description: 'Credited as earned, all time.' })
  readonly earned!: Points

  @Field(() => PointsScalar, { description: 'Taken back by returns, all time.' })
  readonly reversed!: Points

  @Field(() => PointsScalar, { description: 'Spent, all time.' })
  readonly redeemed!: Points

  @Field(() => PointsScalar, { description: 'Lapsed, all time.' })
  readonly expired!: Points
}
