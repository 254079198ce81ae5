import { availableParallelism } from 'node:os'
import fc from 'fast-check'
import type { AccountKey, LedgerCommand, Movement } from '../../src/domain/points/ledger'
import { Busy } from '../../src/domain/shared/errors'
import { points } from '../../src/domain/shared/points'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import { compareBooks } from '../support/ledger-books'
import { anOperation, answerOf, Script, told } from '../support/ledger-operations'
import { type Done, replay } from '../support/ledger-replay'
import {
  aKey,
  aLedgerWorld,
  anAward,
  aRedemption,
  assertLawful,
  type LedgerWorld,
} from '../support/ledger-world'

let database: TestDatabase
let ledger: PostgresPointsLedger
let world: LedgerWorld
let other: LedgerWorld

beforeAll(async () => {
  database = await testDatabase()
  ledger = new PostgresPointsLedger(pooled(database.dataSource))
  world = await aLedgerWorld(database.dataSource)
  other = await aLedgerWorld(database.dataSource)
})
afterAll(() => database.close())
afterEach(() => assertLawful(database.dataSource))

/** Several callers at once on the same wallets, each with a clock of its own and now and then sending a call again. */
async function race(wallets: readonly AccountKey[], seed: number): Promise<readonly Done[]> {
  const { workers, operations } = bars().concurrent
  const done: Done[] = []
  const work = async (worker: number) => {
    const script = new Script(wallets, `race-${seed}-${worker}`, true)
    const answers = new Map<LedgerCommand, unknown>()
    for (const operation of fc.sample(anOperation, { numRuns: operations, seed: seed + worker })) {
      const asked = script.next(operation)
      if (!asked) continue
      const answer = await answerOf(ledger, asked)
      script.learn(asked, answer.movement)
      if (answers.has(asked)) expect(told(answer)).toEqual(answers.get(asked))
      // A call that was refused for its form, or found nobody, leaves no decision: it may fare better the next time.
      else if (answer.movement ?? ['INSUFFICIENT_POINTS', 'ALREADY_AWARDED'].includes(String(told(answer))))
        answers.set(asked, told(answer))
      if (answer.movement?.seq && !answer.movement.replayed) done.push({ asked, movement: answer.movement })
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
  return done
}

describe('many callers at once', () => {
  const seed = Date.now() % 1_000_000

  it.each(bars().concurrent.wallets)(
    'keep lawful books, in which each journal is one order of what was done (%i wallets)',
    async (count) => {
      const wallets = (await Promise.all(
        [world, other].map((each) => Promise.all(Array.from({ length: count }, () => each.aWallet()))),
      )) as [AccountKey[], AccountKey[]]
      const watching = watch()
      // Each tenant has its own callers; nothing of one is ever seen by the other.
      const done = await Promise.all(wallets.map((each, index) => race(each, seed + index * 100)))
      expect(await watching.stop()).toEqual([])
      for (const [index, each] of wallets.entries()) {
        const model = await replay(database.dataSource, each, done[index]!)
        await compareBooks(database.dataSource, each, model)
      }
    },
    600_000,
  )

  /** Readers see whole movements only: in every snapshot the balances are what the lots hold. */
  function watch(): { stop(): Promise<unknown[]> } {
    let running = true
    const wrong: unknown[] = []
    const watching = (async () => {
      while (running) {
        wrong.push(
          ...(await database.dataSource.query<unknown[]>(
            `select * from ledger_invariant_i01 union all select * from ledger_invariant_i04`,
          )),
        )
        await new Promise((resolve) => setTimeout(resolve, 100 / availableParallelism()))
      }
    })()
    return {
      async stop() {
        running = false
        await watching
        return wrong
      },
    }
  }
})

describe('a call delivered several times', () => {
  it('has exactly one effect for each key, at once and later, and no other answer', async () => {
    const { keys, each } = bars().twins
    const wallets = [await world.aWallet(), await world.aWallet(), await world.aWallet()]
    for (const wallet of wallets) await ledger.award(anAward(wallet, '100000'))
    const spends = Array.from({ length: keys }, (_, n) =>
      aRedemption(wallets[n % 3]!, '1', { idempotency: aKey(`delivery-${n}`) }),
    )
    const answers = await Promise.all(
      spends.map((spend) => Promise.all(Array.from({ length: each }, () => ledger.redeem(spend)))),
    )
    const later = await Promise.all(spends.map((spend) => ledger.redeem(spend)))
    for (const [index, twins] of answers.entries()) {
      expect(twins.filter(({ replayed }) => !replayed)).toHaveLength(1)
      expect(new Set([...twins, later[index]!].map(plain)).size).toBe(1)
    }
    const effects = await database.dataSource.query<{ n: number }[]>(
      `select count(*)::integer as n from idempotency where tenant_id = $1 and key like 'delivery-%' and seq is not null`,
      [world.tenant],
    )
    expect(effects[0]!.n).toBe(keys)
    const altered = await Promise.all(
      spends.map((spend) =>
        code(
          ledger.redeem({
            ...spend,
            idempotency: { ...spend.idempotency!, requestHash: aKey('altered').requestHash },
          }),
        ),
      ),
    )
    expect(new Set(altered)).toEqual(new Set(['IDEMPOTENCY_KEY_REUSED']))
  }, 120_000)

  const plain = (answer: Movement) =>
    JSON.stringify({ ...answer, replayed: null }, (_, value: unknown) =>
      typeof value === 'bigint' ? `${value}` : value,
    )
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'DONE',
      (error: { code?: string }) => error.code,
    )
})

describe('a bulk', () => {
  it('answers each item in order, however it ends, and can be sent again', async () => {
    const wallets = await Promise.all(Array.from({ length: 7 }, () => world.aWallet()))
    const stranger = { ...wallets[0]!, holder: { kind: 'MEMBER', id: '1' } } as AccountKey
    const item = (n: number): LedgerCommand => {
      const wallet = n % 10 === 9 ? stranger : wallets[n % 7]!
      const idempotency = aKey(`bulk:${n % 20 === 15 ? n - 1 : n}`, n % 20 === 15 ? n - 1 : n)
      const award = anAward(wallet, '10', {
        idempotency,
        source: { type: 'bulk', ref: `${n % 20 === 15 ? n - 1 : n}` },
      })
      return {
        verb: 'award',
        command: n === 33 ? { ...award, lines: [award.lines[0]!, award.lines[0]!] } : award,
      }
    }
    const items = Array.from({ length: 120 }, (_, n) => item(n))
    const first = await ledger.bulk(items)
    expect(
      first.map(({ movement, error }, n) =>
        n === 33
          ? 'poison'
          : movement
            ? movement.replayed
              ? 'again'
              : 'done'
            : (error as { code?: string }).code,
      ),
    ).toEqual(
      items.map((_, n) =>
        n === 33 ? 'poison' : n % 10 === 9 ? 'MEMBER_NOT_FOUND' : n % 20 === 15 ? 'again' : 'done',
      ),
    )
    expect(first[33]!.error?.message).toContain('named twice')
    const again = await ledger.bulk(items)
    expect(again.filter(({ movement }) => movement && !movement.replayed)).toEqual([])
    expect(again.map(({ movement }) => movement?.seq)).toEqual(first.map(({ movement }) => movement?.seq))
  })

  it('does not deadlock with others that name the same wallets in another order', async () => {
    const wallets = await Promise.all(Array.from({ length: 6 }, () => world.aWallet()))
    const sets = Array.from({ length: 12 }, (_, n) => (n % 2 ? wallets : [...wallets].reverse()))
    const answers = await Promise.all(
      sets.map((set) =>
        ledger.bulk(set.map((wallet): LedgerCommand => ({ verb: 'award', command: anAward(wallet, '1') }))),
      ),
    )
    expect(answers.flat().filter(({ error }) => error)).toEqual([])
  })
})

describe('when the database says that somebody must give way', () => {
  afterEach(() =>
    database.dataSource.query('drop trigger if exists contend on entry; drop function if exists contend()'),
  )

  it.each(['40P01', '40001', '55P03'])(
    'tells the caller that it was busy (%s), with nothing written',
    async (state) => {
      const wallet = await world.aWallet()
      await ledger.award(anAward(wallet, '10'))
      await database.dataSource.query(`
      create function contend() returns trigger language plpgsql as $$ begin raise 'give way' using errcode = '${state}'; end $$;
      create trigger contend before insert on entry for each row execute function contend()`)
      await expect(
        ledger.redeem(aRedemption(wallet, '1', { idempotency: aKey(`contended-${state}`) })),
      ).rejects.toBeInstanceOf(Busy)
      await database.dataSource.query('drop trigger contend on entry')
      expect(
        (await ledger.redeem(aRedemption(wallet, '1', { idempotency: aKey(`contended-${state}`) }))).balance
          .available,
      ).toBe(points('9'))
    },
  )
})
