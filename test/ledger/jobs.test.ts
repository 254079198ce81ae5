import { randomUUID } from 'node:crypto'
import type { AccountKey } from '../../src/domain/points/ledger'
import type { EventListener } from '../../src/domain/shared/event-feed'
import type { NewJob, OutboxEvent } from '../../src/domain/shared/job-queue'
import { points } from '../../src/domain/shared/points'
import { publishing, sweeping, working } from '../../src/jobs/ledger-rounds'
import { startRounds } from '../../src/jobs/rounds'
import { PostgresJobQueue, PostgresJobWorker } from '../../src/persistence/jobs/postgres-job-queue'
import { PostgresEventFeed } from '../../src/persistence/jobs/postgres-event-feed'
import { PostgresOutbox } from '../../src/persistence/jobs/postgres-outbox'
import { silentLog } from '../../src/persistence/log'
import { CoalescingLedger } from '../../src/persistence/points/coalescing-ledger'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import type { Stores } from '../../src/domain/stores'
import { pooled } from '../../src/persistence/sql'
import { createUnitOfWork, runOnce } from '../../src/persistence/unit-of-work'
import { testDatabase, type TestDatabase } from '../support/database'
import { bars } from '../support/ledger-bars'
import {
  aKey,
  aLedgerWorld,
  anAward,
  aRedemption,
  assertLawful,
  at,
  type LedgerWorld,
} from '../support/ledger-world'

let database: TestDatabase
let world: LedgerWorld
let ledger: PostgresPointsLedger

beforeAll(async () => {
  database = await testDatabase()
  world = await aLedgerWorld(database.dataSource)
  ledger = new PostgresPointsLedger(pooled(database.dataSource))
})
afterAll(() => database.close())
afterEach(() => assertLawful(database.dataSource))

const until = async (done: () => Promise<boolean>) => {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}
const count = async (text: string, values: unknown[] = []): Promise<number> =>
  (await database.dataSource.query<{ n: number }[]>(`select count(*)::integer as n from ${text}`, values))[0]!
    .n

const aJob = (over: Partial<NewJob>): NewJob => ({
  tenantId: world.tenant,
  kind: 'award',
  lane: 'lane',
  dedupKey: null,
  payload: {},
  maxAttempts: 2,
  ...over,
})

/**
 * Does so many jobs, sent twice and with poison among them, with four workers. By turns of a twentieth all live, and one
 * of them dies every two seconds (sooner where all are done sooner), after its effect and before its commit. Answers how
 * long the turns of each kind took in all: side by side, so that how busy the machine is weighs on both.
 */
async function drainedByTurns({
  dataSource,
}: TestDatabase): Promise<{ readonly calm: number; readonly disturbed: number }> {
  const crowd = await aLedgerWorld(dataSource)
  const wallets = await Promise.all(Array.from({ length: 5 }, () => crowd.aWallet()))
  const all = bars().jobs
  const every = all < 1_000 ? 200 : 2_000
  const order = wallets.map((): number[] => [])
  const took = { calm: 0, disturbed: 0 }
  const turn = { kind: 'calm' as keyof typeof took, since: performance.now(), deaths: 0, nextDeath: 0 }
  const change = () => {
    const now = performance.now()
    took[turn.kind] += now - turn.since
    Object.assign(turn, { kind: turn.kind === 'calm' ? 'disturbed' : 'calm', since: now })
  }
  const worker = new PostgresJobWorker(dataSource, {
    award: async ({ id, payload, lane }, connection) => {
      const award = anAward(wallets[Number(lane)]!, '1', {
        idempotency: { ...aKey(`job-${id}`), scope: 'job' },
        source: { type: 'job', ref: id },
      })
      await new PostgresPointsLedger(connection).award(award)
      if (turn.kind === 'disturbed' && performance.now() > turn.nextDeath) {
        turn.nextDeath = performance.now() + every
        turn.deaths++
        await connection.sql.rows({ name: 'die', text: 'select pg_terminate_backend(pg_backend_pid())' }, [])
      }
      order[Number(lane)]!.push(Number(payload['n']))
      if (order.reduce((sum, { length }) => sum + length, 0) % (all / 20) === 0) change()
    },
    poison: () => Promise.reject(new Error('poison')),
  })
  const rows = async (text: string): Promise<number> =>
    (await dataSource.query<{ n: number }[]>(`select count(*)::integer as n from ${text}`))[0]!.n
  const jobs = Array.from({ length: all }, (_, n) => ({
    ...aJob({ lane: `${n % 5}`, dedupKey: `n-${n}`, payload: { n }, maxAttempts: 50 }),
    tenantId: crowd.tenant,
  }))
  const poison = Array.from({ length: 9 }, (_, n) => ({
    ...aJob({ kind: 'poison', lane: `poison ${n % 3}` }),
    tenantId: crowd.tenant,
  }))
  await runOnce(dataSource, (connection) =>
    new PostgresJobQueue(connection).add([...poison, ...jobs, ...jobs]),
  )
  // Nobody waits for the back-off here.
  const hurry = setInterval(
    () =>
      void dataSource
        .query(`update job set run_at = created_at where state = 'READY' and run_at > clock_timestamp()`)
        .catch(() => undefined),
    20,
  )
  const running = startRounds(
    [1, 2, 3, 4].map(() => working(worker)),
    { restMillis: 20, failed: () => undefined },
  )
  try {
    await until(async () => (await rows(`(select from job where state = 'READY' limit 1) j`)) === 0)
  } finally {
    clearInterval(hurry)
    await running.stop()
  }
  change()
  expect(await rows(`job where state <> 'DONE' and kind <> 'poison'`)).toBe(0)
  expect(await rows(`award_source where source_type = 'job'`)).toBe(all)
  expect(await rows(`job where state = 'DEAD' and kind = 'poison'`)).toBe(9)
  expect(turn.deaths).toBeGreaterThan(took.disturbed / (3 * every))
  for (const done of order) expect(done).toEqual([...done].sort((a, b) => a - b))
  await assertLawful(dataSource)
  return took
}

describe('jobs', () => {
  // The laws are checked over all there is, so that what is many has a database of its own.
  it('have their effect exactly once, in the order of their lane, however often workers are cut off, and take no more than twice as long', async () => {
    const crowded = await testDatabase()
    try {
      const { calm, disturbed } = await drainedByTurns(crowded)
      expect(disturbed).toBeLessThan(bars().drain * calm)
    } finally {
      await crowded.close()
    }
  }, 600_000)

  it('that always fail are dead after their last attempt, hold up no other lane, and can be revived', async () => {
    const broken = { yes: true }
    const worker = new PostgresJobWorker(database.dataSource, {
      poison: async () => {
        if (broken.yes) throw new Error('poison')
      },
    })
    await new PostgresJobQueue(pooled(database.dataSource)).add([
      aJob({ kind: 'poison' }),
      aJob({ kind: 'unknown', lane: 'another' }),
    ])
    expect((await worker.work()).outcome).toBe('failed')
    expect((await worker.work()).outcome).toBe('idle')
    await database.dataSource.query(`update job set run_at = clock_timestamp() where kind = 'poison'`)
    expect((await worker.work()).outcome).toBe('dead')
    broken.yes = false
    expect(await worker.revive(world.tenant)).toBe(1)
    expect((await worker.work()).outcome).toBe('done')
    expect(await count(`job where kind = 'unknown' and state = 'READY'`)).toBe(1)
  })
})

describe('events', () => {
  it('leave once each, in the order of their wallet, and come again when they could not be delivered', async () => {
    const wallet = await world.aWallet()
    const outbox = new PostgresOutbox(database.dataSource)
    await until(async () => (await outbox.publish(500, async () => undefined)) === 0)
    const { accountId } = await ledger.award(anAward(wallet, '3'))
    await ledger.redeem(aRedemption(wallet, '1'))
    await expect(outbox.publish(10, () => Promise.reject(new Error('nobody listens')))).rejects.toThrow(
      'nobody listens',
    )
    const seen: OutboxEvent[] = []
    const running = startRounds([publishing(outbox, async (events) => void seen.push(...events))], {
      restMillis: 10,
      failed: () => undefined,
    })
    await until(async () => (await count('outbox')) === 0)
    await running.stop()
    expect(seen.map(({ topic, payload }) => [topic, payload])).toEqual([
      ['points.award', { accountId, seq: '1' }],
      ['points.redeem', { accountId, seq: '2' }],
    ])
  })
})

describe('an event feed', () => {
  const heardBy = (heard: OutboxEvent[], missed: string[] = []): EventListener => ({
    heard: (event) => void heard.push(event),
    missed: () => void missed.push('missed'),
  })
  const publishAll = async () => {
    const outbox = new PostgresOutbox(database.dataSource)
    await until(async () => (await outbox.publish(50, async () => undefined)) === 0)
  }

  it('tells every process of each event once, in order, when it leaves and not before', async () => {
    await publishAll()
    const feeds = [1, 2].map(() => new PostgresEventFeed(database.dataSource, silentLog))
    const heard: OutboxEvent[][] = [[], []]
    const ends = await Promise.all(feeds.map((feed, n) => feed.subscribe(heardBy(heard[n]!))))
    const wallet = await world.aWallet()
    const { accountId } = await ledger.award(anAward(wallet, '300'))
    for (let n = 0; n < 120; n++) await ledger.redeem(aRedemption(wallet, '1'))
    await expect(
      new PostgresOutbox(database.dataSource).publish(10, () => Promise.reject(new Error('not yet'))),
    ).rejects.toThrow('not yet')
    expect(heard).toEqual([[], []])
    await publishAll()
    await until(async () => heard.every(({ length }) => length >= 121))
    for (const events of heard) {
      expect(events.map(({ payload }) => payload)).toEqual(
        Array.from({ length: 121 }, (_, n) => ({ accountId, seq: `${n + 1}` })),
      )
      expect(events[0]).toMatchObject({ tenantId: world.tenant, topic: 'points.award', lane: accountId })
    }
    ends[0]!()
    await ledger.redeem(aRedemption(wallet, '1'))
    await publishAll()
    await until(async () => heard[1]!.length === 122)
    expect(heard[0]).toHaveLength(121)
    for (const feed of feeds) await feed.close()
  })

  it('says that events may be missing when its line was cut, and hears again', async () => {
    const feed = new PostgresEventFeed(database.dataSource, silentLog)
    const [heard, missed]: [OutboxEvent[], string[]] = [[], []]
    await feed.subscribe(heardBy(heard, missed))
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
    )
    await until(async () => missed.length > 0)
    await ledger.award(anAward(await world.aWallet(), '1'))
    await publishAll()
    await until(async () => heard.length > 0)
    expect(heard.at(-1)).toMatchObject({ topic: 'points.award' })
    await feed.close()
  })

  it('announces an event that is too large without its payload', async () => {
    const feed = new PostgresEventFeed(database.dataSource, silentLog)
    const heard: OutboxEvent[] = []
    await feed.subscribe(heardBy(heard))
    await database.dataSource.query(
      `insert into outbox (tenant_id, topic, lane, payload) select $1, 'test.large', 'l', jsonb_build_object('text', repeat('x', 9000))`,
      [world.tenant],
    )
    await publishAll()
    await until(async () => heard.length > 0)
    expect(heard.at(-1)).toMatchObject({ topic: 'test.large', payload: {} })
    await feed.close()
  })
})

describe('the sweeper', () => {
  it('lets lapse and releases what is due in wallets that nobody touches, once', async () => {
    const wallet = await world.aWallet()
    await ledger.award(
      anAward(wallet, '10', { now: at('2020-01-01T00:00:00Z'), expiresAt: at('2020-02-01T00:00:00Z') }),
    )
    await ledger.award(anAward(wallet, '5', { now: at('2020-01-01T00:00:00Z') }))
    const hold = {
      ...aRedemption(wallet, '12', { now: at('2020-01-02T00:00:00Z') }),
      expiresAt: at('2020-03-01T00:00:00Z'),
    }
    await ledger.hold(hold)
    const running = startRounds([sweeping(ledger)], { restMillis: 10, failed: () => undefined })
    await until(async () => (await count('hold where is_open')) === 0)
    await running.stop()
    const [statement] = await new PostgresPointsReader(pooled(database.dataSource)).statements(
      [wallet],
      null,
      'UTC',
    )
    expect(statement).toMatchObject({ available: points('5'), held: points('0'), expired: points('10') })
    expect(await ledger.sweep(10, null)).toBe(0)
  })

  it('forgets a holder while the books stay', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '10'))
    await ledger.hold({ ...aRedemption(wallet, '4'), expiresAt: null })
    expect(await ledger.eraseHolder(world.tenant, wallet.holder, null)).toBe(1)
    expect(
      await new PostgresPointsReader(pooled(database.dataSource)).statements([wallet], null, 'UTC'),
    ).toEqual([null])
    expect(
      await count(`account where holder_kind = 'E' and available = 0 and held = 0 and expired = 10000`),
    ).toBe(1)
  })
})

describe('a wallet that many call at once', () => {
  it('shares commits between them, and tells each its own answer', async () => {
    const wallet = await world.aWallet()
    const shared = new CoalescingLedger(ledger)
    await shared.award(anAward(wallet, '50'))
    const answers = await Promise.allSettled(
      Array.from({ length: 60 }, () => shared.redeem(aRedemption(wallet, '1'))),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
    expect(
      new Set(
        answers.flatMap((answer) =>
          answer.status === 'rejected' ? [(answer.reason as { code: string }).code] : [],
        ),
      ),
    ).toEqual(new Set(['INSUFFICIENT_POINTS']))
  })

  it("shares the commits of a group's transfers, and not those of members, outside transactions", async () => {
    const [group, member, own] = [await world.aGroupWallet(), await world.aWallet(), await world.aWallet()]
    await ledger.award(anAward(group, '30'))
    await ledger.award(anAward(own, '30'))
    const unitOfWork = createUnitOfWork(
      database.dataSource,
      (connection) => ({ ledger: new PostgresPointsLedger(connection) }) as unknown as Stores,
    )
    const transfers = (from: AccountKey) =>
      Promise.allSettled(
        Array.from({ length: 40 }, () =>
          unitOfWork.atOnce((stores) =>
            stores.ledger.transfer({
              ...aRedemption(from, '1'),
              to: member.holder,
              transferId: randomUUID(),
            }),
          ),
        ),
      )
    const commits = async () =>
      (
        await database.dataSource.query<{ n: number }[]>(
          `select count(distinct e.xmin::text)::integer as n from entry e join account a using (tenant_id, account_id)
            where e.kind = 'TRANSFER_OUT' group by a.holder_kind order by a.holder_kind`,
        )
      ).map(({ n }) => n)
    for (const from of [group, own]) {
      const answers = await transfers(from)
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(30)
    }
    const [ofGroup, ofMember] = await commits()
    expect(ofMember).toBe(30)
    expect(ofGroup).toBeLessThan(10)
  })
})
