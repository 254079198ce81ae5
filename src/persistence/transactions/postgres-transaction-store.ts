import type { Instant } from '../../domain/shared/instant'
import type { LineId, OrderId, TenantId, TransactionId } from '../../domain/shared/ids'
import { DuplicateBillNumber } from '../../domain/transactions/errors'
import type { NewTransactionReturn, TransactionReturn } from '../../domain/transactions/return'
import type {
  MemberTransactions,
  NumberedBill,
  StoredTransaction,
  TransactionSlice,
  UntiedRedemption,
  TransactionStore,
  WholeTransaction,
} from '../../domain/transactions/transaction-store'
import type {
  NewTransaction,
  NewTransactionLine,
  Transaction,
  TransactionLine,
  TransactionPayment,
} from '../../domain/transactions/transaction'
import { amountOf, pointsOf } from '../columns'
import type { Connection } from '../sql'
import { constraintOf } from '../sql-errors'
import { numberClaim, numberScopeOf } from './bill-number'
import {
  ADD_RETURNS,
  ADD_TRANSACTION,
  LOCK_BILL_NUMBER,
  MEMBER_TRANSACTIONS,
  TIE_REDEMPTIONS,
  MEMBER_TRANSACTIONS_OLDEST_FIRST,
  LOCK_TRANSACTIONS,
  PAGE_BY_NUMBER,
  RETURNS_OF,
  RETURNS_OF_ORDERS,
  RETURNS_ON,
  SALES_BY_NUMBER,
  TRANSACTION_LINES,
  TRANSACTION_PAYMENTS,
  TRANSACTIONS_BY_ID,
} from './transaction-statements'
import { toWhole, WHOLE_TRANSACTION, type WholeRow } from './whole-transaction'

/** Transactions in PostgreSQL, as plain rows. */
export class PostgresTransactionStore implements TransactionStore {
  constructor(private readonly connection: Connection) {}

  async add(tenant: TenantId, transaction: NewTransaction): Promise<StoredTransaction> {
    await this.claimNumber(tenant, transaction)
    return this.insert(tenant, transaction, numberScopeOf(transaction))
  }

  async claimNumber(tenant: TenantId, bill: NumberedBill): Promise<void> {
    const scope = numberScopeOf(bill)
    if (scope === null) return
    await this.connection.sql.rows(LOCK_BILL_NUMBER, [numberClaim(tenant, scope, bill.billNumber)])
  }

  async findByIds(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly Transaction[]> {
    const rows = await this.connection.sql.rows<Texts<Transaction>>(TRANSACTIONS_BY_ID, [tenant, ids])
    return rows.map(toTransaction)
  }

  async whole(tenant: TenantId, id: TransactionId, changedAt: string): Promise<WholeTransaction | null> {
    const values = [tenant, id, changedAt]
    const [row] = await this.connection.sql.rows<TransactionRow & WholeRow>(WHOLE_TRANSACTION, values)
    if (!row) return null
    const { lines, returns, awards, tills, store, ...transaction } = row
    return toWhole(toTransaction(transaction), { lines, returns, awards, tills, store })
  }

  async ofMember(
    tenant: TenantId,
    { memberId, from, until, ids, oldestFirst, limit, offset }: MemberTransactions,
  ): Promise<TransactionSlice> {
    const found = await this.connection.sql.rows<{ id: TransactionId | null; total: string }>(
      oldestFirst ? MEMBER_TRANSACTIONS_OLDEST_FIRST : MEMBER_TRANSACTIONS,
      [tenant, memberId, from, until, ids, limit, offset],
    )
    const order = found.flatMap(({ id }) => (id === null ? [] : [id]))
    const byId = new Map((await this.findByIds(tenant, order)).map((row) => [row.id, row]))
    return {
      rows: order.flatMap((id) => byId.get(id) ?? []),
      total: Number(found[0]?.total ?? 0),
    }
  }

  async salesByNumber(tenant: TenantId, billNumber: string): Promise<readonly Transaction[]> {
    const rows = await this.connection.sql.rows<TransactionRow>(SALES_BY_NUMBER, [tenant, billNumber])
    return rows.map(toTransaction)
  }

  async pageByNumber(tenant: TenantId, billNumber: string, size: number) {
    const rows = await this.connection.sql.rows<TransactionRow & { readonly total: string }>(PAGE_BY_NUMBER, [
      tenant,
      billNumber,
      size,
    ])
    const total = Number(rows[0]?.total ?? 0)
    return {
      rows: rows.map(({ total: _all, ...row }) => toTransaction(row)),
      hasNext: total > rows.length,
      total,
    }
  }

  async lock(tenant: TenantId, ids: readonly TransactionId[]): Promise<void> {
    await this.connection.sql.rows(LOCK_TRANSACTIONS, [tenant, ids])
  }

  async addReturns(
    tenant: TenantId,
    on: TransactionId,
    returns: readonly NewTransactionReturn[],
  ): Promise<void> {
    const rows = returns.map((row) => ({ ...row, points: row.points.toString() }))
    await this.connection.sql.rows(ADD_RETURNS, [tenant, on, JSON.stringify(rows)])
  }

  async returnsOf(tenant: TenantId, originals: readonly TransactionId[]) {
    const rows = await this.connection.sql.rows<ReturnRow>(RETURNS_OF, [tenant, originals])
    return rows.map(toReturn)
  }

  async returnsOfOrders(tenant: TenantId, orders: readonly OrderId[]) {
    const rows = await this.connection.sql.rows<ReturnRow>(RETURNS_OF_ORDERS, [tenant, orders])
    return rows.map(toReturn)
  }

  async returnsOn(tenant: TenantId, documents: readonly TransactionId[]) {
    const rows = await this.connection.sql.rows<ReturnRow>(RETURNS_ON, [tenant, documents])
    return rows.map(toReturn)
  }

  async linesOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionLine[]> {
    const rows = await this.connection.sql.rows<Texts<TransactionLine>>(TRANSACTION_LINES, [tenant, ids])
    return rows.map((row) => ({
      ...row,
      quantity: amountOf(row.quantity),
      rate: amountOf(row.rate),
      value: amountOf(row.value),
      discount: amountOf(row.discount),
      amount: amountOf(row.amount),
      points: pointsOf(row.points),
    }))
  }

  async paymentsOf(tenant: TenantId, ids: readonly TransactionId[]): Promise<readonly TransactionPayment[]> {
    const rows = await this.connection.sql.rows<TransactionPayment>(TRANSACTION_PAYMENTS, [tenant, ids])
    return rows.map((row) => ({ ...row, amount: amountOf(row.amount) }))
  }

  private async insert(
    tenant: TenantId,
    transaction: NewTransaction,
    scope: string | null,
  ): Promise<StoredTransaction> {
    try {
      const values = valuesOf(tenant, transaction, scope)
      const [added] = await this.connection.sql.rows<AddedRow>(ADD_TRANSACTION, values)
      const stored = toStored(transaction, added as AddedRow)
      const { redemptions = [], memberId } = transaction
      if (redemptions.length === 0) return stored
      const { id } = stored.transaction
      const untied = await this.connection.sql.rows<UntiedRedemption>(TIE_REDEMPTIONS, [
        tenant,
        memberId,
        id,
        redemptions,
      ])
      return { ...stored, untied }
    } catch (error) {
      if (constraintOf(error) === 'bill_numbers_taken') throw new DuplicateBillNumber(transaction.billNumber)
      throw error
    }
  }
}

type TransactionRow = Texts<Transaction>

const toTransaction = (row: TransactionRow): Transaction => ({
  ...row,
  amount: amountOf(row.amount),
  grossAmount: row.grossAmount === null ? null : amountOf(row.grossAmount),
  discount: row.discount === null ? null : amountOf(row.discount),
  rawPoints: pointsOf(row.rawPoints),
  points: pointsOf(row.points),
})

type ReturnRow = Omit<TransactionReturn, 'points'> & { readonly points: string }

const toReturn = (row: ReturnRow): TransactionReturn => ({
  ...row,
  amount: amountOf(row.amount),
  points: pointsOf(row.points),
  lines: row.lines.map((line) => ({
    ...line,
    quantity: amountOf(line.quantity),
    amount: amountOf(line.amount),
  })),
})

/** Money and points as the driver gives them: text. */
type Texts<Row> = Omit<Row, 'points' | 'rawPoints'> & { readonly points: string; readonly rawPoints: string }

interface AddedRow {
  readonly id: TransactionId
  readonly billedAt: Instant
  readonly createdAt: Instant
  readonly lineIds: readonly LineId[]
}

/** Aligned with the parameters of ADD_TRANSACTION. */
const valuesOf = (tenant: TenantId, sale: NewTransaction, scope: string | null): readonly unknown[] => [
  tenant,
  sale.type,
  sale.billNumber,
  sale.memberId,
  sale.programId,
  sale.storeId,
  sale.tillCode,
  sale.source,
  sale.amount,
  sale.grossAmount,
  sale.discount,
  sale.currency,
  sale.billed.at,
  sale.billed.offset,
  sale.deliveryStatus,
  sale.outlierStatus,
  sale.note,
  sale.rawPoints,
  sale.points,
  sale.noPointsReason,
  sale.customFields,
  sale.extendedFields,
  sale.attributes,
  scope,
  sale.billNumberRule.windowDays,
  JSON.stringify(sale.lines.map(toLineJson)),
  JSON.stringify(sale.payments),
  sale.groupId,
]

const toLineJson = ({ points, ...line }: NewTransactionLine) => ({ ...line, points: points.toString() })

function toStored(
  {
    billed,
    billNumberRule: _rule,
    lines,
    payments: _payments,
    redemptions: _redemptions,
    ...sale
  }: NewTransaction,
  { id, billedAt, createdAt, lineIds }: AddedRow,
): StoredTransaction {
  return {
    transaction: { ...sale, id, billedAt, billedAtOffset: billed.offset, createdAt, updatedAt: null },
    // Every line has got its number, in the order of the lines.
    lines: lines.map((line, index) => ({ ...line, id: lineIds[index] as LineId, transactionId: id })),
  }
}
