-- As in version 2: all that matured or lapsed, and the tier that stands on what the wallet earned. Nothing is due before
-- next_due_at (law I20), so that lots which were settled or spent before are not read again, and the mark is not asked.
create or replace function ledger_settle_v1(a account, c ledger_call_v1) returns account language plpgsql as $$
declare
  due record;
begin
  a.settled_at := coalesce(c.clock, clock_timestamp());
  if a.next_due_at <= a.settled_at then
    for due in
      select l.lot_no, l.matures_at as at, true as matures from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.delayed and not l.matured
         and l.remaining > 0 and l.matures_at >= a.next_due_at and l.matures_at <= a.settled_at and l.matures_at < l.expires_at
      union all
      select l.lot_no, l.expires_at, false from lot l
       where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.awarded > 0
         and l.remaining > 0 and l.expires_at >= a.next_due_at and l.expires_at <= a.settled_at
      order by 2, 1, 3 desc
    loop
      if due.matures then a := ledger_mature_v1(a, c, due.lot_no, due.at);
      else a := ledger_expire_v1(a, c, due.lot_no, due.at);
      end if;
    end loop;
    a := ledger_next_due_v2(a);
    if a.holder_kind = 'M' and a.currency = 'points' then
      a.next_due_at := least(a.next_due_at,
        coalesce(ledger_settle_tier_v1(a.tenant_id, a.holder_id, a.program_id, a.settled_at), 'infinity'));
    end if;
    perform ledger_save_v1(a);
  end if;
  return ledger_count_v1(a, 0, a.settled_at, c.time_zone);
end $$;

-- When the next lot matures or lapses. What lapsed is behind the mark now.
create or replace function ledger_next_due_v2(a account) returns account language plpgsql as $$
declare
  open ledger_mark_v2;
begin
  select x.expires_at, x.lot_no into open from lot x
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id
     and x.awarded > 0 and (x.expires_at, x.lot_no) > (a.open_from_expiry, a.open_from_lot) and x.remaining > 0
   order by x.expires_at, x.lot_no limit 1;
  if found then
    a.open_from_expiry := open.expires_at;
    a.open_from_lot := open.lot_no - 1;
  else
    a.open_from_expiry := 'infinity';
    a.open_from_lot := a.last_lot_no;
  end if;
  a.next_due_at := least(coalesce(open.expires_at, 'infinity'), coalesce((
    select x.matures_at from lot x
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.delayed and not x.matured and x.remaining > 0
       and x.matures_at >= a.next_due_at
     order by x.matures_at limit 1), 'infinity'));
  return a;
end $$;
