-- Is every figure at least the lowest allowed, and are all together no more than every reader can hold?
create or replace function ledger_valid_points_v1(p_points bigint[], p_lowest bigint) returns boolean language plpgsql immutable as $$
declare
  n bigint;
  total numeric := 0;
begin
  foreach n in array coalesce(p_points, '{}') loop
    if n is null or n < p_lowest then return false; end if;
    total := total + n;
  end loop;
  return cardinality(p_points) > 0 and total <= 9007199254740991;
end $$;

-- A line named twice is a mistake of the caller's program: nobody could say afterwards which was which.
create or replace function ledger_assert_distinct_v1(p_line_refs text[]) returns void language plpgsql immutable as $$
begin
  if cardinality(p_line_refs) > 1 then
    if cardinality(p_line_refs) > (select count(distinct r) from unnest(p_line_refs) r) then
      raise 'a line is named twice' using errcode = 'LP400';
    end if;
  end if;
end $$;

-- One lot and one source for each line of a credit that was just appended; debt is paid by the first lines.
create or replace function ledger_add_lots_v1(a account, p_pay bigint, p_matures timestamptz, p_matured boolean, p_expires timestamptz,
  p_counts boolean, p_source_type text, p_source_ref text, p_line_refs text[], p_points bigint[], p_rules text[])
returns void language plpgsql as $$
declare
  debt bigint := p_pay;
  pay bigint;
begin
  for n in 1 .. cardinality(p_points) loop
    pay := least(debt, p_points[n]);
    debt := debt - pay;
    insert into lot (tenant_id, account_id, lot_no, seq, awarded, remaining, offset_debt, matures_at, matured, expires_at)
    values (a.tenant_id, a.account_id, a.last_lot_no + n, a.version, p_points[n], p_points[n] - pay, pay, p_matures, p_matured,
            p_expires);
    insert into award_source (tenant_id, source_type, source_ref, line_no, line_ref, rule, account_id, seq, lot_no,
      awarded, counts_for_lifetime)
    values (a.tenant_id, p_source_type, p_source_ref, n, p_line_refs[n], p_rules[n], a.account_id, a.version,
            a.last_lot_no + n, p_points[n], p_counts);
    if pay > 0 then insert into allocation values (a.tenant_id, a.account_id, a.version, a.last_lot_no + n, pay); end if;
  end loop;
end $$;

-- Credits what a source earned, once and for ever: one entry, one lot for each line. p_matures null: spendable at once;
-- p_expires null: never lapses.
create or replace function ledger_award_v1(k ledger_key_v1, c ledger_call_v1, p_source_type text, p_source_ref text,
  p_line_refs text[], p_points bigint[], p_rules text[], p_matures timestamptz, p_expires timestamptz, p_counts boolean)
returns ledger_outcome_v1 language plpgsql security definer set search_path = public, pg_temp as $$
declare
  o ledger_outcome_v1;
  a account;
  e entry;
  total bigint;
  pay bigint := 0;
  matured boolean;
begin
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;
  if not ledger_valid_points_v1(p_points, 1) then return ledger_refusal_v1('INVALID_POINTS'); end if;
  perform ledger_assert_distinct_v1(p_line_refs);
  a := ledger_lock_v1(k);
  if a.account_id is null then return ledger_nobody_v1(k); end if;
  a := ledger_settle_v1(a, c);
  -- A retry waited for its first attempt at the lock: look for its answer again.
  o := ledger_replay_v1(k.tenant_id, c);
  if o.status is not null then return o; end if;

  total := (select sum(n) from unnest(p_points) n);
  if a.available + a.pending + a.held + total > 9007199254740991 then return ledger_refusal_v1('INVALID_POINTS'); end if;
  if p_expires <= a.settled_at then return ledger_outcome_of_v1('EXPIRY_NOT_AFTER_AWARD', a, null, 0, 0); end if;
  if exists (select from award_source s
              where s.tenant_id = k.tenant_id and s.source_type = p_source_type and s.source_ref = p_source_ref) then
    return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('ALREADY_AWARDED', a, null, 0, 0));
  end if;

  matured := coalesce(p_matures <= a.settled_at, true);
  if matured then pay := least(total, greatest(0, -a.available)); end if;
  e := ledger_entry_v1(a, c, 'AWARD', case when matured then total else 0 end, case when matured then 0 else total end, 0);
  e.counts_for_lifetime := p_counts;
  a := ledger_append_v1(a, e, c);
  perform ledger_add_lots_v1(a, pay, coalesce(p_matures, a.settled_at), matured, coalesce(p_expires, 'infinity'), p_counts,
                             p_source_type, p_source_ref, p_line_refs, p_points, p_rules);
  a.last_lot_no := a.last_lot_no + cardinality(p_points);
  a.lifetime_earned := a.lifetime_earned + case when p_counts then total else 0 end;
  a.next_due_at := least(a.next_due_at, p_expires, case when matured then null else p_matures end);
  perform ledger_save_v1(a);
  return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('DONE', a, a.version, total, 0));
end $$;
