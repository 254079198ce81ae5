-- The debit of an adjustment: what there is, then debt as far as the policy goes.
create or replace function ledger_adjust_down_v1(a account, c ledger_call_v1, p_points bigint, p_policy text, p_max_debt bigint)
returns ledger_outcome_v1 language plpgsql as $$
declare
  e entry;
  there bigint := least(p_points, greatest(0, a.available));
  debt bigint := 0;
begin
  if p_policy = 'refuse' and there < p_points then
    return ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0);
  end if;
  if p_policy = 'debt' then debt := least(p_points - there, greatest(0, p_max_debt + least(0, a.available))); end if;
  if there + debt = 0 then return ledger_outcome_of_v1('DONE', a, null, 0, p_points); end if;
  e := ledger_entry_v1(a, c, 'ADJUST', -(there + debt), 0, 0);
  e.shortfall := p_points - there - debt;
  e.debt_allowed := case when debt > 0 then p_max_debt else 0 end;
  a.debt_floor := greatest(a.debt_floor, e.debt_allowed);
  a := ledger_append_v1(a, e, c);
  a := ledger_take_all_v2(a, there, 'consume', '{}', '{}');
  perform ledger_save_v1(a);
  return ledger_outcome_of_v1('DONE', a, a.version, there + debt, e.shortfall);
end $$;
