-- As ledger_grow_lot_v2 was, and whether a lot had to wait never changes.
create or replace function ledger_grow_lot_v2() returns trigger language plpgsql as $$
begin
  if new.tenant_id <> old.tenant_id or new.account_id <> old.account_id or new.lot_no <> old.lot_no
     or new.seq <> old.seq or new.awarded <> old.awarded or new.matures_at <> old.matures_at
     or new.expires_at <> old.expires_at or new.of_lot is distinct from old.of_lot
     or new.delayed <> old.delayed or old.matured and not new.matured
     or new.consumed < old.consumed or new.expired < old.expired or new.reversed < old.reversed
     or new.offset_debt < old.offset_debt or new.moved < old.moved then
    raise '% on % is not allowed: the ledger is append-only', tg_op, tg_table_name using errcode = 'LP403';
  end if;
  return new;
end $$;
