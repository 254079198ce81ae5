-- As in version 1, and finer points than the program has are refused.
-- Reserves points for later, first to expire first: they cannot lapse while they are held. p_expires: when a sweeper
-- may release what is left of it.
create or replace function ledger_hold_v1(k ledger_key_v1, c ledger_call_v1, p_points bigint, p_ref text, p_expires timestamptz)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  e entry;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v2(k, array[p_points], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  if a.available < p_points then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));
  end if;
  e := ledger_entry_v1(a, c, 'HOLD', -p_points, 0, p_points);
  e.ref := p_ref;
  a := ledger_append_v1(a, e, c);
  perform ledger_take_all_v1(a, p_points, 'reserve', '{}', '{}');
  insert into hold (tenant_id, account_id, hold_seq, amount, expires_at)
  values (a.tenant_id, a.account_id, a.version, p_points, coalesce(p_expires, 'infinity'));
  insert into hold_lot (tenant_id, account_id, hold_seq, lot_no, reserved)
  select p.tenant_id, p.account_id, p.seq, p.lot_no, p.points from allocation p
   where p.tenant_id = a.tenant_id and p.account_id = a.account_id and p.seq = a.version;
  perform ledger_save_v1(a);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
end $$;

-- Spends what a hold reserved, all of it when p_points is null, lots that expire first before others.
create or replace function ledger_capture_v1(k ledger_key_v1, c ledger_call_v1, p_hold bigint, p_points bigint, p_ref text)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  e entry;
  open bigint;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v2(k, array[coalesce(p_points, 1000)], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  open := ledger_open_of_hold_v1(a, p_hold);
  o := ledger_refused_hold_v1(a, open, p_points);
  if o.status = 'HOLD_EXCEEDED' then return ledger_remember_v1(k.tenant_id, c, o); end if;
  if o.status is not null then return o; end if;
  p_points := coalesce(p_points, open);
  e := ledger_entry_v1(a, c, 'CAPTURE', 0, 0, -p_points);
  e.of_seq := p_hold;
  e.ref := p_ref;
  a.redeemed := a.redeemed + p_points;
  a.redeemed_on_rewards := a.redeemed_on_rewards + case when p_ref like 'reward:%' then p_points else 0 end;
  a := ledger_append_v1(a, e, c);
  perform ledger_capture_lots_v1(a, p_hold, p_points);
  perform ledger_save_v1(a);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
end $$;

-- Gives back what a hold reserved, all of it when p_points is null. A debt is paid first; what had its expiry while it
-- was held lapses at once.
create or replace function ledger_release_v1(k ledger_key_v1, c ledger_call_v1, p_hold bigint, p_points bigint)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  open bigint;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v2(k, array[coalesce(p_points, 1000)], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  open := ledger_open_of_hold_v1(a, p_hold);
  o := ledger_refused_hold_v1(a, open, p_points);
  if o.status = 'HOLD_EXCEEDED' then return ledger_remember_v1(k.tenant_id, c, o); end if;
  if o.status is not null then return o; end if;
  p_points := coalesce(p_points, open);
  a := ledger_give_back_v1(a, c, p_hold, p_points);
  return ledger_remember_v1(k.tenant_id, c,
    ledger_outcome_of_v1('DONE', a, (select max(e.seq) from entry e where e.tenant_id = a.tenant_id
      and e.account_id = a.account_id and e.of_seq = p_hold and e.kind = 'RELEASE'), p_points, 0));
end $$;
