-- As in version 5, and an award of one line, as most are, writes it without a list being read.
-- Credits what a source earned, once and for ever: one entry, one lot for each line. p_matures null: spendable at once;
-- p_expires null: never lapses. Flat: one function and few statements, because what a call costs is mostly how many.
create or replace function ledger_award_v2(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_points bigint[], p_rules text[], p_matures timestamptz, p_expires timestamptz, p_counts boolean)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seen idempotency;
  o ledger_outcome_v1;
  a account;
  n bigint;
  total bigint := 0;
  pay bigint := 0;
  now_matured boolean;
  year_now integer;
begin
  if c.key is not null then
    if not ledger_valid_key_v2(c) then return ledger_refusal_v1('INVALID_IDEMPOTENCY_KEY'); end if;
    select * into seen from idempotency i where i.tenant_id = k.tenant_id and i.scope = c.scope and i.key = c.key;
    if found then return ledger_again_v2(seen, c); end if;
  end if;
  if not ledger_valid_points_v2(k, p_points, 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  if cardinality(p_points) <> 1 or cardinality(p_line_refs) <> 1 then perform ledger_assert_distinct_v1(p_line_refs); end if;
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update skip locked;
  if not found then
    a := ledger_lock_v1(k);
    if a.account_id is null then return ledger_nobody_v1(k); end if;
  end if;
  a.settled_at := coalesce(c.clock, clock_timestamp());
  if a.next_due_at <= a.settled_at then a := ledger_settle_v1(a, c); end if;
  -- A retry waited for its first attempt at the lock: look for its answer again.
  if c.key is not null then
    select * into seen from idempotency i where i.tenant_id = k.tenant_id and i.scope = c.scope and i.key = c.key;
    if found then return ledger_again_v2(seen, c); end if;
  end if;

  foreach n in array p_points loop total := total + n; end loop;
  if a.available + a.pending + a.held + total > 9007199254740991 then return ledger_refusal_v1('INVALID_POINTS'); end if;
  if p_expires <= a.settled_at then return ledger_outcome_of_v1('EXPIRY_NOT_AFTER_AWARD', a, null, 0, 0); end if;
  if exists (select from award_source s
              where s.tenant_id = k.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref) then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('ALREADY_AWARDED', a, null, 0, 0));
  end if;

  now_matured := coalesce(p_matures <= a.settled_at, true);
  if now_matured then
    pay := least(total, greatest(0, -a.available));
    a.available := a.available + total;
  else
    a.pending := a.pending + total;
    a.next_due_at := least(a.next_due_at, p_matures);
  end if;
  a.next_due_at := least(a.next_due_at, p_expires);
  if (coalesce(p_expires, 'infinity'), a.last_lot_no) < (a.open_from_expiry, a.open_from_lot) then
    a.open_from_expiry := coalesce(p_expires, 'infinity');
    a.open_from_lot := a.last_lot_no;
  end if;
  a.version := a.version + 1;
  year_now := extract(year from a.settled_at at time zone c.time_zone);
  if year_now > a.ytd_year then
    a.ytd_year := year_now;
    a.ytd_credited := 0;
    a.ytd_debited := 0;
  end if;
  if year_now = a.ytd_year then a.ytd_credited := a.ytd_credited + total; end if;
  if p_counts then a.lifetime_earned := a.lifetime_earned + total; end if;

  insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
    reason, actor, request_id, purchase_kind, purchase_id, counts_for_lifetime, occurred_at, effective_at)
  values (a.tenant_id, a.account_id, a.version, 'AWARD', case when now_matured then total else 0 end,
    case when now_matured then 0 else total end, 0, a.available, c.action_id, c.reason, c.actor, c.request_id,
    c.purchase_kind, c.purchase_id, p_counts, coalesce(c.occurred_at, a.settled_at), a.settled_at);
  if cardinality(p_points) = 1 and cardinality(p_line_refs) = 1 and cardinality(p_rules) = 1 then
    insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, offset_debt, matures_at, matured, delayed,
      expires_at)
    values (a.tenant_id, a.account_id, a.last_lot_no + 1, a.version, total, total - pay, pay,
      coalesce(p_matures, a.settled_at), now_matured, not now_matured, coalesce(p_expires, 'infinity'));
    insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no,
      awarded, counts_for_lifetime)
    values (a.tenant_id, p_source_type, p_source_ref, 1, p_line_refs[1], p_rules[1], a.account_id, a.version,
      a.last_lot_no + 1, total, p_counts);
  else
    -- Debt is paid by the first lines.
    insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, offset_debt, matures_at, matured, delayed,
      expires_at)
    select a.tenant_id, a.account_id, a.last_lot_no + l.no, a.version, l.points, l.points - l.pay, l.pay,
           coalesce(p_matures, a.settled_at), now_matured, not now_matured, coalesce(p_expires, 'infinity')
      from ledger_shares_v2(p_points, pay) l;
    insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no,
      awarded, counts_for_lifetime)
    select a.tenant_id, p_source_type, p_source_ref, l.no, l.ref, l.rule, a.account_id, a.version, a.last_lot_no + l.no,
           l.points, p_counts
      from unnest(p_line_refs, p_rules, p_points) with ordinality as l (ref, rule, points, no);
  end if;
  if pay > 0 then
    insert into allocation (tenant_id, account_id, seq, lot_no, points)
    select a.tenant_id, a.account_id, a.version, a.last_lot_no + l.no, l.pay
      from ledger_shares_v2(p_points, pay) l where l.pay > 0;
  end if;
  insert into outbox (tenant_id, topic, lane, payload)
  values (a.tenant_id, 'points.award', a.account_id::text,
          jsonb_build_object('accountId', a.account_id::text, 'seq', a.version::text));
  update account x
     set available = a.available, pending = a.pending, lifetime_earned = a.lifetime_earned, ytd_year = a.ytd_year,
         ytd_credited = a.ytd_credited, ytd_debited = a.ytd_debited, version = a.version,
         last_lot_no = a.last_lot_no + cardinality(p_points), next_due_at = a.next_due_at, settled_at = a.settled_at,
         open_from_expiry = a.open_from_expiry, open_from_lot = a.open_from_lot
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
  o := row('DONE', a.account_id, a.version, total, 0, a.available, a.pending, a.held,
           a.lifetime_earned - a.lifetime_reversed, null, null, false);
  if c.key is not null then
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    values (a.tenant_id, c.scope, c.key, c.request_hash, a.account_id, a.version, to_jsonb(o));
  end if;
  return o;
end $$;
