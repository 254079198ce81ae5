import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { DataSource } from 'typeorm'
import { testDatabase } from '../support/database'
import { anOperation, bulkOperations } from '../support/ledger-operations'
import {
  bulkTrial,
  concurrentTrial,
  lockOrderTrial,
  sequentialTrial,
  twinsTrial,
} from '../support/ledger-trials'
import { assertLawful } from '../support/ledger-world'

/** One mistake in the money code: in this file, this text would be that text. */
interface Mutant {
  readonly mistake: string
  readonly file: string
  readonly from: string
  readonly to: string
  /** Which of several occurrences; all when not given. */
  readonly nth?: number
}

const MUTANTS: readonly Mutant[] = [
  { mistake: 'the account is not locked', file: 'lock.v2', from: 'for no key update skip locked;', to: ';' },
  {
    mistake: 'a redemption does not lock',
    file: 'redeem.v5',
    from: 'for no key update skip locked;',
    to: ';',
  },
  {
    mistake: 'a transfer locks from, then to',
    file: 'transfer.v3',
    from: 'perform ledger_lock_all_v1(array[k, other]);',
    to: '',
  },
  {
    mistake: 'a retry does not look again once it has the lock',
    file: 'redeem.v5',
    from: 'if found then return ledger_again_v2(seen, c); end if;',
    to: '',
    nth: 1,
  },
  {
    mistake: "another tenant's key counts",
    file: 'redeem.v5',
    from: 'i.tenant_id = k.tenant_id and',
    to: '',
  },
  {
    mistake: 'the request behind a key is not compared',
    file: 'parts.v2',
    from: 'seen.request_hash <> c.request_hash',
    to: 'false',
  },
  {
    mistake: 'a refusal is not remembered',
    file: 'redeem.v5',
    from: "return ledger_remember_v1(k.tenant_id, c, ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0));",
    to: "return ledger_outcome_of_v1('INSUFFICIENT_POINTS', a, null, 0, 0);",
  },
  {
    mistake: 'more than was awarded can be reversed',
    file: 'reverse.v2',
    from: 'line.cumulative > line.awarded',
    to: 'false',
  },
  {
    mistake: 'reversals are on top of each other',
    file: 'reverse.v2',
    from: 'greatest(0, t.cumulative - s.reversed)',
    to: 't.cumulative',
  },
  {
    mistake: 'what had lapsed is taken again',
    file: 'reverse.v2',
    from: 'least(t.cumulative, s.awarded - parts.expired)',
    to: 't.cumulative',
  },
  {
    mistake: 'a reversal ignores how deep a debt may be',
    file: 'reverse.v3',
    from: 'greatest(0, p_max_debt + least(0, spendable))',
    to: 'p_rest',
  },
  {
    mistake: 'pending points are reversed as if they were spendable',
    file: 'reverse.v2',
    from: 'if part.matured then',
    to: 'if true then',
  },
  {
    mistake: 'an award does not pay the debt',
    file: 'award.v6',
    from: 'pay := least(total, greatest(0, -a.available));',
    to: 'pay := 0;',
  },
  {
    mistake: 'a maturing lot does not pay the debt',
    file: 'settle.v1',
    from: 'pay := least(l.remaining, greatest(0, -a.available));',
    to: 'pay := 0;',
  },
  {
    mistake: 'an award of one line leaves what pays a debt to be spent as well',
    file: 'award.v6',
    from: 'a.version, total, total - pay, pay,',
    to: 'a.version, total, total, 0,',
  },
  {
    mistake: 'an award forgets when it is due',
    file: 'award.v6',
    from: 'a.next_due_at := least(a.next_due_at, p_expires);',
    to: '',
  },
  {
    mistake: 'points live one tick too long',
    file: 'settle.v3',
    from: 'and l.expires_at <= a.settled_at',
    to: 'and l.expires_at < a.settled_at',
  },
  {
    mistake: 'points mature one tick too late',
    file: 'settle.v3',
    from: 'and l.matures_at <= a.settled_at',
    to: 'and l.matures_at < a.settled_at',
  },
  {
    mistake: 'oldest first instead of first to expire',
    file: 'redeem.v5',
    from: 'order by x.expires_at, x.lot_no',
    to: 'order by x.lot_no',
  },
  {
    mistake: 'oldest first instead of first to expire, in holds and transfers',
    file: 'take.v2',
    from: 'order by x.expires_at, x.lot_no',
    to: 'order by x.lot_no',
  },
  {
    mistake: 'oldest first instead of first to expire, in a bulk',
    file: 'bulk-redemptions.v3',
    from: 'order by l.expires_at, l.lot_no',
    to: 'order by l.lot_no',
  },
  {
    mistake: 'a lot is left with one point',
    file: 'redeem.v5',
    from: 'part := least(need, l.remaining);',
    to: 'part := least(need, greatest(1, l.remaining - 1));',
  },
  {
    mistake: 'the balance is not asked',
    file: 'redeem.v5',
    from: 'if a.available < p_points then',
    to: 'if a.available <= 0 then',
  },
  {
    mistake: 'a hold can be captured twice',
    file: 'hold.v1',
    from: 'if p_open > 0 and coalesce(p_points, 1) <= p_open then return null; end if;',
    to: 'return null;',
  },
  {
    mistake: 'a release does not pay the debt',
    file: 'hold.v3',
    from: 'pay := least(part, debt);',
    to: 'pay := 0;',
  },
  {
    mistake: 'transferred points live for ever',
    file: 'transfer.v3',
    from: 'b := ledger_add_lot_v1(b, part.points, pay, part.expires_at);',
    to: "b := ledger_add_lot_v1(b, part.points, pay, 'infinity');",
  },
  {
    mistake: 'a debit beyond the balance is clamped though it should be refused',
    file: 'adjust.v3',
    from: "p_policy = 'refuse'",
    to: "p_policy = 'never'",
  },
  {
    mistake: 'a bulk does not see what is due',
    file: 'bulk.v4',
    from: 'a.next_due_at > p_at',
    to: 'true',
  },
  {
    mistake: 'a bulk does not see a debt',
    file: 'bulk.v4',
    from: 'a.available >= 0',
    to: 'true',
  },
  {
    mistake: 'a bulk takes one clock for another',
    file: 'bulk.v4',
    from: 'x.clock is not distinct from b.clocks[p_from]',
    to: 'true',
  },
  {
    mistake: 'an item that goes alone takes the lines of those before it',
    file: 'bulk.v4',
    from: 'where l.item = n',
    to: 'where l.item <= n',
  },
  {
    mistake: 'a bulk does not see that an expiry has passed',
    file: 'bulk-awards.v4',
    from: 'coalesce(i.expires > p_at, true)',
    to: 'true',
  },
  {
    mistake: 'a bulk tells points that wait as spendable',
    file: 'bulk-awards.v4',
    from: 'sum(case when i.matured then i.total else 0 end) over wallet',
    to: 'sum(i.total) over wallet',
  },
  {
    mistake: 'a bulk tells a redemption without those before it',
    file: 'bulk-redemptions.v4',
    from: '(sum(i.total) over wallet)::bigint as available_after',
    to: 'i.total as available_after',
  },
  {
    mistake: 'a bulk forgets when its awards are due',
    file: 'bulk-awards.v4',
    from: 'least(x.next_due_at, n.due)',
    to: 'x.next_due_at',
  },
  {
    mistake: 'a bulk counts for lifetime what does not',
    file: 'bulk-awards.v4',
    from: 'sum(case when i.counts then i.total else 0 end) as counted',
    to: 'sum(i.total) as counted',
  },
  {
    mistake: 'an award does not move the mark before its lot',
    file: 'award.v6',
    from: "if (coalesce(p_expires, 'infinity'), a.last_lot_no) < (a.open_from_expiry, a.open_from_lot) then",
    to: 'if false then',
  },
  {
    mistake: 'a transfer or a credit does not move the mark before its lot',
    file: 'transfer.v3',
    from: 'if (p_expires, a.last_lot_no) <= (a.open_from_expiry, a.open_from_lot) then',
    to: 'if false then',
  },
  {
    mistake: 'a release does not move the mark before what it gives back',
    file: 'hold.v3',
    from: 'if (h.expires_at, h.lot_no) <= (a.open_from_expiry, a.open_from_lot) then',
    to: 'if false then',
  },
  {
    mistake: 'a bulk does not move the mark before its lots',
    file: 'bulk-awards.v4',
    from: 'open_from_expiry = least(x.open_from_expiry, n.lapses_at),',
    to: '',
  },
  {
    mistake: 'a redemption moves the mark past a lot of which something is left',
    file: 'redeem.v5',
    from: 'case when part = l.remaining then l.lot_no else l.lot_no - 1 end',
    to: 'l.lot_no',
  },
  {
    mistake: 'a redemption moves the mark past a lot that waits to mature',
    file: 'redeem.v5',
    from: 'if a.pending > 0 then spent := ledger_spent_v2(a, spent); end if;',
    to: '',
  },
  {
    mistake: 'a bulk moves the mark past a lot that waits to mature',
    file: 'bulk-redemptions.v4',
    from: 'p on a.pending > 0',
    to: 'p on false',
  },
  {
    mistake: 'an entry is written without its event',
    file: 'append.v1',
    from: 'insert into outbox (tenant_id, topic, lane, payload)\n  values (a.tenant_id,',
    to: "insert into outbox (tenant_id, topic, lane, payload)\n  select a.tenant_id, 'points.x', '', '{}'::jsonb where false; perform (a.tenant_id,",
  },
]

const FOLDER = join(__dirname, '..', '..', 'src', 'persistence', 'points', 'sql')

const textOf = (file: string): string => readFileSync(join(FOLDER, `${file}.sql`), 'utf8')

/** The mutated file, and what the migrations ran over it since. */
function mutated({ file, from, to, nth }: Mutant): string {
  const parts = textOf(file).split(from)
  if (parts.length < 2) throw new Error(`${file} does not say: ${from}`)
  const wrong = parts.reduce(
    (before, after, index) => before + (nth === undefined || nth === index - 1 ? to : from) + after,
  )
  return [wrong, ...(LATER.get(file) ?? []).map(textOf)].join(';')
}

/** What replaced a part of a file. */
const LATER = new Map([
  ['settle.v1', ['settle.v3']],
  ['hold.v1', ['hold.v2', 'hold.v3']],
])

/** The same trials that the unharmed ledger passes; what they say about this one, or null when they notice nothing. */
async function noticed(
  dataSource: DataSource,
  ...trials: readonly ((dataSource: DataSource) => Promise<void>)[]
): Promise<string | null> {
  try {
    for (const trial of trials) await trial(dataSource)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function bulks(dataSource: DataSource): Promise<void> {
  for (const operations of fc.sample(bulkOperations(40), { numRuns: 25, seed: 7 }))
    await bulkTrial(dataSource, operations, 20)
  await assertLawful(dataSource)
}

async function singles(dataSource: DataSource): Promise<void> {
  for (const script of fc.sample(fc.array(anOperation, { minLength: 100, maxLength: 100, size: 'max' }), {
    numRuns: 10,
    seed: 7,
  })) {
    await sequentialTrial(dataSource, script)
  }
  await assertLawful(dataSource)
  await twinsTrial(dataSource, { keys: 20, each: 8 })
  await lockOrderTrial(dataSource)
  for (const seed of [1, 2, 3])
    await concurrentTrial(dataSource, { seed, workers: 8, operations: 60, wallets: 3 })
}

describe('a mistake in the money code', () => {
  it('is not seen where there is none', async () => {
    const database = await testDatabase()
    try {
      expect(await noticed(database.dataSource, singles, bulks)).toBeNull()
    } finally {
      await database.close()
    }
  }, 240_000)

  it.each(MUTANTS)(
    'is noticed: $mistake',
    async (mutant) => {
      const database = await testDatabase()
      try {
        await database.dataSource.query(mutated(mutant))
        expect(
          await noticed(database.dataSource, mutant.file.startsWith('bulk') ? bulks : singles),
        ).not.toBeNull()
      } finally {
        await database.close()
      }
    },
    240_000,
  )
})
