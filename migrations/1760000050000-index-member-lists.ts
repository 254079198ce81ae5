import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What lists of members walk: by when they joined, by tier, by a status that few have, and by an identity of any kind. */
export class IndexMemberLists1760000050000 implements MigrationInterface {
  readonly name = 'IndexMemberLists1760000050000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index members_by_joining on members (tenant_id, joined_at, member_id)`)
    await runner.query(
      `create index members_by_status on members (tenant_id, status, member_id) where status <> 'ACTIVE'`,
    )
    await runner.query(`create index memberships_by_tier on memberships (tenant_id, tier_id, member_id)`)
    await runner.query(`create index member_identities_by_value on member_identities (tenant_id, normalized)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop index members_by_joining, members_by_status, memberships_by_tier, member_identities_by_value`,
    )
  }
}
