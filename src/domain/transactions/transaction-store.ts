import type { SourceAward } from '../points/source-awards'
import type { Store, Till } from '../programs/store'
import type { MemberId, OrderId, TenantId, TransactionId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Page } from '../shared/pages'
import type { NewTransactionReturn, TransactionReturn } from './return'
import type { NewTransaction, Transaction, TransactionLine, TransactionPayment } from './transaction'

export interface StoredTransaction {
  readonly transaction: Transaction
  readonly lines: readonly TransactionLine[]
  /** Redemptions that it named and that could not be tied to it. */
  readonly untied?: readonly UntiedRedemption[]
}

/** A transaction and all that is shown of it. */
export interface WholeTransaction {
  readonly transaction: Transaction
  /** By line number. */
  readonly lines: readonly TransactionLine[]
  /** What came back of it, oldest first. */
  readonly returns: readonly TransactionReturn[]
  /** What its points are and what became of them, in the order they were awarded. */
  readonly awards: readonly SourceAward[]
  /** Where it was booked, and where it was changed last, as far as those are still there; in no order. */
  readonly tills: readonly Till[]
  readonly store: Store | null
}

export interface UntiedRedemption {
  readonly code: string
  /** The member has no such redemption, or it is another transaction's. */
  readonly reason: 'UNKNOWN' | 'TIED'
}

/** Which transactions of a member; a bound that is null does not bind. */
export interface MemberTransactions {
  readonly memberId: MemberId
  /** Billed at or after the first, before the second. */
  readonly from: Instant | null
  readonly until: Instant | null
  readonly ids: readonly TransactionId[] | null
  readonly oldestFirst: boolean
  readonly limit: number
  readonly offset: number
}

export interface TransactionSlice {
  readonly rows: readonly Transaction[]
  readonly total: number
}

export interface TransactionStore {
  /**
   * Stores the transaction, its lines and payments, and its place among the member's purchases; ties the redemptions that
   * it names.
   * Throws DuplicateBillNumber when the number is taken in its scope and window, also under concurrency.
   */
  add(tenant: TenantId, transaction: NewTransaction): Promise<StoredTransaction>
  /** Transactions by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly Transaction[]>
  /** One transaction whole; null when there is none. `changedAt` is the attribute that names the till that changed it last. */
  whole(tenant: TenantId, id: TransactionId, changedAt: string): Promise<WholeTransaction | null>
  /** A member's transactions by billing time, and how many there are in all. */
  ofMember(tenant: TenantId, request: MemberTransactions): Promise<TransactionSlice>
  /** Lines of transactions, by transaction and line number. */
  linesOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionLine[]>
  paymentsOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionPayment[]>

  /** Waits for whoever stores the same bill number, as `add` does: for callers that lock other bills before they add. */
  claimNumber(tenant: TenantId, transaction: NumberedBill): Promise<void>
  /** Sales with a bill number, newest first, at most a thousand; those marked as deleted are left out. */
  salesByNumber(tenant: TenantId, billNumber: string): Promise<readonly Transaction[]>
  /** Bills of any type with a number, newest first, and how many there are. */
  pageByNumber(
    tenant: TenantId,
    billNumber: string,
    size: number,
  ): Promise<Page<Transaction> & { readonly total: number }>
  /** Keeps the bills from other returns until commit, in the order of their ids. */
  lock(tenant: TenantId, ids: readonly TransactionId[]): Promise<void>
  addReturns(tenant: TenantId, on: TransactionId, returns: readonly NewTransactionReturn[]): Promise<void>
  /** What came back of bills, oldest first. */
  returnsOf(tenant: TenantId, originals: readonly TransactionId[]): Promise<readonly TransactionReturn[]>
  /** What came back of orders by bills, oldest first. */
  returnsOfOrders(tenant: TenantId, orders: readonly OrderId[]): Promise<readonly TransactionReturn[]>
  /** What bills took back, in the order of the request. */
  returnsOn(tenant: TenantId, documents: readonly TransactionId[]): Promise<readonly TransactionReturn[]>
}

/** What decides within what, and for how long, a bill number is taken. */
export type NumberedBill = Pick<
  NewTransaction,
  'billNumber' | 'billNumberRule' | 'outlierStatus' | 'storeId' | 'tillCode'
>
