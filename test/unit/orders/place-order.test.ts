import fc from 'fast-check'
import {
  datedOrder,
  planOrder,
  type PlaceOrder,
  ratioFor,
  valueOf,
} from '../../../src/domain/orders/place-order'
import type { Tenant } from '../../../src/domain/programs/tenant'
import type { Program } from '../../../src/domain/programs/program'
import { Decimal } from '../../../src/domain/shared/decimal'
import type { MemberId, ProgramId, TierId } from '../../../src/domain/shared/ids'
import type { ClientInstant, Instant } from '../../../src/domain/shared/instant'
import { type Amount, amount, ZERO_AMOUNT } from '../../../src/domain/shared/money'
import { formatPoints, points } from '../../../src/domain/shared/points'
import type { Tier } from '../../../src/domain/tiers/tier'

const NOW = '2026-03-01T12:00:00.000Z' as Instant
const said = (at: string): ClientInstant => ({ at: at as Instant, offset: '+05:30' })
const aLine = (unitPrice: string, quantity: string) => ({
  productId: 'p',
  secondaryKey: null,
  unitPrice: amount(unitPrice),
  quantity: amount(quantity),
  attributes: {},
})

const gold: Tier = {
  id: '2' as TierId,
  programId: '1' as ProgramId,
  rank: 2,
  name: 'Gold',
  minLifetimePoints: points('1000'),
  minSpend: null,
  minPeriodPoints: null,
  minPeriodSpend: null,
  purchaseRatio: new Decimal('2'),
}
const silver: Tier = { ...gold, id: '1' as TierId, rank: 1, name: 'Silver', purchaseRatio: null }
const rule = { actionId: 109, ratio: new Decimal('1.5'), hold: 'NONE', holdDays: 0 } as const
const program = {
  id: '1' as ProgramId,
  pointsDecimals: 0,
  orders: rule,
  tiers: [silver, gold],
} as unknown as Program
const tenant = { setup: { version: 7, currency: 'USD' } } as unknown as Tenant

const planned = (lines: ReturnType<typeof aLine>[], tierId: string | null, over: Partial<PlaceOrder> = {}) =>
  planOrder(
    {
      program,
      orderKey: 'a',
      store: null,
      total: null,
      state: 'PLACED',
      lines,
      attributes: {},
      ...over,
    } as PlaceOrder,
    {
      tenant,
      found: {
        member: { id: '9' as MemberId } as never,
        membership: {
          memberId: '9' as MemberId,
          programId: program.id,
          tierId: tierId as TierId | null,
          spend: ZERO_AMOUNT,
        },
      },
      store: null,
      placed: { at: NOW, offset: null },
      spend: valueOf(lines),
    },
  )

describe('dating an order', () => {
  it("takes the client's date only where the tenant dates its orders", () => {
    const orderDate = said('2026-02-01T00:00:00.000Z')
    expect(datedOrder({ orderDate, datedByClient: true }, NOW)).toEqual(orderDate)
    expect(datedOrder({ orderDate, datedByClient: false }, NOW)).toEqual({ at: NOW, offset: null })
    expect(datedOrder({ orderDate: null, datedByClient: false }, NOW)).toEqual({ at: NOW, offset: null })
  })

  it('wants a date there, and never one in the future, but for a minute of clock skew', () => {
    expect(() => datedOrder({ orderDate: null, datedByClient: true }, NOW)).toThrow('required')
    for (const datedByClient of [true, false]) {
      const date = (at: string) => datedOrder({ orderDate: said(at), datedByClient }, NOW)
      expect(() => date('2026-03-01T12:01:00.001Z')).toThrow('future')
      expect(() => date('2026-03-01T12:01:00.000Z')).not.toThrow()
    }
  })
})

describe('planning an order', () => {
  it('earns unit price x ratio x quantity, each line rounded half up', () => {
    const { order, rule: name } = planned([aLine('230', '2'), aLine('0.33', '1'), aLine('0.3', '1')], '1')
    expect(order.lines.map((line) => formatPoints(line.points))).toEqual(['690', '0', '0'])
    expect(formatPoints(order.points)).toBe('690')
    expect(name).toBe('orders.ratio@7')
  })

  it("lets the tier's ratio replace the program's, down to zero", () => {
    expect(planned([aLine('500', '1')], '2')).toMatchObject({
      order: { points: points('1000'), ratio: '2' },
      rule: 'tier.Gold.ratio@7',
    })
    expect(ratioFor(rule, { ...gold, purchaseRatio: new Decimal(0) })).toEqual({
      ratio: new Decimal(0),
      name: 'tier.Gold.ratio',
    })
    expect(planned([aLine('500', '1')], null).rule).toBe('orders.ratio@7')
    expect(planned([aLine('500', '1')], 'retired').rule).toBe('orders.ratio@7')
  })

  it('earns nothing without a rule for orders, in whatever tier', () => {
    expect(ratioFor(null, gold)).toEqual({ ratio: new Decimal(0), name: 'orders.none' })
  })

  it('rests spend on the lines, whatever total the client says', () => {
    const { order, spend } = planned([aLine('10', '3')], null, { total: amount('25') })
    expect(order.total).toBe('25')
    expect(spend).toBe('30')
    expect(planned([aLine('10', '3')], null).order.total).toBe('30')
  })

  it('adds up exactly, and refuses a sum that cannot be kept', () => {
    const cents = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1, maxLength: 30 }), (prices) => {
        const lines = prices.map((price) => aLine((price / 100).toFixed(2), '3'))
        const sum = prices.reduce((total, price) => total + price * 3, 0)
        expect(valueOf(lines)).toBe(new Decimal(sum).div(100).toFixed() as Amount)
      }),
    )
    expect(() => valueOf([aLine('9999999999999', '2')])).toThrow('13 digits')
  })
})
