-- How many lots of a wallet, from its mark on, are looked at for redemptions that are written together. Who needs more
-- takes them one by one.
create or replace function ledger_first_lots_v3(p_tenant integer, p_account bigint)
returns table (lot_no bigint, remaining bigint, expires_at timestamptz, upto numeric) language sql stable as $$
  select l.lot_no, l.remaining, l.expires_at, sum(l.remaining) over (order by l.expires_at, l.lot_no)
    from account a
   cross join lateral (
         select x.lot_no, x.remaining, x.expires_at from lot x
          where x.tenant_id = a.tenant_id and x.account_id = a.account_id and x.awarded > 0
            and (x.expires_at, x.lot_no) > (a.open_from_expiry, a.open_from_lot) and x.remaining > 0 and x.matured
          order by x.expires_at, x.lot_no limit 64) l
   where a.tenant_id = p_tenant and a.account_id = p_account
$$;

-- How many redemptions from an item on are ordinary: of one figure each, and covered by the first lots of their wallet.
create or replace function ledger_ordinary_redemptions_v2(p_items ledger_item_v2[], p_from integer, p_at timestamptz)
returns integer language plpgsql as $$
begin
  return (
    with asked as (
      select o.no, o.account_id, (p_items[o.no].key).tenant_id, cardinality(p_items[o.no].points) as figures,
             sum(o.points) over (partition by o.account_id order by o.no) as upto
        from ledger_ordinary_v2(p_items, p_from, p_at) o
    ), there as (
      select w.account_id, (select max(l.upto) from ledger_first_lots_v3(w.tenant_id, w.account_id) l) as upto
        from (select distinct a.tenant_id, a.account_id from asked a) w
    ), judged as (
      select a.no, coalesce(a.upto <= t.upto, false) and a.figures = 1 as ordinary from asked a join there t using (account_id)
    )
    select coalesce((select min(j.no) from judged j where not j.ordinary), (select max(j.no) + 1 from judged j), p_from)
           - p_from);
end $$;

-- What ledger_redeem_v2 does, for many ordinary redemptions at once: those of a wallet stand one after the other, as its
-- lots do, and a redemption takes of a lot where the two overlap.
create or replace function ledger_redeem_together_v2(p_items ledger_item_v2[], p_at timestamptz)
returns setof ledger_outcome_v1 language plpgsql as $$
declare
  zone text := (p_items[1].call).time_zone;
begin
  return query
  with item as materialized (
    select x.ord as no, a as w, a.tenant_id, a.account_id, x.call as c, x.ref, x.points[1] as points,
           a.version + row_number() over wallet as seq,
           a.available - sum(x.points[1]) over wallet as available,
           sum(x.points[1]) over wallet as upto
      from unnest(p_items) with ordinality as x (verb, key, call, source_type, source_ref, line_refs, points, rules,
             matures, expires, counts, ref, max_debt, hold, policy, to_kind, to_id, transfer, released_first, ord)
      join account a on a.tenant_id = (x.key).tenant_id and a.holder_kind = (x.key).holder_kind
       and a.holder_id = (x.key).holder_id and a.program_id = (x.key).program_id and a.currency = (x.key).currency
    window wallet as (partition by a.account_id order by x.ord)
  ), wallet as materialized (
    select i.tenant_id, i.account_id, sum(i.points) as points, count(*) as entries,
           sum(case when i.ref like 'reward:%' then i.points else 0 end) as on_rewards,
           extract(year from p_at at time zone zone)::integer as year
      from item i group by i.tenant_id, i.account_id
  ), there as materialized (
    select n.tenant_id, n.account_id, n.points as wanted, l.*
      from wallet n cross join lateral ledger_first_lots_v3(n.tenant_id, n.account_id) l
  ), taken as materialized (
    select i.tenant_id, i.account_id, i.seq, l.lot_no,
           (least(i.upto, l.upto) - greatest(i.upto - i.points, l.upto - l.remaining))::bigint as points
      from there l
      join item i on i.tenant_id = l.tenant_id and i.account_id = l.account_id
       and i.upto - i.points < l.upto and l.upto - l.remaining < i.upto
  ), spent as materialized (
    -- Up to where nothing is left: the last lot, or before it; and not past one that waits to mature.
    select l.tenant_id, l.account_id,
           case when p.lot_no is null then l.expires_at else p.expires_at end as expires_at,
           case when p.lot_no is null then l.last_lot else p.lot_no - 1 end as lot_no
      from (select distinct on (t.tenant_id, t.account_id) t.tenant_id, t.account_id, t.expires_at,
                   case when t.upto = t.wanted then t.lot_no else t.lot_no - 1 end as last_lot
              from there t where t.upto >= t.wanted order by t.tenant_id, t.account_id, t.upto) l
      join account a on a.tenant_id = l.tenant_id and a.account_id = l.account_id
      left join lateral (
        select x.expires_at, x.lot_no from lot x
         where x.tenant_id = a.tenant_id and x.account_id = a.account_id
           and x.awarded > 0 and (x.expires_at, x.lot_no) > (a.open_from_expiry, a.open_from_lot)
           and (x.expires_at, x.lot_no) <= (l.expires_at, l.last_lot) and x.remaining > 0 and not x.matured
         order by x.expires_at, x.lot_no limit 1
      ) p on a.pending > 0
  ), entries as (
    insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, action_id,
      reason, actor, request_id, purchase_kind, purchase_id, ref, occurred_at, effective_at)
    select tenant_id, account_id, seq, 'REDEEM', -points, 0, 0, available, (c).action_id, (c).reason, (c).actor,
           (c).request_id, (c).purchase_kind, (c).purchase_id, ref, coalesce((c).occurred_at, p_at), p_at
      from item
  ), lots as (
    update lot x set remaining = x.remaining - n.points, consumed = x.consumed + n.points
      from (select t.tenant_id, t.account_id, t.lot_no, sum(t.points) as points from taken t
             group by t.tenant_id, t.account_id, t.lot_no) n
     where x.tenant_id = n.tenant_id and x.account_id = n.account_id and x.lot_no = n.lot_no
  ), allocations as (
    insert into allocation (tenant_id, account_id, seq, lot_no, points)
    select tenant_id, account_id, seq, lot_no, points from taken
  ), events as (
    insert into outbox (tenant_id, topic, lane, payload)
    select tenant_id, 'points.redeem', account_id::text,
           jsonb_build_object('accountId', account_id::text, 'seq', seq::text)
      from item order by no
  ), wallets as (
    update account x
       set available = x.available - n.points, redeemed = x.redeemed + n.points,
           redeemed_on_rewards = x.redeemed_on_rewards + n.on_rewards, version = x.version + n.entries, settled_at = p_at,
           open_from_expiry = s.expires_at, open_from_lot = s.lot_no,
           ytd_year = greatest(x.ytd_year, n.year),
           ytd_credited = case when n.year > x.ytd_year then 0 else x.ytd_credited end,
           ytd_debited = case when n.year > x.ytd_year then n.points
                              when n.year = x.ytd_year then x.ytd_debited + n.points else x.ytd_debited end
      from wallet n join spent s using (tenant_id, account_id)
     where x.tenant_id = n.tenant_id and x.account_id = n.account_id
  ), answer as materialized (
    select i.no, i.tenant_id, i.c, row('DONE', i.account_id, i.seq, i.points, 0, i.available, (i.w).pending, (i.w).held,
             (i.w).lifetime_earned - (i.w).lifetime_reversed, null, null, false)::ledger_outcome_v1 as o
      from item i
  ), answers as (
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    select tenant_id, (c).scope, (c).key, (c).request_hash, (o).account_id, (o).seq, to_jsonb(o)
      from answer where (c).key is not null
  )
  select (a.o).* from answer a order by a.no;
end $$;
