-- Makes the wallet of a key on its first touch. Makes nothing when holder or program do not exist in this tenant.
create or replace function ledger_ensure_v1(k ledger_key_v1) returns void language plpgsql as $$
begin
  insert into account (tenant_id, holder_kind, holder_id, program_id, currency)
  select k.tenant_id, k.holder_kind, k.holder_id, k.program_id, k.currency
   where exists (select from programs p where p.tenant_id = k.tenant_id and p.program_id = k.program_id)
     and (k.holder_kind = 'M'
            and exists (select from members m where m.tenant_id = k.tenant_id and m.member_id = k.holder_id)
          or k.holder_kind = 'G'
            and exists (select from groups g where g.tenant_id = k.tenant_id and g.group_id = k.holder_id))
      on conflict do nothing;
end $$;

-- Locks the wallet, making it on first touch; null when holder or program do not exist. The row is the mutex for
-- everything under it. NO KEY: others may still refer to the row by foreign key.
create or replace function ledger_lock_v1(k ledger_key_v1) returns account language plpgsql as $$
declare
  a account;
begin
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  if found then return a; end if;
  perform ledger_ensure_v1(k);
  -- A new statement: it sees the row that a twin committed while we waited for the conflict.
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  return a;
end $$;

-- Locks a wallet that is known by its number; null when there is none.
create or replace function ledger_lock_id_v1(p_tenant integer, p_account bigint) returns account language plpgsql as $$
declare
  a account;
begin
  select * into a from account x where x.tenant_id = p_tenant and x.account_id = p_account for no key update;
  return a;
end $$;

-- Locks the wallets of several keys, lowest number first, so that two calls never wait for each other. Makes those
-- that are not there yet, before any is locked.
create or replace function ledger_lock_all_v1(p_keys ledger_key_v1[]) returns void language plpgsql as $$
declare
  k ledger_key_v1;
begin
  foreach k in array p_keys loop
    if not exists (select from account x
                    where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
                      and x.program_id = k.program_id and x.currency = k.currency) then
      perform ledger_ensure_v1(k);
    end if;
  end loop;
  perform 1 from account x
    join (select distinct t.tenant_id, t.holder_kind, t.holder_id, t.program_id, t.currency from unnest(p_keys) t) t
      using (tenant_id, holder_kind, holder_id, program_id, currency)
   order by x.tenant_id, x.account_id for no key update of x;
end $$;
