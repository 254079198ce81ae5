import type { Identity, Member } from '../../../domain/members/member'
import { isNumberId, type MemberId } from '../../../domain/shared/ids'
import type { Code } from '../codes'
import { DOOR } from '../auth'
import type { Call } from '../call'
import { type CapillaryRefusal, refusal } from '../errors'
import { SOURCES } from '../transactions/customer'

/** Channels in which customers are known; transactions come from fewer. */
export const CUSTOMER_SOURCES = [...SOURCES, 'LINE', 'MOBILE_APP']

/** Kinds of identifiers a customer may have, as they are written. */
export const IDENTIFIER_KINDS = [
  'mobile',
  'email',
  'externalId',
  'wechat',
  'martjackId',
  'fbId',
  'tmall_uname',
  'cuid',
  'ali_uname',
  'jd_uname',
  'vip_uname',
  'mobilePush',
  'line',
  'unionId',
  'cardnumber',
  'cardExternalId',
] as const
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]

/** A card belongs to its customer, whatever channel it is used in. */
const CARDS: ReadonlySet<IdentifierKind> = new Set(['cardnumber', 'cardExternalId'])

/** A kind in whatever letter case; `card` is the newer word for a card's number. Null: no such kind. */
export function identifierKind(name: string): IdentifierKind | null {
  const plain = name.trim().toLowerCase()
  if (plain === 'card') return 'cardnumber'
  return IDENTIFIER_KINDS.find((kind) => kind.toLowerCase() === plain) ?? null
}

/** The customer whose number the path names. Throws CapillaryRefusal: 400 for no number, 8015 with 404 for nobody. */
export async function customerById({ deps, signIn, request }: Call): Promise<Member> {
  const id = request.params['userId'] ?? ''
  if (!/^\d+$/.test(id)) throw refusal(400, 400, 'The customer id must be a number.')
  const found = isNumberId(id)
    ? await deps.stores.members.findByIds(signIn.caller.tenant.id, [id as MemberId])
    : []
  if (!found[0]) throw refusal(404, 8015, 'No customer was found for the given id.')
  return found[0]
}

const customerNumbered = (call: Call, userId: string): Promise<Member> =>
  customerById({ ...call, request: { ...call.request, params: { userId } } })

/** The customer whom the query names by an identifier of a source. Throws CapillaryRefusal. */
export async function customerByIdentifier(call: Call): Promise<Member> {
  const { name, value, source, account } = identifierAsked(call.request.query)
  if (name.toLowerCase() === 'id') return customerNumbered(call, value)
  const type = identifierKind(name)
  if (!type) throw refusal(400, 8013, 'The kind of identifier is not known.')
  const known = await call.deps.stores.members.identitiesLike(call.signIn.caller.tenant.id, [
    { door: DOOR, type, value },
  ])
  const memberId = holderOf(known, CARDS.has(type) ? null : source, account)
  return customerNumbered(call, memberId)
}

interface IdentifierAsked {
  readonly name: string
  readonly value: string
  /** Null: any. */
  readonly source: string | null
  /** Null: not named. */
  readonly account: string | null
}

function identifierAsked(query: URLSearchParams): IdentifierAsked {
  const said = (name: string) => query.get(name)?.trim() || null
  const name = said('identifierName') ?? said('identifierType')
  const value = said('identifierValue')
  const source = (said('source') ?? 'INSTORE').toUpperCase()
  if (!name) throw refusal(400, 403, 'identifierName is mandatory.')
  if (!value) throw refusal(400, 400, 'identifierValue is missing.')
  if (source !== 'ALL' && !CUSTOMER_SOURCES.includes(source))
    throw refusal(400, 8012, 'The source is not known.')
  // The stores themselves have no accounts.
  const account = source === 'INSTORE' ? null : said('accountId')
  return { name, value, source: source === 'ALL' ? null : source, account }
}

/** Whose identifier is meant, out of everybody's who has it in any source and account. Throws CapillaryRefusal. Pure. */
export function holderOf(
  known: readonly Identity[],
  source: string | null,
  account: string | null,
): MemberId {
  const [first] = known
  if (!first) throw nobody(8015, 'No customer was found for the given identifiers.')
  if (source === null) return first.memberId
  const inSource = known.filter((identity) => identity.source === source)
  if (inSource.length === 0) throw nobody(8065, 'The customer is not known in this source.')
  const inAccount = inSource.filter((identity) => account === null || identity.account === account)
  if (inAccount.length === 0) throw nobody(8011, 'The source has no such account of the customer.')
  const [holder, ...others] = new Set(inAccount.map(({ memberId }) => memberId))
  if (!holder || others.length > 0)
    throw nobody(8045, 'Several accounts of the source know the identifier: accountId is needed.')
  return holder
}

const nobody = (code: Code, message: string): CapillaryRefusal => refusal(400, code, message)
