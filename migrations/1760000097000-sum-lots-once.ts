import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The law of lots sums those of all entries in one pass. Asking for each entry's read every lot of the wallet each time,
 * which took minutes for a wallet of some ten thousand lots, as a group's becomes.
 */
export class SumLotsOnce1760000097000 implements MigrationInterface {
  readonly name = 'SumLotsOnce1760000097000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      lawThat(`
        select e.tenant_id, e.account_id, e.seq::text
          from entry e
          left join (select l.tenant_id, l.account_id, l.seq, sum(l.awarded) as awarded
                       from lot l where l.of_lot is null group by l.tenant_id, l.account_id, l.seq) born
            using (tenant_id, account_id, seq)
         where ${CREDITED} and e.d_available + e.d_pending <> coalesce(born.awarded, 0)`),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      lawThat(`
        select e.tenant_id, e.account_id, e.seq::text
          from entry e
         where ${CREDITED} and e.d_available + e.d_pending <> coalesce((
                 select sum(l.awarded) from lot l where l.tenant_id = e.tenant_id and l.account_id = e.account_id
                    and l.seq = e.seq and l.of_lot is null), 0)`),
    )
  }
}

const CREDITED = `(e.kind in ('AWARD', 'TRANSFER_IN') or e.kind = 'ADJUST' and e.d_available > 0)`

const lawThat = (entriesWithoutLots: string): string => `
  create or replace view ledger_invariant_i14 as -- Every point credited stands in a lot, and every lot is explained.
  select l.tenant_id, l.account_id, l.lot_no::text as found
    from lot l
   where l.awarded <> l.remaining + l.reserved + l.consumed + l.expired + l.reversed + l.offset_debt + l.moved
  union all
  ${entriesWithoutLots}`
