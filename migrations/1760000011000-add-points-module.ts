import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Codes of rewards, limits of actions, members of groups, and what a client said with a movement of points. */
export class AddPointsModule1760000011000 implements MigrationInterface {
  readonly name = 'AddPointsModule1760000011000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table group_members (
        tenant_id integer not null,
        member_id bigint not null,
        group_id  bigint not null,
        is_owner  boolean not null default false,
        -- A member is in one group at most.
        primary key (tenant_id, member_id),
        foreign key (tenant_id, member_id) references members,
        foreign key (tenant_id, group_id) references groups
      )`)
    await runner.query(`create index group_members_by_group on group_members (tenant_id, group_id)`)
    // The groups a setup named, for the reset of a sandbox: their members are forgotten with it.
    await runner.query(`alter table tenants add column setup_groups jsonb not null default '[]'`)
    await runner.query(`
      create table reward_codes (
        tenant_id  integer not null,
        program_id bigint not null,
        reward_id  text not null,
        code       text not null check (length(code) between 1 and 255),
        -- In the order in which they are given out.
        position   bigint generated always as identity,
        -- Made on the spot for a reward whose setup lists no codes.
        made       boolean not null default false,
        issued_to  bigint,
        issued_at  timestamptz,
        expires_at timestamptz,
        primary key (tenant_id, program_id, reward_id, code),
        foreign key (tenant_id, program_id) references programs,
        foreign key (tenant_id, issued_to) references members,
        check ((issued_to is null) = (issued_at is null))
      )`)
    await runner.query(`
      create index reward_codes_free on reward_codes (tenant_id, program_id, reward_id, position) where issued_at is null`)
    await runner.query(
      `create index reward_codes_by_member on reward_codes (tenant_id, issued_to) where issued_to is not null`,
    )
    await runner.query(`
      -- How much a member has had from an action that has a limit or a cool-down.
      create table action_allowances (
        tenant_id    integer not null,
        member_id    bigint not null,
        program_id   bigint not null,
        action_id    integer not null,
        period_start timestamptz,
        points       bigint not null default 0 check (points >= 0),
        last_at      timestamptz,
        primary key (tenant_id, member_id, program_id, action_id),
        foreign key (tenant_id, member_id) references members,
        foreign key (tenant_id, program_id) references programs
      ) with (fillfactor = 80)`)
    await runner.query(`
      -- What a client said with a movement, what it was answered, and the names that make the request one of a kind.
      create table points_requests (
        tenant_id    integer not null,
        account_id   bigint not null,
        seq          bigint not null,
        member_id    bigint not null,
        order_claim  text,
        custom_claim text,
        receipt      jsonb not null,
        attributes   jsonb not null,
        primary key (tenant_id, account_id, seq),
        unique (tenant_id, member_id, order_claim),
        unique (tenant_id, member_id, custom_claim),
        foreign key (tenant_id, account_id, seq) references entry,
        foreign key (tenant_id, member_id) references members
      )`)
    await runner.query(`
      -- What the counters of an account do not tell apart: transfers and corrections.
      create index entry_by_hand on entry (tenant_id, account_id) include (kind, action_id, d_available)
        where kind in ('TRANSFER_IN', 'TRANSFER_OUT', 'ADJUST')`)
    await runner.query(`
      alter table memberships
        add column previous_tier_id bigint,
        add foreign key (tenant_id, previous_tier_id) references tiers`)
    // The application's role may use the new tables, too.
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table memberships drop column previous_tier_id`)
    await runner.query(`drop index entry_by_hand`)
    await runner.query(`drop table points_requests, action_allowances, reward_codes, group_members`)
    await runner.query(`alter table tenants drop column setup_groups`)
  }
}
