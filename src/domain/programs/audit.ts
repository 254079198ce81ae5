import type { JsonObject } from '../shared/json'

/** One change that an administrator made, as the audit log keeps it. */
export interface AuditEntry {
  /** Null: about no tenant, or about all. */
  readonly tenantId: number | null
  readonly actor: string
  readonly action: string
  /** Never a secret and nothing personal. */
  readonly details: JsonObject
  readonly origin?: ChangeOrigin | undefined
  /** SHA-256 of what was in force before and after the change, where it changed the setup. */
  readonly beforeHash?: string
  readonly afterHash?: string
}

/** Where a change came from, and why, in its maker's words. */
export interface ChangeOrigin {
  readonly requestId: string | null
  readonly reason: string | null
}

/** Which entries are asked for, newest first. */
export interface AuditQuery {
  /** The key of a tenant; null: of all. */
  readonly tenant: string | null
  /** Only entries older than this one; null: from the newest on. */
  readonly before: string | null
  readonly limit: number
}

/** An entry as it is read back. */
export interface AuditRecord {
  readonly id: string
  readonly at: string
  readonly tenant: string | null
  readonly actor: string
  readonly action: string
  readonly details: JsonObject
  readonly requestId: string | null
  readonly reason: string | null
  readonly beforeHash: string | null
  readonly afterHash: string | null
}
