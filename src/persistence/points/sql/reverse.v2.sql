-- What a reversal asks of each line of a source, beside what was reversed before, as ledger_reversal_lines_v1 says; of an
-- award that was dated in parts, what lapsed is the sum over the parts.
create or replace function ledger_reversal_lines_v2(a account, p_source_type text, p_source_ref text, p_line_refs text[], p_cumulative bigint[])
returns table (line_no integer, line_ref text, lot_no bigint, awarded bigint, cumulative bigint, counts boolean, due bigint, take bigint)
language plpgsql as $$
#variable_conflict use_column
begin
  return query
  select s.line_no, t.ref, s.lot_no, s.awarded, t.cumulative, s.counts_for_lifetime,
         greatest(0, t.cumulative - s.reversed),
         -- What had lapsed is never taken again: of a source no more can be taken, in all, than what did not lapse.
         greatest(0, least(t.cumulative, s.awarded - parts.expired) - (s.reversed - s.lapsed))
    from unnest(p_line_refs, p_cumulative) with ordinality as t (ref, cumulative, no)
    left join award_source s
      on s.tenant_id = a.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref
     and s.line_ref = t.ref and s.account_id = a.account_id
    left join lateral (
      select sum(l.expired)::bigint as expired from lot l
       where l.tenant_id = s.tenant_id and l.account_id = s.account_id and (l.lot_no = s.lot_no or l.of_lot = s.lot_no)
    ) parts on true
   order by t.no;
end $$;

-- Takes back what a source awarded: from its own lots, then from whatever expires first, then as debt down to -p_max_debt;
-- the rest is the shortfall. Amounts are cumulative, so parts in any order, repeated or not, end where the whole ends.
-- Of an award that was dated in parts, p_released_first says whether the parts pay before what still waits.
create or replace function ledger_reverse_v2(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_cumulative bigint[], p_max_debt bigint, p_released_first boolean)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  line record;
  part record;
  line_nos integer[] := '{}';
  dues bigint[] := '{}';
  lapses bigint[] := '{}';
  lots bigint[] := '{}';
  paid bigint[] := '{}';
  need bigint;
  own bigint;
  own_available bigint := 0;
  own_pending bigint := 0;
  never bigint := 0;
  rest bigint := 0;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not (ledger_valid_points_v1(p_cumulative, 0) and coalesce(p_max_debt between 0 and 9007199254740991, false)) then
    return ledger_refusal_v1('INVALID_POINTS');
  end if;
  perform ledger_assert_distinct_v1(p_line_refs);
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  for line in select * from ledger_reversal_lines_v2(a, p_source_type, p_source_ref, p_line_refs, p_cumulative) loop
    if line.lot_no is null then return ledger_outcome_of_v1('AWARD_NOT_FOUND', a, null, 0, 0); end if;
    if line.cumulative > line.awarded then
      o := ledger_outcome_of_v1('REVERSAL_EXCEEDS_AWARD', a, null, 0, 0);
      o.line_ref := line.line_ref;
      o.ceiling := line.awarded;
      return o;
    end if;
    line_nos := line_nos || line.line_no;
    dues := dues || line.due;
    lapses := lapses || (line.due - line.take);
    need := line.take;
    for part in
      select x.lot_no, x.remaining, x.matured from lot x
       where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.is_open
         and (x.lot_no = line.lot_no or x.of_lot = line.lot_no)
       order by (x.of_lot is null) = p_released_first, x.lot_no desc
    loop
      exit when need = 0;
      own := least(need, part.remaining);
      need := need - own;
      lots := lots || part.lot_no;
      paid := paid || own;
      if part.matured then own_available := own_available + own;
      else
        own_pending := own_pending + own;
        never := never + case when line.counts then own else 0 end;
      end if;
    end loop;
    rest := rest + need;
    a.lifetime_reversed := a.lifetime_reversed + case when line.counts then line.due else 0 end;
  end loop;
  if coalesce((select sum(n) from unnest(dues) n), 0) = 0 then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, null, 0, 0));
  end if;
  if never > 0 then
    update account x set reversed_pending = x.reversed_pending + never
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
  end if;
  return ledger_take_back_v1(a, c, p_source_type, p_source_ref, p_max_debt, line_nos, dues, lapses,
                             lots, paid, own_available, own_pending, rest);
end $$;

-- Callers of the first version, bulk among them, get the same.
create or replace function ledger_reverse_v1(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_cumulative bigint[], p_max_debt bigint)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return ledger_reverse_v2(k, c, p_source_type, p_source_ref, p_line_refs, p_cumulative, p_max_debt, false);
end $$;
