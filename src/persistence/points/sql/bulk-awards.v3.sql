-- What ledger_award_v2 does, for many ordinary awards at once, with one statement: the wallets are locked, and each
-- award's figures follow from those before it of the same wallet.
create or replace function ledger_award_together_v2(p_items ledger_item_v2[], p_at timestamptz)
returns setof ledger_outcome_v1 language plpgsql as $$
declare
  zone text := (p_items[1].call).time_zone;
begin
  return query
  with item as materialized (
    select x.ord as no, a as w, a.tenant_id, a.account_id, x.call as c, x.source_type, x.source_ref, x.line_refs, x.points,
           x.rules, x.matures, x.expires, x.counts, t.total,
           coalesce(x.matures <= p_at, true) as matured,
           case when coalesce(x.matures <= p_at, true) then t.total else 0 end as spendable,
           a.version + row_number() over wallet as seq,
           a.last_lot_no + sum(cardinality(x.points)) over wallet - cardinality(x.points) as lots_before,
           a.available + sum(case when coalesce(x.matures <= p_at, true) then t.total else 0 end) over wallet as available,
           a.pending + sum(case when coalesce(x.matures <= p_at, true) then 0 else t.total end) over wallet as pending,
           a.lifetime_earned - a.lifetime_reversed + sum(case when x.counts then t.total else 0 end) over wallet as lifetime
      from unnest(p_items) with ordinality as x (verb, key, call, source_type, source_ref, line_refs, points, rules,
             matures, expires, counts, ref, max_debt, hold, policy, to_kind, to_id, transfer, released_first, ord)
      join account a on a.tenant_id = (x.key).tenant_id and a.holder_kind = (x.key).holder_kind
       and a.holder_id = (x.key).holder_id and a.program_id = (x.key).program_id and a.currency = (x.key).currency
      cross join lateral (select sum(p)::bigint as total from unnest(x.points) p) t
    window wallet as (partition by a.account_id order by x.ord)
  ), line as materialized (
    select i.*, l.ref as line_ref, l.line_points, l.rule, l.line_no, i.lots_before + l.line_no as lot_no
      from item i cross join lateral unnest(i.line_refs, i.points, i.rules) with ordinality as l (ref, line_points, rule, line_no)
  ), entries as (
    insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
      reason, actor, request_id, purchase_kind, purchase_id, counts_for_lifetime, occurred_at, effective_at)
    select tenant_id, account_id, seq, 'AWARD', spendable, total - spendable, 0, available, (c).action_id,
           (c).reason, (c).actor, (c).request_id, (c).purchase_kind, (c).purchase_id, counts,
           coalesce((c).occurred_at, p_at), p_at
      from item
  ), lots as (
    insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, matures_at, matured, delayed, expires_at)
    select tenant_id, account_id, lot_no, seq, line_points, line_points, coalesce(matures, p_at), matured,
           not matured, coalesce(expires, 'infinity')
      from line
  ), sources as (
    insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no,
      awarded, counts_for_lifetime)
    select tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no, line_points, counts
      from line
  ), events as (
    insert into outbox (tenant_id, topic, lane, payload)
    select tenant_id, 'points.award', account_id::text,
           jsonb_build_object('accountId', account_id::text, 'seq', seq::text)
      from item order by no
  ), wallets as (
    update account x
       set available = x.available + n.spendable, pending = x.pending + n.total - n.spendable,
           lifetime_earned = x.lifetime_earned + n.counted, version = x.version + n.entries,
           last_lot_no = x.last_lot_no + n.lots, settled_at = p_at, next_due_at = least(x.next_due_at, n.due),
           -- Before the first of the new lots.
           open_from_expiry = least(x.open_from_expiry, n.expires),
           open_from_lot = case when (n.expires, x.last_lot_no) < (x.open_from_expiry, x.open_from_lot)
                                then x.last_lot_no else x.open_from_lot end,
           ytd_year = greatest(x.ytd_year, n.year),
           ytd_credited = case when n.year > x.ytd_year then n.total
                               when n.year = x.ytd_year then x.ytd_credited + n.total else x.ytd_credited end,
           ytd_debited = case when n.year > x.ytd_year then 0 else x.ytd_debited end
      from (select i.tenant_id, i.account_id, sum(i.spendable) as spendable, sum(i.total) as total,
                   sum(case when i.counts then i.total else 0 end) as counted, count(*) as entries,
                   sum(cardinality(i.points)) as lots,
                   least(min(i.expires), min(i.matures) filter (where not i.matured)) as due,
                   min(coalesce(i.expires, 'infinity')) as expires,
                   extract(year from p_at at time zone zone)::integer as year
              from item i group by i.tenant_id, i.account_id) n
     where x.tenant_id = n.tenant_id and x.account_id = n.account_id
  ), answer as materialized (
    select i.no, i.tenant_id, i.c, row('DONE', i.account_id, i.seq, i.total, 0, i.available, i.pending, (i.w).held,
             i.lifetime, null, null, false)::ledger_outcome_v1 as o
      from item i
  ), answers as (
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    select tenant_id, (c).scope, (c).key, (c).request_hash, (o).account_id, (o).seq, to_jsonb(o)
      from answer where (c).key is not null
  )
  select (a.o).* from answer a order by a.no;
end $$;
