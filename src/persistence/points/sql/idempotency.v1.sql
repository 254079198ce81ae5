-- The decision that was stored under the call's key, or null. Another request under the same key is refused; the hash
-- covers the target account, so nobody is ever given another account's answer.
create or replace function ledger_replay_v1(p_tenant integer, c ledger_call_v1) returns ledger_outcome_v1 language plpgsql as $$
declare
  seen idempotency;
  o ledger_outcome_v1;
begin
  if c.key is null then return null; end if;
  if length(c.key) not between 1 and 255 or length(coalesce(c.scope, '')) not between 1 and 100
     or length(coalesce(c.request_hash, '')) <> 32 then
    return ledger_refusal_v1('INVALID_IDEMPOTENCY_KEY');
  end if;
  select * into seen from idempotency i where i.tenant_id = p_tenant and i.scope = c.scope and i.key = c.key;
  if not found then return null; end if;
  if seen.request_hash <> c.request_hash then return ledger_refusal_v1('IDEMPOTENCY_KEY_REUSED'); end if;
  o := jsonb_populate_record(null::ledger_outcome_v1, seen.answer);
  o.replayed := true;
  return o;
end $$;

-- Stores the decision under the call's key, once, in the transaction of what was decided; gives it back.
create or replace function ledger_remember_v1(p_tenant integer, c ledger_call_v1, o ledger_outcome_v1)
returns ledger_outcome_v1 language plpgsql as $$
begin
  if c.key is not null then
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    values (p_tenant, c.scope, c.key, c.request_hash, o.account_id, o.seq, to_jsonb(o));
  end if;
  return o;
end $$;
