import type { Statement } from '../sql'

/**
 * Twins of one bill number wait here for each other, so that the second one sees the first one's row: two inserts
 * that meet at the exclusion constraint alone may each wait for the other.
 */
export const LOCK_BILL_NUMBER: Statement = {
  name: 'transaction_lock_bill_number',
  text: `select pg_advisory_xact_lock(hashtextextended($1::text, 0))`,
}

/** Everything of one transaction in one statement; the exclusion constraint on bill_numbers has the last word. */
export const ADD_TRANSACTION: Statement = {
  name: 'transaction_add',
  text: `
    with added as (
      insert into transactions (tenant_id, purchase_kind, type, bill_number, member_id, program_id, store_id, till_code,
          source, amount, gross_amount, discount, currency, billed_at, billed_at_offset, delivery_status, outlier_status,
          note, raw_points, points, no_points_reason, custom_fields, extended_fields, attributes, group_id)
        values ($1, case when $4::bigint is null then null else 'TRANSACTION' end, $2, $3, $4, $5, $6, $7,
          $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $28)
        returning transaction_id, member_id, billed_at, created_at
    ), purchase as (
      insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
        select $1, 'TRANSACTION', transaction_id, member_id, billed_at from added where member_id is not null
    ), number as (
      insert into bill_numbers (tenant_id, scope, bill_number, occupied, transaction_id)
        select $1, $24, $3, tstzrange(billed_at, billed_at + make_interval(days => $25::int)), transaction_id
          from added where $24::text is not null
    ), lines as (
      insert into transaction_lines (tenant_id, transaction_id, line_no, item_code, quantity, rate, value, discount,
          amount, outlier, is_return, points, attributes)
        select $1, a.transaction_id, l."lineNo", l."itemCode", l.quantity, l.rate, l.value, l.discount,
            l.amount, l.outlier, l."isReturn", l.points, l.attributes
          from added a, jsonb_to_recordset($26::jsonb) as l("lineNo" int, "itemCode" text, quantity numeric, rate numeric,
            value numeric, discount numeric, amount numeric, outlier boolean, "isReturn" boolean, points bigint, attributes jsonb)
          order by l."lineNo"
        returning line_no, line_id
    ), payments as (
      insert into transaction_payments (tenant_id, transaction_id, mode, amount, notes, attributes)
        select $1, a.transaction_id, p.mode, p.amount, p.notes, p.attributes
          from added a,
            rows from (jsonb_to_recordset($27::jsonb) as (mode text, amount numeric, notes text, attributes jsonb))
              with ordinality as p(mode, amount, notes, attributes, position)
          order by p.position
    )
    select transaction_id as id, billed_at as "billedAt", created_at as "createdAt",
        array(select line_id::text from lines order by line_no) as "lineIds"
      from added`,
}

export const COLUMNS = `transaction_id as id, type, bill_number as "billNumber", member_id as "memberId", group_id as "groupId", program_id as "programId",
        store_id as "storeId", till_code as "tillCode", source, amount, gross_amount as "grossAmount", discount, currency,
        billed_at as "billedAt", billed_at_offset as "billedAtOffset", delivery_status as "deliveryStatus",
        outlier_status as "outlierStatus", note, raw_points as "rawPoints", points, no_points_reason as "noPointsReason",
        custom_fields as "customFields", extended_fields as "extendedFields", attributes, created_at as "createdAt",
        updated_at as "updatedAt"`

export const TRANSACTIONS_BY_ID: Statement = {
  name: 'transactions_by_id',
  text: `
    select ${COLUMNS}
      from transactions where tenant_id = $1 and transaction_id = any($2::bigint[])`,
}

/** Ties a member's redemptions to a transaction; answers those it could not, in the order they were named. */
export const TIE_REDEMPTIONS: Statement = {
  name: 'transaction_tie_redemptions',
  text: `
    with asked as (
      select code, min(ord) as ord from unnest($4::text[]) with ordinality as c(code, ord) group by code
    ), tied as (
      update redemptions r set transaction_id = $3::bigint from asked
       where r.tenant_id = $1 and r.member_id = $2::bigint and r.code = asked.code and r.transaction_id is null
         and r.whole_id is null
      returning r.code
    )
    select a.code, case when r.code is null then 'UNKNOWN' else 'TIED' end as reason from asked a
      left join redemptions r on r.tenant_id = $1 and r.member_id = $2::bigint and r.code = a.code
       and r.whole_id is null
     where a.code not in (select code from tied) order by a.ord`,
}

/** One row per transaction of the slice, or a row without an id: the total is told also past the end. */
const memberTransactions = (name: string, order: 'asc' | 'desc'): Statement => ({
  name,
  text: `
    with matching as (
      select transaction_id, billed_at from transactions
       where tenant_id = $1 and member_id = $2::bigint
         and ($3::timestamptz is null or billed_at >= $3) and ($4::timestamptz is null or billed_at < $4)
         and ($5::bigint[] is null or transaction_id = any($5))
    ), slice as (
      select * from matching order by billed_at ${order}, transaction_id ${order} limit $6 offset $7
    )
    select s.transaction_id as id, t.total from (select count(*) as total from matching) t
      left join slice s on true order by s.billed_at ${order}, s.transaction_id ${order}`,
})

export const MEMBER_TRANSACTIONS = memberTransactions('transactions_of_member', 'desc')
export const MEMBER_TRANSACTIONS_OLDEST_FIRST = memberTransactions('transactions_of_member_oldest', 'asc')

export const SALES_BY_NUMBER: Statement = {
  name: 'transactions_sales_by_number',
  text: `
    select ${COLUMNS}
      from transactions
     where tenant_id = $1 and bill_number = $2 and type in ('REGULAR', 'NOT_INTERESTED') and outlier_status <> 'DELETED'
     order by billed_at desc, transaction_id desc limit 1000`,
}

export const PAGE_BY_NUMBER: Statement = {
  name: 'transactions_page_by_number',
  text: `
    select ${COLUMNS}, count(*) over () as total
      from transactions where tenant_id = $1 and bill_number = $2
     order by billed_at desc, transaction_id desc limit $3`,
}

/** In the order of the ids, so that two exchanges of the same bills never wait for each other. */
export const LOCK_TRANSACTIONS: Statement = {
  name: 'transactions_lock',
  text: `
    select from transactions where tenant_id = $1 and transaction_id = any($2::bigint[])
     order by transaction_id for no key update`,
}

/** Returns and their lines in one statement; numbers are drawn first, so that each line finds its return. */
export const ADD_RETURNS: Statement = {
  name: 'transaction_returns_add',
  text: `
    with given as (
      select nextval(pg_get_serial_sequence('transaction_returns', 'return_id')) as return_id, r.*
        from rows from (jsonb_to_recordset($3::jsonb) as ("originalId" bigint, "orderId" bigint, "billNumber" text, kind text, amount numeric,
          points bigint, lines jsonb)) with ordinality as r("originalId", "orderId", "billNumber", kind, amount, points, lines, position)
    ), added as (
      insert into transaction_returns (tenant_id, return_id, transaction_id, original_id, order_id, bill_number, kind, amount, points)
        select $1, return_id, $2, "originalId", "orderId", "billNumber", kind, amount, points from given order by position
    )
    insert into transaction_return_lines (tenant_id, return_id, line_no, original_id, order_id, original_line_no, quantity, amount)
      select $1, g.return_id, l.position, g."originalId", g."orderId", l."lineNo", l.quantity, l.amount
        from given g, rows from (jsonb_to_recordset(g.lines) as ("lineNo" int, quantity numeric, amount numeric))
          with ordinality as l("lineNo", quantity, amount, position)`,
}

const returnsBy = (name: string, column: string): Statement => ({
  name,
  text: `
    select r.return_id as id, r.transaction_id as "transactionId", r.original_id as "originalId",
        r.order_id as "orderId", r.bill_number as "billNumber", r.kind, r.amount, r.points, t.currency, t.type as "documentType",
        t.bill_number as "documentNumber", t.billed_at as "returnedAt",
        (select coalesce(jsonb_agg(jsonb_build_object('lineNo', l.original_line_no, 'quantity', l.quantity::text,
              'amount', l.amount::text) order by l.line_no), '[]')
           from transaction_return_lines l where l.tenant_id = r.tenant_id and l.return_id = r.return_id) as lines
      from transaction_returns r
      join transactions t on t.tenant_id = r.tenant_id and t.transaction_id = r.transaction_id
     where r.tenant_id = $1 and r.${column} = any($2::bigint[])
     order by r.return_id`,
})

export const RETURNS_OF = returnsBy('transaction_returns_of', 'original_id')
export const RETURNS_OF_ORDERS = returnsBy('transaction_returns_of_orders', 'order_id')
export const RETURNS_ON = returnsBy('transaction_returns_on', 'transaction_id')

export const TRANSACTION_LINES: Statement = {
  name: 'transaction_lines_of',
  text: `
    select line_id as id, transaction_id as "transactionId", line_no as "lineNo", item_code as "itemCode", quantity, rate,
        value, discount, amount, outlier, is_return as "isReturn", points, attributes
      from transaction_lines where tenant_id = $1 and transaction_id = any($2::bigint[]) order by transaction_id, line_no`,
}

export const TRANSACTION_PAYMENTS: Statement = {
  name: 'transaction_payments_of',
  text: `
    select payment_id as id, transaction_id as "transactionId", mode, amount, notes, attributes
      from transaction_payments where tenant_id = $1 and transaction_id = any($2::bigint[])
      order by transaction_id, payment_id`,
}
