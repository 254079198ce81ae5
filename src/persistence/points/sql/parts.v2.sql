-- May a decision be kept under the call's key?
create or replace function ledger_valid_key_v2(c ledger_call_v1) returns boolean language plpgsql immutable as $$
begin
  return length(c.key) between 1 and 255 and coalesce(length(c.scope) between 1 and 100, false)
     and coalesce(length(c.request_hash) = 32, false);
end $$;

-- What was decided under the call's key; another request under the same key is refused.
create or replace function ledger_again_v2(seen idempotency, c ledger_call_v1) returns ledger_outcome_v1 language plpgsql as $$
declare
  o ledger_outcome_v1;
begin
  if seen.request_hash <> c.request_hash then return ledger_refusal_v1('IDEMPOTENCY_KEY_REUSED'); end if;
  o := jsonb_populate_record(null::ledger_outcome_v1, seen.answer);
  o.replayed := true;
  return o;
end $$;

-- How much of each line pays a debt: the first lines first.
create or replace function ledger_shares_v2(p_points bigint[], p_pay bigint)
returns table (no bigint, points bigint, pay bigint) language sql immutable as $$
  select t.no, t.points, greatest(0, least(t.points, p_pay - coalesce(sum(t.points) over (order by t.no) - t.points, 0)))::bigint
    from unnest(p_points) with ordinality as t (points, no)
$$;
