import type { TenantId, TransactionId } from '../shared/ids'
import type { NewTransaction, Transaction, TransactionLine, TransactionPayment } from './transaction'

export interface StoredTransaction {
  readonly transaction: Transaction
  readonly lines: readonly TransactionLine[]
}

export interface TransactionStore {
  /**
   * Stores the transaction, its lines and payments, and its place among the member's purchases.
   * Throws DuplicateBillNumber when the number is taken in its scope and window, also under concurrency.
   */
  add(tenant: TenantId, transaction: NewTransaction): Promise<StoredTransaction>
  /** Transactions by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly Transaction[]>
  /** Lines of transactions, by transaction and line number. */
  linesOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionLine[]>
  paymentsOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionPayment[]>
}
