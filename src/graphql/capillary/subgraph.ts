import type { TransactionId } from '../../domain/shared/ids'
import { buildSubgraph } from '../shared/build-subgraph'
import { type CapillaryContext, capillaryLoaders } from './loaders'
import { MemberTransactionsResolver, TransactionResolver } from './transaction.resolver'
import { transactionFields, transactionLineFields, transactionPaymentFields } from './transaction.type'

/** Transactions of tills, and a member's list of them. */
export const buildCapillary = () =>
  buildSubgraph({
    name: 'capillary',
    resolvers: [TransactionResolver, MemberTransactionsResolver],
    references: {
      Transaction: (id, { loaders }: CapillaryContext) => loaders.transactionById.load(id as TransactionId),
    },
    computed: {
      Transaction: transactionFields,
      TransactionLine: transactionLineFields,
      TransactionPayment: transactionPaymentFields,
    },
    loaders: capillaryLoaders,
  })
