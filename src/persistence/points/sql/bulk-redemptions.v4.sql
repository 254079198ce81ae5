-- What ledger_redeem_v2 does, for as many redemptions from one on as are ordinary, with one statement that judges and
-- writes them: those of a wallet stand one after the other, as its lots do, and a redemption takes of a lot where the two
-- overlap. Beside what ledger_judged_v3 says, ordinary is a key that is new here, one figure, and that the first lots of
-- the wallet cover it. Answers those that were written: none when already the first is not ordinary.
create or replace function ledger_redeem_together_v3(b ledger_items_v3, p_from integer, p_at timestamptz)
returns setof ledger_outcome_v1 language plpgsql as $$
declare
  year_now integer := extract(year from p_at at time zone b.time_zones[p_from]);
begin
  return query
  with item as materialized (
    select i.*, i.total as points, i.version + row_number() over wallet as seq,
           i.available - (sum(i.total) over wallet)::bigint as available_after, sum(i.total) over wallet as upto
      from ledger_judged_v3(b, p_from, p_at) i
    window wallet as (partition by i.account_id order by i.no)
  ), first_lot as materialized (
    select w.tenant_id, w.account_id, l.*
      from (select distinct i.tenant_id, i.account_id from item i where i.is_ordinary) w
     cross join lateral ledger_first_lots_v3(w.tenant_id, w.account_id) l
  ), stranger as materialized (
    -- The first that is not ordinary, or shares its key with a later one, or that the first lots do not cover.
    select least(
      (select min(i.no) from item i where (i.is_ordinary and i.lines = 1) is not true),
      (select min(k.no) from (select min(i.no) as no from item i where i.key is not null
                               group by i.scope, i.key having count(*) > 1) k),
      (select min(i.no) from item i
         left join (select l.account_id, max(l.upto) as upto from first_lot l group by l.account_id) c using (account_id)
        where coalesce(i.upto > c.upto, true))) as no
  ), redemption as materialized (
    select * from item i where i.no < coalesce((select s.no from stranger s), 9007199254740991)
  ), wallet as materialized (
    select i.tenant_id, i.account_id, sum(i.points) as points, count(*) as entries,
           sum(case when i.ref like 'reward:%' then i.points else 0 end) as on_rewards
      from redemption i group by i.tenant_id, i.account_id
  ), there as materialized (
    select l.*, n.points as wanted from wallet n join first_lot l using (tenant_id, account_id)
  ), taken as materialized (
    select i.tenant_id, i.account_id, i.seq, l.lot_no,
           (least(i.upto, l.upto) - greatest(i.upto - i.points, l.upto - l.remaining))::bigint as points
      from there l
      join redemption i on i.tenant_id = l.tenant_id and i.account_id = l.account_id
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
    select tenant_id, account_id, seq, 'REDEEM', -points, 0, 0, available_after, action_id, reason, actor, request_id,
           purchase_kind, purchase_id, ref, occurred_at, p_at
      from redemption
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
      from redemption order by no
  ), wallets as (
    update account x
       set available = x.available - n.points, redeemed = x.redeemed + n.points,
           redeemed_on_rewards = x.redeemed_on_rewards + n.on_rewards, version = x.version + n.entries, settled_at = p_at,
           open_from_expiry = s.expires_at, open_from_lot = s.lot_no,
           ytd_year = greatest(x.ytd_year, year_now),
           ytd_credited = case when year_now > x.ytd_year then 0 else x.ytd_credited end,
           ytd_debited = case when year_now > x.ytd_year then n.points
                              when year_now = x.ytd_year then x.ytd_debited + n.points else x.ytd_debited end
      from wallet n join spent s using (tenant_id, account_id)
     where x.tenant_id = n.tenant_id and x.account_id = n.account_id
  ), answers as (
    insert into idempotency (tenant_id, scope, key, request_hash, account_id, seq, answer)
    select tenant_id, scope, key, request_hash, account_id, seq,
           to_jsonb(row('DONE', account_id, seq, points, 0, available_after, pending, held, lifetime,
                        null, null, false)::ledger_outcome_v1)
      from redemption where key is not null
  )
  select 'DONE', i.account_id, i.seq, i.points, 0::bigint, i.available_after, i.pending, i.held, i.lifetime,
         null::text, null::bigint, false
    from redemption i order by i.no;
end $$;
