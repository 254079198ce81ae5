-- Corrects a balance by hand: a credit is a lot without a source; a debit takes what expires first. p_policy says what
-- a debit does beyond what is there: refuse, clamp (take what there is), debt (go down to -p_max_debt).
create or replace function ledger_adjust_v1(k ledger_key_v1, c ledger_call_v1, p_points bigint, p_policy text,
  p_max_debt bigint, p_expires timestamptz)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not (coalesce(p_points <> 0 and p_points between -9007199254740991 and 9007199254740991, false)
          and ledger_valid_points_v1(array[p_max_debt], 0)) then
    return ledger_refusal_v1('INVALID_POINTS');
  end if;
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  if p_points > 0 then o := ledger_adjust_up_v1(a, c, p_points, p_expires);
  else o := ledger_adjust_down_v1(a, c, -p_points, p_policy, p_max_debt);
  end if;
  if o.status not in ('DONE', 'INSUFFICIENT_POINTS') then return o; end if;
  return ledger_remember_v1(k.tenant_id, c, o);
end $$;

create or replace function ledger_adjust_up_v1(a account, c ledger_call_v1, p_points bigint, p_expires timestamptz)
returns ledger_outcome_v1 language plpgsql as $$
declare
  pay bigint := least(p_points, greatest(0, -a.available));
begin
  if p_expires <= a.settled_at then return ledger_outcome_of_v1('EXPIRY_NOT_AFTER_AWARD', a, null, 0, 0); end if;
  if a.available + a.pending + a.held + p_points > 9007199254740991 then return ledger_refusal_v1('INVALID_POINTS'); end if;
  a := ledger_append_v1(a, ledger_entry_v1(a, c, 'ADJUST', p_points, 0, 0), c);
  a := ledger_add_lot_v1(a, p_points, pay, coalesce(p_expires, 'infinity'));
  perform ledger_save_v1(a);
  return ledger_outcome_of_v1('DONE', a, a.version, p_points, 0);
end $$;

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
  perform ledger_take_all_v1(a, there, 'consume', '{}', '{}');
  perform ledger_save_v1(a);
  return ledger_outcome_of_v1('DONE', a, a.version, there + debt, e.shortfall);
end $$;
