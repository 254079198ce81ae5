import type { TenantId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import { type Clock, type TenantTime, tenantTime } from '../shared/clock'
import type { Program } from './program'

/** Kinds of identities that, when equal, make two identities one member. */
export type LinkingKey = 'email' | 'mobile' | 'externalId'

/** One vendor's door of a tenant: what its clients call the tenant, and settings that only that door reads. */
export interface Door {
  /** `annex` or `capillary`; the domain attaches no meaning to it. */
  readonly name: string
  /** The tenant's id in the vendor's words: a site id, an org id. */
  readonly externalId: string
  readonly settings: JsonObject
}

/** Everything a tenant's setup says, at one version. Immutable; cached by (tenant, version). */
export interface TenantSetup {
  readonly tenantId: TenantId
  readonly version: number
  readonly key: string
  readonly name: string
  readonly sandbox: boolean
  /** IANA name. */
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
  readonly identityLinking: readonly LinkingKey[]
  readonly programs: readonly Program[]
  readonly defaultProgram: Program
  readonly doors: ReadonlyMap<string, Door>
}

/** A tenant as a request sees it: its setup and its time, both fixed when the request came in. */
export interface Tenant {
  readonly id: TenantId
  readonly setup: TenantSetup
  readonly time: TenantTime
}

/** What sign-in reads of a tenant each time, so that setup and clock are never stale. */
export interface TenantHead {
  readonly tenantId: TenantId
  readonly setupVersion: number
  readonly clockOffsetMillis: number
}

export const tenantAt = (setup: TenantSetup, head: TenantHead, clock: Clock): Tenant => ({
  id: setup.tenantId,
  setup,
  time: tenantTime(clock, head.clockOffsetMillis),
})
