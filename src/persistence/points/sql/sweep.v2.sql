-- What ledger_sweep_v1 does, for tenants whose clocks agree. The index of what is due holds only what ever will be, and is
-- not taken unless that is said: every sweep read all wallets.
create or replace function ledger_sweep_at_v1(p_limit integer, p_tenants integer[], p_clock timestamptz)
returns integer language plpgsql as $$
declare
  at timestamptz := coalesce(p_clock, clock_timestamp());
  a account;
  h record;
  swept integer := 0;
begin
  for a in
    select x.* from account x
     where x.next_due_at <= at and x.next_due_at < 'infinity' and x.tenant_id = any(p_tenants)
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
