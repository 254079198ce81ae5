-- As in version 1, and finer points than the program has are refused.
-- Moves points to another wallet of the same tenant, program and currency. First to expire leave first, and keep their
-- dates: one lot arrives for each that paid.
create or replace function ledger_transfer_v1(k ledger_key_v1, c ledger_call_v1, p_to_kind text, p_to_id bigint,
  p_points bigint, p_transfer uuid)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  other ledger_key_v1 := row(k.tenant_id, p_to_kind, p_to_id, k.program_id, k.currency)::ledger_key_v1;
  a account;
  b account;
  e entry;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v2(k, array[p_points], 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  if other = k then return ledger_refusal_v1('SAME_ACCOUNT'); end if;
  perform ledger_lock_all_v1(array[k, other]);
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  b := ledger_lock_v1(other);
  if b.account_id is null then return ledger_refusal_v1('RECIPIENT_NOT_FOUND'); end if;
  a := ledger_settle_v1(a, c);
  b := ledger_settle_v1(b, c);
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  if exists (select from entry x where x.tenant_id = k.tenant_id and x.transfer_id = p_transfer) then
    return ledger_outcome_of_v1('ALREADY_TRANSFERRED', a, null, 0, 0);
  end if;
  if a.available < p_points then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));
  end if;
  if b.available + b.pending + b.held + p_points > 9007199254740991 then return ledger_refusal_v1('INVALID_POINTS'); end if;
  e := ledger_entry_v1(a, c, 'TRANSFER_OUT', -p_points, 0, 0);
  e.transfer_id := p_transfer;
  a := ledger_append_v1(a, e, c);
  perform ledger_take_all_v1(a, p_points, 'consume', '{}', '{}');
  perform ledger_save_v1(a);
  perform ledger_arrive_v1(a, b, c, p_points, p_transfer);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, p_points, 0));
end $$;
