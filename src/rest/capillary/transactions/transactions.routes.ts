import type { CapillaryEndpoint } from '../call'
import { addTransaction } from './add-transaction'
import { getByBillNumber, getEarning, getTransaction } from './read-transactions'

export { addTransaction } from './add-transaction'

export const transactionEndpoints: readonly CapillaryEndpoint[] = [
  {
    method: 'POST',
    path: '/v2/transactions',
    operation: 'addTransaction',
    handle: addTransaction,
  },
  {
    method: 'GET',
    path: '/v2/transactions/:id',
    operation: 'getTransaction',
    handle: getTransaction,
  },
  {
    method: 'GET',
    path: '/v2/transactions/getByBillNumber/:billNumber',
    operation: 'getTransactionsByBillNumber',
    handle: getByBillNumber,
  },
  {
    method: 'GET',
    path: '/v2/earning/:transactionId',
    operation: 'getTransactionEarning',
    handle: getEarning,
  },
]
