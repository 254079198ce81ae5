-- Spends points, first to expire first. What is due is settled before, so nothing lapsed can be spent.
create or replace function ledger_redeem_v1(k ledger_key_v1, c ledger_call_v1, p_points bigint, p_ref text)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  e entry;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v1(array[p_points], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  if a.available < p_points then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));
  end if;
  e := ledger_entry_v1(a, c, 'REDEEM', -p_points, 0, 0);
  e.ref := p_ref;
  a.redeemed := a.redeemed + p_points;
  a.redeemed_on_rewards := a.redeemed_on_rewards + case when p_ref like 'reward:%' then p_points else 0 end;
  a := ledger_append_v1(a, e, c);
  perform ledger_take_all_v1(a, p_points, 'consume', '{}', '{}');
  perform ledger_save_v1(a);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
end $$;
