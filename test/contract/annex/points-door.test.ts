import fc from 'fast-check'
import { annexGet, annexPost } from '../../support/annex-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { ANNEX_SITES, CONTRACT_SETUP } from '../setup'

const site = ANNEX_SITES['points']!
const TOM = 'user@domain.com'
const FRIEND = 'r00.000@annexcloud.com'

let world: DoorWorld
beforeAll(async () => {
  world = await openDoors(CONTRACT_SETUP)
})
afterAll(() => world.app.close())
beforeEach(() => world.reset('points'))

type Body = Record<string, unknown>

const post = async (path: string, body: unknown) => {
  const answer = await world.send(annexPost(site, `/api/3.0${path}`, body))
  return { status: answer.statusCode, body: answer.json<Body>() }
}
const points = async (id: string): Promise<Record<string, number>> => {
  const answer = await world.send(annexGet(site, `/api/3.0/points/${id}`, id))
  return answer.json<Record<string, number>>()
}
const eight = (path: string, body: (n: number) => unknown) =>
  Promise.all(Array.from({ length: 8 }, (_, n) => post(path, body(n))))
const inOrder = <T>(values: readonly T[]): T[] =>
  [...values].sort((a, b) => String(a).localeCompare(String(b)))
const brokenLaws = () => world.app.rows('select * from ledger_invariants where violations <> 0')

/** How many rows there are of everything that these calls may write. */
const stored = async (): Promise<unknown> =>
  world.app.rows(`select
    (select count(*) from entry) entries, (select count(*) from points_requests) requests,
    (select count(*) from reward_codes where issued_at is not null) codes, (select count(*) from members) members,
    (select sum(points) from action_allowances) allowances, (select count(*) from member_identities) identities`)

describe('clients of the Points module at once', () => {
  it('gives out each code once, and none that is not there', async () => {
    await post('/points', { id: TOM, actionId: 100, activity: 'CREDIT', credit: 9000 })
    const answers = await eight('/points', () => ({ id: TOM, rewardId: '121', activity: 'DEBIT' }))
    const codes = answers.flatMap(({ status, body }) => (status === 200 ? [body['rewardCode']] : []))
    expect(inOrder(codes)).toEqual(['AC-1', 'AC-2', 'AC-3'])
    expect(answers.filter(({ body }) => body['errorCode'] === 'AC1005')).toHaveLength(5)
    expect(await points(TOM)).toMatchObject({ availablePoints: 9000, usedPointsOnReward: 900 })
  })

  it('gives back the last code of a redemption that was not covered', async () => {
    const both = await Promise.all([
      post('/points', { id: 'loner@domain.com', rewardId: '121', activity: 'DEBIT' }),
      post('/points', { id: TOM, rewardId: '121', activity: 'DEBIT' }),
    ])
    expect(both.map(({ status }) => status)).toEqual([400, 200])
    const [row] = await world.app.rows<{ left: string }>(
      `select count(*) as left from reward_codes where reward_id = '121' and issued_at is null and code like 'AC-%'`,
    )
    expect(row?.left).toBe('2')
  })

  it('charges an order once, however many resends come at once', async () => {
    const answers = await eight('/points', () => ({
      id: TOM,
      actionId: 107,
      activity: 'DEBIT',
      debit: 100,
      orderId: 'twins',
      retry: 'YES',
    }))
    for (const { status, body } of answers) {
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { pointsDeducted: 100, updatedAvailablePoints: 800 },
      })
    }
    expect(await points(TOM)).toMatchObject({ availablePoints: 800 })
  })

  it('takes a reference once for each member and action', async () => {
    const answers = await eight('/points', () => ({
      id: TOM,
      actionId: 100,
      activity: 'CREDIT',
      credit: 5,
      customId: 'same',
    }))
    expect(inOrder(answers.map(({ status }) => status))).toEqual([200, ...Array<number>(7).fill(409)])
    expect(await points(TOM)).toMatchObject({ availablePoints: 905 })
  })

  it('never awards more than an action allows', async () => {
    const answers = await eight('/points', () => ({ id: TOM, actionId: 102, activity: 'CREDIT' }))
    const awarded = answers.map(({ body }) => body['pointsAwarded']).filter((value) => value !== undefined)
    expect(inOrder(awarded)).toEqual([30, 50])
    expect(answers.filter(({ body }) => body['errorCode'] === 'AC1026')).toHaveLength(6)
    expect(await points(TOM)).toMatchObject({ availablePoints: 980 })
  })

  it('moves points both ways at once without loss or deadlock', async () => {
    await post('/points', { id: FRIEND, actionId: 100, activity: 'CREDIT', credit: 900 })
    const answers = await eight('/points', (n) => ({
      id: n % 2 ? TOM : FRIEND,
      actionId: 8055,
      activity: 'DEBIT',
      debit: 10,
      recipientData: { recipientId: n % 2 ? FRIEND : TOM },
    }))
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(200))
    expect([(await points(TOM))['availablePoints'], (await points(FRIEND))['availablePoints']]).toEqual([
      900, 900,
    ])
  })

  it('enrolls one of eight members with the same id', async () => {
    const answers = await eight('/users', () => ({ id: 'twin@domain.com', email: 'twin@domain.com' }))
    expect(inOrder(answers.map(({ status }) => status))).toEqual([200, ...Array<number>(7).fill(409)])
  })

  it('keeps the limit of an action for the graph, too, whose repeats are answered as before', async () => {
    const award = async (key: string) => {
      const input = `{ identity: {door: "annex", type: "id", value: "${TOM}"}, actionId: 104, idempotencyKey: "${key}" }`
      const answer = await world.app.server.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: 'Bearer points-graphql-key', 'content-type': 'application/json' },
        payload: JSON.stringify({
          query: `mutation { awardPoints(input: ${input}) { balance { available } userErrors { code } } }`,
        }),
      })
      return answer.json<{ data: { awardPoints: unknown } }>().data.awardPoints
    }
    const paid = { balance: { available: '950' }, userErrors: [] }
    expect(await award('k1')).toEqual(paid)
    expect(await award('k1')).toEqual(paid)
    expect(await award('k2')).toEqual({ balance: null, userErrors: [{ code: 'ACTION_LIMIT_REACHED' }] })
    expect(await points(TOM)).toMatchObject({ availablePoints: 950 })
  })

  it('starts a limit anew with the next day of the site, and ends a cool-down', async () => {
    const visit = { id: TOM, actionId: 103, activity: 'CREDIT' }
    const review = { id: TOM, actionId: 102, activity: 'CREDIT' }
    const at = async (now: string, body: Body) => {
      await world.moveTo('points', now)
      const answer = await world.send(annexPost(site, '/api/3.0/points', body, { claims: { exp: 4e9 } }))
      return answer.json<Body>()
    }
    expect(await at('2026-06-01T23:00:00Z', visit)).toMatchObject({ pointsAwarded: 10 })
    expect(await at('2026-06-01T23:00:00Z', review)).toMatchObject({ pointsAwarded: 50 })
    expect(await at('2026-06-02T00:00:01Z', review)).toMatchObject({ pointsAwarded: 50 })
    expect(await at('2026-06-03T22:30:30Z', visit)).toMatchObject({
      errorCode: 'AC1028',
      errorMessage: 'Points can be earned next in 30 minutes',
    })
    expect(await at('2026-06-03T20:59:00Z', visit)).toMatchObject({
      errorMessage: 'Points can be earned next in 3 hours',
    })
    expect(await at('2026-06-03T23:01:00Z', visit)).toMatchObject({ pointsAwarded: 10 })
    await world.moveTo('points', 'real time')
  })
})

describe('a walk through the variants', () => {
  const GRAPH = `{ member(identity: {door: "annex", type: "id", value: "${TOM}"}) {
    points { available lifetime } purchases { nodes { __typename points } }
    activities { nodes { kind availableAfter } } } }`

  it('adds up at every step, and is one history in the graph', async () => {
    const steps: [string, Body, Body][] = [
      [
        '/orders',
        { id: 'walk', userId: TOM, orderDetail: [{ id: 'p', quantity: 2, unitPrice: 100 }] },
        { pointsAwarded: 200 },
      ],
      ['/points', { id: TOM, rewardId: '121', activity: 'DEBIT', orderId: 'w' }, { rewardCode: 'AC-1' }],
      [
        '/points',
        { id: TOM, rewardId: '121', activity: 'DEBIT', orderId: 'w', retry: 'YES' },
        { rewardCode: 'AC-1', updatedAvailablePoints: 800 },
      ],
      [
        '/points',
        { id: TOM, actionId: 8055, activity: 'DEBIT', debit: 100, recipientData: { recipientId: FRIEND } },
        { pointsDeducted: 100 },
      ],
      [
        '/points',
        { id: TOM, actionId: 160, groupId: '91', activity: 'CREDIT', debit: 50 },
        { pointsAwarded: 50 },
      ],
      [
        '/points',
        { id: TOM, actionId: 160, groupId: '91', activity: 'DEBIT', debit: 20 },
        { pointsDeducted: 20 },
      ],
      ['/points', { id: TOM, actionId: 192, activity: 'DEBIT', debit: 70 }, { pointsDeducted: 70 }],
    ]
    for (const [path, body, expected] of steps) {
      expect(await post(path, body)).toMatchObject({ status: 200, body: expected })
      const figures = await points(TOM)
      const { lifetimePoints, availablePoints, usedPoints, expiredPoints } = figures
      expect(availablePoints! + usedPoints! + expiredPoints!).toBe(lifetimePoints)
    }
    expect(await points(TOM)).toMatchObject({
      availablePoints: 600,
      usedPoints: 450,
      expiredPoints: 70,
      lifetimePoints: 1120,
      groupDetails: { groupAvailablePoints: '30' },
    })
    const answer = await world.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer points-graphql-key', 'content-type': 'application/json' },
      payload: JSON.stringify({ query: GRAPH }),
    })
    expect(answer.json()).toMatchObject({
      data: {
        member: {
          points: { available: '600' },
          purchases: { nodes: [{ __typename: 'Order', points: '200' }] },
          activities: {
            nodes: [
              { kind: 'ADJUST', availableAfter: '600' },
              { kind: 'TRANSFER_IN', availableAfter: '670' },
              { kind: 'TRANSFER_OUT', availableAfter: '650' },
              { kind: 'TRANSFER_OUT', availableAfter: '700' },
              { kind: 'REDEEM', availableAfter: '800' },
              { kind: 'AWARD', availableAfter: '1100' },
              { kind: 'AWARD', availableAfter: '900' },
            ],
          },
        },
      },
    })
    expect(await brokenLaws()).toEqual([])
  })
})

describe('bad input to the Points module', () => {
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
      [[]],
      {},
      '2',
      '-2',
      '1e3',
      'x',
      '٣',
      'p'.repeat(300),
      [null],
      { 0: {} },
      2147483648,
    ),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const mostly = (...good: unknown[]) =>
    fc.oneof({ weight: 24, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: odd })
  const ask = fc.record(
    {
      id: mostly(TOM, FRIEND, 'loner@domain.com', 'out@domain.com', 'nobody'),
      actionId: mostly(100, '107', 160, 8055, 192, 101, 102, 104),
      activity: mostly('CREDIT', 'debit'),
      credit: mostly(5, '7'),
      debit: mostly(3, '4'),
      'debit/credit': mostly(1),
      rewardId: mostly('122', '121', 999),
      groupId: mostly('91'),
      userId: mostly(TOM, FRIEND),
      orderId: mostly('o1', 'o2'),
      customId: mostly('c1', 'c2', 3),
      retry: mostly('YES', 'no'),
      allowNegativePoints: mostly('2', 'NO'),
      recipientData: mostly({ recipientId: FRIEND }, { recipientId: TOM }),
      'Credit[travel]': mostly(2),
      'TierCredit[green]': mostly('2'),
      actionAttribute: mostly({ a: 'b' }),
      reason: mostly('bonus'),
      storeId: mostly('IN12369', 'x'),
      pointType: mostly('Standard'),
    },
    { requiredKeys: ['id', 'activity'] },
  )
  const user = fc.record(
    {
      id: fc.oneof(odd, fc.uuid()),
      email: mostly('a@example.com', 'b@example.com', 'x'),
      firstName: mostly('A'),
      optInStatus: mostly('YES', 'no'),
      optInDate: mostly('2024-08-08T07:00:12+0000'),
      status: mostly('ACTIVE', 'inactive'),
      phone: mostly('1', 2),
      birthDate: mostly('1989-12-11'),
      extendedAttribute: mostly({ a: 1 }),
    },
    { requiredKeys: [] },
  )
  const ALLOWED = ['AC1004', 'AC1005', 'AC1006', 'AC1007', 'AC1008', 'AC1009', 'AC1010', 'AC1026', 'AC1028']

  const check = async (path: string, body: unknown): Promise<boolean> => {
    const before = JSON.stringify(await stored())
    const answer = await post(path, body)
    expect(answer.status).toBeLessThan(500)
    const code = answer.body['errorCode']
    if (code === undefined) return true
    expect(ALLOWED).toContain(code)
    expect(JSON.stringify(await stored())).toBe(before)
    return false
  }

  it.each([
    ['/points', ask, 250],
    ['/users', user, 120],
  ] as const)('never fails at %s, and stores nothing that it refuses', async (path, body, numRuns) => {
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(body as fc.Arbitrary<unknown>, async (sent) => {
        if (await check(path, sent)) accepted++
      }),
      { numRuns },
    )
    expect(accepted).toBeGreaterThan(10)
    expect(await brokenLaws()).toEqual([])
  })

  it('answers every entry of a bulk call for itself, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(ask, odd), { minLength: 1, maxLength: 6 }), async (entries) => {
        const numbered = Object.fromEntries(entries.map((entry, index) => [index + 1, entry ?? null]))
        const { status, body } = await post('/bulkpoints', numbered)
        expect(status).toBe(200)
        expect(Object.keys(body)).toEqual(Object.keys(numbered))
      }),
      { numRuns: 40 },
    )
    expect(await brokenLaws()).toEqual([])
  })

  it('refuses more than a thousand entries whole', async () => {
    const entry = { id: TOM, actionId: 100, activity: 'CREDIT', credit: 1 }
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [n + 1, entry]))
    expect(await post('/bulkpoints', many)).toMatchObject({ status: 400, body: { errorCode: 'AC1007' } })
    expect(await points(TOM)).toMatchObject({ availablePoints: 900 })
  })
})
