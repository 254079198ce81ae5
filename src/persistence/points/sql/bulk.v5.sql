-- As in version 4, in two parts: who has the wallets may run the items.
create or replace function ledger_bulk_v3(b ledger_items_v3) returns setof ledger_outcome_v1
language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  perform ledger_lock_items_v1(b);
  return query select * from ledger_run_items_v1(b);
end $$;

-- Runs the items whose wallets nobody else has. The others are answered first, as BUSY with the item's number as seq, and
-- nothing was done for them: who asks again for those, and waits then, has no wallet in hand. So neither others wait behind
-- this call for what it waits for, nor can two of them wait for each other. All items of a wallet are run, or none. Waits like
-- ledger_bulk_v3 where a wallet has to be made. Not for transfers, whose second wallet it does not look at, and not within
-- a transaction of several statements, which would have its wallets in hand when it asks again.
create or replace function ledger_bulk_of_free_v1(b ledger_items_v3) returns setof ledger_outcome_v1
language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  tenants integer[];
  wallets bigint[];
  busy integer[];
begin
  if b.to_ids is not null then raise 'transfers wait for their wallets' using errcode = 'LP400'; end if;
  select array_agg(a.tenant_id order by x.no), array_agg(a.account_id order by x.no) into tenants, wallets
    from unnest(b.tenant_ids, b.holder_kinds, b.holder_ids, b.program_ids, b.currencies) with ordinality
         as x (tenant_id, holder_kind, holder_id, program_id, currency, no)
    left join account a using (tenant_id, holder_kind, holder_id, program_id, currency);
  if array_position(wallets, null) is not null then
    return query select * from ledger_bulk_v3(b);
    return;
  end if;
  with free as materialized (
    select x.tenant_id, x.account_id from account x
      join (select distinct t.tenant_id, t.account_id from unnest(tenants, wallets) t (tenant_id, account_id)) t
        using (tenant_id, account_id)
     order by x.tenant_id, x.account_id for no key update of x skip locked
  )
  select array_agg(t.no) into busy
    from unnest(tenants, wallets) with ordinality as t (tenant_id, account_id, no)
   where not exists (select from free f where f.tenant_id = t.tenant_id and f.account_id = t.account_id);
  if busy is not null then
    return query select 'BUSY', null::bigint, n::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
                        null::text, null::bigint, false from unnest(busy) n order by n;
    if cardinality(busy) = cardinality(wallets) then return; end if;
    b := ledger_items_but_v1(b, busy);
  end if;
  return query select * from ledger_run_items_v1(b);
end $$;

-- The items without some of them.
create or replace function ledger_items_but_v1(b ledger_items_v3, p_without integer[]) returns ledger_items_v3
language plpgsql immutable as $$
declare
  kept integer[] := array(select n from generate_series(1, cardinality(b.verbs)) n where n <> all (p_without) order by n);
begin
  select array_agg(b.verbs[n]), array_agg(b.tenant_ids[n]), array_agg(b.holder_kinds[n]), array_agg(b.holder_ids[n]),
         array_agg(b.program_ids[n]), array_agg(b.currencies[n]), array_agg(b.action_ids[n]), array_agg(b.reasons[n]),
         array_agg(b.actors[n]), array_agg(b.request_ids[n]), array_agg(b.occurred_ats[n]), array_agg(b.purchase_kinds[n]),
         array_agg(b.purchase_ids[n]), array_agg(b.time_zones[n]), array_agg(b.clocks[n]), array_agg(b.scopes[n]),
         array_agg(b.keys[n]), array_agg(b.request_hashes[n]), array_agg(b.source_types[n]), array_agg(b.source_refs[n]),
         array_agg(b.matures[n]), array_agg(b.expires[n]), array_agg(b.counts[n]), array_agg(b.refs[n]),
         array_agg(b.max_debts[n]), array_agg(b.holds[n]), array_agg(b.policies[n]), array_agg(b.released_firsts[n])
    into b.verbs, b.tenant_ids, b.holder_kinds, b.holder_ids, b.program_ids, b.currencies, b.action_ids, b.reasons, b.actors,
         b.request_ids, b.occurred_ats, b.purchase_kinds, b.purchase_ids, b.time_zones, b.clocks, b.scopes, b.keys,
         b.request_hashes, b.source_types, b.source_refs, b.matures, b.expires, b.counts, b.refs, b.max_debts, b.holds,
         b.policies, b.released_firsts
    from unnest(kept) n;
  select array_agg(array_position(kept, l.item)), array_agg(l.no), array_agg(l.ref), array_agg(l.points), array_agg(l.rule)
    into b.line_items, b.line_nos, b.line_refs, b.line_points, b.line_rules
    from unnest(b.line_items, b.line_nos, b.line_refs, b.line_points, b.line_rules) as l (item, no, ref, points, rule)
   where l.item <> all (p_without);
  return b;
end $$;

-- The items in their order; their wallets are locked.
create or replace function ledger_run_items_v1(b ledger_items_v3) returns setof ledger_outcome_v1 language plpgsql as $$
declare
  verbs text[] := b.verbs;
  next integer := 1;
  written integer;
  -- How many go one by one before the next are tried together: more each time that it was in vain, because who is not
  -- ordinary is seldom alone, and each attempt looks at all that follow.
  alone integer := 0;
  patience integer := 1;
begin
  while next <= cardinality(verbs) loop
    written := 0;
    if alone > 0 then
      alone := alone - 1;
    -- Two are the fewest for which it pays.
    elsif verbs[next] in ('award', 'redeem') and verbs[next + 1] = verbs[next] then
      -- One moment for all that are written together: what is due is decided once.
      if verbs[next] = 'award' then
        return query select * from ledger_award_together_v3(b, next, coalesce(b.clocks[next], clock_timestamp()));
      else
        return query select * from ledger_redeem_together_v3(b, next, coalesce(b.clocks[next], clock_timestamp()));
      end if;
      get diagnostics written = row_count;
      if written > 0 then
        patience := 1;
      else
        alone := patience - 1;
        patience := 2 * patience;
      end if;
    end if;
    if written = 0 then
      return next ledger_one_of_bulk_v2(ledger_item_of_v3(b, next));
      written := 1;
    end if;
    next := next + written;
  end loop;
end $$;
