import type { EnrollMember } from '../../../domain/members/enroll-member'
import type { Member, MemberStatus } from '../../../domain/members/member'
import type { MemberChanges } from '../../../domain/members/member-store'
import type { Instant } from '../../../domain/shared/instant'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { plainJson, type Writable } from '../../shared/json'
import type { SignedIn } from '../auth'
import { ANNEX } from '../settings'
import { type IdLike, instantFrom, textFrom, toTimestamp } from '../values'
import type { UserBody, UserFields } from './users.contract'
import type { Answer } from '../../shared/openapi'
import type { USER } from './users.answers'

/** The command of a new member. */
export const toEnrollMember = (body: UserBody, { tenant }: SignedIn): EnrollMember => ({
  door: ANNEX,
  id: null,
  firstName: textOf(body.firstName),
  lastName: textOf(body.lastName),
  email: textOf(body.email),
  mobile: textOf(body.phone),
  status: statusOf(body, null) ?? 'ACTIVE',
  joinedAt: null,
  attributes: { optInDate: tenant.time.now, ...attributesOf(body, {}) },
  identities: [{ door: ANNEX, type: 'id', source: '', account: '', value: textFrom(body.id) }],
})

/** What a change says; nothing when it says nothing that is known. */
export function toMemberChanges(body: UserFields, member: Member, now: Instant): MemberChanges | null {
  const { attributes: before, status } = member
  const attributes = attributesOf(body, before)
  const changed = statusOf(body, { status, membership: before['membershipStatus'] })
  const changes: MemberChanges = {
    ...given('firstName', body.firstName),
    ...given('lastName', body.lastName),
    ...given('email', body.email),
    ...given('mobile', body.phone),
    ...(changed === null || changed === status ? {} : { status: changed }),
  }
  const said = Object.keys(body).length > 0
  return said ? { ...changes, attributes: { ...attributes, updateDate: now } } : null
}

/** The documented record, flat (contract, section 5); what is not known is left out. */
export function toUser(
  id: string,
  member: Member,
  { siteId, tenant }: SignedIn,
): Partial<Answer<typeof USER>> {
  const { attributes } = member
  const kept = Object.fromEntries(
    [...KEPT_TEXTS, 'extendedAttribute'].map((name) => [name, attributes[name] as Writable]),
  )
  return {
    siteId,
    id,
    email: member.email ?? undefined,
    firstName: member.firstName ?? undefined,
    lastName: member.lastName ?? undefined,
    optInStatus: member.status === 'OPTED_OUT' ? 'NO' : 'YES',
    optInDate: timestampOf(attributes['optInDate']),
    status: shownStatus(member),
    phone: member.mobile ?? undefined,
    ...kept,
    createDate: toTimestamp(member.joinedAt),
    updateDate: timestampOf(attributes['updateDate']) ?? toTimestamp(member.joinedAt),
    totalSpendCurrency: tenant.setup.currency,
  }
}

const textOf = (value: IdLike | undefined): string | null =>
  value === undefined ? null : textFrom(value).trim()

const given = (
  name: 'firstName' | 'lastName' | 'email' | 'mobile',
  value: IdLike | undefined,
): MemberChanges => (value === undefined ? {} : { [name]: textOf(value) })

const KEPT_TEXTS = ['zipCode', 'birthDate', 'anniversaryDate', 'userProfileImageUrl'] as const

/** What nothing decides by. Of the extended attributes only those that are sent change. */
function attributesOf(body: UserFields, before: JsonObject): JsonObject {
  const texts = KEPT_TEXTS.flatMap((name) => (body[name] === undefined ? [] : [[name, textOf(body[name])]]))
  const { extendedAttribute: sent, optInDate, status } = body
  const known = (before['extendedAttribute'] ?? {}) as JsonObject
  return {
    ...(Object.fromEntries(texts) as JsonObject),
    ...(status === undefined ? {} : { membershipStatus: status.trim().toUpperCase() }),
    ...(optInDate === undefined ? {} : { optInDate: instantFrom(optInDate)?.at ?? null }),
    ...(sent === undefined ? {} : { extendedAttribute: { ...known, ...(plainJson(sent) as JsonObject) } }),
  }
}

/**
 * Opting in and out, and being active, are one status here: who is out is out, whatever else. Null: nothing said
 * changes it. Who was blocked stays blocked, which is not for this door to lift.
 */
function statusOf(
  { optInStatus, status }: UserFields,
  before: { readonly status: MemberStatus; readonly membership: Json | undefined } | null,
): MemberStatus | null {
  if (before?.status === 'BLOCKED' || before?.status === 'FRAUD') return null
  const isOptedIn = optInStatus === undefined ? before?.status !== 'OPTED_OUT' : isWord(optInStatus, 'YES')
  if (!isOptedIn) return 'OPTED_OUT'
  if (status === undefined && optInStatus === undefined) return null
  const membership = status ?? (typeof before?.membership === 'string' ? before.membership : 'ACTIVE')
  return isWord(membership, 'INACTIVE') ? 'INACTIVE' : 'ACTIVE'
}

const isWord = (text: string, word: string): boolean => text.trim().toUpperCase() === word

function shownStatus({ status, attributes }: Member): string {
  if (status !== 'OPTED_OUT') return status
  return attributes['membershipStatus'] === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE'
}

const timestampOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? toTimestamp(value as Instant) : undefined
