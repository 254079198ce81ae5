-- Takes points from the open lots of a locked account, first to expire first, and writes down which lot paid what.
-- Lots taken from before (p_lots, p_paid) are written down with them. Gives what could not be found.
-- p_mode: consume, reverse, reserve.
create or replace function ledger_take_v1(a account, p_points bigint, p_mode text, p_lots bigint[], p_paid bigint[])
returns bigint language plpgsql as $$
declare
  need bigint := p_points;
  part bigint;
  l record;
begin
  if need > 0 then
    for l in
      select x.lot_no, x.remaining from lot x
       where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.is_open and x.matured
       order by x.expires_at, x.lot_no
    loop
      part := least(need, l.remaining);
      perform ledger_take_from_v1(a, l.lot_no, part, p_mode);
      p_lots := p_lots || l.lot_no;
      p_paid := p_paid || part;
      need := need - part;
      exit when need = 0;
    end loop;
  end if;
  insert into allocation (tenant_id, account_id, seq, lot_no, points)
  select a.tenant_id, a.account_id, a.version, t.lot_no, sum(t.points)
    from unnest(p_lots, p_paid) as t (lot_no, points) group by t.lot_no;
  return need;
end $$;

-- Takes all the points, or the lots do not hold what the balance says: then somebody must look at it.
create or replace function ledger_take_all_v1(a account, p_points bigint, p_mode text, p_lots bigint[], p_paid bigint[])
returns void language plpgsql as $$
begin
  if ledger_take_v1(a, p_points, p_mode, p_lots, p_paid) <> 0 then
    raise 'the lots of account % do not hold its balance', a.account_id using errcode = 'LP500';
  end if;
end $$;

-- Takes points from one lot.
create or replace function ledger_take_from_v1(a account, p_lot bigint, p_points bigint, p_mode text)
returns void language plpgsql as $$
begin
  update lot x
     set remaining = x.remaining - p_points,
         consumed = x.consumed + case when p_mode = 'consume' then p_points else 0 end,
         reversed = x.reversed + case when p_mode = 'reverse' then p_points else 0 end,
         reserved = x.reserved + case when p_mode = 'reserve' then p_points else 0 end
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = p_lot;
end $$;
