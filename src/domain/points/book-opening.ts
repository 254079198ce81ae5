import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'
import type { Tenant } from '../programs/tenant'
import { AlreadyAwarded, ExpiryNotAfterAward } from './errors'
import { MAIN_CURRENCY, type Movement, type PointsLedger } from './ledger'

/** An opening balance in the default program. */
export interface BookOpening {
  readonly memberId: MemberId
  /** Natural key within the tenant: booked once, for ever. */
  readonly ref: string
  readonly points: Points
  readonly expiresAt: Instant | null
  readonly countsForLifetime: boolean
  readonly actor: string
}

/** Books an opening balance on an open transaction; null when it was booked before, or would have lapsed already. */
export async function bookOpening(
  ledger: PointsLedger,
  tenant: Tenant,
  command: BookOpening,
): Promise<Movement | null> {
  try {
    return await ledger.award({
      account: {
        tenantId: tenant.id,
        holder: { kind: 'MEMBER', id: command.memberId },
        programId: tenant.setup.defaultProgram.id,
        currency: MAIN_CURRENCY,
      },
      now: tenant.time.offsetMillis === 0 ? null : tenant.time.now,
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: 'Opening balance',
        actor: command.actor,
        requestId: null,
        occurredAt: tenant.time.now,
      },
      idempotency: null,
      source: { type: 'OPENING', ref: command.ref },
      purchase: null,
      lines: [{ lineRef: '', points: command.points, rule: 'opening' }],
      maturesAt: null,
      expiresAt: command.expiresAt,
      countsForLifetime: command.countsForLifetime,
    })
  } catch (error) {
    if (error instanceof AlreadyAwarded || error instanceof ExpiryNotAfterAward) return null
    throw error
  }
}
