import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import type { LinkingKey, Tenant } from '../programs/tenant'
import { InvalidIdentifier, MissingValue } from '../shared/errors'
import type { MemberId } from '../shared/ids'
import type { Stores } from '../stores'
import { IdentityTaken, MemberNotFound } from './errors'
import { type Identity, type IdentityKey, isSameIdentity, type Member, normalizedIdentity } from './member'
import type { MemberChanges } from './member-store'

/** A member's own number, or an identity that a door knows. */
export type WhichMember = MemberId | IdentityKey

export interface UpdateMember {
  readonly member: WhichMember
  readonly changes: MemberChanges
  /** Remembered beside each field that it sets. */
  readonly door: string
}

/**
 * Changes what is known of a member; a field that is absent stays. A new linking value (the tenant's setting: e-mail,
 * mobile number) must be nobody else's. Whoever looks the member up by an earlier one still finds it.
 *
 * Throws MissingValue (nothing to change), MemberNotFound, IdentityTaken, Busy.
 */
export async function updateMember(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { member: who, changes, door }: UpdateMember,
): Promise<Member> {
  if (Object.keys(changes).length === 0) throw new MissingValue('changes')
  return unitOfWork.run(async (stores) => {
    const { id } = await whichever(stores, tenant, who)
    await claim(stores, tenant, id, [...linkOf('email', changes.email), ...linkOf('mobile', changes.mobile)])
    return stores.members.update(tenant.id, id, changes, door)
  })
}

export interface LinkIdentities {
  readonly member: WhichMember
  /** At least one. */
  readonly identities: readonly Omit<Identity, 'memberId'>[]
}

/**
 * Lets doors know a member by more identities; those that are the member's already stay. Two members are never merged
 * by this: an identity of another is refused.
 *
 * Throws MissingValue (none given), InvalidIdentifier (a door the tenant does not have), MemberNotFound,
 * IdentityTaken, Busy.
 */
export async function linkIdentities(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { member: who, identities }: LinkIdentities,
): Promise<Member> {
  if (identities.length === 0) throw new MissingValue('identities')
  assertDoors(tenant, identities)
  return unitOfWork.run(async (stores) => {
    const member = await whichever(stores, tenant, who)
    await stores.members.lockIdentities(tenant.id, identities)
    await claim(
      stores,
      tenant,
      member.id,
      identities.map(({ type, value }) => ({ kind: type, value })),
    )
    await stores.members.addIdentities(tenant.id, member.id, identities)
    await stores.members.announce(tenant.id, member.id)
    return member
  })
}

/** Throws InvalidIdentifier when an identity is of a door that the tenant does not have. Pure. */
export function assertDoors({ setup }: Tenant, identities: readonly { readonly door: string }[]): void {
  const unknown = identities.find(({ door }) => !setup.doors.has(door))
  if (unknown) throw new InvalidIdentifier('door', unknown.door)
}

/**
 * Makes doors forget identities of a member; the person is still known by the others, and by number. A linking value
 * goes with the identity, unless the member has it otherwise, so that somebody else may be known by it.
 *
 * Throws MissingValue (none given), MemberNotFound, InvalidIdentifier (not one of the member's), Busy.
 */
export async function unlinkIdentities(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  { member: who, identities }: LinkIdentities,
): Promise<Member> {
  if (identities.length === 0) throw new MissingValue('identities')
  return unitOfWork.run(async (stores) => {
    const member = await whichever(stores, tenant, who)
    await stores.members.lockIdentities(tenant.id, identities)
    const before = await stores.members.identitiesOf(tenant.id, [member.id])
    for (const identity of identities)
      if (!before.some((known) => isSameIdentity(known, identity)))
        throw new InvalidIdentifier('identity', identity.value)
    const left = before.filter((known) => !identities.some((identity) => isSameIdentity(known, identity)))
    await stores.members.removeIdentities(tenant.id, member.id, identities)
    await stores.members.removeLinks(tenant.id, member.id, goneLinks(tenant, member, identities, left))
    await stores.members.announce(tenant.id, member.id)
    return member
  })
}

/** Linking values of identities that nothing else of the member says. Pure. */
function goneLinks(
  { setup }: Tenant,
  { email, mobile }: Member,
  identities: LinkIdentities['identities'],
  left: LinkIdentities['identities'],
): readonly { readonly kind: LinkingKey; readonly value: string }[] {
  const stays = new Set(
    [{ type: 'email', value: email ?? '' }, { type: 'mobile', value: mobile ?? '' }, ...left].map(linkName),
  )
  return setup.identityLinking.flatMap((kind) =>
    identities
      .filter((identity) => identity.type === kind && !stays.has(linkName(identity)))
      .map(({ value }) => ({ kind, value })),
  )
}

const linkName = ({ type, value }: Pick<Identity, 'type' | 'value'>): string =>
  `${type} ${normalizedIdentity(type, value)}`

/** The member. Throws MemberNotFound. */
export async function whichever({ members }: Stores, tenant: Tenant, who: WhichMember): Promise<Member> {
  const [member] =
    typeof who === 'string'
      ? await members.findByIds(tenant.id, [who])
      : await members.findByIdentities(tenant.id, [who])
  if (!member) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  return member
}

const linkOf = (kind: LinkingKey, value: string | null | undefined) => (value ? [{ kind, value }] : [])

/** Ties values of the tenant's linking kinds to the member, in a fixed order. Throws IdentityTaken. */
async function claim(
  { members }: Stores,
  tenant: Tenant,
  id: MemberId,
  values: readonly { readonly kind: string; readonly value: string }[],
): Promise<void> {
  const links = tenant.setup.identityLinking.flatMap((kind) =>
    values.filter((value) => value.kind === kind).map(({ value }) => ({ kind, value })),
  )
  const inOrder = [...links].sort((a, b) => compare(a.kind, b.kind) || compare(a.value, b.value))
  for (const { kind, value } of inOrder) {
    const holder = await members.claimLink(tenant.id, kind, value)
    if (holder && holder !== id) throw new IdentityTaken(kind)
  }
  await members.addLinks(tenant.id, id, links)
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))
