import fc from 'fast-check'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { annexGet, annexPost, type Site } from '../../support/annex-client'
import { assertLawful } from '../../support/ledger-world'

const SITE: Site = { siteId: '911', secret: 'secret-911' }
const DATED: Site = { siteId: '912', secret: 'secret-912' }

const tenantOf = ({ siteId, secret }: Site, settings: object, program: object): object => ({
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
      tiers: [
        { name: 'Silver', minLifetimePoints: 0 },
        { name: 'Gold', minLifetimePoints: 1000 },
      ],
      ...program,
    },
  ],
  stores: [{ storeId: 'IN12369', storeName: 'SHELL' }],
  members: [
    { ref: 'tom', annexId: 'user@domain.com' },
    { ref: 'huck', annexId: 'huck@domain.com' },
    { ref: 'blocked', annexId: 'blocked@domain.com', status: 'BLOCKED' },
    { ref: 'out', annexId: 'out@domain.com', status: 'OPTED_OUT' },
  ],
})

let world: DoorWorld

beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      tenantOf(SITE, {}, { expiry: { days: 365 }, issuance: { actionId: 174 } }),
      tenantOf(DATED, { customizeOrderDate: true }, { issuance: { actionId: 174 }, pointsDecimals: 2 }),
    ],
  })
})
afterAll(() => world.app.close())
beforeEach(async () => {
  for (const { siteId } of [SITE, DATED]) await world.reset(`site-${siteId}`)
})
afterEach(() => assertLawful(world.app.dataSource))

type Body = Record<string, unknown>

const call = async (method: string, path: string, body: unknown, at = SITE) => {
  const answer = await world.send({ ...annexPost(at, `/api/3.0${path}`, body), method })
  return { status: answer.statusCode, body: answer.json<Body>() }
}

const pointsOf = async (at = SITE, who = 'user@domain.com') => {
  const answer = await world.send(annexGet(at, `/api/3.0/points/${who}`, who))
  const { availablePoints, usedPoints, holdPoints, lifetimePoints, negativePoints, totalSpent } =
    answer.json<Body>()
  return { availablePoints, usedPoints, holdPoints, lifetimePoints, negativePoints, totalSpent }
}

const figures = (available: number, used: number, hold: number, spent: number) => ({
  availablePoints: available,
  usedPoints: used,
  holdPoints: hold,
  lifetimePoints: available + used,
  negativePoints: 0,
  totalSpent: spent,
})

/** The documented example. */
const SHIPPED = {
  orderId: '12345',
  userId: 'user@domain.com',
  actionId: 174,
  source: 'Web',
  coupon: '$10 Off',
  orderTotalSpend: 100,
  orderTotalPoints: 500,
  orderDiscountAmount: 50,
  orderStatus: 'SHIP',
  pointType: 'Regular',
  orderDate: '2024-06-19',
  orderShipDate: '2024-06-19',
  storeId: 'IN12369',
  productDetails: [{ productId: 'p1', productName: 'wool sweater', productQuantity: 1 }],
}
const HELD = { ...SHIPPED, orderStatus: 'Hold' }
const part = (orderStatus: string, orderTotalPoints: number, orderTotalSpend: number) => ({
  ...SHIPPED,
  orderStatus,
  orderTotalPoints,
  orderTotalSpend,
})

const made = async (body: object, at = SITE): Promise<Body> => {
  const answer = await call('POST', '/issuance', body, at)
  expect([answer.status, answer.body['errorMessage']]).toEqual([200, undefined])
  return answer.body
}

describe('making an issuance', () => {
  it('grants exactly what the caller computed, and answers the documented record', async () => {
    const answer = await made(SHIPPED)
    const { pointsExpirationDate, ...record } = answer
    expect(pointsExpirationDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)
    expect(record).toEqual({
      ...SHIPPED,
      siteId: '911',
      pointsAwarded: 500,
      pointsRemoved: 0,
      updatedAvailablePoints: 500,
      updatedLifetimePoints: 500,
      previousTier: 'Silver',
      updatedUserTier: 'Silver',
    })
    expect(await pointsOf()).toEqual(figures(500, 0, 0, 100))
  })

  it('keeps free attributes of order and products and gives them back unchanged', async () => {
    const free = {
      channel: { app: true, version: 1.5, tags: ['a', null] },
      orderAttribute: { gift: 'yes', 'odd name': [1, 2] },
      productDetails: [
        { productId: 7, fuel: { grade: '95', liters: 31.5 } },
        { anything: null, color: 'red' },
      ],
    }
    expect(await made({ ...SHIPPED, ...free })).toMatchObject(free)
    const read = await call('POST', '/issuancedetails/user@domain.com', { orderId: 12345 })
    expect(read).toMatchObject({
      status: 200,
      body: { ...free, pages: 1, currentPage: 1, orderStatus: 'SHIP' },
    })
  })

  it('takes what is no purchase, numbers as text, and products that are missing', async () => {
    const { productDetails: _products, ...other } = SHIPPED
    const answer = await made({
      ...other,
      actionId: '174',
      orderTotalSpend: '0',
      orderTotalPoints: '25',
      coupon: null,
      orderStatus: 'ship',
    })
    expect(answer).toMatchObject({
      orderTotalSpend: 0,
      orderTotalPoints: 25,
      actionId: 174,
      productDetails: [],
    })
    expect(answer).not.toHaveProperty('coupon')
    expect(await pointsOf()).toEqual(figures(25, 0, 0, 0))
  })

  it('refuses each field that is missing or wrong, and changes nothing', async () => {
    const refused = async (over: object, errorCode: string, status = 400) => {
      const answer = await call('POST', '/issuance', { ...SHIPPED, ...over })
      expect([over, answer.status, answer.body['errorCode']]).toEqual([over, status, errorCode])
    }
    for (const name of [
      'orderId',
      'userId',
      'actionId',
      'orderTotalSpend',
      'orderTotalPoints',
      'orderStatus',
    ])
      for (const value of [null, ' ']) await refused({ [name]: value }, 'AC1004')
    const wrong: object[] = [
      { orderTotalSpend: -1 },
      { orderTotalPoints: -1 },
      { orderTotalPoints: 1.5 },
      { orderTotalPoints: 'many' },
      { orderTotalPoints: '9999999999999' },
      { orderTotalSpend: [1] },
      { orderStatus: 'LOST' },
      { orderStatus: 7 },
      { orderDate: 'yesterday' },
      { orderDate: '2024-02-30' },
      { orderDate: '2999-01-01' },
      { orderShipDate: '19.06.2024' },
      { productDetails: 'p1' },
      { productDetails: ['p1'] },
      { productDetails: [{ productQuantity: 'x' }] },
      { orderAttribute: 'x' },
      { orderId: { a: 1 } },
      { orderId: 'x'.repeat(256) },
      { actionId: 'x' },
      { actionId: 1.5 },
      { source: {} },
    ]
    for (const over of wrong) await refused(over, 'AC1007')
    await refused({ userId: 'nobody' }, 'AC1005')
    await refused({ actionId: 175 }, 'AC1005')
    await refused({ orderStatus: 'RETURN' }, 'AC1005')
    await refused({ orderStatus: 'cancel' }, 'AC1005')
    await refused({ userId: 'blocked@domain.com' }, 'AC1008')
    await refused({ userId: 'out@domain.com' }, 'AC1009')
    expect(await pointsOf()).toEqual(figures(0, 0, 0, 0))
    expect(await world.app.rows('select 1 from issuances')).toEqual([])
    await made(SHIPPED)
    await refused({ orderTotalPoints: 1 }, 'AC1010', 409)
    await refused({ orderStatus: 'RETURN' }, 'AC1010', 409)
    expect(await pointsOf()).toEqual(figures(500, 0, 0, 100))
  })

  it('pays once when the same id comes eight times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('POST', '/issuance', SHIPPED)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body['errorCode'] === 'AC1010')).toHaveLength(7)
    expect(await pointsOf()).toEqual(figures(500, 0, 0, 100))
  })

  it('dates itself where the site dates its orders', async () => {
    const { orderDate: _date, ...undated } = SHIPPED
    expect(await call('POST', '/issuance', undated, DATED)).toMatchObject({
      status: 400,
      body: { errorCode: 'AC1004', errorMessage: 'Missing Parameters: orderDate' },
    })
    for (const [index, orderDate] of [
      '2024-06-19',
      '2024-06-19 07:08:09',
      '2024-06-19T09:08:09+0200',
    ].entries())
      expect(
        await made({ ...SHIPPED, orderId: index, orderDate, orderTotalPoints: '1.25' }, DATED),
      ).toMatchObject({
        orderDate,
        orderTotalPoints: 1.25,
      })
    const rows = await world.app.rows<{ at: string }>(
      'select issued_at as at from issuances order by issuance_id',
    )
    expect(rows.map(({ at }) => at)).toEqual([
      '2024-06-19T00:00:00.000000Z',
      '2024-06-19T07:08:09.000000Z',
      '2024-06-19T07:08:09.000000Z',
    ])
  })
})

describe('changing an issuance', () => {
  it('ships, cancels and returns parts of what was held', async () => {
    expect(await made(HELD)).toMatchObject({
      orderStatus: 'Hold',
      updatedAvailablePoints: 0,
      pointsAwarded: 500,
    })
    expect(await pointsOf()).toEqual(figures(0, 0, 500, 100))
    expect((await call('PATCH', '/issuance', part('Partial Ship', 200, 40))).body).toMatchObject({
      orderId: '12345',
      orderStatus: 'Partial Ship',
      pointsAwarded: 0,
      pointsRemoved: 0,
      updatedAvailablePoints: 200,
      updatedLifetimePoints: 200,
    })
    expect(await pointsOf()).toEqual(figures(200, 0, 300, 100))
    expect((await call('PATCH', '/issuance', part('PARTIAL CANCEL', 100, 20))).body).toMatchObject({
      pointsRemoved: 100,
      updatedAvailablePoints: 200,
    })
    expect(await pointsOf()).toEqual(figures(200, 0, 200, 80))
    expect((await call('PATCH', '/issuance', part('partial return', 50, 10))).body).toMatchObject({
      pointsRemoved: 50,
      updatedAvailablePoints: 150,
    })
    expect(
      (await call('PATCH', '/issuance', { orderId: 12345, orderStatus: 'Full Ship' })).body,
    ).toMatchObject({
      orderStatus: 'Full Ship',
      userId: 'user@domain.com',
      updatedAvailablePoints: 350,
    })
    expect(await pointsOf()).toEqual(figures(350, 50, 0, 70))
    expect((await call('PATCH', '/issuance', part('Return', 1, 1))).body).toMatchObject({
      pointsRemoved: 350,
    })
    expect(await pointsOf()).toEqual(figures(0, 400, 0, 0))
  })

  it('cancels the whole with two fields, and refuses what the state forbids', async () => {
    await made(HELD)
    expect(await call('PATCH', '/issuance', { orderId: '12345', orderStatus: 'Full Cancel' })).toMatchObject({
      status: 200,
      body: {
        orderStatus: 'Full Cancel',
        pointsRemoved: 500,
        updatedAvailablePoints: 0,
        orderTotalPoints: 500,
      },
    })
    expect(await pointsOf()).toEqual(figures(0, 0, 0, 0))
    const forbidden = async (body: object, errorCode = 'AC1007') => {
      const answer = await call('PATCH', '/issuance', body)
      expect([body, answer.status, answer.body['errorCode']]).toEqual([body, 400, errorCode])
    }
    for (const orderStatus of ['Full Ship', 'Full Cancel', 'SHIP'])
      await forbidden({ orderId: '12345', orderStatus })
    await forbidden(SHIPPED_RETURN)
    await made({ ...SHIPPED, orderId: 'b' })
    for (const orderStatus of ['Full Cancel', 'Full Ship']) await forbidden({ orderId: 'b', orderStatus })
    const b = { orderId: 'b' }
    await forbidden({ ...part('Partial Cancel', 1, 0), ...b })
    await forbidden({ ...part('Partial Ship', 1, 0), ...b })
    await forbidden({ ...part('Partial Return', 501, 0), ...b })
    await forbidden({ ...part('Partial Return', 1, 101), ...b })
    await forbidden({ ...part('Partial Return', 0, 0), ...b })
    await forbidden({ ...part('Partial Return', -1, 0), ...b })
    await forbidden({ ...part('Lost', 1, 0), ...b })
    await forbidden({ ...part('Partial Return', 1, 1), ...b, userId: 'huck@domain.com' })
    await forbidden({ ...part('Partial Return', 1, 1), ...b, userId: 'nobody' }, 'AC1005')
    await forbidden({ orderId: 'x', orderStatus: 'Full Ship' }, 'AC1005')
    await forbidden({ orderId: 'b', orderStatus: 'Return' }, 'AC1004')
    await forbidden({ orderId: 'b' }, 'AC1004')
    await forbidden({ orderStatus: 'Full Ship' }, 'AC1004')
    expect(await pointsOf()).toEqual(figures(500, 0, 0, 100))
  })

  const SHIPPED_RETURN = { ...SHIPPED, orderStatus: 'RETURN' }

  it('rewrites the data, and books the difference of the points', async () => {
    await made(HELD)
    const more = {
      ...SHIPPED,
      orderTotalPoints: 1200,
      orderTotalSpend: 240,
      source: 'App',
      productDetails: [],
    }
    expect((await call('PUT', '/issuance', more)).body).toMatchObject({
      source: 'App',
      orderTotalPoints: 1200,
      pointsAwarded: 700,
      pointsRemoved: 0,
      updatedAvailablePoints: 1200,
      updatedUserTier: 'Gold',
    })
    expect(await pointsOf()).toEqual(figures(1200, 0, 0, 240))
    const less = {
      ...SHIPPED,
      orderTotalPoints: 900,
      orderTotalSpend: 180,
      productDetails: [{ productId: 'new' }],
    }
    expect((await call('PUT', '/issuance', less)).body).toMatchObject({
      pointsAwarded: 0,
      pointsRemoved: 300,
      updatedUserTier: 'Silver',
      productDetails: [{ productId: 'new' }],
    })
    await call('PATCH', '/issuance', part('Partial Return', 600, 100))
    const refused = async (body: object, errorCode: string) => {
      const answer = await call('PUT', '/issuance', body)
      expect([body, answer.status, answer.body['errorCode']]).toEqual([body, 400, errorCode])
    }
    await refused({ ...less, orderTotalPoints: 599 }, 'AC1007')
    await refused({ ...less, orderTotalSpend: 99 }, 'AC1007')
    await refused({ ...less, orderStatus: 'HOLD' }, 'AC1007')
    await refused({ ...less, orderId: 'x' }, 'AC1005')
    await refused({ ...less, userId: null }, 'AC1004')
    expect(await pointsOf()).toEqual(figures(300, 900, 0, 80))
    await call('PATCH', '/issuance', SHIPPED_RETURN)
    await refused(less, 'AC1007')
    expect(await pointsOf()).toEqual(figures(0, 1200, 0, 0))
  })

  it('never takes more than was granted, however many returns come at once', async () => {
    await made(SHIPPED)
    const answers = await Promise.all([
      ...Array.from({ length: 7 }, () => call('PATCH', '/issuance', part('Partial Return', 100, 20))),
      call('PATCH', '/issuance', SHIPPED_RETURN),
    ])
    expect(answers.every(({ status }) => status === 200 || status === 400)).toBe(true)
    const removed = answers.reduce((sum, { body }) => sum + Number(body['pointsRemoved'] ?? 0), 0)
    expect(removed).toBe(500)
    expect(await pointsOf()).toEqual(figures(0, 500, 0, 0))
  })

  it('ends where the whole ends, whatever parts ship, come back or are canceled', async () => {
    const moves = fc.array(
      fc.record({
        word: fc.constantFrom(
          'Partial Ship',
          'Partial Return',
          'Partial Cancel',
          'Full Ship',
          'Full Cancel',
          'PUT',
        ),
        points: fc.integer({ min: 0, max: 60 }),
        spend: fc.integer({ min: 0, max: 40 }),
      }),
      { maxLength: 6 },
    )
    let no = 0
    await fc.assert(
      fc.asyncProperty(fc.boolean(), moves, async (held, steps) => {
        const before = await pointsOf()
        const orderId = `p-${++no}`
        const base = { ...(held ? HELD : SHIPPED), orderId, orderTotalPoints: 100, orderTotalSpend: 80 }
        let net = Number((await made(base))['pointsAwarded'])
        for (const { word, points, spend } of steps) {
          const body =
            word === 'PUT'
              ? { ...part('SHIP', 60 + points, 60 + spend), orderId }
              : { ...part(word, points, spend), orderId }
          const answer = await call(word === 'PUT' ? 'PUT' : 'PATCH', '/issuance', body)
          expect([200, 400]).toContain(answer.status)
          if (answer.status === 200)
            net += Number(answer.body['pointsAwarded']) - Number(answer.body['pointsRemoved'])
        }
        const last = await call('PATCH', '/issuance', { ...SHIPPED_RETURN, orderId })
        net -= Number(last.body['pointsRemoved'] ?? 0)
        expect(net).toBe(0)
        const after = await pointsOf()
        expect([after.availablePoints, after.holdPoints, after.totalSpent]).toEqual([
          before.availablePoints,
          before.holdPoints,
          before.totalSpent,
        ])
        expect(Number(after.lifetimePoints)).toBe(Number(after.availablePoints) + Number(after.usedPoints))
      }),
      { numRuns: 25 },
    )
  })
})

describe('reading issuances', () => {
  it('lists those of a member in pages, and the graph shows the same', async () => {
    for (let n = 1; n <= 21; n++) await made({ ...SHIPPED, orderId: `i-${n}`, orderTotalPoints: n })
    const list = await call('POST', '/issuancedetails/user%40domain.com', {})
    expect(list.body).toMatchObject({ siteId: '911', pages: 2, currentPage: 1 })
    expect((list.body['issuanceDetail'] as Body[]).map(({ orderId }) => orderId)).toEqual(
      Array.from({ length: 20 }, (_, n) => `i-${21 - n}`),
    )
    const second = await call('POST', '/issuancedetails/user@domain.com', {
      page: 2,
      userId: 'user@domain.com',
    })
    expect(second.body).toMatchObject({
      currentPage: 2,
      issuanceDetail: [{ orderId: 'i-1', pointsAwarded: 1 }],
    })
    const none = await call('POST', '/issuancedetails/huck@domain.com', {})
    expect(none).toMatchObject({ status: 200, body: { pages: 0, currentPage: 1, issuanceDetail: [] } })
    expect(await call('POST', '/issuancedetails/nobody', {})).toMatchObject({
      status: 404,
      body: { errorCode: 'AC1005' },
    })
    for (const [body, errorCode] of [
      [{ orderId: 'x' }, 'AC1005'],
      [{ page: 0 }, 'AC1007'],
      [{ orderId: [] }, 'AC1007'],
      ['', 'AC1004'],
    ] as const)
      expect(await call('POST', '/issuancedetails/user@domain.com', body)).toMatchObject({
        status: 400,
        body: { errorCode },
      })

    await made({ ...HELD, orderId: 'held' })
    await call('PATCH', '/issuance', { ...part('Partial Cancel', 100, 25), orderId: 'held' })
    const answer = await world.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer graph-key-911' },
      payload: {
        query: `{
          issuance(orderId: "held") { id orderId state total { amount } spent { amount } points heldPoints returnedPoints
            member { firstName } store { name } attributes products { lineNo productId name quantity attributes } }
          member(identity: { door: "annex", type: "id", value: "user@domain.com" }) {
            issuances(first: 1) { nodes { orderId } }
            purchases(first: 1) { nodes { __typename id ... on Issuance { actionId purchasedAt } } }
            activities(first: 2) { nodes { kind points purchase { __typename ... on Issuance { orderId } } } } } }`,
      },
    })
    expect(answer.json<{ errors?: unknown }>().errors).toBeUndefined()
    const { data } = answer.json<{ data: { issuance: { id: string }; member: object } }>()
    expect(data.issuance).toMatchObject({
      orderId: 'held',
      state: 'PLACED',
      total: { amount: '100' },
      spent: { amount: '75' },
      points: '500',
      heldPoints: '400',
      returnedPoints: '100',
      store: { name: 'SHELL' },
      attributes: { coupon: '$10 Off', pointType: 'Regular' },
      products: [{ lineNo: 1, productId: 'p1', name: 'wool sweater', quantity: '1' }],
    })
    expect(data.member).toMatchObject({
      issuances: { nodes: [{ orderId: 'held' }] },
      purchases: { nodes: [{ __typename: 'Issuance', id: data.issuance.id, actionId: 174 }] },
      activities: { nodes: [{ kind: 'REVERSE', purchase: { orderId: 'held' } }, { kind: 'AWARD' }] },
    })
    const node = await world.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer graph-key-911' },
      payload: { query: `{ node(id: "${data.issuance.id}") { __typename ... on Issuance { orderId } } }` },
    })
    expect(node.json()).toMatchObject({ data: { node: { __typename: 'Issuance', orderId: 'held' } } })
  })
})
