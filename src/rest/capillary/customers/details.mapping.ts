import type { Identity, Member } from '../../../domain/members/member'
import type { Till } from '../../../domain/programs/store'
import type { Json, JsonObject } from '../../../domain/shared/json'
import type { Writable } from '../../shared/json'
import { DOOR } from '../auth'
import { idNumber } from '../numbers'
import { formatMoment } from '../time'
import { EXTENDED_FIELDS, LOYALTY_TYPE, profileAttribute } from './register.mapping'

export interface CustomerFacts {
  readonly member: Member
  readonly identities: readonly Identity[]
  /** The tills that registered the customer, by code. */
  readonly tills: ReadonlyMap<string, Till>
  /** Null: in every source. */
  readonly source: string | null
  readonly account: string | null
  readonly timeZone: string
}

/** The customer as each source knows them; the numbers are embedded by who asks for them. Pure. */
export function toCustomerDetails(facts: CustomerFacts): Readonly<Record<string, Writable>> {
  const { member } = facts
  return {
    id: idNumber(member.id),
    profiles: profilesOf(facts),
    loyaltyInfo: loyaltyInfo(facts),
    segments: {},
    extendedFields: objectOf(member.attributes[EXTENDED_FIELDS]),
  }
}

export const loyaltyType = ({ attributes }: Member): string =>
  attributes[LOYALTY_TYPE] === 'non_loyalty' ? 'non_loyalty' : 'loyalty'

const loyaltyInfo = ({ member, timeZone }: CustomerFacts): Writable => ({
  loyaltyType: loyaltyType(member),
  attributionV2: { createDate: formatMoment(member.joinedAt, timeZone) },
})

/** Who came through another door has one profile here, without identifiers. Pure. */
function profilesOf(facts: CustomerFacts): Writable[] {
  const own = facts.identities.filter(({ door }) => door === DOOR)
  const places = new Map(own.map((identity) => [`${identity.source}\n${identity.account}`, identity]))
  const shown = [...places.values()].filter(
    ({ source, account }) =>
      (facts.source === null || source === facts.source) &&
      (facts.account === null || account === facts.account),
  )
  if (places.size === 0) return [profile(facts, { source: 'INSTORE', account: '' }, [])]
  return shown.map((place) =>
    profile(
      facts,
      place,
      own.filter(({ source, account }) => source === place.source && account === place.account),
    ),
  )
}

function profile(
  { member, tills, timeZone }: CustomerFacts,
  { source, account }: Pick<Identity, 'source' | 'account'>,
  identities: readonly Identity[],
): Writable {
  const said = objectOf(member.attributes[profileAttribute(source, account)])
  const joined = formatMoment(member.joinedAt, timeZone)
  const till = typeof said['till'] === 'string' ? tillEntity(said['till'], tills.get(said['till'])) : {}
  const identifiers = identities.map(({ type, value }) => ({ type, value, ...cardOf(said, value) }))
  return {
    firstName: nameOf(said['firstName'], member.firstName),
    lastName: nameOf(said['lastName'], member.lastName),
    attribution: { createDate: joined, createdBy: till, modifiedBy: till, modifiedDate: joined },
    fields: objectOf(said['fields']) as Writable,
    identifiers,
    commChannels: (Array.isArray(said['commChannels'])
      ? said['commChannels']
      : channelsOf(identities)) as Writable,
    source,
    userId: idNumber(member.id),
    accountId: account,
    conflictingProfileList: [],
    autoUpdateTime: joined,
    identifiersAll: identifiers,
  }
}

const nameOf = (said: Json | undefined, known: string | null): string =>
  typeof said === 'string' && said !== '' ? said : (known ?? '')

const tillEntity = (code: string, till: Till | undefined): Writable => ({
  ...(till && { id: idNumber(till.id) }),
  code,
  description: '',
  name: code,
  type: 'TILL',
})

/** What a card's identifier said besides its number. */
function cardOf(said: JsonObject, value: string): Record<string, Writable> {
  const cards = Array.isArray(said['cards']) ? (said['cards'] as readonly Json[]) : []
  const card = cards.map(objectOf).find((candidate) => candidate['value'] === value)
  if (!card) return {}
  const shown = ['seriesId', 'seriesCode', 'statusLabel'].filter((name) => card[name] !== undefined)
  return Object.fromEntries(shown.map((name) => [name, card[name] as Writable]))
}

/** Who did not say how to be reached is reached by mobile number and e-mail address. */
const channelsOf = (identities: readonly Identity[]): Writable =>
  identities
    .filter(({ type }) => type === 'mobile' || type === 'email')
    .map(({ type, value }) => ({
      type,
      value,
      primary: true,
      verified: false,
      meta: { residence: false, office: false },
      attributes: {},
    }))

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
