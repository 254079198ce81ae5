import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What becomes of an order after it was placed: units shipped, returned and canceled, additions, corrections by hand. */
export class AddOrderChanges1760000012000 implements MigrationInterface {
  readonly name = 'AddOrderChanges1760000012000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table order_lines
        -- SPEND is a correction by hand: money without a product.
        add column kind     text not null default 'PRODUCT' check (kind in ('PRODUCT', 'SPEND')),
        -- Lines that were awarded together: 0 with the order, otherwise the first of them.
        add column batch    integer not null default 0 check (batch >= 0),
        add column shipped  numeric(20,6) not null default 0 check (shipped >= 0),
        add column returned numeric(20,6) not null default 0 check (returned >= 0),
        add column canceled numeric(20,6) not null default 0 check (canceled >= 0),
        -- Money that corrections by hand took from the line's spend.
        add column debited  numeric(20,6) not null default 0 check (debited >= 0),
        add constraint order_lines_units check (shipped + returned + canceled <= quantity)`)
    await runner.query(`update order_lines set shipped = quantity where state = 'SHIPPED'`)
    await runner.query(`update order_lines set returned = quantity where state = 'RETURNED'`)
    await runner.query(`update order_lines set canceled = quantity where state = 'CANCELED'`)
    await runner.query(`
      alter table orders
        -- The rule its points are held by, as it was when the order was placed.
        add column hold      text not null default 'NONE'
          check (hold in ('NONE', 'ORDER_PLACED', 'ITEM_SHIP', 'ALL_ITEMS_SHIP')),
        add column hold_days integer not null default 0 check (hold_days >= 0)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table orders drop column hold, drop column hold_days`)
    await runner.query(`delete from order_lines where kind = 'SPEND'`)
    await runner.query(`
      alter table order_lines drop constraint order_lines_units, drop column kind, drop column batch,
        drop column shipped, drop column returned, drop column canceled, drop column debited`)
  }
}
