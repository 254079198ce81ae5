-- Tiers that look at a period. The rules are TypeScript's: it plans a tier and every change that the clock alone will
-- bring, and these carry the plan out, exactly once and each at its moment, when a wallet is settled or swept.

-- The tier as of now, whether or not the clock's changes have been carried out yet.
create or replace function tier_now_v1(m memberships) returns bigint language plpgsql stable as $$
declare
  moment timestamptz := (select clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
                           from tenants t where t.tenant_id = m.tenant_id);
  step record;
begin
  select x.tier into step from jsonb_to_recordset(m.tier_steps) as x (at timestamptz, tier bigint)
   where x.at <= moment order by x.at desc limit 1;
  return case when found then step.tier else m.tier_id end;
end $$;

-- Carries out what the clock has brought to one membership by a moment; gives when the next is due, null: never. Whoever
-- calls holds the wallet, where there is one: wallets are locked before memberships.
create or replace function ledger_settle_tier_v1(p_tenant integer, p_member bigint, p_program bigint, p_at timestamptz)
returns timestamptz language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m memberships;
  s record;
begin
  select x.* into m from memberships x
   where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program;
  if m.tier_due is null or m.tier_due > p_at then return m.tier_due; end if;
  select x.* into m from memberships x
   where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program for no key update;
  for s in
    select x.* from jsonb_to_recordset(m.tier_steps) as x (at timestamptz, tier bigint, "on" date)
     where x.at <= p_at order by x.at
  loop
    update memberships x
       set tier_id = s.tier, tier_on = s."on",
           previous_tier_id = case when x.tier_id is distinct from s.tier then x.tier_id else x.previous_tier_id end,
           tier_moved_at = case when x.tier_id is distinct from s.tier then s.at else x.tier_moved_at end
     where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program;
  end loop;
  update memberships x
     set tier_steps = (select jsonb_agg(y order by (y ->> 'at')::timestamptz)
                         from jsonb_array_elements(x.tier_steps) y where (y ->> 'at')::timestamptz > p_at),
         tier_due = (select min((y ->> 'at')::timestamptz)
                       from jsonb_array_elements(x.tier_steps) y where (y ->> 'at')::timestamptz > p_at)
   where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program
  returning x.* into m;
  return m.tier_due;
end $$;

-- What a member earned by days since a day: points of awards that count, less what of each was taken back since, and
-- spend. p_months null: since that day's new year, otherwise so many months before it.
create or replace function ledger_standing_days_v1(p_tenant integer, p_member bigint, p_program bigint, p_since date,
  p_months integer, p_zone text)
returns table (day date, points bigint, spend numeric)
language sql stable security definer set search_path = public, pg_temp as $$
  select d.day, sum(d.points)::bigint, sum(d.spend)
    from (
      select (e.effective_at at time zone p_zone)::date as day, s.awarded - s.reversed as points, 0::numeric as spend
        from account a
        join award_source s on s.tenant_id = a.tenant_id and s.account_id = a.account_id and s.counts_for_lifetime
        join entry e on e.tenant_id = s.tenant_id and e.account_id = s.account_id and e.seq = s.seq
       where a.tenant_id = p_tenant and a.holder_kind = 'M' and a.holder_id = p_member and a.program_id = p_program
         and a.currency = 'points'
      union all
      select x.day, 0, x.spend from member_spend_days x
       where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program
    ) d
   where d.day >= coalesce((p_since - p_months * interval '1 month')::date, date_trunc('year', p_since)::date)
   group by d.day
$$;

-- Locks a member's wallet and membership, brings the tier to now, adds spend, and gives what tiers look at. Spend that
-- is counted already only dates; what comes back is taken off the latest days.
create or replace function ledger_lock_standing_v1(p_tenant integer, p_member bigint, p_program bigint, p_spend numeric,
  p_counted boolean, p_months integer, p_clock timestamptz, p_zone text)
returns table (tier_id bigint, tier_on date, spend numeric, lifetime bigint, today date, days jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  moment timestamptz := coalesce(p_clock, clock_timestamp());
  left_over numeric := -p_spend;
  d member_spend_days;
begin
  select a.lifetime_earned - a.lifetime_reversed into lifetime from account a
   where a.tenant_id = p_tenant and a.holder_kind = 'M' and a.holder_id = p_member and a.program_id = p_program
     and a.currency = 'points'
   for no key update;
  lifetime := coalesce(lifetime, 0);
  today := (moment at time zone p_zone)::date;
  insert into memberships as m (tenant_id, member_id, program_id, spend)
  values (p_tenant, p_member, p_program, case when p_counted then 0 else p_spend end)
  on conflict (tenant_id, member_id, program_id) do update set spend = m.spend + excluded.spend;
  perform ledger_settle_tier_v1(p_tenant, p_member, p_program, moment);
  if p_spend > 0 then
    insert into member_spend_days as x (tenant_id, member_id, program_id, day, spend)
    values (p_tenant, p_member, p_program, today, p_spend)
    on conflict (tenant_id, member_id, program_id, day) do update set spend = x.spend + excluded.spend;
  end if;
  while left_over > 0 loop
    select * into d from member_spend_days x
     where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program and x.spend > 0
     order by x.day desc limit 1;
    -- What was spent before the program looked at periods has no day to be taken off.
    exit when not found;
    update member_spend_days x set spend = x.spend - least(x.spend, left_over)
     where x.tenant_id = p_tenant and x.member_id = p_member and x.program_id = p_program and x.day = d.day;
    left_over := left_over - d.spend;
  end loop;
  select m.tier_id, m.tier_on, m.spend into tier_id, tier_on, spend from memberships m
   where m.tenant_id = p_tenant and m.member_id = p_member and m.program_id = p_program;
  select coalesce(jsonb_agg(jsonb_build_object('day', x.day, 'points', x.points::text, 'spend', x.spend::text)), '[]')
    into days
    from ledger_standing_days_v1(p_tenant, p_member, p_program, least(today, tier_on), p_months, p_zone) x;
  return next;
end $$;

-- Puts a member into a tier and notes the steps that the clock will bring, as [{at, tier, on}] in the order of time. The
-- wallet is settled when the first is due, as it is when a lot is.
create or replace function ledger_place_v1(p_tenant integer, p_member bigint, p_program bigint, p_tier bigint, p_on date,
  p_steps jsonb)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  due timestamptz := (p_steps -> 0 ->> 'at')::timestamptz;
begin
  update memberships m
     set tier_id = p_tier, tier_on = p_on, tier_steps = nullif(p_steps, '[]'), tier_due = due,
         previous_tier_id = case when m.tier_id is distinct from p_tier then m.tier_id else m.previous_tier_id end
   where m.tenant_id = p_tenant and m.member_id = p_member and m.program_id = p_program;
  update account a set next_due_at = due
   where a.tenant_id = p_tenant and a.holder_kind = 'M' and a.holder_id = p_member and a.program_id = p_program
     and a.currency = 'points' and a.next_due_at > due;
end $$;

-- Moves up to so many tiers that are due and that no wallet's settling has moved; gives how many. As ledger_sweep_v1.
create or replace function ledger_sweep_tiers_v1(p_limit integer, p_clock timestamptz, p_tenant integer)
returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  m record;
  swept integer := 0;
begin
  for m in
    select x.tenant_id, x.member_id, x.program_id, d.at
      from tenants t
      cross join lateral (
        select case when t.clock_offset_ms = 0 then coalesce(p_clock, clock_timestamp())
                    else coalesce(p_clock, clock_timestamp()) + t.clock_offset_ms * interval '1 millisecond' end as at) d
      join memberships x on x.tenant_id = t.tenant_id and x.tier_due <= d.at
     where p_tenant is null or t.tenant_id = p_tenant
     limit p_limit for no key update of x skip locked
  loop
    perform ledger_settle_tier_v1(m.tenant_id, m.member_id, m.program_id, m.at);
    swept := swept + 1;
  end loop;
  return swept;
end $$;

-- Locks the main wallet of a member, where there is one, until commit, and brings the tier that stands on it to now.
create or replace function ledger_lock_wallet_v1(p_tenant integer, p_member bigint, p_program bigint, p_clock timestamptz)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from account a
   where a.tenant_id = p_tenant and a.holder_kind = 'M' and a.holder_id = p_member and a.program_id = p_program
     and a.currency = 'points'
   for no key update;
  perform ledger_settle_tier_v1(p_tenant, p_member, p_program, coalesce(p_clock, clock_timestamp()));
end $$;
