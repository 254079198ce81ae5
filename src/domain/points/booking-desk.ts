import type { IdentityKey } from '../members/member'
import type { MemberInProgram } from '../members/member-store'
import type { NewOrder } from '../orders/order'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { Busy } from '../shared/errors'
import type { LineId, MemberId, OrderId, ProgramId, TenantId, TierId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Amount } from '../shared/money'
import type { NewTransaction } from '../transactions/transaction'
import type { AwardCommand, Movement } from './ledger'
import type { NewPointsRequest } from './points-request'
import type { WalletFigures } from './wallet'

/**
 * Where a purchase is booked in two round trips: everything it rests on is read at once, and everything it writes is
 * written at once. Between the two nothing is locked, so what was read is asserted again while it is written.
 */
export interface BookingDesk {
  /** Facts aligned with the asks, all of one moment; null where nobody has the identity. One statement. */
  facts(
    tenant: Tenant,
    program: Program,
    asks: readonly BookingAsk[],
  ): Promise<readonly (BookingFacts | null)[]>
  /** The same for sales at tills. One statement. */
  billFacts(
    tenant: Tenant,
    program: Program,
    asks: readonly BillAsk[],
  ): Promise<readonly (BillFacts | null)[]>
  /**
   * Locks a member's wallet and membership until commit, as far as they exist: facts read afterwards stay true. A tier
   * that the clock has moved is moved.
   */
  lock(tenant: Tenant, program: Program, member: IdentityKey): Promise<void>
  /**
   * Writes bookings in their order, all or nothing, in one statement; answers their movements. `unlocked` asserts that
   * wallets and memberships are as the facts said. Throws BookingOutrun when they are not, or (of more than one, or
   * unlocked) when the ledger refuses an award; DuplicateOrder, DuplicateBillNumber; and what the ledger refuses of a single one.
   */
  book(
    tenant: TenantId,
    bookings: readonly Booking[],
    how: 'unlocked' | 'locked',
  ): Promise<readonly (Movement | null)[]>
}

export interface BookingAsk {
  readonly member: IdentityKey
  /** The order to be placed; null when none is. */
  readonly orderKey: string | null
}

/** A sale at a till that is to be booked. */
export interface BillAsk {
  readonly member: IdentityKey | MemberId
  readonly bill: Pick<
    NewTransaction,
    'billNumber' | 'billNumberRule' | 'outlierStatus' | 'storeId' | 'tillCode' | 'billed'
  >
  readonly lineCount: number
}

/** Facts of a sale, and what was drawn for it. */
export interface BillFacts extends Omit<BookingFacts, 'orderId'> {
  readonly drawn: Pick<BookedBill, 'id' | 'lineIds' | 'createdAt'>
}

/** A sale with its numbers, and those of its lines in their order. */
export type BookedBill = NewTransaction & {
  readonly id: TransactionId
  readonly lineIds: readonly LineId[]
  readonly createdAt: Instant
}

export interface BookingFacts {
  readonly found: MemberInProgram
  /** The main wallet as it stands, whatever is due in it; null when the member never had a point. */
  readonly statement: WalletFigures | null
  /** The wallet's last entry, 0 without one; null while something is due in it, which the next movement settles first. */
  readonly lastSeq: bigint | null
  /** False: the program came after the member, who has spent nothing there. */
  readonly hasMembership: boolean
  /** Drawn for the order that is asked for. */
  readonly orderId: OrderId | null
  /** The order's key, or the bill's number, is taken already. */
  readonly isTaken: boolean
}

export interface Booking {
  readonly order: (NewOrder & { readonly id: OrderId }) | null
  /** A sale at a till; absent: none. Bookings of one call are all of sales, or none is. */
  readonly bill?: BookedBill
  readonly award: AwardCommand | null
  readonly standing: StandingBooking
  /** What the client said with the award; null when it said nothing. */
  readonly said: Omit<NewPointsRequest, 'accountId' | 'seq' | 'memberId'> | null
  /** The seq that the award must get; null: whichever. */
  readonly seq: bigint | null
}

export interface StandingBooking {
  readonly memberId: MemberId
  readonly programId: ProgramId
  /** Null: there is no membership yet. */
  readonly before: { readonly spend: Amount; readonly tierId: TierId | null } | null
  /** Added to what the member has spent. */
  readonly spend: Amount
  readonly tierId: TierId | null
}

/** Somebody else moved what the facts were about: read them again, under a lock. */
export class BookingOutrun extends Busy {
  constructor() {
    super('40001')
  }
}
