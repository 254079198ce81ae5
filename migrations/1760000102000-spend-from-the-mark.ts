import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Every verb keeps the mark, and a law tells of one that does not. Marks do not move yet: a call that began before may
 * still make a lot without a word to its wallet's mark.
 */
export class SpendFromTheMark1760000102000 implements MigrationInterface {
  readonly name = 'SpendFromTheMark1760000102000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MARKS_WAIT)
    for (const file of NOW) await runner.query(read(file))
    await runner.query(`
      drop function ledger_bulk_v1(jsonb);
      drop function ledger_award_v1(ledger_key_v1, ledger_call_v1, text, text, text[], bigint[], text[], timestamptz,
                                    timestamptz, boolean);
      drop function ledger_redeem_v1(ledger_key_v1, ledger_call_v1, bigint, text);
      drop function ledger_add_lots_v1(account, bigint, timestamptz, boolean, timestamptz, boolean, text, text, text[],
                                       bigint[], text[])`)
    await runner.query(
      `create or replace view ledger_invariants as ${await laws(runner)}
       union all select 'I25', count(*) from ledger_invariant_i25`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const file of BEFORE) await runner.query(read(file))
    await runner.query(`alter function ledger_transfer_v1 set enable_seqscan = off`)
    const others = (await laws(runner)).replace(/\s*UNION ALL\s+SELECT 'I25'[\s\S]*$/, '')
    await runner.query(`drop view ledger_invariants; drop view ledger_invariant_i25`)
    await runner.query(`create view ledger_invariants as ${others}`)
    await runner.query(`
      drop function ledger_first_lots_v3(integer, bigint);
      drop function ledger_next_due_v2(account);
      drop function ledger_take_all_v2(account, bigint, text, bigint[], bigint[]);
      drop function ledger_spent_v2(account, ledger_mark_v2);
      drop type ledger_mark_v2;
      drop trigger mark_waits on account;
      drop function ledger_mark_waits_v1()`)
  }
}

/** Wallets are marked at their first lot, whatever a verb says. */
export const MARKS_WAIT = `
  create function ledger_mark_waits_v1() returns trigger language plpgsql as $$
  begin
    new.open_from_expiry := '-infinity';
    new.open_from_lot := 0;
    return new;
  end $$;
  create trigger mark_waits before update on account for each row execute function ledger_mark_waits_v1()`

/** In the order in which they replace functions; a function that is older and as it was stands in an older file. */
const NOW = [
  ...[
    'mark.v2',
    'take.v2',
    'append.v2',
    'settle.v3',
    'award.v4',
    'redeem.v4',
    'bulk-awards.v3',
    'bulk-redemptions.v3',
  ],
  ...[
    'hold.v3',
    'reverse.v3',
    'transfer.v3',
    'adjust.v3',
    'schedule.v2',
    'erase.v2',
    'guards.v2',
    'invariants.v4',
  ],
]
const BEFORE = [
  ...[
    'append.v1',
    'settle.v2',
    'award.v1',
    'award.v3',
    'redeem.v1',
    'redeem.v3',
    'bulk.v1',
    'bulk-awards.v2',
  ],
  ...[
    'hold.v1',
    'hold.v2',
    'reverse.v1',
    'reverse.v2',
    'transfer.v1',
    'transfer.v2',
    'adjust.v1',
    'adjust.v2',
  ],
  ...['schedule.v1', 'erase.v1', 'bulk-redemptions.v2', 'lawful.v2'],
]

const read = (file: string): string =>
  readFileSync(join(__dirname, '..', 'src', 'persistence', 'points', 'sql', `${file}.sql`), 'utf8')

/** Whatever laws there are by now. */
async function laws(runner: QueryRunner): Promise<string> {
  const [view] = (await runner.query(`select pg_get_viewdef('ledger_invariants'::regclass) as text`)) as {
    readonly text: string
  }[]
  if (!view) throw new Error('there are no laws')
  return view.text.trim().replace(/;$/, '')
}
