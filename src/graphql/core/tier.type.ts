import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import type { Tier } from '../../domain/tiers/tier'
import type { Computed } from '../shared/build-subgraph'
import { MoneyType, moneyOrNull } from '../shared/money.type'
import { DecimalScalar, PointsScalar } from '../shared/scalars'
import { Node } from './node.type'

@ObjectType('Tier', {
  implements: Node,
  simpleResolvers: true,
  description: 'A level of membership. Reaching any one of its thresholds is enough.',
})
@Directive('@key(fields: "id")')
export class TierType implements Pick<
  Tier,
  'name' | 'rank' | 'minLifetimePoints' | 'minPeriodPoints' | 'purchaseRatio'
> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => String, { description: 'As the program calls it, such as "Gold".' })
  readonly name!: string

  @Field(() => Int, { description: '1 is the lowest.' })
  readonly rank!: number

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'Lifetime points, earned less reversed, that reach it; null: points alone do not.',
  })
  readonly minLifetimePoints!: Tier['minLifetimePoints']

  @Field(() => MoneyType, {
    nullable: true,
    description: 'Spend that reaches it; null: spend alone does not.',
  })
  readonly minSpend!: MoneyType | null

  @Field(() => PointsScalar, {
    nullable: true,
    description:
      "Points of the program's period, earned less reversed, that reach it; null: points of a period do not.",
  })
  readonly minPeriodPoints!: Tier['minPeriodPoints']

  @Field(() => MoneyType, {
    nullable: true,
    description: "Spend of the program's period that reaches it; null: spend of a period does not.",
  })
  readonly minPeriodSpend!: MoneyType | null

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Points per unit of money for its members' orders; null: the program's own ratio.",
  })
  readonly purchaseRatio!: Tier['purchaseRatio']
}

export const tierFields: Computed<Tier> = {
  minSpend: ({ minSpend }, _args, { caller }) => moneyOrNull(minSpend, caller.tenant.setup.currency),
  minPeriodSpend: ({ minPeriodSpend }, _args, { caller }) =>
    moneyOrNull(minPeriodSpend, caller.tenant.setup.currency),
}
