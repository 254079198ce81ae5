import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Awards and redemptions in one flat function each, a bulk that writes neighbors of a kind together, and the law of each
 * row as one check instead of a dozen: PostgreSQL reads and plans every check again for every statement. See decision 0010.
 */
export class LightenLedgerVerbs1760000020000 implements MigrationInterface {
  readonly name = 'LightenLedgerVerbs1760000020000'

  async up(runner: QueryRunner): Promise<void> {
    for (const file of FILES) await runner.query(readFileSync(join(FOLDER, `${file}.v2.sql`), 'utf8'))
    for (const table of LAWFUL) {
      await runner.query(DROP_CHECKS(table))
      await runner.query(
        `alter table ${table} add constraint ${table}_is_lawful check (ledger_lawful_${table}_v2(${table}))`,
      )
    }
    await runner.query(`
      drop trigger monotone on account;
      drop trigger never on account;
      drop trigger monotone on lot;
      drop trigger parts on lot;
      create trigger monotone before update on account for each row execute function ledger_grow_account_v2();
      create trigger monotone before update on lot for each row execute function ledger_grow_lot_v2()`)
    await runner.query(`select ledger_grant_roles_v1()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop trigger monotone on account; drop trigger monotone on lot`)
    for (const table of LAWFUL) await runner.query(DROP_CHECKS(table))
    await runner.query(OLD_CHECKS)
    await runner.query(readFileSync(join(FOLDER, 'guards.v1.sql'), 'utf8'))
    await runner.query(`
      create trigger never before update on account for each row
        when (new.reversed_pending < old.reversed_pending) execute function ledger_guard_v1();
      create trigger parts before update on lot for each row
        when (old.of_lot is distinct from new.of_lot or new.moved < old.moved) execute function ledger_guard_v1()`)
    for (const f of FUNCTIONS) await runner.query(`drop function ledger_${f}_v2`)
    await runner.query(`drop type ledger_item_v2`)
  }
}

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')
const FILES = ['lawful', 'item', 'parts', 'award', 'redeem', 'bulk', 'bulk-awards', 'bulk-redemptions']
const LAWFUL = ['account', 'entry', 'lot', 'award_source', 'idempotency']
const FUNCTIONS = [
  ...['bulk', 'one_of_bulk', 'ordinary_awards', 'ordinary_redemptions', 'ordinary'],
  ...['award_together', 'redeem_together', 'first_lots', 'award', 'redeem', 'shares', 'again', 'valid_key'],
  ...['grow_account', 'grow_lot'],
  ...LAWFUL.map((table) => `lawful_${table}`),
]

const DROP_CHECKS = (table: string): string => `
  do $$
  declare c record;
  begin
    for c in select conname from pg_constraint where conrelid = '${table}'::regclass and contype = 'c'
    loop execute format('alter table ${table} drop constraint %I', c.conname); end loop;
  end $$`

const OLD_CHECKS = `
  alter table account add check (holder_kind in ('M', 'G', 'E')), add check (holder_id > 0),
    add check (length(currency) between 1 and 40), add check (pending >= 0), add check (held >= 0),
    add check (debt_floor >= 0), add check (account_id between 1 and 9007199254740991),
    add check (available >= -debt_floor), add check (lifetime_reversed <= lifetime_earned),
    add check (redeemed_on_rewards <= redeemed), add check (reversed_pending >= 0);
  alter table entry add check (seq > 0),
    add check (kind in ('AWARD', 'MATURE', 'REDEEM', 'REVERSE', 'EXPIRE', 'HOLD', 'CAPTURE', 'RELEASE', 'TRANSFER_IN',
                        'TRANSFER_OUT', 'ADJUST')),
    add check (debt_allowed >= 0), add check (shortfall >= 0), add check (lapsed >= 0),
    add check ((purchase_kind is null) = (purchase_id is null));
  alter table lot add check (lot_no > 0), add check (awarded > 0), add check (remaining >= 0), add check (reserved >= 0),
    add check (consumed >= 0), add check (expired >= 0), add check (reversed >= 0), add check (offset_debt >= 0),
    add check (moved >= 0), add check (matured or reserved + consumed + offset_debt = 0),
    add constraint lot_is_explained
      check (awarded = remaining + reserved + consumed + expired + reversed + offset_debt + moved);
  alter table award_source add check (length(source_type) between 1 and 40), add check (length(source_ref) between 1 and 255),
    add check (line_no > 0), add check (length(line_ref) <= 255), add check (awarded > 0),
    add check (reversed between 0 and awarded), add check (lapsed between 0 and reversed);
  alter table idempotency add check (length(scope) between 1 and 100), add check (length(key) between 1 and 255),
    add check (length(request_hash) = 32)`
