import type { MemberFilter, MemberOrder, MemberPageRequest } from '../../domain/members/member-store'
import { normalizedIdentity } from '../../domain/members/member'
import { InvalidIdentifier } from '../../domain/shared/errors'
import { isNumberId, type TenantId } from '../../domain/shared/ids'
import type { Statement } from '../sql'
import { MEMBER, membershipIn, membershipOfEachIn, tierOf } from './member-statements'

/**
 * One page of a tenant's members. What does not restrict is left out of the text, so that each form of the question
 * walks the index that fits it; there are as many names as forms, and no value is in any of them.
 */
export function memberPage(
  tenant: TenantId,
  { first, after, order, only, programId, looksBeyond }: MemberPageRequest,
): { readonly statement: Statement; readonly values: readonly unknown[] } {
  const values: unknown[] = [tenant, looksBeyond ? first + 1 : first, programId]
  const put = (value: unknown): string => `$${values.push(value)}`
  const parts = [...conditionsOf(only, put), ...startOf(order, after, put)]
  const name = ['members_page', order.toLowerCase(), ...parts.map((part) => part.name)].join('-')
  const text = TEXTS.get(name) ?? textOf(order, parts, Boolean(only?.tierId))
  TEXTS.set(name, text)
  return { statement: { name, text }, values }
}

/** By the name of the statement. */
const TEXTS = new Map<string, string>()

function textOf(order: MemberOrder, parts: readonly Condition[], isOfTier: boolean): string {
  // Who is in a tier is found from its memberships; of anybody else's page each member's is looked up.
  const [membership, tier] = isOfTier
    ? [membershipIn('$3'), tierOf('d')]
    : [membershipOfEachIn('$3'), 'd.tier_id']
  return `select ${MEMBER}, ${tier} as "tierId" from members m ${membership}
    where ${['m.tenant_id = $1', ...parts.map(({ sql }) => sql)].join(' and ')}
    order by ${ORDERS[order]} limit $2`
}

interface Condition {
  readonly name: string
  readonly sql: string
}

const ORDERS: Record<MemberOrder, string> = {
  NUMBER: 'm.member_id',
  JOINED_NEWEST: 'm.joined_at desc, m.member_id desc',
  JOINED_OLDEST: 'm.joined_at, m.member_id',
}

function conditionsOf(only: MemberFilter | null, put: (value: unknown) => string): readonly Condition[] {
  if (!only) return []
  const { id, status, tierId, identity, from, until } = only
  const conditions: Condition[] = []
  if (id) conditions.push({ name: 'm', sql: `m.member_id = ${put(id)}::bigint` })
  if (status) conditions.push({ name: 's', sql: `m.status = ${put(status)}` })
  // By the index; who has just left the tier by the clock is left out, who has just come is found once that is carried out.
  if (tierId) {
    const tier = put(tierId)
    conditions.push({ name: 't', sql: `d.tier_id = ${tier}::bigint and ${tierOf('d')} = ${tier}::bigint` })
  }
  if (from) conditions.push({ name: 'f', sql: `m.joined_at >= ${put(from)}` })
  if (until) conditions.push({ name: 'u', sql: `m.joined_at < ${put(until)}` })
  if (identity !== null) {
    // An e-mail address is kept in lower case, whatever kind of identity it is.
    const value = put(normalizedIdentity('value', identity))
    conditions.push({
      name: 'i',
      sql: `m.member_id in (select i.member_id from member_identities i where i.tenant_id = $1 and i.normalized = ${value})`,
    })
  }
  return conditions
}

/** Where the page begins. Throws InvalidIdentifier for a position that no row can have said. */
function startOf(
  order: MemberOrder,
  after: string | null,
  put: (value: unknown) => string,
): readonly Condition[] {
  if (after === null) return []
  if (order === 'NUMBER') return [{ name: 'a', sql: `m.member_id > ${put(after)}::bigint` }]
  const [joinedAt = '', id = ''] = after.split('|')
  if (!isNumberId(id) || Number.isNaN(Date.parse(joinedAt))) throw new InvalidIdentifier('position', after)
  const compare = order === 'JOINED_NEWEST' ? '<' : '>'
  const start = `(${put(joinedAt)}::timestamptz, ${put(id)}::bigint)`
  return [{ name: 'a', sql: `(m.joined_at, m.member_id) ${compare} ${start}` }]
}
