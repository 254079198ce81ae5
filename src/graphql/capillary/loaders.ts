import DataLoader from 'dataloader'
import type { OrderId, TransactionId } from '../../domain/shared/ids'
import type { TransactionReturn } from '../../domain/transactions/return'
import type { Transaction, TransactionLine, TransactionPayment } from '../../domain/transactions/transaction'
import { groupUp, lineUp } from '../shared/batches'
import type { Context, LoaderScope } from '../shared/context'
import { lazily } from '../shared/lazy-loaders'
import { purchaseLoaders } from '../shared/purchase-pages'

function own({ caller, stores }: LoaderScope) {
  const tenant = caller.tenant.id
  return {
    transactionById: new DataLoader<TransactionId, Transaction | null>(async (ids) =>
      lineUp(ids, await stores.transactions.findByIds(tenant, ids), ({ id }) => id),
    ),
    transactionLinesOf: new DataLoader<TransactionId, readonly TransactionLine[]>(async (ids) =>
      groupUp(ids, await stores.transactions.linesOf(tenant, ids), ({ transactionId }) => transactionId),
    ),
    returnsOf: new DataLoader<TransactionId, readonly TransactionReturn[]>(async (ids) =>
      groupUp(ids, await stores.transactions.returnsOf(tenant, ids), ({ originalId }) => originalId ?? ''),
    ),
    returnsOfOrder: new DataLoader<OrderId, readonly TransactionReturn[]>(async (ids) =>
      groupUp(ids, await stores.transactions.returnsOfOrders(tenant, ids), ({ orderId }) => orderId ?? ''),
    ),
    returnsOn: new DataLoader<TransactionId, readonly TransactionReturn[]>(async (ids) =>
      groupUp(ids, await stores.transactions.returnsOn(tenant, ids), ({ transactionId }) => transactionId),
    ),
    transactionPaymentsOf: new DataLoader<TransactionId, readonly TransactionPayment[]>(async (ids) =>
      groupUp(ids, await stores.transactions.paymentsOf(tenant, ids), ({ transactionId }) => transactionId),
    ),
  }
}

export const capillaryLoaders = lazily([purchaseLoaders, own])

export type CapillaryContext = Context<ReturnType<typeof capillaryLoaders>>
