-- The laws that came with awards that are dated in parts.

create or replace view ledger_invariant_i14 as -- Every point credited stands in a lot, and every lot is explained.
select l.tenant_id, l.account_id, l.lot_no::text as found
  from lot l
 where l.awarded <> l.remaining + l.reserved + l.consumed + l.expired + l.reversed + l.offset_debt + l.moved
union all
select e.tenant_id, e.account_id, e.seq::text
  from entry e
 where (e.kind in ('AWARD', 'TRANSFER_IN') or e.kind = 'ADJUST' and e.d_available > 0)
   and e.d_available + e.d_pending <> coalesce((select sum(l.awarded) from lot l where l.tenant_id = e.tenant_id
                                                   and l.account_id = e.account_id and l.seq = e.seq and l.of_lot is null), 0);

create or replace view ledger_invariant_i23 as -- What left a lot for parts with a date of their own is in those parts.
select l.tenant_id, l.account_id, min(l.lot_no)::text as found
  from lot l
 where l.of_lot is not null or l.moved > 0
 group by l.tenant_id, l.account_id, coalesce(l.of_lot, l.lot_no)
having sum(l.moved) <> coalesce(sum(l.awarded) filter (where l.of_lot is not null), 0) or count(distinct l.seq) <> 1;

create or replace view ledger_invariant_i24 as -- What was taken back before it matured is the sum of the journal.
select a.tenant_id, a.account_id, a.reversed_pending::text as found
  from account a
 where a.reversed_pending > a.lifetime_reversed
    or a.reversed_pending <> coalesce((
         select -sum(e.d_pending) from entry e join entry w on w.tenant_id = e.tenant_id and w.account_id = e.account_id
            and w.seq = e.of_seq and w.counts_for_lifetime
          where e.tenant_id = a.tenant_id and e.account_id = a.account_id and e.kind = 'REVERSE'), 0);
