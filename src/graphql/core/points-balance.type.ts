import { Field, ObjectType } from 'type-graphql'
import { Decimal } from '../../domain/shared/decimal'
import { toAmount } from '../../domain/shared/money'
import { formatPoints, type Points } from '../../domain/shared/points'
import type { AccountStatement } from '../../domain/points/ledger'
import type { Computed } from '../shared/build-subgraph'
import { money, MoneyType } from '../shared/money.type'
import { DateTimeScalar, PointsScalar } from '../shared/scalars'
import { Needs } from '../shared/scope'

@ObjectType('PointsExpiry', { simpleResolvers: true, description: 'Points that lapse at one moment.' })
export class PointsExpiryType implements NonNullable<AccountStatement['nextExpiry']> {
  @Field(() => DateTimeScalar, { description: 'When they lapse.' })
  readonly at!: NonNullable<AccountStatement['nextExpiry']>['at']

  @Field(() => PointsScalar, { description: 'How many lapse then, unless they are spent before.' })
  readonly points!: Points
}

type Figures = Pick<
  AccountStatement,
  | 'available'
  | 'pending'
  | 'held'
  | 'lifetime'
  | 'earned'
  | 'reversed'
  | 'redeemed'
  | 'expired'
  | 'nextExpiry'
>

@ObjectType('PointsBalance', {
  simpleResolvers: true,
  description:
    "A wallet at this moment, in points of the default program's main currency. What is due is already applied.",
})
export class PointsBalanceType implements Figures {
  @Field(() => PointsScalar, {
    description: 'Spendable now. Below zero: points were spent that a return took back.',
  })
  readonly available!: Points

  @Field(() => PointsScalar, { description: 'Awarded, not yet spendable.' })
  readonly pending!: Points

  @Field(() => PointsScalar, { description: 'Reserved by holds.' })
  readonly held!: Points

  @Field(() => PointsScalar, { description: 'Earned less reversed, all time: what tiers look at.' })
  @Needs('read')
  readonly lifetime!: Points

  @Field(() => PointsScalar, { description: 'Credited as earned, all time.' })
  @Needs('read')
  readonly earned!: Points

  @Field(() => PointsScalar, { description: 'Taken back by returns and corrections, all time.' })
  @Needs('read')
  readonly reversed!: Points

  @Field(() => PointsScalar, { description: 'Spent, all time.' })
  @Needs('read')
  readonly redeemed!: Points

  @Field(() => PointsScalar, { description: 'Lapsed, all time.' })
  @Needs('read')
  readonly expired!: Points

  @Field(() => PointsExpiryType, { nullable: true, description: 'What lapses next; null: nothing will.' })
  @Needs('read')
  readonly nextExpiry!: PointsExpiryType | null

  @Field(() => MoneyType, {
    nullable: true,
    description: "What the available points are worth by the program's rate; null: it names none.",
  })
  readonly currencyValue!: MoneyType | null
}

export const balanceFields: Computed<Figures> = {
  currencyValue({ available }, _args, { caller }) {
    const { currency, defaultProgram } = caller.tenant.setup
    const rate = defaultProgram.pointsToCurrency
    return rate && money(toAmount(new Decimal(formatPoints(available)).times(rate)), currency)
  },
}

const NONE = 0n as Points

/** The wallet of somebody who never had a point. */
export const EMPTY_WALLET: Figures = {
  available: NONE,
  pending: NONE,
  held: NONE,
  lifetime: NONE,
  earned: NONE,
  reversed: NONE,
  redeemed: NONE,
  expired: NONE,
  nextExpiry: null,
}
