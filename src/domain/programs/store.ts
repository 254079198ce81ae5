import type { StoreId, TenantId, TillId } from '../shared/ids'
import type { Page, PageRequest } from '../shared/pages'
import type { JsonObject } from '../shared/json'

/** A shop. Capillary's stores have tills; Annex's have free attributes. */
export interface Store {
  readonly id: StoreId
  /** The door whose setup named it. */
  readonly door: string
  readonly code: string
  readonly name: string
  readonly externalIds: readonly string[]
  readonly attributes: JsonObject
}

export interface Till {
  readonly id: TillId
  readonly code: string
  readonly storeId: StoreId
}

export interface StoreStore {
  /** Stores by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly StoreId[]): Promise<readonly Store[]>
  /** Stores of a door, or of all, by number, without those that a setup retired. The position is the number. */
  page(tenant: TenantId, request: PageRequest & { readonly door: string | null }): Promise<Page<Store>>
  findByCode(tenant: TenantId, door: string, code: string): Promise<Store | null>
  tillByCode(tenant: TenantId, code: string): Promise<Till | null>
  /** The store of a door by name, or by its nth external id (from 0). */
  findByName(tenant: TenantId, door: string, name: string): Promise<Store | null>
  findByExternalId(
    tenant: TenantId,
    door: string,
    externalId: string,
    position: number,
  ): Promise<Store | null>
  /** A till of the store: the one with the lowest id, or null when it has none. */
  firstTillOf(tenant: TenantId, store: StoreId): Promise<Till | null>
}
