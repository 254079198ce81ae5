import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The books. Every point stands in one lot; a row check explains where each went. Points are whole thousandths.
 * Only the ledger's functions write here (next migration), under the lock of the account's row.
 */
export class CreateLedger1760000003000 implements MigrationInterface {
  readonly name = 'CreateLedger1760000003000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account (
        tenant_id          integer not null references tenants,
        account_id         bigint generated always as identity (start with 92523645),
        -- M is a member, G a group, E a holder who was erased while the books stay.
        holder_kind        text not null check (holder_kind in ('M', 'G', 'E')),
        holder_id          bigint not null check (holder_id > 0),
        member_id          bigint generated always as (case when holder_kind = 'M' then holder_id end) stored,
        program_id         bigint not null,
        currency           text not null check (length(currency) between 1 and 40),
        available          bigint not null default 0,
        pending            bigint not null default 0 check (pending >= 0),
        held               bigint not null default 0 check (held >= 0),
        -- The deepest debt any reversal was allowed so far; 0 means that the balance was never let below zero.
        debt_floor         bigint not null default 0 check (debt_floor >= 0),
        lifetime_earned    bigint not null default 0,
        lifetime_reversed  bigint not null default 0,
        redeemed           bigint not null default 0,
        redeemed_on_rewards bigint not null default 0,
        expired            bigint not null default 0,
        ytd_year           integer not null default 0,
        ytd_credited       bigint not null default 0,
        ytd_debited        bigint not null default 0,
        -- Number of the last entry, and of the last lot.
        version            bigint not null default 0,
        last_lot_no        bigint not null default 0,
        -- No lot matures or lapses before this: a touch earlier than it has nothing to settle.
        next_due_at        timestamptz not null default 'infinity',
        settled_at         timestamptz not null default '-infinity',
        primary key (tenant_id, account_id),
        unique (tenant_id, holder_kind, holder_id, program_id, currency),
        foreign key (tenant_id, member_id) references members,
        foreign key (tenant_id, program_id) references programs,
        check (account_id between 1 and 9007199254740991),
        check (available >= -debt_floor),
        check (lifetime_reversed <= lifetime_earned),
        check (redeemed_on_rewards <= redeemed)
      ) with (fillfactor = 70)`)
    await runner.query(`create index account_due on account (next_due_at) where next_due_at < 'infinity'`)
    await runner.query(`create index account_by_member on account (tenant_id, member_id)`)
    await runner.query(`
      create table entry (
        tenant_id          integer not null,
        account_id         bigint not null,
        seq                bigint not null check (seq > 0),
        kind               text not null check (kind in ('AWARD', 'MATURE', 'REDEEM', 'REVERSE', 'EXPIRE', 'HOLD',
                             'CAPTURE', 'RELEASE', 'TRANSFER_IN', 'TRANSFER_OUT', 'ADJUST')),
        d_available        bigint not null,
        d_pending          bigint not null,
        d_held             bigint not null,
        available_after    bigint not null,
        action_id          integer,
        reason             text,
        actor              text not null,
        request_id         text,
        purchase_kind      text,
        purchase_id        bigint,
        -- What points were spent on: reward:121.
        ref                text,
        -- The award or the hold that this entry is about.
        of_seq             bigint,
        transfer_id        uuid,
        counts_for_lifetime boolean not null default false,
        debt_allowed       bigint not null default 0 check (debt_allowed >= 0),
        -- Of a reversal: what neither lots nor debt covered, and what had lapsed before.
        shortfall          bigint not null default 0 check (shortfall >= 0),
        lapsed             bigint not null default 0 check (lapsed >= 0),
        -- In the caller's words; when it counts by the ledger's clock; and when it was written.
        occurred_at        timestamptz not null,
        effective_at       timestamptz not null,
        recorded_at        timestamptz not null default clock_timestamp(),
        primary key (tenant_id, account_id, seq),
        foreign key (tenant_id, account_id) references account,
        foreign key (tenant_id, account_id, of_seq) references entry,
        foreign key (tenant_id, purchase_kind, purchase_id) references purchases,
        check ((purchase_kind is null) = (purchase_id is null))
      )`)
    await runner.query(`
      create index entry_by_purchase on entry (tenant_id, purchase_kind, purchase_id) where purchase_id is not null`)
    await runner.query(`
      create table lot (
        tenant_id   integer not null,
        account_id  bigint not null,
        lot_no      bigint not null check (lot_no > 0),
        -- The entry that credited it.
        seq         bigint not null,
        awarded     bigint not null check (awarded > 0),
        remaining   bigint not null check (remaining >= 0),
        reserved    bigint not null default 0 check (reserved >= 0),
        consumed    bigint not null default 0 check (consumed >= 0),
        expired     bigint not null default 0 check (expired >= 0),
        reversed    bigint not null default 0 check (reversed >= 0),
        offset_debt bigint not null default 0 check (offset_debt >= 0),
        matures_at  timestamptz not null,
        matured     boolean not null,
        expires_at  timestamptz not null,
        -- Index predicates name these and not remaining: a column in a predicate makes every update of it a cold one.
        is_open     boolean not null generated always as (remaining > 0) stored,
        is_pending  boolean not null generated always as (remaining > 0 and not matured) stored,
        primary key (tenant_id, account_id, lot_no),
        foreign key (tenant_id, account_id, seq) references entry,
        check (awarded = remaining + reserved + consumed + expired + reversed + offset_debt),
        check (matured or reserved + consumed + offset_debt = 0)
      ) with (fillfactor = 80)`)
    await runner.query(
      `create index lot_open on lot (tenant_id, account_id, expires_at, lot_no) where is_open`,
    )
    await runner.query(`create index lot_pending on lot (tenant_id, account_id, matures_at) where is_pending`)
    await runner.query(`
      create table allocation (
        tenant_id  integer not null,
        account_id bigint not null,
        seq        bigint not null,
        lot_no     bigint not null,
        points     bigint not null check (points > 0),
        primary key (tenant_id, account_id, seq, lot_no),
        foreign key (tenant_id, account_id, seq) references entry,
        foreign key (tenant_id, account_id, lot_no) references lot
      )`)
    await runner.query(`
      -- What earned a lot, by natural key, for ever. A source is awarded once: its first line can only be written once.
      create table award_source (
        tenant_id   integer not null,
        source_type text not null check (length(source_type) between 1 and 40),
        source_ref  text not null check (length(source_ref) between 1 and 255),
        line_no     integer not null check (line_no > 0),
        line_ref    text not null check (length(line_ref) <= 255),
        rule        text not null,
        account_id  bigint not null,
        seq         bigint not null,
        lot_no      bigint not null,
        awarded     bigint not null check (awarded > 0),
        reversed    bigint not null default 0 check (reversed between 0 and awarded),
        -- Part of reversed that had expired before, and so was not taken from anyone.
        lapsed      bigint not null default 0 check (lapsed between 0 and reversed),
        counts_for_lifetime boolean not null,
        primary key (tenant_id, source_type, source_ref, line_no),
        unique (tenant_id, account_id, seq, lot_no),
        foreign key (tenant_id, account_id, seq) references entry,
        foreign key (tenant_id, account_id, lot_no) references lot
      ) with (fillfactor = 80)`)
    await runner.query(`
      -- Which award, by its lot, a reversal took back how much of.
      create table reversal (
        tenant_id  integer not null,
        account_id bigint not null,
        seq        bigint not null,
        lot_no     bigint not null,
        points     bigint not null check (points > 0),
        primary key (tenant_id, account_id, seq, lot_no),
        foreign key (tenant_id, account_id, seq) references entry,
        foreign key (tenant_id, account_id, lot_no) references lot
      )`)
    await runner.query(`
      create table hold (
        tenant_id  integer not null,
        account_id bigint not null,
        hold_seq   bigint not null,
        amount     bigint not null check (amount > 0),
        captured   bigint not null default 0 check (captured >= 0),
        released   bigint not null default 0 check (released >= 0),
        expires_at timestamptz not null,
        is_open    boolean not null generated always as (captured + released < amount) stored,
        primary key (tenant_id, account_id, hold_seq),
        foreign key (tenant_id, account_id, hold_seq) references entry,
        check (captured + released <= amount)
      ) with (fillfactor = 80)`)
    await runner.query(`create index hold_open on hold (expires_at) where is_open`)
    await runner.query(`
      -- The call's own key and its decision; written once, in the transaction of what it decided.
      create table idempotency (
        tenant_id    integer not null references tenants,
        scope        text not null check (length(scope) between 1 and 100),
        key          text not null check (length(key) between 1 and 255),
        request_hash bytea not null check (length(request_hash) = 32),
        account_id   bigint not null,
        seq          bigint,
        answer       jsonb not null,
        created_at   timestamptz not null default clock_timestamp(),
        primary key (tenant_id, scope, key),
        foreign key (tenant_id, account_id) references account,
        foreign key (tenant_id, account_id, seq) references entry
      )`)
    await runner.query(`create index idempotency_by_age on idempotency using brin (created_at)`)
    await runner.query(`
      -- Events on their way out. Whoever publishes one deletes it.
      create table outbox (
        outbox_id  bigint generated always as identity primary key,
        tenant_id  integer not null references tenants,
        topic      text not null,
        -- Events of one lane leave in order.
        lane       text not null,
        payload    jsonb not null,
        created_at timestamptz not null default clock_timestamp()
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table outbox, idempotency, hold, reversal, award_source, allocation, lot, entry, account`,
    )
  }
}
