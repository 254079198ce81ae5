-- Writes the figures of a locked account back, and from where on its lots are open.
create or replace function ledger_save_v1(a account) returns void language plpgsql as $$
begin
  update account x
     set available = a.available, pending = a.pending, held = a.held, debt_floor = a.debt_floor,
         lifetime_earned = a.lifetime_earned, lifetime_reversed = a.lifetime_reversed,
         redeemed = a.redeemed, redeemed_on_rewards = a.redeemed_on_rewards, expired = a.expired,
         ytd_year = a.ytd_year, ytd_credited = a.ytd_credited, ytd_debited = a.ytd_debited,
         version = a.version, last_lot_no = a.last_lot_no,
         next_due_at = a.next_due_at, settled_at = a.settled_at,
         open_from_expiry = a.open_from_expiry, open_from_lot = a.open_from_lot
   where x.tenant_id = a.tenant_id and x.account_id = a.account_id;
end $$;
