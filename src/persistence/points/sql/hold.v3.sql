-- As in version 2, and the mark of the wallet moves with what is reserved, and before what is given back. The lots of a
-- hold are looked up one by one, however few lots the planner believes a wallet to have.
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
  a := ledger_take_all_v2(a, p_points, 'reserve', '{}', '{}');
  insert into hold (tenant_id, account_id, hold_seq, amount, expires_at)
  values (a.tenant_id, a.account_id, a.version, p_points, coalesce(p_expires, 'infinity'));
  insert into hold_lot (tenant_id, account_id, hold_seq, lot_no, reserved)
  select p.tenant_id, p.account_id, p.seq, p.lot_no, p.points from allocation p
   where p.tenant_id = a.tenant_id and p.account_id = a.account_id and p.seq = a.version;
  perform ledger_save_v1(a);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
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
      from hold_lot x
     cross join lateral (select y.expires_at from lot y where y.tenant_id = x.tenant_id and y.account_id = x.account_id
                            and y.lot_no = x.lot_no offset 0) l
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
      from hold_lot x
     cross join lateral (select y.expires_at from lot y where y.tenant_id = x.tenant_id and y.account_id = x.account_id
                            and y.lot_no = x.lot_no offset 0) l
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
    if h.expires_at > a.settled_at then
      a.next_due_at := least(a.next_due_at, h.expires_at);
      if (h.expires_at, h.lot_no) <= (a.open_from_expiry, a.open_from_lot) then
        a.open_from_expiry := h.expires_at;
        a.open_from_lot := h.lot_no - 1;
      end if;
    end if;
    debt := debt - pay;
    need := need - part;
    exit when need = 0;
  end loop;
  update hold x set released = x.released + p_points
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold;
  for h in
    select x.lot_no from hold_lot x
     cross join lateral (select y.expires_at, y.remaining from lot y where y.tenant_id = x.tenant_id
                            and y.account_id = x.account_id and y.lot_no = x.lot_no offset 0) l
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.hold_seq = p_hold
       and l.remaining > 0 and l.expires_at <= a.settled_at
     order by x.lot_no
  loop a := ledger_expire_v1(a, c, h.lot_no, a.settled_at); end loop;
  perform ledger_save_v1(a);
  return a;
end $$;
