import type { MigrationInterface, QueryRunner } from 'typeorm'

/** A redemption that several wallets pay: one row for each, the further ones belonging to the first. */
export class ShareRedemptions1760000130000 implements MigrationInterface {
  readonly name = 'ShareRedemptions1760000130000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table redemptions
        -- The redemption that it is a further payment of.
        add column whole_id bigint,
        -- Whose wallet paid, where that is not the member's own: another member's, or a group's.
        add column payer_id bigint,
        add column payer_group_id bigint,
        add foreign key (tenant_id, whole_id) references redemptions,
        add foreign key (tenant_id, payer_id) references members,
        add foreign key (tenant_id, payer_group_id) references groups,
        add check (payer_id is null or payer_group_id is null),
        -- Only the first has a name of the client's.
        add check (whole_id is null or external_ref is null)`)
    await runner.query(
      `create index redemptions_by_whole on redemptions (tenant_id, whole_id) where whole_id is not null`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table redemptions drop column whole_id, drop column payer_id, drop column payer_group_id`,
    )
  }
}
