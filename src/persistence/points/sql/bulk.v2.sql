-- Runs verbs in order, each on its own: a refusal is an answer and stops nobody. The wallets are locked first, lowest
-- number first. Neighbors that are ordinary awards, or ordinary redemptions, are written together, with one statement
-- for all of them; whatever is not ordinary is left to the verb's own function.
create or replace function ledger_bulk_v2(p_items jsonb) returns setof ledger_outcome_v1
language plpgsql security definer set search_path = public, pg_temp 
  set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  items ledger_item_v2[] := array(select x from jsonb_populate_recordset(null::ledger_item_v2, p_items) x);
  i ledger_item_v2;
  next integer := 1;
  together integer;
  at timestamptz;
begin
  perform ledger_lock_all_v1(ledger_keys_of_v1(p_items));
  while next <= cardinality(items) loop
    i := items[next];
    -- One moment for all that are written together: what is due is decided once.
    at := coalesce((i.call).clock, clock_timestamp());
    together := case i.verb when 'award' then ledger_ordinary_awards_v2(items, next, at)
                            when 'redeem' then ledger_ordinary_redemptions_v2(items, next, at) else 0 end;
    -- Two are the fewest for which it pays.
    if together >= 2 then
      if i.verb = 'award' then return query select * from ledger_award_together_v2(items[next : next + together - 1], at);
      else return query select * from ledger_redeem_together_v2(items[next : next + together - 1], at);
      end if;
      next := next + together;
    else
      return next ledger_one_of_bulk_v2(i);
      next := next + 1;
    end if;
  end loop;
end $$;

create or replace function ledger_one_of_bulk_v2(i ledger_item_v2) returns ledger_outcome_v1 language plpgsql as $$
begin
  return case i.verb
    when 'award' then ledger_award_v2(i.key, i.call, i.source_type, i.source_ref, i.line_refs, i.points, i.rules,
                                      i.matures, i.expires, i.counts)
    when 'redeem' then ledger_redeem_v2(i.key, i.call, i.points[1], i.ref)
    when 'reverse' then ledger_reverse_v2(i.key, i.call, i.source_type, i.source_ref, i.line_refs, i.points, i.max_debt,
                                          coalesce(i.released_first, false))
    when 'hold' then ledger_hold_v1(i.key, i.call, i.points[1], i.ref, i.expires)
    when 'capture' then ledger_capture_v1(i.key, i.call, i.hold, i.points[1], i.ref)
    when 'release' then ledger_release_v1(i.key, i.call, i.hold, i.points[1])
    when 'transfer' then ledger_transfer_v1(i.key, i.call, i.to_kind, i.to_id, i.points[1], i.transfer)
    when 'adjust' then ledger_adjust_v1(i.key, i.call, i.points[1], i.policy, i.max_debt, i.expires)
  end;
end $$;

-- How many items from one on have its verb, tenant, clock and zone, a key that is new here and in the books, and a
-- wallet in which nothing is due and nothing owed. The rest of what makes them ordinary, each verb adds.
create or replace function ledger_ordinary_v2(p_items ledger_item_v2[], p_from integer, p_at timestamptz)
returns table (no integer, account_id bigint, points bigint) language plpgsql as $$
declare
  first ledger_item_v2 := p_items[p_from];
begin
  return query
  with item as (
    select x.ord::integer as no, x.key as k, x.call as c, x.points, x.verb
      from unnest(p_items) with ordinality as x (verb, key, call, source_type, source_ref, line_refs, points, rules,
             matures, expires, counts, ref, max_debt, hold, policy, to_kind, to_id, transfer, released_first, ord)
     where x.ord >= p_from
  ), judged as (
    select i.no, a.account_id, (select sum(p)::bigint from unnest(i.points) p) as points,
           i.verb = first.verb and (i.k).tenant_id = (first.key).tenant_id
           and (i.c).clock is not distinct from (first.call).clock and (i.c).time_zone = (first.call).time_zone
           and a.account_id is not null and a.available >= 0 and a.next_due_at > p_at
           and ledger_valid_points_v1(i.points, 1)
           and ((i.c).key is null
                or ledger_valid_key_v2(i.c)
                   and row_number() over (partition by (i.c).scope, (i.c).key order by i.no) = 1
                   and not exists (select from idempotency s where s.tenant_id = (i.k).tenant_id
                                      and s.scope = (i.c).scope and s.key = (i.c).key)) as ordinary
      from item i
      left join account a on a.tenant_id = (i.k).tenant_id and a.holder_kind = (i.k).holder_kind
       and a.holder_id = (i.k).holder_id and a.program_id = (i.k).program_id and a.currency = (i.k).currency
  )
  select j.no, j.account_id, j.points from judged j
   where j.no < coalesce((select min(n.no) from judged n where n.ordinary is not true), 'infinity'::float8)
   order by j.no;
end $$;
