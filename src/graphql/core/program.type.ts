import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import type { Program } from '../../domain/programs/program'
import type { Computed } from '../shared/build-subgraph'
import { AlternateCurrencyType } from './alternate-currency.type'
import { Node } from './node.type'
import { ProgramActionType, rewardsOf, RewardType } from './reward.type'
import { TierType } from './tier.type'

@ObjectType('Program', {
  implements: Node,
  simpleResolvers: true,
  description: 'A loyalty program: what earns points, what they buy, and its tiers.',
})
@Directive('@key(fields: "id")')
export class ProgramType implements Pick<Program, 'key' | 'title' | 'isDefault' | 'pointsDecimals'> {
  @Field(() => ID, { description: 'Opaque, and unique over all types.' })
  readonly id!: string

  @Field(() => String, { description: 'The setup\'s handle, such as "main".' })
  readonly key!: string

  @Field(() => String, { description: 'For people.' })
  readonly title!: string

  @Field(() => Boolean, { description: 'Whether it is the one that members show their points and tier of.' })
  readonly isDefault!: boolean

  @Field(() => Int, { description: 'Decimals that points may have here, 0 to 3.' })
  readonly pointsDecimals!: number

  @Field(() => [RewardType], { description: 'What its points buy, in the order of the setup.' })
  readonly rewards!: readonly object[]

  @Field(() => [ProgramActionType], {
    description: 'What earns points without a purchase, in the order of the setup.',
  })
  readonly actions!: readonly object[]

  @Field(() => [AlternateCurrencyType], {
    description: 'What transactions earn beside points, in the order of the identifiers.',
  })
  readonly alternateCurrencies!: readonly object[]

  @Field(() => [TierType], { description: 'Lowest first.' })
  readonly tiers!: readonly object[]
}

export const programFields: Computed<Program> = { rewards: rewardsOf }
