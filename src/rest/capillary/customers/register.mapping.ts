import type { EnrollMember } from '../../../domain/members/enroll-member'
import type { BroughtPoints } from '../../../domain/points/register-with-points'
import type { Tenant } from '../../../domain/programs/tenant'
import { isBefore, millisOf } from '../../../domain/shared/instant'
import type { Json, JsonObject } from '../../../domain/shared/json'
import { points } from '../../../domain/shared/points'
import { plainJson } from '../../shared/json'
import type { Code } from '../codes'
import { DOOR } from '../auth'
import type { Problem } from '../contract'
import { item, type StatusItem } from '../errors'
import { choice } from '../lenient'
import { MAX_FUTURE_DAYS } from '../settings'
import { CUSTOMER_SOURCES, identifierKind } from './lookup'
import { TOO_MANY } from '../redemptions/redeem'
import type { EnrollmentBody, IdentifierBody, ProfileBody, RegisterCustomerBody } from './register.contract'

const LOYALTY_TYPES = ['LOYALTY', 'NON_LOYALTY']

/** What is wrong with a registration, beyond values that cannot be read. Pure. */
export function registrationProblems(body: RegisterCustomerBody, tenant: Tenant): readonly Problem[] {
  const profiles = body.profiles ?? []
  return [
    ...(profiles.length === 0 ? [problem(403, 'profiles', 'is mandatory')] : []),
    ...profiles.flatMap((profile, index) => profileProblems(profile, `profiles[${index}].`)),
    ...loyaltyProblems(body),
    ...dateProblems(body, tenant),
    ...(body.loyaltyProgramEnrollments ?? []).flatMap(({ programId }, index) =>
      programId === undefined || tenant.setup.programs.some(({ id }) => id === programId)
        ? []
        : [problem(1101, `loyaltyProgramEnrollments[${index}].programId`, 'is not a program')],
    ),
  ]
}

const problem = (code: Code, field: string, message: string): Problem => ({
  step: 'STRUCTURE',
  code,
  field,
  message,
})

function profileProblems({ identifiers = [], source }: ProfileBody, path: string): readonly Problem[] {
  return [
    ...(source === undefined ? [problem(403, `${path}source`, 'is mandatory')] : []),
    ...(source !== undefined && !CUSTOMER_SOURCES.includes(source)
      ? [problem(8012, `${path}source`, 'is not known')]
      : []),
    ...(identifiers.length === 0 ? [problem(403, `${path}identifiers`, 'is mandatory')] : []),
    ...identifiers.flatMap((identifier, index) =>
      identifierProblems(identifier, `${path}identifiers[${index}].`),
    ),
  ]
}

function identifierProblems(
  { type, value, cardExternalId }: IdentifierBody,
  path: string,
): readonly Problem[] {
  const kind = type === undefined ? null : identifierKind(type)
  return [
    ...(kind === null ? [problem(8013, `${path}type`, 'is not a kind of identifier')] : []),
    ...(value === undefined ? [problem(400, `${path}value`, 'is missing')] : []),
    ...[value, cardExternalId].flatMap((said) =>
      said !== undefined && Array.from(said).length > 320
        ? [problem(400, `${path}value`, 'is too long')]
        : [],
    ),
    ...(kind === 'email' && value !== undefined && !/^[^\s@]+@[^\s@]+$/.test(value)
      ? [problem(8055, `${path}value`, 'is not an e-mail address')]
      : []),
    ...(kind === 'mobile' && value !== undefined && !/^\+?\d[\d -]{2,24}$/.test(value)
      ? [problem(8056, `${path}value`, 'is not a mobile number')]
      : []),
  ]
}

function loyaltyProblems({ loyaltyInfo }: RegisterCustomerBody): readonly Problem[] {
  const type = choice(loyaltyInfo?.['loyaltyType'])
  if (type === undefined) return [problem(403, 'loyaltyInfo.loyaltyType', 'is mandatory')]
  return LOYALTY_TYPES.some((known) => known === type)
    ? []
    : [problem(400, 'loyaltyInfo.loyaltyType', 'must be loyalty or non_loyalty')]
}

function dateProblems({ createDate }: RegisterCustomerBody, { time }: Tenant): readonly Problem[] {
  const latest = millisOf(time.now) + MAX_FUTURE_DAYS * 86_400_000
  return createDate && millisOf(createDate.at) > latest
    ? [problem(643, 'createDate', 'lies too far ahead')]
    : []
}

/** A body without problems as a command. Pure. */
export function toRegisterMember(body: RegisterCustomerBody, tillCode: string): EnrollMember {
  const profiles = body.profiles ?? []
  const identities = profiles.flatMap(identitiesOf)
  const first = (type: string) => identities.find((identity) => identity.type === type)?.value ?? null
  return {
    door: DOOR,
    id: null,
    firstName: profiles.find(({ firstName }) => firstName)?.firstName ?? null,
    lastName: profiles.find(({ lastName }) => lastName)?.lastName ?? null,
    email: first('email'),
    mobile: first('mobile'),
    status: 'ACTIVE',
    joinedAt: body.createDate?.at ?? null,
    attributes: attributesOf(body, tillCode),
    identities,
  }
}

function identitiesOf(profile: ProfileBody): EnrollMember['identities'] {
  const { source, account } = placeOf(profile)
  return (profile.identifiers ?? []).flatMap(({ type, value, cardExternalId }) => {
    const identity = (kind: string, said: string) => ({
      door: DOOR,
      type: kind,
      source,
      account,
      value: said,
    })
    return [
      identity(identifierKind(type ?? '') ?? '', value ?? ''),
      ...(cardExternalId ? [identity('cardExternalId', cardExternalId)] : []),
    ]
  })
}

/** The stores themselves have no accounts. */
const placeOf = ({ source = '', accountId = '' }: ProfileBody) => ({
  source,
  account: source === 'INSTORE' ? '' : accountId,
})

/** Where a member's attributes keep what this door says of them: one name per source and account, and two for the customer. */
export const LOYALTY_TYPE = 'capillary.loyaltyType'
export const EXTENDED_FIELDS = 'capillary.extendedFields'
export const profileAttribute = (source: string, account: string): string =>
  `capillary.profile.${source}.${account}`

function attributesOf(
  { profiles = [], extendedFields, loyaltyInfo }: RegisterCustomerBody,
  tillCode: string,
): JsonObject {
  const loyaltyType = choice(loyaltyInfo?.['loyaltyType'])
  return {
    [LOYALTY_TYPE]: loyaltyType === 'NON_LOYALTY' ? 'non_loyalty' : 'loyalty',
    ...(extendedFields && { [EXTENDED_FIELDS]: plainJson(extendedFields) }),
    ...Object.fromEntries(profiles.map((profile) => profileEntry(profile, tillCode))),
  }
}

function profileEntry(profile: ProfileBody, tillCode: string): [string, Json] {
  const { source, account } = placeOf(profile)
  const { firstName, lastName, fields, commChannels, identifiers = [] } = profile
  const cards = identifiers.filter(
    ({ seriesId, seriesCode, statusLabel }) => seriesId ?? seriesCode ?? statusLabel,
  )
  return [
    profileAttribute(source, account),
    {
      firstName: firstName ?? '',
      lastName: lastName ?? '',
      fields: fields ? plainJson(fields) : {},
      ...(commChannels && { commChannels: plainJson(commChannels) }),
      ...(cards.length > 0 && { cards: cards.map(cardOf) }),
      till: tillCode,
    },
  ]
}

const cardOf = ({ value, seriesId, seriesCode, statusLabel }: IdentifierBody): JsonObject => ({
  ...(value && { value }),
  ...(seriesId && { seriesId }),
  ...(seriesCode && { seriesCode }),
  ...(statusLabel && { statusLabel }),
})

/** What an enrollment brings along, as far as it can be taken over; null: nothing can. */
function broughtBy(
  { programId, loyaltyPoints, pointsExpiryDate }: EnrollmentBody,
  { setup, time }: Tenant,
): BroughtPoints | null {
  const program = programId ? setup.programs.find(({ id }) => id === programId) : setup.defaultProgram
  if (!program || !loyaltyPoints?.gt(0) || loyaltyPoints.gte(TOO_MANY)) return null
  if (loyaltyPoints.decimalPlaces() > program.pointsDecimals) return null
  const expiresAt = pointsExpiryDate?.at ?? null
  if (expiresAt !== null && !isBefore(time.now, expiresAt)) return null
  return { program, points: points(loyaltyPoints.toFixed()), expiresAt }
}

/** Points that a registration brings along: one balance for each program, the first that is said. Pure. */
export function broughtPoints(
  { loyaltyProgramEnrollments = [] }: RegisterCustomerBody,
  tenant: Tenant,
): readonly BroughtPoints[] {
  const brought = loyaltyProgramEnrollments.flatMap((enrollment) => broughtBy(enrollment, tenant) ?? [])
  return brought.filter(
    ({ program }, index) => brought.findIndex((other) => other.program.id === program.id) === index,
  )
}

/** Members are in the tier that they reach: none can be brought along, and points only as `broughtPoints` says. Pure. */
export function enrollmentWarnings(
  { loyaltyProgramEnrollments = [] }: RegisterCustomerBody,
  taken: readonly BroughtPoints[],
): StatusItem[] {
  const asksTier = loyaltyProgramEnrollments.some(({ tierNumber }) => tierNumber !== undefined)
  const balances = loyaltyProgramEnrollments.filter(({ loyaltyPoints }) => loyaltyPoints?.isZero() === false)
  return asksTier || balances.length > taken.length
    ? [item(1010, 'Tier or points of an enrollment were not taken over.')]
    : []
}
