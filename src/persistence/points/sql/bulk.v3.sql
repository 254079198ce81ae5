-- As in version 2, and an item with finer points than the program has is not ordinary.
-- How many items from one on have its verb, tenant, clock and zone, a key that is new here and in the books, and a
-- wallet in which nothing is due and nothing owed. The rest of what makes them ordinary, each verb adds.
create or replace function ledger_ordinary_v2(p_items ledger_item_v2[], p_from integer, p_at timestamptz)
returns table (no integer, account_id bigint, points bigint) language plpgsql as $$
declare
  first ledger_item_v2 := p_items[p_from];
begin
  return query
  with item as (
    select x.ord::integer as no, x.key as k, x.call as c, x.points, x.verb
      from unnest(p_items) with ordinality as x (verb, key, call, source_type, source_ref, line_refs, points, rules,
             matures, expires, counts, ref, max_debt, hold, policy, to_kind, to_id, transfer, released_first, ord)
     where x.ord >= p_from
  ), judged as (
    select i.no, a.account_id, (select sum(p)::bigint from unnest(i.points) p) as points,
           i.verb = first.verb and (i.k).tenant_id = (first.key).tenant_id
           and (i.c).clock is not distinct from (first.call).clock and (i.c).time_zone = (first.call).time_zone
           and a.account_id is not null and a.available >= 0 and a.next_due_at > p_at
           and ledger_valid_points_v2(i.k, i.points, 1)
           and ((i.c).key is null
                or ledger_valid_key_v2(i.c)
                   and row_number() over (partition by (i.c).scope, (i.c).key order by i.no) = 1
                   and not exists (select from idempotency s where s.tenant_id = (i.k).tenant_id
                                      and s.scope = (i.c).scope and s.key = (i.c).key)) as ordinary
      from item i
      left join account a on a.tenant_id = (i.k).tenant_id and a.holder_kind = (i.k).holder_kind
       and a.holder_id = (i.k).holder_id and a.program_id = (i.k).program_id and a.currency = (i.k).currency
  )
  select j.no, j.account_id, j.points from judged j
   where j.no < coalesce((select min(n.no) from judged n where n.ordinary is not true), 'infinity'::float8)
   order by j.no;
end $$;
