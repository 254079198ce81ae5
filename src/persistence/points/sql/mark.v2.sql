-- The mark of a wallet, (open_from_expiry, open_from_lot), stands in the order in which lots are spent: nothing is left
-- of any lot at or before it. Spending moves it up and begins behind it, so that lots which were spent are not read again;
-- whoever makes a lot, or gives points back to one, moves it down before that one. Points that nobody can spend any more
-- would be the price of a mark too far up: law I25. Whoever reads lots in this order says awarded > 0, which all of them are:
-- the index of that order is only for those, because to the planner it would be as good as the primary key for finding one
-- lot by its number, and it is not where a wallet has thousands.
create type ledger_mark_v2 as (expires_at timestamptz, lot_no bigint);
