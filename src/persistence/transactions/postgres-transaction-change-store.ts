import type {
  SettledPoints,
  TransactionChanges,
  TransactionChangeStore,
} from '../../domain/transactions/transaction-changes'
import type { MemberId, TenantId, TransactionId } from '../../domain/shared/ids'
import type { Connection, Statement } from '../sql'

/** What may change about transactions, in PostgreSQL. */
export class PostgresTransactionChangeStore implements TransactionChangeStore {
  constructor(private readonly connection: Connection) {}

  async lock(
    tenant: TenantId,
    named: { readonly id: TransactionId } | { readonly billNumber: string },
    member: MemberId | null,
  ): Promise<TransactionId | null> {
    const [found] = await ('id' in named
      ? this.connection.sql.rows<{ id: TransactionId }>(LOCK_BY_ID, [tenant, named.id, member])
      : this.connection.sql.rows<{ id: TransactionId }>(LOCK_BY_NUMBER, [tenant, named.billNumber, member]))
    return found?.id ?? null
  }

  async change(
    tenant: TenantId,
    id: TransactionId,
    { deliveryStatus, customFields, extendedFields, attributes, lines }: TransactionChanges,
  ): Promise<void> {
    const values = [
      tenant,
      id,
      deliveryStatus,
      customFields,
      extendedFields,
      attributes,
      JSON.stringify(lines),
    ]
    await this.connection.sql.rows(CHANGE, values)
  }

  async settlePoints(tenant: TenantId, id: TransactionId, settled: SettledPoints): Promise<void> {
    const { rawPoints, points, noPointsReason, lines, returns } = settled
    const values = [
      tenant,
      id,
      rawPoints.toString(),
      points.toString(),
      noPointsReason,
      lines.map(String),
      returns.map((taken) => taken.id),
      returns.map((taken) => taken.points.toString()),
    ]
    await this.connection.sql.rows(SETTLE_POINTS, values)
  }
}

const LOCK_BY_ID: Statement = {
  name: 'transaction_lock_by_id',
  text: `select transaction_id as id from transactions
    where tenant_id = $1 and transaction_id = $2::bigint and (member_id = $3::bigint or member_id is null) for update`,
}

const LOCK_BY_NUMBER: Statement = {
  name: 'transaction_lock_by_number',
  text: `select transaction_id as id from transactions
    where tenant_id = $1 and bill_number = $2 and (member_id = $3::bigint or member_id is null)
    order by member_id is null, transaction_id limit 1 for update`,
}

/** A name whose new value is null goes, wherever it was. Several changes of one line are applied together. */
const CHANGE: Statement = {
  name: 'transaction_change',
  text: `
    with lines as (
      select l."lineNo", jsonb_object_agg(f.key, f.value) as fields
        from jsonb_to_recordset($7::jsonb) as l("lineNo" int, "extendedFields" jsonb), jsonb_each(l."extendedFields") f
       group by l."lineNo"
    ), changed as (
      update transaction_lines t
         set attributes = jsonb_set(t.attributes, '{extendedFields}',
           jsonb_strip_nulls(coalesce(t.attributes -> 'extendedFields', '{}') || lines.fields))
        from lines where t.tenant_id = $1 and t.transaction_id = $2::bigint and t.line_no = lines."lineNo"
    )
    update transactions
       set delivery_status = coalesce($3, delivery_status),
           custom_fields = jsonb_strip_nulls(custom_fields || $4::jsonb),
           extended_fields = jsonb_strip_nulls(extended_fields || $5::jsonb),
           attributes = attributes || $6::jsonb,
           updated_at = clock_timestamp()
     where tenant_id = $1 and transaction_id = $2::bigint`,
}

const SETTLE_POINTS: Statement = {
  name: 'transaction_settle_points',
  text: `
    with lines as (
      update transaction_lines t set points = l.points
        from unnest($6::bigint[]) with ordinality as l(points, line_no)
       where t.tenant_id = $1 and t.transaction_id = $2::bigint and t.line_no = l.line_no
    ), returns as (
      update transaction_returns t set points = r.points
        from unnest($7::bigint[], $8::bigint[]) as r(return_id, points)
       where t.tenant_id = $1 and t.return_id = r.return_id
    )
    update transactions set raw_points = $3::bigint, points = $4::bigint, no_points_reason = $5
     where tenant_id = $1 and transaction_id = $2::bigint`,
}
