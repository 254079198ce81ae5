-- Empties the books of a sandbox, and of nothing else. Purchases, members and the like are the caller's.
create or replace function ledger_forget_tenant_v1(p_tenant integer) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from tenants t where t.tenant_id = p_tenant and t.sandbox) then
    raise 'tenant % is not a sandbox', p_tenant using errcode = 'LP403';
  end if;
  perform set_config('ledger.forgetting', p_tenant::text, true);
  delete from outbox where tenant_id = p_tenant;
  delete from outbox_published where tenant_id = p_tenant;
  delete from idempotency where tenant_id = p_tenant;
  delete from reversal where tenant_id = p_tenant;
  delete from allocation where tenant_id = p_tenant;
  delete from award_source where tenant_id = p_tenant;
  delete from hold_lot where tenant_id = p_tenant;
  delete from hold where tenant_id = p_tenant;
  delete from lot where tenant_id = p_tenant;
  delete from entry where tenant_id = p_tenant;
  delete from account where tenant_id = p_tenant;
  perform set_config('ledger.forgetting', '', true);
end $$;
