import type { AccountId, MemberId, OrderId, ProgramId, TenantId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'

/** Whose wallet: one per holder, programme and currency. `points` is the programme's main currency. */
export interface AccountKey {
  readonly tenantId: TenantId
  readonly holder:
    { readonly kind: 'MEMBER'; readonly id: MemberId } | { readonly kind: 'GROUP'; readonly id: string }
  readonly programId: ProgramId
  readonly currency: string
}

export const MAIN_CURRENCY = 'points'

/** The call's own key, remembered with its decision; null when a natural key guards it. */
export interface Idempotency {
  /** The door and operation: keys of different scopes never meet. */
  readonly scope: string
  /** 1 to 255 characters. */
  readonly key: string
  /** SHA-256 over the canonical request, target account included, hex. */
  readonly requestHash: string
}

/** What an entry is about, for its explanation. */
export interface EntryFacts {
  /** The vendor's action number, where one applies. */
  readonly actionId: number | null
  readonly reason: string | null
  /** `graphql:storefront`, `annex:29235480`, `capillary:store.server`, `setup`. */
  readonly actor: string
  readonly requestId: string | null
  /** When it happened in the caller's words; never decides anything. */
  readonly occurredAt: Instant
}

/** The purchase that an entry belongs to. */
export type PurchaseRef =
  | { readonly kind: 'ORDER'; readonly id: OrderId }
  | { readonly kind: 'TRANSACTION'; readonly id: TransactionId }

/** One reason of an award: a purchase line, or the whole purchase when `lineRef` is empty. One lot each. */
export interface AwardLine {
  readonly lineRef: string
  readonly points: Points
  /** Which rule earned it, and at which version of the setup: `orders.ratio@3`. */
  readonly rule: string
}

interface Move {
  readonly account: AccountKey
  /** Null: the database's clock decides. Set only for a moved sandbox clock. */
  readonly now: Instant | null
  /** For year-to-date figures. IANA name. */
  readonly timeZone: string
  readonly facts: EntryFacts
  readonly idempotency: Idempotency | null
}

export interface AwardCommand extends Move {
  /** Natural key of the award, for ever: a second award of the same source is refused as ALREADY_AWARDED. */
  readonly source: { readonly type: string; readonly ref: string }
  readonly purchase: PurchaseRef | null
  /** At least one; each more than zero. */
  readonly lines: readonly AwardLine[]
  /** When it becomes spendable; null is at once. */
  readonly maturesAt: Instant | null
  /** Null: never. */
  readonly expiresAt: Instant | null
  /** Whether it counts as earned over the lifetime (an opening balance may not). */
  readonly countsForLifetime: boolean
}

export interface RedeemCommand extends Move {
  readonly points: Points
  /** What it was spent on: `reward:121`, or null. */
  readonly ref: string | null
  readonly purchase: PurchaseRef | null
}

/** Takes back what a source awarded. Amounts are cumulative: how much of each line should be reversed by now, in all. */
export interface ReverseCommand extends Move {
  readonly source: { readonly type: string; readonly ref: string }
  readonly lines: readonly { readonly lineRef: string; readonly cumulative: Points }[]
  readonly purchase: PurchaseRef | null
  /** How far below zero the balance may go when the points were spent; what is beyond is reported as shortfall. */
  readonly maxDebt: Points
}

/** What a movement did, or what it did when it was first asked for (`replayed`). */
export interface Movement {
  readonly accountId: AccountId
  /** Null when nothing moved (a reversal of nothing). */
  readonly seq: string | null
  readonly moved: Points
  /** The part of a reversal that neither lots nor debt could cover. */
  readonly shortfall: Points
  readonly balance: Balance
  readonly replayed: boolean
}

export interface Balance {
  readonly available: Points
  /** Awarded, not yet spendable. */
  readonly pending: Points
  /** Reserved by holds. */
  readonly held: Points
  /** Earned less reversed, all time: what tiers look at. */
  readonly lifetime: Points
}

/** A wallet at one moment: what is due but not yet swept is already applied. */
export interface AccountStatement extends Balance {
  readonly accountId: AccountId
  /** Gross credits that count as earned, pending included. */
  readonly earned: Points
  readonly reversed: Points
  readonly redeemed: Points
  /** Part of `redeemed` that bought rewards. */
  readonly redeemedOnRewards: Points
  readonly expired: Points
  readonly yearToDateCredited: Points
  readonly yearToDateDebited: Points
  /** Soonest expiry and how much lapses then. */
  readonly nextExpiry: { readonly at: Instant; readonly points: Points } | null
}

/**
 * The money verbs. Each is one database function, one round trip and, unless the caller already has a
 * transaction, one commit. Refusals (InsufficientPoints, AlreadyAwarded, IdempotencyKeyReused, Busy …) are thrown.
 */
export interface PointsLedger {
  award(command: AwardCommand): Promise<Movement>
  redeem(command: RedeemCommand): Promise<Movement>
  reverse(command: ReverseCommand): Promise<Movement>
}

/** Reads of wallets. No locks. */
export interface PointsReader {
  /** Statements aligned with the keys; null where the holder has no such wallet yet. One statement. */
  statements(
    keys: readonly AccountKey[],
    now: Instant | null,
    timeZone: string,
  ): Promise<readonly (AccountStatement | null)[]>
}
