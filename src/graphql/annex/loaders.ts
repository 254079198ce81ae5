import DataLoader from 'dataloader'
import type { Issuance, IssuanceLine } from '../../domain/issuances/issuance'
import type { Order, OrderLine } from '../../domain/orders/order'
import type { IssuanceId, OrderId } from '../../domain/shared/ids'
import { groupUp, lineUp } from '../shared/batches'
import type { Context, LoaderScope } from '../shared/context'
import { lazily } from '../shared/lazy-loaders'
import { purchaseLoaders } from '../shared/purchase-pages'

function own({ caller, stores }: LoaderScope) {
  const tenant = caller.tenant.id
  return {
    orderById: new DataLoader<OrderId, Order | null>(async (ids) =>
      lineUp(ids, await stores.orders.findByIds(tenant, ids), ({ id }) => id),
    ),
    issuanceById: new DataLoader<IssuanceId, Issuance | null>(async (ids) =>
      lineUp(ids, await stores.issuances.findByIds(tenant, ids), ({ id }) => id),
    ),
    issuanceLinesOf: new DataLoader<IssuanceId, readonly IssuanceLine[]>(async (ids) =>
      groupUp(ids, await stores.issuances.linesOf(tenant, ids), ({ issuanceId }) => issuanceId),
    ),
    orderLinesOf: new DataLoader<OrderId, readonly OrderLine[]>(async (ids) =>
      groupUp(ids, await stores.orders.linesOf(tenant, ids), ({ orderId }) => orderId),
    ),
  }
}

export const annexLoaders = lazily([purchaseLoaders, own])

export type AnnexContext = Context<ReturnType<typeof annexLoaders>>
