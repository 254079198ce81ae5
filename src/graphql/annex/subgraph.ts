import type { OrderId } from '../../domain/shared/ids'
import { buildSubgraph } from '../shared/build-subgraph'
import { type AnnexContext, annexLoaders } from './loaders'
import { MemberOrdersResolver, OrderResolver } from './order.resolver'
import { orderFields, orderLineFields } from './order.type'

/** Orders, and a member's list of them. */
export const buildAnnex = () =>
  buildSubgraph({
    name: 'annex',
    resolvers: [OrderResolver, MemberOrdersResolver],
    references: { Order: (id, { loaders }: AnnexContext) => loaders.orderById.load(id as OrderId) },
    computed: { Order: orderFields, OrderLine: orderLineFields },
    loaders: annexLoaders,
  })
