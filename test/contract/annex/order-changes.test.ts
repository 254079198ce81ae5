import fc from 'fast-check'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { annexGet, annexPost, type Site } from '../../support/annex-client'
import { assertLawful } from '../../support/ledger-world'

const site = (siteId: string): Site => ({ siteId, secret: `secret-${siteId}` })
const NONE = site('901')
const PLACED = site('902')
const ITEM = site('903')
const ALL = site('904')
const KEYED = site('905')

const tenantOf = (
  { siteId, secret }: Site,
  purchase: object = {},
  settings: object = {},
  program: object = {},
): object => ({
  key: `site-${siteId}`,
  name: `Site ${siteId}`,
  sandbox: true,
  currency: 'USD',
  apiKeys: [{ name: 'reader', key: `graph-key-${siteId}`, scopes: ['read'] }],
  annex: { siteId, secrets: [secret], settings },
  programs: [
    {
      key: 'main',
      programId: 1,
      default: true,
      pointsToCurrency: '0.5',
      expiry: { days: 365 },
      purchase: { actionId: 109, ratio: '1', ...purchase },
      tiers: [
        { name: 'Silver', minLifetimePoints: 0 },
        { name: 'Gold', minLifetimePoints: 1000, purchaseRatio: '2' },
      ],
      ...program,
    },
  ],
  members: [
    { ref: 'tom', annexId: 'tom@domain.com', email: 'tom@domain.com', firstName: 'Tom', lastName: 'Sawyer' },
    { ref: 'huck', annexId: 'huck@domain.com' },
    { ref: 'blocked', annexId: 'blocked@domain.com', status: 'BLOCKED' },
  ],
  groups: [{ groupId: 'family', owner: 'huck', members: ['huck', 'tom'] }],
})

let world: DoorWorld

beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      tenantOf(NONE),
      tenantOf(PLACED, { hold: 'order-placed', holdDays: 30 }),
      tenantOf(ITEM, { hold: 'item-ship', holdDays: 10 }),
      tenantOf(ALL, { hold: 'all-item-ship-date', holdDays: 5 }),
      tenantOf(KEYED, {}, { secondaryKey: true }),
    ],
  })
})
afterAll(() => world.app.close())
beforeEach(async () => {
  for (const { siteId } of [NONE, PLACED, ITEM, ALL, KEYED]) {
    await world.reset(`site-${siteId}`)
    await world.moveTo(`site-${siteId}`, 'real time')
  }
})
afterEach(() => assertLawful(world.app.dataSource))

/** Tokens that are valid also when a sandbox's clock is moved. */
const LONG_LIVED = { claims: { exp: 4_102_444_800 } }

type Body = Record<string, unknown>
interface Said {
  readonly status: number
  readonly body: Body
}

const call = async (at: Site, method: string, path: string, body: unknown): Promise<Said> => {
  const answer = await world.send({ ...annexPost(at, `/api/3.0${path}`, body, LONG_LIVED), method })
  return { status: answer.statusCode, body: answer.json<Body>() }
}

const post = (at: Site, path: string, body: unknown): Promise<Said> => call(at, 'POST', path, body)
const patch = (at: Site, orderId: string, body: object): Promise<Said> =>
  call(at, 'PATCH', `/orders/${orderId}`, { orderId, ...body })

const pointsOf = async (at: Site, who = 'tom@domain.com') => {
  const answer = await world.send(annexGet(at, `/api/3.0/points/${who}`, who, LONG_LIVED))
  const { availablePoints, usedPoints, holdPoints, lifetimePoints, negativePoints, totalSpent } =
    answer.json<Body>()
  return { availablePoints, usedPoints, holdPoints, lifetimePoints, negativePoints, totalSpent }
}

const figures = (available: number, used: number, hold: number, spent: number, negative = 0) => ({
  availablePoints: available,
  usedPoints: used,
  holdPoints: hold,
  lifetimePoints: available + used + negative,
  negativePoints: negative,
  totalSpent: spent,
})

const line = (id: string, quantity: number | string, unitPrice: number | string, more: object = {}) => ({
  id,
  quantity,
  unitPrice,
  ...more,
})

const order = async (at: Site, id: string, lines: object[], more: object = {}): Promise<Body> => {
  const { status, body } = await post(at, '/orders', {
    id,
    userId: 'tom@domain.com',
    orderDetail: lines,
    ...more,
  })
  expect({ status, error: body['errorMessage'] }).toEqual({ status: 200, error: undefined })
  return body
}

describe('changing an order at a site that holds nothing', () => {
  it('ships, takes back and cancels lines and parts of lines, and the points follow exactly', async () => {
    await order(NONE, 'a', [line('p1', 3, 100), line('p2', 1, 40)])
    expect(await patch(NONE, 'a', { status: 'Ship', orderDetail: [line('p1', 2, 100)] })).toMatchObject({
      status: 200,
      body: {
        orderId: 'a',
        status: 'ship',
        pointsAwarded: 0,
        pointsRemoved: 0,
        updatedAvailablePoints: 340,
        updatedLifetimePoints: 340,
        previousTier: 'Silver',
        updatedUserTier: 'Silver',
        orderDetail: [
          { id: 'p1', quantity: 3, unitPrice: 100, status: 'partial ship', shippedQuantity: 2 },
          { id: 'p2', quantity: 1, status: 'placed', shippedQuantity: 0 },
        ],
      },
    })
    const returned = await patch(NONE, 'a', { status: 'return', orderDetail: { '1': line('p1', '1', 100) } })
    expect(returned.body).toMatchObject({ status: 'return', pointsRemoved: 100, updatedAvailablePoints: 240 })
    const canceled = await patch(NONE, 'a', { status: 'CANCEL', orderDetail: { id: 'p2' } })
    expect(canceled.body).toMatchObject({ pointsRemoved: 40, updatedAvailablePoints: 200 })
    expect(await pointsOf(NONE)).toEqual(figures(200, 140, 0, 200))
    expect((await patch(NONE, 'a', { status: 'return' })).body).toMatchObject({
      pointsRemoved: 200,
      orderDetail: [
        { status: 'return', returnedQuantity: 3 },
        { status: 'cancel', cancelledQuantity: 1 },
      ],
    })
    expect(await pointsOf(NONE)).toEqual(figures(0, 340, 0, 0))
  })

  it('refuses what the state of an order forbids, and changes nothing', async () => {
    await order(NONE, 'a', [line('p1', 2, 100), line('p2', 1, 40)])
    await patch(NONE, 'a', { status: 'ship', orderDetail: [line('p1', 2, 100)] })
    await patch(NONE, 'a', { status: 'cancel', orderDetail: [line('p2', 1, 40)] })
    const before = await pointsOf(NONE)
    const forbidden: object[] = [
      { status: 'cancel' },
      { status: 'cancel', orderDetail: [line('p1', 1, 100)] },
      { status: 'ship' },
      { status: 'ship', orderDetail: [line('p2', 1, 40)] },
      { status: 'return', orderDetail: [line('p2', 1, 40)] },
      { status: 'return', orderDetail: [line('p1', 3, 100)] },
      { status: 'return', orderDetail: [line('p1', 1, 100), line('p1', 2, 100)] },
      { status: 'return', orderDetail: [line('none', 1, 100)] },
      { status: 'return', orderDetail: [line('p1', 0, 100)] },
      { status: 'return', orderDetail: [line('p1', -1, 100)] },
      { status: 'return', orderDetail: [line('p1', 'x', 100)] },
      { status: 'return', orderDetail: 'p1' },
      { status: 'lost' },
      { status: 7 },
      { status: 'return', orderId: 'b' },
      { status: 'return', disregardHoldPeriod: 'MAYBE' },
      { status: 'add', orderDetail: [line('p1', 1, -1)] },
      { status: 'add', orderDetail: [line('p1', 1, '9999999999999')] },
    ]
    for (const body of forbidden)
      expect([body, await patch(NONE, 'a', body)]).toMatchObject([
        body,
        { status: 400, body: { errorCode: 'AC1007' } },
      ])
    const missing: object[] = [
      {},
      { status: null },
      { status: ' ' },
      { status: 'return', orderDetail: [{ quantity: 1 }] },
      { status: 'add' },
      { status: 'add', orderDetail: [] },
      { status: 'add', orderDetail: [{ id: 'p3' }] },
    ]
    for (const body of missing)
      expect([body, await patch(NONE, 'a', body)]).toMatchObject([
        body,
        { status: 400, body: { errorCode: 'AC1004' } },
      ])
    expect(await patch(NONE, 'nowhere', { status: 'ship' })).toMatchObject({
      status: 404,
      body: { errorCode: 'AC1005' },
    })
    expect(await patch(KEYED, 'a', { status: 'ship' })).toMatchObject({ status: 404 })
    expect(await pointsOf(NONE)).toEqual(before)
  })

  it('takes PUT as PATCH, and the path for the order when the body names none', async () => {
    await order(NONE, 'a', [line('p1', 2, 100)])
    const answer = await call(NONE, 'PUT', '/orders/a', { orderId: null, status: 'return' })
    expect(answer).toMatchObject({ status: 200, body: { orderId: 'a', pointsRemoved: 200 } })
  })

  it('adds units and products with the ratio of the order, and takes them back like any other', async () => {
    await order(NONE, 'a', [line('p1', 10, 100)])
    const added = await patch(NONE, 'a', {
      status: 'Add',
      disregardHoldPeriod: 'YES',
      orderDetail: [line('p1', 2, 100, { secondarykey: 'p10' }), line('p3', 1, '0.5')],
    })
    expect(added).toMatchObject({
      status: 200,
      body: { status: 'add', pointsAwarded: 201, pointsRemoved: 0, updatedAvailablePoints: 1201 },
    })
    expect(await pointsOf(NONE)).toEqual(figures(1201, 0, 0, 1200.5))
    // Twelve units in two lines: they go in the order of their arrival.
    const back = await patch(NONE, 'a', { status: 'return', orderDetail: [line('p1', 11, 100)] })
    expect(back.body).toMatchObject({
      pointsRemoved: 1100,
      previousTier: 'Gold',
      updatedUserTier: 'Silver',
      orderDetail: [{ returnedQuantity: 10 }, { returnedQuantity: 1, quantity: 2 }, { returnedQuantity: 0 }],
    })
    expect((await patch(NONE, 'a', { status: 'return' })).body).toMatchObject({ pointsRemoved: 101 })
    expect(await pointsOf(NONE)).toEqual(figures(0, 1201, 0, 0))
  })

  it('lets spent points become a debt that later credits pay first', async () => {
    await order(NONE, 'a', [line('p1', 1, 100)])
    await world.app.rows(
      `select (ledger_redeem_v2(row(a.tenant_id, 'M', a.holder_id, a.program_id, a.currency)::ledger_key_v1,
         row(null, null, 'test', null, now(), null, null, 'UTC', null, null, null, null)::ledger_call_v1, 70000, null)).status
         from account a join tenants t using (tenant_id) where t.key = $1`,
      [`site-${NONE.siteId}`],
    )
    const back = await patch(NONE, 'a', { status: 'return' })
    expect(back.body).toMatchObject({ pointsRemoved: 100, updatedAvailablePoints: 0 })
    expect(await pointsOf(NONE)).toEqual(figures(0, 170, 0, 0, -70))
    await order(NONE, 'b', [line('p1', 1, 100)])
    expect(await pointsOf(NONE)).toEqual(figures(30, 170, 0, 100))
  })

  it('never takes more than was awarded, however many parts come back at once', async () => {
    await order(NONE, 'a', [line('p1', 10, '3.33')])
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        patch(NONE, 'a', { status: 'return', orderDetail: [line('p1', 1, '3.33')] }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    const removed = answers.reduce((sum, { body }) => sum + Number(body['pointsRemoved'] ?? 0), 0)
    expect(removed).toBe(33)
    expect(await pointsOf(NONE)).toEqual(figures(0, 33, 0, 0))
    await order(NONE, 'b', [line('p1', 4, 25)])
    const mixed = await Promise.all([
      patch(NONE, 'b', { status: 'ship' }),
      patch(NONE, 'b', { status: 'cancel' }),
      patch(NONE, 'b', { status: 'return' }),
      patch(NONE, 'b', { status: 'return' }),
    ])
    expect(mixed.every(({ status }) => status === 200 || status === 400)).toBe(true)
    expect(await pointsOf(NONE)).toMatchObject({ availablePoints: 0, totalSpent: 0 })
  })

  it('lets a blocked member return, and not add', async () => {
    const changed = (status: string) =>
      world.app.rows(
        `update members m set status = $2 from tenants t, member_identities i where t.key = $1 and m.tenant_id = t.tenant_id
           and i.tenant_id = m.tenant_id and i.member_id = m.member_id and i.value = 'tom@domain.com'`,
        [`site-${NONE.siteId}`, status],
      )
    await order(NONE, 'a', [line('p1', 2, 100)])
    await changed('BLOCKED')
    expect(await patch(NONE, 'a', { status: 'add', orderDetail: [line('p1', 1, 100)] })).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1008' },
    })
    expect((await patch(NONE, 'a', { status: 'return' })).status).toBe(200)
    await changed('OPTED_OUT')
    expect(await patch(NONE, 'a', { status: 'add', orderDetail: [line('p1', 1, 100)] })).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1009' },
    })
  })
})

describe('second keys', () => {
  it('are required where the site uses them, and tell lines of one product apart', async () => {
    await order(KEYED, 'a', [
      line('p1', 1, 10, { secondarykey: 'k1' }),
      line('p1', 1, 20, { secondarykey: 'k2' }),
    ])
    expect(
      await post(KEYED, '/orders', { id: 'b', userId: 'tom@domain.com', orderDetail: [line('p1', 1, 1)] }),
    ).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1004', errorMessage: 'Missing Parameters: orderDetail[0].secondarykey' },
    })
    expect(await patch(KEYED, 'a', { status: 'return', orderDetail: [line('p1', 1, 20)] })).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1004' },
    })
    const back = await patch(KEYED, 'a', {
      status: 'return',
      orderDetail: [line('p1', 1, 20, { secondaryKey: 'k2' })],
    })
    expect(back.body).toMatchObject({
      pointsRemoved: 20,
      orderDetail: [{ status: 'placed' }, { status: 'return' }],
    })
  })
})

describe('the parts of an order', () => {
  const permuted = fc.record({
    unitPrice: fc.integer({ min: 1, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
    quantity: fc.integer({ min: 1, max: 7 }),
    steps: fc.array(
      fc.record({ units: fc.integer({ min: 1, max: 3 }), move: fc.constantFrom('return', 'ship', 'cancel') }),
      {
        minLength: 1,
        maxLength: 6,
      },
    ),
    at: fc.constantFrom(NONE, PLACED, ITEM, ALL),
  })

  it('add up to the whole, in whatever order they ship, come back or are canceled', async () => {
    let no = 0
    await fc.assert(
      fc.asyncProperty(permuted, async ({ unitPrice, quantity, steps, at }) => {
        const id = `o-${++no}`
        const before = await pointsOf(at)
        const { pointsAwarded } = await order(at, id, [
          line('p1', quantity, unitPrice),
          line('p2', 1, '0.01'),
        ])
        let removed = 0
        for (const { units, move } of steps) {
          const { status, body } = await patch(at, id, {
            status: move,
            orderDetail: [line('p1', units, unitPrice)],
          })
          expect([200, 400]).toContain(status)
          removed += Number(body['pointsRemoved'] ?? 0)
        }
        removed += Number((await patch(at, id, { status: 'return' })).body['pointsRemoved'] ?? 0)
        expect(removed).toBe(pointsAwarded)
        const after = await pointsOf(at)
        expect({ ...after, usedPoints: 0, lifetimePoints: 0 }).toEqual({
          ...before,
          usedPoints: 0,
          lifetimePoints: 0,
        })
        expect(Number(after.lifetimePoints)).toBe(Number(after.availablePoints) + Number(after.usedPoints))
      }),
      { numRuns: 25 },
    )
  })
})

describe('held points', () => {
  it('wait so many days from the order, or until it ships', async () => {
    const placed = await order(PLACED, 'a', [line('p1', 2, 100), line('p2', 1, 50)])
    expect(placed).toMatchObject({ pointsAwarded: 250, holdPoints: 250, updatedAvailablePoints: 0 })
    expect(await pointsOf(PLACED)).toEqual(figures(0, 0, 250, 250))
    const kept = { status: 'ship', disregardHoldPeriod: 'NO', orderDetail: [line('p2', 1, 50)] }
    expect((await patch(PLACED, 'a', kept)).body).toMatchObject({ updatedAvailablePoints: 0 })
    expect(
      (await patch(PLACED, 'a', { status: 'ship', orderDetail: [line('p1', 1, 100)] })).body,
    ).toMatchObject({
      pointsAwarded: 0,
      updatedAvailablePoints: 150,
      updatedLifetimePoints: 150,
    })
    expect(
      (await patch(PLACED, 'a', { status: 'cancel', orderDetail: [line('p1', 1, 100)] })).body,
    ).toMatchObject({
      pointsRemoved: 100,
      updatedAvailablePoints: 150,
    })
    expect(await pointsOf(PLACED)).toEqual(figures(150, 0, 0, 150))
    await order(PLACED, 'b', [line('p1', 1, 10)])
    await order(PLACED, 'c', [line('p1', 1, 20)], { disregardHoldPeriod: 'yes' })
    await order(PLACED, 'd', [line('p1', 1, 30)], { status: 'ship' })
    expect(await pointsOf(PLACED)).toEqual(figures(200, 0, 10, 210))
    await world.moveTo(`site-${PLACED.siteId}`, inDays(31))
    expect(await pointsOf(PLACED)).toEqual(figures(210, 0, 0, 210))
  })

  it('wait so many days after each item has shipped', async () => {
    await order(ITEM, 'a', [line('p1', 4, 25), line('p2', 1, 50)])
    expect(await pointsOf(ITEM)).toEqual(figures(0, 0, 150, 150))
    await world.moveTo(`site-${ITEM.siteId}`, inDays(100))
    expect(await pointsOf(ITEM)).toEqual(figures(0, 0, 150, 150))
    await patch(ITEM, 'a', { status: 'ship', orderDetail: [line('p1', 2, 25)] })
    expect(await pointsOf(ITEM)).toEqual(figures(0, 0, 150, 150))
    await world.moveTo(`site-${ITEM.siteId}`, inDays(105))
    await patch(ITEM, 'a', { status: 'ship', orderDetail: [line('p1', 1, 25)] })
    await world.moveTo(`site-${ITEM.siteId}`, inDays(111))
    expect(await pointsOf(ITEM)).toEqual(figures(50, 0, 100, 150))
    // One of what has shipped and matured comes back; it does not touch what waits.
    expect(
      (await patch(ITEM, 'a', { status: 'return', orderDetail: [line('p1', 1, 25)] })).body,
    ).toMatchObject({
      pointsRemoved: 25,
    })
    expect(await pointsOf(ITEM)).toMatchObject({ totalSpent: 125 })
    await patch(ITEM, 'a', { status: 'cancel', orderDetail: [line('p1', 1, 25)] })
    await patch(ITEM, 'a', { status: 'ship', disregardHoldPeriod: 'YES' })
    expect(await pointsOf(ITEM)).toMatchObject({ holdPoints: 0, totalSpent: 100 })
    await world.moveTo(`site-${ITEM.siteId}`, inDays(130))
    expect(await pointsOf(ITEM)).toMatchObject({ availablePoints: 100, holdPoints: 0 })
  })

  it('wait so many days after the last item has shipped, or what is left is canceled', async () => {
    await order(ALL, 'a', [line('p1', 2, 100), line('p2', 1, 50)])
    await patch(ALL, 'a', { status: 'ship', orderDetail: [line('p1', 2, 100)] })
    await world.moveTo(`site-${ALL.siteId}`, inDays(50))
    expect(await pointsOf(ALL)).toEqual(figures(0, 0, 250, 250))
    await patch(ALL, 'a', { status: 'cancel', orderDetail: [line('p2', 1, 50)] })
    expect(await pointsOf(ALL)).toEqual(figures(0, 0, 200, 200))
    await world.moveTo(`site-${ALL.siteId}`, inDays(54))
    expect(await pointsOf(ALL)).toEqual(figures(0, 0, 200, 200))
    await world.moveTo(`site-${ALL.siteId}`, inDays(56))
    expect(await pointsOf(ALL)).toEqual(figures(200, 0, 0, 200))
    await order(ALL, 'b', [line('p1', 1, 70)], { status: 'ship' })
    await patch(ALL, 'b', { status: 'add', orderDetail: [line('p2', 1, 5)] })
    await patch(ALL, 'b', { status: 'ship' })
    expect(await pointsOf(ALL)).toEqual(figures(200, 0, 75, 275))
    await world.moveTo(`site-${ALL.siteId}`, inDays(62))
    expect(await pointsOf(ALL)).toEqual(figures(275, 0, 0, 275))
  })
})

describe('the walk of an order', () => {
  it('adds up at every step, and one query of the graph shows the same history', async () => {
    const sandbox = `site-${ITEM.siteId}`
    await order(ITEM, 'walk', [line('boots', 2, 100), line('socks', 3, 10)])
    expect(await pointsOf(ITEM)).toEqual(figures(0, 0, 230, 230))
    const shipped = await patch(ITEM, 'walk', { status: 'ship', orderDetail: [line('boots', 2, 100)] })
    expect(shipped.body).toMatchObject({ pointsAwarded: 0, pointsRemoved: 0, updatedAvailablePoints: 0 })
    expect(await pointsOf(ITEM)).toEqual(figures(0, 0, 230, 230))
    await world.moveTo(sandbox, inDays(11))
    expect(await pointsOf(ITEM)).toEqual(figures(200, 0, 30, 230))
    const returned = await patch(ITEM, 'walk', { status: 'return', orderDetail: [line('boots', 1, 100)] })
    expect(Object.keys(returned.body).sort((a, b) => a.localeCompare(b))).toEqual([
      'orderDetail',
      'orderId',
      'pointsAwarded',
      'pointsRemoved',
      'previousTier',
      'status',
      'updatedAvailablePoints',
      'updatedLifetimePoints',
      'updatedUserTier',
    ])
    expect(await pointsOf(ITEM)).toEqual(figures(100, 100, 30, 130))
    await patch(ITEM, 'walk', { status: 'cancel', orderDetail: [line('socks', 1, 10)] })
    expect(await pointsOf(ITEM)).toEqual(figures(100, 100, 20, 120))

    const answer = await world.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer graph-key-903' },
      payload: {
        query: `{ member(identity: { door: "annex", type: "id", value: "tom@domain.com" }) {
          spend { amount } points { available pending }
          orders { nodes { orderId points spent { amount }
            lines { productId quantity state shippedQuantity returnedQuantity canceledQuantity points } } }
          activities { nodes { kind available: points reason purchase { ... on Order { orderId } } sources { line points reversed } } } } }`,
      },
    })
    const { data, errors } = answer.json<{ data: { member: object }; errors?: unknown }>()
    expect(errors).toBeUndefined()
    const about = { purchase: { orderId: 'walk' } }
    expect(data.member).toMatchObject({
      spend: { amount: '120' },
      points: { available: '100', pending: '20' },
      orders: {
        nodes: [
          {
            orderId: 'walk',
            points: '230',
            spent: { amount: '120' },
            lines: [
              {
                productId: 'boots',
                quantity: '2',
                state: 'SHIPPED',
                shippedQuantity: '1',
                returnedQuantity: '1',
              },
              {
                productId: 'socks',
                quantity: '3',
                state: 'PLACED',
                shippedQuantity: '0',
                canceledQuantity: '1',
              },
            ],
          },
        ],
      },
      activities: {
        nodes: [
          { kind: 'REVERSE', reason: 'Cancel of order walk', ...about },
          { kind: 'REVERSE', reason: 'Return of order walk', ...about },
          { kind: 'MATURE', ...about },
          {
            kind: 'AWARD',
            ...about,
            sources: [
              { line: '1', points: '200', reversed: '100' },
              { line: '2', points: '30', reversed: '10' },
            ],
          },
        ],
      },
    })
  })
})

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

describe('reading orders', () => {
  it('answers the bare record for one order, a list for several, and refuses what is not there', async () => {
    await order(NONE, 'a', [line('p1', 2, 100, { secondarykey: 'k' })], {
      discountAmount: -23,
      coupon: '$20_OFF',
      storeId: 'IN12369',
      source: 'web',
    })
    const record = {
      siteId: NONE.siteId,
      id: 'a',
      userId: 'tom@domain.com',
      email: 'tom@domain.com',
      firstName: 'Tom',
      lastName: 'Sawyer',
      orderTotal: 200,
      storeId: 'IN12369',
      source: 'web',
      discountAmounts: -23,
      discountRefundData: '23',
      coupon: '$20_OFF',
      pointsAwarded: 200,
      orderStatus: 'placed',
      orderDetail: [{ id: 'p1', secondarykey: 'k', quantity: 2, unitPrice: 100, status: 'placed' }],
    }
    const one = await post(NONE, '/orderdetails', { orderId: 'a' })
    expect(one).toMatchObject({ status: 200, body: record })
    expect(one.body['orderDate']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)
    expect((await post(NONE, '/orderdetails', { userId: 'tom@domain.com', orderId: 'a' })).body).toEqual(
      one.body,
    )
    for (let n = 1; n <= 20; n++) await order(NONE, `b-${n}`, [line('p1', 1, n)])
    const all = await post(NONE, '/orderdetails', { userId: 'tom@domain.com' })
    expect(all.body).toMatchObject({ siteId: NONE.siteId, pages: 2, currentPage: 1 })
    expect((all.body['orders'] as Body[]).map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, n) => `b-${20 - n}`),
    )
    const last = await post(NONE, '/orderdetails', { userId: 'tom@domain.com', page: '2' })
    expect(last.body).toMatchObject({ pages: 2, currentPage: 2, orders: [{ id: 'a' }] })
    const past = await post(NONE, '/orderdetails', { userId: 'tom@domain.com', page: 3 })
    expect(past.body).toMatchObject({ pages: 2, currentPage: 3, orders: [] })
    const none = await post(NONE, '/orderdetails', { userId: 'huck@domain.com' })
    expect(none).toMatchObject({ status: 200, body: { orders: [], pages: 0, currentPage: 1 } })
    for (const body of [{ orderId: 'x' }, { userId: 'x' }, { userId: 'huck@domain.com', orderId: 'a' }])
      expect(await post(NONE, '/orderdetails', body)).toMatchObject({
        status: 400,
        body: { errorCode: 'AC1005' },
      })
    expect(await post(NONE, '/orderdetails', { page: 1 })).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1004' },
    })
    expect(await post(NONE, '/orderdetails', { userId: 'tom@domain.com', page: 0 })).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1007' },
    })
  })
})

describe('orders of secondary members', () => {
  const read = async (query: string) => {
    const answer = await world.send(
      annexGet(NONE, `/api/3.0/secondaryuserorders${query}`, 'secondaryuserorders', LONG_LIVED),
    )
    return { status: answer.statusCode, body: answer.json<Body>() }
  }

  it('are those of members who share a group that another owns', async () => {
    await order(NONE, 'owner', [line('p1', 1, 1)], { userId: 'huck@domain.com' })
    expect(await read('')).toEqual({
      status: 200,
      body: { siteId: NONE.siteId, orders: [], pages: 0, currentPage: 1 },
    })
    await order(NONE, 'a', [line('p1', 1, 10)])
    const one = await read('?userId=tom@domain.com')
    expect(one).toMatchObject({ status: 200, body: { id: 'a', userId: 'tom@domain.com', pointsAwarded: 10 } })
    await order(NONE, 'b', [line('p1', 1, 20)])
    expect((await read('')).body).toMatchObject({
      orders: [{ id: 'b' }, { id: 'a' }],
      pages: 1,
      currentPage: 1,
    })
    expect((await read('?orderId=a')).body).toEqual(one.body)
    expect((await read('?memberId=tom@domain.com&orderId=b')).body).toMatchObject({ id: 'b' })
    expect((await read('?id=huck@domain.com')).body).toMatchObject({ orders: [] })
    for (const query of ['?orderId=owner', '?userId=nobody', '?orderId=x'])
      expect(await read(query)).toMatchObject({ status: 400, body: { errorCode: 'AC1005' } })
    expect(await read('?page=0')).toMatchObject({ status: 400, body: { errorCode: 'AC1007' } })
    expect((await read('?page=7&userId=')).body).toMatchObject({ orders: [], currentPage: 7, pages: 1 })
  })
})

describe('a cart', () => {
  const CART = { userId: 'tom@domain.com', productDetail: [line('p1', 2, 100), line('p2', '1', '0.5')] }

  it('says what it would earn, and stores nothing', async () => {
    await order(NONE, 'a', [line('p1', 1, 100)])
    const answer = await post(NONE, '/cart', { ...CART, appliedPoints: 10 })
    expect(answer).toEqual({
      status: 200,
      body: {
        userId: 'tom@domain.com',
        lifetimePoints: 100,
        usedPoints: 0,
        availablePoints: 100,
        holdPoints: 0,
        appliedPoints: 10,
        cartPoints: 201,
        availablePointsAfterOrder: 291,
        holdPointsAfterOrder: 0,
        creditsToCurrencyRatio: 0.5,
        creditsToCurrencyValue: 50,
        creditsToCurrencyValueAfterOrder: 145.5,
        creditsToCurrencyValueCartPoints: 100.5,
        productDetail: [
          { id: 'p1', quantity: 2, unitPrice: 100, points: 200 },
          { id: 'p2', quantity: 1, unitPrice: 0.5, points: 1 },
        ],
        multiBucketsData: {},
      },
    })
    expect(await pointsOf(NONE)).toEqual(figures(100, 0, 0, 100))
    const held = await post(ITEM, '/cart', CART)
    expect(held.body).toMatchObject({ availablePointsAfterOrder: 0, holdPointsAfterOrder: 201 })
  })

  it('refuses what it cannot work out', async () => {
    const refused = async (body: unknown, errorCode: string) =>
      expect(await post(NONE, '/cart', body)).toMatchObject({ status: 400, body: { errorCode } })
    await refused({ userId: 'tom@domain.com' }, 'AC1004')
    await refused({ ...CART, userId: null }, 'AC1004')
    await refused({ ...CART, userId: 'x' }, 'AC1005')
    await refused({ ...CART, appliedPoints: -1 }, 'AC1007')
    await refused({ ...CART, productDetail: [line('p1', 0, 1)] }, 'AC1007')
    await refused({ ...CART, productDetail: [line('p1', '9999999999999', '9999999999999')] }, 'AC1007')
    await refused('', 'AC1004')
  })
})

describe('correcting the spend of an order', () => {
  const correction = (activity: string, amount: number | string, more: object = {}) => ({
    id: 'tom@domain.com',
    orderId: 'a',
    activity,
    [activity.toLowerCase()]: amount,
    adminEmail: 'admin@domain.com',
    reason: 'wrong total',
    ...more,
  })

  it('lets points, spend and tier follow, and the whole can still come back', async () => {
    await order(NONE, 'a', [line('p1', 9, 100), line('p2', 1, 50)])
    expect(await post(NONE, '/manualspend', correction('CREDIT', 75))).toEqual({
      status: 200,
      body: {
        orderId: 'a',
        activity: 'CREDIT',
        orderTotal: 1025,
        pointsAwarded: 75,
        pointsRemoved: 0,
        updatedAvailablePoints: 1025,
        updatedLifetimePoints: 1025,
        previousTier: 'Silver',
        updatedUserTier: 'Gold',
      },
    })
    const less = await post(NONE, '/manualspend', correction('debit', '135', { activity: 'Debit' }))
    expect(less.body).toMatchObject({ orderTotal: 890, pointsRemoved: 135, updatedUserTier: 'Silver' })
    expect(await pointsOf(NONE)).toEqual(figures(890, 135, 0, 890))
    expect((await post(NONE, '/orderdetails', { orderId: 'a' })).body['orderDetail']).toHaveLength(2)
    await patch(NONE, 'a', { status: 'return', orderDetail: [line('p2', 1, 50)] })
    await patch(NONE, 'a', { status: 'return', orderDetail: [line('p1', 4, 100)] })
    await patch(NONE, 'a', { status: 'return' })
    expect(await pointsOf(NONE)).toEqual(figures(0, 1025, 0, 0))
    const [entry] = await world.app.rows<{ reason: string; action_id: number; kind: string }>(
      `select e.reason, e.action_id, e.kind from entry e join tenants t using (tenant_id) where t.key = $1 and action_id = 164 order by seq limit 1`,
      [`site-${NONE.siteId}`],
    )
    expect(entry).toEqual({ reason: 'wrong total', action_id: 164, kind: 'AWARD' })
  })

  it('refuses more than is left, other people’s orders and what is missing', async () => {
    await order(NONE, 'a', [line('p1', 1, 100)])
    const refused = async (body: object, errorCode: string) =>
      expect([body, await post(NONE, '/manualspend', body)]).toMatchObject([
        body,
        { status: 400, body: { errorCode } },
      ])
    await refused(correction('DEBIT', '100.01'), 'AC1007')
    await refused(correction('DEBIT', 0), 'AC1007')
    await refused(correction('CREDIT', -1), 'AC1007')
    await refused(correction('CREDIT', '9999999999999'), 'AC1007')
    await refused(correction('MOVE', 1, { amount: 1 }), 'AC1007')
    await refused(correction('CREDIT', 1, { id: 'huck@domain.com' }), 'AC1007')
    await refused(correction('CREDIT', 1, { id: 'x' }), 'AC1005')
    await refused(correction('CREDIT', 1, { orderId: 'x' }), 'AC1005')
    for (const name of ['orderId', 'activity', 'credit', 'adminEmail', 'reason'])
      await refused(correction('CREDIT', 1, { [name]: null }), 'AC1004')
    expect(await pointsOf(NONE)).toEqual(figures(100, 0, 0, 100))
    const aliases = { orderId: 'a', activity: 'CREDIT', spendAmount: '5', adjustedBy: 'a', reason: 'r' }
    expect((await post(NONE, '/manualspend', aliases)).body).toMatchObject({ pointsAwarded: 5 })
  })
})

describe('bulk orders', () => {
  const entry = (id: string, over: object = {}) => ({
    id,
    userId: 'tom@domain.com',
    orderDetail: [line('p1', 1, 10)],
    ...over,
  })

  it('answer under the keys of the request, and a refused entry leaves the others done', async () => {
    const answer = await post(NONE, '/bulkpostorder', {
      '1': entry('a'),
      '2': entry('b', { userId: 'nobody' }),
      '3': { orderID: 'c', userId: 'tom@domain.com', orderDetails: [line('p1', 1, 20)] },
      '4': entry('a'),
      '5': entry('e', { orderDetail: null }),
      '6': 'nonsense',
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        '1': { id: 'a', pointsAwarded: 10 },
        '2': { id: 'b', errorCode: 'AC1005' },
        '3': { id: 'c', pointsAwarded: 20, updatedAvailablePoints: 30 },
        '4': { id: 'a', errorCode: 'AC1010', errorMessage: 'Duplicate order ID' },
        '5': { errorCode: 'AC1004', errorMessage: 'Missing Parameters: orderDetail' },
        '6': { errorCode: 'AC1004' },
      },
    })
    expect(answer.body['1']).not.toHaveProperty('errorCode')
    const changed = await post(NONE, '/bulkpatchorder', [
      { orderId: 'a', status: 'return' },
      { orderId: 'c', status: 'add', orderDetail: [line('p2', 1, 5)] },
      { orderId: 'x', status: 'return' },
      { status: 'return' },
      { orderId: 'a', status: 'return' },
    ])
    expect(changed).toMatchObject({
      status: 200,
      body: [
        { orderId: 'a', pointsRemoved: 10 },
        { orderId: 'c', pointsAwarded: 5 },
        { orderId: 'x', errorCode: 'AC1005' },
        { errorCode: 'AC1004' },
        { orderId: 'a', errorCode: 'AC1007' },
      ],
    })
    expect(await pointsOf(NONE)).toEqual(figures(25, 10, 0, 25))
  })

  it('keep the order of entries of one member, and of entries with one name', async () => {
    const bulk = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [
        String(n + 1),
        entry(`n-${n}`, {
          userId: n % 2 === 0 ? 'tom@domain.com' : 'huck@domain.com',
          orderDetail: [line('p', 1, 100)],
        }),
      ]),
    )
    const { body } = await post(NONE, '/bulkpostorder', bulk)
    expect(Object.keys(body)).toEqual(Object.keys(bulk))
    // From the tenth order on a member is Gold, and earns twice as much.
    const earned = Object.values(body).map((result) => (result as Body)['pointsAwarded'])
    expect(earned).toEqual([...Array<number>(20).fill(100), ...Array<number>(40).fill(200)])
    const twice = await post(NONE, '/bulkpostorder', [
      ...['x', 'y', 'z'].map((id) => entry(id)),
      entry('t', { id: 7 }),
      ...Array.from({ length: 9 }, () => entry('t', { id: 7, userId: 'huck@domain.com' })),
    ])
    const said = twice.body as unknown as Body[]
    expect(said.map(({ errorCode }) => errorCode)).toEqual([
      ...Array<undefined>(4).fill(undefined),
      ...Array<string>(9).fill('AC1010'),
    ])
  })

  it('take at most a thousand entries, and refuse a body without any', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [String(n), 1]))
    for (const [body, errorCode] of [
      [many, 'AC1007'],
      [{ one: entry('a') }, 'AC1007'],
      [{}, 'AC1004'],
      [[], 'AC1004'],
      ['"x"', 'AC1004'],
      ['', 'AC1004'],
    ] as const) {
      expect(await post(NONE, '/bulkpostorder', body)).toMatchObject({ status: 400, body: { errorCode } })
      expect(await post(NONE, '/bulkpatchorder', body)).toMatchObject({ status: 400, body: { errorCode } })
    }
  })
})
