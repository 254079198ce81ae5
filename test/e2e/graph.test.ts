import * as FORMS from '../../conformance/federation/operations.cjs'
import { globalId, parseGlobalId } from '../../src/graphql/shared/global-id'
import type {
  MemberByIdentityQuery,
  MemberIdsQuery,
  MembersQuery,
  ProgramsQuery,
  PurchaseIdsQuery,
  PurchasesQuery,
  WalletQuery,
} from '../generated/operations'
import {
  type GraphAnswer,
  type GraphWorld,
  KEYS,
  openGraph,
  operationNames,
  operationText,
} from '../support/graph-world'
import { statementsOf } from '../support/statements'

let graph: GraphWorld
let first: string

beforeAll(async () => {
  graph = await openGraph()
  first = await memberId({ door: 'annex', type: 'id', value: 'm1@demo.example' })
}, 60_000)
afterAll(() => graph.close())

/** What an operation answered, after a look that nothing is wrong with it. */
const ok = <Data = unknown>(answer: GraphAnswer<Data> | undefined): Data => {
  expect(answer).toMatchObject({ status: 200 })
  expect(answer?.errors).toBeUndefined()
  return answer?.data as Data
}

/** The one member that an operation was about. */
function memberOf<Data extends { member: object | null }>(
  answer: GraphAnswer<Data> | undefined,
): NonNullable<Data['member']> {
  const { member } = ok(answer)
  if (!member) throw new Error('no member')
  return member
}

type Purchases = NonNullable<PurchasesQuery['member']>['purchases']

const purchasesOf = async (variables: object): Promise<Purchases> =>
  memberOf(await graph.run<PurchasesQuery>('Purchases', { id: first, ...variables })).purchases

const walletOf = async (after?: string | null): Promise<NonNullable<WalletQuery['member']>> =>
  memberOf(await graph.run<WalletQuery>('Wallet', { id: first, after }))

async function memberId(identity: object, key?: string): Promise<string> {
  const data = ok(await graph.run<MemberByIdentityQuery>('MemberByIdentity', { identity }, key))
  return data.member?.id ?? ''
}

/** A rule, at whichever version of the setup. */
const ruleNamed = (name: string): unknown => expect.stringMatching(new RegExp(`^${name}@[0-9]+$`))

describe('reading the graph', () => {
  it('answers 100 members, their tiers and 10 activities each with 2 statements, however often it is asked', async () => {
    await graph.run('Members')
    for (const _ of [1, 2, 3]) {
      let answer: GraphAnswer<MembersQuery> | undefined
      const statements = await statementsOf(async () => (answer = await graph.run('Members')))
      const { members } = ok(answer)
      expect(members.nodes).toHaveLength(100)
      expect(
        members.nodes.every(({ tier, activities }) => tier !== null && activities.edges.length === 10),
      ).toBe(true)
      // The tiers are known from the setup.
      expect(statements).toHaveLength(2)
    }
  })

  it('shows a wallet that adds up and explains itself', async () => {
    const member = await walletOf()
    // 11 credits of 10; two orders of 35; two bills of 20 at a tenth.
    expect(member).toMatchObject({
      firstName: 'First1',
      status: 'ACTIVE',
      spend: { amount: '110', currency: 'INR' },
      tier: { name: 'Silver', minLifetimePoints: '0', minSpend: null },
      tierProgress: {
        next: { name: 'Gold' },
        pointsMissing: '816',
        spendMissing: { amount: '4890', currency: 'INR' },
      },
      points: {
        available: '184',
        lifetime: '184',
        pending: '0',
        currencyValue: { amount: '138', currency: 'INR' },
        nextExpiry: { points: '74' },
      },
    })
    const { identities, activities } = member
    expect(identities).toContainEqual({
      door: 'capillary',
      type: 'mobile',
      value: '919740010001',
      source: 'INSTORE',
      account: '',
    })
    expect(activities.edges[0]?.node).toMatchObject({
      kind: 'AWARD',
      points: '2',
      availableAfter: '184',
      purchase: { __typename: 'Transaction', purchasedAt: '2026-01-02T10:00:00.123456Z' },
      sources: [{ line: '1', points: '2', reversed: '0', rule: ruleNamed('transactions.line-net') }],
      member: { id: first, firstName: 'First1' },
    })
    expect(activities.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  })

  it('shows what a wallet page needs with at most six statements', async () => {
    const query = `query($id: ID!) { member(id: $id) { firstName tier { name } tierProgress { pointsMissing } spend { amount }
      points { available } identities { value } activities(first: 10) { nodes { kind points } } } }`
    expect(await statementsOf(() => graph.ask(query, { id: first }))).toHaveLength(5)
    expect(await statementsOf(() => graph.ask(query, { id: first }))).toHaveLength(4)
  })

  it('lists purchases of both doors with their own fields, newest first', async () => {
    const nodes = (await purchasesOf({})).edges.map(({ node }) => node)
    expect(
      nodes.map((node) => [node.__typename, 'orderId' in node ? node.orderId : node.billNumber]),
    ).toEqual([
      ['Order', 'order-2'],
      ['Order', 'order-1'],
      ['Transaction', 'bill-2'],
      ['Transaction', 'bill-1'],
    ])
    expect(nodes[0]).toMatchObject({
      total: { amount: '35', currency: 'INR' },
      points: '35',
      member: { id: first, firstName: 'First1' },
      storeCode: 'store1',
      store: { code: 'store1', name: 'Store One' },
      ratio: '1',
      attributes: { channel: 'app' },
      lines: [
        {
          lineNo: 1,
          productId: 'shoe',
          quantity: '2',
          unitPrice: { amount: '12.5', currency: 'INR' },
          state: 'PLACED',
          points: '25',
          attributes: { color: 'red' },
        },
        { lineNo: 2, productId: 'sock', secondaryKey: 'b', points: '10' },
      ],
    })
    expect(nodes[2]).toMatchObject({
      total: { amount: '20', currency: 'INR' },
      grossAmount: { amount: '25', currency: 'INR' },
      billedAtOffset: '+05:30',
      store: { externalIds: ['S-1'] },
      customFields: { cashier: 'A' },
      lines: [{ itemCode: 'tea', quantity: '2', amount: { amount: '20' }, points: '2' }],
      payments: [{ mode: 'Cash', amount: { amount: '20', currency: 'INR' } }],
    })
  })

  it.each([null, 'ORDER', 'TRANSACTION'])(
    'pages through purchases of kind %s one by one without loss or repetition',
    async (kind) => {
      const seen: string[] = []
      let after: string | null = null
      do {
        const { edges, pageInfo }: Purchases = await purchasesOf({ first: 1, after, kind })
        expect(edges).toHaveLength(1)
        seen.push(edges[0]?.node.id ?? '')
        expect(edges[0]?.cursor).toBe(pageInfo.endCursor)
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null
      } while (after)
      expect(new Set(seen).size).toBe(kind ? 2 : 4)
      expect(seen).toHaveLength(kind ? 2 : 4)
    },
  )

  it('lists only the purchases of a time or a store, and only the entries of a kind or a time', async () => {
    type Filtered = {
      member: { purchases: { nodes: { id: string; purchasedAt: string; store: { id: string } }[] } }
    }
    const purchases = async (args: string) => {
      const query = `query($id: ID!) { member(id: $id) { purchases(first: 50 ${args}) { nodes { id purchasedAt ... on Order { store { id } } ... on Transaction { store { id } } } } } }`
      let answer: GraphAnswer<Filtered> | undefined
      expect(
        (await statementsOf(async () => (answer = await graph.ask(query, { id: first })))).length,
      ).toBeLessThan(6)
      return ok(answer).member.purchases.nodes
    }
    const all = await purchases('')
    const bills = '"2026-01-01T10:00:00.123456Z"'
    expect(await purchases(`from: ${bills}`)).toEqual(all)
    expect(await purchases(`until: ${bills}`)).toEqual([])
    expect(
      await purchases('from: "2026-01-01T10:00:00.123457Z", until: "2026-01-02T10:00:00.123457Z"'),
    ).toMatchObject([{ purchasedAt: '2026-01-02T10:00:00.123456Z' }])
    expect(await purchases('until: "2026-01-02T15:30:00.123456+05:30"')).toMatchObject([{ purchasedAt: '2026-01-01T10:00:00.123456Z' }]) // prettier-ignore
    const store = all[0]?.store.id
    expect(await purchases(`storeId: "${store}"`)).toEqual(all)
    expect(await purchases(`kind: ORDER, storeId: "${store}"`)).toHaveLength(2)
    expect(await purchases(`storeId: "${globalId('Store', '999999')}"`)).toEqual([])

    type Entries = {
      member: {
        activities: { nodes: { kind: string; recordedAt: string }[]; pageInfo: { hasNextPage: boolean } }
      }
    }
    const entries = async (args: string) => {
      const query = `query($id: ID!) { member(id: $id) { activities(${args}) { nodes { kind recordedAt } pageInfo { hasNextPage } } } }`
      return ok(await graph.ask<Entries>(query, { id: first })).member.activities
    }
    expect((await entries('first: 5, kinds: [AWARD]')).pageInfo.hasNextPage).toBe(true)
    expect((await entries('kinds: [REDEEM, EXPIRE]')).nodes).toEqual([])
    expect((await entries('kinds: []')).nodes).toEqual([])
    const [newest] = (await entries('first: 1')).nodes
    expect((await entries(`until: "${newest?.recordedAt}"`)).nodes).toHaveLength(14)
    expect((await entries(`from: "${newest?.recordedAt}", kinds: [AWARD, HOLD]`)).nodes).toEqual([newest])
  })

  it('pages through the members, and through a journal', async () => {
    const ids: string[] = []
    let after: string | null = null
    do {
      const { members }: MemberIdsQuery = ok(
        await graph.run<MemberIdsQuery>('MemberIds', { first: 30, after }),
      )
      ids.push(...members.edges.map(({ node }) => node.id))
      after = members.pageInfo.hasNextPage ? members.pageInfo.endCursor : null
    } while (after)
    expect(new Set(ids).size).toBe(100)

    const entries: string[] = []
    do {
      const { activities } = await walletOf(after)
      entries.push(...activities.edges.map(({ node }) => node.id))
      after = activities.pageInfo.hasNextPage ? activities.pageInfo.endCursor : null
    } while (after)
    expect(new Set(entries).size).toBe(15)
  })

  it('reads nothing more when only the ids of purchases are asked for', async () => {
    let answer: GraphAnswer<PurchaseIdsQuery> | undefined
    const statements = await statementsOf(
      async () => (answer = await graph.run('PurchaseIds', { id: first })),
    )
    const { purchases } = memberOf(answer)
    expect(purchases.nodes.map(({ id, __typename }) => [__typename, parseGlobalId(id)?.type])).toEqual([
      ['Order', 'Order'],
      ['Order', 'Order'],
      ['Transaction', 'Transaction'],
      ['Transaction', 'Transaction'],
    ])
    expect(statements).toHaveLength(2)
  })

  it('finds anything again by its id, in the order asked', async () => {
    const { programs } = ok(await graph.run<ProgramsQuery>('Programs'))
    expect(programs).toMatchObject([
      {
        key: 'main',
        isDefault: true,
        pointsDecimals: 1,
        tiers: [
          { name: 'Silver', rank: 1 },
          { name: 'Gold', rank: 2 },
        ],
      },
    ])
    const [order, , bill] = (await purchasesOf({})).edges.map(({ node }) => node)
    const { activities } = await walletOf()
    const ids = [
      first,
      programs[0]?.tiers[1]?.id,
      programs[0]?.id,
      order?.store?.id,
      activities.edges[0]?.node.id,
      order?.id,
      bill?.id,
      globalId('Order', '9'),
      first,
    ]
    expect(ok(await graph.run('Things', { ids }))).toMatchObject({
      nodes: [
        { __typename: 'Member', id: first, firstName: 'First1' },
        { __typename: 'Tier', name: 'Gold' },
        { __typename: 'Program', key: 'main' },
        { __typename: 'Store', code: 'store1' },
        { __typename: 'PointsActivity', kind: 'AWARD', points: '2' },
        { __typename: 'Order', id: order?.id, orderId: 'order-2' },
        { __typename: 'Transaction', id: bill?.id, billNumber: 'bill-2' },
        null,
        { __typename: 'Member', id: first },
      ],
    })
  })

  it('finds an order and a transaction by the numbers of their own doors', async () => {
    const [{ transaction_id: number } = { transaction_id: '' }] = await graph.app.rows<{
      transaction_id: string
    }>(`select transaction_id from transactions where bill_number = 'bill-1'`)
    expect(ok(await graph.run('ByOwnNumbers', { orderId: 'order-1', number }))).toMatchObject({
      order: { orderId: 'order-1', points: '35', member: { firstName: 'First1' } },
      transaction: { number, billNumber: 'bill-1', member: { firstName: 'First1' } },
    })
    expect(ok(await graph.run('OrdersAndTransactions', { id: first }))).toMatchObject({
      member: {
        orders: {
          nodes: [{ orderId: 'order-2', member: { tier: { name: 'Silver' } } }, { orderId: 'order-1' }],
        },
        transactions: { edges: [{ node: { billNumber: 'bill-2' } }, { node: { billNumber: 'bill-1' } }] },
      },
    })
  })
})

describe('moving points', () => {
  const award = (input: object, key?: string) => graph.run('AwardPoints', { input }, key)
  const redeem = (input: object, key?: string) => graph.run('RedeemPoints', { input }, key)
  const member = (number: number) => ({
    identity: { door: 'annex', type: 'id', value: `m${number}@demo.example` },
  })

  it('awards what was asked or what an action gives, and the tier follows', async () => {
    expect(ok(await award({ ...member(2), points: '12.5', reason: 'Sorry' }))).toMatchObject({
      awardPoints: {
        userErrors: [],
        activity: {
          kind: 'AWARD',
          points: '12.5',
          availableAfter: '122.5',
          reason: 'Sorry',
          actionId: null,
          sources: [{ line: null, rule: ruleNamed('direct') }],
        },
        balance: { available: '122.5', lifetime: '122.5' },
        member: { tier: { name: 'Silver' } },
      },
    })
    expect(ok(await award({ ...member(2), actionId: 101 }))).toMatchObject({
      awardPoints: {
        activity: { points: '250', actionId: 101, sources: [{ rule: ruleNamed('actions.101') }] },
      },
    })
    expect(ok(await award({ ...member(2), points: 900 }))).toMatchObject({
      awardPoints: { balance: { lifetime: '1272.5' }, member: { tier: { name: 'Gold' } } },
    })
  })

  it('redeems points and rewards, and says which lots paid', async () => {
    expect(ok(await redeem({ ...member(3), points: '15' }))).toMatchObject({
      redeemPoints: {
        userErrors: [],
        activity: {
          kind: 'REDEEM',
          points: '-15',
          availableAfter: '95',
          allocations: [{ points: '10' }, { points: '5' }],
        },
        balance: { available: '95', redeemed: '15' },
      },
    })
    expect(ok(await award({ ...member(3), points: '105' }))).toMatchObject({
      awardPoints: { userErrors: [] },
    })
    expect(ok(await redeem({ ...member(3), rewardId: '121' }))).toMatchObject({
      redeemPoints: { activity: { points: '-200', reason: '$5 off' }, balance: { available: '0' } },
    })
  })

  it('answers a repeat under the same key as the first time, and refuses the key for anything else', async () => {
    const input = { ...member(4), points: '5', idempotencyKey: 'once' }
    const once = ok(await award(input))
    expect(ok(await award(input))).toEqual(once)
    expect(ok(await award({ ...input, points: '6' }))).toMatchObject({
      awardPoints: {
        userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }],
        activity: null,
        balance: null,
        member: null,
      },
    })
    expect(ok(await award({ ...input, ...member(5) }))).toMatchObject({
      awardPoints: { userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] },
    })
    const twice = await Promise.all(
      [1, 2, 3, 4].map(() => redeem({ ...member(4), points: '5', idempotencyKey: 'twice' })),
    )
    expect(new Set(twice.map((answer) => JSON.stringify(ok(answer)))).size).toBe(1)
    expect(ok(await graph.run('Wallet', { id: await memberId(member(4).identity) }))).toMatchObject({
      member: { points: { available: '110' } },
    })
  })

  it('remembers a no as well as a yes: a key that was refused is refused again, whatever the balance is by then', async () => {
    const input = { ...member(7), points: '5000', idempotencyKey: 'too-much' }
    const refused = ok(await redeem(input))
    expect(refused).toMatchObject({ redeemPoints: { userErrors: [{ code: 'INSUFFICIENT_POINTS' }] } })
    ok(await award({ ...member(7), points: '9000' }))
    expect(ok(await redeem(input))).toMatchObject({
      redeemPoints: { userErrors: [{ code: 'INSUFFICIENT_POINTS' }], activity: null },
    })
    expect(ok(await redeem({ ...input, idempotencyKey: 'again' }))).toMatchObject({
      redeemPoints: { userErrors: [] },
    })
  })

  it.each([
    ['an unknown member', { memberId: globalId('Member', '1'), points: '1' }, 'MEMBER_NOT_FOUND', null],
    ['nothing', { ...member(6), points: '0' }, 'INVALID_POINTS', 'points'],
    ['less than nothing', { ...member(6), points: '-5' }, 'INVALID_POINTS', 'points'],
    ['more decimals than the program has', { ...member(6), points: '1.25' }, 'INVALID_POINTS', 'points'],
    ['an action that does not exist', { ...member(6), actionId: 999 }, 'ACTION_NOT_FOUND', 'actionId'],
    [
      'an empty key',
      { ...member(6), points: '1', idempotencyKey: '' },
      'INVALID_IDEMPOTENCY_KEY',
      'idempotencyKey',
    ],
    [
      'a long key',
      { ...member(6), points: '1', idempotencyKey: 'x'.repeat(256) },
      'INVALID_IDEMPOTENCY_KEY',
      'idempotencyKey',
    ],
  ])('refuses to award %s with a user error', async (_what, input, code, field) => {
    expect(ok(await award(input))).toMatchObject({
      awardPoints: { userErrors: [{ code, field }], activity: null },
    })
  })

  it('refuses to spend more than there is, and to give what is no reward', async () => {
    expect(ok(await redeem({ ...member(6), points: '110.1' }))).toMatchObject({
      redeemPoints: {
        userErrors: [
          { code: 'INSUFFICIENT_POINTS', field: 'points', message: '110.1 points asked, 110 available' },
        ],
        activity: null,
      },
    })
    expect(ok(await redeem({ ...member(6), rewardId: 'none' }))).toMatchObject({
      redeemPoints: { userErrors: [{ code: 'REWARD_NOT_FOUND', field: 'rewardId' }] },
    })
  })
})

describe('who may ask', () => {
  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer nonsense' }],
    ['another scheme', { authorization: 'Basic Z3JhcGg6Z3JhcGg=' }],
    ['an empty key', { authorization: 'Bearer ' }],
    ['a huge key', { authorization: `Bearer ${'x'.repeat(8000)}` }],
  ])('refuses %s with 401', async (_what, headers) => {
    const answer = await graph.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers,
      payload: { query: '{ __typename }' },
    })
    expect([
      answer.statusCode,
      answer.headers['www-authenticate'],
      answer.json().errors[0].extensions.code,
    ]).toEqual([401, 'Bearer', 'UNAUTHENTICATED'])
  })

  it('shows who may only write what it has done, and of the member nothing', async () => {
    const asked = `mutation($input: AwardPointsInput!) { awardPoints(input: $input) { userErrors { code }
      activity { points member { status email } } member { id firstName tier { name } activities(first: 1) { nodes { id } } } } }`
    const input = { memberId: first, points: '3', dryRun: true }
    for (const _ of ['interpreted', 'compiled', 'again']) {
      const { status, data, errors } = await graph.ask(asked, { input }, KEYS.writer)
      const activity = { points: '3', member: { status: 'ACTIVE', email: null } }
      expect([status, data]).toMatchObject([200, { awardPoints: { userErrors: [], activity, member: null } }])
      expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code]).sort()).toEqual([
        ['awardPoints.activity.member.email', 'FORBIDDEN'],
        ['awardPoints.member.activities', 'FORBIDDEN'],
        ['awardPoints.member.firstName', 'FORBIDDEN'],
      ])
    }
    expect((await graph.ask(asked, { input }, KEYS.storefront)).errors).toBeUndefined()
  })

  it('refuses to write without the scope', async () => {
    const answer = await graph.run('AwardPoints', { input: { memberId: first, points: '1' } }, KEYS.reader)
    expect(answer).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'FORBIDDEN' }, path: ['awardPoints'] }],
    })
  })

  it("keeps another tenant's things as absent as what never was", async () => {
    const { edges } = await purchasesOf({})
    const { tier, activities } = await walletOf()
    const ids = [first, tier?.id, activities.edges[0]?.node.id, ...edges.map(({ node }) => node.id)]
    expect(ok(await graph.run('Things', { ids }, KEYS.stranger))).toEqual({ nodes: ids.map(() => null) })
    for (const id of ids) expect(ok(await graph.run('Thing', { id }, KEYS.stranger))).toEqual({ node: null })
    expect(ok(await graph.run('Wallet', { id: first }, KEYS.stranger))).toEqual({ member: null })
    expect(await memberId({ door: 'annex', type: 'id', value: 'm1@demo.example' }, KEYS.stranger)).toBe('')
    expect(
      ok(await graph.run('ByOwnNumbers', { orderId: 'order-1', number: '880613909' }, KEYS.stranger)),
    ).toEqual({ order: null, transaction: null })
    expect(
      ok(await graph.run('AwardPoints', { input: { memberId: first, points: '1' } }, KEYS.stranger)),
    ).toMatchObject({
      awardPoints: { userErrors: [{ code: 'MEMBER_NOT_FOUND' }] },
    })
  })
})

describe('bad input', () => {
  /** How a request is refused, and whether it moved points all the same. */
  async function refusalOf(query: string, variables: object) {
    const before = await stateOfLedger()
    const { status, errors = [] } = await graph.ask(query, variables)
    const after = await stateOfLedger()
    const paths = errors.flatMap(({ extensions }) => extensions.problems ?? []).map(({ path }) => path)
    const unchanged = JSON.stringify(before) === JSON.stringify(after)
    return { status, code: errors[0]?.extensions.code, path: paths[0] ?? null, unchanged }
  }
  const stateOfLedger = () =>
    graph.app.rows('select count(*) as entries, sum(e.d_available) as points from entry e')
  const refused = { status: 400, code: 'BAD_USER_INPUT', unchanged: true }

  it.each([
    ['an unknown field', '{ nonsense }', {}, 'GRAPHQL_VALIDATION_FAILED', null],
    ['what is no query', '{', {}, 'GRAPHQL_PARSE_FAILED', null],
    ['a page of none', '{ members(first: 0) { nodes { id } } }', {}, 'BAD_USER_INPUT', 'first'],
    ['a page of less', '{ members(first: -1) { nodes { id } } }', {}, 'BAD_USER_INPUT', 'first'],
    ['a page of too many', '{ members(first: 101) { nodes { id } } }', {}, 'BAD_USER_INPUT', 'first'],
    [
      'a page of text',
      'query($first: Int!) { members(first: $first) { nodes { id } } }',
      { first: 'ten' },
      'BAD_USER_INPUT',
      'first',
    ],
    [
      'a page of half',
      'query($first: Int!) { members(first: $first) { nodes { id } } }',
      { first: 1.5 },
      'BAD_USER_INPUT',
      'first',
    ],
    ['a missing variable', 'query($id: ID!) { node(id: $id) { id } }', {}, 'BAD_USER_INPUT', 'id'],
    ['a null variable', 'query($id: ID!) { node(id: $id) { id } }', { id: null }, 'BAD_USER_INPUT', 'id'],
    [
      'a made-up cursor',
      '{ members(after: "bWVtYmVyczow") { nodes { id } } }',
      {},
      'BAD_USER_INPUT',
      'after',
    ],
    [
      "another list's cursor",
      '{ members(after: "YWN0aXZpdGllczox") { nodes { id } } }',
      {},
      'BAD_USER_INPUT',
      'after',
    ],
    ['an id of nothing', '{ node(id: "nonsense") { id } }', {}, 'BAD_USER_INPUT', 'id'],
    [
      'an id that only decodes alike',
      `{ node(id: "${globalId('Member', '12')}=") { id } }`,
      {},
      'BAD_USER_INPUT',
      'id',
    ],
    [
      'an id of another type',
      `{ member(id: "${globalId('Tier', '1')}") { id } }`,
      {},
      'BAD_USER_INPUT',
      'id',
    ],
    [
      'an id beyond all numbers',
      `{ node(id: "${globalId('Member', '9'.repeat(20))}") { id } }`,
      {},
      'BAD_USER_INPUT',
      'id',
    ],
    ['neither id nor identity', '{ member { id } }', {}, 'BAD_USER_INPUT', 'id, identity'],
    [
      'an identity without a value',
      '{ member(identity: { door: "annex", type: "id", value: "" }) { id } }',
      {},
      'BAD_USER_INPUT',
      'input.value',
    ],
    [
      'a huge identity',
      'query($v: String!) { member(identity: { door: "annex", type: "id", value: $v }) { id } }',
      { v: 'x'.repeat(900_000) },
      'BAD_USER_INPUT',
      'input.value',
    ],
    [
      'NUL in a variable',
      'query($v: String!) { order(orderId: $v) { id } }',
      { v: 'a\0b' },
      'BAD_USER_INPUT',
      'v',
    ],
    ['NUL in the query', '{ order(orderId: "a\\u0000b") { id } }', {}, 'BAD_USER_INPUT', null],
    ['a number that is none', '{ transaction(number: "1 or 1=1") { id } }', {}, 'BAD_USER_INPUT', 'number'],
    [
      'an unknown kind',
      '{ members { nodes { purchases(kind: PARCEL) { nodes { id } } } } }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      null,
    ],
  ])('%s is refused', async (_what, query, variables, code, path: string | null) => {
    expect(await refusalOf(query, variables)).toEqual({ ...refused, code, path })
  })

  it('both id and identity are refused', async () => {
    const identity = { door: 'annex', type: 'id', value: 'm1@demo.example' }
    const query = 'query($id: ID, $identity: IdentityInput) { member(id: $id, identity: $identity) { id } }'
    expect(await refusalOf(query, { id: first, identity })).toEqual({ ...refused, path: 'id, identity' })
  })

  it.each([
    ['points that are no number', { points: 'many' }, 'input.points'],
    ['points with a fraction too fine', { points: '1.2345' }, 'input.points'],
    ['points beyond measure', { points: '9'.repeat(30) }, 'input.points'],
    ['points as a float', { points: 1.5 }, 'input.points'],
    ['points as a list', { points: ['1', '2'] }, 'input.points'],
    ['neither points nor action', {}, 'input'],
    ['points and action', { points: '1', actionId: 101 }, 'input'],
    [
      'another identity besides',
      { points: '1', identity: { door: 'annex', type: 'id', value: 'x' } },
      'input',
    ],
    ['a field nobody declared', { points: '1', tenantId: 2 }, 'input'],
    ['an endless reason', { points: '1', reason: 'x'.repeat(501) }, 'input.reason'],
    ['NUL in the reason', { points: '1', reason: 'a\0' }, 'input.reason'],
    ['NUL in the key', { points: '1', idempotencyKey: '\0' }, 'input.idempotencyKey'],
    ['an id of nothing', { memberId: 'x', points: '1' }, 'input.memberId'],
  ])('awarding with %s is refused', async (_what, input, path) => {
    const variables = { input: { memberId: first, ...input } }
    expect(await refusalOf(operationText('AwardPoints'), variables)).toEqual({ ...refused, path })
  })

  it('never repeats a value that was refused', async () => {
    const award = await graph.run('AwardPoints', { input: { memberId: first, points: 'secret-4711' } })
    const page = await graph.run('MemberIds', { first: 'secret-4711' })
    expect([award.status, page.status]).toEqual([400, 400])
    expect(JSON.stringify([award.errors, page.errors])).not.toContain('4711')
  })

  const post = (payload: string | object, headers: Record<string, string> = {}) =>
    graph.app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${KEYS.storefront}`, 'content-type': 'application/json', ...headers },
      payload,
    })

  it.each([
    ['malformed JSON', '{"query":', {}, 400],
    ['nothing', '', {}, 400],
    [
      'a megabyte and more',
      JSON.stringify({ query: `# ${'x'.repeat(1024 * 1024)}\n{ __typename }` }),
      {},
      413,
    ],
    ['a prototype', '{"query":"{ __typename }","variables":{"__proto__":{"x":1}}}', {}, 400],
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]', {}, 400],
    ['a query that is no text', '{"query":{"a":1}}', {}, 400],
    ['variables that are no object', '{"query":"{ __typename }","variables":[1]}', {}, 400],
    ['a form', 'query=%7B__typename%7D', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{"query":"{ __typename }"}', { 'content-type': 'text/plain' }, 415],
    ['a multipart', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['an operation that is not there', '{"query":"query A { __typename }","operationName":"B"}', {}, 400],
    ['which of two is meant', '{"query":"query A { __typename } query B { __typename }"}', {}, 400],
    [
      'deep nesting',
      `{"query":"query($i: AwardPointsInput!) { awardPoints(input: $i) { userErrors { code } } }","variables":{"i":${'['.repeat(5000)}${']'.repeat(5000)}}}`,
      {},
      400,
    ],
    [
      'a deep query',
      JSON.stringify({
        query: '{a'.repeat(3000),
      }),
      {},
      400,
    ],
  ])('%s as a request is refused with GraphQL errors', async (_what, payload, headers, status) => {
    const answer = await post(payload, headers)
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({
      errors: [{ message: expect.any(String) as string, extensions: { code: expect.any(String) as string } }],
    })
  })

  it.each([
    ['depth', `{ members { nodes { ${'orders { nodes { member { '.repeat(4)} id ${'} } }'.repeat(4)} } } }`],
    ['aliases', `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }`],
    [
      'aliases in fragments',
      `{ ...F members { nodes { __typename } } } fragment F on Query { ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    ],
    ['directives', `{ ${'__typename @include(if: true) '.repeat(51)} }`],
    [
      'objects',
      '{ members(first: 100) { nodes { activities(first: 100) { nodes { member { activities(first: 100) { nodes { id } } } } } } } }',
    ],
    [
      'mutation',
      `mutation { a: redeemPoints(input: { memberId: "x", points: "1" }) { userErrors { code } } b: redeemPoints(input: { memberId: "x", points: "1" }) { userErrors { code } } }`,
    ],
  ])('asking for too many %s is refused before anything runs', async (what, query) => {
    const statements = await statementsOf(async () => {
      const answer = await refusedLimits(query)
      expect(answer.errors?.[0]?.message).toContain(what.split(' ')[0] as string)
    })
    expect(statements).toEqual([])
  })
  const refusedLimits = async (query: string) => {
    const answer = await graph.ask(query)
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([400, 'OPERATION_TOO_LARGE'])
    return answer
  }

  it.each([
    ['a flood of tokens', `{ ${'__typename '.repeat(50_000)} }`],
    [
      'a fragment bomb',
      `{ ...A0 } ${Array.from({ length: 30 }, (_, i) => `fragment A${i} on Query { ...A${i + 1} ...A${i + 1} }`).join(' ')} fragment A30 on Query { ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    ],
    ['a circle of fragments', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['as many repetitions as fit', `{ ${'members { nodes { id } } '.repeat(240)} }`],
    [
      'introspection in circles',
      `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} }'.repeat(8)} } } }`,
    ],
    ['unknown directives by the hundred', `{ ${'__typename @nope '.repeat(500)} }`],
  ])('%s costs next to nothing', async (_what, query) => {
    // Other work on the machine makes the same request dearer: a few tries, and the cheapest one tells.
    let millis = Infinity
    for (let tries = 0; tries < 5 && millis >= 250; tries++) {
      const start = process.cpuUsage()
      // Another document each time, so that none is known already.
      const answer = await graph.ask(`${query} # ${tries}`)
      const { user, system } = process.cpuUsage(start)
      expect(answer.status).toBeLessThan(500)
      millis = Math.min(millis, (user + system) / 1000)
    }
    expect(millis).toBeLessThan(250)
  })

  it('a mutation by GET is refused, and so is a GET that a page could make a browser send', async () => {
    const url = `/graphql?query=${encodeURIComponent('mutation { redeemPoints(input: {}) { userErrors { code } } }')}`
    const headers = { authorization: `Bearer ${KEYS.storefront}`, 'apollo-require-preflight': '1' }
    expect(
      (await graph.app.server.inject({ method: 'GET', url, headers })).statusCode,
    ).toBeGreaterThanOrEqual(400)
    const plain = await graph.app.server.inject({
      method: 'GET',
      url: '/graphql?query=%7B__typename%7D',
      headers: { authorization: headers.authorization },
    })
    expect([plain.statusCode, plain.json().errors[0].message]).toEqual([400, expect.stringContaining('CSRF')])
    for (const method of ['PUT', 'DELETE', 'PATCH'] as const) {
      expect(
        (await graph.app.server.inject({ method, url: '/graphql', headers, payload: {} })).statusCode,
      ).toBe(405)
    }
  })
})

describe('when something breaks', () => {
  it('tells the client nothing but the id of the request, and the log the whole', async () => {
    await graph.app.rows('alter table account rename to account_away')
    try {
      const answer = await graph.ask(
        '{ members(first: 1) { nodes { firstName tierProgress { pointsMissing } } } }',
      )
      expect(answer.data).toEqual({ members: { nodes: [{ firstName: 'First1', tierProgress: null }] } })
      expect(answer.errors).toEqual([
        {
          message: 'Internal server error',
          path: ['members', 'nodes', 0, 'tierProgress'],
          locations: expect.any(Array) as unknown,
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.headers['x-request-id'] },
        },
      ])
      expect(
        graph.app.logged.some(
          (line) => line.includes('account') && line.includes(String(answer.headers['x-request-id'])),
        ),
      ).toBe(true)
    } finally {
      await graph.app.rows('alter table account_away rename to account')
    }
  })
})

describe('compiled execution', () => {
  const someone = { identity: { door: 'annex', type: 'id', value: 'm9@demo.example' } }
  const variablesOf: Record<string, () => object> = {
    Wallet: () => ({ id: first }),
    Members: () => ({ first: 7, activities: 3 }),
    MemberIds: () => ({ first: 3 }),
    MemberByIdentity: () => someone,
    Programs: () => ({}),
    Purchases: () => ({ id: first, kind: 'ORDER' }),
    OrdersAndTransactions: () => ({ id: first }),
    PurchaseIds: () => ({ id: first }),
    ByOwnNumbers: () => ({ orderId: 'order-1', number: '1' }),
    Things: () => ({ ids: [first, globalId('Order', '700001'), globalId('Tier', '1')] }),
    Thing: () => ({ id: first }),
    AwardPoints: () => ({ input: { ...someone, points: '1', idempotencyKey: 'compiled' } }),
    RedeemPoints: () => ({ input: { ...someone, points: '1', idempotencyKey: 'compiled' } }),
  }

  const told = async (query: string, variables: object) => {
    const { status, data, errors, headers } = await graph.ask(query, variables)
    const { 'x-request-id': _id, date: _date, ...others } = headers
    return { status, data, errors: JSON.stringify(errors), told: others }
  }

  it.each(operationNames())('%s is answered as graphql-js answers it', async (name) => {
    // A comment makes it a document that was never asked: the first time is interpreted, later ones are compiled.
    const variants = [
      variablesOf[name]?.() ?? {},
      {},
      { first: 0, id: 'x', ids: ['x'], input: {}, number: 'x' },
    ]
    const asked = async () => {
      const answers = []
      for (const [index, variables] of variants.entries())
        answers.push(await told(`# compiled ${index}\n${operationText(name)}`, variables))
      return answers
    }
    const interpreted = await asked()
    expect(interpreted[0]).toMatchObject({ status: 200 })
    expect(await asked()).toEqual(interpreted)
    expect(await asked()).toEqual(interpreted)
  })

  it('answers what both forms of the graph are asked as graphql-js does, each of it', async () => {
    const tom = { identity: { door: 'capillary', type: 'mobile', value: '919740011122' } }
    const { stores } = ok<{ stores: { nodes: { id: string }[] } }>(
      await graph.ask('{ stores { nodes { id } } }'),
    )
    ok(
      await graph.ask(
        `mutation($input: EnrollMemberInput!) { enrollMember(input: $input) { userErrors { code message } } }`,
        { input: { firstName: 'Tom', lastName: 'Sawyer', identities: [tom.identity] } },
      ),
    )
    ok(
      await graph.ask(
        'mutation($input: RecordTransactionInput!) { recordTransaction(input: $input) { userErrors { code message } } }',
        { input: { ...tom, billNumber: 'forms-1', total: '200', storeId: stores.nodes[0]?.id } },
      ),
    )
    const facts = ok<FORMS.Facts>(await graph.ask(FORMS.facts))
    let withData = 0
    for (const [name, query, variables = () => ({})] of FORMS.list) {
      const asked = async () => ({ name, ...(await told(`# compiled\n${query}`, variables(facts))) })
      const interpreted = await asked()
      expect(await asked()).toEqual(interpreted)
      expect(await asked()).toEqual(interpreted)
      if (interpreted.status === 200 && !interpreted.errors) withData++
    }
    expect(withData).toBeGreaterThanOrEqual(40)
  })
})

describe('a query that has been answered before', () => {
  const query = 'query Again($first: Int!, $name: String) { members(first: $first, identity: $name) { nodes { id activities(first: 50) { nodes { id points } } } } }' // prettier-ignore
  const asked = { query, variables: { first: 2 } }
  const nested = `query Deep { members(first: 1) { nodes { id } } }`

  /** The answer, and what of its headers does not name the request. */
  async function post(payload: object | string, headers: Record<string, string> = {}) {
    const all = { authorization: `Bearer ${KEYS.storefront}`, 'content-type': 'application/json', ...headers }
    const answer = await graph.app.server.inject({ method: 'POST', url: '/graphql', headers: all, payload })
    const { 'x-request-id': id, date: _date, ...told } = answer.headers
    return { status: answer.statusCode, told, body: answer.body.replaceAll(String(id), 'ID') }
  }

  const CASES: readonly (readonly [string, object, Record<string, string>?])[] = [
    ['as it was', asked],
    ['with other variables', { query, variables: { first: 1, name: 'm1@demo.example' } }],
    ['with a variable that is missing', { query, variables: {} }],
    ['without variables', { query }],
    ['with a variable of the wrong type', { query, variables: { first: 'two' } }],
    ['with a variable that a resolver refuses', { query, variables: { first: 0 } }],
    ['with variables that are too large for the whole', { query, variables: { first: 100_000 } }],
    ['with text that no store holds', { query, variables: { first: 1, name: 'a\0b' } }],
    ['with more variables', { query, variables: { first: 1, more: [1] } }],
    ['with variables that are none', { query, variables: [] }],
    ['with variables as text', { query, variables: '{"first":1}' }],
    ['by its name', { ...asked, operationName: 'Again' }],
    ['by another name', { ...asked, operationName: 'Other' }],
    ['by an empty name', { ...asked, operationName: '' }],
    ['by a name that is none', { ...asked, operationName: 7 }],
    ['with extensions', { ...asked, extensions: {} }],
    ['with the hash of something else', { ...asked, extensions: { persistedQuery: { version: 1, sha256Hash: 'no' } } }], // prettier-ignore
    ['with fields that nobody knows', { ...asked, more: true }],
    ['by nobody', asked, { authorization: '' }],
    ['by a stranger', asked, { authorization: 'Bearer nobody' }],
    ['by another tenant', asked, { authorization: `Bearer ${KEYS.stranger}` }],
    ['by who may only write', asked, { authorization: `Bearer ${KEYS.writer}` }],
    ['for a client of the newer type', asked, { accept: 'application/graphql-response+json' }],
    ['for a client that takes anything', asked, { accept: '*/*' }],
    ['for a client that takes pictures', asked, { accept: 'image/png' }],
    ['for a browser', asked, { accept: 'text/html' }],
    ['as a form', asked, { 'content-type': 'text/plain' }],
    ['in a batch', [asked, asked]],
  ]

  it.each(CASES.map(([name, payload, headers]) => [name, payload, headers ?? {}] as const))(
    'is answered %s as one that has not',
    async (_name, payload, headers) => {
      // Blanks make it a document that was never asked, of which nothing is remembered.
      const fresh = JSON.stringify(payload).replaceAll('} } } }"', `} } } }${' '.repeat(++blanks)}"`)
      const expected = await post(fresh, headers)
      for (const accept of [undefined, headers['accept']])
        for (const _ of ['first', 'second', 'third']) await post(asked, accept ? { accept } : {})
      for (const _ of ['first', 'second'])
        expect(await post(JSON.stringify(payload), headers)).toEqual(expected)
    },
  )
  let blanks = 0

  it('runs once, also where it fails', async () => {
    for (const _ of ['first', 'second', 'third']) await post({ query: nested })
    expect(await statementsOf(() => post({ query: nested }))).toHaveLength(1)
    const refused = { query, variables: { first: 2, name: 'x' } }
    expect(await statementsOf(() => post(refused))).toHaveLength(1)
    await graph.app.rows('alter table members rename to members_away')
    try {
      const before = graph.app.logged.length
      let answer: Awaited<ReturnType<typeof post>> | undefined
      expect(await statementsOf(async () => (answer = await post({ query: nested })))).toHaveLength(1)
      expect(answer).toMatchObject({
        status: 500,
        body: expect.stringContaining('"code":"INTERNAL_SERVER_ERROR"'),
      })
      const failures = graph.app.logged
        .slice(before)
        .filter((line) => line.includes('a GraphQL request failed'))
      expect(failures).toHaveLength(1)
    } finally {
      await graph.app.rows('alter table members_away rename to members')
    }
  })
})

describe('lists that are taken from the database as text', () => {
  /** The bytes of the answer to a document that is asked the first time, and then three times more. */
  async function bodies(selection: string, variables: object) {
    const used = FRAGMENTS.filter(([name]) => selection.includes(name)).map(([, text]) => text)
    const declared = VARIABLES.filter((text) => selection.includes(text.split(':')[0] ?? ''))
    return bodiesOf(
      `query Spliced${++asked}(${['$id: ID!', ...declared].join(', ')}) { member(id: $id) { ${selection} } } ${used.join(' ')}`,
      variables,
    )
  }
  async function bodiesOf(query: string, variables: object, key = KEYS.storefront) {
    const answers: string[] = []
    for (const _ of ['graph-js', 'compiled', 'again']) {
      const answer = await graph.app.server.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${key}` },
        payload: { query, variables },
      })
      answers.push(answer.body)
    }
    return answers
  }
  let asked = 0
  /** A member without a wallet. */
  let unentered: string
  beforeAll(async () => {
    const [added] = await graph.app.rows<{ member_id: string }>(
      `insert into members (tenant_id, status, joined_at) select tenant_id, 'ACTIVE', now() from tenants where key = 'demo' returning member_id`,
    )
    unentered = globalId('Member', added?.member_id ?? '')
  })
  const VARIABLES = [
    '$first: Int = 4',
    '$after: String',
    '$yes: Boolean = true',
    '$order: ListOrder! = NEWEST',
  ]
  const FRAGMENTS = [
    ['...Row', 'fragment Row on PointsActivity { kind ...Times reason points }'],
    ['...Row', 'fragment Times on PointsActivity { occurredAt recordedAt }'],
    [
      '...Page',
      'fragment Page on PointsActivityConnection { pageInfo { endCursor hasNextPage __typename } nodes { id } }',
    ],
  ] as const
  const isText = (statement: string) => statement.includes('string_agg')

  const AS_TEXT = [
    'activities(first: $first) { nodes { id kind points available pending held availableAfter actionId reason occurredAt recordedAt } }',
    'activities(first: $first, orderBy: $order) { edges { cursor node { points } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }',
    'a: activities(first: 2) { n: nodes { k: kind again: kind __typename } __typename } b: activities(first: 3, kinds: [AWARD]) { edges { c: cursor __typename node { id } } }',
    'activities(first: $first) @include(if: $yes) { nodes { ...Row ... on Node { id } ... on PointsActivity { kind held } ... { reason } } }',
    'activities(first: 2, after: $after) { ...Page nodes { points } }',
    'activities(first: 5, orderBy: OLDEST) { nodes { id reason } pageInfo { hasNextPage endCursor } }',
    'activities(first: 5, orderBy: OLDEST, from: "2020-01-01T00:00:00Z") { nodes { id } pageInfo { hasNextPage } }',
    'activities(first: 3, from: "2020-01-01T00:00:00Z", until: "2120-01-01T00:00:00Z", kinds: [REDEEM]) { nodes { id } pageInfo { startCursor } }',
    'activities { pageInfo { hasNextPage } edges { node { id } } pageInfo { endCursor } edges { cursor } }',
  ]
  const AS_ROWS = [
    'activities(first: 2) { nodes { id } edges { cursor } }',
    'activities(first: 2) { pageInfo { endCursor } }',
    'activities(first: 2) { nodes { id member { id } } }',
    'activities(first: 2) { nodes { id kind @skip(if: $yes) } }',
    'activities(first: 2) { nodes { id } } ... on Member { activities(first: 2) { nodes { kind } } }',
    'activities(first: 2) { nodes { sources { rule } } }',
  ]

  it.each([
    ...AS_TEXT.map((selection) => [selection, true] as const),
    ...AS_ROWS.map((selection) => [selection, false] as const),
  ])('%s is the same, byte by byte', async (selection, expected) => {
    const { activities } = ok(
      await graph.ask<{ member: { activities: { edges: { cursor: string }[] } } }>(
        'query($id: ID!) { member(id: $id) { activities(first: 1) { edges { cursor } } } }',
        { id: first },
      ),
    ).member
    const cursor = activities.edges[0]?.cursor
    const variants = [
      { id: first, order: 'NEWEST' },
      { id: first, first: 100, order: 'OLDEST' },
      // The compiler takes a variable that is required for one without a default.
      { id: first },
      { id: first, first: 1, after: cursor },
      { id: first, yes: false },
      { id: unentered },
      { id: first, first: 0 },
      { id: first, after: 'not a cursor' },
    ]
    const asText: boolean[] = []
    for (const variables of variants) {
      let answers: string[] = []
      const statements = await statementsOf(async () => (answers = await bodies(selection, variables)))
      expect(answers[0]).toContain('"data"')
      expect(answers).toEqual([answers[0], answers[0], answers[0]])
      asText.push(statements.some(isText))
    }
    expect(asText[0]).toBe(expected)
  })

  // What is asked of members, and in how many statements it is had once it is compiled.
  it.each([
    [
      'members(first: 100) { nodes { firstName tier { name } activities(first: 10) { nodes { id points } } } }',
      1,
    ],
    ['members(first: 3) { edges { cursor node { ...Whose } } pageInfo { hasNextPage endCursor } }', 1],
    [
      'members(first: 100, orderBy: JOINED_NEWEST) { nodes { activities(first: $first, after: $after) { edges { cursor } pageInfo { hasNextPage hasPreviousPage endCursor } } } }',
      1,
    ],
    [
      'members(first: 2, status: ACTIVE, joinedFrom: "2001-01-01T00:00:00Z") { nodes { ... on Member { ... { activities { nodes { kind } } } } } }',
      1,
    ],
    [
      'members(identity: "m1@demo.example") { nodes { points { available } activities(first: $first) { nodes { kind } } } }',
      2,
    ],
    ['members(first: 0) { nodes { activities { nodes { kind } } } }', 0],
    [
      'a: members(first: 2) { nodes { x: activities(first: 1) { nodes { id } } } } b: members(first: 2) { nodes { y: activities(first: 2) { nodes { id } } } }',
      2,
    ],
    [
      'members(first: 3) { nodes { x: activities(first: 1) { nodes { id } } y: activities(first: 2, orderBy: OLDEST) { nodes { id } } } }',
      2,
    ],
    // Not on the way: a condition, another order, a filter, a refusal, rows.
    ['members(first: 3) { nodes @include(if: $yes) { activities(first: 1) { nodes { id } } } }', 2],
    ['members(first: 3) { nodes { activities(first: 1, orderBy: OLDEST) { nodes { id } } } }', 2],
    ['members(first: 3) { nodes { activities(first: 1, kinds: [AWARD]) { nodes { id } } } }', 2],
    ['members(first: 3) { nodes { firstName activities(first: 1000) { nodes { id } } } }', 1],
    ['members(first: 3) { nodes { activities(first: 1) { nodes { id member { id } } } } }', 3],
  ] as const)('of members: %s, the same in %d statements', async (selection, count) => {
    const whose = 'fragment Whose on Member { firstName journal: activities(first: 3) { nodes { id kind } pageInfo { hasNextPage } } }' // prettier-ignore
    const declared = VARIABLES.filter((text) => selection.includes(text.split(':')[0] ?? ''))
    const head = declared.length > 0 ? `(${declared.join(', ')})` : ''
    const used = selection.includes('...Whose') ? whose : ''
    const query = `query Ahead${++asked}${head} { ${selection} } ${used}`
    for (const variables of [{}, { first: 1, yes: false }, { first: 0 }, { after: 'not a cursor' }]) {
      const answers = await bodiesOf(query, variables)
      expect(answers).toEqual([answers[0], answers[0], answers[0]])
    }
    expect(await statementsOf(() => graph.ask(query))).toHaveLength(count)
  })

  it.each([
    'members(first: 1) { pageInfo { hasNextPage } nodes { id } }',
    'members(first: 1) { nodes { id } } members(first: 1) { pageInfo { hasNextPage } }',
    '... on Query { members(first: 1) { ... { page: pageInfo { more: hasNextPage } } } } members(first: 1) { nodes { id } }',
    'members(first: 1) { nodes { id activities(first: 1) { nodes { id } } } ...More }',
    'members(first: 1) { nodes { id } pageInfo @include(if: $yes) { hasNextPage } }',
  ])('tell that more members follow wherever that is asked: %s', async (selection) => {
    const more = selection.includes('...More')
      ? 'fragment More on MemberConnection { pageInfo { hasNextPage } }'
      : ''
    const declared = selection.includes('$yes') ? '($yes: Boolean! = true)' : ''
    for (const answer of await bodiesOf(`query More${++asked}${declared} { ${selection} } ${more}`, {}))
      expect(answer).toMatch(/"(hasNextPage|more)":true/)
  })

  it('whatever is selected, also when that is more than connections prepare statements for', async () => {
    const fields = 'id kind points available pending held availableAfter reason occurredAt'.split(' ')
    const pairs = fields.flatMap((one, index) => fields.slice(index + 1).map((other) => `${other} ${one}`))
    expect(pairs).toHaveLength(36)
    for (const pair of pairs) {
      const [body, ...others] = await bodies(`activities(first: 3) { nodes { ${pair} } }`, { id: first })
      expect(others).toEqual([body, body])
      expect(body).toContain('"data"')
    }
  })

  it('whatever characters a reason has, and whatever an amount is', async () => {
    const reason = 'a "quote", a \\ and a / and 100 %s, \ttabs\nand \u0001 and \u2028 and ñ 🎉 %1$s'
    for (const points of ['0.5', '12.5', '7'])
      ok(await graph.run('AwardPoints', { input: { memberId: first, points, reason } }, KEYS.storefront))
    const [body, ...others] = await bodies(AS_TEXT[0] ?? '', { id: first })
    expect(others).toEqual([body, body])
    expect(body).toContain('100 %s')
  })
})

describe('exploring', () => {
  it('serves GraphiQL whole from this server, under a policy that lets nothing else in', async () => {
    const page = await graph.app.server.inject({ url: '/graphiql' })
    expect(page.headers['content-security-policy']).toContain("script-src 'self'")
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)]
      .map(([, link]) => link ?? '')
      .filter((link) => link !== 'data:,')
    expect(links).toHaveLength(5)
    for (const link of links) expect((await graph.app.server.inject({ url: link })).statusCode).toBe(200)
  })

  it('opens Apollo Sandbox for a browser', async () => {
    const page = await graph.app.server.inject({ url: '/graphql', headers: { accept: 'text/html' } })
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.body).toContain('embeddable-sandbox')
    expect(page.body).toContain('<a href="/graphiql">')
  })

  it('answers what tools ask of a schema, deep as it is', async () => {
    const { getIntrospectionQuery } = await import('graphql')
    const answer = await graph.ask(
      getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, inputValueDeprecation: true }),
    )
    expect(ok(answer)).toHaveProperty('__schema')
  })

  it('shows and tells nothing of it in production', async () => {
    const production = await openGraph({ NODE_ENV: 'production' })
    try {
      expect((await production.app.server.inject({ url: '/graphiql' })).statusCode).toBe(404)
      const page = await production.app.server.inject({ url: '/graphql', headers: { accept: 'text/html' } })
      expect(page.body).not.toContain('sandbox')
      for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Member") { name } }']) {
        expect((await production.ask(query)).status).toBe(400)
      }
      const typo = await production.ask('{ membres { nodes { id } } }')
      expect([typo.status, JSON.stringify(typo.errors)]).toEqual([
        400,
        expect.not.stringContaining('Did you mean'),
      ])
    } finally {
      await production.close()
    }
  }, 60_000)
})
