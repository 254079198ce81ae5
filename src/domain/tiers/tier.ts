import type { Amount } from '../shared/money'
import type { Decimal } from '../shared/decimal'
import type { ProgramId, TenantId, TierId } from '../shared/ids'
import type { Points } from '../shared/points'

/** A level of membership. Any threshold reached is enough; a tier without thresholds is everybody's. */
export interface Tier {
  readonly id: TierId
  readonly programId: ProgramId
  /** 1 is the lowest. */
  readonly rank: number
  readonly name: string
  readonly minLifetimePoints: Points | null
  readonly minSpend: Amount | null
  /** Replaces the program's ratio for orders. */
  readonly purchaseRatio: Decimal | null
}

export interface TierStore {
  /** Tiers by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly TierId[]): Promise<readonly Tier[]>
}
