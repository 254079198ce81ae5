-- Adds to the figures of the year in which something counts, in the tenant's zone. A new year starts them at zero;
-- what belongs to a year gone by is no longer shown.
create or replace function ledger_count_v1(a account, p_change bigint, p_at timestamptz, p_zone text)
returns account language plpgsql as $$
declare
  y integer := extract(year from p_at at time zone p_zone);
begin
  if y > a.ytd_year then
    a.ytd_year := y;
    a.ytd_credited := 0;
    a.ytd_debited := 0;
  end if;
  if y = a.ytd_year then
    a.ytd_credited := a.ytd_credited + greatest(p_change, 0);
    a.ytd_debited := a.ytd_debited + greatest(-p_change, 0);
  end if;
  return a;
end $$;

-- Appends one entry to the journal of a locked account, with its event, and moves the account's balances by it.
-- The entry comes with its kind, changes and facts of its own; what every verb is told is taken from the call.
create or replace function ledger_append_v1(a account, e entry, c ledger_call_v1) returns account language plpgsql as $$
begin
  a.version := a.version + 1;
  a.available := a.available + e.d_available;
  a.pending := a.pending + e.d_pending;
  a.held := a.held + e.d_held;
  a := ledger_count_v1(a, e.d_available + e.d_pending + e.d_held, e.effective_at, c.time_zone);
  insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
    reason, actor, request_id, purchase_kind, purchase_id, ref, of_seq, transfer_id, counts_for_lifetime,
    debt_allowed, shortfall, lapsed, occurred_at, effective_at)
  values (a.tenant_id, a.account_id, a.version, e.kind, e.d_available, e.d_pending, e.d_held,
    a.available, e.action_id, e.reason, e.actor, e.request_id, e.purchase_kind, e.purchase_id,
    e.ref, e.of_seq, e.transfer_id, coalesce(e.counts_for_lifetime, false), coalesce(e.debt_allowed, 0),
    coalesce(e.shortfall, 0), coalesce(e.lapsed, 0), e.occurred_at, e.effective_at);
  insert into outbox (tenant_id, topic, lane, payload)
  values (a.tenant_id, 'points.' || lower(e.kind), a.account_id::text,
          jsonb_build_object('accountId', a.account_id::text, 'seq', a.version::text));
  return a;
end $$;

-- A blank entry of a kind, told by a call, counting at the account's moment.
create or replace function ledger_entry_v1(a account, c ledger_call_v1, p_kind text, p_available bigint, p_pending bigint, p_held bigint)
returns entry language plpgsql as $$
declare
  e entry;
begin
  e.kind := p_kind;
  e.d_available := p_available;
  e.d_pending := p_pending;
  e.d_held := p_held;
  e.action_id := c.action_id;
  e.reason := c.reason;
  e.actor := c.actor;
  e.request_id := c.request_id;
  e.purchase_kind := c.purchase_kind;
  e.purchase_id := c.purchase_id;
  e.occurred_at := coalesce(c.occurred_at, a.settled_at);
  e.effective_at := a.settled_at;
  return e;
end $$;

-- Writes the figures of a locked account back.
create or replace function ledger_save_v1(a account) returns void language plpgsql as $$
begin
  update account x
     set available = a.available, pending = a.pending, held = a.held, debt_floor = a.debt_floor,
         lifetime_earned = a.lifetime_earned, lifetime_reversed = a.lifetime_reversed,
         redeemed = a.redeemed, redeemed_on_rewards = a.redeemed_on_rewards, expired = a.expired,
         ytd_year = a.ytd_year, ytd_credited = a.ytd_credited, ytd_debited = a.ytd_debited,
         version = a.version, last_lot_no = a.last_lot_no,
         next_due_at = a.next_due_at, settled_at = a.settled_at
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
end $$;
