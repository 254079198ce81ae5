-- As in version 1, and finer points than the program has are refused.
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
          and ledger_valid_points_v1(array[p_max_debt], 0))
     or not ledger_fit_decimals_v2(k, array[p_points]) then
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
