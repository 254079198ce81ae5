import { Field, Int, ObjectType } from 'type-graphql'
import type { Action, Program, Reward } from '../../domain/programs/program'
import type { Points } from '../../domain/shared/points'
import type { Computed } from '../shared/build-subgraph'
import { PointsScalar } from '../shared/scalars'

type ShownOfReward =
  | 'rewardId'
  | 'name'
  | 'cost'
  | 'category'
  | 'description'
  | 'terms'
  | 'url'
  | 'imageUrl'
  | 'codeDays'
  | 'listsCodes'

@ObjectType('Reward', {
  simpleResolvers: true,
  description: 'What points buy. From the setup of the program.',
})
export class RewardType implements Pick<Reward, ShownOfReward> {
  @Field(() => String, {
    description: 'The setup\'s id of the reward, such as "121": what redeemPoints takes.',
  })
  readonly rewardId!: string

  @Field(() => String, { description: 'For people.' })
  readonly name!: string

  @Field(() => PointsScalar, { description: 'Its price in points of the program.' })
  readonly cost!: Points

  @Field(() => String, { nullable: true, description: 'A heading to show it under; null: none.' })
  readonly category!: string | null

  @Field(() => String, { nullable: true, description: 'For people; null: none.' })
  readonly description!: string | null

  @Field(() => String, { nullable: true, description: 'Terms and conditions, for people; null: none.' })
  readonly terms!: string | null

  @Field(() => String, { nullable: true, description: 'Where it can be read about; null: nowhere.' })
  readonly url!: string | null

  @Field(() => String, { nullable: true, description: 'A picture of it; null: none.' })
  readonly imageUrl!: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'For how many days its code is good once it is handed over; null: for ever.',
  })
  readonly codeDays!: number | null

  @Field(() => Boolean, {
    description:
      'Whether its codes are listed in the setup: then it can be sold out. Otherwise each code is made anew.',
  })
  readonly listsCodes!: boolean
}

type ShownOfAction = 'actionId' | 'name' | 'award' | 'coolDown'

@ObjectType('ProgramAction', {
  simpleResolvers: true,
  description: 'Something that earns points without a purchase. From the setup of the program.',
})
export class ProgramActionType implements Pick<Action, ShownOfAction> {
  @Field(() => Int, { description: 'Its number: what awardPoints takes.' })
  readonly actionId!: number

  @Field(() => String, { description: 'For people.' })
  readonly name!: string

  @Field(() => PointsScalar, { description: 'Points that it awards.' })
  readonly award!: Points

  @Field(() => PointsScalar, {
    nullable: true,
    description: 'At most so many points of it for one member in each `limitPeriod`; null: no limit.',
  })
  readonly limitPoints!: Points | null

  @Field(() => String, {
    nullable: true,
    description: '"lifetime", or a "day", "week", "month" or "year" of the tenant\'s zone; null: no limit.',
  })
  readonly limitPeriod!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'What must pass between two awards to one member, as an ISO 8601 duration; null: nothing.',
  })
  readonly coolDown!: string | null
}

export const actionFields: Computed<Action> = {
  limitPoints: ({ limit }) => limit?.points ?? null,
  limitPeriod: ({ limit }) => limit?.per ?? null,
}

/** A reward as the graph answers with it: it knows its program. */
export const rewardsOf = (program: Program): readonly (Reward & { readonly programId: Program['id'] })[] =>
  program.rewards.map((reward) => ({ ...reward, programId: program.id }))
