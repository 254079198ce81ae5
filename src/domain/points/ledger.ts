import type {
  AccountId,
  IssuanceId,
  MemberId,
  OrderId,
  ProgramId,
  TenantId,
  TransactionId,
} from '../shared/ids'
import type { Lapse } from './lapses'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'

/** Whose wallet: one per holder, program and currency. `points` is the program's main currency. */
export interface AccountKey {
  readonly tenantId: TenantId
  readonly holder:
    { readonly kind: 'MEMBER'; readonly id: MemberId } | { readonly kind: 'GROUP'; readonly id: string }
  readonly programId: ProgramId
  readonly currency: string
}

export const MAIN_CURRENCY = 'points'

/** A `maxDebt` for reversals that may go as far below zero as points reach. */
export const UNLIMITED_DEBT = BigInt(Number.MAX_SAFE_INTEGER) as Points

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
  | { readonly kind: 'ISSUANCE'; readonly id: IssuanceId }
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
  /** When it becomes spendable; null is at once, `unknown` is when `schedule` says so. */
  readonly maturesAt: Instant | 'unknown' | null
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
  /** Which part of a scheduled award pays first: what still waits (when left out), or what was released. */
  readonly first?: 'waiting' | 'released'
}

/** Dates points of an award that wait: of each line all but `waiting` become spendable at the moment given. */
export interface ScheduleCommand extends Move {
  readonly source: { readonly type: string; readonly ref: string }
  /** How much of each line goes on waiting; less than that is left alone. */
  readonly lines: readonly { readonly lineRef: string; readonly waiting: Points }[]
  readonly purchase: PurchaseRef | null
  /** Null: now. What is dated earlier already keeps its date. */
  readonly maturesAt: Instant | null
  /** True: also what an earlier schedule dated later. */
  readonly sooner: boolean
}

/** Reserves points: they can neither be spent by others nor lapse until captured or released. */
export interface HoldCommand extends Move {
  readonly points: Points
  readonly ref: string | null
  /** When a sweeper may release what is left; null: never. */
  readonly expiresAt: Instant | null
  readonly purchase: PurchaseRef | null
}

/** Spends what a hold reserved. */
export interface CaptureCommand extends Move {
  /** The seq of the hold's entry. */
  readonly hold: string
  /** Null: all that is left. */
  readonly points: Points | null
  readonly ref: string | null
  readonly purchase: PurchaseRef | null
}

/** Gives back what a hold reserved; what had its expiry meanwhile lapses at once. */
export interface ReleaseCommand extends Move {
  readonly hold: string
  /** Null: all that is left. */
  readonly points: Points | null
  readonly purchase: PurchaseRef | null
}

/** Moves points to another wallet of the same tenant, program and currency; expiry dates travel with them. */
export interface TransferCommand extends Move {
  readonly to: AccountKey['holder']
  readonly points: Points
  /** Joins the two entries: a UUID. */
  readonly transferId: string
}

/** Corrects a balance by hand. */
export interface AdjustCommand extends Move {
  /** More than zero credits, less debits. */
  readonly points: Points
  /** What a debit does beyond what is there: refuse it, take what there is, or go into debt as far as `maxDebt`. */
  readonly beyond: 'refuse' | 'clamp' | 'debt'
  readonly maxDebt: Points
  /** Of a credit; null: never. */
  readonly expiresAt: Instant | null
}

/** One of many commands that run one after the other, each on its own. */
export type LedgerCommand =
  | { readonly verb: 'award'; readonly command: AwardCommand }
  | { readonly verb: 'redeem'; readonly command: RedeemCommand }
  | { readonly verb: 'reverse'; readonly command: ReverseCommand }
  | { readonly verb: 'hold'; readonly command: HoldCommand }
  | { readonly verb: 'capture'; readonly command: CaptureCommand }
  | { readonly verb: 'release'; readonly command: ReleaseCommand }
  | { readonly verb: 'transfer'; readonly command: TransferCommand }
  | { readonly verb: 'adjust'; readonly command: AdjustCommand }

/** Everything the ledger can be asked for. */
export type LedgerRequest = LedgerCommand | { readonly verb: 'schedule'; readonly command: ScheduleCommand }

/** What became of one of many: it moved, or it was refused and the others were not. */
export type LedgerAnswer =
  { readonly movement: Movement; readonly error: null } | { readonly movement: null; readonly error: Error }

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
  /** Gross credits that count as earned, pending included; what was taken back before it matured never was. */
  readonly earned: Points
  /** Part of `earned` that was taken back. */
  readonly reversed: Points
  readonly redeemed: Points
  /** Part of `redeemed` that bought rewards. */
  readonly redeemedOnRewards: Points
  readonly expired: Points
  /** Transfers and corrections, which no counter has: sums by kind and action. */
  readonly byHand: readonly HandMovements[]
  readonly yearToDateCredited: Points
  readonly yearToDateDebited: Points
  /** Soonest expiry and how much lapses then. */
  readonly nextExpiry: { readonly at: Instant; readonly points: Points } | null
}

/** All that came and went by transfers, or by corrections, under one action. */
export interface HandMovements {
  readonly kind: 'TRANSFER' | 'ADJUST'
  readonly actionId: number | null
  readonly credited: Points
  readonly debited: Points
}

/**
 * The money verbs. Each is one database function, one round trip and, unless the caller already has a
 * transaction, one commit. Refusals (InsufficientPoints, AlreadyAwarded, IdempotencyKeyReused, Busy …) are thrown.
 */
export interface PointsLedger {
  award(command: AwardCommand): Promise<Movement>
  redeem(command: RedeemCommand): Promise<Movement>
  reverse(command: ReverseCommand): Promise<Movement>
  hold(command: HoldCommand): Promise<Movement>
  /** Also throws HoldNotFound, and InsufficientPoints when the hold has less. */
  capture(command: CaptureCommand): Promise<Movement>
  release(command: ReleaseCommand): Promise<Movement>
  transfer(command: TransferCommand): Promise<Movement>
  adjust(command: AdjustCommand): Promise<Movement>
  /** Moves nothing but dates; what is due at once matures. `moved` says how much was dated. Throws AwardNotFound. */
  schedule(command: ScheduleCommand): Promise<Movement>
  /**
   * Answers aligned with the commands, which run in their order, in commits of at most 50. A refusal is an answer. Each
   * command should carry its own key: then the whole can be sent again after an accident.
   */
  bulk(commands: readonly LedgerCommand[]): Promise<readonly LedgerAnswer[]>
}

/** What keeps the books tidy; nothing depends on its being on time. */
export interface LedgerHousekeeping {
  /** Settles up to so many wallets, and tiers, of any tenant where something is due; answers how many. Less than the limit: none is left. */
  sweep(limit: number, now: Instant | null): Promise<number>
  /** Lets all points of a holder lapse and forgets whose wallets they were; answers how many. The journal stays. */
  eraseHolder(tenant: TenantId, holder: AccountKey['holder'], now: Instant | null): Promise<number>
}

/** Reads of wallets. No locks. */
export interface PointsReader {
  /** Statements aligned with the keys; null where the holder has no such wallet yet. One statement. */
  statements(
    keys: readonly AccountKey[],
    now: Instant | null,
    timeZone: string,
  ): Promise<readonly (AccountStatement | null)[]>
  /** What came in since a moment and counts as earned: awards once they can be spent, and what was given by hand. */
  earnedSince(key: AccountKey, from: Instant): Promise<Points>
  /** What has lapsed and what will, from one moment to another, both included, in the order of time. */
  lapses(key: AccountKey, from: Instant, to: Instant, now: Instant | null): Promise<readonly Lapse[]>
}
