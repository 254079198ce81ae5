-- The law of each row, as one function of the whole row. As a check of the table each costs one call; written out as
-- checks of single columns, all of them are read and planned again by every statement, which was a quarter of an award.

create or replace function ledger_lawful_account_v2(a account) returns boolean language plpgsql immutable as $$
begin
  return a.holder_kind in ('M', 'G', 'E') and a.holder_id > 0
     and length(a.currency) between 1 and 40
     and a.account_id between 1 and 9007199254740991
     and a.pending >= 0 and a.held >= 0 and a.debt_floor >= 0 and a.available >= -a.debt_floor
     and a.lifetime_reversed <= a.lifetime_earned
     and a.reversed_pending >= 0
     and a.redeemed_on_rewards <= a.redeemed;
end $$;

create or replace function ledger_lawful_entry_v2(e entry) returns boolean language plpgsql immutable as $$
begin
  return e.seq > 0
     and e.kind in ('AWARD', 'MATURE', 'REDEEM', 'REVERSE', 'EXPIRE', 'HOLD', 'CAPTURE', 'RELEASE', 'TRANSFER_IN',
                    'TRANSFER_OUT', 'ADJUST')
     and e.debt_allowed >= 0 and e.shortfall >= 0 and e.lapsed >= 0
     and (e.purchase_kind is null) = (e.purchase_id is null);
end $$;

-- Every point of a lot is explained.
create or replace function ledger_lawful_lot_v2(l lot) returns boolean language plpgsql immutable as $$
begin
  return l.awarded = l.remaining + l.reserved + l.consumed + l.expired + l.reversed + l.offset_debt + l.moved
     and l.lot_no > 0 and l.awarded > 0 and l.remaining >= 0 and l.reserved >= 0 and l.consumed >= 0
     and l.expired >= 0 and l.reversed >= 0 and l.offset_debt >= 0 and l.moved >= 0
     and (l.matured or l.reserved + l.consumed + l.offset_debt = 0);
end $$;

create or replace function ledger_lawful_award_source_v2(s award_source) returns boolean language plpgsql immutable as $$
begin
  return length(s.source_type) between 1 and 40 and length(s.source_ref) between 1 and 255
     and s.line_no > 0 and length(s.line_ref) <= 255
     and s.awarded > 0 and s.reversed between 0 and s.awarded and s.lapsed between 0 and s.reversed;
end $$;

create or replace function ledger_lawful_idempotency_v2(i idempotency) returns boolean language plpgsql immutable as $$
begin
  return length(i.scope) between 1 and 100 and length(i.key) between 1 and 255 and length(i.request_hash) = 32;
end $$;

-- Whose account it is never changes, but for forgetting who it was; what only counts up never counts down. The condition
-- stands in the function and not at the trigger for the same reason.
create or replace function ledger_grow_account_v2() returns trigger language plpgsql as $$
begin
  if new.tenant_id <> old.tenant_id or new.account_id <> old.account_id or new.program_id <> old.program_id
     or new.currency <> old.currency
     or (new.holder_kind <> old.holder_kind or new.holder_id <> old.holder_id) and new.holder_kind <> 'E'
     or new.lifetime_earned < old.lifetime_earned or new.lifetime_reversed < old.lifetime_reversed
     or new.reversed_pending < old.reversed_pending
     or new.redeemed < old.redeemed or new.redeemed_on_rewards < old.redeemed_on_rewards
     or new.expired < old.expired or new.debt_floor < old.debt_floor
     or new.version < old.version or new.last_lot_no < old.last_lot_no then
    raise '% on % is not allowed: the ledger is append-only', tg_op, tg_table_name using errcode = 'LP403';
  end if;
  return new;
end $$;

create or replace function ledger_grow_lot_v2() returns trigger language plpgsql as $$
begin
  if new.tenant_id <> old.tenant_id or new.account_id <> old.account_id or new.lot_no <> old.lot_no
     or new.seq <> old.seq or new.awarded <> old.awarded or new.matures_at <> old.matures_at
     or new.expires_at <> old.expires_at or new.of_lot is distinct from old.of_lot
     or old.matured and not new.matured
     or new.consumed < old.consumed or new.expired < old.expired or new.reversed < old.reversed
     or new.offset_debt < old.offset_debt or new.moved < old.moved then
    raise '% on % is not allowed: the ledger is append-only', tg_op, tg_table_name using errcode = 'LP403';
  end if;
  return new;
end $$;
