-- How far up the mark of a locked account may move, when all that could be spent up to p_spent was: not past a lot that
-- waits to mature.
create or replace function ledger_spent_v2(a account, p_spent ledger_mark_v2) returns ledger_mark_v2 language plpgsql as $$
declare
  open ledger_mark_v2;
begin
  select x.expires_at, x.lot_no - 1 into open from lot x
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id
     and x.awarded > 0 and (x.expires_at, x.lot_no) > (a.open_from_expiry, a.open_from_lot)
     and (x.expires_at, x.lot_no) <= (p_spent.expires_at, p_spent.lot_no) and x.remaining > 0
   order by x.expires_at, x.lot_no limit 1;
  return case when found then open else p_spent end;
end $$;

-- As ledger_take_all_v1, one lot at a time from the mark on, which moves with it: takes points from the open lots of a
-- locked account, first to expire first, and writes down which lot paid what. Lots taken from before (p_lots, p_paid) are
-- written down with them. When the lots do not hold what the balance says, somebody must look at it. p_mode: consume,
-- reverse, reserve. Does not save the account.
create or replace function ledger_take_all_v2(a account, p_points bigint, p_mode text, p_lots bigint[], p_paid bigint[])
returns account language plpgsql as $$
declare
  need bigint := p_points;
  part bigint;
  l record;
  spent ledger_mark_v2 := row(a.open_from_expiry, a.open_from_lot);
begin
  while need > 0 loop
    select x.lot_no, x.remaining, x.expires_at into l from lot x
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id
       and x.awarded > 0 and (x.expires_at, x.lot_no) > (spent.expires_at, spent.lot_no) and x.remaining > 0 and x.matured
     order by x.expires_at, x.lot_no limit 1;
    if not found then
      raise 'the lots of account % do not hold its balance', a.account_id using errcode = 'LP500';
    end if;
    part := least(need, l.remaining);
    perform ledger_take_from_v1(a, l.lot_no, part, p_mode);
    p_lots := p_lots || l.lot_no;
    p_paid := p_paid || part;
    need := need - part;
    spent := row(l.expires_at, case when part = l.remaining then l.lot_no else l.lot_no - 1 end);
  end loop;
  insert into allocation (tenant_id, account_id, seq, lot_no, points)
  select a.tenant_id, a.account_id, a.version, t.lot_no, sum(t.points)
    from unnest(p_lots, p_paid) as t (lot_no, points) group by t.lot_no;
  if a.pending > 0 then spent := ledger_spent_v2(a, spent); end if;
  a.open_from_expiry := spent.expires_at;
  a.open_from_lot := spent.lot_no;
  return a;
end $$;
