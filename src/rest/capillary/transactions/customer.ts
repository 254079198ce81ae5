import type { IdentityKey } from '../../../domain/members/member'
import type { GroupReference } from '../../../domain/transactions/bill-group'
import { isNumberId, type MemberId } from '../../../domain/shared/ids'
import type { Code } from '../codes'
import { DOOR } from '../auth'
import type { Problem } from '../contract'
import type { AddTransactionBody } from './add-transaction.contract'

export const SOURCES = [
  'INSTORE',
  'WECHAT',
  'MARTJACK',
  'WEB_ENGAGE',
  'ECOMMERCE',
  'JD',
  'TAOBAO',
  'TMALL',
  'FACEBOOK',
  'WEBSITE',
  'OTHERS',
]

const IDENTIFIERS = [
  'mobile',
  'email',
  'externalId',
  'id',
  'wechat',
  'martjackId',
  'fbId',
  'cardnumber',
  'cardExternalId',
]
/** A card belongs to its customer, whatever channel it is used in. */
const CARDS = new Set(['cardnumber', 'cardExternalId'])

export interface CustomerReference {
  readonly source: string
  readonly who: IdentityKey | MemberId
}

type Said = Pick<AddTransactionBody, 'identifierType' | 'identifierValue' | 'source' | 'accountId'>

/** The customer that a call names: in its query, and only what is missing there in its body. Pure. */
export function customerOf(query: URLSearchParams, body: Said): CustomerReference | Problem {
  const said = (name: string) => query.get(name)?.trim() || undefined
  const source = (said('source') ?? body.source ?? 'INSTORE').toUpperCase()
  const account = said('accountId') ?? body.accountId ?? null
  const name = said('identifierName') ?? said('identifierType') ?? body.identifierType
  const value = said('identifierValue') ?? body.identifierValue
  const type = IDENTIFIERS.find((known) => known.toLowerCase() === name?.toLowerCase())
  if (type === 'mobile' && !value)
    return problem(400, 'identifierValue is missing: the mobile number is empty.')
  if (!name || !value) return problem(606, 'The identifier of the customer is missing.')
  if (!type) return problem(8013, 'The kind of identifier is not known.')
  if (!SOURCES.includes(source)) return problem(8012, 'The source is not known.')
  if (type === 'id') return isNumberId(value) ? { source, who: value as MemberId } : NOBODY
  // An account tells apart customers of one source; the stores themselves have none.
  const scope = CARDS.has(type)
    ? { source: null, account: null }
    : { source, account: source === 'INSTORE' ? '' : account }
  return { source, who: { door: DOOR, type, value, ...scope } }
}

const problem = (code: Code, message: string): Problem => ({ step: 'CUSTOMER', code, field: null, message })
const NOBODY = problem(8015, 'No customer was found for the given identifiers.')

/** The group that a body names, in the first of the four ways that it uses; null for none. Pure. */
export function groupIn(body: AddTransactionBody): GroupReference | null {
  const { userGroup2Id, userGroup2PrimaryUserId, userGroup2ExternalId } = body
  if (userGroup2Id !== undefined) return { id: userGroup2Id }
  if (userGroup2PrimaryUserId !== undefined) return ownedBy('id', userGroup2PrimaryUserId, body)
  if (userGroup2ExternalId !== undefined) return { key: userGroup2ExternalId }
  const { userGroup2PrimaryUserIdentifierType: type, userGroup2PrimaryUserIdentifierValue: value } = body
  return type === undefined || value === undefined ? null : ownedBy(type, value, body)
}

/** Named like a customer; one who cannot be is a primary member of no group. */
function ownedBy(
  identifierType: string,
  identifierValue: string,
  { userGroup2PrimaryUserSource: source, userGroup2PrimaryUserAccountId: accountId }: AddTransactionBody,
): GroupReference {
  const owner = customerOf(new URLSearchParams(), {
    identifierType,
    identifierValue,
    ...(source && { source }),
    ...(accountId && { accountId }),
  })
  return 'step' in owner ? { id: '' } : { owner: owner.who }
}
