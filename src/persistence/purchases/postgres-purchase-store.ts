import { InvalidIdentifier } from '../../domain/shared/errors'
import type { TenantId } from '../../domain/shared/ids'
import type { Page } from '../../domain/shared/pages'
import type {
  PurchaseEntry,
  PurchaseKey,
  PurchasePageRequest,
  PurchaseStatus,
  PurchaseStore,
} from '../../domain/purchases/purchase'
import type { Connection, Statement } from '../sql'

/** The index over all kinds of purchases, in PostgreSQL. */
export class PostgresPurchaseStore implements PurchaseStore {
  constructor(private readonly connection: Connection) {}

  async findByKeys(tenant: TenantId, keys: readonly PurchaseKey[]): Promise<readonly PurchaseEntry[]> {
    return this.connection.sql.rows<PurchaseEntry>(FIND_BY_KEYS, [
      tenant,
      keys.map(({ kind }) => kind),
      keys.map(({ id }) => id),
    ])
  }

  async pagesOf(
    tenant: TenantId,
    requests: readonly PurchasePageRequest[],
  ): Promise<readonly Page<PurchaseEntry>[]> {
    const isFiltered = requests.some(({ only }) => only)
    const byStatus = requests.some(({ only }) => only?.status)
    const statement = byStatus ? PAGES_BY_STATUS : isFiltered ? FILTERED_PAGES : PAGES_OF
    return this.pagesBy(statement, tenant, requests, isFiltered)
  }

  async oldestPagesOf(
    tenant: TenantId,
    requests: readonly PurchasePageRequest[],
  ): Promise<readonly Page<PurchaseEntry>[]> {
    return this.pagesBy(OLDEST_PAGES, tenant, requests, true)
  }

  async statusesOf(tenant: TenantId, keys: readonly PurchaseKey[]) {
    return this.connection.sql.rows<PurchaseKey & { readonly status: PurchaseStatus }>(STATUSES, [
      tenant,
      keys.map(({ kind }) => kind),
      keys.map(({ id }) => id),
    ])
  }

  private async pagesBy(
    statement: Statement,
    tenant: TenantId,
    requests: readonly PurchasePageRequest[],
    isFiltered: boolean,
  ): Promise<readonly Page<PurchaseEntry>[]> {
    const after = requests.map((request) => (request.after === null ? null : positionOf(request.after)))
    const byStatus = statement === PAGES_BY_STATUS || statement === OLDEST_PAGES
    const rows = await this.connection.sql.rows<PurchaseEntry & { ord: string }>(statement, [
      tenant,
      requests.map(({ memberId }) => memberId),
      requests.map(({ kind }) => kind),
      requests.map(({ first }) => first + 1),
      after.map((position) => position?.purchasedAt ?? null),
      after.map((position) => position?.kind ?? null),
      after.map((position) => position?.id ?? null),
      ...(isFiltered ? filterValues(requests) : []),
      ...(byStatus ? [requests.map(({ only }) => only?.status ?? null)] : []),
    ])
    const found: PurchaseEntry[][] = requests.map(() => [])
    for (const { ord, ...entry } of rows) found[Number(ord) - 1]?.push(entry)
    return requests.map(({ first }, index) => pageOf(found[index] ?? [], first))
  }
}

const FIND_BY_KEYS: Statement = {
  name: 'purchases_by_key',
  text: `select p.kind, p.purchase_id as id, p.member_id as "memberId", p.purchased_at as "purchasedAt"
    from unnest($2::text[], $3::bigint[]) as k(kind, id)
    join purchases p on p.tenant_id = $1 and p.kind = k.kind and p.purchase_id = k.id`,
}

const filterValues = (requests: readonly PurchasePageRequest[]): readonly unknown[] => [
  requests.map(({ only }) => only?.from ?? null),
  requests.map(({ only }) => only?.until ?? null),
  requests.map(({ only }) => only?.storeId ?? null),
]

/** How far the purchase with a kind and number has come, whatever its kind; of a sale, its returns decide. */
const statusOf = (kind: string, id: string): string => `case ${kind}
          when 'ISSUANCE' then (select i.state from issuances i where i.tenant_id = $1 and i.issuance_id = ${id})
          when 'ORDER' then (select case
              when sum(l.quantity - l.returned - l.canceled) = 0 then case when sum(l.returned) > 0 then 'RETURNED' else 'CANCELED' end
              when sum(l.quantity - l.shipped - l.returned - l.canceled) > 0 then 'PLACED' else 'SHIPPED' end
            from order_lines l where l.tenant_id = $1 and l.order_id = ${id} and l.kind = 'PRODUCT')
          when 'TRANSACTION' then (select case
              when t.type in ('RETURN', 'NOT_INTERESTED_RETURN') or t.delivery_status = 'RETURNED' then 'RETURNED'
              when r.canceled then 'CANCELED'
              when r.whole or r.amount >= t.amount and t.amount > 0 then 'RETURNED'
              when t.delivery_status in ('PLACED', 'PROCESSED') then 'PLACED' else 'SHIPPED' end
            from transactions t cross join lateral (
              select coalesce(bool_or(x.kind = 'CANCELED'), false) as canceled, coalesce(bool_or(x.kind = 'FULL'), false) as whole,
                     coalesce(sum(x.amount), 0) as amount
                from transaction_returns x where x.tenant_id = $1 and x.original_id = t.transaction_id) r
            where t.tenant_id = $1 and t.transaction_id = ${id}) end`

const STATUSES: Statement = {
  name: 'purchase_statuses',
  text: `select k.kind, k.id, coalesce(${statusOf('k.kind', 'k.id')}, 'PLACED') as status
    from unnest($2::text[], $3::bigint[]) as k(kind, id)`,
}

type Walk = readonly [start: string, order: string]

const NEWEST: Walk = [
  "< (coalesce(r.after_at, 'infinity'), coalesce(r.after_kind, ''), coalesce(r.after_id, 0))",
  'desc',
]
const OLDEST: Walk = [
  "> (coalesce(r.after_at, '-infinity'), coalesce(r.after_kind, ''), coalesce(r.after_id, 0))",
  'asc',
]

const pagesText = (
  columns: string,
  names: string,
  condition: string,
  [start, order]: Walk = NEWEST,
): string =>
  `select r.ord, p.kind, p.purchase_id as id, p.member_id as "memberId", p.purchased_at as "purchasedAt"
    from unnest($2::bigint[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[], $7::bigint[]${columns})
      with ordinality as r(member_id, kind, limit_to, after_at, after_kind, after_id${names}, ord)
    cross join lateral (
      select kind, purchase_id, member_id, purchased_at from purchases p
      where tenant_id = $1 and member_id = r.member_id and (r.kind is null or kind = r.kind)
        and (purchased_at, kind, purchase_id) ${start}${condition}
      order by purchased_at ${order}, kind ${order}, purchase_id ${order}
      limit r.limit_to
    ) p
    order by r.ord, p.purchased_at ${order}, p.kind ${order}, p.purchase_id ${order}`

/** One index range per request, stopped as soon as a page and one more row are read; instants keep their microseconds. */
const PAGES_OF: Statement = { name: 'purchases_pages', text: pagesText('', '', '') }

/** The same, with the ends of the range moved, and past what was booked elsewhere. */
const FILTERS = [
  ', $8::timestamptz[], $9::timestamptz[], $10::bigint[]',
  ', from_at, until_at, store_id',
  `
        and purchased_at >= coalesce(r.from_at, '-infinity') and purchased_at < coalesce(r.until_at, 'infinity')
        and (r.store_id is null or r.store_id = case p.kind
          when 'ORDER' then (select o.store_id from orders o where o.tenant_id = $1 and o.order_id = p.purchase_id)
          when 'TRANSACTION' then
            (select t.store_id from transactions t where t.tenant_id = $1 and t.transaction_id = p.purchase_id)
          when 'ISSUANCE' then
            (select i.store_id from issuances i where i.tenant_id = $1 and i.issuance_id = p.purchase_id) end)`,
] as const
const FILTERED_PAGES: Statement = { name: 'purchases_pages_filtered', text: pagesText(...FILTERS) }

const [COLUMNS, NAMES, CONDITION] = FILTERS
const WITH_STATUS = [
  `${COLUMNS}, $11::text[]`,
  `${NAMES}, status`,
  `${CONDITION}
        and (r.status is null or r.status = ${statusOf('p.kind', 'p.purchase_id')})`,
] as const

/** The same, and past what has come less far or farther. */
const PAGES_BY_STATUS: Statement = { name: 'purchases_pages_status', text: pagesText(...WITH_STATUS) }

/** The walk from the other end. */
const OLDEST_PAGES: Statement = {
  name: 'purchases_pages_oldest',
  text: pagesText(...WITH_STATUS, OLDEST),
}

interface Position {
  readonly purchasedAt: string
  readonly kind: string
  readonly id: string
}

const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)\|(ORDER|ISSUANCE|TRANSACTION)\|([1-9]\d{0,15})$/

/** Reads `purchasedAt|kind|id`. Throws InvalidIdentifier for what no row of ours can have said. */
function positionOf(after: string): Position {
  const [, purchasedAt, kind, id] = POSITION.exec(after) ?? []
  if (!purchasedAt || !kind || !id || Number.isNaN(Date.parse(purchasedAt)))
    throw new InvalidIdentifier('position', after)
  return { purchasedAt, kind, id }
}

const pageOf = (rows: readonly PurchaseEntry[], first: number): Page<PurchaseEntry> => ({
  rows: rows.slice(0, first),
  hasNext: rows.length > first,
})
