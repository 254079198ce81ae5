import type { Route } from '../../shared/route'
import type { AuthDeps } from '../auth'
import { type CapillaryDeps, signedRoute } from '../call'
import { addTransaction } from './add-transaction'
import { getByBillNumber, getEarning, getTransaction } from './read-transactions'

export { addTransaction } from './add-transaction'

export const transactionRoutes = (deps: CapillaryDeps & AuthDeps): readonly Route[] => [
  signedRoute(deps, {
    method: 'POST',
    path: '/v2/transactions',
    operation: 'capillary.addTransaction',
    handle: addTransaction,
  }),
  signedRoute(deps, {
    method: 'GET',
    path: '/v2/transactions/:id',
    operation: 'capillary.getTransaction',
    handle: getTransaction,
  }),
  signedRoute(deps, {
    method: 'GET',
    path: '/v2/transactions/getByBillNumber/:billNumber',
    operation: 'capillary.getTransactionsByBillNumber',
    handle: getByBillNumber,
  }),
  signedRoute(deps, {
    method: 'GET',
    path: '/v2/earning/:id',
    operation: 'capillary.getTransactionEarning',
    handle: getEarning,
  }),
]
