import type { BookedBill } from '../../domain/points/booking-desk'
import { numberClaim, numberScopeOf } from '../transactions/bill-number'

/**
 * Bills, their numbers, lines and payments, as common table expressions that end in `bought`. Numbers are claimed before
 * anything is written, in one order: twins wait there for each other, and the exclusion constraint has the last word.
 */
export const placingBills = (tenant: string, bills: string, lines: string): string => `given as materialized (
      select b.* from json_to_recordset(${bills}::json) as b (id bigint, number text, member bigint, program bigint,
        store bigint, till text, source text, amount numeric, gross numeric, discount numeric, currency text,
        billed timestamptz, "offset" text, delivery text, outlier text, note text, raw bigint, points bigint, why text,
        custom jsonb, extended jsonb, attributes jsonb, created timestamptz, scope text, days integer, claim text,
        payments json)
    ), claimed as materialized (
      select count(c.waited) as n from (
        select pg_advisory_xact_lock(hashtextextended(g.claim, 0))::text as waited
          from (select claim from given where claim is not null order by claim offset 0) g offset 0) c
    ), placed as (
      insert into transactions (tenant_id, transaction_id, purchase_kind, type, bill_number, member_id, program_id,
        store_id, till_code, source, amount, gross_amount, discount, currency, billed_at, billed_at_offset,
        delivery_status, outlier_status, note, raw_points, points, no_points_reason, custom_fields, extended_fields,
        attributes, created_at)
      select ${tenant}::integer, g.id, 'TRANSACTION', 'REGULAR', g.number, g.member, g.program, g.store, g.till, g.source,
             g.amount, g.gross, g.discount, g.currency, g.billed, g."offset", g.delivery, g.outlier, g.note, g.raw,
             g.points, g.why, g.custom, g.extended, g.attributes, g.created
        from given g, claimed where claimed.n >= 0
      returning transaction_id, member_id, billed_at
    ), purchase as (
      insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
      select ${tenant}::integer, 'TRANSACTION', transaction_id, member_id, billed_at from placed
      returning 1
    ), numbered as (
      insert into bill_numbers (tenant_id, scope, bill_number, occupied, transaction_id)
      select ${tenant}::integer, g.scope, g.number, tstzrange(g.billed, g.billed + make_interval(days => g.days)), g.id
        from given g, claimed where g.scope is not null and claimed.n >= 0
    ), line as (
      insert into transaction_lines (tenant_id, transaction_id, line_id, line_no, item_code, quantity, rate, value,
        discount, amount, outlier, is_return, points, attributes)
      select ${tenant}::integer, l.bill, l.id, l.no, l.item, l.quantity, l.rate, l.value, l.discount, l.amount, l.outlier,
             false, l.points, l.attributes
        from json_to_recordset(${lines}::json) as l (bill bigint, id bigint, no integer, item text, quantity numeric,
             rate numeric, value numeric, discount numeric, amount numeric, outlier boolean, points bigint, attributes jsonb)
    ), payment as (
      insert into transaction_payments (tenant_id, transaction_id, mode, amount, notes, attributes)
      select ${tenant}::integer, g.id, p.mode, p.amount, p.notes, p.attributes
        from given g, rows from (json_to_recordset(g.payments) as (mode text, amount numeric, notes text, attributes jsonb))
             with ordinality as p (mode, amount, notes, attributes, position)
       order by g.id, p.position
    ), bought as materialized (select count(*) as n from purchase)`

/** A bill as the statement reads it. Pure. */
export function toBillJson(tenant: number | string, bill: BookedBill): object {
  const scope = numberScopeOf(bill)
  return {
    id: bill.id,
    number: bill.billNumber,
    member: bill.memberId,
    program: bill.programId,
    store: bill.storeId,
    till: bill.tillCode,
    source: bill.source,
    amount: bill.amount,
    gross: bill.grossAmount,
    discount: bill.discount,
    currency: bill.currency,
    billed: bill.billed.at,
    offset: bill.billed.offset,
    delivery: bill.deliveryStatus,
    outlier: bill.outlierStatus,
    note: bill.note,
    raw: bill.rawPoints.toString(),
    points: bill.points.toString(),
    why: bill.noPointsReason,
    custom: bill.customFields,
    extended: bill.extendedFields,
    attributes: bill.attributes,
    created: bill.createdAt,
    scope,
    days: bill.billNumberRule.windowDays,
    claim: scope === null ? null : numberClaim(tenant, scope, bill.billNumber),
    payments: bill.payments,
  }
}

export const toBillLinesJson = ({ id, lines, lineIds }: BookedBill): readonly object[] =>
  lines.map((line, index) => ({
    bill: id,
    id: lineIds[index],
    no: line.lineNo,
    item: line.itemCode,
    quantity: line.quantity,
    rate: line.rate,
    value: line.value,
    discount: line.discount,
    amount: line.amount,
    outlier: line.outlier,
    points: line.points.toString(),
    attributes: line.attributes,
  }))
