import { annexGet, annexPost } from '../../support/annex-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { assertLawful } from '../../support/ledger-world'

const TOM = 'user@domain.com'
const FRIEND = 'r00.000@annexcloud.com'
const SITE = { siteId: '77001', secret: 'walk-annex-secret' }
/** The sandbox's clock is moved: the client's tokens live as long as it takes. */
const LONG = { claims: { exp: 4_000_000_000 } }

/** A site that holds points until two days after each item ships, with everything that the seven variants need. */
const SETUP = {
  version: 1,
  tenants: [
    {
      key: 'walk',
      name: 'Walk',
      sandbox: true,
      timeZone: 'UTC',
      currency: 'USD',
      apiKeys: [{ name: 'front', key: 'walk-graphql-key', scopes: ['read', 'write'] }],
      annex: { ...siteOf(SITE), settings: { earnedPointsPeriod: 'calendar year' } },
      programs: [
        {
          key: 'main',
          programId: 1,
          default: true,
          expiry: { days: 365 },
          pointsToCurrency: '0.01',
          purchase: { actionId: 109, ratio: '1', hold: 'item-ship', holdDays: 2 },
          issuance: { actionId: 174 },
          actions: [
            { actionId: 101, name: 'Sign-up', award: 250 },
            { actionId: 102, name: 'Review', award: 50, maxPoints: 50, per: 'lifetime' },
            { actionId: 103, name: 'Visit', award: 10, coolDown: 'P2D' },
            { actionId: 110, name: 'Survey', award: 40, holdDays: 14 },
          ],
          rewards: [{ rewardId: '121', name: 'Discount', cost: 300, codes: ['W-1', 'W-2'] }],
          tiers: [
            { name: 'Silver', minLifetimePoints: 0 },
            { name: 'Gold', minLifetimePoints: 5_000 },
          ],
          buckets: ['travel'],
        },
      ],
      members: [
        { ref: 'tom', annexId: TOM },
        { ref: 'friend', annexId: FRIEND },
        { ref: 'blocked', annexId: 'blocked@domain.com', status: 'BLOCKED' },
        { ref: 'out', annexId: 'out@domain.com', status: 'OPTED_OUT' },
      ],
      groups: [{ groupId: '91', name: 'Loyalty Circle', owner: 'tom', members: ['friend'] }],
    },
  ],
}

function siteOf({ siteId, secret }: typeof SITE) {
  return { siteId, secrets: [secret] }
}

let world: DoorWorld
beforeAll(async () => {
  world = await openDoors(SETUP)
})
afterAll(() => world.app.close())
beforeEach(() => world.reset('walk'))

type Body = Record<string, unknown>

const call = async (method: string, path: string, body: unknown, twist = LONG as object) => {
  const answer = await world.send({ ...annexPost(SITE, `/api/3.0${path}`, body, twist), method })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Body>() }
}
const post = (path: string, body: unknown) => call('POST', path, body)
const get = async (path: string, id: string, twist = LONG as object) => {
  const answer = await world.send(annexGet(SITE, `/api/3.0${path}`, id, twist))
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Body>() }
}

const FIGURES = [
  'availablePoints',
  'usedPoints',
  'expiredPoints',
  'lifetimePoints',
  'holdPoints',
  'usedPointsOnReward',
]

/** The figures of `GET /points`, which must add up whatever happened. */
async function figures(id = TOM): Promise<readonly unknown[]> {
  const { status, body } = await get(`/points/${encodeURIComponent(id)}`, id)
  expect(status).toBe(200)
  const [available, used, expired, lifetime] = FIGURES.map((name) => body[name] as number)
  expect(lifetime).toBe(available! + used! + expired!)
  expect(body['creditsToCurrencyValue']).toBeCloseTo(available! / 100, 10)
  return FIGURES.map((name) => body[name])
}

describe('a member walks through every movement of points', () => {
  it('from a held order to a group, and every number adds up at each step', async () => {
    await world.moveTo('walk', '2026-03-01T10:00:00Z')
    const order = {
      id: 'walk-1',
      userId: TOM,
      orderDetail: [
        { id: 'p1', quantity: 2, unitPrice: 200 },
        { id: 'p2', quantity: 3, unitPrice: 200 },
      ],
    }
    expect((await post('/orders', order)).body).toMatchObject({
      pointsAwarded: 1000,
      holdPoints: 1000,
      updatedAvailablePoints: 0,
    })
    expect(await figures()).toEqual([0, 0, 0, 0, 1000, 0])

    await call('PATCH', '/orders/walk-1', { status: 'ship', orderDetail: [{ id: 'p2' }] })
    expect(await figures()).toEqual([0, 0, 0, 0, 1000, 0])
    await world.moveTo('walk', '2026-03-03T10:01:00Z')
    expect(await figures()).toEqual([600, 0, 0, 600, 400, 0])

    const back = await call('PATCH', '/orders/walk-1', {
      status: 'return',
      orderDetail: [{ id: 'p2', quantity: 1 }],
    })
    expect(back.body).toMatchObject({ pointsRemoved: 200, updatedAvailablePoints: 400 })
    expect(await figures()).toEqual([400, 200, 0, 600, 400, 0])

    const claim = { id: TOM, actionId: 107, activity: 'DEBIT', rewardId: '121', orderId: 'till-1' }
    expect((await post('/points', claim)).body).toMatchObject({ pointsDeducted: 300, rewardCode: 'W-1' })
    expect(await figures()).toEqual([100, 500, 0, 600, 400, 300])
    const again = await post('/points', { ...claim, retry: 'yes' })
    expect(again.body).toMatchObject({ rewardCode: 'W-1', updatedAvailablePoints: 100 })
    expect(await post('/points', claim)).toMatchObject({ status: 409, body: { errorCode: 'AC1010' } })
    expect(await figures()).toEqual([100, 500, 0, 600, 400, 300])

    const moves: readonly (readonly [Body, Body, readonly number[]])[] = [
      [{ actionId: 101, activity: 'CREDIT' }, { pointsAwarded: 250 }, [350, 500, 0, 850, 400, 300]],
      [
        { actionId: 100, activity: 'credit', credit: '100', 'Credit[travel]': 5, reason: 'bonus' },
        { pointsAwarded: 100, 'multiBucketsData[travel]': expect.objectContaining({ pointsAwarded: 5 }) },
        [450, 500, 0, 950, 400, 300],
      ],
      [{ actionId: 107, activity: 'DEBIT', debit: 50 }, { pointsDeducted: 50 }, [400, 550, 0, 950, 400, 300]],
      [
        { actionId: 100, activity: 'DEBIT', debit: 30, reason: 'adjustment' },
        { pointsDeducted: 30 },
        [370, 580, 0, 950, 400, 300],
      ],
      [
        { actionId: 8055, activity: 'DEBIT', debit: 70, recipientData: { recipientId: FRIEND } },
        { pointsDeducted: 70 },
        [300, 650, 0, 950, 400, 300],
      ],
      [
        { actionId: 160, groupId: '91', activity: 'CREDIT', debit: 100 },
        { pointsAwarded: 100, 'hierarchy Data': expect.objectContaining({ groupAvailablePoints: '100' }) },
        [200, 750, 0, 950, 400, 300],
      ],
      [
        { actionId: 160, groupId: '91', activity: 'DEBIT', debit: 40 },
        { pointsDeducted: 40, 'hierarchy Data': expect.objectContaining({ groupAvailablePoints: '60' }) },
        [240, 750, 0, 990, 400, 300],
      ],
    ]
    for (const [move, said, left] of moves) {
      const { status, body } = await post('/points', { id: TOM, ...move })
      expect({ status, body }).toMatchObject({ status: 200, body: said })
      expect([body['updatedAvailablePoints'], body['updatedLifetimePoints']]).toEqual([left[0], left[3]])
      expect(await figures()).toEqual(left)
    }
    expect(await figures(FRIEND)).toEqual([70, 0, 0, 70, 0, 0])
    const { body } = await get(`/points/${TOM}`, TOM)
    expect(body).toMatchObject({
      groupDetails: { groupId: '91', groupAvailablePoints: '60', groupUsedPoints: '40' },
      multiBucketsData: { travel: { availablePoints: 5 } },
      earnedPointsPeriod: 'calendar year',
      earnedPoints: 990,
    })
    await assertLawful(world.app.dataSource)
    expect(await history()).toEqual({
      points: { available: '240', pending: '400' },
      purchases: { nodes: [{ __typename: 'Order', points: '1000' }] },
      activities: {
        nodes: [
          ['TRANSFER_IN', '240'],
          ['TRANSFER_OUT', '200'],
          ['TRANSFER_OUT', '300'],
          ['ADJUST', '370'],
          ['REDEEM', '400'],
          ['AWARD', '450'],
          ['AWARD', '350'],
          ['REDEEM', '100'],
          ['REVERSE', '400'],
          ['MATURE', '600'],
          ['AWARD', '0'],
        ].map(([kind, availableAfter]) => ({ kind, availableAfter })),
      },
    })
  })

  const IDENTITY = `identity: {door: "annex", type: "id", value: "${TOM}"}`
  const history = async (): Promise<unknown> => {
    const data = await graph(`{ member(${IDENTITY}) {
      points { available pending } purchases { nodes { __typename points } }
      activities(first: 20) { nodes { kind availableAfter } } } }`)
    return data['member']
  }

  const graph = async (query: string): Promise<Body> => {
    const answer = await world.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer walk-graphql-key', 'content-type': 'application/json' },
      payload: JSON.stringify({ query }),
    })
    return answer.json<{ data: Body }>().data
  }

  it('lets the points of an action wait as long as the setup says, and tells until when', async () => {
    await world.moveTo('walk', '2026-03-01T10:00:00Z')
    const survey = { id: TOM, actionId: 110, activity: 'CREDIT', source: 'web' }
    expect((await post('/points', survey)).body).toMatchObject({
      credit: 40,
      pointsAwarded: 0,
      holdPoints: 40,
      releaseDate: '2026-03-15T10:00:00+0000',
      updatedAvailablePoints: 0,
    })
    expect(await figures()).toEqual([0, 0, 0, 0, 40, 0])
    await world.moveTo('walk', '2026-03-15T10:01:00Z')
    expect(await figures()).toEqual([40, 0, 0, 40, 0, 0])
    // Something was due: the next award finds it settled.
    await world.moveTo('walk', '2026-03-15T10:02:00Z')
    expect((await post('/points', { ...survey, customId: 'again' })).body).toMatchObject({ holdPoints: 40 })
    await world.moveTo('walk', '2026-03-29T10:03:00Z')
    const plain = await post('/points', { id: TOM, actionId: 100, activity: 'CREDIT', credit: 1 })
    expect(plain.body).toMatchObject({ updatedAvailablePoints: 81, updatedLifetimePoints: 81 })
    expect(await figures()).toEqual([81, 0, 0, 81, 0, 0])
    // Whoever awards it: the days of hold are the action's.
    const award = `mutation { awardPoints(input: { ${IDENTITY}, actionId: 110 }) {
      userErrors { code } balance { available pending } } }`
    expect(await graph(award)).toEqual({
      awardPoints: { userErrors: [], balance: { available: '81', pending: '40' } },
    })
    expect(await figures()).toEqual([81, 0, 0, 81, 40, 0])
  })
})

describe("a shop's connector, as it was built against the vendor", () => {
  it('completes a checkout', async () => {
    // Milliseconds where seconds belong, text for numbers, null for what it has not set, PUT for PATCH.
    const odd = { claims: { exp: Date.now() + 600_000 } }
    const id = 'new.buyer+shop@domain.com'
    const path = encodeURIComponent(id)
    const unset = { firstName: null, lastName: null, phone: null, birthDate: null, anniversaryDate: null }
    const user = { id, email: id, optInStatus: 'NO', ...unset }
    expect((await call('POST', '/users', user, odd)).body).toMatchObject({ id, optInStatus: 'NO' })
    const early = { id, actionId: '101', activity: 'CREDIT', credit: null, reason: null }
    expect((await call('POST', '/points', early, odd)).body).toMatchObject({ errorCode: 'AC1009' })
    expect((await call('PUT', `/users/${path}`, { optInStatus: 'YES' }, odd)).body).toMatchObject({
      optInStatus: 'YES',
    })
    expect((await call('POST', '/points', early, odd)).body).toMatchObject({
      activity: 'credit',
      pointsAwarded: 250,
    })
    const bonus = { id, actionId: '100', activity: 'CREDIT', credit: '250', reason: 'welcome', source: null }
    expect((await call('POST', '/points', bonus, odd)).body).toMatchObject({ updatedAvailablePoints: 500 })

    const rewards = await get(`/users/${path}/reward?sort_by=rewardSequence`, id, odd)
    expect(rewards.body['rewardDetail']).toEqual([
      expect.objectContaining({ rewardId: '121', eligible: 'YES' }),
    ])
    const line = {
      id: 'sku-1',
      quantity: '2',
      unitPrice: '19.95',
      netPrice: null,
      secondarykey: null,
      url: null,
    }
    const cart = { userId: id, appliedPoints: '300', productDetail: [line] }
    expect((await call('POST', '/cart', cart, odd)).body).toMatchObject({
      availablePoints: 500,
      cartPoints: 40,
      availablePointsAfterOrder: 200,
      holdPointsAfterOrder: 40,
    })
    const claim = { id, rewardId: 121, activity: 'DEBIT', reason: 'checkout', source: 'web' }
    const { body: redeemed } = await call('POST', '/points', claim, odd)
    expect(redeemed).toMatchObject({ pointsDeducted: 300, updatedAvailablePoints: 200 })
    expect(redeemed['rewardCode']).toMatch(/^W-/)

    const order = {
      id: 'ORD-1',
      userId: id,
      email: id,
      orderTotal: '39.90',
      discountAmount: '-3.00',
      coupon: redeemed['rewardCode'],
      orderDate: null,
      storeId: null,
      disregardHoldPeriod: null,
      orderDetail: [line],
    }
    expect((await call('POST', '/orders', order, odd)).body).toMatchObject({
      id: 'ORD-1',
      orderTotal: 39.9,
      discountAmount: -3,
      pointsAwarded: 40,
      holdPoints: 40,
    })
    expect(await call('POST', '/orders', order, odd)).toMatchObject({ status: 409 })
    const shipped = await call(
      'PUT',
      '/orders/ORD-1',
      { orderId: 'ORD-1', status: 'SHIP', disregardHoldPeriod: 'YES', orderDetail: null },
      odd,
    )
    expect(shipped.body).toMatchObject({ status: 'ship', updatedAvailablePoints: 240 })
    const returned = await call(
      'PUT',
      '/orders/ORD-1',
      { status: 'RETURN', orderDetail: [{ ...line, quantity: '1' }] },
      odd,
    )
    expect(returned.body).toMatchObject({ pointsRemoved: 20, updatedAvailablePoints: 220 })
    const many = await call('POST', '/getbulkpoints', { 1: { id }, 2: { id: 'nobody@domain.com' } }, odd)
    expect(many.body).toMatchObject({
      1: { id, availablePoints: 220, holdPoints: 0, totalSpend: 19.95, totalSpent: 19.95 },
      2: { id: 'nobody@domain.com', errorCode: 'AC1005' },
    })
    expect((await get(`/points/${path}`, id, odd)).body).toEqual((many.body as Record<string, unknown>)['1'])
    const { body: list } = await get(`/users/${path}/activity`, id, odd)
    expect((list['activityDetail'] as Body[]).map(({ actionId, activity }) => [actionId, activity])).toEqual([
      [148, 'DEBIT'],
      [109, 'CREDIT'],
      [107, 'DEBIT'],
      [100, 'CREDIT'],
      [101, 'CREDIT'],
    ])
  })
})

describe('each code of the contract', () => {
  const order = { id: 'code-1', userId: TOM, orderDetail: [{ id: 'p', quantity: 1, unitPrice: 10 }] }
  const review = { id: TOM, actionId: 102, activity: 'CREDIT' }
  const visit = { id: TOM, actionId: 103, activity: 'CREDIT' }
  type Reply = ReturnType<typeof post>
  const CODES: readonly (readonly [string, number, string | RegExp, () => Reply])[] = [
    ['AC1001', 404, 'Oops! Something went wrong', () => post('/nowhere', {})],
    [
      'AC1002',
      401,
      'Request Not Authorized',
      () => call('POST', '/orders', order, { ...LONG, secret: 'wrong' }),
    ],
    ['AC1003', 405, 'Method Not Allowed', () => call('DELETE', '/orders', '')],
    ['AC1004', 400, /^Missing Parameters: orderDetail$/, () => post('/orders', { id: 'x', userId: TOM })],
    ['AC1005', 404, 'No data found', () => get('/points/nobody@domain.com', 'nobody@domain.com')],
    ['AC1005', 400, 'No data found', () => post('/orders', { ...order, userId: 'nobody@domain.com' })],
    ['AC1006', 409, 'Data already exists', () => post('/users', { id: TOM })],
    ['AC1007', 400, /^Invalid Parameters: /, () => post('/points', { ...visit, activity: 'SOMETHING' })],
    ['AC1008', 400, 'User is blocked', () => post('/orders', { ...order, userId: 'blocked@domain.com' })],
    ['AC1009', 400, 'Opt out user', () => post('/orders', { ...order, userId: 'out@domain.com' })],
    ['AC1010', 409, 'Duplicate order ID', () => post('/orders', order).then(() => post('/orders', order))],
    [
      'AC1026',
      200,
      'Points cannot be awarded due to limit reached',
      () => post('/points', review).then(() => post('/points', review)),
    ],
    [
      'AC1028',
      200,
      /^Points can be earned next in \d+ (days|hours|minutes)$/,
      () => post('/points', visit).then(() => post('/points', visit)),
    ],
  ]

  it.each(CODES)('%s (%i) is answered where it is due, in its text', async (code, status, text, provoke) => {
    const { status: answered, body } = await provoke()
    expect({ status: answered, code: body['errorCode'] }).toEqual({ status, code })
    expect(body['errorMessage']).toMatch(typeof text === 'string' ? new RegExp(`^${text}$`) : text)
    expect(Object.keys(body).sort()).toEqual(['errorCode', 'errorMessage'])
  })
})

describe('many orders in one call', () => {
  const order = (id: string, userId = TOM, unitPrice: unknown = 10) => ({
    id,
    userId,
    orderDetail: [{ id: 'p', quantity: 1, unitPrice }],
  })
  const count = () => world.app.rows<{ n: string }>('select count(*) as n from orders')

  it('books a hundred of one member in their order, and lifts the tier in between', async () => {
    const { body } = await post(
      '/bulkpostorder',
      Object.fromEntries(
        Array.from({ length: 100 }, (_, n) => [String(n + 1), order(`m-${n}`, TOM, 100 + n)]),
      ),
    )
    const results = Object.values(body) as Body[]
    expect(results.map(({ pointsAwarded }) => pointsAwarded)).toEqual(
      Array.from({ length: 100 }, (_, n) => 100 + n),
    )
    const lifted = results.filter(
      ({ previousTier, updatedUserTier }) => previousTier === 'Silver' && updatedUserTier === 'Gold',
    )
    expect(lifted).toHaveLength(1)
    expect(await figures()).toEqual([0, 0, 0, 0, 14_950, 0])
    await assertLawful(world.app.dataSource)
  })

  it('refuses what it must, each entry for itself, and stores the others', async () => {
    await post('/orders', order('there'))
    const { body } = await post('/bulkpostorder', [
      order('a'),
      order('there'),
      order('b', 'nobody@domain.com'),
      order('c', 'blocked@domain.com'),
      order('a'),
      order('d', TOM, -1),
      'no entry',
      order('e', FRIEND, '5'),
      order('f', TOM, 9e12),
      order('g', FRIEND, 7),
      // A wallet has no room for the same again: the group it came in is taken apart.
      order('h', TOM, 9e12),
    ])
    const codes = (body as unknown as Body[]).map((one) => one['errorCode'] ?? one['pointsAwarded'])
    expect(codes).toEqual([
      ...[10, 'AC1010', 'AC1005', 'AC1008', 'AC1010', 'AC1007', 'AC1004', 5],
      ...[9e12, 7, 'AC1007'],
    ])
    expect(await count()).toEqual([{ n: '5' }])
    expect([(await figures())[4], (await figures(FRIEND))[4]]).toEqual([9e12 + 20, 12])
    await assertLawful(world.app.dataSource)
  })

  it('pays each order once, however many calls bring it at once, alone or among others', async () => {
    const bulk = Object.fromEntries(['x', 'y', 'z'].map((id, n) => [String(n + 1), order(id, TOM, 10)]))
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => post('/bulkpostorder', bulk)),
      ...['x', 'y', 'z', 'x'].map((id) => post('/orders', order(id))),
    ])
    const all = answers.flatMap(({ body }) =>
      'siteId' in body || 'errorCode' in body ? [body] : (Object.values(body) as Body[]),
    )
    expect(all.filter((one) => one['pointsAwarded'] === 10)).toHaveLength(3)
    expect(all.filter((one) => one['errorCode'] === 'AC1010')).toHaveLength(13)
    expect(await figures()).toEqual([0, 0, 0, 0, 30, 0])
    await assertLawful(world.app.dataSource)
  })
})
