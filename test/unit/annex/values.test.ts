import { JsonNumber } from '../../../src/rest/shared/json'
import { amountFrom, instantFrom, toTimestamp } from '../../../src/rest/annex/values'
import { listOf } from '../../../src/rest/annex/validation'
import { toMemberPoints } from '../../../src/rest/annex/points/points.mapping'
import type { AccountStatement } from '../../../src/domain/points/ledger'
import type { Program } from '../../../src/domain/programs/program'
import { Decimal } from '../../../src/domain/shared/decimal'
import type { AccountId, MemberId, ProgramId } from '../../../src/domain/shared/ids'
import type { Instant } from '../../../src/domain/shared/instant'
import { amount } from '../../../src/domain/shared/money'
import { points } from '../../../src/domain/shared/points'
import { writeJson } from '../../../src/rest/shared/json'

describe('values at the Annex door', () => {
  it.each([
    ['2024-04-28T06:02:06Z', '2024-04-28T06:02:06.000Z', 'Z'],
    ['2024-04-28T06:02:06+0000', '2024-04-28T06:02:06.000Z', '+00:00'],
    ['2024-04-28T06:02:06-07:00', '2024-04-28T13:02:06.000Z', '-07:00'],
    ['2024-04-28T06:02:06.5+0530', '2024-04-28T00:32:06.500Z', '+05:30'],
    ['2024-02-29T00:00:00-0930', '2024-02-29T09:30:00.000Z', '-09:30'],
  ])('reads the instant %s', (text, at, offset) => {
    expect(instantFrom(text)).toEqual({ at, offset })
  })

  it.each([
    '',
    '2024-04-28',
    '2024-04-28 06:02:06',
    '2024-04-28T06:02:06',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:00+1500',
    '2024-01-01T00:00:00+0060',
    '0000-01-01T00:00:00Z',
    '1899-12-31T23:59:59Z',
    '20240-01-01T00:00:00Z',
    '2024-01-01T00:00:00Zz',
  ])('does not read %j as an instant', (text) => {
    expect(instantFrom(text)).toBeNull()
  })

  it('writes instants to the second, in UTC, the offset without colon', () => {
    expect(toTimestamp('2024-04-28T06:02:06.123456Z' as Instant)).toBe('2024-04-28T06:02:06+0000')
  })

  it.each([
    [new JsonNumber('100.10'), '100.1'],
    [new JsonNumber('1e3'), '1000'],
    [' 230.50 ', '230.5'],
    ['-23', '-23'],
    ['0.30000000000000004', '0.3'],
    ['0.0000005', '0.000001'],
    ['9999999999999.999999', '9999999999999.999999'],
    ['9999999999999.9999995', null],
    ['1e3', null],
    ['1,000', null],
    ['0x10', null],
    ['٣', null],
    ['Infinity', null],
    [new JsonNumber('1e400'), null],
    ['9'.repeat(65), null],
  ])('reads the amount %j as %s', (value, text) => {
    expect(amountFrom(value)).toBe(text)
  })

  it('takes a list as an array, one object, or numbered entries', () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }]
    expect(listOf([a, b])).toEqual([a, b])
    expect(listOf(a)).toEqual([a])
    expect(listOf({ '10': a, '9': b })).toEqual([b, a])
    expect(listOf({ '1': a, id: 'x' })).toEqual([{ '1': a, id: 'x' }])
    expect(listOf({})).toEqual([])
    expect(listOf('p1')).toBe('p1')
  })
})

describe('the summary of points', () => {
  const statement: AccountStatement = {
    accountId: '1' as AccountId,
    available: points('-50'),
    pending: points('30'),
    held: points('20'),
    lifetime: points('900'),
    earned: points('1200'),
    reversed: points('300'),
    redeemed: points('800.5'),
    redeemedOnRewards: points('200'),
    byHand: [],
    expired: points('99.5'),
    yearToDateCredited: points('1200'),
    yearToDateDebited: points('1100.5'),
    nextExpiry: { at: '2027-01-01T00:00:00.000000Z' as Instant, points: points('7') },
  }
  const program = { pointsToCurrency: new Decimal('0.333'), tiers: [] } as unknown as Program
  const summary = (
    available: string,
    creditsToCurrencyDecimals: number | null,
  ): Record<string, number | string> =>
    JSON.parse(
      writeJson(
        toMemberPoints({
          id: 'a',
          siteId: '1',
          program,
          settings: {
            customizeOrderDate: false,
            secondaryKey: false,
            negativePoints: false,
            autoGroupRedemption: false,
            earnedPointsPeriod: null,
            creditsToCurrencyDecimals,
          },
          buckets: [],
          group: null,
          earned: null,
          period: null,
          membership: {
            memberId: '9' as MemberId,
            programId: '1' as ProgramId,
            tierId: null,
            spend: amount('12.5'),
          },
          statement: { ...statement, available: points(available) },
        }),
      ),
    )

  it('shows a debt apart, counts returns as used, and keeps what is pending or reserved outside lifetime', () => {
    const body = summary('-50', null)
    expect(body).toMatchObject({
      availablePoints: 0,
      negativePoints: -50,
      usedPoints: 1100.5,
      usedPointsOnReward: 200,
      usedRedemptionPoints: 800.5,
      expiredPoints: 99.5,
      holdPoints: 50,
      lifetimePoints: 1150,
      totalSpent: 12.5,
      totalSpend: 12.5,
      pointsToExpireDate: '2027-01-01T00:00:00+0000',
      creditsToCurrencyValue: 0,
    })
    const { availablePoints, negativePoints, usedPoints, expiredPoints, lifetimePoints } = body as Record<
      string,
      number
    >
    expect(availablePoints! + negativePoints! + usedPoints! + expiredPoints!).toBe(lifetimePoints)
  })

  it('gives the money value as a number, and as text once two decimals are fixed', () => {
    expect(summary('100', null)['creditsToCurrencyValue']).toBe(33.3)
    expect(summary('100', 2)['creditsToCurrencyValue']).toBe('33.30')
    expect(summary('0.05', 2)['creditsToCurrencyValue']).toBe('0.02')
  })
})
