import DataLoader from 'dataloader'
import { Arg, registerEnumType } from 'type-graphql'
import type { MemberId, StoreId } from '../../domain/shared/ids'
import {
  PURCHASE_KINDS,
  PURCHASE_STATUSES,
  type PurchaseEntry,
  type PurchaseKey,
  type PurchaseKind,
  type PurchasePageRequest,
  type PurchaseStatus,
} from '../../domain/purchases/purchase'
import { isNumberId } from '../../domain/shared/ids'
import type { ClientInstant } from '../../domain/shared/instant'
import type { Page, PageRequest } from '../../domain/shared/pages'
import { lineUp } from './batches'
import { idOfType } from './choose'
import { cursorBy } from './connection'
import type { LoaderScope } from './context'
import { cursorCodec, isInstantText } from './cursor'
import { type ListOrder, pageRequest, periodOf } from './page-args'

export const PurchaseStatusEnum = Object.fromEntries(PURCHASE_STATUSES.map((status) => [status, status])) as {
  [Status in PurchaseStatus]: Status
}
registerEnumType(PurchaseStatusEnum, {
  name: 'PurchaseStatus',
  description: 'How far a purchase has come, whatever its kind.',
  valuesConfig: {
    PLACED: { description: 'Something of it is still to be handed over.' },
    SHIPPED: { description: 'All that is left of it was shipped or handed over: so is a sale at a till.' },
    RETURNED: { description: 'All that was left of it came back; or it is the bill of a return itself.' },
    CANCELED: { description: 'All of it was canceled.' },
  },
})

export const WithStatus = () =>
  Arg('status', () => PurchaseStatusEnum, { nullable: true, description: 'Only what has come this far.' })

/** Pages of members' purchases, and how far each has come. Every subgraph makes these loaders; in one process they are one. */
export function purchaseLoaders({ caller: { tenant }, stores: { purchases } }: LoaderScope) {
  const paging = (read: 'pagesOf' | 'oldestPagesOf') =>
    new DataLoader<PurchasePageRequest, Page<PurchaseEntry>, string>(
      (requests) => purchases[read](tenant.id, requests).then((pages) => [...pages]),
      {
        cacheKeyFn: ({ memberId, kind, first, after, only }) =>
          `${memberId} ${kind} ${first} ${after} ${JSON.stringify(only)}`,
      },
    )
  return {
    purchasePages: paging('pagesOf'),
    oldestPurchasePages: paging('oldestPagesOf'),
    purchaseStatusOf: new DataLoader<PurchaseKey, PurchaseStatus | null, string>(
      async (keys) =>
        lineUp(keys.map(keyText), await purchases.statusesOf(tenant.id, keys), keyText).map(
          (found) => found?.status ?? null,
        ),
      { cacheKeyFn: keyText },
    ),
  }
}

const keyText = ({ kind, id }: PurchaseKey): string => `${kind} ${id}`

/** Which purchases of a member a field was asked for. */
export interface PurchaseListArgs {
  readonly kind: PurchaseKind | null
  readonly first: number
  readonly after: string | null | undefined
  readonly from: ClientInstant | null | undefined
  readonly until: ClientInstant | null | undefined
  readonly storeId: string | null | undefined
  readonly status: PurchaseStatus | null | undefined
  readonly orderBy: ListOrder
}

type PageLoaders = Pick<ReturnType<typeof purchaseLoaders>, 'purchasePages' | 'oldestPurchasePages'>

/** The page that a list of purchases asks for. Refuses sizes, cursors and ids that are none. */
export async function purchasePage(
  loaders: PageLoaders,
  memberId: MemberId,
  { kind, first, after, from, until, storeId, status, orderBy }: PurchaseListArgs,
): Promise<{ readonly request: PageRequest; readonly page: Page<PurchaseEntry> }> {
  const request = pageRequest(first, after, purchaseCursors)
  const period = periodOf(from, until)
  const store = storeId ? (idOfType('Store', storeId, 'storeId') as StoreId) : null
  const only =
    period || store || status
      ? { from: null, until: null, ...period, storeId: store, ...(status && { status }) }
      : null
  const loader = orderBy === 'OLDEST' ? loaders.oldestPurchasePages : loaders.purchasePages
  return { request, page: await loader.load({ memberId, kind, ...request, ...(only && { only }) }) }
}

const purchaseCursors = cursorCodec('purchases', (text) => {
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
