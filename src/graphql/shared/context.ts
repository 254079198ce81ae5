import type { LoyaltyDeps } from '../../domain/loyalty'
import type { Caller } from '../../domain/programs/caller'
import type { Stores } from '../../domain/stores'
import type { BillPolicies } from '../../domain/transactions/bill-policy'

import type { MemberFeed } from './member-feed'

/** What resolvers are given: who calls, what they may read and do, and the request's loaders. */
export interface Context<Loaders = unknown> {
  readonly caller: Caller
  readonly stores: Stores
  readonly loyalty: LoyaltyDeps
  readonly loaders: Loaders
  /** What the tenant's setup says about bills. */
  readonly billPolicyOf: BillPolicies
  /** What happens to members, for who wants to be told. */
  readonly feed: MemberFeed
  readonly requestId: string
  /** Where an accident is written down whole before the client is told only the request id. */
  readonly report: (error: unknown) => void
}

/** What loaders are made of, once per request. */
export type LoaderScope = Pick<Context, 'caller' | 'stores'>
