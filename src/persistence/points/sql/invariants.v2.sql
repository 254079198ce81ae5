-- The laws that came with holds by lot, groups and published events.

create or replace view ledger_invariant_i03 as -- What is held is what lots reserve, and what open holds still claim.
select a.tenant_id, a.account_id, a.held::text as found
  from account a
 where a.held <> coalesce((select sum(l.reserved) from lot l where l.tenant_id = a.tenant_id
                              and l.account_id = a.account_id), 0)
    or a.held <> coalesce((select sum(h.amount - h.captured - h.released) from hold h where h.tenant_id = a.tenant_id
                              and h.account_id = a.account_id), 0)
union all
select h.tenant_id, h.account_id, h.hold_seq::text
  from hold h
 where (h.amount, h.captured, h.released) is distinct from
       (select (coalesce(sum(x.reserved), 0)::bigint, coalesce(sum(x.captured), 0)::bigint, coalesce(sum(x.released), 0)::bigint)
          from hold_lot x where x.tenant_id = h.tenant_id and x.account_id = h.account_id and x.hold_seq = h.hold_seq);

create or replace view ledger_invariant_i18 as -- Every entry has its event: waiting, or published.
select a.tenant_id, null::bigint as account_id, sum(a.version)::text as found
  from account a
 group by a.tenant_id
having sum(a.version) <> (select count(*) from outbox o where o.tenant_id = a.tenant_id and o.topic like 'points.%')
                       + coalesce((select p.published from outbox_published p where p.tenant_id = a.tenant_id), 0);

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
union all select 'I18', count(*) from ledger_invariant_i18
union all select 'I19', count(*) from ledger_invariant_i19
union all select 'I20', count(*) from ledger_invariant_i20;
