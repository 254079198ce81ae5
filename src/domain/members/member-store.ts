import type { MemberId, ProgramId, TenantId, TierId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Page, PageRequest, Period } from '../shared/pages'
import type { LinkingKey } from '../programs/tenant'
import type { Identity, IdentityKey, Member, MemberStatus } from './member'

/** A member's place in one program. */
export interface Membership {
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly tierId: TierId | null
  readonly spend: Amount
}

/** A member and the membership in the program asked for: empty when the program came after the member. */
export interface MemberInProgram {
  readonly member: Member
  readonly membership: Membership
}

export interface NewMember {
  /** Given by a setup that names a number; null for the next one. */
  readonly id: MemberId | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly mobile: string | null
  readonly status: MemberStatus
  readonly joinedAt: Instant
  readonly attributes: JsonObject
}

export interface NewMembership {
  readonly programId: ProgramId
  readonly tierId: TierId | null
}

/** What may change about a member; a field that is absent stays. Each remembers the door that set it. */
export interface MemberChanges {
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly email?: string | null
  readonly mobile?: string | null
  readonly status?: MemberStatus
  readonly attributes?: JsonObject
}

/** In which order a list of members comes. */
export const MEMBER_ORDERS = ['NUMBER', 'JOINED_NEWEST', 'JOINED_OLDEST'] as const
export type MemberOrder = (typeof MEMBER_ORDERS)[number]

/** Which members to list; what is null does not restrict. The period is of when they joined. */
export interface MemberFilter extends Period {
  /** Nobody but this one. */
  readonly id?: MemberId
  readonly status: MemberStatus | null
  /** In the default program. */
  readonly tierId: TierId | null
  /** An identity's value, in whatever door, kind, source and account. */
  readonly identity: string | null
}

/** A page of members; the position is the member's number, or `joinedAt|number` where the order is by joining. */
export interface MemberPageRequest extends PageRequest {
  readonly order: MemberOrder
  readonly only: MemberFilter | null
  /** The default program: whose tier a member shows. */
  readonly programId: ProgramId
  /** False: nobody wants to know whether more follow, and `hasNext` is false whether they do or not. */
  readonly looksBeyond: boolean
}

/** An identity in whichever source and account. */
export type IdentityLike = Pick<Identity, 'door' | 'type' | 'value'>

export interface MemberStore {
  /** Members by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly MemberId[]): Promise<readonly Member[]>
  /** Members by identity, aligned with the keys; null where nobody has it. One statement. */
  findByIdentities(tenant: TenantId, keys: readonly IdentityKey[]): Promise<readonly (Member | null)[]>
  /** A page of members, by number unless the request says otherwise. */
  page(tenant: TenantId, request: MemberPageRequest): Promise<Page<Member>>
  /** By identity, with the membership in a program; null when nobody has the identity. */
  findInProgram(tenant: TenantId, key: IdentityKey, program: ProgramId): Promise<MemberInProgram | null>
  findInProgramById(tenant: TenantId, id: MemberId, program: ProgramId): Promise<MemberInProgram | null>
  /** Memberships of members in a program, in no particular order. */
  memberships(
    tenant: TenantId,
    members: readonly MemberId[],
    program: ProgramId,
  ): Promise<readonly Membership[]>
  /** Identities of members, in the order they were added. */
  identitiesOf(tenant: TenantId, members: readonly MemberId[]): Promise<readonly Identity[]>

  /** Identities of these types and values of a door, in whichever source and account, oldest first. */
  identitiesLike(tenant: TenantId, keys: readonly IdentityLike[]): Promise<readonly Identity[]>
  /** Locks the types and values until commit, also those that nobody has yet, so that two registrations of one person meet. */
  lockIdentities(tenant: TenantId, keys: readonly IdentityLike[]): Promise<void>
  /** Who holds a linking value; locks it until commit, so that two enrollments of one person meet. */
  claimLink(tenant: TenantId, kind: LinkingKey, value: string): Promise<MemberId | null>
  add(
    tenant: TenantId,
    member: NewMember,
    memberships: readonly NewMembership[],
    door: string,
  ): Promise<Member>
  update(tenant: TenantId, id: MemberId, changes: MemberChanges, door: string): Promise<Member>
  /** Adds identities; throws IdentityTaken when another member has one. Identities that are already this member's stay. */
  addIdentities(
    tenant: TenantId,
    id: MemberId,
    identities: readonly Omit<Identity, 'memberId'>[],
  ): Promise<void>
  /** Takes identities from a member; those that are not the member's stay. */
  removeIdentities(
    tenant: TenantId,
    id: MemberId,
    identities: readonly Omit<Identity, 'memberId'>[],
  ): Promise<void>
  /** Unties linking values from a member. */
  removeLinks(
    tenant: TenantId,
    id: MemberId,
    links: readonly { readonly kind: LinkingKey; readonly value: string }[],
  ): Promise<void>
  /** Tells who listens that something else of the member has changed: identities, the group that it left, or spend alone. */
  announce(tenant: TenantId, id: MemberId): Promise<void>
  /** Ties linking values to a member; values already tied to the member stay. */
  addLinks(
    tenant: TenantId,
    id: MemberId,
    links: readonly { readonly kind: LinkingKey; readonly value: string }[],
  ): Promise<void>
  /**
   * Adds to what a member has spent in a program (may be negative) and answers the membership after it, locked until
   * commit. Throws InvalidAmount when the sum is more than can be kept.
   */
  addSpend(tenant: TenantId, id: MemberId, program: ProgramId, spend: Amount): Promise<Membership>
  /** The tier that a member stood in before the last change; null when there was none. */
  previousTier(tenant: TenantId, id: MemberId, program: ProgramId): Promise<TierId | null>
  setTier(tenant: TenantId, id: MemberId, program: ProgramId, tier: TierId | null): Promise<void>
}
