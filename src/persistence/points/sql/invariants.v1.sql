-- What must always hold, one view each: a row is a violation. The tests and the running server look at the same views.

create or replace view ledger_invariant_i01 as -- The spendable balance is what matured lots hold, or a debt.
select a.tenant_id, a.account_id, a.available::text as found
  from account a
 where a.available <> coalesce((select sum(l.remaining) from lot l where l.tenant_id = a.tenant_id
                                   and l.account_id = a.account_id and l.matured), 0) - greatest(0, -a.available);

create or replace view ledger_invariant_i02 as -- What is pending is what lots hold that have not matured.
select a.tenant_id, a.account_id, a.pending::text as found
  from account a
 where a.pending <> coalesce((select sum(l.remaining) from lot l where l.tenant_id = a.tenant_id
                                 and l.account_id = a.account_id and not l.matured), 0);

create or replace view ledger_invariant_i03 as -- What is held is what lots reserve, and what open holds still claim.
select a.tenant_id, a.account_id, a.held::text as found
  from account a
 where a.held <> coalesce((select sum(l.reserved) from lot l where l.tenant_id = a.tenant_id
                              and l.account_id = a.account_id), 0)
    or a.held <> coalesce((select sum(h.amount - h.captured - h.released) from hold h where h.tenant_id = a.tenant_id
                              and h.account_id = a.account_id), 0);

create or replace view ledger_invariant_i04 as -- Balances are the sums of the journal.
select a.tenant_id, a.account_id, format('%s/%s/%s', a.available, a.pending, a.held) as found
  from account a
  left join (select tenant_id, account_id, sum(d_available) as available, sum(d_pending) as pending, sum(d_held) as held
               from entry group by tenant_id, account_id) e using (tenant_id, account_id)
 where (a.available, a.pending, a.held)
       is distinct from (coalesce(e.available, 0), coalesce(e.pending, 0), coalesce(e.held, 0));

create or replace view ledger_invariant_i05 as -- Each entry's balance after is the running sum.
select tenant_id, account_id, seq::text as found
  from (select tenant_id, account_id, seq, available_after,
               sum(d_available) over (partition by tenant_id, account_id order by seq) as running from entry) e
 where available_after <> running;

create or replace view ledger_invariant_i06 as -- The journal has no gap, and nothing is lost at its end.
select a.tenant_id, a.account_id, a.version::text as found
  from account a
  left join (select tenant_id, account_id, min(seq) as lowest, max(seq) as highest, count(*) as entries
               from entry group by tenant_id, account_id) e using (tenant_id, account_id)
 where a.version <> coalesce(e.highest, 0) or coalesce(e.highest, 0) <> coalesce(e.entries, 0)
    or coalesce(e.lowest, 1) <> 1;

create or replace view ledger_invariant_i07 as -- Lots pay for what leaves, but for new debt; and of what arrives, for the debt that is gone.
select e.tenant_id, e.account_id, e.seq::text as found
  from (select x.*, greatest(0, -x.available_after) - greatest(0, x.d_available - x.available_after) as debt from entry x) e
  left join (select tenant_id, account_id, seq, sum(points) as points from allocation group by tenant_id, account_id, seq) p
       using (tenant_id, account_id, seq)
 where e.kind <> 'CAPTURE'
   and coalesce(p.points, 0) <> case when e.d_available + e.d_pending < 0 then -(e.d_available + e.d_pending) else 0 end - e.debt;

create or replace view ledger_invariant_i08 as -- Lots pay for what a capture takes from what was held.
select e.tenant_id, e.account_id, e.seq::text as found
  from entry e
 where e.kind = 'CAPTURE'
   and -e.d_held <> coalesce((select sum(p.points) from allocation p where p.tenant_id = e.tenant_id
                                 and p.account_id = e.account_id and p.seq = e.seq), 0);

create or replace view ledger_invariant_i09 as -- Each lot's figures are the sums of what was allocated from it, by kind.
select l.tenant_id, l.account_id, l.lot_no::text as found
  from lot l
  left join (
    select p.tenant_id, p.account_id, p.lot_no,
           sum(p.points) filter (where e.kind in ('REDEEM', 'CAPTURE', 'TRANSFER_OUT')
                                    or e.kind = 'ADJUST' and e.d_available < 0) as consumed,
           sum(p.points) filter (where e.kind = 'EXPIRE') as expired,
           sum(p.points) filter (where e.kind = 'REVERSE') as reversed,
           sum(p.points) filter (where e.kind in ('AWARD', 'MATURE', 'RELEASE', 'TRANSFER_IN')
                                    or e.kind = 'ADJUST' and e.d_available > 0) as offset_debt
      from allocation p join entry e using (tenant_id, account_id, seq)
     group by p.tenant_id, p.account_id, p.lot_no) p using (tenant_id, account_id, lot_no)
 where (l.consumed, l.expired, l.reversed, l.offset_debt)
       is distinct from (coalesce(p.consumed, 0), coalesce(p.expired, 0), coalesce(p.reversed, 0), coalesce(p.offset_debt, 0));

create or replace view ledger_invariant_i10 as -- Nobody is deeper in debt than an entry allowed.
select a.tenant_id, a.account_id, a.available::text as found
  from account a
 where a.available < -a.debt_floor
    or a.debt_floor <> coalesce((select max(e.debt_allowed) from entry e where e.tenant_id = a.tenant_id
                                    and e.account_id = a.account_id), 0);

create or replace view ledger_invariant_i11 as -- What was reversed is the sum over the awards, and over the reversals of each.
select a.tenant_id, a.account_id, a.lifetime_reversed::text as found
  from account a
 where a.lifetime_reversed <> coalesce((select sum(s.reversed) from award_source s where s.tenant_id = a.tenant_id
                                           and s.account_id = a.account_id and s.counts_for_lifetime), 0)
union all
select s.tenant_id, s.account_id, s.source_ref
  from award_source s
 where s.reversed > s.awarded
    or s.reversed <> coalesce((select sum(r.points) from reversal r where r.tenant_id = s.tenant_id
                                  and r.account_id = s.account_id and r.lot_no = s.lot_no), 0);

create or replace view ledger_invariant_i12 as -- The counters that only grow are exact.
select a.tenant_id, a.account_id, format('%s/%s/%s', a.lifetime_earned, a.redeemed, a.expired) as found
  from account a
  left join (
    select tenant_id, account_id,
           sum(d_available + d_pending) filter (where kind = 'AWARD' and counts_for_lifetime) as earned,
           -sum(d_available + d_held) filter (where kind in ('REDEEM', 'CAPTURE')) as redeemed,
           -sum(d_available + d_pending) filter (where kind = 'EXPIRE') as expired
      from entry group by tenant_id, account_id) e using (tenant_id, account_id)
 where (a.lifetime_earned, a.redeemed, a.expired)
       is distinct from (coalesce(e.earned, 0), coalesce(e.redeemed, 0), coalesce(e.expired, 0));

create or replace view ledger_invariant_i13 as -- What leaves one wallet of a tenant arrives in one other.
select tenant_id, min(account_id) as account_id, transfer_id::text as found
  from entry
 where transfer_id is not null
 group by tenant_id, transfer_id
having sum(d_available) <> 0 or count(distinct account_id) <> 2 or count(*) <> 2;

create or replace view ledger_invariant_i14 as -- Every point credited stands in a lot, and every lot is explained.
select l.tenant_id, l.account_id, l.lot_no::text as found
  from lot l
 where l.awarded <> l.remaining + l.reserved + l.consumed + l.expired + l.reversed + l.offset_debt
union all
select e.tenant_id, e.account_id, e.seq::text
  from entry e
 where (e.kind in ('AWARD', 'TRANSFER_IN') or e.kind = 'ADJUST' and e.d_available > 0)
   and e.d_available + e.d_pending <> coalesce((select sum(l.awarded) from lot l where l.tenant_id = e.tenant_id
                                                   and l.account_id = e.account_id and l.seq = e.seq), 0);

create or replace view ledger_invariant_i15 as -- An answer that was given has its entry, of the account it names.
select i.tenant_id, i.account_id, i.key as found
  from idempotency i
 where (i.answer ->> 'status' = 'DONE' and (i.answer ->> 'seq') is distinct from i.seq::text)
    or (i.answer ->> 'account_id') is distinct from i.account_id::text
    or i.seq is not null and not exists (select from entry e where e.tenant_id = i.tenant_id
                                            and e.account_id = i.account_id and e.seq = i.seq);

create or replace view ledger_invariant_i16 as -- Every award has its sources, they sum to it, and none is named twice.
select e.tenant_id, e.account_id, e.seq::text as found
  from entry e
 where e.kind = 'AWARD'
   and e.d_available + e.d_pending <> coalesce((select sum(s.awarded) from award_source s where s.tenant_id = e.tenant_id
                                                   and s.account_id = e.account_id and s.seq = e.seq), 0)
union all
select s.tenant_id, min(s.account_id), s.source_ref
  from award_source s
 group by s.tenant_id, s.source_type, s.source_ref
having count(*) <> count(distinct s.line_ref) or count(distinct (s.account_id, s.seq)) <> 1 or min(s.line_no) <> 1;

create or replace view ledger_invariant_i17 as -- Nobody is in debt who has points to pay it.
select a.tenant_id, a.account_id, a.available::text as found
  from account a
 where a.available < 0
   and exists (select from lot l where l.tenant_id = a.tenant_id and l.account_id = a.account_id and l.is_open and l.matured);

create or replace view ledger_invariant_i19 as -- Every foreign key carries the tenant on both sides, and was checked.
select null::integer as tenant_id, null::bigint as account_id, c.conname::text as found
  from pg_constraint c
 where c.contype = 'f' and c.connamespace = 'public'::regnamespace
   and c.conparentid = 0
   and (not c.convalidated
        or not exists (select from unnest(c.conkey, c.confkey) as k (own, other)
                         join pg_attribute o on o.attrelid = c.conrelid and o.attnum = k.own and o.attname = 'tenant_id'
                         join pg_attribute t on t.attrelid = c.confrelid and t.attnum = k.other and t.attname = 'tenant_id'));

create or replace view ledger_invariant_i20 as -- Nothing lapsed is spendable, and nothing falls due before the account expects it.
select l.tenant_id, l.account_id, l.lot_no::text as found
  from lot l
  join account a using (tenant_id, account_id)
 where l.is_open
   and (l.expires_at <= a.settled_at or l.expires_at < a.next_due_at or l.is_pending and l.matures_at < a.next_due_at);

create or replace view ledger_invariants as
          select 'I01' as invariant, count(*) as violations from ledger_invariant_i01
union all select 'I02', count(*) from ledger_invariant_i02
union all select 'I03', count(*) from ledger_invariant_i03
union all select 'I04', count(*) from ledger_invariant_i04
union all select 'I05', count(*) from ledger_invariant_i05
union all select 'I06', count(*) from ledger_invariant_i06
union all select 'I07', count(*) from ledger_invariant_i07
union all select 'I08', count(*) from ledger_invariant_i08
union all select 'I09', count(*) from ledger_invariant_i09
union all select 'I10', count(*) from ledger_invariant_i10
union all select 'I11', count(*) from ledger_invariant_i11
union all select 'I12', count(*) from ledger_invariant_i12
union all select 'I13', count(*) from ledger_invariant_i13
union all select 'I14', count(*) from ledger_invariant_i14
union all select 'I15', count(*) from ledger_invariant_i15
union all select 'I16', count(*) from ledger_invariant_i16
union all select 'I17', count(*) from ledger_invariant_i17
union all select 'I19', count(*) from ledger_invariant_i19
union all select 'I20', count(*) from ledger_invariant_i20;
