import type { LoyaltyDeps } from '../loyalty'
import type { JsonObject } from '../shared/json'
import type { Caller } from './caller'

/** Entries of a map among a door's settings. */
export interface AmendDoor {
  readonly door: string
  /** Which map. */
  readonly setting: string
  /** Set beside those that are there. */
  readonly entries: JsonObject
}

/**
 * Changes a map among a door's settings, as applying a setup would: the next request of any process sees it, the audit
 * log tells who did it, and a setup that says otherwise takes it back.
 */
export async function amendDoor(
  { unitOfWork }: LoyaltyDeps,
  { tenant, actor }: Caller,
  { door, setting, entries }: AmendDoor,
): Promise<void> {
  await unitOfWork.run(async ({ setup }) => {
    await setup.lock()
    await setup.amendDoor(tenant.id, door, setting, entries)
    const details = { door, setting, entries }
    await setup.audit({ tenantId: tenant.id, actor, action: 'door.amend', details })
  })
}
