import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Tiers may look at a period. A membership knows what the clock alone will do to its tier, and wallets settle it; each
 * change of a tier says why it came.
 */
export class AddTierPeriods1760000070000 implements MigrationInterface {
  readonly name = 'AddTierPeriods1760000070000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table tiers
        add column min_period_points bigint check (min_period_points >= 0),
        add column min_period_spend numeric(20,6) check (min_period_spend >= 0);
      -- The day that keeping the tier counts from, in the tenant's zone; the changes that the clock will bring, as
      -- [{at, tier, on}], and the first of them; and the moment of the last that it brought.
      alter table memberships
        add column tier_on date,
        add column tier_steps jsonb,
        add column tier_due timestamptz,
        add column tier_moved_at timestamptz;
      create index memberships_due on memberships (tenant_id, tier_due) where tier_due is not null;
      alter table tier_period
        add column reason text
          check (reason in ('JOINED', 'REACHED', 'NO_LONGER_REACHED', 'PERIOD_ENDED'));
      -- What members spent by days, less what came back, where the program's tiers look at a period.
      create table member_spend_days (
        tenant_id  integer not null,
        member_id  bigint not null,
        program_id bigint not null,
        day        date not null,
        spend      numeric(20,6) not null check (spend >= 0),
        primary key (tenant_id, member_id, program_id, day),
        foreign key (tenant_id, member_id, program_id) references memberships on delete cascade
      )`)
    await runner.query(TIER_CHANGED)
    for (const file of ['tiers.v1.sql', 'settle.v2.sql'])
      await runner.query(readFileSync(join(FOLDER, file), 'utf8'))
    await runner.query(`
      create trigger tier_entered after insert on memberships for each row
        when (new.tier_id is not null) execute function tier_changed_v2();
      create trigger tier_changed after update on memberships for each row
        when (old.tier_id is distinct from new.tier_id) execute function tier_changed_v2()`)
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(readFileSync(join(FOLDER, 'settle.v1.sql'), 'utf8'))
    await runner.query(`
      drop trigger tier_entered on memberships;
      drop trigger tier_changed on memberships;
      create trigger tier_entered after insert on memberships for each row
        when (new.tier_id is not null) execute function tier_changed_v1();
      create trigger tier_changed after update on memberships for each row
        when (old.tier_id is distinct from new.tier_id) execute function tier_changed_v1();
      drop function tier_changed_v2();
      drop function ledger_sweep_tiers_v1(integer, timestamptz, integer);
      drop function ledger_lock_wallet_v1(integer, bigint, bigint, timestamptz);
      drop function ledger_place_v1(integer, bigint, bigint, bigint, date, jsonb);
      drop function ledger_lock_standing_v1(integer, bigint, bigint, numeric, boolean, integer, timestamptz, text);
      drop function ledger_standing_days_v1(integer, bigint, bigint, date, integer, text);
      drop function ledger_settle_tier_v1(integer, bigint, bigint, timestamptz);
      drop function tier_now_v1(memberships);
      drop table member_spend_days;
      alter table tier_period drop column reason;
      alter table memberships drop column tier_on, drop column tier_steps, drop column tier_due, drop column tier_moved_at;
      alter table tiers drop column min_period_points, drop column min_period_spend`)
  }
}

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')

/** As version 1, and with the reason. What the clock brought began when it was due, however late it was carried out. */
const TIER_CHANGED = `
  drop trigger tier_entered on memberships;
  drop trigger tier_changed on memberships;
  create function tier_changed_v2() returns trigger language plpgsql as $$
  declare
    at timestamptz := (select clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
                         from tenants t where t.tenant_id = new.tenant_id);
    rank_before integer;
    rank_after integer;
    why text := 'JOINED';
    began timestamptz;
  begin
    if tg_op = 'UPDATE' then
      if new.tier_moved_at is distinct from old.tier_moved_at then
        why := 'PERIOD_ENDED';
        at := new.tier_moved_at;
      else
        select t.rank into rank_before from tiers t where t.tenant_id = old.tenant_id and t.tier_id = old.tier_id;
        select t.rank into rank_after from tiers t where t.tenant_id = new.tenant_id and t.tier_id = new.tier_id;
        why := case when coalesce(rank_after, 0) > coalesce(rank_before, 0) then 'REACHED' else 'NO_LONGER_REACHED' end;
      end if;
    end if;
    select lower(p.period) into began from tier_period p
     where p.tenant_id = new.tenant_id and p.member_id = new.member_id and p.program_id = new.program_id
       and upper_inf(p.period) and not isempty(p.period);
    -- A sandbox's clock may have been moved back: then the last period lasted no time.
    at := greatest(at, began);
    update tier_period p set period = tstzrange(began, at)
     where p.tenant_id = new.tenant_id and p.member_id = new.member_id and p.program_id = new.program_id
       and upper_inf(p.period) and not isempty(p.period);
    insert into tier_period (tenant_id, member_id, program_id, tier_id, period, lifetime, spend, reason)
    select new.tenant_id, new.member_id, new.program_id, new.tier_id, tstzrange(at, null),
           coalesce((select a.lifetime_earned - a.lifetime_reversed from account a
                      where a.tenant_id = new.tenant_id and a.holder_kind = 'M' and a.holder_id = new.member_id
                        and a.program_id = new.program_id and a.currency = 'points'), 0), new.spend, why;
    return null;
  end $$`
