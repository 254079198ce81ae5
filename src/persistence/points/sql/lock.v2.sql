-- Tells the client for how long a wallet was waited for, beside the answer and whatever becomes of it.
create or replace function ledger_waited_v1(p_since timestamptz) returns void language plpgsql as $$
begin
  raise info 'a wallet was waited for' using errcode = 'LP201', detail = extract(epoch from clock_timestamp() - p_since)::text;
end $$;

-- Locks the wallet, making it on first touch; null when holder or program do not exist. The row is the mutex for
-- everything under it. NO KEY: others may still refer to the row by foreign key. Mostly nobody has it, and then no clock
-- is read.
create or replace function ledger_lock_v1(k ledger_key_v1) returns account language plpgsql as $$
declare
  a account;
  since timestamptz;
begin
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update skip locked;
  if found then return a; end if;
  since := clock_timestamp();
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  if found then
    perform ledger_waited_v1(since);
    return a;
  end if;
  perform ledger_ensure_v1(k);
  -- A new statement: it sees the row that a twin committed while we waited for the conflict.
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  return a;
end $$;

-- Locks the wallets of several keys, lowest number first, so that two calls never wait for each other. Makes those
-- that are not there yet, before any is locked.
create or replace function ledger_lock_all_v1(p_keys ledger_key_v1[]) returns void language plpgsql as $$
declare
  k ledger_key_v1;
  since timestamptz;
begin
  foreach k in array p_keys loop
    if not exists (select from account x
                    where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
                      and x.program_id = k.program_id and x.currency = k.currency) then
      perform ledger_ensure_v1(k);
    end if;
  end loop;
  since := clock_timestamp();
  perform 1 from account x
    join (select distinct t.tenant_id, t.holder_kind, t.holder_id, t.program_id, t.currency from unnest(p_keys) t) t
      using (tenant_id, holder_kind, holder_id, program_id, currency)
   order by x.tenant_id, x.account_id for no key update of x;
  -- In their order they cannot be asked for without waiting first. It takes less than this to lock as many as a bulk has.
  if clock_timestamp() - since > interval '2 milliseconds' then perform ledger_waited_v1(since); end if;
end $$;
