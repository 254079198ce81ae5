import type { Clock } from './shared/clock'
import type { UnitOfWork } from './stores'

/** What use cases are bound to. */
export interface LoyaltyDeps {
  readonly unitOfWork: UnitOfWork
  readonly clock: Clock
}
