-- Locks the wallet, making it on first touch; null when holder or programme do not exist. The row is the mutex for
-- everything under it. NO KEY: others may still refer to the row by foreign key.
create function ledger_lock_v1(k ledger_key_v1) returns account language plpgsql as $$
declare
  a account;
begin
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  if found then return a; end if;

  insert into account (tenant_id, holder_kind, holder_id, program_id, currency)
  select k.tenant_id, k.holder_kind, k.holder_id, k.program_id, k.currency
   where k.holder_kind = 'M'
     and exists (select from members m where m.tenant_id = k.tenant_id and m.member_id = k.holder_id)
     and exists (select from programs p where p.tenant_id = k.tenant_id and p.program_id = k.program_id)
      on conflict do nothing;

  -- A new statement: it sees the row that a twin committed while we waited for the conflict.
  select * into a from account x
   where x.tenant_id = k.tenant_id and x.holder_kind = k.holder_kind and x.holder_id = k.holder_id
     and x.program_id = k.program_id and x.currency = k.currency
   for no key update;
  return a;
end $$;
