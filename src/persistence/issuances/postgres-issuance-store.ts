import { DuplicateIssuance } from '../../domain/issuances/errors'
import type {
  Grant,
  Issuance,
  IssuanceFilter,
  IssuanceLine,
  IssuanceStore,
  IssuanceWithGrants,
  NewIssuance,
  NewIssuanceLine,
} from '../../domain/issuances/issuance'
import { NO_PART } from '../../domain/issuances/plan-change'
import type { IssuanceId, TenantId } from '../../domain/shared/ids'
import { pointsOf } from '../columns'
import type { Connection, Statement } from '../sql'
import { constraintOf, sqlState } from '../sql-errors'
import {
  ISSUANCE_COLUMNS,
  ISSUANCE_LINE_COLUMNS,
  type IssuanceLineRow,
  type IssuanceRow,
  toIssuance,
  toIssuanceLine,
} from './issuance.row'

/** Issuances, their products and their grants in PostgreSQL. */
export class PostgresIssuanceStore implements IssuanceStore {
  constructor(private readonly connection: Connection) {}

  async add(tenant: TenantId, issuance: NewIssuance, lines: readonly NewIssuanceLine[]): Promise<Issuance> {
    try {
      const rows = await this.connection.sql.rows<Added>(ADD, [
        tenant,
        ...Object.values(written(issuance)),
        JSON.stringify(lines),
      ])
      // An insert that does not throw answers one row.
      const [added] = rows as readonly [Added]
      return { ...issuance, ...added, removed: NO_PART }
    } catch (error) {
      throw isTaken(error) ? new DuplicateIssuance(issuance.issuanceKey) : error
    }
  }

  async findByIds(tenant: TenantId, ids: readonly IssuanceId[]): Promise<readonly Issuance[]> {
    return (await this.connection.sql.rows<IssuanceRow>(FIND_BY_IDS, [tenant, ids])).map(toIssuance)
  }

  async findByKey(tenant: TenantId, issuanceKey: string): Promise<Issuance | null> {
    const [row] = await this.connection.sql.rows<IssuanceRow>(FIND_BY_KEY, [tenant, issuanceKey])
    return row ? toIssuance(row) : null
  }

  async linesOf(tenant: TenantId, ids: readonly IssuanceId[]): Promise<readonly IssuanceLine[]> {
    return (await this.connection.sql.rows<IssuanceLineRow>(LINES_OF, [tenant, ids])).map(toIssuanceLine)
  }

  async lock(tenant: TenantId, issuanceKey: string): Promise<IssuanceWithGrants | null> {
    const [row] = await this.connection.sql.rows<IssuanceRow>(LOCK, [tenant, issuanceKey])
    if (!row) return null
    // A statement of its own: it sees what the change before us has committed.
    const grants = await this.connection.sql.rows<GrantRow>(GRANTS_OF, [tenant, row.id])
    return { issuance: toIssuance(row), grants: grants.map(toGrant) }
  }

  async save(
    tenant: TenantId,
    { issuance, grants }: IssuanceWithGrants,
    lines: readonly NewIssuanceLine[] | null,
  ): Promise<void> {
    const { id, issuedAt: _at, removed, ...facts } = issuance
    const { actionId, storeId, storeCode, source, total, discount, points, state, status, waiting } = facts
    await this.connection.sql.rows(SAVE, [
      tenant,
      id,
      [actionId, storeId, storeCode, source],
      total,
      discount,
      points,
      state,
      status,
      waiting.points,
      waiting.spend,
      removed.points,
      removed.spend,
      facts.attributes,
      grants.map(({ grantNo }) => grantNo),
      grants.map((grant) => grant.points),
      grants.map((grant) => grant.removed),
    ])
    if (lines) {
      await this.connection.sql.rows(FORGET_LINES, [tenant, id])
      await this.connection.sql.rows(ADD_LINES, [tenant, id, JSON.stringify(lines)])
    }
  }

  async list(tenant: TenantId, { memberId, issuanceKey, page, size }: IssuanceFilter) {
    const rows = await this.connection.sql.rows<Listed>(LIST, [
      tenant,
      memberId,
      issuanceKey,
      size,
      (page - 1) * size,
    ])
    const [first] = rows
    const count = first?.count ?? (await this.count(tenant, memberId, issuanceKey))
    return { issuances: rows.map(toListed), count: Number(count) }
  }

  /** For a page past the end, which has no row to say it. */
  private async count(
    tenant: TenantId,
    memberId: IssuanceFilter['memberId'],
    issuanceKey: IssuanceFilter['issuanceKey'],
  ): Promise<string> {
    const [row] = await this.connection.sql.rows<{ count: string }>(COUNT, [tenant, memberId, issuanceKey])
    return row?.count ?? '0'
  }
}

type Added = Pick<Issuance, 'id' | 'issuedAt' | 'expiresAt'>
type Listed = IssuanceRow & { readonly count: string }

function toListed({ count: _count, ...row }: Listed): Issuance {
  return toIssuance(row)
}

interface GrantRow {
  readonly grantNo: number
  readonly points: string
  readonly removed: string
}

const toGrant = ({ grantNo, points, removed }: GrantRow): Grant => ({
  grantNo,
  points: pointsOf(points),
  removed: pointsOf(removed),
})

/** Parameters of ADD from the second on. */
const written = (issuance: NewIssuance) => ({
  issuanceKey: issuance.issuanceKey,
  memberId: issuance.memberId,
  programId: issuance.programId,
  actionId: issuance.actionId,
  storeId: issuance.storeId,
  storeCode: issuance.storeCode,
  source: issuance.source,
  total: issuance.total,
  discount: issuance.discount,
  currency: issuance.currency,
  issuedAt: issuance.issuedAt,
  expiresAt: issuance.expiresAt,
  points: issuance.points,
  state: issuance.state,
  status: issuance.status,
  waitingPoints: issuance.waiting.points,
  waitingSpend: issuance.waiting.spend,
  attributes: issuance.attributes,
})

const NEW_LINES = (issuanceId: string, lines: string): string => `
  select $1::integer, ${issuanceId}, n.line_no, n.line ->> 'productId', n.line ->> 'name', (n.line ->> 'quantity')::numeric,
    n.line -> 'attributes'
  from jsonb_array_elements(${lines}::jsonb) with ordinality as n(line, line_no)`

/** The issuance, its place among the member's purchases, its lines and its first grant, or nothing. */
const ADD: Statement = {
  name: 'add_issuance',
  text: `with drawn as (
      select nextval('issuances_issuance_id_seq') as issuance_id
    ), purchase as (
      insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
      select $1, 'ISSUANCE', issuance_id, $3, $12 from drawn
    ), issued as (
      insert into issuances (issuance_id, tenant_id, issuance_key, member_id, program_id, action_id, store_id, store_code,
        source, total, discount, currency, issued_at, expires_at, points, state, status, waiting_points, waiting_spend,
        attributes)
      select issuance_id, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19 from drawn
      returning issuance_id, issued_at, expires_at
    ), granted as (
      insert into issuance_grants (tenant_id, issuance_id, grant_no, points)
      select $1, issuance_id, 0, $14 from drawn where $14 > 0
    ), lines as (
      insert into issuance_lines (tenant_id, issuance_id, line_no, product_id, name, quantity, attributes)
      ${NEW_LINES('(select issuance_id from drawn)', '$20')}
    )
    select issuance_id as id, issued_at as "issuedAt", expires_at as "expiresAt" from issued`,
}

const FIND_BY_IDS: Statement = {
  name: 'issuances_by_id',
  text: `select ${ISSUANCE_COLUMNS} from issuances i where i.tenant_id = $1 and i.issuance_id = any($2::bigint[])`,
}

const FIND_BY_KEY: Statement = {
  name: 'issuance_by_key',
  text: `select ${ISSUANCE_COLUMNS} from issuances i where i.tenant_id = $1 and i.issuance_key = $2`,
}

const LOCK: Statement = {
  name: 'issuance_locked',
  text: `${FIND_BY_KEY.text} for no key update`,
}

const GRANTS_OF: Statement = {
  name: 'grants_of_issuance',
  text: `select grant_no as "grantNo", points, removed from issuance_grants
    where tenant_id = $1 and issuance_id = $2 order by grant_no`,
}

const LINES_OF: Statement = {
  name: 'lines_of_issuances',
  text: `select ${ISSUANCE_LINE_COLUMNS} from issuance_lines l
    where l.tenant_id = $1 and l.issuance_id = any($2::bigint[]) order by l.issuance_id, l.line_no`,
}

/** Grants that are new are added; of the others only what was taken back changes. */
const SAVE: Statement = {
  name: 'save_issuance',
  text: `with head as (
      update issuances set action_id = ($3::text[])[1]::integer, store_id = ($3::text[])[2]::bigint,
        store_code = ($3::text[])[3], source = ($3::text[])[4], total = $4, discount = $5, points = $6, state = $7,
        status = $8, waiting_points = $9, waiting_spend = $10, removed_points = $11, removed_spend = $12, attributes = $13
      where tenant_id = $1 and issuance_id = $2
    )
    insert into issuance_grants (tenant_id, issuance_id, grant_no, points, removed)
    select $1, $2, g.grant_no, g.points, g.removed
    from unnest($14::integer[], $15::bigint[], $16::bigint[]) as g(grant_no, points, removed)
    on conflict (tenant_id, issuance_id, grant_no) do update set removed = excluded.removed`,
}

const FORGET_LINES: Statement = {
  name: 'clear_issuance_lines',
  text: `delete from issuance_lines where tenant_id = $1 and issuance_id = $2`,
}

const ADD_LINES: Statement = {
  name: 'add_issuance_lines',
  text: `insert into issuance_lines (tenant_id, issuance_id, line_no, product_id, name, quantity, attributes)
    ${NEW_LINES('$2::bigint', '$3')}`,
}

const FILTER = `i.tenant_id = $1 and i.member_id = $2 and ($3::text is null or i.issuance_key = $3)`

const LIST: Statement = {
  name: 'issuances_list',
  text: `select ${ISSUANCE_COLUMNS}, count(*) over () as count from issuances i where ${FILTER}
    order by i.issued_at desc, i.issuance_id desc limit $4 offset $5`,
}

const COUNT: Statement = {
  name: 'issuances_count',
  text: `select count(*) from issuances i where ${FILTER}`,
}

const isTaken = (error: unknown): boolean =>
  sqlState(error) === '23505' && constraintOf(error) === 'issuances_tenant_id_issuance_key_key'
