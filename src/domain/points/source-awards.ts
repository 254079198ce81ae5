import type { AccountId, ProgramId, TenantId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'

/** One award of a source, and what became of the lot that it gave. */
export interface SourceAward {
  readonly sourceRef: string
  /** Of the line that earned it; empty for the purchase as a whole. */
  readonly lineRef: string
  readonly rule: string
  readonly accountId: AccountId
  readonly programId: ProgramId
  readonly awarded: Points
  /** Taken back from the source, whatever lot paid for it. */
  readonly reversed: Points
  readonly lot: LotState
}

/** Where the points of a lot are: the four figures add up to what was awarded. */
export interface LotState {
  /** To spend, held ones included; pending while not matured. */
  readonly remaining: Points
  /** Spent, or paid for an earlier debt. */
  readonly used: Points
  readonly expired: Points
  /** Taken back out of the lot. */
  readonly reversed: Points
  readonly matured: boolean
  /** Null: never. */
  readonly expiresAt: Instant | null
}

export interface SourceAwardStore {
  /** Awards of sources of a type, by source and in the order they were named; sources that earned nothing are left out. */
  bySources(tenant: TenantId, type: string, refs: readonly string[]): Promise<readonly SourceAward[]>
}
