-- Settles up to so many wallets in which something is due, and gives back holds past their date. Housekeeping: whoever
-- touches a wallet settles it anyway. Wallets that somebody is using are skipped; they are settled by that. p_clock null:
-- the database's, moved as far as a sandbox's clock was moved. Gives how many it settled; none left when it is less than
-- the limit.
create or replace function ledger_sweep_v1(p_limit integer, p_clock timestamptz, p_tenant integer)
returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  shift record;
  swept integer := 0;
begin
  for shift in
    select t.clock_offset_ms as ms, array_agg(t.tenant_id) as tenants from tenants t
     where p_tenant is null or t.tenant_id = p_tenant group by t.clock_offset_ms order by 1
  loop
    exit when swept >= p_limit;
    swept := swept + ledger_sweep_at_v1(p_limit - swept, shift.tenants,
      case when shift.ms = 0 then p_clock
           else coalesce(p_clock, clock_timestamp()) + shift.ms * interval '1 millisecond' end);
  end loop;
  return swept;
end $$;

-- The same for tenants whose clocks agree.
create or replace function ledger_sweep_at_v1(p_limit integer, p_tenants integer[], p_clock timestamptz)
returns integer language plpgsql as $$
declare
  at timestamptz := coalesce(p_clock, clock_timestamp());
  a account;
  h record;
  swept integer := 0;
begin
  for a in
    select x.* from account x where x.next_due_at <= at and x.tenant_id = any(p_tenants)
     order by x.next_due_at limit p_limit for no key update skip locked
  loop
    perform ledger_settle_v1(a, ledger_own_call_v1(a.tenant_id, p_clock));
    swept := swept + 1;
  end loop;
  -- The wallet is locked and not the hold: whoever captures it holds the wallet and wants the hold.
  for a in
    select x.* from account x
     where x.tenant_id = any(p_tenants)
       and (x.tenant_id, x.account_id) in (select d.tenant_id, d.account_id from hold d where d.is_open and d.expires_at <= at)
     order by x.tenant_id, x.account_id limit p_limit - swept for no key update skip locked
  loop
    a := ledger_settle_v1(a, ledger_own_call_v1(a.tenant_id, p_clock));
    for h in
      select x.hold_seq, x.amount - x.captured - x.released as open from hold x
       where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.is_open and x.expires_at <= at
       order by x.hold_seq
    loop a := ledger_give_back_v1(a, ledger_own_call_v1(a.tenant_id, p_clock), h.hold_seq, h.open); end loop;
    swept := swept + 1;
  end loop;
  return swept;
end $$;

-- The call of the ledger itself, in the tenant's zone.
create or replace function ledger_own_call_v1(p_tenant integer, p_clock timestamptz) returns ledger_call_v1 language sql stable as $$
  select row(null, null, 'ledger', null, null, null, null, t.time_zone, p_clock, null, null, null)::ledger_call_v1
    from tenants t where t.tenant_id = p_tenant
$$;
