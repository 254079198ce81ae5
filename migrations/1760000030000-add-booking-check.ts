import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What a booking in one statement rests on must still be so when it commits. */
export class AddBookingCheck1760000030000 implements MigrationInterface {
  readonly name = 'AddBookingCheck1760000030000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Ends the statement, and all that it wrote, unless a condition holds.
      create function booking_assert_v1(holds boolean) returns boolean language plpgsql volatile as $$
      begin
        if not coalesce(holds, false) then
          raise 'what the booking rests on has changed' using errcode = 'LB409';
        end if;
        return true;
      end $$`)
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop function booking_assert_v1(boolean)`)
  }
}
