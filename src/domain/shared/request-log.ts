import type { TenantId } from './ids'
import type { JsonObject } from './json'

/** A request that was done under its caller's name for it. */
export interface DoneRequest {
  /** SHA-256 of everything that makes it this request, hex. */
  readonly hash: string
  /** What leads to its answer: ids, mostly. */
  readonly answer: JsonObject
}

/** Names that callers gave requests which have no wallet to be remembered with; those of wallets the ledger keeps. */
export interface RequestLog {
  /** Keeps the name from others until commit; answers what was done under it. */
  claim(tenant: TenantId, scope: string, key: string): Promise<DoneRequest | null>
  add(tenant: TenantId, scope: string, key: string, request: DoneRequest): Promise<void>
}

/** For how long a name is kept: longer than anybody sends a request again. */
export const REQUEST_RETENTION_DAYS = 90

export interface RequestHousekeeping {
  /** Forgets up to so many names of all tenants that are older than is kept, the oldest first; answers how many. */
  prune(limit: number): Promise<number>
}
