import type { Caller } from '../programs/caller'
import type { LinkingKey, Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import { ZERO_AMOUNT } from '../shared/money'
import { ZERO_POINTS } from '../shared/points'
import { present } from '../shared/present'
import type { LoyaltyDeps } from '../loyalty'
import { tierReached } from '../tiers/evaluate-tier'
import { IdentityTaken } from './errors'
import type { Identity, Member, MemberStatus } from './member'
import type { MemberChanges, MemberStore } from './member-store'

/** Someone to enroll, as one door knows them. */
export interface EnrollMember {
  readonly door: string
  /** A number given to the member by a setup; null for the next one. */
  readonly id: MemberId | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly mobile: string | null
  readonly status: MemberStatus
  readonly joinedAt: Instant | null
  readonly attributes: JsonObject
  readonly identities: readonly Omit<Identity, 'memberId'>[]
}

export interface Enrollment {
  readonly member: Member
  /** True when the identities joined someone already known. */
  readonly joined: boolean
}

/** Where a use case that runs inside another's transaction writes. */
export interface EnrollmentStores {
  readonly members: MemberStore
}

/**
 * Enrolls a person: as a new member, or by joining the identities to the member who shares a linking key (the
 * tenant's setting: e-mail, mobile number, external id). One person is one member, whichever door came first; the
 * door's identities are added, empty fields are filled, and fields that are set stay as they were. Two members who
 * are already apart are never merged here: that takes an explicit act, so IdentityTaken is thrown.
 */
export async function enrollMember(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  command: EnrollMember,
): Promise<Enrollment> {
  return unitOfWork.run((stores) => enrollIn(stores, tenant, command))
}

/**
 * The same, and whoever has one of the identities already is the member: sent again, it answers the same one.
 * Throws IdentityTaken when the identities are of members who are apart.
 */
export async function enrollOnce(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  command: EnrollMember,
): Promise<Enrollment> {
  return unitOfWork.run(async (stores) => {
    const { identities } = command
    await stores.members.lockIdentities(tenant.id, identities)
    const known = (await stores.members.findByIdentities(tenant.id, identities)).filter(
      (member) => member !== null,
    )
    const apart = known.findIndex(({ id }) => id !== known[0]?.id)
    if (apart !== -1) throw new IdentityTaken(identities[apart]?.type ?? 'identity')
    return enrollIn(stores, tenant, command, known[0]?.id ?? null)
  })
}

/**
 * The same for identities that nobody may have yet. Somebody who is known by a linking value alone is joined, and what
 * is not known of them yet is filled in, attributes too. Throws IdentityTaken.
 */
export async function enrollNew(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  command: EnrollMember,
): Promise<Enrollment> {
  return unitOfWork.run(async (stores) => {
    const { identities, attributes } = command
    await stores.members.lockIdentities(tenant.id, identities)
    const known = await stores.members.findByIdentities(tenant.id, identities)
    const taken = known.findIndex((member) => member !== null)
    if (taken !== -1) throw new IdentityTaken(identities[taken]?.type ?? 'identity')
    const enrolled = await enrollIn(stores, tenant, command)
    if (!enrolled.joined) return enrolled
    const { id, attributes: before } = enrolled.member
    const changes = { attributes: { ...attributes, ...before } }
    return { ...enrolled, member: await stores.members.update(tenant.id, id, changes, command.door) }
  })
}

/** The same on a transaction that is already open, and for somebody who the door may know to be a member. */
export async function enrollIn(
  { members }: EnrollmentStores,
  tenant: Tenant,
  command: EnrollMember,
  knownAs: MemberId | null = null,
): Promise<Enrollment> {
  const links = linksOf(tenant.setup.identityLinking, command)
  const known = await memberLinkedBy(members, tenant, links, knownAs)
  const member = known
    ? await fillIn(members, tenant, known, command)
    : await members.add(
        tenant.id,
        { ...command, joinedAt: command.joinedAt ?? tenant.time.now },
        tenant.setup.programs.map(({ id, tiers }) => ({
          programId: id,
          tierId: tierReached(tiers, { lifetime: ZERO_POINTS, spend: ZERO_AMOUNT })?.id ?? null,
        })),
        command.door,
      )
  await members.addIdentities(tenant.id, member.id, command.identities)
  await members.addLinks(tenant.id, member.id, links)
  return { member, joined: known !== null }
}

interface Link {
  readonly kind: LinkingKey
  readonly value: string
}

/** The values by which this person may be known already, in the tenant's order of kinds. Pure. */
function linksOf(kinds: readonly LinkingKey[], { email, mobile, identities }: EnrollMember): readonly Link[] {
  const said = (kind: LinkingKey): readonly (string | null)[] => [
    ...(kind === 'email' ? [email] : kind === 'mobile' ? [mobile] : []),
    ...identities.filter(({ type }) => type === kind).map(({ value }) => value),
  ]
  return kinds.flatMap((kind) => {
    const values = said(kind).filter((value): value is string => value !== null && value.trim() !== '')
    return [...new Set(values)].map((value) => ({ kind, value }))
  })
}

/** Claims the links in a fixed order, so that two enrollments never wait for each other in a circle. */
async function memberLinkedBy(
  members: MemberStore,
  tenant: Tenant,
  links: readonly Link[],
  knownAs: MemberId | null,
): Promise<MemberId | null> {
  const ordered = [...links].sort((a, b) => compare(a.kind, b.kind) || compare(a.value, b.value))
  let found = knownAs
  for (const { kind, value } of ordered) {
    const holder = await members.claimLink(tenant.id, kind, value)
    if (holder && found && holder !== found) throw new IdentityTaken(kind)
    found = holder ?? found
  }
  return found
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

async function fillIn(
  members: MemberStore,
  tenant: Tenant,
  id: MemberId,
  command: EnrollMember,
): Promise<Member> {
  const [found] = await members.findByIds(tenant.id, [id])
  const member = present(found, 'the linked member')
  const changes = missingIn(member, command)
  return Object.keys(changes).length === 0 ? member : members.update(tenant.id, id, changes, command.door)
}

/** What the door knows and the member does not have yet. Pure. */
function missingIn(member: Member, command: EnrollMember): MemberChanges {
  const fields = ['firstName', 'lastName', 'email', 'mobile'] as const
  const missing = fields
    .filter((name) => member[name] === null && command[name] !== null)
    .map((name) => [name, command[name]])
  const attributes = Object.entries(command.attributes).filter(([name]) => !(name in member.attributes))
  return {
    ...Object.fromEntries(missing),
    ...(attributes.length > 0 && { attributes: Object.fromEntries(attributes) }),
  }
}
