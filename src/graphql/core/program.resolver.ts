import { Ctx, Query, Resolver } from 'type-graphql'
import { Needs } from '../shared/scope'
import type { CoreContext } from './loaders'
import { ProgramType } from './program.type'

@Resolver()
export class ProgramResolver {
  @Query(() => [ProgramType], { description: 'The programs of the tenant.' })
  @Needs('read')
  programs(@Ctx() { caller }: CoreContext) {
    return caller.tenant.setup.programs
  }
}
