import { GraphQLError } from 'graphql'
import type { Context } from '../shared/context'
import { masked } from '../shared/errors'
import { lazily } from '../shared/lazy-loaders'
import type { Subgraph } from '../shared/build-subgraph'
import { ownStores } from '../shared/own-stores'
import { signIn, type SignInDeps } from '../shared/sign-in'

export interface ContextDeps
  extends
    Omit<SignInDeps, 'clock' | 'members'>,
    Pick<Context, 'stores' | 'loyalty' | 'billPolicyOf' | 'feed'> {
  /** Where accidents are written down. */
  readonly log: {
    error(facts: object, message: string): void
    warn(facts: object, message: string): void
  }
}

/** The part of an HTTP request that decides who calls. */
export interface GraphRequest {
  readonly authorization: string | undefined
  readonly requestId: string
}

/** What each request's resolvers are given: its caller, and fresh loaders of every subgraph, shared by all of them. */
export function contextFor(deps: ContextDeps, subgraphs: readonly Subgraph[]) {
  const loadersFor = lazily(subgraphs.flatMap(({ loaders }) => loaders.groups))
  return async function contextOf({ authorization, requestId }: GraphRequest): Promise<Context<object>> {
    const { loyalty, log, billPolicyOf, feed } = deps
    const report = (error: unknown): void => log.error({ err: error, requestId }, 'a GraphQL request failed')
    try {
      const { caller, own } = await signIn(
        { ...deps, clock: loyalty.clock, members: deps.stores.members },
        authorization,
      )
      const stores = own === null ? deps.stores : ownStores(deps.stores, own)
      const loaders = loadersFor({ caller, stores })
      return { caller, stores, loyalty, billPolicyOf, feed, requestId, report, loaders }
    } catch (error) {
      throw withStatus(masked(error, { requestId, report }))
    }
  }
}

/** Before there is a context nobody looks at the answer's status any more. */
const withStatus = (error: GraphQLError): GraphQLError =>
  error.extensions['code'] === 'SERVICE_UNAVAILABLE'
    ? new GraphQLError(error.message, {
        extensions: {
          ...error.extensions,
          http: { status: 503, headers: new Map([['retry-after', '1']]) },
        },
      })
    : error
