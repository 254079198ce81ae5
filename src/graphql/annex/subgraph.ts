import type { IssuanceId, OrderId } from '../../domain/shared/ids'
import { buildSubgraph } from '../shared/build-subgraph'
import { IssuanceMutationsResolver, IssuancePayloadResolvers } from './issuance-mutations.resolver'
import { IssuanceResolver, MemberIssuancesResolver } from './issuance.resolver'
import { issuanceFields } from './issuance.type'
import { type AnnexContext, annexLoaders } from './loaders'
import { MemberOrdersResolver, OrderResolver } from './order.resolver'
import { OrderMutationsResolver, OrderPayloadResolvers } from './order-mutations.resolver'
import { orderFields, orderLineFields } from './order.type'

/** Orders and issuances, and a member's lists of them. */
export const buildAnnex = () =>
  buildSubgraph({
    name: 'annex',
    resolvers: [
      OrderResolver,
      MemberOrdersResolver,
      IssuanceResolver,
      MemberIssuancesResolver,
      OrderMutationsResolver,
      ...OrderPayloadResolvers,
      IssuanceMutationsResolver,
      ...IssuancePayloadResolvers,
    ],
    references: {
      Order: (id, { loaders }: AnnexContext) => loaders.orderById.load(id as OrderId),
      Issuance: (id, { loaders }: AnnexContext) => loaders.issuanceById.load(id as IssuanceId),
    },
    computed: { Issuance: issuanceFields, Order: orderFields, OrderLine: orderLineFields },
    loaders: annexLoaders,
  })
