-- The journal is appended, never changed; of the other tables rows are never removed. Only a sandbox may forget, through
-- ledger_forget_tenant_v1, and the setting alone is not enough: the tenant must be one.
create or replace function ledger_guard_v1() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('ledger.forgetting', true) = old.tenant_id::text
     and exists (select from tenants t where t.tenant_id = old.tenant_id and t.sandbox) then
    return old;
  end if;
  raise '% on % is not allowed: the ledger is append-only', tg_op, tg_table_name using errcode = 'LP403';
end $$;

create or replace trigger append_only before update or delete on entry for each row execute function ledger_guard_v1();
create or replace trigger append_only before update or delete on allocation for each row execute function ledger_guard_v1();
create or replace trigger append_only before update or delete on reversal for each row execute function ledger_guard_v1();
create or replace trigger keep before delete on account for each row execute function ledger_guard_v1();
create or replace trigger keep before delete on lot for each row execute function ledger_guard_v1();
create or replace trigger keep before delete on award_source for each row execute function ledger_guard_v1();
create or replace trigger keep before delete on hold for each row execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on entry execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on allocation execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on reversal execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on account execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on lot execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on award_source execute function ledger_guard_v1();
create or replace trigger keep_all before truncate on hold execute function ledger_guard_v1();

-- Whose account it is never changes, but for forgetting who it was; what only counts up never counts down.
create or replace trigger monotone before update on account for each row
  when ((old.tenant_id, old.account_id, old.program_id, old.currency)
          is distinct from (new.tenant_id, new.account_id, new.program_id, new.currency)
        or ((old.holder_kind, old.holder_id) is distinct from (new.holder_kind, new.holder_id) and new.holder_kind <> 'E')
        or new.lifetime_earned < old.lifetime_earned or new.lifetime_reversed < old.lifetime_reversed
        or new.redeemed < old.redeemed or new.redeemed_on_rewards < old.redeemed_on_rewards
        or new.expired < old.expired or new.debt_floor < old.debt_floor
        or new.version < old.version or new.last_lot_no < old.last_lot_no)
  execute function ledger_guard_v1();

create or replace trigger monotone before update on lot for each row
  when ((old.tenant_id, old.account_id, old.lot_no, old.seq, old.awarded, old.matures_at, old.expires_at)
          is distinct from (new.tenant_id, new.account_id, new.lot_no, new.seq, new.awarded, new.matures_at, new.expires_at)
        or (old.matured and not new.matured)
        or new.consumed < old.consumed or new.expired < old.expired or new.reversed < old.reversed
        or new.offset_debt < old.offset_debt)
  execute function ledger_guard_v1();

create or replace trigger monotone before update on award_source for each row
  when ((old.tenant_id, old.source_type, old.source_ref, old.line_no, old.line_ref, old.rule, old.account_id, old.seq,
         old.lot_no, old.awarded, old.counts_for_lifetime)
          is distinct from (new.tenant_id, new.source_type, new.source_ref, new.line_no, new.line_ref, new.rule,
         new.account_id, new.seq, new.lot_no, new.awarded, new.counts_for_lifetime)
        or new.reversed < old.reversed or new.lapsed < old.lapsed)
  execute function ledger_guard_v1();
