import type { LoyaltyDeps } from '../domain/loyalty'
import type { ChangeOrigin } from '../domain/programs/audit'
import { type Tenant, tenantAt } from '../domain/programs/tenant'
import { type LoyaltyErrorCode, LoyaltyError } from '../domain/shared/errors'
import { type Instant, instantOf, millisOf } from '../domain/shared/instant'
import type { Stores } from '../domain/stores'
import { applyGroups, applyMembers } from './apply-setup'

/** A sandbox's clock: set to a moment (and ticking on from there), moved on, or put back to real time. */
export type ClockMove =
  { readonly now: Instant } | { readonly advanceSeconds: number } | { readonly real: true }

/** Moves a sandbox's clock and answers the tenant's time. Throws TenantNotFound, NotASandbox. */
export async function moveClock(
  deps: LoyaltyDeps,
  tenantKey: string,
  move: ClockMove,
  actor: string,
  origin?: ChangeOrigin,
): Promise<Instant> {
  return deps.unitOfWork.run(async (stores) => {
    await stores.setup.lock()
    const { id, time } = await sandbox(deps, stores, tenantKey)
    const offset = offsetAfter(move, time.offsetMillis, deps.clock.now())
    assertDatable(deps.clock.now() + offset)
    await stores.setup.setClock(id, offset)
    const details = { ...move }
    await stores.setup.audit({ tenantId: id, actor, action: 'sandbox.clock', details, origin })
    return instantOf(deps.clock.now() + offset)
  })
}

function offsetAfter(move: ClockMove, offset: number, realNow: number): number {
  if ('real' in move) return 0
  return 'now' in move ? millisOf(move.now) - realNow : offset + Math.round(move.advanceSeconds * 1000)
}

/** Four-digit years, with room for what a program adds. */
const EARLIEST = Date.UTC(1970, 0, 2)
const LATEST = Date.UTC(9000, 0, 1)

function assertDatable(millis: number): void {
  if (millis < EARLIEST || millis > LATEST) {
    throw new SandboxRefusal('INVALID_INSTANT', 'the clock can be set from 1970 to 9000')
  }
}

/**
 * Forgets a sandbox's members, purchases, points and idempotency keys; the setup stays, and the members it named are
 * enrolled again with their opening balances. The clock stays where it is. Throws TenantNotFound, NotASandbox.
 */
export async function resetSandbox(
  deps: LoyaltyDeps,
  tenantKey: string,
  actor: string,
  origin?: ChangeOrigin,
): Promise<{ readonly members: number }> {
  return deps.unitOfWork.run(async (stores) => {
    await stores.setup.lock()
    const tenant = await sandbox(deps, stores, tenantKey)
    const named = await stores.setup.namedMembers(tenant.id)
    await stores.setup.forget(tenant.id)
    await applyMembers(stores, tenant, named, actor, 'members')
    await applyGroups(stores, tenant, await stores.setup.namedGroups(tenant.id), 'groups')
    const details = { members: named.length }
    await stores.setup.audit({ tenantId: tenant.id, actor, action: 'sandbox.reset', details, origin })
    return { members: named.length }
  })
}

async function sandbox({ clock }: LoyaltyDeps, stores: Stores, key: string): Promise<Tenant> {
  const head = await stores.tenants.headByKey(key)
  if (!head) throw new SandboxRefusal('TENANT_NOT_FOUND', `there is no tenant "${key}"`)
  const setup = await stores.tenants.setup(head.tenantId, head.setupVersion)
  if (!setup.sandbox) throw new SandboxRefusal('NOT_A_SANDBOX', `tenant "${key}" is not a sandbox`)
  return tenantAt(setup, head, clock)
}

/** No such tenant, one whose data is real, or a moment that no clock can show. */
export class SandboxRefusal extends LoyaltyError {
  constructor(
    readonly code: Extract<LoyaltyErrorCode, 'TENANT_NOT_FOUND' | 'NOT_A_SANDBOX' | 'INVALID_INSTANT'>,
    message: string,
  ) {
    super(message)
  }
}
