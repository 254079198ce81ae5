-- Runs verbs in order, each on its own: a refusal is an answer and stops nobody. The wallets are locked first, lowest
-- number first. Neighbors that are ordinary awards, or ordinary redemptions, are judged and written together, with one
-- statement for all of them; whatever is not ordinary is left to the verb's own function.
create or replace function ledger_bulk_v3(b ledger_items_v3) returns setof ledger_outcome_v1
language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  verbs text[] := b.verbs;
  next integer := 1;
  written integer;
  -- How many go one by one before the next are tried together: more each time that it was in vain, because who is not
  -- ordinary is seldom alone, and each attempt looks at all that follow.
  alone integer := 0;
  patience integer := 1;
begin
  perform ledger_lock_items_v1(b);
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

-- Locks the wallets that items touch, a transfer's both, lowest number first, so that two calls never wait for each other.
-- Makes those that are not there yet, before any is locked, in an order of their own, so that first touches do not cross.
create or replace function ledger_lock_items_v1(b ledger_items_v3) returns void language plpgsql as $$
declare
  tenants integer[];
  wallets bigint[];
  since timestamptz;
begin
  select array_agg(x.tenant_id) || array_agg(x.tenant_id) filter (where x.to_id is not null),
         array_agg(a.account_id) || array_agg(t.account_id) filter (where x.to_id is not null)
    into tenants, wallets
    from unnest(b.tenant_ids, b.holder_kinds, b.holder_ids, b.program_ids, b.currencies, b.to_kinds, b.to_ids)
         as x (tenant_id, holder_kind, holder_id, program_id, currency, to_kind, to_id)
    left join account a using (tenant_id, holder_kind, holder_id, program_id, currency)
    left join account t on t.tenant_id = x.tenant_id and t.holder_kind = x.to_kind and t.holder_id = x.to_id
     and t.program_id = x.program_id and t.currency = x.currency;
  if array_position(wallets, null) is not null then
    perform ledger_lock_all_v1(ledger_keys_of_v3(b));
    return;
  end if;
  since := clock_timestamp();
  perform 1 from account x
    join (select distinct t.tenant_id, t.account_id from unnest(tenants, wallets) t (tenant_id, account_id)) t
      using (tenant_id, account_id)
   order by x.tenant_id, x.account_id for no key update of x;
  -- In their order they cannot be asked for without waiting first. It takes less than this to lock as many as a bulk has.
  if clock_timestamp() - since > interval '2 milliseconds' then perform ledger_waited_v1(since); end if;
end $$;

-- The wallets that items touch, each once and in order.
create or replace function ledger_keys_of_v3(b ledger_items_v3) returns ledger_key_v1[] language sql immutable as $$
  select array_agg(distinct row(w.tenant_id, w.holder_kind, w.holder_id, w.program_id, w.currency)::ledger_key_v1)
    from unnest(b.tenant_ids || b.tenant_ids, b.holder_kinds || b.to_kinds, b.holder_ids || b.to_ids,
                b.program_ids || b.program_ids, b.currencies || b.currencies)
         as w (tenant_id, holder_kind, holder_id, program_id, currency)
   where w.holder_id is not null
$$;

-- One item, as its verb's own function takes it.
create or replace function ledger_item_of_v3(b ledger_items_v3, n integer) returns ledger_item_v2 language plpgsql immutable as $$
declare
  i ledger_item_v2;
begin
  i.verb := b.verbs[n];
  i.key := row(b.tenant_ids[n], b.holder_kinds[n], b.holder_ids[n], b.program_ids[n], b.currencies[n]);
  i.call := row(b.action_ids[n], b.reasons[n], b.actors[n], b.request_ids[n], b.occurred_ats[n], b.purchase_kinds[n],
                b.purchase_ids[n], b.time_zones[n], b.clocks[n], b.scopes[n], b.keys[n], b.request_hashes[n]);
  select coalesce(array_agg(l.ref order by l.no), '{}'), coalesce(array_agg(l.points order by l.no), '{}'),
         coalesce(array_agg(l.rule order by l.no), '{}')
    into i.line_refs, i.points, i.rules
    from unnest(b.line_items, b.line_nos, b.line_refs, b.line_points, b.line_rules) as l (item, no, ref, points, rule)
   where l.item = n;
  i.source_type := b.source_types[n];
  i.source_ref := b.source_refs[n];
  i.matures := b.matures[n];
  i.expires := b.expires[n];
  i.counts := b.counts[n];
  i.ref := b.refs[n];
  i.max_debt := b.max_debts[n];
  i.hold := b.holds[n];
  i.policy := b.policies[n];
  i.to_kind := b.to_kinds[n];
  i.to_id := b.to_ids[n];
  i.transfer := b.transfers[n];
  i.released_first := b.released_firsts[n];
  return i;
end $$;

-- Items from one on, with their wallets, and whether they are ordinary as far as all verbs go: of that one's verb, tenant,
-- clock and zone, with a key that is new in the books, a wallet in which nothing is due and nothing owed, and points as the
-- program has them. The rest of what makes them ordinary, each verb adds. Plain SQL, so that it becomes part of whose
-- statement it stands in.
create or replace function ledger_judged_v3(b ledger_items_v3, p_from integer, p_at timestamptz)
returns table (no bigint, tenant_id integer, account_id bigint, version bigint, last_lot_no bigint, available bigint,
  pending bigint, held bigint, lifetime bigint, action_id integer, reason text, actor text, request_id text,
  occurred_at timestamptz, purchase_kind text, purchase_id bigint, scope text, key text, request_hash bytea,
  source_type text, source_ref text, matures timestamptz, expires timestamptz, counts boolean, ref text,
  lines bigint, total bigint, is_ordinary boolean) language sql stable as $$
  select x.no, a.tenant_id, a.account_id, a.version, a.last_lot_no, a.available, a.pending, a.held,
         a.lifetime_earned - a.lifetime_reversed, x.action_id, x.reason, x.actor, x.request_id,
         coalesce(x.occurred_at, p_at), x.purchase_kind, x.purchase_id, x.scope, x.key, x.request_hash,
         x.source_type, x.source_ref, x.matures, x.expires, x.counts, x.ref, t.lines, t.total,
         x.verb = b.verbs[p_from] and x.tenant_id = b.tenant_ids[p_from]
         and x.clock is not distinct from b.clocks[p_from] and x.time_zone = b.time_zones[p_from]
         and a.available >= 0 and a.next_due_at > p_at
         -- Whole points fit every program.
         and t.total is not null and (t.decimals = 0 or t.decimals <= (
               select p.points_decimals from programs p where p.tenant_id = x.tenant_id and p.program_id = x.program_id))
         and (x.key is null
              or length(x.key) between 1 and 255 and length(x.scope) between 1 and 100 and length(x.request_hash) = 32
                 and not exists (select from idempotency s
                                  where s.tenant_id = x.tenant_id and s.scope = x.scope and s.key = x.key))
    from unnest(b.verbs, b.tenant_ids, b.holder_kinds, b.holder_ids, b.program_ids, b.currencies, b.action_ids, b.reasons,
           b.actors, b.request_ids, b.occurred_ats, b.purchase_kinds, b.purchase_ids, b.time_zones, b.clocks, b.scopes,
           b.keys, b.request_hashes, b.source_types, b.source_refs, b.matures, b.expires, b.counts, b.refs)
         with ordinality as x (verb, tenant_id, holder_kind, holder_id, program_id, currency, action_id, reason, actor,
           request_id, occurred_at, purchase_kind, purchase_id, time_zone, clock, scope, key, request_hash, source_type,
           source_ref, matures, expires, counts, ref, no)
    left join (
      -- How many lines, of how many points together, with how many decimals; null when points of one cannot be.
      select l.item, count(*) as lines,
             case when bool_and(coalesce(l.points > 0, false)) and sum(l.points) <= 9007199254740991
                  then sum(l.points)::bigint end as total,
             max(case when l.points % 1000 = 0 then 0 when l.points % 100 = 0 then 1 when l.points % 10 = 0 then 2
                      else 3 end) as decimals
        from unnest(b.line_items, b.line_points) as l (item, points) group by l.item) t on t.item = x.no
    left join account a on a.tenant_id = x.tenant_id and a.holder_kind = x.holder_kind and a.holder_id = x.holder_id
     and a.program_id = x.program_id and a.currency = x.currency
   where x.no >= p_from
$$;
