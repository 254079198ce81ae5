import type { Tenant } from '../programs/tenant'
import type { MemberId } from '../shared/ids'
import { type EnrollMember, enrollIn, type Enrollment, type EnrollmentStores } from './enroll-member'
import { AlreadyRegistered, IdentityTaken } from './errors'
import { type Identity, normalizedIdentity } from './member'

/**
 * Registers a person in one source of a door, on an open transaction: as a new member, or as somebody whom another source
 * of the door, or a linking key, knows already. Within a source and account an identity belongs to one person and is
 * registered once; what is known of a member is filled in, never changed.
 *
 * Throws AlreadyRegistered, IdentityTaken (the identities belong to members who are apart).
 */
export async function registerMember(
  stores: EnrollmentStores,
  tenant: Tenant,
  command: EnrollMember,
): Promise<Enrollment> {
  const known = await memberKnownAs(stores, tenant, command.identities)
  return enrollIn(stores, tenant, command, known)
}

/** Who has one of the identities in another source, or null. The identities are locked until commit. */
async function memberKnownAs(
  { members }: EnrollmentStores,
  tenant: Tenant,
  identities: EnrollMember['identities'],
): Promise<MemberId | null> {
  await members.lockIdentities(tenant.id, identities)
  const known = await members.identitiesLike(tenant.id, identities)
  const repeated = known.find((found) => identities.some((identity) => isSame(identity, found)))
  if (repeated) throw new AlreadyRegistered(repeated.type)
  const apart = known.find(({ memberId }) => memberId !== known[0]?.memberId)
  if (apart) throw new IdentityTaken(apart.type)
  return known[0]?.memberId ?? null
}

const isSame = (a: Omit<Identity, 'memberId'>, b: Omit<Identity, 'memberId'>): boolean =>
  a.type === b.type &&
  a.source === b.source &&
  a.account === b.account &&
  normalizedIdentity(a.type, a.value) === normalizedIdentity(b.type, b.value)
