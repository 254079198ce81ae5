create or replace view ledger_invariant_i25 as -- Nothing is left of a lot at or before the mark of its wallet.
select l.tenant_id, l.account_id, l.lot_no::text as found
  from lot l
  join account a using (tenant_id, account_id)
 where l.remaining > 0 and (l.expires_at, l.lot_no) <= (a.open_from_expiry, a.open_from_lot);
