import type { OrderId, TenantId } from '../../domain/shared/ids'
import { DuplicateOrder } from '../../domain/orders/errors'
import type {
  NewOrder,
  Order,
  OrderFilter,
  OrderLine,
  OrderStore,
  OrderWithLines,
} from '../../domain/orders/order'
import type { Connection, Statement } from '../sql'
import { constraintOf, sqlState } from '../sql-errors'
import { ORDER_LINE_COLUMNS, type OrderLineRow, toOrderLine } from './order-line.row'
import { ORDER_COLUMNS, type OrderRow, toOrder } from './order.row'

/** Orders and their lines in PostgreSQL. */
export class PostgresOrderStore implements OrderStore {
  constructor(private readonly connection: Connection) {}

  async add(tenant: TenantId, order: NewOrder): Promise<Order> {
    try {
      const rows = await this.connection.sql.rows<Added>(ADD, addedValues(tenant, order))
      // An insert that does not throw answers one row.
      const [added] = rows as readonly [Added]
      const { placed, lines: _, ...facts } = order
      return { ...facts, ...added, placedAtOffset: placed.offset }
    } catch (error) {
      throw isTaken(error) ? new DuplicateOrder(order.orderKey) : error
    }
  }

  async findByIds(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly Order[]> {
    return (await this.connection.sql.rows<OrderRow>(FIND_BY_IDS, [tenant, ids])).map(toOrder)
  }

  async findByKey(tenant: TenantId, orderKey: string): Promise<Order | null> {
    const [row] = await this.connection.sql.rows<OrderRow>(FIND_BY_KEY, [tenant, orderKey])
    return row ? toOrder(row) : null
  }

  async linesOf(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly OrderLine[]> {
    return (await this.connection.sql.rows<OrderLineRow>(LINES_OF, [tenant, ids])).map(toOrderLine)
  }

  async lock(tenant: TenantId, orderKey: string): Promise<OrderWithLines | null> {
    const [row] = await this.connection.sql.rows<OrderRow>(LOCK, [tenant, orderKey])
    if (!row) return null
    // A statement of its own: it sees what the change before us has committed.
    return { order: toOrder(row), lines: await this.linesOf(tenant, [row.id]) }
  }

  async save(tenant: TenantId, { id, total, points }: Order, lines: readonly OrderLine[]): Promise<void> {
    await this.connection.sql.rows(SAVE, [tenant, id, total, points, JSON.stringify(lines, plainly)])
  }

  async list(tenant: TenantId, { memberId, ofSecondaries, orderKey, page, size }: OrderFilter) {
    const which = [tenant, memberId, orderKey, ofSecondaries]
    const rows = await this.connection.sql.rows<Listed>(LIST, [...which, size, (page - 1) * size])
    const [first] = rows
    // A page past the end has no row to say how many there are.
    const [counted] = first ? [first] : await this.connection.sql.rows<{ count: string }>(COUNT, which)
    return { orders: rows.map(toListed), count: Number(counted?.count ?? 0) }
  }
}

type Listed = OrderRow & { readonly count: string }

function toListed({ count: _count, ...row }: Listed): Order {
  return toOrder(row)
}

type Added = Pick<Order, 'id' | 'placedAt'>

/**
 * The order, its lines and its place among the member's purchases, or nothing. The id is drawn first, so that all
 * three can name it; a second order of the same key waits here for the first one's fate.
 */
const ADD: Statement = {
  name: 'add_order',
  text: `with drawn as (
      select nextval('orders_order_id_seq') as order_id
    ), purchase as (
      insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
      select $1, 'ORDER', order_id, $3, $12 from drawn
    ), placed as (
      insert into orders (order_id, tenant_id, order_key, member_id, program_id, store_id, store_code, source, total,
        discount, currency, placed_at, placed_at_offset, ratio, points, attributes, hold, hold_days)
      select order_id, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $11, $13, $14, $15, $24, $25 from drawn
      returning order_id, placed_at
    ), lines as (
      insert into order_lines (tenant_id, order_id, line_no, product_id, secondary_key, quantity, unit_price, state,
        shipped, points, attributes)
      select $1, drawn.order_id, l.line_no, l.product_id, l.secondary_key, l.quantity, l.unit_price, l.state,
        case l.state when 'SHIPPED' then l.quantity else 0 end, l.points, l.attributes::jsonb
      from drawn, unnest($16::integer[], $17::text[], $18::text[], $19::numeric[], $20::numeric[], $21::text[],
        $22::bigint[], $23::text[])
        as l(line_no, product_id, secondary_key, quantity, unit_price, state, points, attributes)
    )
    select order_id as id, placed_at as "placedAt" from placed`,
}

const FIND_BY_IDS: Statement = {
  name: 'orders_by_id',
  text: `select ${ORDER_COLUMNS} from orders o where o.tenant_id = $1 and o.order_id = any($2::bigint[])`,
}

const FIND_BY_KEY: Statement = {
  name: 'order_by_key',
  text: `select ${ORDER_COLUMNS} from orders o where o.tenant_id = $1 and o.order_key = $2`,
}

const LINES_OF: Statement = {
  name: 'lines_of_orders',
  text: `select ${ORDER_LINE_COLUMNS} from order_lines l
    where l.tenant_id = $1 and l.order_id = any($2::bigint[]) order by l.order_id, l.line_no`,
}

const LOCK: Statement = {
  name: 'order_locked',
  text: `select ${ORDER_COLUMNS} from orders o where o.tenant_id = $1 and o.order_key = $2 for no key update`,
}

/** Lines that are new are added; of the others only what can change is written. */
const SAVE: Statement = {
  name: 'save_order',
  text: `with head as (
      update orders set total = $3, points = $4 where tenant_id = $1 and order_id = $2
    )
    insert into order_lines as l (tenant_id, order_id, line_no, kind, batch, product_id, secondary_key, quantity,
      unit_price, state, shipped, returned, canceled, debited, kept, points, attributes)
    select $1, $2, n."lineNo", n.kind, n.batch, n."productId", n."secondaryKey", n.quantity,
      n."unitPrice", n.state, n.shipped, n.returned, n.canceled, n.debited, n.kept, n.points, n.attributes
    from jsonb_to_recordset($5::jsonb) as n("lineNo" integer, kind text, batch integer, "productId" text,
      "secondaryKey" text, quantity numeric, "unitPrice" numeric, state text, shipped numeric, returned numeric,
      canceled numeric, debited numeric, kept bigint, points bigint, attributes jsonb)
    on conflict (tenant_id, order_id, line_no) do update set state = excluded.state, shipped = excluded.shipped,
      returned = excluded.returned, canceled = excluded.canceled, debited = excluded.debited, kept = excluded.kept`,
}

const FILTER = `o.tenant_id = $1 and ($2::bigint is null or o.member_id = $2) and ($3::text is null or o.order_key = $3)
    and (not $4::boolean or exists (select from group_members m
      where m.tenant_id = o.tenant_id and m.member_id = o.member_id and not m.is_owner))`

const LIST: Statement = {
  name: 'orders_list',
  text: `select ${ORDER_COLUMNS}, count(*) over () as count from orders o where ${FILTER}
    order by o.placed_at desc, o.order_id desc limit $5 offset $6`,
}

const COUNT: Statement = { name: 'orders_count', text: `select count(*) from orders o where ${FILTER}` }

const addedValues = (tenant: TenantId, order: NewOrder): readonly unknown[] => [
  tenant,
  order.orderKey,
  order.memberId,
  order.programId,
  order.storeId,
  order.storeCode,
  order.source,
  order.total,
  order.discount,
  order.currency,
  order.placed.offset,
  order.placed.at,
  order.ratio,
  order.points,
  order.attributes,
  order.lines.map(({ lineNo }) => lineNo),
  order.lines.map(({ productId }) => productId),
  order.lines.map(({ secondaryKey }) => secondaryKey),
  order.lines.map(({ quantity }) => quantity),
  order.lines.map(({ unitPrice }) => unitPrice),
  order.lines.map(({ state }) => state),
  order.lines.map(({ points }) => points),
  order.lines.map(({ attributes }) => JSON.stringify(attributes)),
  order.hold,
  order.holdDays,
]

/** JSON has no bigint; the database reads its digits. */
const plainly = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value

const isTaken = (error: unknown): boolean =>
  sqlState(error) === '23505' && constraintOf(error) === 'orders_tenant_id_order_key_key'
