import DataLoader from 'dataloader'
import {
  PURCHASE_KINDS,
  type PurchaseEntry,
  type PurchaseKind,
  type PurchasePageRequest,
} from '../../domain/purchases/purchase'
import { isNumberId } from '../../domain/shared/ids'
import type { Page } from '../../domain/shared/pages'
import type { LoaderScope } from './context'
import { cursorBy } from './connection'
import { cursorCodec, isInstantText } from './cursor'

/** Pages of members' purchases. Every subgraph that lists purchases makes this loader; in one process they are one. */
export const purchasePageLoader = ({ caller: { tenant }, stores }: LoaderScope) =>
  new DataLoader<PurchasePageRequest, Page<PurchaseEntry>, string>(
    (requests) => stores.purchases.pagesOf(tenant.id, requests).then((pages) => [...pages]),
    {
      cacheKeyFn: ({ memberId, kind, first, after, only }) =>
        `${memberId} ${kind} ${first} ${after} ${JSON.stringify(only)}`,
    },
  )

export const purchaseCursors = cursorCodec('purchases', (text) => {
  const [purchasedAt = '', kind, id = '', ...more] = text.split('|')
  return (
    isInstantText(purchasedAt) &&
    PURCHASE_KINDS.includes(kind as PurchaseKind) &&
    isNumberId(id) &&
    more.length === 0
  )
})

export const purchaseCursor = cursorBy<Omit<PurchaseEntry, 'memberId'>>(
  purchaseCursors,
  ({ purchasedAt, kind, id }) => `${purchasedAt}|${kind}|${id}`,
)
