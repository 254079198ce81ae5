import { strict as assert } from 'node:assert'
import fc from 'fast-check'
import { DateTime } from 'luxon'
import { changeOrder } from '../../src/domain/orders/change-order'
import { placeOrder } from '../../src/domain/orders/place-order'
import { awardPoints } from '../../src/domain/points/award-points'
import { movedNow, walletOf } from '../../src/domain/points/wallet'
import type { Caller } from '../../src/domain/programs/caller'
import { tenantAt } from '../../src/domain/programs/tenant'
import { amount } from '../../src/domain/shared/money'
import { points, pointsToNumber } from '../../src/domain/shared/points'
import { present } from '../../src/domain/shared/present'
import { progressToNextTier } from '../../src/domain/tiers/evaluate-tier'
import { periodFigures } from '../../src/domain/tiers/period-figures'
import { PostgresPointsLedger } from '../../src/persistence/points/postgres-points-ledger'
import { postgresStores } from '../../src/persistence/postgres-stores'
import { createSecretBox } from '../../src/persistence/programs/secret-box'
import { pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import { bars } from '../support/ledger-bars'
import { aRedemption, assertLawful } from '../support/ledger-world'
import { startTestApp, type TestApp } from '../support/test-app'
import { TierModel, type ModelTier, type ModelWindow } from '../support/tier-model'

const ZONE = 'America/New_York'
const TIERS: readonly ModelTier[] = [
  { name: 'Silver', lifetimePoints: 0 },
  { name: 'Gold', periodPoints: 100, periodSpend: 90 },
  { name: 'Platinum', periodPoints: 250, lifetimePoints: 1500 },
]
const WINDOWS: Readonly<Record<string, ModelWindow>> = {
  'the last three months': { months: 3, keep: null },
  'the last year, a tier kept for half of one': { months: 12, keep: { months: 6 } },
  'the calendar year': { months: null, keep: null },
  'the calendar year, a tier kept until the next has ended': { months: null, keep: 'next-year-end' },
  'the last month, a tier kept until the year ends': { months: 1, keep: 'year-end' },
}

const stores = postgresStores(createSecretBox(Buffer.alloc(32)))
const clock = { now: () => Date.now() }

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  await app.apply({
    version: 1,
    tenants: Object.values(WINDOWS).map(({ months, keep }, index) => ({
      key: `tiers-${index}`,
      name: 'Tiers',
      sandbox: true,
      timeZone: ZONE,
      currency: 'USD',
      programs: [
        {
          key: 'main',
          programId: 9000 + index,
          default: true,
          purchase: { actionId: 1, ratio: '1' },
          tierPeriod: { of: months === null ? 'calendar-year' : { months }, keep: keep ?? 'none' },
          tiers: TIERS.map(({ name, lifetimePoints, periodPoints, periodSpend }) => ({
            name,
            ...(lifetimePoints === undefined ? {} : { minLifetimePoints: lifetimePoints }),
            ...(periodPoints === undefined ? {} : { minPeriodPoints: periodPoints }),
            ...(periodSpend === undefined ? {} : { minPeriodSpend: String(periodSpend) }),
          })),
        },
      ],
    })),
  })
})
afterAll(() => app.close())

type Operation =
  | { readonly kind: 'earn'; readonly points: number }
  | { readonly kind: 'buy'; readonly price: number }
  | { readonly kind: 'cancel'; readonly which: number }
  | { readonly kind: 'live'; readonly days: number }
  | { readonly kind: 'spend' }
  | { readonly kind: 'sweep' }

const anOperation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('earn' as const), points: fc.integer({ min: 10, max: 130 }) }),
  fc.record({ kind: fc.constant('buy' as const), price: fc.integer({ min: 10, max: 95 }) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant('live' as const), days: fc.constantFrom(1, 20, 31, 62, 150, 300) }),
  fc.record({ kind: fc.constant('live' as const), days: fc.constantFrom(29, 30, 92, 183, 365, 800) }),
  fc.constantFrom({ kind: 'spend' as const }, { kind: 'sweep' as const }),
)

/** What a few random lives may not meet: money back of an older purchase than the last, and steps that nobody carried out. */
const RETURNS: Operation[] = [
  { kind: 'buy', price: 60 },
  { kind: 'live', days: 20 },
  { kind: 'buy', price: 70 },
  { kind: 'cancel', which: 0 },
  { kind: 'live', days: 20 },
  { kind: 'buy', price: 30 },
  { kind: 'live', days: 62 },
  { kind: 'buy', price: 20 },
  { kind: 'live', days: 365 },
]
const LATE: Operation[] = [
  { kind: 'earn', points: 130 },
  { kind: 'buy', price: 95 },
  { kind: 'buy', price: 50 },
  { kind: 'live', days: 20 },
  { kind: 'earn', points: 110 },
  { kind: 'live', days: 800 },
  { kind: 'spend' },
  { kind: 'live', days: 31 },
  { kind: 'buy', price: 95 },
  { kind: 'live', days: 800 },
  { kind: 'buy', price: 95 },
]

let made = 0

/** One member's life: what the server answers after each step, and in the end its history, is what the model says. */
async function trial(key: string, window: ModelWindow, script: readonly Operation[]): Promise<void> {
  const connection = pooled(app.dataSource)
  const direct = stores(connection)
  const deps = { unitOfWork: createUnitOfWork(app.dataSource, stores), clock }
  const caller = async (): Promise<Caller> => {
    const head = present(await direct.tenants.headByKey(key), 'the tenant')
    const setup = await direct.tenants.setup(head.tenantId, head.setupVersion)
    return { tenant: tenantAt(setup, head, clock), actor: 'test', scopes: [] }
  }
  const live = (days: number) =>
    app.rows(`update tenants set clock_offset_ms = clock_offset_ms + $2::bigint * 86400000 where key = $1`, [
      key,
      days,
    ])
  await app.rows(`update tenants set clock_offset_ms = 1000 where key = $1`, [key])
  const { tenant } = await caller()
  const program = tenant.setup.defaultProgram
  const silver = present(program.tiers[0], 'the lowest tier').id
  const added = await direct.members.add(
    tenant.id,
    {
      ...{ id: null, firstName: null, lastName: null, email: null, mobile: null },
      ...{ status: 'ACTIVE' as const, joinedAt: tenant.time.now, attributes: {} },
    },
    [{ programId: program.id, tierId: silver }],
    'test',
  )
  const identity = { door: 'member', type: 'id', source: null, account: null, value: added.id }
  const dayOf = ({ tenant: { time } }: Caller) => DateTime.fromISO(time.now, { zone: ZONE }).startOf('day')
  const model = new TierModel(TIERS, window, dayOf(await caller()))
  const orders: { readonly orderKey: string; readonly price: number; readonly award: number }[] = []
  const run = async (operation: Operation, now: Caller): Promise<void> => {
    const account = walletOf(now.tenant, added.id, program)
    switch (operation.kind) {
      case 'earn':
        await awardPoints(deps, now, {
          member: added.id,
          what: { points: points(String(operation.points)) },
          ...{ reason: null, idempotencyKey: null, ref: `earn-${++made}`, requestId: 'test' },
        })
        model.earn(operation.points, 0)
        return
      case 'buy': {
        const orderKey = `order-${++made}`
        const price = amount(String(operation.price))
        const placed = await placeOrder(deps, now, {
          ...{ program, member: identity, orderKey, store: null, source: null, total: null, discount: null },
          ...{ orderDate: null, datedByClient: false, state: 'PLACED' as const, disregardHold: false },
          lines: [
            { productId: 'p', secondaryKey: null, quantity: amount('1'), unitPrice: price, attributes: {} },
          ],
          ...{ attributes: {}, requestId: null },
        })
        const award = model.earn(operation.price, operation.price)
        orders.push({ orderKey, price: operation.price, award })
        assert.equal(placed.tier.after?.name, model.tier)
        return
      }
      case 'cancel': {
        const [order] = orders.splice(operation.which % Math.max(1, orders.length), 1)
        if (!order) return
        await changeOrder(deps, now, {
          ...{ orderKey: order.orderKey, move: 'CANCEL' as const, lines: null, hold: 'rule' as const },
          booking: { actionId: null, reason: null, requestId: null },
        })
        model.takeBack(order.award, order.price)
        return
      }
      case 'spend':
        await direct.ledger
          .redeem(aRedemption(account, '1', { now: movedNow(now.tenant), timeZone: ZONE }))
          .catch(() => undefined)
        return
      case 'sweep':
        await new PostgresPointsLedger(connection).sweep(1000, null)
        return
      case 'live':
    }
  }
  const compare = async () => {
    const { tenant: now } = await caller()
    const found = present(await direct.members.findInProgramById(now.id, added.id, program.id), 'the member')
    const current = program.tiers.find(({ id }) => id === found.membership.tierId) ?? null
    const period = (await periodFigures(direct, now, program, [added.id])).get(added.id)
    const [statement] = await direct.accounts.statements(
      [walletOf(now, added.id, program)],
      movedNow(now),
      ZONE,
    )
    const standing = { lifetime: statement?.lifetime ?? points('0'), spend: found.membership.spend }
    const progress = progressToNextTier(program.tiers, current, { ...standing, period: period ?? null })
    const shown = {
      tier: current?.name,
      points: pointsToNumber(period!.points),
      spend: Number(period!.spend),
      missing: progress
        ? {
            points: progress.pointsMissing === null ? null : pointsToNumber(progress.pointsMissing),
            spend: progress.spendMissing === null ? null : Number(progress.spendMissing),
          }
        : undefined,
    }
    assert.deepEqual(shown, { tier: model.tier, ...model.counted(), missing: model.missing() })
  }
  for (const operation of script) {
    if (operation.kind === 'live') await live(operation.days)
    const now = await caller()
    model.liveUntil(dayOf(now))
    await run(operation, now)
    await compare()
  }
  await new PostgresPointsLedger(connection).sweep(1000, null)
  const periods = await direct.tierHistory.periodsOf(tenant.id, program.id, [added.id])
  const named = new Map(program.tiers.map(({ id, name }) => [id, name]))
  const shown = periods.map(({ tierId, from, reason }) => ({
    tier: tierId && named.get(tierId),
    day: DateTime.fromISO(from, { zone: ZONE }).toISODate(),
    reason,
  }))
  assert.deepEqual(shown, model.historyBackwards())
}

describe.each(Object.entries(WINDOWS))('tiers that look at %s', (_name, window) => {
  const index = Object.values(WINDOWS).indexOf(window)

  // A failure prints its seed and path; give them to fc.assert to see it again.
  it('stand where a member who lived through every midnight would, whoever looks and whenever it is swept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anOperation, { minLength: 4, maxLength: 24, size: 'max' }), (script) =>
        trial(`tiers-${index}`, window, script),
      ),
      { numRuns: bars().lives, examples: [[RETURNS], [LATE]] },
    )
    await expect(assertLawful(app.dataSource)).resolves.toBeUndefined()
  })
})

describe('a program that looks at a period no longer', () => {
  it('leaves members in their tiers, whatever its clock would have brought', async () => {
    const program = { key: 'main', programId: 9100, default: true }
    const tiers = [{ name: 'Silver', minLifetimePoints: 0 }]
    const document = (more: object) => ({
      version: 1,
      tenants: [
        {
          key: 'tiers-no-more',
          name: 'Tiers',
          sandbox: true,
          currency: 'USD',
          programs: [{ ...program, ...more }],
        },
      ],
    })
    const gold = { name: 'Gold', minPeriodPoints: 100 }
    await app.apply(document({ tierPeriod: { of: { months: 1 } }, tiers: [...tiers, gold] }))
    const connection = pooled(app.dataSource)
    const direct = stores(connection)
    const head = present(await direct.tenants.headByKey('tiers-no-more'), 'the tenant')
    const tenant = tenantAt(await direct.tenants.setup(head.tenantId, head.setupVersion), head, clock)
    const added = await direct.members.add(
      tenant.id,
      {
        ...{ id: null, firstName: null, lastName: null, email: null, mobile: null },
        ...{ status: 'ACTIVE' as const, joinedAt: tenant.time.now, attributes: {} },
      },
      [{ programId: tenant.setup.defaultProgram.id, tierId: null }],
      'test',
    )
    await awardPoints(
      { unitOfWork: createUnitOfWork(app.dataSource, stores), clock },
      { tenant, actor: 'test', scopes: [] },
      {
        member: added.id,
        what: { points: points('150') },
        ...{ reason: null, idempotencyKey: null, ref: 'no-more', requestId: 'test' },
      },
    )
    const steps = () =>
      app.rows(`select tier_due is not null as due from memberships where member_id = $1`, [added.id])
    expect(await steps()).toEqual([{ due: true }])
    await app.apply(document({ tiers: [...tiers, { name: 'Gold', minLifetimePoints: 100 }] }))
    expect(await steps()).toEqual([{ due: false }])
    await app.rows(`update tenants set clock_offset_ms = 7776000000 where key = 'tiers-no-more'`)
    await new PostgresPointsLedger(connection).sweep(1000, null)
    const found = await direct.members.findInProgramById(tenant.id, added.id, tenant.setup.defaultProgram.id)
    expect(tenant.setup.defaultProgram.tiers.find(({ id }) => id === found?.membership.tierId)?.name).toBe(
      'Gold',
    )
  })
})
