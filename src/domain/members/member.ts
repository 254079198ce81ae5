import type { Instant } from '../shared/instant'
import type { MemberId, TierId } from '../shared/ids'
import type { JsonObject } from '../shared/json'

export const MEMBER_STATUSES = ['ACTIVE', 'BLOCKED', 'FRAUD', 'OPTED_OUT', 'INACTIVE'] as const
export type MemberStatus = (typeof MEMBER_STATUSES)[number]

/** One person, whatever doors know them. */
export interface Member {
  readonly id: MemberId
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly mobile: string | null
  readonly status: MemberStatus
  readonly joinedAt: Instant
  /** What a vendor's client sent that we only keep. */
  readonly attributes: JsonObject
  /** The tier in the default program. */
  readonly tierId: TierId | null
}

/**
 * How a door knows a member. `door` and `type` are the door's words; (door, type, source, account, value) is
 * unique in a tenant. `value` is as it was said, `normalized` what is compared.
 */
export interface Identity {
  readonly memberId: MemberId
  readonly door: string
  readonly type: string
  readonly source: string
  readonly account: string
  readonly value: string
}

/** What to look a member up by. `source` and `account` null: whichever. */
export interface IdentityKey {
  readonly door: string
  readonly type: string
  readonly source: string | null
  readonly account: string | null
  readonly value: string
}

/** E-mail addresses compare without case; everything else exactly, after trimming. */
export const normalizedIdentity = (type: string, value: string): string => {
  const text = value.trim().normalize('NFC')
  return type === 'email' || text.includes('@') ? text.toLowerCase() : text
}

/** Whether two say the same identity: within a source and account one belongs to one person. */
export const isSameIdentity = (a: Omit<Identity, 'memberId'>, b: Omit<Identity, 'memberId'>): boolean =>
  a.door === b.door &&
  a.type === b.type &&
  a.source === b.source &&
  a.account === b.account &&
  normalizedIdentity(a.type, a.value) === normalizedIdentity(b.type, b.value)
