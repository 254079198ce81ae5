-- Dates points of an award that wait: of each line all but p_waiting become spendable at p_matures (null: now), as a lot
-- of their own; what is dated earlier already keeps its date. p_sooner: also what was dated later before. The balance
-- moves when they mature, which is at once when the moment has come.
create or replace function ledger_schedule_v1(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_waiting bigint[], p_matures timestamptz, p_sooner boolean)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  line record;
  part lot;
  due bigint;
  at timestamptz;
  dated bigint := 0;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v1(p_waiting, 0) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  perform ledger_assert_distinct_v1(p_line_refs);
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if exists (select from unnest(p_line_refs) t (ref)
              where not exists (select from award_source s
                                 where s.tenant_id = a.tenant_id and s.source_type = p_source_type
                                   and s.source_ref = p_source_ref and s.line_ref = t.ref and s.account_id = a.account_id)) then
    return ledger_outcome_of_v1('AWARD_NOT_FOUND', a, null, 0, 0);
  end if;

  at := coalesce(p_matures, a.settled_at);
  for line in
    select s.lot_no, t.waiting
      from unnest(p_line_refs, p_waiting) with ordinality as t (ref, waiting, no)
      join award_source s on s.tenant_id = a.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref
       and s.line_ref = t.ref and s.account_id = a.account_id
     order by t.no
  loop
    for part in
      select * from lot x
       where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.is_pending and x.matures_at > at
         and (x.lot_no = line.lot_no or x.of_lot = line.lot_no)
       order by x.lot_no
    loop
      due := case when part.of_lot is null then greatest(0, part.remaining - line.waiting)
                  when p_sooner then part.remaining else 0 end;
      if due > 0 then
        a := ledger_split_v1(a, part, due, at);
        dated := dated + due;
      end if;
    end loop;
  end loop;
  if dated > 0 then
    if a.next_due_at <= a.settled_at then a := ledger_settle_v1(a, c); end if;
    perform ledger_save_v1(a);
  end if;
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, null, dated, 0));
end $$;

-- Part of a lot becomes a lot of its own, of the same award and with the same expiry, that matures at another moment.
create or replace function ledger_split_v1(a account, l lot, p_points bigint, p_matures timestamptz) returns account language plpgsql as $$
begin
  a.last_lot_no := a.last_lot_no + 1;
  update lot x set remaining = x.remaining - p_points, moved = x.moved + p_points
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.lot_no = l.lot_no;
  insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, matures_at, matured, expires_at, of_lot)
  values (a.tenant_id, a.account_id, a.last_lot_no, l.seq, p_points, p_points, p_matures, false, l.expires_at,
          coalesce(l.of_lot, l.lot_no));
  a.next_due_at := least(a.next_due_at, p_matures);
  return a;
end $$;
