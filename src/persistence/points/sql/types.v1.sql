-- Whose wallet.
create type ledger_key_v1 as (
  tenant_id integer, holder_kind text, holder_id bigint, program_id bigint, currency text
);

-- What every verb is told besides its figures. clock null: the database's own decides. key null: a natural key guards.
create type ledger_call_v1 as (
  action_id integer, reason text, actor text, request_id text, occurred_at timestamptz,
  purchase_kind text, purchase_id bigint,
  time_zone text, clock timestamptz,
  scope text, key text, request_hash bytea
);

-- What a verb answers, refusals included: a refusal is a value, so that one of many needs no savepoint.
create type ledger_outcome_v1 as (
  status text, account_id bigint, seq bigint, moved bigint, shortfall bigint,
  available bigint, pending bigint, held bigint, lifetime bigint,
  line_ref text, ceiling bigint, replayed boolean
);
