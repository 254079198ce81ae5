import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { AccountKey, Movement } from '../../src/domain/points/ledger'
import type { MemberId } from '../../src/domain/shared/ids'
import type { Instant } from '../../src/domain/shared/instant'
import type { Meter, Reading } from '../../src/domain/shared/meter'
import { points, ZERO_POINTS } from '../../src/domain/shared/points'
import { PostgresActivityStore } from '../../src/persistence/points/postgres-activity-store'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { PostgresWalletOutlook } from '../../src/persistence/points/postgres-wallet-outlook'
import { PostgresPointsReader } from '../../src/persistence/points/postgres-points-reader'
import { pointsOutstanding } from '../../src/persistence/points/verify-ledger'
import { watchLedger, watchLocks } from '../../src/persistence/points/watch-ledger'
import { pooled, poolOf } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import type { Stores } from '../../src/domain/stores'
import {
  aKey,
  assertLawful,
  aLedgerWorld,
  anAward,
  aRedemption,
  aReversal,
  at,
  type LedgerWorld,
  walletOf,
} from '../support/ledger-world'
import { testDatabase, type TestDatabase } from '../support/database'

let database: TestDatabase
let world: LedgerWorld
let other: LedgerWorld
let ledger: PostgresPointsLedger
let reader: PostgresPointsReader
let activities: PostgresActivityStore

beforeAll(async () => {
  database = await testDatabase()
  world = await aLedgerWorld(database.dataSource)
  other = await aLedgerWorld(database.dataSource, { sandbox: false })
  ledger = new PostgresPointsLedger(pooled(database.dataSource))
  reader = new PostgresPointsReader(pooled(database.dataSource))
  activities = new PostgresActivityStore(pooled(database.dataSource))
})
afterAll(() => database.close())

afterEach(() => assertLawful(database.dataSource))

const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  database.dataSource.query<Row[]>(text, values)

const statementOf = async (wallet: AccountKey, now: string | null = null) =>
  (await reader.statements([wallet], now === null ? null : at(now), 'UTC'))[0]

const journalOf = async (wallet: AccountKey) => {
  const request = {
    memberId: wallet.holder.id as MemberId,
    programId: wallet.programId,
    currency: wallet.currency,
    first: 100,
    after: null,
  }
  return (await activities.pagesOf(wallet.tenantId, [request]))[0]!.rows
}

/** How many rows the ledger has, everywhere: a refusal must leave it as it was. */
const rowCounts = () =>
  sql<
    Record<string, string>
  >(`select (select count(*) from account) a, (select count(*) from entry) e, (select count(*) from lot) l,
              (select count(*) from allocation) p, (select count(*) from award_source) s, (select count(*) from idempotency) i,
              (select count(*) from outbox) o, (select count(*) from reversal) r`)

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'DONE',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  )

/** A meter, what it has counted of a name, and what it reads. */
function aMeter(): [Meter, (name: string) => number, (name: string) => Promise<number>] {
  const counts = new Map<string, number>()
  const gauges = new Map<string, () => readonly Reading[] | Promise<readonly Reading[]>>()
  const meter: Meter = {
    counter: ({ name }) => ({
      add: (_labels, value = 1) => void counts.set(name, (counts.get(name) ?? 0) + value),
    }),
    histogram: ({ name }) => ({
      observe: (_labels, value) => void counts.set(name, (counts.get(name) ?? 0) + value),
    }),
    gauge: ({ name }, read) => void gauges.set(name, read),
  }
  return [meter, (name) => counts.get(name) ?? 0, async (name) => (await gauges.get(name)!())[0]!.value]
}

describe('awarding points', () => {
  it('makes the wallet on the first touch, once, however many touch it at once', async () => {
    const wallet = await world.aWallet()
    const movements = await Promise.all(Array.from({ length: 8 }, () => ledger.award(anAward(wallet, '10'))))
    expect(new Set(movements.map(({ accountId }) => accountId)).size).toBe(1)
    expect(movements.map(({ seq }) => Number(seq)).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect((await statementOf(wallet))?.available).toBe(points('80'))
  })

  it('keeps one entry per award and one lot per line, with the rule that earned it', async () => {
    const wallet = await world.aWallet()
    const lines = [
      { lineRef: '1', points: points('1.5'), rule: 'orders.ratio@3' },
      { lineRef: '2', points: points('20'), rule: 'orders.ratio@3' },
    ]
    const { accountId, seq, moved } = await ledger.award(anAward(wallet, '0', { lines }))
    expect(moved).toBe(points('21.5'))
    expect(await journalOf(wallet)).toMatchObject([
      { kind: 'AWARD', available: points('21.5'), availableAfter: points('21.5') },
    ])
    expect(await activities.sourcesOf(world.tenant, [{ accountId, seq: seq! }])).toMatchObject([
      { lineRef: '1', points: points('1.5'), rule: 'orders.ratio@3', lotNo: '1' },
      { lineRef: '2', points: points('20'), rule: 'orders.ratio@3', lotNo: '2' },
    ])
  })

  it('refuses a source for ever after its first award, even to another member at the same moment', async () => {
    const source = { type: 'order', ref: 'twice' }
    const wallets = [await world.aWallet(), await world.aWallet()]
    const codes = await Promise.all(
      [0, 1, 0, 1].map((index, line) =>
        codeOf(
          ledger.award(
            anAward(wallets[index]!, '0', {
              source,
              lines: [{ lineRef: `${line}`, points: points('5'), rule: 'r@1' }],
            }),
          ),
        ),
      ),
    )
    expect(codes.sort()).toEqual(['ALREADY_AWARDED', 'ALREADY_AWARDED', 'ALREADY_AWARDED', 'DONE'])
    expect(await codeOf(ledger.award(anAward(await other.aWallet(), '5', { source })))).toBe('DONE')
  })

  it('refuses figures and dates that cannot be, and writes nothing', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '1'))
    const before = await rowCounts()
    const lines = (...figures: bigint[]) => ({
      lines: figures.map((figure, index) => ({
        lineRef: `${index}`,
        points: figure as typeof ZERO_POINTS,
        rule: 'r@1',
      })),
    })
    for (const bad of [
      lines(0n),
      lines(-1n),
      lines(2n ** 53n),
      lines(2n ** 62n, 2n ** 62n),
      lines(5n, 0n),
      lines(),
    ]) {
      expect(await codeOf(ledger.award(anAward(wallet, '1', bad)))).toBe('INVALID_POINTS')
    }
    // Each alone is small enough, but nobody could hold the sum.
    expect(await codeOf(ledger.award(anAward(wallet, '1', lines(2n ** 53n - 1n))))).toBe('INVALID_POINTS')
    expect(await codeOf(ledger.award(anAward(wallet, '1', { expiresAt: at('2020-01-01T00:00:00Z') })))).toBe(
      'EXPIRY_NOT_AFTER_AWARD',
    )
    expect(await codeOf(ledger.award(anAward(wallet, '1', { idempotency: aKey('') })))).toBe(
      'INVALID_IDEMPOTENCY_KEY',
    )
    expect(await codeOf(ledger.award(anAward(wallet, '1', { idempotency: aKey('k'.repeat(256)) })))).toBe(
      'INVALID_IDEMPOTENCY_KEY',
    )
    for (const bad of [0n, -1n, 2n ** 53n]) {
      expect(
        await codeOf(ledger.redeem(aRedemption(wallet, '1', { points: bad as typeof ZERO_POINTS }))),
      ).toBe('INVALID_POINTS')
    }
    expect(await rowCounts()).toEqual(before)
  })

  it('keeps every word as it was said, and with whom it was said, when many are told at once', async () => {
    const wallet = await world.aWallet()
    const words = [
      'NULL',
      '',
      '{"a","b"}',
      'a "quoted" word',
      'back\\slash',
      'com,ma',
      'two\nlines',
      '日本',
      "it's",
    ]
    const said = (list: readonly string[], ref: string) => {
      const asked = anAward(wallet, '1')
      const lines = list.map((word) => ({ lineRef: word, points: points('1'), rule: `rule ${word}` }))
      const facts = { ...asked.facts, reason: list[0]!, requestId: null }
      return { verb: 'award', command: { ...asked, facts, lines, source: { type: 'words', ref } } } as const
    }
    const [one, two, three] = [words, words.slice(1).concat('NULL'), [words[3]!]]
    await ledger.bulk([
      said(one, 'a'),
      said(two, 'b"\\'),
      { verb: 'redeem', command: aRedemption(wallet, '3') },
      said(three, 'c'),
    ])
    const kept = await sql<{ ref: string; reason: string; lines: string[]; rules: string[] }>(
      `select s.source_ref as ref, e.reason, array_agg(s.line_ref order by s.line_no) as lines,
              array_agg(s.rule order by s.line_no) as rules
         from award_source s join entry e using (tenant_id, account_id, seq)
        where s.source_type = 'words' and s.tenant_id = $1 group by 1, 2 order by 1`,
      [world.tenant],
    )
    const expected = (list: readonly string[], ref: string) => ({
      ref,
      reason: list[0],
      lines: list,
      rules: list.map((word) => `rule ${word}`),
    })
    expect(kept).toEqual([expected(one, 'a'), expected(two, 'b"\\'), expected(three, 'c')])
    // One commit: items that cannot be read together would have gone one by one.
    const [{ commits }] = (await sql<{ commits: string }>(
      `select count(distinct xmin::text) as commits from entry where tenant_id = $1 and account_id =
         (select account_id from award_source where tenant_id = $1 and source_type = 'words' limit 1)`,
      [world.tenant],
    )) as [{ commits: string }]
    expect(commits).toBe('1')
  })

  it('is, like every other verb, refused by the ledger itself where points are finer than the decimals of the program', async () => {
    const strict = await aLedgerWorld(database.dataSource)
    const [wallet, recipient] = [await strict.aWallet(), await strict.aWallet()]
    const decimals = (count: number) =>
      sql(`update programs set points_decimals = $2 where tenant_id = $1`, [strict.tenant, count])
    await decimals(1)
    const { seq } = await ledger.award(anAward(wallet, '10.5'))
    const hold = (await ledger.hold({ ...aRedemption(wallet, '4'), expiresAt: null })).seq!
    const [award, asked] = [anAward(wallet, '1'), aRedemption(wallet, '0.25')]
    const adjustment = { ...asked, beyond: 'clamp' as const, maxDebt: ZERO_POINTS, expiresAt: null }
    const line = (lineRef: string, amount: string) => ({ lineRef, points: points(amount), rule: 'test@1' })
    const key = aKey('fraction')
    const before = await rowCounts()
    for (const refused of [
      () => ledger.award(anAward(wallet, '0.25', { idempotency: key })),
      // Together they would do.
      () => ledger.award({ ...award, lines: [line('1', '0.25'), line('2', '0.75')] }),
      () => ledger.redeem(asked),
      () => ledger.redeem({ ...asked, points: points('1.001') }),
      () => ledger.hold({ ...asked, expiresAt: null }),
      () => ledger.capture({ ...asked, hold }),
      () => ledger.release({ ...asked, hold }),
      () => ledger.transfer({ ...asked, to: recipient.holder, transferId: randomUUID() }),
      () => ledger.adjust(adjustment),
      () => ledger.adjust({ ...adjustment, points: points('-0.25') }),
    ])
      await expect(refused()).rejects.toMatchObject({
        code: 'INVALID_POINTS',
        text: expect.stringMatching(/^-?[01](\.|$)/),
      })
    const answers = await ledger.bulk([
      { verb: 'award', command: anAward(wallet, '0.5') },
      { verb: 'award', command: anAward(wallet, '0.05') },
      { verb: 'award', command: anAward(wallet, '2') },
    ])
    expect(
      answers.map(({ movement, error }) => movement?.moved ?? (error as { code?: string }).code),
    ).toEqual([points('0.5'), 'INVALID_POINTS', points('2')])
    await decimals(0)
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '0.5')))).toBe('INVALID_POINTS')
    // The function as anybody may call it, past all of our code.
    const [told] = await sql<{ status: string }>(
      `select status from ledger_redeem_v2(row($1, 'M', $2, $3, 'points')::ledger_key_v1,
         row(null, null, 'sql', null, null, null, null, 'UTC', null, null, null, null)::ledger_call_v1, 1, null)`,
      [strict.tenant, wallet.holder.id, strict.program],
    )
    expect(told).toEqual({ status: 'INVALID_POINTS' })
    const after = await rowCounts()
    expect([Number(after[0]!['e']) - Number(before[0]!['e']), seq]).toEqual([2, '1'])
    // A fraction from before is still the member's to lose.
    expect((await ledger.adjust({ ...adjustment, points: points('-100') })).balance.available).toBe(
      ZERO_POINTS,
    )
  })

  it('knows nobody of another tenant, nor a program that is not there', async () => {
    const theirs = (await other.aWallet()).holder.id
    const before = await rowCounts()
    expect(await codeOf(ledger.award(anAward(walletOf(world.tenant, theirs), '1')))).toBe('MEMBER_NOT_FOUND')
    expect(await codeOf(ledger.redeem(aRedemption(walletOf(world.tenant, '1'), '1')))).toBe(
      'MEMBER_NOT_FOUND',
    )
    const mine = await world.aWallet()
    expect(
      await codeOf(ledger.award(anAward({ ...mine, programId: '7' as typeof mine.programId }, '1'))),
    ).toBe('PROGRAM_NOT_FOUND')
    expect(await rowCounts()).toEqual(before)
  })

  it('keeps currencies apart', async () => {
    const wallet = await world.aWallet()
    const stars = { ...wallet, currency: 'stars' }
    await ledger.award(anAward(wallet, '10'))
    await ledger.award(anAward(stars, '3'))
    expect(await codeOf(ledger.redeem(aRedemption(stars, '4')))).toBe('INSUFFICIENT_POINTS')
    const statements = await reader.statements([stars, walletOf(world.tenant, '1'), wallet], null, 'UTC')
    expect(statements.map((statement) => statement?.available)).toEqual([
      points('3'),
      undefined,
      points('10'),
    ])
  })
})

describe('redeeming points', () => {
  it('spends what expires first, then what was earned first, and says which lot paid', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '10'))
    await ledger.award(anAward(wallet, '10', { expiresAt: at('2100-02-01T00:00:00Z') }))
    await ledger.award(anAward(wallet, '10', { expiresAt: at('2100-01-01T00:00:00Z') }))
    await ledger.award(anAward(wallet, '10', { expiresAt: at('2100-02-01T00:00:00Z') }))
    const { accountId, seq, balance } = await ledger.redeem(aRedemption(wallet, '25', { ref: 'reward:121' }))
    expect(balance.available).toBe(points('15'))
    expect(
      (await activities.allocationsOf(world.tenant, [{ accountId, seq: seq! }])).map(
        ({ lotNo, points: paid }) => [lotNo, paid],
      ),
    ).toEqual([
      ['2', points('10')],
      ['3', points('10')],
      ['4', points('5')],
    ])
    expect(await statementOf(wallet)).toMatchObject({
      redeemed: points('25'),
      redeemedOnRewards: points('25'),
      nextExpiry: { at: '2100-02-01T00:00:00.000000Z', points: points('5') },
    })
  })

  it('never spends more than there is, whatever the race', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '50'))
    const codes = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(ledger.redeem(aRedemption(wallet, '10')))),
    )
    expect(codes.filter((code) => code === 'DONE')).toHaveLength(5)
    expect(codes.filter((code) => code === 'INSUFFICIENT_POINTS')).toHaveLength(5)
    expect((await statementOf(wallet))?.available).toBe(ZERO_POINTS)
  })

  it('says how much there was when it refuses', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '7.5'))
    await expect(ledger.redeem(aRedemption(wallet, '8'))).rejects.toMatchObject({
      available: points('7.5'),
      requested: points('8'),
    })
  })
})

describe('the same call again', () => {
  it('has one effect and one answer, however many twins come at once', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '100'))
    const twin = aRedemption(wallet, '10', { idempotency: aKey('twins') })
    const answers = await Promise.all(Array.from({ length: 8 }, () => ledger.redeem(twin)))
    const told = (answer: Movement) => ({ ...answer, replayed: null })
    expect(answers.map(told)).toEqual(answers.map(() => told(answers[0]!)))
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect((await statementOf(wallet))?.available).toBe(points('90'))
  })

  it('is told the decision of the first time, a refusal too', async () => {
    const wallet = await world.aWallet()
    const early = aRedemption(wallet, '10', { idempotency: aKey('too early') })
    expect(await codeOf(ledger.redeem(early))).toBe('INSUFFICIENT_POINTS')
    await ledger.award(anAward(wallet, '100'))
    expect(await codeOf(ledger.redeem(early))).toBe('INSUFFICIENT_POINTS')
    expect((await statementOf(wallet))?.available).toBe(points('100'))
  })

  it('is refused when it asks for something else', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '100'))
    await ledger.redeem(aRedemption(wallet, '10', { idempotency: aKey('edited', 10) }))
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '11', { idempotency: aKey('edited', 11) })))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    )
    expect((await statementOf(wallet))?.available).toBe(points('90'))
  })

  it('means nothing to another tenant', async () => {
    const theirs = await other.aWallet()
    await ledger.award(anAward(theirs, '100'))
    const mine = await world.aWallet()
    await ledger.award(anAward(mine, '100'))
    await ledger.redeem(aRedemption(mine, '10', { idempotency: aKey('shared') }))
    expect((await ledger.redeem(aRedemption(theirs, '20', { idempotency: aKey('shared') }))).replayed).toBe(
      false,
    )
  })

  it('is a new call when the first attempt was rolled back', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '100'))
    const call = aRedemption(wallet, '10', { idempotency: aKey('rolled back') })
    const unitOfWork = createUnitOfWork(
      database.dataSource,
      (connection) => ({ ledger: new PostgresPointsLedger(connection) }) as unknown as Stores,
    )
    await expect(
      unitOfWork.run(async (stores) => {
        await stores.ledger.redeem(call)
        throw new Error('the rest failed')
      }),
    ).rejects.toThrow('the rest failed')
    expect((await ledger.redeem(call)).replayed).toBe(false)
    expect((await statementOf(wallet))?.available).toBe(points('90'))
  })
})

describe('the passing of time', () => {
  const START = at('2030-01-01T00:00:00.000000Z')
  const MATURITY = at('2030-01-31T00:00:00.000000Z')
  const EXPIRY = at('2030-06-30T23:59:59.999000Z')

  it('keeps held back points pending until the exact moment they mature', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '10', { now: START, maturesAt: MATURITY }))
    const justBefore = '2030-01-30T23:59:59.999999Z'
    expect(await statementOf(wallet, justBefore)).toMatchObject({
      available: ZERO_POINTS,
      pending: points('10'),
    })
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '1', { now: at(justBefore) })))).toBe(
      'INSUFFICIENT_POINTS',
    )
    expect(await statementOf(wallet, MATURITY)).toMatchObject({
      available: points('10'),
      pending: ZERO_POINTS,
    })
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '1', { now: MATURITY })))).toBe('DONE')
    expect((await journalOf(wallet)).map(({ kind, occurredAt }) => [kind, occurredAt])).toEqual([
      ['REDEEM', '2026-01-01T00:00:00.000000Z'],
      ['MATURE', MATURITY],
      ['AWARD', '2026-01-01T00:00:00.000000Z'],
    ])
  })

  it('lets nothing lapsed be spent, at the exact moment, though no sweeper ran; and keeps the lapse when it refuses', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '10', { now: START, expiresAt: EXPIRY }))
    await ledger.award(anAward(wallet, '3', { now: START }))
    expect(await statementOf(wallet, '2030-06-30T23:59:59.998999Z')).toMatchObject({
      available: points('13'),
      expired: ZERO_POINTS,
    })
    expect(await statementOf(wallet, EXPIRY)).toMatchObject({
      available: points('3'),
      expired: points('10'),
      nextExpiry: null,
    })
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '4', { now: EXPIRY })))).toBe('INSUFFICIENT_POINTS')
    expect((await journalOf(wallet)).map(({ kind }) => kind)).toEqual(['EXPIRE', 'AWARD', 'AWARD'])
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '3', { now: EXPIRY })))).toBe('DONE')
  })

  it('settles what matured and lapsed in between, once, and reads the same before as after', async () => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '10', { now: START, maturesAt: MATURITY, expiresAt: EXPIRY }))
    await ledger.award(
      anAward(wallet, '5', {
        now: START,
        maturesAt: at('2031-01-01T00:00:00Z'),
        expiresAt: at('2030-12-01T00:00:00Z'),
      }),
    )
    const later = '2031-03-01T00:00:00Z'
    const before = await statementOf(wallet, later)
    for (const _ of [1, 2, 3]) await codeOf(ledger.redeem(aRedemption(wallet, '1', { now: at(later) })))
    expect(await statementOf(wallet, later)).toEqual(before)
    expect(before).toMatchObject({ available: ZERO_POINTS, pending: ZERO_POINTS, expired: points('15') })
    expect((await journalOf(wallet)).map(({ kind }) => kind)).toEqual([
      'EXPIRE',
      'EXPIRE',
      'MATURE',
      'AWARD',
      'AWARD',
    ])
  })

  it('starts the figures of a year in the zone of the tenant', async () => {
    const wallet = await world.aWallet()
    const newYear = at('2031-12-31T19:00:00Z') // Already 2032 in Kolkata.
    await ledger.award(
      anAward(wallet, '10', {
        now: at('2031-12-31T18:00:00Z'),
        timeZone: 'Asia/Kolkata',
        expiresAt: at('2032-01-15T00:00:00Z'),
      }),
    )
    await ledger.award(anAward(wallet, '4', { now: newYear, timeZone: 'Asia/Kolkata' }))
    const shown = async (now: string) => {
      const [statement] = await reader.statements([wallet], at(now), 'Asia/Kolkata')
      return [statement?.yearToDateCredited, statement?.yearToDateDebited]
    }
    expect(await shown('2031-12-31T19:00:00Z')).toEqual([points('4'), ZERO_POINTS])
    expect(await shown('2032-02-01T00:00:00Z')).toEqual([points('4'), points('10')])
    expect(await shown('2033-02-01T00:00:00Z')).toEqual([ZERO_POINTS, ZERO_POINTS])
    await codeOf(
      ledger.redeem(aRedemption(wallet, '99', { now: at('2032-02-01T00:00:00Z'), timeZone: 'Asia/Kolkata' })),
    )
    expect(await shown('2032-02-01T00:00:00Z')).toEqual([points('4'), points('10')])
  })
})

describe('a wallet before and after now', () => {
  it('is shown as it was, and what will mature and lapse by steps of the calendar in the zone of the tenant', async () => {
    const outlook = new PostgresWalletOutlook(pooled(database.dataSource))
    const wallet = await world.aWallet()
    const now = at('2040-01-10T00:00:00Z')
    const award = (amount: string, maturesAt: string | null, expiresAt: string | null) =>
      ledger.award(
        anAward(wallet, amount, {
          now,
          maturesAt: maturesAt as Instant | null,
          expiresAt: expiresAt as Instant | null,
        }),
      )
    await award('10', null, '2040-02-29T18:29:59Z')
    await award('20', null, '2040-02-29T18:30:00Z') // Already March in Kolkata.
    await award('30', '2040-01-20T00:00:00Z', '2040-05-01T00:00:00Z')
    await award('40', null, null)
    const keys = [wallet, await world.aWallet()]
    const zone = 'Asia/Kolkata'
    expect(await outlook.expiries(keys, 'month', zone, now)).toEqual([
      [
        { from: '2040-01-31T18:30:00.000000Z', points: points('10') },
        { from: '2040-02-29T18:30:00.000000Z', points: points('20') },
        { from: '2040-04-30T18:30:00.000000Z', points: points('30') },
      ],
      [],
    ])
    expect((await outlook.expiries(keys, 'quarter', zone, now))[0]?.map(({ points: sum }) => sum)).toEqual([
      points('30'),
      points('30'),
    ])
    expect((await outlook.maturities(keys, 'week', zone, now))[0]).toEqual([
      { from: '2040-01-15T18:30:00.000000Z', points: points('30') },
    ])
    // Summer time begins on 11 March: days and weeks before it start at five in the morning by UTC, after it at four.
    const american = 'America/New_York'
    const summer = await world.aWallet()
    const lapsing = [
      '2040-03-11T04:59:59Z',
      '2040-03-11T05:00:00Z',
      '2040-03-12T03:59:59Z',
      '2040-03-12T04:00:00Z',
    ]
    for (const expiresAt of [...lapsing, '2041-01-01T04:59:59Z', '2041-01-01T05:00:00Z'])
      await ledger.award(anAward(summer, '1', { now, expiresAt: at(expiresAt) }))
    const blocks = async (step: 'week' | 'year') =>
      (await outlook.expiries([summer], step, american, now))[0]!.map(({ from, points: sum }) => [from, sum])
    expect(await blocks('week')).toEqual([
      ['2040-03-05T05:00:00.000000Z', points('3')],
      ['2040-03-12T04:00:00.000000Z', points('1')],
      ['2040-12-31T05:00:00.000000Z', points('2')],
    ])
    expect(await blocks('year')).toEqual([
      ['2040-01-01T05:00:00.000000Z', points('5')],
      ['2041-01-01T05:00:00.000000Z', points('1')],
    ])
    const asOf = async (moment: string) => {
      const [balance] = await outlook.asOf(keys, at(moment))
      return balance && [balance.available, balance.pending]
    }
    const moments = [
      '2040-01-09T00:00:00Z',
      '2040-01-10T00:00:00Z',
      '2040-01-20T00:00:00Z',
      '2040-02-29T18:29:59Z',
      '2040-06-01T00:00:00Z',
    ]
    const before = await Promise.all(moments.map(asOf))
    expect(before).toEqual([
      null,
      [points('70'), points('30')],
      [points('100'), ZERO_POINTS],
      [points('90'), ZERO_POINTS],
      [points('40'), ZERO_POINTS],
    ])
    await codeOf(ledger.redeem(aRedemption(wallet, '999', { now: at('2040-07-01T00:00:00Z') })))
    expect(await Promise.all(moments.map(asOf))).toEqual(before)
  })
})

describe('reversing an award', () => {
  it('takes back what is asked in all, not on top, and no more than was awarded', async () => {
    const wallet = await world.aWallet()
    const award = anAward(wallet, '100')
    await ledger.award(award)
    expect((await ledger.reverse(aReversal(award, '30'))).moved).toBe(points('30'))
    expect(await ledger.reverse(aReversal(award, '30'))).toMatchObject({ seq: null, moved: ZERO_POINTS })
    expect(await ledger.reverse(aReversal(award, '20'))).toMatchObject({ seq: null, moved: ZERO_POINTS })
    expect(await ledger.reverse(aReversal(award, '100'))).toMatchObject({
      moved: points('70'),
      balance: { available: ZERO_POINTS, lifetime: ZERO_POINTS },
    })
    await expect(ledger.reverse(aReversal(award, '100.001'))).rejects.toMatchObject({
      code: 'REVERSAL_EXCEEDS_AWARD',
      awarded: points('100'),
      asked: points('100.001'),
    })
  })

  it('knows no award of another member, and no line that was not there', async () => {
    const award = anAward(await world.aWallet(), '10')
    await ledger.award(award)
    const before = await rowCounts()
    expect(await codeOf(ledger.reverse({ ...aReversal(award, '1'), account: await world.aWallet() }))).toBe(
      'AWARD_NOT_FOUND',
    )
    expect(
      await codeOf(
        ledger.reverse(aReversal(award, '1', { lines: [{ lineRef: 'none', cumulative: points('1') }] })),
      ),
    ).toBe('AWARD_NOT_FOUND')
    expect(
      await codeOf(ledger.reverse(aReversal(award, '1', { source: { type: 'test', ref: 'never' } }))),
    ).toBe('AWARD_NOT_FOUND')
    expect(await rowCounts()).toMatchObject([{ e: (before[0] as { e: string }).e }])
  })

  it('takes pending points first where they are, then what others earned, then debt, and reports the rest', async () => {
    const wallet = await world.aWallet()
    const spent = anAward(wallet, '100')
    await ledger.award(spent)
    await ledger.redeem(aRedemption(wallet, '90'))
    await ledger.award(anAward(wallet, '20'))
    const reversal = await ledger.reverse(aReversal(spent, '100', { maxDebt: points('15') }))
    expect(reversal).toMatchObject({
      moved: points('45'),
      shortfall: points('55'),
      balance: { available: points('-15') },
    })
    // What is in debt cannot be spent; what comes pays it first.
    expect(await codeOf(ledger.redeem(aRedemption(wallet, '1')))).toBe('INSUFFICIENT_POINTS')
    const { accountId, seq, balance } = await ledger.award(anAward(wallet, '40'))
    expect(balance.available).toBe(points('25'))
    expect(await activities.allocationsOf(world.tenant, [{ accountId, seq: seq! }])).toMatchObject([
      { lotNo: '3', points: points('15') },
    ])
  })

  it('has what was missing counted, once, and everybody who waits for a wallet seen', async () => {
    const [meter, counted, read] = aMeter()
    const watched = new PostgresPointsLedger(pooled(database.dataSource), watchLedger(meter))
    watchLocks(pooled(database.dataSource), poolOf(database.dataSource), meter)
    const wallet = await world.aWallet()
    const award = anAward(wallet, '10')
    const { accountId } = await watched.award(award)
    await watched.redeem(aRedemption(wallet, '7.5'))
    const reversal = aReversal(award, '10', { idempotency: aKey('missing') })
    await watched.reverse(reversal)
    await watched.reverse(reversal)
    expect(counted('ledger_shortfall_points_total')).toBe(7.5)
    expect(counted('ledger_idempotent_replays_total')).toBe(1)
    const [books] = await sql<{ available: string }>(
      `select t.key, sum(greatest(available, 0))::text as available from account a join tenants t using (tenant_id)
        where tenant_id = $1 group by t.key`,
      [world.tenant],
    )
    expect(await pointsOutstanding(database.dataSource)).toContainEqual(
      expect.objectContaining({ state: 'available', thousandths: books!.available }),
    )
    expect(await read('ledger_lock_longest_wait_seconds')).toBe(0)
    const somebody = database.dataSource.createQueryRunner()
    await somebody.startTransaction()
    await somebody.query('select from account where account_id = $1 for update', [accountId])
    const waiting = watched.award(anAward(wallet, '1'))
    while ((await read('ledger_lock_longest_wait_seconds')) === 0)
      await new Promise((resolve) => setTimeout(resolve, 5))
    expect(counted('ledger_lock_wait_seconds')).toBe(0)
    const began = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const least = (performance.now() - began) / 1000
    await somebody.rollbackTransaction()
    await somebody.release()
    await waiting
    const waited = counted('ledger_lock_wait_seconds')
    expect(waited).toBeGreaterThan(least - 0.01)
    expect(waited).toBeLessThan(least + 2)
    // Nobody has it now.
    await watched.award(anAward(wallet, '1'))
    expect(counted('ledger_lock_wait_seconds')).toBe(waited)
  })

  it('pays a debt when pending points mature', async () => {
    const wallet = await world.aWallet()
    const now = at('2030-01-01T00:00:00Z')
    const spent = anAward(wallet, '10', { now })
    await ledger.award(spent)
    await ledger.redeem(aRedemption(wallet, '10', { now }))
    await ledger.reverse(aReversal(spent, '10', { maxDebt: points('10') }))
    await ledger.award(
      anAward(wallet, '25', {
        now,
        maturesAt: at('2030-02-01T00:00:00Z'),
        expiresAt: at('2030-03-01T00:00:00Z'),
      }),
    )
    expect(await statementOf(wallet, '2030-01-15T00:00:00Z')).toMatchObject({
      available: points('-10'),
      pending: points('25'),
    })
    expect(await statementOf(wallet, '2030-02-15T00:00:00Z')).toMatchObject({
      available: points('15'),
      nextExpiry: { points: points('15') },
    })
    expect(await statementOf(wallet, '2030-04-15T00:00:00Z')).toMatchObject({
      available: ZERO_POINTS,
      expired: points('15'),
    })
    await ledger.redeem(aRedemption(wallet, '5', { now: at('2030-02-15T00:00:00Z') }))
    expect(await statementOf(wallet, '2030-02-15T00:00:00Z')).toMatchObject({ available: points('10') })
  })

  it('never takes again what had lapsed', async () => {
    const wallet = await world.aWallet()
    const award = anAward(wallet, '100', {
      now: at('2030-01-01T00:00:00Z'),
      expiresAt: at('2030-02-01T00:00:00Z'),
    })
    await ledger.award(award)
    await ledger.redeem(aRedemption(wallet, '30', { now: at('2030-01-02T00:00:00Z') }))
    await ledger.award(anAward(wallet, '500', { now: at('2030-01-02T00:00:00Z') }))
    const after = { now: at('2030-03-01T00:00:00Z') }
    expect(await ledger.reverse(aReversal(award, '100', after))).toMatchObject({
      moved: points('30'),
      shortfall: ZERO_POINTS,
      balance: { available: points('470'), lifetime: points('500') },
    })
  })

  it('ends the same whatever the parts and their order', async () => {
    const part = fc.record({
      line: fc.integer({ min: 0, max: 2 }),
      thousandths: fc.integer({ min: 0, max: 100_000 }),
    })
    const spending = fc.integer({ min: 0, max: 300 })
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), spending, spending, async (parts, spend, debt) => {
        const whole = [0, 1, 2].map((line) => ({ lineRef: `${line}`, cumulative: points('100') }))
        const ends = await Promise.all(
          [parts, []].map(async (steps) => {
            const wallet = await world.aWallet()
            const lines = whole.map(({ lineRef, cumulative }) => ({
              lineRef,
              points: cumulative,
              rule: 'r@1',
            }))
            const award = anAward(wallet, '0', { lines })
            await ledger.award(award)
            if (spend > 0) await ledger.redeem(aRedemption(wallet, `${spend}`))
            const maxDebt = points(`${debt}`)
            let shortfall = 0n
            for (const { line, thousandths } of steps) {
              const cumulative = BigInt(thousandths) as typeof ZERO_POINTS
              shortfall += (
                await ledger.reverse(
                  aReversal(award, '0', { maxDebt, lines: [{ lineRef: `${line}`, cumulative }] }),
                )
              ).shortfall
            }
            shortfall += (await ledger.reverse(aReversal(award, '0', { maxDebt, lines: whole }))).shortfall
            return { ...(await statementOf(wallet))!, accountId: null, shortfall }
          }),
        )
        expect(ends[0]).toEqual(ends[1])
      }),
      { numRuns: 25 },
    )
  })
})

describe('the books', () => {
  it('cannot be rewritten', async () => {
    await ledger.award(anAward(await world.aWallet(), '10'))
    const statements = [
      `update entry set d_available = 1`,
      `delete from entry`,
      `truncate entry cascade`,
      `update allocation set points = 1`,
      `delete from allocation`,
      `delete from lot`,
      `delete from account`,
      `truncate account cascade`,
      `delete from award_source`,
      `update account set lifetime_earned = 0`,
      `update account set version = 0`,
      `update account set holder_id = 1`,
      `update lot set expires_at = now()`,
      `update lot set delayed = not delayed`,
      `update award_source set rule = 'x'`,
      `delete from reversal`,
      // Only ledger_forget_tenant_v1 forgets, and only a sandbox: the setting alone is nothing.
      `do $$ begin perform set_config('ledger.forgetting', '${other.tenant}', true);
         delete from entry where tenant_id = ${other.tenant}; end $$`,
    ]
    await ledger.redeem(aRedemption(await awarded(), '1'))
    await ledger.award(anAward(await other.aWallet(), '10'))
    const reversed = anAward(await world.aWallet(), '10')
    await ledger.award(reversed)
    await ledger.reverse(aReversal(reversed, '10'))
    for (const statement of statements) {
      expect([statement, await codeOf(sql(statement))]).toEqual([statement, 'LP403'])
    }
  })

  it.each([
    ['a lot that is not what its entry credited', 'awarded = awarded + 1, consumed = consumed + 1', 1],
    ['a credit without a lot', null, 1],
    ['nothing wrong', 'consumed = consumed', 0],
  ])('tell of %s', async (_what, change, found) => {
    const wallet = await world.aWallet()
    await ledger.award(anAward(wallet, '5'))
    const runner = database.dataSource.createQueryRunner()
    try {
      await runner.startTransaction()
      // As no caller can: without triggers and references, and undone at once.
      await runner.query('set local session_replication_role = replica')
      const ofWallet = `where account_id = (select account_id from account where holder_id = $1 and tenant_id = $2)`
      const values = [wallet.holder.id, wallet.tenantId]
      await runner.query(
        change ? `update lot set ${change} ${ofWallet}` : `delete from lot ${ofWallet}`,
        values,
      )
      const told = (await runner.query(`select * from ledger_invariant_i14 ${ofWallet}`, values)) as unknown[]
      expect(told).toHaveLength(found)
    } finally {
      await runner.rollbackTransaction()
      await runner.release()
    }
  })

  it.each([
    ['at the mark', 0, 1],
    ['behind the mark', -1, 0],
  ])('tell of an open lot %s of its wallet', async (_what, from, found) => {
    const wallet = await world.aWallet()
    const { accountId } = await ledger.award(anAward(wallet, '5'))
    const runner = database.dataSource.createQueryRunner()
    try {
      await runner.startTransaction()
      await runner.query(
        `update account set open_from_expiry = 'infinity', open_from_lot = last_lot_no + $2 where account_id = $1`,
        [accountId, from],
      )
      const told = (await runner.query('select * from ledger_invariant_i25 where account_id = $1', [
        accountId,
      ])) as unknown[]
      expect(told).toHaveLength(found)
      const [law] = (await runner.query(
        `select violations::integer from ledger_invariants where invariant = 'I25'`,
      )) as unknown[]
      expect(law).toEqual({ violations: found })
    } finally {
      await runner.rollbackTransaction()
      await runner.release()
    }
  })

  it('cannot hold a reference from one tenant to another', async () => {
    const { accountId } = await ledger.award(anAward(await world.aWallet(), '10'))
    const rows = [
      [
        `insert into entry (tenant_id, account_id, seq, kind, d_available, d_pending, d_held, available_after, actor, occurred_at, effective_at)
        values ($1, $2, 2, 'REDEEM', -1, 0, 0, 9, 'x', now(), now())`,
      ],
      [
        `insert into account (tenant_id, holder_kind, holder_id, program_id, currency) select $1, 'M', holder_id, program_id, 'x' from account where account_id = $2`,
      ],
    ]
    for (const [text] of rows) expect(await codeOf(sql(text!, [other.tenant, accountId]))).toBe('23503')
  })

  it('are forgotten for a sandbox only', async () => {
    const sandbox = await aLedgerWorld(database.dataSource, { sandbox: true })
    const award = anAward(await sandbox.aWallet(), '10', { idempotency: aKey('forgotten') })
    await ledger.award(award)
    await ledger.reverse(aReversal(award, '5'))
    await sql('select ledger_forget_tenant_v1($1)', [sandbox.tenant])
    expect(await sql('select * from entry where tenant_id = $1', [sandbox.tenant])).toEqual([])
    expect(await statementOf(award.account)).toBeNull()
    await ledger.award(anAward(await other.aWallet(), '10'))
    expect(await codeOf(sql('select ledger_forget_tenant_v1($1)', [other.tenant]))).toBe('LP403')
    expect(await codeOf(ledger.award(award))).toBe('DONE')
  })

  it('are read in pages of any size and position, for any number of wallets, newest first', async () => {
    const wallets = [await awarded(5), await awarded(2), await world.aWallet()]
    const request = (wallet: AccountKey, first: number, after: string | null) => ({
      memberId: wallet.holder.id as MemberId,
      programId: wallet.programId,
      currency: 'points',
      first,
      after,
    })
    const pages = await activities.pagesOf(world.tenant, [
      request(wallets[0]!, 2, null),
      request(wallets[0]!, 2, '4'),
      request(wallets[0]!, 5, '2'),
      request(wallets[1]!, 2, null),
      request(wallets[2]!, 2, null),
    ])
    expect(pages.map(({ rows, hasNext }) => [rows.map(({ seq }) => seq), hasNext])).toEqual([
      [['5', '4'], true],
      [['3', '2'], true],
      [['1'], false],
      [['2', '1'], false],
      [[], false],
    ])
    const first = pages[0]!.rows[0]!
    expect(await activities.findByKeys(world.tenant, [first, { ...first, seq: '99' }])).toEqual([first])
    expect(await activities.findByKeys(other.tenant, [first])).toEqual([])
  })

  it('are walked page by page without a gap or a repeat while others write', async () => {
    const wallet = await awarded(20)
    const writing = { stopped: false }
    const others = [1, 2].map(async () => {
      while (!writing.stopped) await ledger.award(anAward(wallet, '1'))
    })
    const seen: string[] = []
    let after: string | null = null
    for (let hasNext = true; hasNext;) {
      const [page] = await activities.pagesOf(world.tenant, [
        { ...wallet, memberId: wallet.holder.id as MemberId, first: 3, after },
      ])
      seen.push(...page!.rows.map(({ seq }) => seq))
      hasNext = page!.hasNext
      after = seen.at(-1)!
    }
    writing.stopped = true
    await Promise.all(others)
    const newest = Number(seen[0])
    expect(newest).toBeGreaterThanOrEqual(20)
    expect(seen).toEqual(Array.from({ length: newest }, (_, index) => String(newest - index)))
    expect((await statementOf(wallet))!.available).toBeGreaterThan(points('200'))
  })
})

async function awarded(times = 1): Promise<AccountKey> {
  const wallet = await world.aWallet()
  for (let n = 0; n < times; n++) await ledger.award(anAward(wallet, '10'))
  return wallet
}
