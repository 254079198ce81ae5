import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import type { Reward } from '../../domain/programs/program'
import type { ProgramId } from '../../domain/shared/ids'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { ProgramType } from './program.type'
import { RewardType } from './reward.type'

@Resolver()
export class ProgramResolver {
  @Query(() => [ProgramType], { description: 'The programs of the tenant.' })
  @Needs('read')
  programs(@Ctx() { caller }: CoreContext) {
    return caller.tenant.setup.programs
  }
}

@Resolver(() => RewardType)
export class RewardResolver {
  @FieldResolver(() => Boolean, { description: 'Whether there is still a code to hand over for it.' })
  async available(
    @Root() { programId, rewardId, listsCodes }: Reward & { readonly programId: ProgramId },
    @Ctx() { loaders }: CoreContext,
  ) {
    return !listsCodes || (await loaders.rewardsInStock.load(programId)).has(rewardId)
  }
}
