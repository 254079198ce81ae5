import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'
import type { AccountKey } from './ledger'

/** Points that a wallet still has, as they came in together. */
export interface OpenLot {
  /** What has been neither spent, reserved nor taken back. */
  readonly points: Points
  /** When they become spendable; null when they are, `unknown` while nobody has said. */
  readonly maturesAt: Instant | 'unknown' | null
  /** When they became spendable, or will: of those that never waited, when they were awarded. Null: nobody has said. */
  readonly spendableFrom: Instant | null
  /** Null: never. */
  readonly expiresAt: Instant | null
  /** What awarded them; null for a correction or a transfer. An empty line reference is a purchase as a whole. */
  readonly source: { readonly type: string; readonly lineRef: string } | null
}

export interface LotReader {
  /** What a wallet has at this moment, soonest expiry first; empty where the holder has no such wallet. Without locks. */
  openLots(account: AccountKey, now: Instant | null): Promise<readonly OpenLot[]>
}
