import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Which tier a member had when, and what they had earned and spent when it changed. Written by the membership itself. */
export class CreateTierHistory1760000010000 implements MigrationInterface {
  readonly name = 'CreateTierHistory1760000010000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tier_period (
        tenant_id  integer not null,
        period_id  bigint generated always as identity,
        member_id  bigint not null,
        program_id bigint not null,
        -- Null: no tier.
        tier_id    bigint,
        period     tstzrange not null check (not lower_inf(period)),
        -- What tiers look at, as it stood when this period began.
        lifetime   bigint not null,
        spend      numeric(20,6) not null,
        primary key (tenant_id, period_id),
        foreign key (tenant_id, member_id, program_id) references memberships on delete cascade,
        foreign key (tenant_id, tier_id) references tiers,
        constraint tier_period_one_at_a_time exclude using gist
          (tenant_id with =, member_id with =, program_id with =, period with &&)
      )`)
    await runner.query(`
      create function tier_changed_v1() returns trigger language plpgsql as $$
      declare
        at timestamptz := (select clock_timestamp() + t.clock_offset_ms * interval '1 millisecond'
                             from tenants t where t.tenant_id = new.tenant_id);
        began timestamptz;
      begin
        select lower(p.period) into began from tier_period p
         where p.tenant_id = new.tenant_id and p.member_id = new.member_id and p.program_id = new.program_id
           and upper_inf(p.period) and not isempty(p.period);
        -- A sandbox's clock may have been moved back: then the last period lasted no time.
        at := greatest(at, began);
        update tier_period p set period = tstzrange(began, at)
         where p.tenant_id = new.tenant_id and p.member_id = new.member_id and p.program_id = new.program_id
           and upper_inf(p.period) and not isempty(p.period);
        insert into tier_period (tenant_id, member_id, program_id, tier_id, period, lifetime, spend)
        select new.tenant_id, new.member_id, new.program_id, new.tier_id, tstzrange(at, null),
               coalesce((select a.lifetime_earned - a.lifetime_reversed from account a
                          where a.tenant_id = new.tenant_id and a.holder_kind = 'M' and a.holder_id = new.member_id
                            and a.program_id = new.program_id and a.currency = 'points'), 0), new.spend;
        return null;
      end $$;
      create trigger tier_entered after insert on memberships for each row
        when (new.tier_id is not null) execute function tier_changed_v1();
      create trigger tier_changed after update on memberships for each row
        when (old.tier_id is distinct from new.tier_id) execute function tier_changed_v1()`)
    // Whoever is in a tier already has been since now; what was before, nobody wrote down.
    await runner.query(`
      insert into tier_period (tenant_id, member_id, program_id, tier_id, period, lifetime, spend)
      select m.tenant_id, m.member_id, m.program_id, m.tier_id, tstzrange(clock_timestamp(), null),
             coalesce(a.lifetime_earned - a.lifetime_reversed, 0), m.spend
        from memberships m
        left join account a on a.tenant_id = m.tenant_id and a.holder_kind = 'M' and a.holder_id = m.member_id
         and a.program_id = m.program_id and a.currency = 'points'
       where m.tier_id is not null`)
    await runner.query(`
      create view ledger_invariant_i22 as -- The tier a member has is the one that the history ends with.
      select m.tenant_id, null::bigint as account_id, m.member_id::text as found
        from memberships m
        left join tier_period p on p.tenant_id = m.tenant_id and p.member_id = m.member_id and p.program_id = m.program_id
         and upper_inf(p.period) and not isempty(p.period)
       where m.tier_id is distinct from p.tier_id`)
    const [view] = (await runner.query(`select pg_get_viewdef('ledger_invariants'::regclass) as text`)) as {
      readonly text: string
    }[]
    const laws = view?.text.trim().replace(/;$/, '') ?? ''
    await runner.query(
      `create or replace view ledger_invariants as ${laws} union all select 'I22', count(*) from ledger_invariant_i22`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    const [view] = (await runner.query(`select pg_get_viewdef('ledger_invariants'::regclass) as text`)) as {
      readonly text: string
    }[]
    const laws = (view?.text ?? '')
      .trim()
      .replace(/;$/, '')
      .split(/\s+UNION ALL\s+/)
    const others = laws.filter((law) => !law.includes('ledger_invariant_i22')).join(' union all ')
    await runner.query(`create or replace view ledger_invariants as ${others}`)
    await runner.query(`drop view ledger_invariant_i22`)
    await runner.query(`drop trigger tier_entered on memberships; drop trigger tier_changed on memberships`)
    await runner.query(`drop table tier_period; drop function tier_changed_v1()`)
  }
}
