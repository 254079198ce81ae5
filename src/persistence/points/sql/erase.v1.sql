-- Forgets whose wallets these were while the books stay: what is held is given back, what is left lapses, and the wallet
-- belongs to nobody. Gives how many wallets there were.
create or replace function ledger_erase_holder_v1(p_tenant integer, p_holder_kind text, p_holder_id bigint, p_clock timestamptz)
returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  c ledger_call_v1 := ledger_own_call_v1(p_tenant, p_clock);
  a account;
  erased integer := 0;
begin
  c.reason := 'holder erased';
  for a in
    select * from account x
     where x.tenant_id = p_tenant and x.holder_kind = p_holder_kind and x.holder_id = p_holder_id and p_holder_kind <> 'E'
     order by x.account_id for no key update
  loop
    a := ledger_settle_v1(a, c);
    a := ledger_give_up_v1(a, c);
    update account x set holder_kind = 'E', holder_id = x.account_id
     where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
    erased := erased + 1;
  end loop;
  return erased;
end $$;

-- Releases every hold of a locked account and lets everything in it lapse. Saves it.
create or replace function ledger_give_up_v1(a account, c ledger_call_v1) returns account language plpgsql as $$
declare
  x record;
begin
  for x in select h.hold_seq, h.amount - h.captured - h.released as open from hold h
            where h.tenant_id = a.tenant_id and h.account_id = a.account_id and h.is_open order by h.hold_seq
  loop a := ledger_give_back_v1(a, c, x.hold_seq, x.open); end loop;
  for x in select l.lot_no from lot l
            where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_open order by l.expires_at, l.lot_no
  loop a := ledger_expire_v1(a, c, x.lot_no, a.settled_at); end loop;
  a.next_due_at := 'infinity';
  perform ledger_save_v1(a);
  return a;
end $$;
