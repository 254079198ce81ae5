import { globalId } from '../../src/graphql/shared/global-id'
import { type GraphAnswer, type GraphWorld, KEYS, openGraph } from '../support/graph-world'

let graph: GraphWorld
beforeAll(async () => void (graph = await openGraph()), 60_000)
afterAll(() => graph.close())

type Row = Record<string, never>

const identity = (number: number) => ({ door: 'annex', type: 'id', value: `m${number}@demo.example` })
const who = (number: number) => ({ identity: identity(number) })

const ERRORS = 'userErrors { code field message }'
const MOVED =
  `activity { id kind points available held reason sources { rule points reversed } allocations { points } }
  balance { available held lifetime } member { firstName tier { name } points { available } } ${ERRORS}` as const

/** What a mutation answers; a refusal of the request itself fails the test. */
async function mutate(field: string, input: object, selection: string = MOVED, key: string = KEYS.admin) {
  const type = /^(capture|release)Hold$/.test(field)
    ? 'EndHold'
    : `${field[0]?.toUpperCase()}${field.slice(1)}`
  const query = `mutation($input: ${type}Input!) { ${field}(input: $input) { ${selection} } }`
  const answer: GraphAnswer<Record<string, Row>> = await graph.ask(query, { input }, key)
  expect([answer.status, answer.errors]).toEqual([200, undefined])
  return answer.data?.[field]
}

const activityOf = (payload: Row | undefined): string =>
  (payload?.['activity'] as { id: string } | undefined)?.id ?? ''

const walletOf = async (number: number) =>
  (
    await graph.ask<{ member: { points: Row } }>(
      'query($i: IdentityInput) { member(identity: $i) { points { available held lifetime } } }',
      { i: identity(number) },
    )
  ).data?.member.points

/** Everything that a rehearsal must leave alone. */
const TABLES = ['members', 'member_identities', 'member_links', 'memberships', 'orders', 'transactions', 'entry', 'lot', 'account', 'idempotency'] // prettier-ignore
async function fingerprint(): Promise<unknown> {
  const sums = []
  for (const table of TABLES) {
    const rows = await graph.app.rows(
      `select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) as sum from ${table} t`,
    )
    sums.push([table, rows])
  }
  return sums
}

describe('moving points between wallets and times', () => {
  it('transfers points, and shows both members', async () => {
    const answer = await mutate('transferPoints', { ...who(10), toIdentity: identity(11), points: '30', reason: 'Gift' }, `${MOVED} recipient { firstName points { available } }`) // prettier-ignore
    expect(answer).toMatchObject({
      userErrors: [],
      activity: { kind: 'TRANSFER_OUT', points: '-30', reason: 'Gift' },
      balance: { available: '80' },
      member: { firstName: 'First10' },
      recipient: { firstName: 'First11', points: { available: '140' } },
    })
  })

  it('refuses to transfer to oneself, to nobody, and more than there is', async () => {
    const refused = async (input: object) =>
      (await mutate('transferPoints', { ...who(10), points: '1', ...input }, ERRORS))?.userErrors
    expect(await refused({ toIdentity: identity(10) })).toMatchObject([{ code: 'INVALID_IDENTIFIER' }])
    expect(await refused({ toMemberId: globalId('Member', '1') })).toMatchObject([
      { code: 'MEMBER_NOT_FOUND', field: 'toMemberId' },
    ])
    const nobody = { memberId: null, identity: { ...identity(10), value: 'nobody' } }
    expect(await refused({ ...nobody, toIdentity: identity(11) })).toMatchObject([
      { code: 'MEMBER_NOT_FOUND', field: 'identity' },
    ])
    expect(await refused({ toGroupId: 'no such group' })).toMatchObject([
      { code: 'GROUP_NOT_FOUND', field: 'toGroupId' },
    ])
    expect(await refused({ toIdentity: identity(11), points: '80.1' })).toMatchObject([
      { code: 'INSUFFICIENT_POINTS', field: 'points' },
    ])
  })

  it('holds points, spends a part, and gives back the rest', async () => {
    const held = await mutate('holdPoints', { ...who(12), points: '50', expiresAt: '2027-01-01T05:30:00+05:30' }) // prettier-ignore
    expect(held).toMatchObject({
      activity: { kind: 'HOLD', available: '-50', held: '50' },
      balance: { available: '60', held: '50' },
    })
    const holdId = activityOf(held)
    expect(await mutate('captureHold', { holdId, points: '20' })).toMatchObject({
      activity: { kind: 'CAPTURE', points: '-20' },
      balance: { available: '60', held: '30' },
    })
    expect((await mutate('captureHold', { holdId, points: '31' }))?.userErrors).toMatchObject([
      { code: 'INSUFFICIENT_POINTS' },
    ])
    expect(await mutate('releaseHold', { holdId })).toMatchObject({
      activity: { kind: 'RELEASE' },
      balance: { available: '90', held: '0' },
    })
  })

  it('takes nothing for a hold but the entry that made one', async () => {
    const award = await mutate('awardPoints', { ...who(12), points: '1' })
    const id = activityOf(award)
    for (const holdId of [id, globalId('PointsActivity', '1.1'), globalId('PointsActivity', '99.99')])
      expect((await mutate('releaseHold', { holdId }))?.userErrors).toMatchObject([
        { code: 'HOLD_NOT_FOUND' },
      ])
  })

  it('adjusts a wallet by hand, as far as it is told', async () => {
    const adjusted = async (input: object) =>
      mutate('adjustPoints', { ...who(13), reason: 'Mistake', ...input })
    expect(await adjusted({ points: '5.5' })).toMatchObject({
      activity: { kind: 'ADJUST', points: '5.5', reason: 'Mistake' },
      balance: { available: '115.5', lifetime: '110' },
    })
    expect((await adjusted({ points: '-200' }))?.userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }])
    expect(await adjusted({ points: '-200', beyond: 'CLAMP' })).toMatchObject({ balance: { available: '0' } })
    expect(await adjusted({ points: '-10', beyond: 'DEBT' })).toMatchObject({ balance: { available: '-10' } })
    expect((await adjusted({ points: '0' }))?.userErrors).toMatchObject([{ code: 'INVALID_POINTS' }])
    expect((await adjusted({ points: '1', reason: ' ' }))?.userErrors).toMatchObject([
      { code: 'MISSING_VALUE', field: 'reason' },
    ])
  })

  it('lets only a credential with the scope adjust', async () => {
    const query = 'mutation($i: AdjustPointsInput!) { adjustPoints(input: $i) { userErrors { code } } }'
    const answer = await graph.ask(query, { i: { ...who(13), points: '1', reason: 'x' } })
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN'])
  })

  it('takes an award back whole, spent or not, once; the tier follows', async () => {
    const award = await mutate('awardPoints', { ...who(14), points: '1000' })
    expect(award).toMatchObject({ member: { tier: { name: 'Gold' } } })
    const activityId = activityOf(award)
    await mutate('redeemPoints', { ...who(14), points: '300' })
    expect(await mutate('reverseAward', { activityId, reason: 'Fraud' })).toMatchObject({
      userErrors: [],
      activity: { kind: 'REVERSE', points: '-1000', reason: 'Fraud' },
      balance: { available: '-190', lifetime: '110' },
      member: { tier: { name: 'Silver' } },
    })
    expect(await mutate('reverseAward', { activityId })).toMatchObject({
      activity: null,
      balance: { available: '-190' },
    })
  })

  it("leaves a purchase's points to its return, and what is no award alone", async () => {
    const query = 'query($i: IdentityInput) { member(identity: $i) { activities(first: 20) { nodes { id kind purchase { id } } } } }' // prettier-ignore
    const { data } = await graph.ask<{ member: { activities: { nodes: { id: string; purchase: unknown }[] } } }>(query, { i: identity(1) }) // prettier-ignore
    const ofPurchase = data?.member.activities.nodes.find(({ purchase }) => purchase)
    expect((await mutate('reverseAward', { activityId: ofPurchase?.id }))?.userErrors).toMatchObject([
      { code: 'CHANGE_NOT_ALLOWED', field: 'activityId' },
    ])
    const redeemed = await mutate('redeemPoints', { ...who(15), points: '1' })
    const id = activityOf(redeemed)
    expect((await mutate('reverseAward', { activityId: id }))?.userErrors).toMatchObject([
      { code: 'AWARD_NOT_FOUND' },
    ])
  })

  it.each([
    ['transferPoints', { toIdentity: identity(21), points: '5' }],
    ['holdPoints', { points: '5' }],
    ['adjustPoints', { points: '-5', reason: 'x' }],
  ])('%s answers a repeat under the same key as the first time', async (field, input) => {
    const keyed = { ...who(20), ...input, idempotencyKey: `once ${field}` }
    const once = await mutate(field, keyed)
    const before = await walletOf(20)
    expect(await mutate(field, keyed)).toEqual(once)
    expect(await walletOf(20)).toEqual(before)
    expect((await mutate(field, { ...keyed, points: '6' }))?.userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' },
    ])
  })
})

describe('members', () => {
  const PERSON = `member { firstName lastName email mobile status tier { name } points { available } identities { door type value source } } ${ERRORS}`

  it('enrolls a person once, and joins whoever shares an e-mail address', async () => {
    const input = {
      firstName: 'Ada',
      email: 'ada@demo.example',
      identities: [{ door: 'annex', type: 'id', value: 'ada' }],
    }
    const enrolled = await mutate('enrollMember', input, `joined ${PERSON}`)
    expect(enrolled).toMatchObject({
      joined: false,
      member: { firstName: 'Ada', lastName: null, status: 'ACTIVE', tier: { name: 'Silver' }, points: { available: '0' } }, // prettier-ignore
      userErrors: [],
    })
    expect(await mutate('enrollMember', input, `joined ${PERSON}`)).toEqual({ ...enrolled, joined: true })
    const other = { door: 'capillary', type: 'mobile', value: '4912345', source: 'INSTORE' }
    expect(
      await mutate(
        'enrollMember',
        { lastName: 'King', email: 'ADA@demo.example', identities: [other] },
        PERSON,
      ),
    ).toMatchObject({
      member: {
        firstName: 'Ada',
        lastName: 'King',
        identities: [{ value: 'ada' }, { value: '4912345', source: 'INSTORE' }],
      },
    })
  })

  it('changes what it is told, and nothing else', async () => {
    const changed = { ...who(30), firstName: 'New', lastName: null }
    expect(await mutate('updateMember', changed, PERSON)).toMatchObject({
      member: { firstName: 'New', lastName: null, email: 'm30@demo.example' },
    })
    expect(await mutate('updateMember', { ...who(30), status: 'BLOCKED' }, PERSON)).toMatchObject({
      member: { firstName: 'New', status: 'BLOCKED' },
    })
    expect((await mutate('awardPoints', { ...who(30), points: '1' }))?.userErrors).toMatchObject([
      { code: 'MEMBER_BLOCKED' },
    ])
  })

  it.each([
    ['updateMember', { ...who(31) }, 'MISSING_VALUE'],
    ['updateMember', { ...who(31), email: 'm32@demo.example' }, 'IDENTITY_TAKEN'],
    ['updateMember', { memberId: globalId('Member', '1'), firstName: 'x' }, 'MEMBER_NOT_FOUND'],
    ['linkIdentities', { ...who(31), identities: [identity(32)] }, 'IDENTITY_TAKEN'],
    ['linkIdentities', { ...who(31), identities: [{ ...identity(32), door: 'none' }] }, 'INVALID_IDENTIFIER'],
    ['enrollMember', { identities: [identity(31), identity(32)] }, 'IDENTITY_TAKEN'],
  ])('%s refuses %j', async (field, input, code) => {
    const before = await fingerprint()
    expect((await mutate(field, input, ERRORS))?.userErrors).toMatchObject([{ code }])
    expect(await fingerprint()).toEqual(before)
  })

  it('links identities, and finds the member by them', async () => {
    const more = { door: 'capillary', type: 'externalId', value: 'X-33', source: 'WEB_ENGAGE' }
    await mutate('linkIdentities', { ...who(33), identities: [more, more, identity(33)] }, PERSON)
    const query = 'query($i: IdentityInput) { member(identity: $i) { firstName } }'
    const found = await graph.ask(query, { i: { door: 'capillary', type: 'externalId', value: 'X-33' } })
    expect(found.data).toEqual({ member: { firstName: 'First33' } })
  })
})

describe('orders', () => {
  const DONE = `order { orderId points purchasedAt placedAtOffset lines { productId quantity points state attributes } } available pending tierName member { firstName } ${ERRORS}`
  const lines = [
    { productId: 'hat', quantity: '2', unitPrice: '50', attributes: { color: 'red' } },
    { productId: 'pin', quantity: 1, unitPrice: 5 },
  ]

  it('are placed, rehearsed and for good, and refused a second time', async () => {
    const input = { ...who(60), orderId: 'graph-1', lines, placedAt: '2026-01-05T10:00:00.123456+05:30' }
    const before = await fingerprint()
    const rehearsed = await mutate('placeOrder', { ...input, dryRun: true }, DONE)
    expect(await fingerprint()).toEqual(before)
    expect(rehearsed).toMatchObject({
      order: {
        orderId: 'graph-1',
        points: '105',
        purchasedAt: '2026-01-05T04:30:00.123456Z',
        placedAtOffset: '+05:30',
        lines: [
          { productId: 'hat', points: '100', state: 'PLACED', attributes: { color: 'red' } },
          { points: '5' },
        ],
      },
      available: '215',
      tierName: 'Silver',
      member: { firstName: 'First60' },
      userErrors: [],
    })
    expect(await mutate('placeOrder', input, DONE)).toEqual(rehearsed)
    expect((await mutate('placeOrder', input, DONE))?.userErrors).toMatchObject([{ code: 'DUPLICATE_ORDER' }])
  })

  it('ship, come back and are canceled in part, and their points with them', async () => {
    await mutate('placeOrder', { ...who(61), orderId: 'graph-2', lines }, DONE)
    const change = { orderId: 'graph-2', lines: [{ productId: 'hat', quantity: '1' }] }
    expect(await mutate('changeOrder', { ...change, move: 'SHIP' }, DONE)).toMatchObject({ available: '215' })
    const before = await fingerprint()
    expect(await mutate('changeOrder', { ...change, move: 'RETURN', dryRun: true }, DONE)).toMatchObject({
      available: '165',
    })
    expect(await fingerprint()).toEqual(before)
    expect(await mutate('changeOrder', { ...change, move: 'RETURN' }, DONE)).toMatchObject({
      available: '165',
    })
    expect(
      (
        await mutate(
          'changeOrder',
          { ...change, move: 'RETURN', lines: [{ productId: 'hat', quantity: '9' }] },
          DONE,
        )
      )?.userErrors,
    ).toMatchObject([{ code: 'CHANGE_NOT_ALLOWED' }])
    expect((await mutate('changeOrder', { orderId: 'none', move: 'SHIP' }, DONE))?.userErrors).toMatchObject([
      { code: 'ORDER_NOT_FOUND' },
    ])
  })

  it.each([
    ['no lines', { lines: [] }],
    ['nothing of a product', { lines: [{ productId: 'x', quantity: '0', unitPrice: '1' }] }],
    ['a negative price', { lines: [{ productId: 'x', quantity: '1', unitPrice: '-1' }] }],
    ['a price in another notation', { lines: [{ productId: 'x', quantity: '1', unitPrice: '1e3' }] }],
    ['a price as a float', { lines: [{ productId: 'x', quantity: '1', unitPrice: 0.1 }] }],
    ['attributes that are no object', { lines, attributes: [1] }],
    ['an id of nothing', { lines, orderId: '' }],
    ['points of its own', { lines, points: '100' }],
  ])('with %s are refused', async (_what, input) => {
    const before = await fingerprint()
    const query = 'mutation($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code } } }'
    const answer = await graph.ask(query, { input: { ...who(60), orderId: 'bad', ...input } })
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
    expect(await fingerprint()).toEqual(before)
  })

  it('tell beforehand what a cart would earn, and why where it is nothing', async () => {
    const potential = async (cart: object) => {
      const query = 'query($cart: CartInput!) { potentialPoints(cart: $cart) { potential { total ratio rule held lines { points noPointsReason } } userErrors { code } } }' // prettier-ignore
      const { data } = await graph.ask<{ potentialPoints: Row }>(query, { cart })
      return data?.potentialPoints
    }
    const cart = [...lines, { productId: 'gift', quantity: 1, unitPrice: 0 }, { productId: 'sip', quantity: 1, unitPrice: '0.01' }] // prettier-ignore
    const bare = cart.map(({ productId, quantity, unitPrice }) => ({ productId, quantity, unitPrice }))
    expect(await potential({ lines: bare })).toMatchObject({
      potential: {
        total: '105',
        ratio: '1',
        rule: expect.stringMatching(/^orders.ratio@/) as string,
        lines: [
          { points: '100', noPointsReason: null },
          { points: '5', noPointsReason: null },
          { points: '0', noPointsReason: 'ZERO_AMOUNT' },
          { points: '0', noPointsReason: 'ROUNDED_TO_ZERO' },
        ],
      },
    })
    await mutate('updateMember', { ...who(62), status: 'FRAUD' }, ERRORS)
    expect(await potential({ ...who(62), lines: bare.slice(0, 1) })).toMatchObject({
      potential: { total: '0', lines: [{ noPointsReason: 'MEMBER_MAY_NOT_EARN' }] },
    })
    expect(await potential({ memberId: globalId('Member', '1'), lines: bare })).toMatchObject({
      potential: null,
      userErrors: [{ code: 'MEMBER_NOT_FOUND' }],
    })
  })
})

describe('a rehearsal', () => {
  it.each([
    ['awardPoints', { ...who(40), points: '1000' }],
    ['awardPoints', { ...who(40), actionId: 101 }],
    ['redeemPoints', { ...who(40), points: '15' }],
    ['transferPoints', { ...who(40), toIdentity: identity(41), points: '15' }],
    ['holdPoints', { ...who(40), points: '15' }],
    ['adjustPoints', { ...who(40), points: '-7', reason: 'x' }],
  ])('of %s with %j says what it would do, and does nothing', async (field, input) => {
    const before = await fingerprint()
    const idempotencyKey = JSON.stringify(input)
    const rehearsed = await mutate(field, { ...input, dryRun: true, idempotencyKey })
    expect(await fingerprint()).toEqual(before)
    expect(rehearsed).toMatchObject({ userErrors: [], activity: { points: expect.any(String) as string } })
    const done = await mutate(field, { ...input, idempotencyKey })
    expect(done).toEqual({ ...rehearsed, activity: { ...(rehearsed?.activity as unknown as object), id: expect.any(String) as string } }) // prettier-ignore
  })

  it('refuses as the real thing does', async () => {
    const before = await fingerprint()
    const input = { ...who(42), points: '1000', dryRun: true, idempotencyKey: 'no' }
    expect((await mutate('redeemPoints', input))?.userErrors).toMatchObject([{ code: 'INSUFFICIENT_POINTS' }])
    expect(await fingerprint()).toEqual(before)
  })

  it('of an enrollment shows the member that would be', async () => {
    const before = await fingerprint()
    const input = { firstName: 'Nobody', identities: [{ door: 'annex', type: 'id', value: 'nobody' }], dryRun: true } // prettier-ignore
    expect(await mutate('enrollMember', input, 'joined member { firstName identities { value } points { available } tier { name } }')).toEqual({ joined: false, member: { firstName: 'Nobody', identities: [{ value: 'nobody' }], points: { available: '0' }, tier: { name: 'Silver' } } }) // prettier-ignore
    expect(await fingerprint()).toEqual(before)
  })
})

describe('instants as input', () => {
  it.each([
    '2026-02-30T00:00:00Z',
    '2026-01-01',
    '2026-01-01T00:00:00',
    'tomorrow',
    5,
    '0000-01-01T00:00:00Z',
  ])('%p is refused', async (expiresAt) => {
    const query = 'mutation($i: HoldPointsInput!) { holdPoints(input: $i) { userErrors { code } } }'
    const answer = await graph.ask(query, { i: { ...who(50), points: '1', expiresAt } })
    expect([answer.status, answer.errors?.[0]?.extensions.problems?.[0]?.path]).toEqual([400, 'i.expiresAt'])
  })
})
