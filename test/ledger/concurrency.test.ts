import type { AccountKey, LedgerCommand } from '../../src/domain/points/ledger'
import { Busy } from '../../src/domain/shared/errors'
import { points } from '../../src/domain/shared/points'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import type { Stores } from '../../src/domain/stores'
import { type Connection, pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
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
  // The laws are checked over all there is, so that what is many has a database of its own.
  let crowded: TestDatabase
  beforeAll(async () => {
    crowded = await testDatabase()
  })
  afterAll(() => crowded.close())

  // Printed by what fails; give it to trial to see it again.
  const seed = Date.now() % 1_000_000

  it.each(bars().concurrent.wallets)(
    'keep lawful books, in which each journal is one order of what was done (%i wallets)',
    async (wallets) => {
      const { workers, operations } = bars().concurrent
      await expect(
        concurrentTrial(crowded.dataSource, { seed, workers, operations, wallets }),
      ).resolves.toBeUndefined()
    },
    600_000,
  )
})

describe('a call delivered several times', () => {
  it('has exactly one effect, at once and later, and one answer', async () => {
    await expect(twinsTrial(database.dataSource, bars().twins)).resolves.toBeUndefined()
  }, 240_000)

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

  it('of many items that is cut off midway converges when it is sent again', async () => {
    const wallets = await Promise.all(Array.from({ length: 40 }, () => world.aWallet()))
    const stranger = { ...wallets[0]!, holder: { kind: 'MEMBER', id: '1' } } as AccountKey
    const count = bars().bulkItems
    const [bad, twin, poison] = [
      (n: number) => n % 10 === 9,
      (n: number) => n % 20 === 15,
      (n: number) => n === Math.floor(count / 2) + 3,
    ]
    const items = Array.from({ length: count }, (_, n): LedgerCommand => {
      const own = twin(n) ? n - 1 : n
      const award = anAward(bad(n) ? stranger : wallets[own % 40]!, '10', {
        idempotency: aKey(`many:${own}`),
        source: { type: 'many', ref: `${own}` },
      })
      return {
        verb: 'award',
        command: poison(n) ? { ...award, lines: [award.lines[0]!, award.lines[0]!] } : award,
      }
    })
    const done = async () =>
      (
        await database.dataSource.query<{ n: number }[]>(
          `select count(*)::integer as n from award_source where tenant_id = $1 and source_type = 'many'`,
          [world.tenant],
        )
      )[0]!.n
    const first = ledger.bulk(items).then(
      () => 'ended',
      () => 'cut off',
    )
    // Some chunks are committed by then, and one is under way.
    while ((await done()) < 60) await new Promise((resolve) => setTimeout(resolve, 1))
    while (
      (
        await database.dataSource.query<unknown[]>(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and state = 'active' and query like '%ledger_bulk%' and pid <> pg_backend_pid()`,
        )
      ).length === 0 &&
      (await done()) < count / 2
    );
    expect(await first).toBe('cut off')
    expect(await done()).toBeLessThan(count * 0.85)
    const answers = await ledger.bulk(items)
    const outcomes = answers.map(({ movement, error }) =>
      movement ? movement.seq : (error as { code?: string }).code,
    )
    expect(outcomes.map((outcome) => (/^[0-9]+$/.test(outcome!) ? 'done' : outcome))).toEqual(
      items.map((_, n) => (poison(n) ? 'LP400' : bad(n) ? 'MEMBER_NOT_FOUND' : 'done')),
    )
    expect(outcomes.filter((outcome, n) => twin(n) && outcome !== outcomes[n - 1])).toEqual([])
    expect(await done()).toBe(items.filter((_, n) => !poison(n) && !bad(n) && !twin(n)).length)
    const again = await ledger.bulk(items)
    expect(again.map(({ movement }) => movement?.seq)).toEqual(answers.map(({ movement }) => movement?.seq))
  }, 60_000)

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

  it('goes on with the other wallets while somebody has one, keeps the order of that one, and answers in its own', async () => {
    const [busy, ...free] = await Promise.all(Array.from({ length: 4 }, () => world.aWallet()))
    for (const wallet of [busy!, ...free]) await ledger.award(anAward(wallet, '10'))
    const entriesOf = async (wallet: AccountKey) =>
      await database.dataSource.query<{ kind: string }[]>(
        `select e.kind from entry e join account a using (tenant_id, account_id)
          where a.tenant_id = $1 and a.holder_id = $2 order by e.seq`,
        [world.tenant, wallet.holder.id],
      )
    const spend = (wallet: AccountKey): LedgerCommand => ({
      verb: 'redeem',
      command: aRedemption(wallet, '7'),
    })
    const items = [spend(free[0]!), spend(busy!), spend(free[1]!), spend(busy!), spend(free[2]!)]
    const holder = database.dataSource.createQueryRunner()
    await holder.startTransaction()
    let answering
    try {
      await holder.query('select from account where tenant_id = $1 and holder_id = $2 for no key update', [
        world.tenant,
        busy!.holder.id,
      ])
      answering = ledger.bulk(items)
      for (const wallet of free)
        while ((await entriesOf(wallet)).length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(await entriesOf(busy!)).toHaveLength(1)
    } finally {
      await holder.rollbackTransaction()
      await holder.release()
    }
    const answers = await answering
    expect(answers.map(({ movement, error }) => movement?.seq ?? (error as { code?: string }).code)).toEqual([
      '2',
      '2',
      '2',
      'INSUFFICIENT_POINTS',
      '2',
    ])
    await assertLawful(database.dataSource)
  }, 20_000)
})

describe('a unit of work', () => {
  const retried: string[] = []
  const storesOn = (connection: Connection) =>
    ({ ledger: new PostgresPointsLedger(connection) }) as unknown as Stores
  const unitOfWork = () =>
    createUnitOfWork(database.dataSource, storesOn, (sqlState) => void retried.push(sqlState))
  const fail = (body: string) =>
    database.dataSource.query(`
      create sequence if not exists turns;
      create function contend() returns trigger language plpgsql as $$ begin ${body} return new; end $$;
      create trigger contend before insert on entry for each row execute function contend()`)

  beforeEach(() => void retried.splice(0))
  afterEach(() =>
    database.dataSource.query(
      'drop trigger if exists contend on entry; drop function if exists contend(); drop sequence if exists turns',
    ),
  )

  it.each(['40P01', '40001', '55P03'])(
    'is run again when one in twenty must give way (%s), and each has its effect once',
    async (state) => {
      const wallet = await world.aWallet()
      await fail(`if nextval('turns') % 20 = 0 then raise 'give way' using errcode = '${state}'; end if;`)
      for (let n = 0; n < 100; n++)
        await unitOfWork().run(({ ledger: inside }) =>
          inside.award(anAward(wallet, '1', { idempotency: aKey(`retry-${state}-${n}`) })),
        )
      expect(retried).toEqual(Array.from({ length: 5 }, () => state))
      await database.dataSource.query('drop trigger contend on entry')
      expect((await ledger.redeem(aRedemption(wallet, '1'))).balance.available).toBe(points('99'))
    },
  )

  it('is run again when its connection is lost on the way, but not when nobody can say whether it was done', async () => {
    const wallet = await world.aWallet()
    const die = { name: 'die', text: 'select pg_terminate_backend(pg_backend_pid())' }
    const cut = { times: 1 }
    await createUnitOfWork(
      database.dataSource,
      (connection) =>
        ({
          ledger: new PostgresPointsLedger(connection),
          die: () => connection.sql.rows(die, []),
        }) as unknown as Stores,
      (sqlState) => void retried.push(sqlState),
    ).run(async (stores) => {
      await stores.ledger.award(anAward(wallet, '1', { idempotency: aKey('cut') }))
      if (cut.times-- > 0) await (stores as unknown as { die(): Promise<unknown> }).die()
    })
    expect(retried).toEqual(['08'])
    expect((await ledger.redeem(aRedemption(wallet, '1'))).balance.available).toBe(points('0'))
  })

  it.each([
    ['40P01', 2, 'another operation'],
    ['23514', 0, 'no'],
    ['22012', 0, 'no'],
  ])('gives up after three tries, and tries nothing that cannot change (%s)', async (state, again, said) => {
    const wallet = await world.aWallet()
    await fail(`raise 'no' using errcode = '${state}';`)
    await expect(
      unitOfWork().run(({ ledger: inside }) => inside.award(anAward(wallet, '1'))),
    ).rejects.toThrow(said)
    expect(retried).toHaveLength(again)
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
