import type { TenantId } from '../shared/ids'
import type { TenantHead, TenantSetup } from './tenant'

export interface TenantStore {
  headByKey(key: string): Promise<TenantHead | null>
  headById(id: TenantId): Promise<TenantHead | null>
  /** The setup at its current version, which is at least the one asked for; cached by version. */
  setup(id: TenantId, version: number): Promise<TenantSetup>
}
