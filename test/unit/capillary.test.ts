import fc from 'fast-check'
import { DateTime } from 'luxon'
import { MemberMayNotAct } from '../../src/domain/members/errors'
import type { Program } from '../../src/domain/programs/program'
import { Decimal } from '../../src/domain/shared/decimal'
import { Busy, LOYALTY_ERROR_CODES, Unavailable } from '../../src/domain/shared/errors'
import type { MemberId } from '../../src/domain/shared/ids'
import { type Instant, millisOf } from '../../src/domain/shared/instant'
import { amount } from '../../src/domain/shared/money'
import { points, roundPoints, sumPoints } from '../../src/domain/shared/points'
import { hashSecret, verifySecret } from '../../src/domain/shared/secret-hash'
import { earnByBill } from '../../src/domain/points/earning'
import { ownPayer, planPayments } from '../../src/domain/points/group-payment'
import type { OpenLot } from '../../src/domain/points/lots'
import { awardLines } from '../../src/domain/transactions/award-bill'
import { decideEarning } from '../../src/domain/transactions/record-transaction'
import { failure } from '../../src/rest/capillary/call'
import { FAILURES } from '../../src/rest/capillary/errors'
import { choice, decimal, flag, text, UNREADABLE } from '../../src/rest/capillary/lenient'
import { settingsOf } from '../../src/rest/capillary/settings'
import { CAPILLARY_CONFIG } from '../../src/setup/capillary-config'
import { daysIn, formatDay, formatMoment, formatWallClock, parseMoment } from '../../src/rest/capillary/time'
import { VerifiedSecrets } from '../../src/rest/capillary/verified-secrets'
import { parseJson } from '../../src/rest/shared/json'
import type { HttpRequest } from '../../src/rest/shared/route'

const json = (source: string) => parseJson(Buffer.from(source))

describe('moments as clients write them', () => {
  it.each([
    ['2021-11-10T23:08:49+05:30', '2021-11-10T17:38:49.000000Z', '+05:30'],
    ['2021-11-10T23:08:49Z', '2021-11-10T23:08:49.000000Z', 'Z'],
    ['2021-11-10T23:08:49z', '2021-11-10T23:08:49.000000Z', 'Z'],
    ['2021-11-10T23:08:49', '2021-11-10T23:08:49.000000Z', null],
    ['2021-11-10 23:08:49', '2021-11-10T23:08:49.000000Z', null],
    ['2021-11-10 23:08', '2021-11-10T23:08:00.000000Z', null],
    ['2021-11-10', '2021-11-10T00:00:00.000000Z', null],
    ['2021-11-10T24:00:00', '2021-11-11T00:00:00.000000Z', null],
    ['2021-11-10T23:08:49.1234567+07:00', '2021-11-10T16:08:49.123456Z', '+07:00'],
    ['2021-11-10T23:08:49+7:00', '2021-11-10T16:08:49.000000Z', '+07:00'],
    ['2021-11-10T23:08:49 +0700', '2021-11-10T16:08:49.000000Z', '+07:00'],
    ['2021-11-10T23:08:49-08', '2021-11-11T07:08:49.000000Z', '-08:00'],
    ['2020-02-29T00:00:00+05:30', '2020-02-28T18:30:00.000000Z', '+05:30'],
  ])('reads %s', (written, at, offset) => {
    expect(parseMoment(written)).toEqual({ at, offset })
  })

  it.each([
    ...['', 'now', '10/11/2021', '2021-13-01', '2021-02-29', '2021-11-10T23:60:00'],
    ...[
      '2021-11-10T23:08:60',
      '2021-11-10T23:08:49+19:00',
      '2021-11-10T23:08:49+05:75',
      '0000-01-01',
      '1636565929000',
    ],
  ])('does not read %p', (written) => {
    expect(parseMoment(written)).toBeNull()
  })

  it('shows the instant that was written, in any zone', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        fc.constantFrom('Asia/Kolkata', 'UTC', 'America/New_York', 'Pacific/Chatham'),
        (date, zone) => {
          const shown = formatMoment(date.toISOString() as Instant, zone)
          expect(millisOf(parseMoment(shown)!.at)).toBe(Math.floor(date.getTime() / 1000) * 1000)
        },
      ),
    )
  })

  it('says a moment as the calendar does, in any zone and at any time', () => {
    const zones = [
      'UTC',
      'Asia/Kolkata',
      'Europe/Lisbon',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Monrovia',
    ]
    const date = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('9999-12-31T23:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, fc.constantFrom(...zones), (at, zone) => {
        const local = DateTime.fromJSDate(at, { zone })
        const expected = local.toFormat(`yyyy-MM-dd'T'HH:mm:ss${local.offset === 0 ? "'Z'" : 'ZZ'}`)
        expect(formatMoment(at.toISOString() as Instant, zone)).toBe(expected)
        // And the days of many, of which some are of one day and some of a day on which clocks change.
        const dayOf = daysIn(zone)
        for (const hours of [0, 1, 5, 11, 23, 24 * 91, 24 * 182]) {
          const moment = new Date(at.getTime() - hours * 3_600_000)
          expect(dayOf(moment.toISOString() as Instant)).toBe(
            DateTime.fromJSDate(moment, { zone }).toFormat('yyyy-MM-dd'),
          )
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('shows Z for no offset, the wall clock of any, and days with their ordinals', () => {
    const at = '2021-09-23T11:44:36.258000Z' as Instant
    expect(formatMoment(at, 'UTC')).toBe('2021-09-23T11:44:36Z')
    expect(formatMoment(at, 'Asia/Kolkata')).toBe('2021-09-23T17:14:36+05:30')
    expect(formatWallClock(at, '-08:00')).toBe('2021-09-23T03:44:36')
    expect(formatWallClock(at, null)).toBe('2021-09-23T11:44:36')
    const days = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30].map((day) =>
      formatDay(`2021-09-${String(day).padStart(2, '0')}T12:00:00Z` as Instant, 'UTC'),
    )
    expect(days.map((day) => day.split(' ')[0])).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '22nd',
      '23rd',
      '30th',
    ])
    expect(days[0]).toBe('1st Sep, 2021')
  })
})

describe('values as clients send them', () => {
  it('takes numbers as text and blanks as nothing', () => {
    const read = (source: string) => {
      const value = decimal(json(source))
      return value instanceof Decimal ? value.toFixed() : value
    }
    expect(['4800.0', '"4800.0"', '" 10 "', '1.5E3', '"+.5"', '"5."', '-0', '0.1'].map(read)).toEqual([
      '4800',
      '4800',
      '10',
      '1500',
      '0.5',
      '5',
      '0',
      '0.1',
    ])
    expect(['""', '"  "', 'null'].map(read)).toEqual([undefined, undefined, undefined])
    for (const source of [
      '"4,800"',
      '"ten"',
      '"1 2"',
      '{}',
      '[]',
      'true',
      '1e13',
      '"1e99"',
      '"0x10"',
      '"Infinity"',
    ])
      expect(read(source)).toBe(UNREADABLE)
  })

  it('takes booleans as text and enumerations in any letter case', () => {
    expect(['true', '"TRUE"', '" false "', '""', 'null'].map((source) => flag(json(source)))).toEqual([
      true,
      true,
      false,
      undefined,
      undefined,
    ])
    expect(['1', '"yes"', '{}'].map((source) => flag(json(source)))).toEqual([
      UNREADABLE,
      UNREADABLE,
      UNREADABLE,
    ])
    expect(choice(json('" regular "'))).toBe('REGULAR')
    expect([text(json('12.50')), text(json('true')), text(json('[]'))]).toEqual(['12.50', 'true', UNREADABLE])
  })
})

describe('who pays when a group does', () => {
  const lot = (has: string, expiresAt: string | null, from = '2026-01-01T00:00:00.000000Z'): OpenLot => ({
    points: points(has),
    maturesAt: null,
    spendableFrom: from as Instant,
    expiresAt: expiresAt as Instant | null,
    source: null,
  })
  const purse = (id: string, ...lots: OpenLot[]) => ({ payer: ownPayer({ id: id as MemberId }), lots })
  const soon = '2026-06-01T00:00:00.000000Z'
  const paid = (purses: Parameters<typeof planPayments>[0], asked: string) =>
    planPayments(purses, points(asked))?.map((payment) => [
      payment.payer.memberId ?? payment.payer.groupId,
      payment.points,
    ]) ?? null

  it('is whose points expire first, then were awarded first, then has the lower number', () => {
    const purses = [
      purse('1', lot('5', null), lot('5', soon)),
      purse('2', lot('5', soon, '2025-12-01T00:00:00.000000Z')),
      { payer: { memberId: null, groupId: '9' } as const, lots: [lot('5', soon)] },
    ]
    expect(paid(purses, '3')).toEqual([['2', points('3')]])
    expect(paid(purses, '7')).toEqual([
      ['1', points('2')],
      ['2', points('5')],
    ])
    expect(paid(purses, '12.5')).toEqual([
      ['1', points('5')],
      ['2', points('5')],
      ['9', points('2.5')],
    ])
    expect(paid(purses, '20')?.[0]).toEqual(['1', points('10')])
    expect(paid(purses, '20.001')).toBeNull()
  })

  it('is nobody whose points still wait', () => {
    const waiting: OpenLot = { ...lot('5', soon), maturesAt: 'unknown', spendableFrom: null }
    expect(paid([purse('1', waiting)], '1')).toBeNull()
  })
})

describe('what a sale earns', () => {
  const program = (basis: 'line-net' | 'bill-net', rate = '0.1', pointsDecimals = 0) =>
    ({
      transactions: { pointsPerCurrencyUnit: new Decimal(rate), basis },
      pointsDecimals,
      alternateCurrencies: [] as Program['alternateCurrencies'],
    }) as Program
  const line = (net: string, outlier = false) =>
    ({ amount: amount(net), outlier }) as Parameters<typeof decideEarning>[1]['lines'][number]
  const sale = (bill: string, lines: ReturnType<typeof line>[] = [], more: object = {}) =>
    ({
      amount: amount(bill),
      lines,
      outlierStatus: 'NORMAL',
      ignoresPoints: false,
      runsLoyalty: true,
      ...more,
    }) as const

  it('is the sum of the lines, or the bill without them, cut to the decimals of the program', () => {
    expect(decideEarning(program('line-net'), sale('999', [line('104.8'), line('96.2')]))).toMatchObject({
      raw: points('20.1'),
      awarded: points('20'),
      lines: [points('10'), points('10')],
    })
    expect(decideEarning(program('line-net'), sale('4808'))).toMatchObject({
      raw: points('480.8'),
      awarded: points('480'),
      lines: [],
    })
    expect(decideEarning(program('bill-net', '0.105', 2), sale('150', [line('1')]))).toMatchObject({
      awarded: points('15.75'),
      lines: [],
    })
  })

  it('is nothing for a reason', () => {
    const reason = (...args: Parameters<typeof decideEarning>) => decideEarning(...args).noPointsReason
    expect(reason(program('line-net'), sale('100', [], { runsLoyalty: false }))).toBe('SKIPPED')
    expect(reason(program('line-net'), sale('100', [], { outlierStatus: 'TEST' }))).toBe('OUTLIER')
    expect(reason(program('line-net'), sale('100', [], { ignoresPoints: true }))).toBe('IGNORED_BILL_NUMBER')
    expect(reason({ ...program('line-net'), transactions: null }, sale('100'))).toBe('NO_RULE')
    expect(reason(program('line-net'), sale('0'))).toBe('ZERO_AMOUNT')
    expect(reason(program('line-net'), sale('5', [line('5', true)]))).toBe('OUTLIER')
    expect(reason(program('bill-net'), sale('5', [line('9', true)]))).toBe('OUTLIER')
    expect(reason(program('line-net'), sale('9.99'))).toBe('ROUNDED_TO_ZERO')
    expect(reason(program('line-net'), sale('10'))).toBeNull()
  })

  it('is awarded in lines that add up, none of them empty', () => {
    const cents = fc.integer({ min: 0, max: 1_000_000 }).map((value) => line(String(value / 100)))
    fc.assert(
      fc.property(
        fc.array(cents, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 3 }),
        (lines, decimals) => {
          const earning = decideEarning(program('line-net', '0.37', decimals), sale('1', lines))
          const awarded = awardLines(earning, 'rule')
          expect(sumPoints(awarded.map((each) => each.points))).toBe(earning.awarded)
          expect(awarded.every((each) => each.points > 0n)).toBe(true)
        },
      ),
    )
  })

  it('is what exact decimals make of the amounts, up to what a movement may be', () => {
    const millionths = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }).map(String)
    const amounts = millionths.map((digits) => amount(new Decimal(digits).div(1_000_000).toFixed()))
    const rates = fc.constantFrom('0', '0.1', '1', '0.333333', '12.5', '0.0000000001', '1000000000000')
    fc.assert(
      fc.property(amounts, rates, fc.integer({ min: 0, max: 3 }), (billed, rate, decimals) => {
        const rule = { pointsPerCurrencyUnit: new Decimal(rate), basis: 'bill-net' } as const
        const exact = new Decimal(billed).times(rate)
        const outcomeOf = (work: () => object) => {
          try {
            return work()
          } catch (error) {
            return error
          }
        }
        expect(outcomeOf(() => earnByBill(rule, billed, [], decimals))).toEqual(
          outcomeOf(() => ({
            awarded: roundPoints(exact, decimals, 'cut'),
            raw: roundPoints(exact, 3, 'half-up'),
            lines: [],
          })),
        )
      }),
    )
  })
})

describe('settings of the door', () => {
  const settings = (config: object, more: object = {}) =>
    settingsOf({ name: 'capillary', externalId: '1', settings: { config: { ...config }, ...more } })

  it('have the documented defaults', () => {
    expect(settings({})).toMatchObject({
      orgId: '1',
      v2Enabled: true,
      errorBody: 'auto',
      billNumberRequired: true,
      billNumberRule: { scope: 'ORG', windowDays: 30 },
      zeroAmountAllowed: true,
      keepsWallClock: false,
      currencyConversion: false,
      amountRounding: { places: 2, mode: 'cut' },
    })
    expect(Object.keys(settings({}).tenders)).toContain('Cash On Delivery')
  })

  // Screens of tills, and rules that need what does not exist here: docs/capillary-door.md says why.
  const WITHOUT_EFFECT = [
    'CONF_CLIENT_BILL_NO_REGEX',
    'CONFIG_SKIP_SECONDARY_ID_ON_PRIMARY_MISMATCH',
    'CONF_ALLOW_LOYALTY_BILL_SUBMITION_WITH_PARTIAL_DETAILS',
    'CONF_LOYALTY_TRANSACTION_AMOUNT_MARGIN',
    // Taken only as they are by default.
    'CONF_RETRO_TRANSACTION_ENABLE',
    'CONF_RETRO_TRANSACTION_ENABLE_CASHIER',
    'CONF_RETRO_TRANSACTION_ENABLE_STORE_ASSOCIATE',
    'CONF_CLIENT_RETRO_MAX_ALLOWED_AGE_DAYS',
    'CONF_CLIENT_RETRO_DELAY_SINCE_REGISTRATION_HOURS',
    'CONF_FRAUD_STATUS_CHECK_POINTS_TRANSFER',
  ]
  const shown = (_name: string, value: unknown): unknown =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value
  const said = ['true', 'false', '7', '2026-01-01', 'xml', 'current', 'table', 'X,Y']
  it('change with every flag of the setup, but for those that are known to change nothing', () => {
    const standard = JSON.stringify(settings({}), shown)
    const idle = Object.keys(CAPILLARY_CONFIG).filter((name) =>
      said.every((value) => {
        const others =
          name === 'IGNORE_POINTS_FOR_BILL_NUMBER_STARTS_WITH' ? { BILL_NUMBER_WISE_IGNORE_POINTS: true } : {}
        return JSON.stringify(settings({ ...others, [name]: value }), shown) === standard
      }),
    )
    expect(idle.sort()).toEqual([...WITHOUT_EFFECT, 'BILL_NUMBER_WISE_IGNORE_POINTS'].sort())
  })

  it('let the narrowest scope of bill numbers win, and the decimals of the currency', () => {
    const all = {
      CONF_LOYALTY_IS_BILL_NUMBER_UNIQUE: 'true',
      CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_STORE: 1,
      CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_TILL: true,
      CONF_LOYALTY_BILL_NUMBER_UNIQUE_IN_DAYS: '20',
      AMOUNT_ROUNDING_OFF_TO_DECIMAL_PLACES: 3,
      CONF_DECIMAL_PLACES_FOR_BASE_CURRENCY: 1,
    }
    expect(settings(all)).toMatchObject({
      billNumberRule: { scope: 'TILL', windowDays: 20 },
      amountRounding: { places: 1, mode: 'half-up' },
    })
    expect(settings({ ...all, CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_TILL: false }).billNumberRule.scope).toBe(
      'STORE',
    )
    expect(settings({ CONF_LOYALTY_IS_BILL_NUMBER_UNIQUE: false }).billNumberRule.scope).toBeNull()
  })
})

describe('secrets', () => {
  it('are hashed with salt, and verified only by what was hashed', async () => {
    const [one, other] = [await hashSecret('secret'), await hashSecret('secret')]
    expect(one).toMatch(/^scrypt\$16384\$8\$1\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$/)
    expect(one).not.toBe(other)
    expect(await verifySecret('secret', one)).toBe(true)
    expect(await verifySecret('Secret', one)).toBe(false)
    expect(await verifySecret('secret', 'md5$x')).toBe(false)
  })

  it('are remembered, so that a till costs a slow hash only now and then, and only while the hash stays', async () => {
    const verified = new VerifiedSecrets({ now: () => 0 })
    const stored = await hashSecret('secret')
    const cost = async (secret: string, hash = stored): Promise<number> => {
      const start = process.hrtime.bigint()
      await verified.verify('till', secret, hash)
      return Number(process.hrtime.bigint() - start) / 1e6
    }
    const slow = await cost('secret')
    expect(await cost('secret')).toBeLessThan(slow)
    expect(await verified.verify('till', 'wrong', stored)).toBe(false)
    expect(await verified.verify('other', 'secret', null)).toBe(false)
    expect(await verified.verify('till', 'secret', await hashSecret('changed'))).toBe(false)
  })
})

describe('refusals in the words of the door', () => {
  const request = { method: 'POST', requestId: 'r-1', headers: {} } as HttpRequest
  const said = (error: unknown, method = 'POST') => {
    const { status, body, headers } = failure(error, { ...request, method })
    return {
      status,
      headers,
      ...(JSON.parse(body as string) as { errors: { code: number; message: string }[] }),
    }
  }

  it('exist for every code of the domain, and none is a server error', () => {
    for (const code of LOYALTY_ERROR_CODES) {
      expect(FAILURES[code].code).toBeGreaterThan(0)
      expect([400, 401, 404, 521]).toContain(FAILURES[code].status)
    }
  })

  it('say who may not act and why, that a retry may help, and nothing of our bugs', () => {
    expect(said(new MemberMayNotAct('7' as MemberId, 'BLOCKED')).errors).toMatchObject([
      { code: 3045, message: expect.stringContaining('Customer 7, status BLOCKED') as string },
    ])
    expect(said(new Busy('55P03'))).toMatchObject({
      status: 521,
      errors: [{ code: 521 }],
      headers: { 'Retry-After': '1' },
    })
    expect(said(new Unavailable('gone'))).toMatchObject({
      status: 503,
      errors: [{ code: 608 }],
      headers: { 'Retry-After': '5' },
    })
    const bug = said(new Error('select * from secrets'), 'GET')
    expect(bug).toMatchObject({
      status: 500,
      errors: [{ code: 500, message: expect.stringContaining('r-1') as string }],
    })
    expect(JSON.stringify(bug)).not.toContain('secrets')
  })
})
