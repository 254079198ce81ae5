import type { AccountKey, LedgerCommand } from '../../src/domain/points/ledger'
import { Busy } from '../../src/domain/shared/errors'
import { points } from '../../src/domain/shared/points'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { pooled } from '../../src/persistence/sql'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import { concurrentTrial, lockOrderTrial, twinsTrial } from '../support/ledger-trials'
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

describe('many callers at once', () => {
  // Printed by what fails; give it to trial to see it again.
  const seed = Date.now() % 1_000_000

  it.each(bars().concurrent.wallets)(
    'keep lawful books, in which each journal is one order of what was done (%i wallets)',
    async (wallets) => {
      const { workers, operations } = bars().concurrent
      await expect(
        concurrentTrial(database.dataSource, { seed, workers, operations, wallets }),
      ).resolves.toBeUndefined()
    },
    600_000,
  )
})

describe('a call delivered several times', () => {
  it('has exactly one effect, at once and later, and one answer', async () => {
    await expect(twinsTrial(database.dataSource, bars().twins)).resolves.toBeUndefined()
  }, 120_000)

  it('is refused when something else was asked under its key, and means nothing to another tenant', async () => {
    const [mine, theirs] = [await world.aWallet(), await other.aWallet()]
    const [first, second] = [
      anAward(mine, '10', { idempotency: aKey('once') }),
      anAward(theirs, '7', { idempotency: aKey('once', 7) }),
    ]
    await ledger.award(first)
    expect((await ledger.award(second)).replayed).toBe(false)
    const elsewhere = {
      ...first,
      account: await world.aWallet(),
      idempotency: aKey('once', 'another wallet'),
    }
    await expect(ledger.award(elsewhere)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' })
  })
})

describe('two wallets', () => {
  it('are always locked in the same order, so that transfers that cross do not wait for each other', async () => {
    await expect(lockOrderTrial(database.dataSource)).resolves.toBeUndefined()
  })
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
    const sets = Array.from({ length: 12 }, (_, n) =>
      n % 2 ? wallets : wallets.map((_wallet, index) => wallets[wallets.length - 1 - index]!),
    )
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
