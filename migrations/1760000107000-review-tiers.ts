import type { MigrationInterface, QueryRunner } from 'typeorm'

/** When the tiers of a program change, all its members are judged by the new ones, some at a time: decision 0053. */
export class ReviewTiers1760000107000 implements MigrationInterface {
  readonly name = 'ReviewTiers1760000107000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table tier_reviews (
        tenant_id    integer not null,
        program_id   bigint not null,
        -- Members up to this one have been judged.
        after_member bigint not null default 0,
        -- How often the tiers changed before the review came to its end: who judged by older ones leaves it where it is.
        round        integer not null default 1,
        primary key (tenant_id, program_id),
        foreign key (tenant_id, program_id) references programs on delete cascade
      )`)
    await runner.query(`
      create function tiers_changed_v1() returns trigger language plpgsql as $$
      begin
        insert into tier_reviews as r (tenant_id, program_id)
        select new.tenant_id, new.program_id
         where exists (select from memberships m where m.tenant_id = new.tenant_id and m.program_id = new.program_id)
        on conflict (tenant_id, program_id) do update set after_member = 0, round = r.round + 1;
        return null;
      end $$;
      create trigger tiers_added after insert on tiers for each row execute function tiers_changed_v1();
      create trigger tiers_changed after update on tiers for each row
        when (old.* is distinct from new.*) execute function tiers_changed_v1();
      create trigger tiers_changed after update on programs for each row
        when (old.rules -> 'tierWindow' is distinct from new.rules -> 'tierWindow') execute function tiers_changed_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop trigger tiers_changed on programs;
      drop trigger tiers_changed on tiers;
      drop trigger tiers_added on tiers;
      drop function tiers_changed_v1();
      drop table tier_reviews`)
  }
}
