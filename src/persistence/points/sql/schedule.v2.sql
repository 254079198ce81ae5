-- Part of a lot becomes a lot of its own, of the same award and with the same expiry, that matures at another moment.
create or replace function ledger_split_v1(a account, l lot, p_points bigint, p_matures timestamptz) returns account language plpgsql as $$
begin
  a.last_lot_no := a.last_lot_no + 1;
  update lot x set remaining = x.remaining - p_points, moved = x.moved + p_points
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = l.lot_no;
  if (l.expires_at, a.last_lot_no) <= (a.open_from_expiry, a.open_from_lot) then
    a.open_from_expiry := l.expires_at;
    a.open_from_lot := a.last_lot_no - 1;
  end if;
  insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, matures_at, matured, delayed, expires_at, of_lot)
  values (a.tenant_id, a.account_id, a.last_lot_no, l.seq, p_points, p_points, p_matures, false, true, l.expires_at,
          coalesce(l.of_lot, l.lot_no));
  a.next_due_at := least(a.next_due_at, p_matures);
  return a;
end $$;
