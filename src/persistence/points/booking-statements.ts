import { DEFAULT_MEMBERSHIP, MEMBER, MEMBER_OF_KEY, tierOf } from '../members/member-statements'
import type { Statement } from '../sql'
import { placingBills } from './bill-booking'
import { BULK } from './bulk-columns'
import { STATEMENTS as VERBS } from './ledger-parameters'

const RECEIVED = `(select sum(greatest(e.d_available, 0)) from entry e
             where e.tenant_id = a.tenant_id and e.account_id = a.account_id
               and e.kind in ('TRANSFER_IN', 'TRANSFER_OUT', 'ADJUST'))`

/**
 * The wallet as it stands, and whether something is due in it; `$1` is the tenant. What was received by hand is counted
 * from the entries, so it is read only for who tells it. With its limit a wallet is always looked up: joined, all wallets of
 * a small site are read for the few that are asked for.
 */
const withWallet = (program: string, moment: string, received: string): string => `
    select asked.*, a.account_id, a.version, a.available, a.pending, a.held, a.lifetime_earned, a.lifetime_reversed,
           a.reversed_pending, a.next_due_at <= coalesce(${moment}::timestamptz, clock_timestamp()) as is_due,
           ${received} as received
      from asked
      left join lateral (select * from account w where w.tenant_id = $1 and w.holder_kind = 'M'
           and w.holder_id = asked."memberId" and w.program_id = ${program}::bigint and w.currency = 'points' limit 1) a on true`

/**
 * A list whose length the planner does not see. Where it does it finds each call's own plan cheaper than one for all, and
 * plans each call anew: that took twice as long as the look-up itself.
 */
const unseen = (list: string): string => `(select ${list}::text[])`

const inProgram = (program: string): string => `k.ord, ${MEMBER}, ${tierOf('d')} as "defaultTierId",
             m.member_id as "memberId", ${program}::bigint as "programId", ms.tier_id as "tierId",
             coalesce(ms.spend, 0) as spend, ms.member_id is not null as "hasMembership"`

const membershipIn = (program: string): string =>
  `left join memberships ms on ms.tenant_id = $1 and ms.member_id = m.member_id and ms.program_id = ${program}::bigint`

/**
 * Keys as `$2` to `$6`, keys of orders as `$7`, the program as `$8`, the moment as `$9`. With its limit an order is always
 * looked up: of a bare `exists` the planner may make a list of all orders, as long as they are few when it plans.
 */
export const FACTS: Statement = {
  name: 'booking-facts',
  text: `
    with asked as materialized (
      select ${inProgram('$8')},
             case when k.order_key is not null then nextval('orders_order_id_seq') end as "orderId",
             (select true from orders o where o.tenant_id = $1 and o.order_key = k.order_key limit 1) is not null as "isTaken"
        from unnest(${unseen('$2')}, $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
             with ordinality as k (door, type, source, account, normalized, order_key, ord)
        ${MEMBER_OF_KEY} ${DEFAULT_MEMBERSHIP} ${membershipIn('$8')}
    )${withWallet('$8', '$9', RECEIVED)}`,
}

/**
 * Whether a bill's number is taken. Most numbers are new to the tenant, and that its index of bills tells at a tenth of
 * what the index of the exclusion constraint takes to search, which has the last word anyway.
 */
const isTaken = (asked: string): string => `case
               when (select true from transactions t where t.tenant_id = $1 and t.bill_number = ${asked}.number limit 1)
               then exists (select from bill_numbers b
                 where b.tenant_id = $1 and b.scope = ${asked}.scope and b.bill_number = ${asked}.number
                   and b.occupied && tstzrange(${asked}.billed, ${asked}.billed + make_interval(days => ${asked}.days)))
               else false end`

/** Keys as `$2` to `$6`; scopes, numbers, times, days and lines of bills as `$7` to `$11`; the program, the moment. */
export const BILL_FACTS: Statement = {
  name: 'booking-facts-of-bills',
  text: `
    with asked as materialized (
      select ${inProgram('$12')}, nextval('transactions_transaction_id_seq') as "billId",
             array(select nextval('transaction_lines_line_id_seq')::text from generate_series(1, k.lines)) as "lineIds",
             clock_timestamp() as "createdAt",
             k.scope is not null and ${isTaken('k')} as "isTaken"
        from unnest(${unseen('$2')}, $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
               $9::timestamptz[], $10::integer[], $11::integer[])
             with ordinality as k (door, type, source, account, normalized, scope, number, billed, days, lines, ord)
        ${MEMBER_OF_KEY} ${DEFAULT_MEMBERSHIP} ${membershipIn('$12')}
    )${withWallet('$12', '$13', 'null::text')}`,
}

/** The row is the mutex of a wallet, and of a membership; wallets first, as everywhere. */
export const LOCK_WALLET: Statement = {
  name: 'booking-lock-wallet',
  text: `select ledger_lock_wallet_v1($1, m.member_id, $7, $8)
      from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      as k (door, type, source, account, normalized) ${MEMBER_OF_KEY}`,
}
export const LOCK_MEMBERSHIP: Statement = {
  name: 'booking-lock-membership',
  text: `select 1 from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
      as k (door, type, source, account, normalized) ${MEMBER_OF_KEY}
    join memberships ms on ms.tenant_id = $1 and ms.member_id = m.member_id and ms.program_id = $7::bigint
    for no key update of ms`,
}

/** How many parameters the ledger's own statement has: ours follow. */
const parametersIn = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))

/** What a booking's statement stores besides: its second and third parameter are lists of it and of its lines. */
type Buys = 'ORDERS' | 'BILLS' | 'NOTHING'
type Parameters = [string, string, string, string, string, string, string]

/**
 * The ledger's statement, and around it everything else that its bookings write. An entry refers to its purchase, so
 * the verb waits for `bought`; memberships come after wallets, so what locks them waits for `wallets`. Parameters after the ledger's: tenant, orders or bills, lines, standings,
 * what was said, the seqs that must come, and whether to assert; the four lists are JSON. Where it `tells`, an event
 * leaves for each standing whose spend comes alone, without an entry that has one.
 */
function bookingAround(
  ledger: string | null,
  isSingle: boolean,
  buys: Buys = 'ORDERS',
  tells = ledger === null,
): string {
  const first = parametersIn(ledger ?? '')
  const [tenant, orders, lines, standings, said, seqs, asserts] = Array.from(
    { length: 7 },
    (_, index) => `$${first + 1 + index}`,
  ) as Parameters
  const awarded = ledger
    ? `select x.*, row_number() over () as ord
         from bought cross join lateral (select * from (${ledger}) verb where bought.n >= 0 offset 0) x`
    : `select null::text as status, null::bigint as account_id, null::bigint as seq, null::bigint as ord where false`
  const alone = tells
    ? { one: `, (j ->> 'alone')::boolean as alone`, many: ', s.alone', column: ', alone boolean' }
    : { one: '', many: '', column: '' }
  // One row that is known to be one is looked up; of a list the planner expects a hundred, and may read whole tables. That
  // every number lies in its range changes nothing but what it expects: few.
  const standing = isSingle
    ? `select (j ->> 'member')::bigint as member_id, (j ->> 'program')::bigint as program_id, (j ->> 'spend')::numeric as spend,
              (j ->> 'tier')::bigint as tier_id, (j ->> 'had')::numeric as had, (j ->> 'was')::bigint as was${alone.one}
         from (select ${standings}::json -> 0 as j) s`
    : `select s.member as member_id, s.program as program_id, s.spend, s.tier as tier_id, s.had, s.was${alone.many}
         from json_to_recordset(${standings}::json) as s (member bigint, program bigint, spend numeric, tier bigint,
              had numeric, was bigint${alone.column})
        where s.member between 0 and 9223372036854775807`
  const ofStanding = `m.tenant_id = ${tenant}::integer and m.member_id = s.member_id and m.program_id = s.program_id
         and m.spend = s.had and m.tier_id is not distinct from s.was`
  const moves = `(s.spend <> 0 or s.tier_id is distinct from s.was)`
  const placing = `placed as (
      insert into orders (tenant_id, order_id, order_key, member_id, program_id, store_id, store_code, source, total,
        discount, currency, placed_at, placed_at_offset, ratio, points, attributes, hold, hold_days)
      select ${tenant}::integer, o.id, o.key, o.member, o.program, o.store, o."storeCode", o.source, o.total, o.discount,
             o.currency, o.placed, o."offset", o.ratio, o.points, o.attributes, o.hold, o."holdDays"
        from json_to_recordset(${orders}::json) as o (id bigint, key text, member bigint, program bigint, store bigint,
             "storeCode" text, source text, total numeric, discount numeric, currency text, placed timestamptz,
             "offset" text, ratio numeric, points bigint, attributes jsonb, hold text, "holdDays" integer)
      returning order_id, member_id, placed_at
    ), purchase as (
      insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
      select ${tenant}::integer, 'ORDER', order_id, member_id, placed_at from placed
      returning 1
    ), line as (
      insert into order_lines (tenant_id, order_id, line_no, product_id, secondary_key, quantity, unit_price, state,
        shipped, points, attributes)
      select ${tenant}::integer, l."order", l.no, l.product, l.key, l.quantity, l.price, l.state,
             case l.state when 'SHIPPED' then l.quantity else 0 end, l.points, l.attributes
        from json_to_recordset(${lines}::json) as l ("order" bigint, no integer, product text, key text,
             quantity numeric, price numeric, state text, points bigint, attributes jsonb)
    ), bought as materialized (select count(*) as n from purchase)`
  // A list that is known to be empty is not looked into: its parameters are only declared.
  const notPlacing = `bought as materialized (select 0 as n where ${orders}::json is not null and ${lines}::json is not null)`
  const saying = `words as (
      insert into points_requests (tenant_id, account_id, seq, member_id, receipt, attributes)
      select ${tenant}::integer, a.account_id, a.seq, w.member, w.receipt, w.attributes
        from json_to_recordset(${said}::json) as w (no bigint, member bigint, receipt jsonb, attributes jsonb)
        join awarded a on a.ord = w.no
    )`
  const notSaying = `words as (select ${said}::json)`
  // A tier that changes tells of itself, where there was a membership.
  const telling = `
    told as (
      insert into outbox (tenant_id, topic, lane, payload)
      select ${tenant}::integer, 'member.changed', 'member:' || s.member_id, jsonb_build_object('memberId', s.member_id::text)
        from standing s, wallets where s.alone and (s.had is null or s.tier_id is not distinct from s.was)
    ),`
  const bought = { ORDERS: placing, BILLS: placingBills(tenant, orders, lines), NOTHING: notPlacing }[buys]
  return `
    with ${bought},
    awarded as materialized (${awarded}),
    wallets as materialized (select count(*) as n from awarded),
    ${buys === 'NOTHING' ? saying : notSaying},
    standing as materialized (${standing}),
    moved as (
      update memberships m
         set spend = m.spend + s.spend, tier_id = s.tier_id,
             previous_tier_id = case when m.tier_id is distinct from s.tier_id then m.tier_id else m.previous_tier_id end
        from standing s, wallets where ${ofStanding} and ${moves}
      returning 1
    ), kept as (
      select 1 from memberships m, standing s, wallets where ${ofStanding} and not ${moves} for no key update of m
    ), joined as (
      insert into memberships (tenant_id, member_id, program_id, spend, tier_id)
      select ${tenant}::integer, s.member_id, s.program_id, s.spend, s.tier_id from standing s, wallets where s.had is null
      on conflict do nothing
      returning 1
    ),${tells ? telling : ''} checked as materialized (
      select booking_assert_v1(not ${asserts}::boolean or not exists (
               select from awarded a where a.status <> 'DONE'
                   or a.seq is distinct from coalesce((${seqs}::bigint[])[a.ord], a.seq)))
         and booking_assert_v1((select count(*) from moved) + (select count(*) from kept) + (select count(*) from joined)
                                 = (select count(*) from standing)) as holds
    )
    select a.* from checked left join awarded a on checked.holds order by a.ord`
}

export const BOOK = {
  one: { name: 'booking-one', text: bookingAround(VERBS.award.text, true) },
  oneAward: { name: 'booking-one-award', text: bookingAround(VERBS.award.text, true, 'NOTHING') },
  oneWithoutAward: { name: 'booking-one-without-award', text: bookingAround(null, true) },
  many: { name: 'booking-many', text: bookingAround(BULK.text, false) },
  manyMixed: { name: 'booking-many-mixed', text: bookingAround(BULK.text, false, 'ORDERS', true) },
  manyAwards: { name: 'booking-many-awards', text: bookingAround(BULK.text, false, 'NOTHING') },
  manyWithoutAward: { name: 'booking-many-without-award', text: bookingAround(null, false) },
} as const satisfies Record<string, Statement>

export const BOOK_BILLS = {
  one: { name: 'booking-bill', text: bookingAround(VERBS.award.text, true, 'BILLS') },
  oneWithoutAward: { name: 'booking-bill-without-award', text: bookingAround(null, true, 'BILLS') },
  many: { name: 'booking-bills', text: bookingAround(BULK.text, false, 'BILLS') },
  manyMixed: { name: 'booking-bills-mixed', text: bookingAround(BULK.text, false, 'BILLS', true) },
  manyWithoutAward: { name: 'booking-bills-without-award', text: bookingAround(null, false, 'BILLS') },
} as const satisfies Record<string, Statement>
