import { InvalidIdentifier } from '../../domain/shared/errors'
import type { TenantId } from '../../domain/shared/ids'
import type { Page } from '../../domain/shared/pages'
import type {
  PurchaseEntry,
  PurchaseKey,
  PurchasePageRequest,
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
    const after = requests.map((request) => (request.after === null ? null : positionOf(request.after)))
    const isFiltered = requests.some(({ only }) => only)
    const rows = await this.connection.sql.rows<PurchaseEntry & { ord: string }>(
      isFiltered ? FILTERED_PAGES : PAGES_OF,
      [
        tenant,
        requests.map(({ memberId }) => memberId),
        requests.map(({ kind }) => kind),
        requests.map(({ first }) => first + 1),
        after.map((position) => position?.purchasedAt ?? null),
        after.map((position) => position?.kind ?? null),
        after.map((position) => position?.id ?? null),
        ...(isFiltered ? filterValues(requests) : []),
      ],
    )
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

const pagesText = (columns: string, names: string, condition: string): string =>
  `select r.ord, p.kind, p.purchase_id as id, p.member_id as "memberId", p.purchased_at as "purchasedAt"
    from unnest($2::bigint[], $3::text[], $4::integer[], $5::timestamptz[], $6::text[], $7::bigint[]${columns})
      with ordinality as r(member_id, kind, limit_to, after_at, after_kind, after_id${names}, ord)
    cross join lateral (
      select kind, purchase_id, member_id, purchased_at from purchases p
      where tenant_id = $1 and member_id = r.member_id and (r.kind is null or kind = r.kind)
        and (purchased_at, kind, purchase_id)
          < (coalesce(r.after_at, 'infinity'), coalesce(r.after_kind, ''), coalesce(r.after_id, 0))${condition}
      order by purchased_at desc, kind desc, purchase_id desc
      limit r.limit_to
    ) p
    order by r.ord, p.purchased_at desc, p.kind desc, p.purchase_id desc`

/** One index range per request, stopped as soon as a page and one more row are read; instants keep their microseconds. */
const PAGES_OF: Statement = { name: 'purchases_pages', text: pagesText('', '', '') }

/** The same, with the ends of the range moved, and past what was booked elsewhere. */
const FILTERED_PAGES: Statement = {
  name: 'purchases_pages_filtered',
  text: pagesText(
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
  ),
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
