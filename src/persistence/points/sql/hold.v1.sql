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
  if not ledger_valid_points_v1(array[p_points], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
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
  if not ledger_valid_points_v1(array[coalesce(p_points, 1)], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
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
  if not ledger_valid_points_v1(array[coalesce(p_points, 1)], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
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

-- What a hold of this account still reserves; null when there is no such hold.
create or replace function ledger_open_of_hold_v1(a account, p_hold bigint) returns bigint language plpgsql as $$
begin
  return (select h.amount - h.captured - h.released from hold h
           where h.tenant_id = a.tenant_id and h.account_id = a.account_id and h.hold_seq = p_hold);
end $$;

-- Why a hold cannot give so much: there is none, or it has less. Null when it can.
create or replace function ledger_refused_hold_v1(a account, p_open bigint, p_points bigint)
returns ledger_outcome_v1 language plpgsql as $$
declare
  o ledger_outcome_v1;
begin
  if p_open is null then return ledger_outcome_of_v1('HOLD_NOT_FOUND', a, null, 0, 0); end if;
  if p_open > 0 and coalesce(p_points, 1) <= p_open then return null; end if;
  o := ledger_outcome_of_v1('HOLD_EXCEEDED', a, null, 0, 0);
  o.ceiling := p_open;
  return o;
end $$;

-- Moves reserved points of a hold's lots to consumed.
create or replace function ledger_capture_lots_v1(a account, p_hold bigint, p_points bigint) returns void language plpgsql as $$
declare
  need bigint := p_points;
  part bigint;
  h record;
begin
  for h in
    select x.lot_no, x.reserved - x.captured - x.released as open
      from hold_lot x join lot l using (tenant_id, account_id, lot_no)
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold
       and x.reserved > x.captured + x.released
     order by l.expires_at, x.lot_no
  loop
    part := least(need, h.open);
    update lot x set reserved = x.reserved - part, consumed = x.consumed + part
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = h.lot_no;
    update hold_lot x set captured = x.captured + part
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold and x.lot_no = h.lot_no;
    insert into allocation values (a.tenant_id, a.account_id, a.version, h.lot_no, part);
    need := need - part;
    exit when need = 0;
  end loop;
  update hold x set captured = x.captured + p_points
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold;
end $$;

-- Appends a release and moves reserved points of a hold's lots back, those that expire last before others. What had its
-- expiry while it was held lapses now, not then: until now it was held. Saves the account.
create or replace function ledger_give_back_v1(a account, c ledger_call_v1, p_hold bigint, p_points bigint)
returns account language plpgsql as $$
declare
  e entry;
  debt bigint := greatest(0, -a.available);
  need bigint := p_points;
  part bigint;
  pay bigint;
  h record;
begin
  e := ledger_entry_v1(a, c, 'RELEASE', p_points, 0, -p_points);
  e.of_seq := p_hold;
  a := ledger_append_v1(a, e, c);
  for h in
    select x.lot_no, x.reserved - x.captured - x.released as open, l.expires_at
      from hold_lot x join lot l using (tenant_id, account_id, lot_no)
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold
       and x.reserved > x.captured + x.released
     order by l.expires_at desc, x.lot_no desc
  loop
    part := least(need, h.open);
    pay := least(part, debt);
    update lot x set reserved = x.reserved - part, remaining = x.remaining + part - pay, offset_debt = x.offset_debt + pay
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = h.lot_no;
    update hold_lot x set released = x.released + part
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold and x.lot_no = h.lot_no;
    if pay > 0 then insert into allocation values (a.tenant_id, a.account_id, a.version, h.lot_no, pay); end if;
    if h.expires_at > a.settled_at then a.next_due_at := least(a.next_due_at, h.expires_at); end if;
    debt := debt - pay;
    need := need - part;
    exit when need = 0;
  end loop;
  update hold x set released = x.released + p_points
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold;
  for h in
    select x.lot_no from hold_lot x join lot l using (tenant_id, account_id, lot_no)
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold
       and l.is_open and l.expires_at <= a.settled_at
     order by x.lot_no
  loop a := ledger_expire_v1(a, c, h.lot_no, a.settled_at); end loop;
  perform ledger_save_v1(a);
  return a;
end $$;
