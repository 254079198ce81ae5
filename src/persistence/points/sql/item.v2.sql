-- One item of a bulk: {verb, key, call} and the verb's own parameters, named as their functions name them.
create type ledger_item_v2 as (
  verb text, key ledger_key_v1, call ledger_call_v1,
  source_type text, source_ref text, line_refs text[], points bigint[], rules text[], matures timestamptz,
  expires timestamptz, counts boolean, ref text, max_debt bigint, hold bigint, policy text, to_kind text, to_id bigint,
  transfer uuid, released_first boolean
);
