import fc from 'fast-check'
import type { AccountKey, AwardCommand, ScheduleCommand } from '../../src/domain/points/ledger'
import { type Points, points } from '../../src/domain/shared/points'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { pooled } from '../../src/persistence/sql'
import { type TestDatabase, testDatabase } from '../support/database'
import {
  aLedgerWorld,
  anAward,
  aRedemption,
  aReversal,
  assertLawful,
  at,
  type LedgerWorld,
} from '../support/ledger-world'

let database: TestDatabase
let world: LedgerWorld
let ledger: PostgresPointsLedger
let reader: PostgresPointsReader

beforeAll(async () => {
  database = await testDatabase()
  world = await aLedgerWorld(database.dataSource)
  ledger = new PostgresPointsLedger(pooled(database.dataSource))
  reader = new PostgresPointsReader(pooled(database.dataSource))
})
afterAll(() => database.close())
afterEach(() => assertLawful(database.dataSource))

const day = (n: number) => at(`2026-03-${String(n).padStart(2, '0')}T00:00:00Z`)
const NO_LIMIT = points('1000000')

const aWaiting = (account: AccountKey, amount: string, over: Partial<AwardCommand> = {}): AwardCommand =>
  anAward(account, amount, { now: day(1), maturesAt: 'unknown', ...over })

/** Dates all of an award's only line but `waiting`, on day `n`. */
const aSchedule = (
  award: AwardCommand,
  waiting: string,
  n: number,
  over: Partial<ScheduleCommand> = {},
): ScheduleCommand => ({
  account: award.account,
  now: day(n),
  timeZone: 'UTC',
  facts: award.facts,
  idempotency: null,
  source: award.source,
  lines: [{ lineRef: '', waiting: points(waiting) }],
  purchase: null,
  maturesAt: null,
  sooner: false,
  ...over,
})

const figuresOf = async (account: AccountKey, n: number) => {
  const [statement] = await reader.statements([account], day(n), 'UTC')
  const { available, pending, earned, reversed, expired } = statement!
  return [available, pending, earned, reversed, expired].map((each) => Number(each) / 1000)
}

describe('dating points that wait', () => {
  it('leaves an award of unknown maturity waiting for ever, and lets dated parts mature on their day', async () => {
    const account = await world.aWallet()
    const award = aWaiting(account, '100')
    await ledger.award(award)
    expect(await figuresOf(account, 31)).toEqual([0, 100, 100, 0, 0])
    expect(await ledger.schedule(aSchedule(award, '70', 2, { maturesAt: day(5) }))).toMatchObject({
      moved: points('30'),
      seq: null,
      balance: { available: 0n, pending: points('100') },
    })
    expect(await ledger.schedule(aSchedule(award, '60', 3))).toMatchObject({
      moved: points('10'),
      balance: { available: points('10'), pending: points('90') },
    })
    expect(await figuresOf(account, 4)).toEqual([10, 90, 100, 0, 0])
    expect(await figuresOf(account, 6)).toEqual([40, 60, 100, 0, 0])
    await ledger.award(anAward(account, '1', { now: day(6) }))
    expect(await figuresOf(account, 6)).toEqual([41, 60, 101, 0, 0])
  })

  it('changes nothing when it is repeated, and never dates what is dated earlier', async () => {
    const account = await world.aWallet()
    const award = aWaiting(account, '100')
    await ledger.award(award)
    const asked = aSchedule(award, '70', 2, { maturesAt: day(5) })
    await ledger.schedule(asked)
    expect((await ledger.schedule(asked)).moved).toBe(0n)
    expect((await ledger.schedule({ ...asked, maturesAt: day(9), sooner: true })).moved).toBe(0n)
    expect((await ledger.schedule(aSchedule(award, '100', 2))).moved).toBe(0n)
    // Sooner: what was dated for the fifth is spendable now, beside twenty more.
    expect((await ledger.schedule(aSchedule(award, '50', 3, { sooner: true }))).moved).toBe(points('50'))
    expect(await figuresOf(account, 3)).toEqual([50, 50, 100, 0, 0])
  })

  it('dates nothing of an award that is spendable already', async () => {
    const account = await world.aWallet()
    const award = anAward(account, '100', { now: day(1) })
    await ledger.award(award)
    expect((await ledger.schedule(aSchedule(award, '0', 2))).moved).toBe(0n)
    expect(await figuresOf(account, 2)).toEqual([100, 0, 100, 0, 0])
  })

  it('refuses what was never awarded, and figures below zero', async () => {
    const account = await world.aWallet()
    const award = aWaiting(account, '100')
    await ledger.award(award)
    const refused = (over: Partial<ScheduleCommand>) => ledger.schedule(aSchedule(award, '0', 2, over))
    await expect(refused({ source: { type: 'test', ref: 'nothing' } })).rejects.toMatchObject({
      code: 'AWARD_NOT_FOUND',
    })
    await expect(refused({ lines: [{ lineRef: '2', waiting: points('0') }] })).rejects.toMatchObject({
      code: 'AWARD_NOT_FOUND',
    })
    await expect(refused({ account: await world.aWallet() })).rejects.toMatchObject({
      code: 'AWARD_NOT_FOUND',
    })
    await expect(refused({ lines: [{ lineRef: '', waiting: points('-1') }] })).rejects.toMatchObject({
      code: 'INVALID_POINTS',
    })
    expect(await figuresOf(account, 3)).toEqual([0, 100, 100, 0, 0])
  })

  it('lets parts lapse with the award, and what lapsed is never taken back', async () => {
    const account = await world.aWallet()
    const award = aWaiting(account, '100', { expiresAt: day(10) })
    await ledger.award(award)
    await ledger.schedule(aSchedule(award, '40', 2))
    await ledger.redeem(aRedemption(account, '20', { now: day(3) }))
    expect(await figuresOf(account, 11)).toEqual([0, 0, 100, 0, 80])
    const back = await ledger.reverse(aReversal(award, '100', { now: day(11), maxDebt: NO_LIMIT }))
    expect(back).toMatchObject({ moved: points('20'), balance: { available: points('-20') } })
  })
})

describe('taking back an award that was dated in parts', () => {
  const dated = async (): Promise<AwardCommand> => {
    const award = aWaiting(await world.aWallet(), '100')
    await ledger.award(award)
    await ledger.schedule(aSchedule(award, '40', 2))
    return award
  }

  it('takes what waits first, or what was released, as asked', async () => {
    const canceled = await dated()
    await ledger.reverse(aReversal(canceled, '30', { now: day(3), first: 'waiting' }))
    expect(await figuresOf(canceled.account, 3)).toEqual([60, 10, 70, 0, 0])
    const returned = await dated()
    await ledger.reverse(aReversal(returned, '30', { now: day(3), first: 'released' }))
    expect(await figuresOf(returned.account, 3)).toEqual([30, 40, 100, 30, 0])
  })

  it('takes from the parts before it makes a debt of what was spent', async () => {
    const award = await dated()
    await ledger.redeem(aRedemption(award.account, '50', { now: day(3) }))
    const all = aReversal(award, '100', { now: day(4), maxDebt: NO_LIMIT, first: 'released' })
    expect(await ledger.reverse(all)).toMatchObject({
      moved: points('100'),
      balance: { available: points('-50'), pending: 0n },
    })
    expect((await ledger.reverse(all)).moved).toBe(0n)
  })

  it('does not count as earned, nor as taken back, what never became spendable', async () => {
    const account = await world.aWallet()
    const award = aWaiting(account, '100')
    await ledger.award(award)
    const movement = await ledger.reverse(aReversal(award, '100', { now: day(2) }))
    expect(movement.balance).toMatchObject({ available: 0n, pending: 0n, lifetime: 0n })
    expect(await figuresOf(account, 2)).toEqual([0, 0, 0, 0, 0])
  })

  it('keeps every law, whatever is dated, spent and taken back, in any order', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('schedule' as const),
        n: fc.nat(100),
        later: fc.nat(3),
        sooner: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('reverse' as const), n: fc.nat(100), released: fc.boolean() }),
      fc.record({ kind: fc.constant('redeem' as const), n: fc.integer({ min: 1, max: 60 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const account = await world.aWallet()
        const award = aWaiting(account, '100', { expiresAt: day(20) })
        await ledger.award(award)
        let taken = 0
        let spent = 0
        for (const [index, each] of steps.entries()) {
          const n = index + 2
          if (each.kind === 'schedule')
            await ledger.schedule(
              aSchedule(award, String(each.n), n, { maturesAt: day(n + each.later), sooner: each.sooner }),
            )
          if (each.kind === 'reverse') {
            taken = Math.max(taken, each.n)
            const first = each.released ? 'released' : 'waiting'
            await ledger.reverse(aReversal(award, String(taken), { now: day(n), maxDebt: NO_LIMIT, first }))
          }
          if (each.kind === 'redeem')
            await ledger.redeem(aRedemption(account, String(each.n), { now: day(n) })).then(
              () => (spent += each.n),
              () => null,
            )
        }
        const [available = 0, pending = 0] = await figuresOf(account, 12)
        expect(available + pending).toBe(100 - taken - spent)
        await assertLawful(database.dataSource)
      }),
      { numRuns: 40 },
    )
  })

  it('is exact when parts ship and come back at once', async () => {
    const award = await dated()
    const answers = await Promise.all(
      [10, 20, 30, 40, 50, 60, 70, 80].flatMap((n) => [
        ledger.reverse(aReversal(award, String(n), { maxDebt: NO_LIMIT, now: day(4), first: 'released' })),
        ledger.schedule(aSchedule(award, String(80 - n), 4)),
      ]),
    )
    const back = answers.filter((_answer, index) => index % 2 === 0)
    expect(back.reduce((sum, { moved }) => (sum + moved) as Points, 0n as Points)).toBe(points('80'))
    expect((await figuresOf(award.account, 5)).slice(0, 2)).toEqual([20, 0])
  })
})
