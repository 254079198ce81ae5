import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What a till takes back may be of an order, not only of a bill. */
export class ReturnOrdersAtTills1760000085000 implements MigrationInterface {
  readonly name = 'ReturnOrdersAtTills1760000085000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table order_lines
        -- Points of what left the order that the member keeps all the same.
        add column kept bigint not null default 0 check (kept between 0 and points)`)
    await runner.query(`
      alter table transaction_returns
        -- The order it is about; null: a bill, or not known here.
        add column order_id bigint,
        add foreign key (tenant_id, order_id) references orders,
        add check (original_id is null or order_id is null)`)
    await runner.query(
      `create index transaction_returns_of_orders on transaction_returns (tenant_id, order_id) where order_id is not null`,
    )
    await runner.query(`
      alter table transaction_return_lines
        alter column original_id drop not null,
        add column order_id bigint,
        add foreign key (tenant_id, order_id, original_line_no) references order_lines,
        add check (num_nonnulls(original_id, order_id) = 1)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    // What only the newer schema can say is forgotten: the returns stay documents of their own.
    await runner.query(`delete from transaction_return_lines where order_id is not null`)
    await runner.query(`
      alter table transaction_return_lines drop column order_id, alter column original_id set not null`)
    await runner.query(`alter table transaction_returns drop column order_id`)
    await runner.query(`alter table order_lines drop column kept`)
  }
}
