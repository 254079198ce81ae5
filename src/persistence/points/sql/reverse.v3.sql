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
  a := ledger_take_all_v2(a, others, 'reverse', p_lots, p_paid);
  perform ledger_mark_reversed_v1(a, p_source_type, p_source_ref, p_line_nos, p_due, p_lapsed);
  perform ledger_save_v1(a);
  return ledger_remember_v1(a.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, taken, e.shortfall));
end $$;
