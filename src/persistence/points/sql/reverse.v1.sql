-- What a reversal asks of each line of a source, beside what was reversed before. Lines that are not this account's
-- are not there; the amounts asked are in all, not on top.
create or replace function ledger_reversal_lines_v1(a account, p_source_type text, p_source_ref text, p_line_refs text[], p_cumulative bigint[])
returns table (line_no integer, line_ref text, lot_no bigint, awarded bigint, reversed bigint, cumulative bigint,
               counts boolean, due bigint, take bigint, remaining bigint, matured boolean)
language plpgsql as $$
#variable_conflict use_column
begin
  return query
  select s.line_no, t.ref, s.lot_no, s.awarded, s.reversed, t.cumulative, s.counts_for_lifetime,
         greatest(0, t.cumulative - s.reversed),
         -- What had lapsed is never taken again: of a lot no more can be taken, in all, than what did not lapse.
         greatest(0, least(t.cumulative, l.awarded - l.expired) - (s.reversed - s.lapsed)),
         l.remaining, l.matured
    from unnest(p_line_refs, p_cumulative) with ordinality as t (ref, cumulative, no)
    left join (award_source s join lot l on l.tenant_id = s.tenant_id and l.account_id = s.account_id and l.lot_no = s.lot_no)
      on s.tenant_id = a.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref
     and s.line_ref = t.ref and s.account_id = a.account_id
   order by t.no;
end $$;

-- Writes down how much of each line is reversed by now.
create or replace function ledger_mark_reversed_v1(a account, p_source_type text, p_source_ref text,
  p_line_nos integer[], p_due bigint[], p_lapsed bigint[]) returns void language plpgsql as $$
begin
  with line as (
    select * from unnest(p_line_nos, p_due, p_lapsed) as t (line_no, due, lapsed) where t.due > 0
  ), marked as (
    update award_source s set reversed = s.reversed + line.due, lapsed = s.lapsed + line.lapsed
      from line
     where s.tenant_id = a.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref
       and s.line_no = line.line_no
    returning s.lot_no, line.due
  )
  insert into reversal (tenant_id, account_id, seq, lot_no, points)
  select a.tenant_id, a.account_id, a.version, lot_no, due from marked;
end $$;

-- Takes back what a source awarded: from its own lot, then from whatever expires first, then as debt down to -p_max_debt;
-- the rest is the shortfall. Amounts are cumulative, so parts in any order, repeated or not, end where the whole ends.
create or replace function ledger_reverse_v1(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_cumulative bigint[], p_max_debt bigint)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  line record;
  line_nos integer[] := '{}';
  dues bigint[] := '{}';
  lapses bigint[] := '{}';
  lots bigint[] := '{}';
  paid bigint[] := '{}';
  own bigint;
  own_available bigint := 0;
  own_pending bigint := 0;
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

  for line in select * from ledger_reversal_lines_v1(a, p_source_type, p_source_ref, p_line_refs, p_cumulative) loop
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
    own := least(line.take, line.remaining);
    rest := rest + line.take - own;
    if line.matured then own_available := own_available + own; else own_pending := own_pending + own; end if;
    if own > 0 then
      lots := lots || line.lot_no;
      paid := paid || own;
    end if;
    a.lifetime_reversed := a.lifetime_reversed + case when line.counts then line.due else 0 end;
  end loop;
  if coalesce((select sum(n) from unnest(dues) n), 0) = 0 then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, null, 0, 0));
  end if;
  return ledger_take_back_v1(a, c, p_source_type, p_source_ref, p_max_debt, line_nos, dues, lapses,
                             lots, paid, own_available, own_pending, rest);
end $$;

-- The writing half of a reversal. Given: per line what is due and what of it had lapsed; per own lot what it pays;
-- and what other lots, then debt, must pay.
create or replace function ledger_take_back_v1(a account, c ledger_call_v1, p_source_type text, p_source_ref text, p_max_debt bigint,
  p_line_nos integer[], p_due bigint[], p_lapsed bigint[], p_lots bigint[], p_paid bigint[],
  p_own_available bigint, p_own_pending bigint, p_rest bigint)
returns ledger_outcome_v1 language plpgsql as $$
declare
  e entry;
  -- Spendable once the own lots have paid; negative is debt already.
  spendable bigint := a.available - p_own_available;
  others bigint := least(p_rest, greatest(0, spendable));
  debt bigint := least(p_rest - others, greatest(0, p_max_debt + least(0, spendable)));
  taken bigint := p_own_available + p_own_pending + others + debt;
begin
  e := ledger_entry_v1(a, c, 'REVERSE', -(p_own_available + others + debt), -p_own_pending, 0);
  e.shortfall := p_rest - others - debt;
  e.lapsed := (select sum(n) from unnest(p_lapsed) n);
  e.debt_allowed := case when debt > 0 then p_max_debt else 0 end;
  e.of_seq := (select min(s.seq) from award_source s
                where s.tenant_id = a.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref);
  a.debt_floor := greatest(a.debt_floor, e.debt_allowed);
  a := ledger_append_v1(a, e, c);
  for i in 1 .. cardinality(p_lots) loop
    perform ledger_take_from_v1(a, p_lots[i], p_paid[i], 'reverse');
  end loop;
  perform ledger_take_all_v1(a, others, 'reverse', p_lots, p_paid);
  perform ledger_mark_reversed_v1(a, p_source_type, p_source_ref, p_line_nos, p_due, p_lapsed);
  perform ledger_save_v1(a);
  return ledger_remember_v1(a.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, taken, e.shortfall));
end $$;
