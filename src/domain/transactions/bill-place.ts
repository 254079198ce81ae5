import type { Tenant } from '../programs/tenant'
import type { Store } from '../programs/store'
import { StoreNotFound } from '../programs/errors'
import type { StoreId } from '../shared/ids'
import type { Stores } from '../stores'

/** Where a bill is booked. */
export interface BillPlace {
  readonly store: Store
  readonly tillCode: string
}

/**
 * The store and the till of a bill: the one named, or the store's first; a store without tills stands for one itself.
 * Throws StoreNotFound, also for a till that is not the store's.
 */
export async function billPlace(
  { shops }: Pick<Stores, 'shops'>,
  { id: tenant }: Tenant,
  storeId: StoreId,
  tillCode: string | null,
): Promise<BillPlace> {
  const [store] = await shops.findByIds(tenant, [storeId])
  if (!store) throw new StoreNotFound('storeId')
  if (tillCode === null)
    return { store, tillCode: (await shops.firstTillOf(tenant, storeId))?.code ?? store.code }
  const till = await shops.tillByCode(tenant, tillCode)
  if (till?.storeId !== storeId) throw new StoreNotFound('tillCode')
  return { store, tillCode }
}
