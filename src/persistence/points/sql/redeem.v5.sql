-- As in version 4, and who has to wait for the wallet says how long (see lock.v2).
-- Spends points, first to expire first. What is due is settled before, so nothing lapsed can be spent. Flat, as awards are.
create or replace function ledger_redeem_v2(k ledger_key_v1, c ledger_call_v1, p_points bigint, p_ref text)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seen idempotency;
  o ledger_outcome_v1;
  a account;
  l record;
  spent ledger_mark_v2;
  need bigint := p_points;
  part bigint;
  year_now integer;
begin
  if c.key is not null then
    if not ledger_valid_key_v2(c) then return ledger_refusal_v1('INVALID_IDEMPOTENCY_KEY'); end if;
    select * into seen from idempotency i where i.tenant_id = k.tenant_id and i.scope = c.scope and i.key = c.key;
    if found then return ledger_again_v2(seen, c); end if;
  end if;
  if not coalesce(p_points between 1 and 9007199254740991, false)
     or p_points % 1000 <> 0 and not ledger_fit_decimals_v2(k, array[p_points]) then
    return ledger_refusal_v1('INVALID_POINTS');
  end if;
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update skip locked;
  if not found then
    a := ledger_lock_v1(k);
    if a.account_id is null then return ledger_nobody_v1(k); end if;
  end if;
  a.settled_at := coalesce(c.clock, clock_timestamp());
  if a.next_due_at <= a.settled_at then a := ledger_settle_v1(a, c); end if;
  -- A retry waited for its first attempt at the lock: look for its answer again.
  if c.key is not null then
    select * into seen from idempotency i where i.tenant_id = k.tenant_id and i.scope = c.scope and i.key = c.key;
    if found then return ledger_again_v2(seen, c); end if;
  end if;

  if a.available < p_points then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));
  end if;
  a.available := a.available - p_points;
  a.version := a.version + 1;
  year_now := extract(year from a.settled_at at time zone c.time_zone);
  if year_now > a.ytd_year then
    a.ytd_year := year_now;
    a.ytd_credited := 0;
    a.ytd_debited := 0;
  end if;
  if year_now = a.ytd_year then a.ytd_debited := a.ytd_debited + p_points; end if;

  insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
    reason, actor, request_id, purchase_kind, purchase_id, ref, occurred_at, effective_at)
  values (a.tenant_id, a.account_id, a.version, 'REDEEM', -p_points, 0, 0, a.available, c.action_id, c.reason, c.actor,
    c.request_id, c.purchase_kind, c.purchase_id, p_ref, coalesce(c.occurred_at, a.settled_at), a.settled_at);
  spent := row(a.open_from_expiry, a.open_from_lot);
  -- One lot at a time: mostly the first is enough, and then none of the others is read.
  while need > 0 loop
    select x.lot_no, x.remaining, x.expires_at into l from lot x
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id
       and x.awarded > 0 and (x.expires_at, x.lot_no) > (spent.expires_at, spent.lot_no) and x.remaining > 0 and x.matured
     order by x.expires_at, x.lot_no limit 1;
    if not found then
      raise 'the lots of account % do not hold its balance', a.account_id using errcode = 'LP500';
    end if;
    part := least(need, l.remaining);
    update lot x set remaining = x.remaining - part, consumed = x.consumed + part
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = l.lot_no;
    insert into allocation (tenant_id, account_id, seq, lot_no, points)
    values (a.tenant_id, a.account_id, a.version, l.lot_no, part);
    need := need - part;
    -- What is left of the last one is where the next begins.
    spent := row(l.expires_at, case when part = l.remaining then l.lot_no else l.lot_no - 1 end);
  end loop;
  if a.pending > 0 then spent := ledger_spent_v2(a, spent); end if;
  insert into outbox (tenant_id, topic, lane, payload)
  values (a.tenant_id, 'points.redeem', a.account_id::text,
          jsonb_build_object('accountId', a.account_id::text, 'seq', a.version::text));
  update account x
     set available = a.available, redeemed = x.redeemed + p_points,
         redeemed_on_rewards = x.redeemed_on_rewards + case when p_ref like 'reward:%' then p_points else 0 end,
         ytd_year = a.ytd_year, ytd_credited = a.ytd_credited, ytd_debited = a.ytd_debited, version = a.version,
         settled_at = a.settled_at, open_from_expiry = spent.expires_at, open_from_lot = spent.lot_no
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
  o := row('DONE', a.account_id, a.version, p_points, 0, a.available, a.pending, a.held,
           a.lifetime_earned - a.lifetime_reversed, null, null, false);
  if c.key is not null then
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    values (a.tenant_id, c.scope, c.key, c.request_hash, a.account_id, a.version, to_jsonb(o));
  end if;
  return o;
end $$;
