-- Items of a bulk, column by column: item n is the n-th of each list, and a list that is null has nothing to say of any.
-- One by one, as objects of JSON, reading them took longer than any other part of an award. What an item moves stands in
-- lines, each with its item's number and its own within the item: an award has as many as its source, most verbs have one.
create type ledger_items_v3 as (
  verbs text[], tenant_ids integer[], holder_kinds text[], holder_ids bigint[], program_ids bigint[], currencies text[],
  action_ids integer[], reasons text[], actors text[], request_ids text[], occurred_ats timestamptz[],
  purchase_kinds text[], purchase_ids bigint[], time_zones text[], clocks timestamptz[],
  scopes text[], keys text[], request_hashes bytea[],
  source_types text[], source_refs text[], matures timestamptz[], expires timestamptz[], counts boolean[], refs text[],
  max_debts bigint[], holds bigint[], policies text[], to_kinds text[], to_ids bigint[], transfers uuid[],
  released_firsts boolean[],
  line_items integer[], line_nos integer[], line_refs text[], line_points bigint[], line_rules text[]
);
