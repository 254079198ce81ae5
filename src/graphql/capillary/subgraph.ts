import type { TransactionId } from '../../domain/shared/ids'
import { buildSubgraph } from '../shared/build-subgraph'
import { type CapillaryContext, capillaryLoaders } from './loaders'
import { TransactionMutationsResolver, TransactionPayloadResolvers } from './transaction-mutations.resolver'
import {
  MemberTransactionsResolver,
  OrderReturnsResolver,
  TransactionLineResolver,
  TransactionResolver,
  TransactionReturnResolver,
} from './transaction.resolver'
import { returnedLineFields, transactionReturnFields } from './transaction-return.type'
import { transactionFields, transactionLineFields, transactionPaymentFields } from './transaction.type'

/** Transactions of tills, and a member's list of them. */
export const buildCapillary = () =>
  buildSubgraph({
    name: 'capillary',
    resolvers: [
      TransactionResolver,
      TransactionLineResolver,
      TransactionReturnResolver,
      MemberTransactionsResolver,
      OrderReturnsResolver,
      TransactionMutationsResolver,
      ...TransactionPayloadResolvers,
    ],
    references: {
      Transaction: (id, { loaders }: CapillaryContext) => loaders.transactionById.load(id as TransactionId),
    },
    computed: {
      Transaction: transactionFields,
      TransactionLine: transactionLineFields,
      TransactionPayment: transactionPaymentFields,
      TransactionReturn: transactionReturnFields,
      ReturnedLine: returnedLineFields,
    },
    loaders: capillaryLoaders,
  })
