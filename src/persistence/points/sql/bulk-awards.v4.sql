-- What ledger_award_v2 does, for as many awards from one on as are ordinary, with one statement that judges and writes
-- them: the wallets are locked, and each award's figures follow from those before it of the same wallet. Beside what
-- ledger_judged_v3 says, ordinary is a source that is new here and in the books, lines that are told apart, an expiry to
-- come, and a sum that every reader can hold. Answers those that were written: none when already the first is not ordinary.
create or replace function ledger_award_together_v3(b ledger_items_v3, p_from integer, p_at timestamptz)
returns setof ledger_outcome_v1 language plpgsql as $$
declare
  year_now integer := extract(year from p_at at time zone b.time_zones[p_from]);
begin
  return query
  with item as materialized (
    select i.*, coalesce(i.matures <= p_at, true) as matured, coalesce(i.expires, 'infinity') as lapses_at,
           i.is_ordinary and coalesce(i.expires > p_at, true)
           and not exists (select from award_source s where s.tenant_id = i.tenant_id
                              and s.source_type = i.source_type and s.source_ref = i.source_ref) as goes
      from ledger_judged_v3(b, p_from, p_at) i
  ), stranger as materialized (
    -- The first that is not ordinary, or shares its key or its source with a later one, or whose wallet could not hold all.
    select least(
      (select min(i.no) from item i where i.goes is not true),
      (select min(k.no) from (select min(i.no) as no from item i where i.key is not null
                               group by i.scope, i.key having count(*) > 1) k),
      (select min(s.no) from (select min(i.no) as no from item i group by i.source_type, i.source_ref having count(*) > 1) s),
      (select min(l.item) from (select l.item from unnest(b.line_items, b.line_refs) as l (item, ref)
                                 where l.item >= p_from group by l.item, l.ref having count(*) > 1) l),
      (select min(i.no) from item i
        where i.available + i.pending + i.held > 9007199254740991 - (select sum(o.total) from item o))) as no
  ), award as materialized (
    select i.*, case when i.matured then i.total else 0 end as spendable,
           i.version + row_number() over wallet as seq,
           i.last_lot_no + (sum(i.lines) over wallet)::bigint - i.lines as lots_before,
           i.available + (sum(case when i.matured then i.total else 0 end) over wallet)::bigint as available_after,
           i.pending + (sum(case when i.matured then 0 else i.total end) over wallet)::bigint as pending_after,
           i.lifetime + (sum(case when i.counts then i.total else 0 end) over wallet)::bigint as lifetime_after
      from item i
     where i.no < coalesce((select s.no from stranger s), 9007199254740991)
    window wallet as (partition by i.account_id order by i.no)
  ), line as materialized (
    select i.tenant_id, i.account_id, i.seq, i.source_type, i.source_ref, l.no, l.ref, l.rule, i.lots_before + l.no as lot_no,
           l.points, coalesce(i.matures, p_at) as matures_at, i.matured, i.lapses_at, i.counts
      from unnest(b.line_items, b.line_nos, b.line_refs, b.line_points, b.line_rules) as l (item, no, ref, points, rule)
      join award i on i.no = l.item
  ), entries as (
    insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
      reason, actor, request_id, purchase_kind, purchase_id, counts_for_lifetime, occurred_at, effective_at)
    select tenant_id, account_id, seq, 'AWARD', spendable, total - spendable, 0, available_after, action_id,
           reason, actor, request_id, purchase_kind, purchase_id, counts, occurred_at, p_at
      from award
  ), lots as (
    insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, matures_at, matured, delayed, expires_at)
    select tenant_id, account_id, lot_no, seq, points, points, matures_at, matured, not matured, lapses_at from line
  ), sources as (
    insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no,
      awarded, counts_for_lifetime)
    select tenant_id, source_type, source_ref, no, ref, rule, account_id, seq, lot_no, points, counts from line
  ), events as (
    insert into outbox (tenant_id, topic, lane, payload)
    select tenant_id, 'points.award', account_id::text,
           jsonb_build_object('accountId', account_id::text, 'seq', seq::text)
      from award order by no
  ), wallets as (
    update account x
       set available = x.available + n.spendable, pending = x.pending + n.total - n.spendable,
           lifetime_earned = x.lifetime_earned + n.counted, version = x.version + n.entries,
           last_lot_no = x.last_lot_no + n.lots, settled_at = p_at, next_due_at = least(x.next_due_at, n.due),
           -- Before the first of the new lots.
           open_from_expiry = least(x.open_from_expiry, n.lapses_at),
           open_from_lot = case when (n.lapses_at, x.last_lot_no) < (x.open_from_expiry, x.open_from_lot)
                                then x.last_lot_no else x.open_from_lot end,
           ytd_year = greatest(x.ytd_year, year_now),
           ytd_credited = case when year_now > x.ytd_year then n.total
                               when year_now = x.ytd_year then x.ytd_credited + n.total else x.ytd_credited end,
           ytd_debited = case when year_now > x.ytd_year then 0 else x.ytd_debited end
      from (select i.tenant_id, i.account_id, sum(i.spendable) as spendable, sum(i.total) as total,
                   sum(case when i.counts then i.total else 0 end) as counted, count(*) as entries, sum(i.lines) as lots,
                   least(min(i.lapses_at), min(i.matures) filter (where not i.matured)) as due,
                   min(i.lapses_at) as lapses_at
              from award i group by i.tenant_id, i.account_id) n
     where x.tenant_id = n.tenant_id and x.account_id = n.account_id
  ), answers as (
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    select tenant_id, scope, key, request_hash, account_id, seq,
           to_jsonb(row('DONE', account_id, seq, total, 0, available_after, pending_after, held, lifetime_after,
                        null, null, false)::ledger_outcome_v1)
      from award where key is not null
  )
  select 'DONE', i.account_id, i.seq, i.total, 0::bigint, i.available_after, i.pending_after, i.held, i.lifetime_after,
         null::text, null::bigint, false
    from award i order by i.no;
end $$;
