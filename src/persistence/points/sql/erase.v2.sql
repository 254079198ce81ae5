-- Releases every hold of a locked account and lets everything in it lapse. Saves it.
create or replace function ledger_give_up_v1(a account, c ledger_call_v1) returns account language plpgsql as $$
declare
  x record;
begin
  for x in select h.hold_seq, h.amount - h.captured - h.released as open from hold h
            where h.tenant_id = a.tenant_id and h.account_id = a.account_id and h.is_open order by h.hold_seq
  loop a := ledger_give_back_v1(a, c, x.hold_seq, x.open); end loop;
  for x in select l.lot_no from lot l
            where l.tenant_id = a.tenant_id and l.account_id = a.account_id
              and l.awarded > 0 and (l.expires_at, l.lot_no) > (a.open_from_expiry, a.open_from_lot) and l.remaining > 0
            order by l.expires_at, l.lot_no
  loop a := ledger_expire_v1(a, c, x.lot_no, a.settled_at); end loop;
  a.next_due_at := 'infinity';
  a.open_from_expiry := 'infinity';
  a.open_from_lot := a.last_lot_no;
  perform ledger_save_v1(a);
  return a;
end $$;
