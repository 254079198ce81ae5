import fc from 'fast-check'
import { annexGet, annexHeaders, annexPost, annexToken, type TokenTwist } from '../../support/annex-client'
import { type DoorRequest, type DoorWorld, openDoors } from '../../support/door-world'
import { ANNEX_SITES, CONTRACT_SETUP } from '../setup'

const demo = ANNEX_SITES['demo']!
const ORDERS = '/api/3.0/orders'
const POINTS = '/api/3.0/points/user@domain.com'
const order = (id: string, over: object = {}) => ({
  id,
  userId: 'user@domain.com',
  orderDetail: [{ id: 'p1', quantity: 2, unitPrice: 230 }],
  ...over,
})

let world: DoorWorld

beforeAll(async () => {
  world = await openDoors(CONTRACT_SETUP)
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.moveTo('demo', 'real time')
  await world.reset('demo')
})

const send = async (request: DoorRequest) => {
  const answer = await world.send(request)
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>(), headers: answer.headers }
}

/** How many rows there are of everything that an order may write. */
const stored = async (): Promise<unknown> =>
  world.app.rows(`select
    (select count(*) from orders) orders, (select count(*) from order_lines) lines,
    (select count(*) from purchases) purchases, (select count(*) from entry) entries,
    (select count(*) from award_source where source_type = 'ORDER') awards, (select sum(spend) from memberships) spend`)

describe('signing in at the Annex door', () => {
  const NOT_AUTHORIZED = { errorCode: 'AC1002', errorMessage: 'Request Not Authorized' }
  const seconds = () => Date.now() / 1000

  it.each<[string, TokenTwist]>([
    ['milliseconds where seconds belong', { claims: { exp: Date.now() + 300_000 } }],
    ['microseconds', { claims: { exp: (Date.now() + 300_000) * 1000 } }],
    ['a fraction of a second', { claims: { exp: seconds() + 300.123 } }],
    ['seconds as text', { claims: { exp: String(Math.floor(seconds()) + 300) } }],
    ['a moment just past, within the leeway', { claims: { exp: Math.floor(seconds()) - 30 } }],
    ['a moment very far ahead', { claims: { exp: 99999999999999 } }],
  ])('takes an expiry in %s', async (_what, twist) => {
    expect(await send(annexGet(demo, POINTS, 'user@domain.com', twist))).toMatchObject({ status: 200 })
  })

  it('takes header members in any order, extra members, padding, the site id as a number', async () => {
    for (const twist of [
      { header: { typ: 'JWT', alg: 'HS256', kid: '1' } },
      { header: { alg: 'HS256' }, padded: true },
      { claims: { iat: 1, sub: 'whoever' }, padded: true },
      { claims: { site_id: 29235480 } },
    ]) {
      expect(await send(annexGet(demo, POINTS, 'user@domain.com', twist))).toMatchObject({ status: 200 })
    }
  })

  it('takes any of the secrets of a site, and needs no site header', async () => {
    const rotated = { ...demo, secret: 'second-annex-secret' }
    expect(await send(annexPost(rotated, ORDERS, order('s1')))).toMatchObject({ status: 200 })
    const { 'x-annexcloud-site': _, ...headers } = annexGet(demo, POINTS, 'user@domain.com').headers!
    expect(await send({ method: 'GET', url: POINTS, headers })).toMatchObject({ status: 200 })
  })

  it.each([
    ['/api/3.0/points/jane+new@domain.com', 'jane+new@domain.com'],
    ['/api/3.0/points/jane%2Bnew%40domain.com', 'jane+new@domain.com'],
    ['/api/3.0/points/jane%2Bnew%40domain.com', 'jane%2Bnew%40domain.com'],
    ['/api/3.0/points/jane+new@domain.com?page=2', 'jane+new@domain.com'],
    ['/api/3.0/points/jane+new@domain.com?page=2', '2'],
    ['/api/3.0/points/jane+new@domain.com?who=a+b', 'a+b'],
    ['/api/3.0/points/jane+new@domain.com?who=a+b', 'a b'],
    ['/api/3.0//points/jane+new@domain.com/', 'jane+new@domain.com'],
  ])('takes GET %s signed as %j', async (url, identifier) => {
    expect(await send(annexGet(demo, url, identifier))).toMatchObject({ status: 200 })
  })

  it('takes the bytes of a body as they are, however they are spaced', async () => {
    const body = ` {\n  "orderDetail" : [ {"unitPrice":1.10,"quantity":1,"id":"ü"} ], "userId":"user@domain.com","id":"raw"\t}\n`
    expect(await send(annexPost(demo, ORDERS, body))).toMatchObject({
      status: 200,
      body: { pointsAwarded: 1, orderDetail: [{ id: 'ü', unitPrice: 1.1 }] },
    })
  })

  const twisted = (twist: TokenTwist): DoorRequest => annexGet(demo, POINTS, 'user@domain.com', twist)
  const withHeaders = (headers: Record<string, string>): DoorRequest => ({
    ...annexGet(demo, POINTS, 'user@domain.com'),
    headers: { ...annexGet(demo, POINTS, 'user@domain.com').headers, ...headers },
  })
  const tampered = (at: number): DoorRequest => {
    const parts = annexToken(demo, '"user@domain.com"').split('.')
    const last = parts[at]!.at(-1)!
    parts[at] = parts[at]!.slice(0, -1) + (last === 'A' ? 'B' : 'A')
    return withHeaders({ authorization: `Bearer ${parts.join('.')}` })
  }

  it.each<[string, string, () => DoorRequest]>([
    ['no-token', 'without a token', () => ({ method: 'GET', url: POINTS })],
    ['unreadable-token', 'with another scheme', () => withHeaders({ authorization: 'Basic dXNlcjpwYXNz' })],
    ['unreadable-token', 'with half a token', () => withHeaders({ authorization: 'Bearer abc.def' })],
    [
      'unreadable-token',
      'with a header that is no JSON',
      () => withHeaders({ authorization: 'Bearer abc.def.ghi' }),
    ],
    ['wrong-algorithm', 'with alg none', () => twisted({ header: { alg: 'none' } })],
    ['wrong-algorithm', 'with alg HS512', () => twisted({ header: { alg: 'HS512', typ: 'JWT' } })],
    ['wrong-algorithm', 'with alg in other letters', () => twisted({ header: { alg: 'hs256' } })],
    ['unreadable-claims', 'without an expiry', () => twisted({ claims: { exp: undefined } })],
    ['unreadable-claims', 'with an expiry that is no number', () => twisted({ claims: { exp: 'soon' } })],
    ['unreadable-claims', 'without a site', () => twisted({ claims: { site_id: undefined } })],
    ['unreadable-claims', 'without an hmac', () => twisted({ claims: { hmac: undefined } })],
    ['unreadable-claims', 'with an hmac that is no text', () => twisted({ claims: { hmac: ['x'] } })],
    ['unknown-site', 'of an unknown site', () => twisted({ claims: { site_id: '1' } })],
    [
      'another-site',
      'with the header of another site',
      () => withHeaders({ 'x-annexcloud-site': '9991331' }),
    ],
    ['another-site', "of another site's token", () => twisted({ claims: { site_id: '9991331' } })],
    ['bad-signature', 'signed with another secret', () => twisted({ secret: 'guess' })],
    ['bad-signature', 'with a last character changed', () => tampered(2)],
    ['expired', 'that ran out', () => twisted({ claims: { exp: Math.floor(Date.now() / 1000) - 90 } })],
    ['expired', 'that ran out, as text', () => twisted({ claims: { exp: '1500000000' } })],
    ['wrong-content', 'bound to another member', () => twisted({ payload: '"other@domain.com"' })],
    ['wrong-content', 'bound to the id without quotes', () => twisted({ payload: 'user@domain.com' })],
    ['wrong-content', 'bound to the resource', () => twisted({ payload: '"points"' })],
    ['wrong-content', 'bound to another body', () => annexPost(demo, ORDERS, order('w'), { payload: '{}' })],
    ['wrong-content', 'with half an hmac', () => twisted({ claims: { hmac: 'c2hvcnQ=' } })],
  ])('refuses (%s) a request %s', async (reason, _what, request) => {
    const before = await stored()
    const answer = await send(request())
    expect(answer).toMatchObject({ status: 401, body: NOT_AUTHORIZED })
    expect(world.app.logged.join('')).toContain(`"reason":"${reason}"`)
    expect(await stored()).toEqual(before)
  })

  it("goes by the tenant's time", async () => {
    await world.moveTo('demo', '2020-01-01T00:00:00.000Z')
    const then = Date.parse('2020-01-01T00:00:00.000Z') / 1000
    expect(await send(twisted({ claims: { exp: then + 10 } }))).toMatchObject({ status: 200 })
    expect(await send(twisted({ claims: { exp: then - 61 } }))).toMatchObject({ status: 401 })
  })

  it('signs in before it looks at method or body', async () => {
    const wrong: TokenTwist = { secret: 'guess' }
    expect(await send({ ...annexPost(demo, ORDERS, '{', wrong), method: 'PUT' })).toMatchObject({
      status: 401,
    })
    expect(await send({ ...annexPost(demo, ORDERS, '{'), method: 'PUT' })).toMatchObject({
      status: 405,
      body: { errorCode: 'AC1003' },
      headers: { allow: 'POST' },
    })
    expect(await send(annexPost(demo, ORDERS, '{', wrong))).toMatchObject({ status: 401 })
    expect(
      await send({ ...annexPost(demo, ORDERS, '{'), headers: { 'content-type': 'application/json' } }),
    ).toMatchObject({
      status: 401,
    })
  })
})

describe('orders under pressure', () => {
  it('stores one of eight orders of the same id that arrive at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send(
          annexPost(
            demo,
            ORDERS,
            order('same', { userId: index % 2 ? 'user@domain.com' : 'jane+new@domain.com' }),
          ),
        ),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ status, body }) => status === 409 && body['errorCode'] === 'AC1010')
    expect(refused).toHaveLength(7)
    expect(await stored()).toMatchObject([{ orders: '1', lines: '1', purchases: '1', awards: '1' }])
  })

  it('adds up eight orders of one member that arrive at once, and lifts the tier once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send(
          annexPost(
            demo,
            ORDERS,
            order(`m${index}`, { orderDetail: [{ id: 'p', quantity: 1, unitPrice: 130 }] }),
          ),
        ),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    const lifetimes = answers.map(({ body }) => body['updatedLifetimePoints'])
    expect(lifetimes.sort((a, b) => Number(a) - Number(b))).toEqual([130, 260, 390, 520, 650, 780, 910, 1040])
    const lifted = answers.filter(({ body }) => body['previousTier'] !== body['updatedUserTier'])
    expect(lifted).toHaveLength(1)
    expect(await send(annexGet(demo, POINTS, 'user@domain.com'))).toMatchObject({
      body: { availablePoints: 1040, lifetimePoints: 1040, totalSpent: 1040, pointsToNextTier: 0 },
    })
  })

  it('reads again under a lock what somebody else moved between its two steps, and harms nobody beside it', async () => {
    const others = ['jane+new@domain.com', '4711', 'rich@domain.com']
    // Each has a wallet already: who makes the first is another race.
    for (const userId of ['user@domain.com', ...others]) {
      const small = { userId, orderDetail: [{ id: 'p', quantity: 1, unitPrice: 1 }] }
      expect(await send(annexPost(demo, ORDERS, order(`wallet of ${userId}`, small)))).toMatchObject({
        status: 200,
      })
    }
    const orders = [
      ...['user@domain.com', ...others].map((userId) => order(`first of ${userId}`, { userId })),
      ...['user@domain.com', ...others].map((userId) => order(`second of ${userId}`, { userId })),
    ]
    const award = { id: 'user@domain.com', actionId: 100, activity: 'CREDIT', credit: 5, reason: 'bonus' }
    let answers: Promise<unknown> | undefined
    await world.app.dataSource.transaction(async (holder) => {
      await holder.query(`update memberships m set spend = spend + 7 from member_identities i, tenants t
        where i.tenant_id = m.tenant_id and i.member_id = m.member_id and i.value = 'user@domain.com'
          and t.tenant_id = m.tenant_id and t.key = 'demo'`)
      // Facts are read past the lock, and what is written waits for it.
      answers = Promise.all([
        ...orders.map((one) => send(annexPost(demo, ORDERS, one))),
        send(annexPost(demo, '/api/3.0/points', award)),
      ])
      await new Promise((resolve) => setTimeout(resolve, 150))
    })
    expect(await answers).toEqual(Array.from({ length: 9 }, () => expect.objectContaining({ status: 200 })))
    expect(await send(annexGet(demo, POINTS, 'user@domain.com'))).toMatchObject({
      body: { availablePoints: 926, totalSpent: 928 },
    })
  })

  it('keeps lifetime = available + used + expired when points lapse', async () => {
    await world.moveTo('demo', '2025-01-01T00:00:00.000Z')
    await send(annexPost(demo, ORDERS, order('old'), { claims: { exp: 4e9 } }))
    await world.moveTo('demo', '2026-02-01T00:00:00.000Z')
    const { body } = await send(annexGet(demo, POINTS, 'user@domain.com', { claims: { exp: 4e9 } }))
    expect(body).toMatchObject({
      availablePoints: 0,
      usedPoints: 0,
      expiredPoints: 460,
      lifetimePoints: 460,
      pointsToExpire: 0,
      ytdCreditPoints: 0,
    })
    expect(body).not.toHaveProperty('pointsToExpireDate')
  })

  it('explains each line: which rule, at which version, expiring when', async () => {
    await world.moveTo('demo', '2026-01-01T00:00:00.000Z')
    const lines = [
      { id: 'a', quantity: 1, unitPrice: 10 },
      { id: 'free', quantity: 1, unitPrice: 0 },
      { id: 'b', quantity: 1, unitPrice: 5 },
    ]
    await send(annexPost(demo, ORDERS, order('explained', { orderDetail: lines }), { claims: { exp: 4e9 } }))
    const sources = await world.app.rows(
      `select s.line_ref, s.rule, s.awarded, to_char(l.expires_at, 'YYYY-MM-DD') as expires, e.action_id, e.purchase_kind
       from award_source s
       join lot l on (l.tenant_id, l.account_id, l.lot_no) = (s.tenant_id, s.account_id, s.lot_no)
       join entry e on (e.tenant_id, e.account_id, e.seq) = (s.tenant_id, s.account_id, s.seq)
       where s.source_type = 'ORDER' order by s.line_ref`,
    )
    const common = {
      rule: expect.stringMatching(/^orders\.ratio@\d+$/),
      expires: '2027-01-01',
      action_id: 109,
      purchase_kind: 'ORDER',
    }
    expect(sources).toMatchObject([
      { ...common, line_ref: '1', awarded: '10000' },
      { ...common, line_ref: '3', awarded: '5000' },
    ])
  })
})

describe('bad input at the Annex door', () => {
  const refused = async (request: DoorRequest) => {
    const before = await stored()
    const answer = await send(request)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body).toMatchObject({
      errorCode: expect.stringMatching(/^AC\d{4}$/),
      errorMessage: expect.any(String),
    })
    expect(await stored()).toEqual(before)
    return answer
  }

  it('refuses a megabyte of nonsense, and a body that is larger still', async () => {
    for (const byte of ['x', '[', '{"a":', '\0', '"', '9']) {
      const nonsense = byte.repeat(Math.floor(1_000_000 / byte.length))
      expect(await refused(annexPost(demo, ORDERS, nonsense))).toMatchObject({
        status: 400,
        body: { errorCode: 'AC1004' },
      })
    }
    const lines = Array.from({ length: 20_000 }, () => ({ id: 'p', quantity: 1, unitPrice: 1 }))
    await refused(annexPost(demo, ORDERS, order('many', { orderDetail: lines })))
    expect(await refused(annexPost(demo, ORDERS, 'x'.repeat(1_100_000)))).toMatchObject({ status: 413 })
  })

  it('refuses bytes that are no text, and content that says it is something else', async () => {
    await refused(annexPost(demo, ORDERS, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])))
    const body = JSON.stringify(order('typed'))
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      ';',
    ]) {
      const request = annexPost(demo, ORDERS, body)
      await refused({ ...request, headers: { ...request.headers, 'content-type': type } })
    }
    const request = annexPost(demo, ORDERS, body)
    for (const type of ['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.shop+json']) {
      await world.reset('demo')
      expect(await send({ ...request, headers: { ...request.headers, 'content-type': type } })).toMatchObject(
        { status: 200 },
      )
    }
    await world.reset('demo')
    const { 'content-type': _, ...untyped } = request.headers!
    expect(await send({ ...request, headers: untyped })).toMatchObject({ status: 200 })
  })

  it('refuses odd paths', async () => {
    for (const id of ['%00', 'a%00b', '%zz', '%ff', '%ed%a0%80', "x'%3B--", '%2e%2e', 'a'.repeat(3000)]) {
      const url = `/api/3.0/points/${id}`
      const headers = annexHeaders(demo, annexToken(demo, JSON.stringify(id)))
      expect(await refused({ method: 'GET', url, headers })).toHaveProperty('body.errorCode')
    }
  })

  it('refuses amounts that together are more than can be kept, as points or as spend', async () => {
    await world.moveTo('plain', 'real time')
    await world.reset('plain')
    const plain = ANNEX_SITES['plain']!
    const huge = (id: string) =>
      order(id, { orderDetail: [{ id: 'p', quantity: 1, unitPrice: 9_000_000_000_000 }] })
    for (const site of [demo, plain]) {
      for (let sent = 0; sent < 14; sent++) {
        const answer = await send(annexPost(site, ORDERS, huge(`h${sent}`)))
        expect([undefined, 'AC1007']).toContain(answer.body['errorCode'])
      }
      expect(await refused(annexPost(site, ORDERS, huge('last')))).toMatchObject({ status: 400 })
    }
  })

  it('never fails, and stores nothing that it refuses, whatever an order says', async () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        '',
        ' ',
        0,
        -1,
        1.5,
        1e21,
        1e-7,
        true,
        [],
        {},
        '2',
        '-2',
        '1e3',
        'x',
        '٣',
        'p'.repeat(300),
        [null],
        { 0: {} },
      ),
      fc.jsonValue({ maxDepth: 2 }),
    )
    const mostly = (good: unknown) =>
      fc.oneof({ weight: 24, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: odd })
    const line = fc.record(
      {
        id: mostly('p1'),
        quantity: mostly(2),
        unitPrice: mostly('12.5'),
        secondarykey: mostly('p10'),
        netPrice: mostly(12),
        description: mostly('Boots'),
        coupon: mostly('X'),
      },
      { requiredKeys: ['id', 'quantity', 'unitPrice'] },
    )
    const lines = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: odd }), {
          maxLength: 3,
        }),
      },
      line,
      fc.dictionary(fc.constantFrom('0', '1', '7', 'x'), line),
      odd,
    )
    const body = fc.record(
      {
        userId: mostly('user@domain.com'),
        orderDetail: lines,
        orderDate: fc.oneof(
          odd,
          fc.constantFrom('2024-08-08T07:00:12+0000', '2024-08-08', '0000-01-01T00:00:00Z'),
        ),
        orderTotal: mostly(25),
        discountAmount: mostly('-1.5'),
        storeId: mostly('IN12369'),
        source: mostly('web'),
        status: mostly('ship'),
        disregardHoldPeriod: mostly('yes'),
        extra: odd,
      },
      { requiredKeys: ['userId', 'orderDetail'] },
    )
    const VERDICTS = [
      [200, 'stored', true],
      ...['AC1004', 'AC1005', 'AC1007'].map((code) => [400, code, false]),
      [409, 'AC1010', false],
    ]
    let accepted = 0
    let count = 0
    await fc.assert(
      fc.asyncProperty(body, mostly('fresh'), async (sent, id) => {
        const before = await stored()
        const answer = await send(
          annexPost(demo, ORDERS, { ...sent, id: id === 'fresh' ? `fuzz-${count++}` : id }),
        )
        const changed = JSON.stringify(before) !== JSON.stringify(await stored())
        const verdict = [answer.status, answer.body['errorCode'] ?? 'stored', changed]
        expect(VERDICTS).toContainEqual(verdict)
        if (changed) accepted++
      }),
      { numRuns: 400 },
    )
    expect(accepted).toBeGreaterThan(20)
  })
})
