-- Runs verbs in order, each on its own: a refusal is an answer and stops nobody. The wallets are locked first, lowest
-- number first. An item is {verb, key, call} and the verb's own parameters.
create or replace function ledger_bulk_v1(p_items jsonb) returns setof ledger_outcome_v1
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  i record;
begin
  perform ledger_lock_all_v1(ledger_keys_of_v1(p_items));
  for i in
    select * from jsonb_to_recordset(p_items) as x (verb text, key ledger_key_v1, call ledger_call_v1,
      source_type text, source_ref text, line_refs text[], points bigint[], rules text[], matures timestamptz,
      expires timestamptz, counts boolean, ref text, max_debt bigint, hold bigint, policy text, to_kind text, to_id bigint,
      transfer uuid)
  loop
    return next case i.verb
      when 'award' then ledger_award_v1(i.key, i.call, i.source_type, i.source_ref, i.line_refs, i.points, i.rules,
                                        i.matures, i.expires, i.counts)
      when 'redeem' then ledger_redeem_v1(i.key, i.call, i.points[1], i.ref)
      when 'reverse' then ledger_reverse_v1(i.key, i.call, i.source_type, i.source_ref, i.line_refs, i.points, i.max_debt)
      when 'hold' then ledger_hold_v1(i.key, i.call, i.points[1], i.ref, i.expires)
      when 'capture' then ledger_capture_v1(i.key, i.call, i.hold, i.points[1], i.ref)
      when 'release' then ledger_release_v1(i.key, i.call, i.hold, i.points[1])
      when 'transfer' then ledger_transfer_v1(i.key, i.call, i.to_kind, i.to_id, i.points[1], i.transfer)
      when 'adjust' then ledger_adjust_v1(i.key, i.call, i.points[1], i.policy, i.max_debt, i.expires)
    end;
  end loop;
end $$;

-- The wallets that items touch, each once, in an order of their own so that first touches do not cross either.
create or replace function ledger_keys_of_v1(p_items jsonb) returns ledger_key_v1[] language sql immutable as $$
  select array_agg(distinct k) from (
    select x.key as k from jsonb_to_recordset(p_items) as x (key ledger_key_v1)
    union all
    select row((x.key).tenant_id, x.to_kind, x.to_id, (x.key).program_id, (x.key).currency)::ledger_key_v1
      from jsonb_to_recordset(p_items) as x (key ledger_key_v1, to_kind text, to_id bigint)
     where x.to_id is not null
  ) keys
$$;
