import type { Tenant } from './tenant'

/** Who calls: one credential of one tenant. The tenant comes from nothing else. */
export interface Caller {
  readonly tenant: Tenant
  /** For journals and logs: `graphql:storefront`, `annex:29235480`, `capillary:store.server`. */
  readonly actor: string
  readonly scopes: readonly string[]
}
