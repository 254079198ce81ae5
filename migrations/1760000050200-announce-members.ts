import type { MigrationInterface, QueryRunner } from 'typeorm'

/** An event leaves whenever a member, its tier or its group changes: what streams of the graph are fed by, beside points. */
export class AnnounceMembers1760000050200 implements MigrationInterface {
  readonly name = 'AnnounceMembers1760000050200'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function member_changed_v1() returns trigger language plpgsql as $$
      begin
        insert into outbox (tenant_id, topic, lane, payload)
        values (new.tenant_id, 'member.changed', 'member:' || new.member_id,
                jsonb_build_object('memberId', new.member_id::text));
        return null;
      end $$`)
    await runner.query(`
      create trigger member_changed after update on members for each row
        when (old.* is distinct from new.*) execute function member_changed_v1()`)
    await runner.query(`
      create trigger member_changed after update on memberships for each row
        when (old.tier_id is distinct from new.tier_id) execute function member_changed_v1()`)
    await runner.query(`
      create trigger member_changed after insert or update on group_members for each row execute function member_changed_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop trigger member_changed on members; drop trigger member_changed on memberships;
       drop trigger member_changed on group_members; drop function member_changed_v1()`,
    )
  }
}
