import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Awards whose parts become spendable at moments that are known later, and what was taken back before it matured. */
export class AddLedgerSchedule1760000012200 implements MigrationInterface {
  readonly name = 'AddLedgerSchedule1760000012200'

  async up(runner: QueryRunner): Promise<void> {
    const [check] = (await runner.query(BALANCE_CHECK)) as { readonly conname: string }[]
    await runner.query(`
      alter table lot
        -- What left it for lots of their own, and the lot that such a part was awarded in.
        add column moved  bigint not null default 0 check (moved >= 0),
        add column of_lot bigint,
        add foreign key (tenant_id, account_id, of_lot) references lot,
        drop constraint "${check?.conname}",
        add constraint lot_is_explained
          check (awarded = remaining + reserved + consumed + expired + reversed + offset_debt + moved)`)
    await runner.query(
      `create index lot_parts on lot (tenant_id, account_id, of_lot) where of_lot is not null`,
    )
    await runner.query(`
      create trigger parts before update on lot for each row
        when (old.of_lot is distinct from new.of_lot or new.moved < old.moved) execute function ledger_guard_v1()`)
    await runner.query(`
      alter table account
        -- Part of lifetime_reversed that never became spendable.
        add column reversed_pending bigint not null default 0 check (reversed_pending >= 0)`)
    await runner.query(`
      update account a set reversed_pending = r.points
        from (select e.tenant_id, e.account_id, -sum(e.d_pending) as points
                from entry e join entry w on w.tenant_id = e.tenant_id and w.account_id = e.account_id and w.seq = e.of_seq
                 and w.counts_for_lifetime
               where e.kind = 'REVERSE' and e.d_pending < 0 group by e.tenant_id, e.account_id) r
       where r.tenant_id = a.tenant_id and r.account_id = a.account_id`)
    await runner.query(`
      create trigger never before update on account for each row
        when (new.reversed_pending < old.reversed_pending) execute function ledger_guard_v1()`)
    for (const file of FILES) await runner.query(readFileSync(join(FOLDER, file), 'utf8'))
    // Whatever laws there are by now, and these.
    const [view] = (await runner.query(`select pg_get_viewdef('ledger_invariants'::regclass) as text`)) as {
      readonly text: string
    }[]
    await runner.query(
      `create or replace view ledger_invariants as ${view?.text.trim().replace(/;$/, '')}
       union all select 'I23', count(*) from ledger_invariant_i23
       union all select 'I24', count(*) from ledger_invariant_i24`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop view ledger_invariants, ledger_invariant_i14, ledger_invariant_i23, ledger_invariant_i24`,
    )
    await runner.query(`drop trigger parts on lot`)
    await runner.query(`drop trigger never on account`)
    await runner.query(
      `drop function ledger_schedule_v1, ledger_split_v1, ledger_reverse_v2, ledger_reversal_lines_v2`,
    )
    await runner.query(readFileSync(join(FOLDER, 'reverse.v1.sql'), 'utf8'))
    // Refused while an award is dated in parts: its lots would be explained no more.
    await runner.query(`
      alter table lot drop constraint lot_is_explained, drop column of_lot, drop column moved,
        add check (awarded = remaining + reserved + consumed + expired + reversed + offset_debt)`)
    await runner.query(`alter table account drop column reversed_pending`)
    await runner.query(readFileSync(join(FOLDER, 'invariants.v1.sql'), 'utf8'))
    await runner.query(readFileSync(join(FOLDER, 'invariants.v2.sql'), 'utf8'))
  }
}

const BALANCE_CHECK = `
  select conname from pg_constraint
   where conrelid = 'lot'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%awarded = %'`

const FOLDER = join(__dirname, '..', 'src', 'persistence', 'points', 'sql')
const FILES = ['reverse.v2.sql', 'schedule.v1.sql', 'invariants.v3.sql']
