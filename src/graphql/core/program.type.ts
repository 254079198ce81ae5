import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import type { Program } from '../../domain/programs/program'
import { Node } from './node.type'
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

  @Field(() => [TierType], { description: 'Lowest first.' })
  readonly tiers!: readonly object[]
}
