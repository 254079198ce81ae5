-- Settling as before, and with the lots the tier that stands on what the wallet earned: a wallet falls due at the
-- earlier of the two, so that a touch with nothing due costs what it did.
create or replace function ledger_settle_v1(a account, c ledger_call_v1) returns account language plpgsql as $$
declare
  due record;
begin
  a.settled_at := coalesce(c.clock, clock_timestamp());
  if a.next_due_at <= a.settled_at then
    for due in
      select l.lot_no, l.matures_at as at, true as matures from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_pending
         and l.matures_at <= a.settled_at and l.matures_at < l.expires_at
      union all
      select l.lot_no, l.expires_at, false from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_open and l.expires_at <= a.settled_at
      order by 2, 1, 3 desc
    loop
      if due.matures then a := ledger_mature_v1(a, c, due.lot_no, due.at);
      else a := ledger_expire_v1(a, c, due.lot_no, due.at);
      end if;
    end loop;
    a.next_due_at := ledger_next_due_v1(a);
    if a.holder_kind = 'M' and a.currency = 'points' then
      a.next_due_at := least(a.next_due_at,
        coalesce(ledger_settle_tier_v1(a.tenant_id, a.holder_id, a.program_id, a.settled_at), 'infinity'));
    end if;
    perform ledger_save_v1(a);
  end if;
  return ledger_count_v1(a, 0, a.settled_at, c.time_zone);
end $$;
