import type { LoyaltyDeps } from '../loyalty'
import type { EnrollMember, Enrollment } from '../members/enroll-member'
import { registerMember } from '../members/register-member'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { Points } from '../shared/points'
import type { Stores } from '../stores'
import { movable } from './award-points'
import { expiryOf } from './earning'
import { movedNow, walletOf } from './wallet'

/** What somebody had elsewhere and brings along into a program. */
export interface BroughtPoints {
  readonly program: Program
  readonly points: Points
  /** Null: as the program's points do. */
  readonly expiresAt: Instant | null
}

export interface RegisterWithPoints extends EnrollMember {
  /** One for a program at most. */
  readonly brought: readonly BroughtPoints[]
  readonly requestId: string
}

/**
 * Registers a person in one source of a door and books what a new member brings along, all or nothing. Such points were
 * earned elsewhere: they can be spent, and count towards no tier. Somebody who is known already brings nothing.
 *
 * Throws AlreadyRegistered, IdentityTaken (the identities belong to members who are apart), InvalidPoints,
 * ExpiryNotAfterAward, Busy.
 */
export async function registerWithPoints(
  { unitOfWork }: LoyaltyDeps,
  caller: Caller,
  { brought, requestId, ...command }: RegisterWithPoints,
): Promise<Enrollment> {
  for (const { points, program } of brought) movable(points, program)
  return unitOfWork.run(async (stores) => {
    const enrollment = await registerMember(stores, caller.tenant, command)
    if (enrollment.joined) return enrollment
    for (const one of brought) await book(stores, caller, enrollment.member.id, one, requestId)
    return enrollment
  })
}

async function book(
  { ledger }: Stores,
  { tenant, actor }: Caller,
  member: MemberId,
  { program, points, expiresAt }: BroughtPoints,
  requestId: string,
): Promise<void> {
  await ledger.award({
    account: walletOf(tenant, member, program),
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: {
      actionId: null,
      reason: 'Brought along at registration',
      actor,
      requestId,
      occurredAt: tenant.time.now,
    },
    // A member is registered once, and brings along once.
    idempotency: null,
    source: { type: 'REGISTRATION', ref: `${member}:${program.id}` },
    purchase: null,
    lines: [{ lineRef: '', points, rule: 'registration' }],
    maturesAt: null,
    expiresAt: expiresAt ?? expiryOf(program.expiry, tenant.time.now, tenant.setup.timeZone),
    countsForLifetime: false,
  })
}
