import type { Context, LoaderScope } from '../shared/context'
import { masked } from '../shared/errors'
import type { Subgraph } from '../shared/build-subgraph'
import { signIn, type SignInDeps } from '../shared/sign-in'

export interface ContextDeps extends Omit<SignInDeps, 'clock'>, Pick<Context, 'stores' | 'loyalty'> {
  /** Where accidents are written down. */
  readonly log: { error(facts: object, message: string): void }
}

/** The part of an HTTP request that decides who calls. */
export interface GraphRequest {
  readonly authorization: string | undefined
  readonly requestId: string
}

/** What each request's resolvers are given: its caller, and fresh loaders of every subgraph, shared by all of them. */
export const contextFor = (deps: ContextDeps, subgraphs: readonly Subgraph[]) =>
  async function contextOf({ authorization, requestId }: GraphRequest): Promise<Context<object>> {
    const { stores, loyalty, log } = deps
    const report = (error: unknown): void => log.error({ err: error, requestId }, 'a GraphQL request failed')
    try {
      const caller = await signIn({ ...deps, clock: loyalty.clock }, authorization)
      return { caller, stores, loyalty, requestId, report, loaders: loadersOf(subgraphs, { caller, stores }) }
    } catch (error) {
      throw masked(error, { requestId, report })
    }
  }

/** Where two subgraphs name a loader alike it is the same one, so the last is as good as the first. */
const loadersOf = (subgraphs: readonly Subgraph[], scope: LoaderScope): object =>
  Object.assign({}, ...subgraphs.map(({ loaders }) => loaders(scope)))
