-- As in version 2, and the marks of both wallets move with it.
-- Moves points to another wallet of the same tenant, program and currency. First to expire leave first, and keep their
-- dates: one lot arrives for each that paid.
create or replace function ledger_transfer_v1(k ledger_key_v1, c ledger_call_v1, p_to_kind text, p_to_id bigint,
  p_points bigint, p_transfer uuid)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp
  set enable_seqscan = off as $$
declare
  o ledger_outcome_v1;
  other ledger_key_v1 := row(k.tenant_id, p_to_kind, p_to_id, k.program_id, k.currency)::ledger_key_v1;
  a account;
  b account;
  e entry;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v2(k, array[p_points], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  if other = k then return ledger_refusal_v1('SAME_ACCOUNT'); end if;
  perform ledger_lock_all_v1(array[k, other]);
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  b := ledger_lock_v1(other);
  if b.account_id is null then return ledger_refusal_v1('RECIPIENT_NOT_FOUND'); end if;
  a := ledger_settle_v1(a, c);
  b := ledger_settle_v1(b, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  if exists (select from entry x where x.tenant_id = k.tenant_id and x.transfer_id = p_transfer) then
    return ledger_outcome_of_v1('ALREADY_TRANSFERRED', a, null, 0, 0);
  end if;
  if a.available < p_points then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));
  end if;
  if b.available + b.pending + b.held + p_points > 9007199254740991 then return ledger_refusal_v1('INVALID_POINTS'); end if;
  e := ledger_entry_v1(a, c, 'TRANSFER_OUT', -p_points, 0, 0);
  e.transfer_id := p_transfer;
  a := ledger_append_v1(a, e, c);
  a := ledger_take_all_v2(a, p_points, 'consume', '{}', '{}');
  perform ledger_save_v1(a);
  perform ledger_arrive_v1(a, b, c, p_points, p_transfer);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
end $$;

-- The receiving half: lots for what the last entry of a took from its lots, the first of them paying a debt.
create or replace function ledger_arrive_v1(a account, b account, c ledger_call_v1, p_points bigint, p_transfer uuid)
returns void language plpgsql as $$
declare
  e entry;
  debt bigint := greatest(0, -b.available);
  pay bigint;
  part record;
begin
  e := ledger_entry_v1(b, c, 'TRANSFER_IN', p_points, 0, 0);
  e.transfer_id := p_transfer;
  b := ledger_append_v1(b, e, c);
  for part in
    select p.points, l.expires_at
      from allocation p
     cross join lateral (select y.lot_no, y.expires_at from lot y where y.tenant_id = p.tenant_id
                            and y.account_id = p.account_id and y.lot_no = p.lot_no offset 0) l
     where p.tenant_id = a.tenant_id and p.account_id = a.account_id and p.seq = a.version
     order by l.expires_at, l.lot_no
  loop
    pay := least(part.points, debt);
    debt := debt - pay;
    b := ledger_add_lot_v1(b, part.points, pay, part.expires_at);
  end loop;
  perform ledger_save_v1(b);
end $$;

-- One spendable lot of the entry that was appended last, of which a part has paid a debt.
create or replace function ledger_add_lot_v1(a account, p_points bigint, p_pay bigint, p_expires timestamptz)
returns account language plpgsql as $$
begin
  a.last_lot_no := a.last_lot_no + 1;
  a.next_due_at := least(a.next_due_at, p_expires);
  if (p_expires, a.last_lot_no) <= (a.open_from_expiry, a.open_from_lot) then
    a.open_from_expiry := p_expires;
    a.open_from_lot := a.last_lot_no - 1;
  end if;
  insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, offset_debt, matures_at, matured, delayed,
    expires_at)
  values (a.tenant_id, a.account_id, a.last_lot_no, a.version, p_points, p_points - p_pay, p_pay, a.settled_at, true, false,
          p_expires);
  if p_pay > 0 then insert into allocation values (a.tenant_id, a.account_id, a.version, a.last_lot_no, p_pay); end if;
  return a;
end $$;
