-- An answer about an account as it stands now.
create or replace function ledger_outcome_of_v1(p_status text, a account, p_seq bigint, p_moved bigint, p_shortfall bigint)
returns ledger_outcome_v1 language sql immutable as $$
  select row(p_status, (a).account_id, p_seq, p_moved, p_shortfall, (a).available, (a).pending, (a).held,
             (a).lifetime_earned - (a).lifetime_reversed, null, null, false)::ledger_outcome_v1
$$;

-- A refusal with nothing but its code.
create or replace function ledger_refusal_v1(p_status text) returns ledger_outcome_v1 language sql immutable as $$
  select row(p_status, null, null, 0, 0, 0, 0, 0, 0, null, null, false)::ledger_outcome_v1
$$;

-- Why there is no account for a key: the program, the member or the group does not exist in this tenant.
create or replace function ledger_nobody_v1(k ledger_key_v1) returns ledger_outcome_v1 language sql as $$
  select ledger_refusal_v1(case
    when not exists (select from programs p where p.tenant_id = (k).tenant_id and p.program_id = (k).program_id)
      then 'PROGRAM_NOT_FOUND'
    else 'MEMBER_NOT_FOUND' end)
$$;
