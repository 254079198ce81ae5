import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { ADMIN_KEY } from '../../support/test-app'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld

const identity = (value: string) => [{ type: 'mobile', value, source: 'INSTORE', accountId: '' }]
/** Ann and Ben are a household, Cid has one of his own, Dan has none. */
const households = (key: string, orgId: number, config: object, members: readonly string[] = ['ben']) => {
  const tenant = organization(key, orgId, config)
  return {
    ...tenant,
    apiKeys: [{ name: 'front', key: `${key}-graphql`, scopes: ['read'] }],
    members: [
      ...tenant.members,
      { ref: 'ben', identifiers: identity('9200') },
      { ref: 'cid', identifiers: identity('9300') },
      { ref: 'dan', identifiers: identity('9400') },
    ],
    groups: [
      { groupId: '1949', name: 'Household', owner: 'ann', members: ['ann', ...members] },
      { groupId: 'CID', name: 'Single', owner: 'cid', members: [] },
    ],
  }
}

/** Points to the tenth, and two currencies beside them. */
const coins = (perCurrencyUnit = '0.333') => {
  const tenant = households('coins', 3203, {})
  return {
    ...tenant,
    programs: [
      ...tenant.programs.map((program) => ({
        ...program,
        pointsDecimals: 2,
        alternateCurrencies: [
          { identifier: '9DxGBP', name: 'DocCoin', perCurrencyUnit },
          { identifier: 'AIR', name: 'Miles', perCurrencyUnit: '0' },
        ],
      })),
      { key: 'side', programId: 3213, title: 'Side' },
    ],
  }
}

beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      households('homes', 3201, {}),
      households('kept', 3202, { CONF_ALLOW_TRANSACTION_RETURN_AFTER_GROUP_TRANSITION: true }),
      coins(),
    ],
  })
})
afterAll(() => world.app.close())
beforeEach(() => world.reset('homes'))

interface Added {
  readonly createdId: number
  readonly errors: readonly { readonly code: number }[]
  readonly warnings: readonly { readonly code: number }[]
  readonly sideEffects: readonly { readonly entityType: string; readonly awardedPoints: number }[]
  readonly rawSideEffects: readonly { readonly evaluatedEntity: string }[]
}

const post = async (body: object, who = '9200', more = '', org = 'homes'): Promise<Added> => {
  const url = `/v2/transactions?identifierName=mobile&identifierValue=${who}${more}`
  return (await world.send(tillCall(tillOf(org), 'POST', url, body))).json()
}
const sale = (billNumber: string, more: object = {}) => ({
  type: 'REGULAR',
  billNumber,
  billAmount: 300,
  lineItemsV2: [
    { itemCode: 'shoe', qty: 2, amount: 200 },
    { itemCode: 'hat', qty: 1, amount: 100 },
  ],
  ...more,
})
const back = (billNumber: string, more: object = {}) => ({
  type: 'RETURN',
  returnType: 'FULL',
  billNumber,
  ...more,
})
const codes = (items: Added['warnings']) => items.map(({ code }) => code)
const effects = ({ sideEffects }: Added) =>
  sideEffects.map(({ entityType, awardedPoints }) => [entityType, awardedPoints])

/** What is in the wallets of groups, and of members, that were ever used. */
const wallets = async (org = 'homes') => {
  const rows = await world.app.rows<{ name: string; available: string }>(
    `select coalesce(g.key, i.value) as name, a.available from account a join tenants t using (tenant_id)
       left join groups g on g.tenant_id = a.tenant_id and g.group_id = a.group_id
       left join member_identities i on i.tenant_id = a.tenant_id and i.member_id = a.member_id and i.type = 'mobile'
      where t.key = $1 order by 1`,
    [org],
  )
  return Object.fromEntries(rows.map(({ name, available }) => [name, Number(available) / 1000]))
}
const groupId = async () =>
  (
    await world.app.rows<{ id: string }>(
      `select group_id as id from groups join tenants t using (tenant_id) where t.key = 'homes' and groups.key = '1949'`,
    )
  )[0]!.id
const customerId = async (mobile: string) =>
  (
    await world.send(
      tillCall(
        tillOf('homes'),
        'GET',
        `/v2/customers/lookup?identifierName=mobile&identifierValue=${mobile}&source=INSTORE`,
      ),
    )
  ).json<{ entity: number }>().entity

describe('a sale for a group', () => {
  it('named in any of the four ways gives the points to the group', async () => {
    const ann = await customerId('9100')
    const ways: object[] = [
      { userGroup2Id: Number(await groupId()) },
      { userGroup2Id: '1949', userGroup2ExternalId: 'nobody' },
      { userGroup2Id: '', userGroup2PrimaryUserId: ann, userGroup2ExternalId: '' },
      { userGroup2Id: null, userGroup2ExternalId: '1949' },
      {
        userGroup2PrimaryUserIdentifierType: 'mobile',
        userGroup2PrimaryUserIdentifierVale: '9100',
        userGroup2PrimaryUserSource: 'instore',
        userGroup2PrimaryUserAccountId: '',
      },
    ]
    for (const [n, way] of ways.entries()) {
      const answer = await post(sale(`g${n}`, way), '9200', '&rawSideEffects=true')
      expect(codes(answer.warnings)).toEqual([])
      expect(effects(answer)).toEqual([['USERGROUP2', 30]])
      expect(answer.rawSideEffects.map(({ evaluatedEntity }) => evaluatedEntity)).toEqual([
        'USERGROUP2',
        'USERGROUP2',
      ])
    }
    expect(await wallets()).toEqual({ '1949': 150 })
  })

  it('counts as what the customer has spent, and lifts nobody by points', async () => {
    for (let n = 0; n < 4; n++) await post(sale(`t${n}`, { userGroup2ExternalId: '1949' }))
    const [row] = await world.app.rows<{ spend: string; tier: string }>(
      `select trim_scale(m.spend)::text as spend, r.name as tier from memberships m join tenants t using (tenant_id)
         left join tiers r on r.tenant_id = m.tenant_id and r.tier_id = m.tier_id where t.key = 'homes' and m.spend > 0`,
    )
    // 120 points would be Gold by points; 1,200 spent are Gold by spend.
    expect(row).toEqual({ spend: '1200', tier: 'Gold' })
  })

  it("that does not exist, or is not the customer's, is the customer's own, and the client is told", async () => {
    const cases: [object, number][] = [
      [{ userGroup2Id: 5 }, 1619],
      [{ userGroup2Id: 'x'.repeat(300) }, 1619],
      [{ userGroup2Id: '9'.repeat(40) }, 1619],
      [{ userGroup2PrimaryUserId: await customerId('9400') }, 1619],
      [{ userGroup2PrimaryUserId: 'ann' }, 1619],
      // Ben is in a group, and not its primary member.
      [{ userGroup2PrimaryUserId: await customerId('9200') }, 1619],
      [
        { userGroup2PrimaryUserIdentifierType: 'shoe size', userGroup2PrimaryUserIdentifierValue: '42' },
        1619,
      ],
      [{ userGroup2ExternalId: 'nobody' }, 1632],
      [{ userGroup2ExternalId: 'CID' }, 1620],
    ]
    for (const [n, [named, code]] of cases.entries()) {
      const answer = await post(sale(`n${n}`, named))
      expect([named, codes(answer.errors), codes(answer.warnings)]).toEqual([named, [], [code]])
      expect(effects(answer)).toEqual([['USER', 30]])
    }
    expect(await wallets()).toEqual({ '9200': cases.length * 30 })
  })

  it('is nothing to a sale without a customer', async () => {
    const answer = await post({ ...sale('ni', { userGroup2ExternalId: '1949' }), type: 'NOT_INTERESTED' })
    expect(answer).toMatchObject({ errors: [], warnings: [], sideEffects: [] })
  })

  it('shows in GET earning whose points they are, and in the answer of a bulk call', async () => {
    const id = await groupId()
    const [{ entityId }] = (
      await world.send(
        tillCall(tillOf('homes'), 'POST', '/v2/transactions/bulk', [
          { identifierType: 'mobile', identifierValue: '9200', ...sale('b', { userGroup2Id: id }) },
        ]),
      )
    ).json<{ response: [{ entityId: number }] }>().response
    const earning = await world.send(tillCall(tillOf('homes'), 'GET', `/v2/earning/${entityId}`))
    expect(earning.json()).toMatchObject({
      lineItems: [
        {
          pointsEarningEntities: {
            entityId: Number(id),
            entityType: 'USERGROUP2',
            lineItemPoints: [{ currentPointsSummary: { availablePoints: 20 } }],
          },
        },
        {},
      ],
    })
  })
})

describe('the points of a group', () => {
  it('are read of any customer in it by entityType=FLEET, and of nobody else', async () => {
    const id = await customerId('9200')
    await post(sale('fleet', { userGroup2ExternalId: '1949' }))
    await post(sale('own', { billAmount: 50, lineItemsV2: [] }))
    const read = async (what: string, who: string | number = id) => {
      const url = what.replace('{id}', String(who))
      return (await world.send(tillCall(tillOf('homes'), 'GET', url))).json<Record<string, unknown>>()
    }
    const fleet = { entityId: Number(await groupId()), entityType: 'FLEET' }
    expect(await read('/v2/customers/points/balance/{id}?entityType=fleet')).toMatchObject({
      ...fleet,
      mainPoints: 30,
    })
    expect(await read('/v2/customers/points/balance/{id}')).toMatchObject({ entityId: id, mainPoints: 5 })
    const schedule = await read('/v2/customers/{id}/pointsExpirySchedule?entityType=FLEET')
    expect(schedule['expirySchedules']).toMatchObject([{ points: 30, pointsType: 'line_item_regular' }])
    expect(await read('/v2/customers/{id}/promisedPointsSchedule?entityType=FLEET')).toMatchObject({
      ...fleet,
      promisedPointsScheduleList: [],
    })
    expect(await read('/v2/customers/{id}/tierDetails?entityType=FLEET')).toMatchObject({
      ...fleet,
      programTiers: [{ currentTierName: 'NONE', nextTierSerialNumber: -1 }],
    })
    const alone = await read('/v2/customers/points/balance/{id}?entityType=FLEET', await customerId('9400'))
    expect(alone['errors']).toMatchObject([{ code: 1620 }])
  })
})

describe('what was bought for a group', () => {
  it('is told in the graph, of sales and of returns alike', async () => {
    const ofGroup = await post(sale('graph-1', { userGroup2ExternalId: '1949' }))
    const ofOwn = await post(sale('graph-2'))
    const { createdId } = await post({ type: 'RETURN', returnType: 'FULL', billNumber: 'graph-1' })
    const of = (alias: string, number: number) =>
      `${alias}: transaction(number: "${number}") { group { groupId name } }`
    const query = `{ ${of('a', ofGroup.createdId)} ${of('b', ofOwn.createdId)} ${of('c', createdId)} }`
    const answer = await world.send({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer homes-graphql', 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    expect(answer.json()).toMatchObject({
      data: {
        a: { group: { groupId: '1949', name: 'Household' } },
        b: { group: null },
        c: { group: { groupId: '1949' } },
      },
    })
  })

  it('comes back out of the wallet of the group, in whatever way', async () => {
    await post(sale('a', { userGroup2ExternalId: '1949' }))
    await post(sale('b', { userGroup2ExternalId: '1949' }))
    const part = await post(
      back('a', { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'shoe', qty: 1 }] }),
    )
    expect(effects(part)).toEqual([['USERGROUP2', -10]])
    expect(await wallets()).toEqual({ '1949': 50 })
    // Sold to the customer, and back from what was bought for the group.
    const mixed = await post(
      sale('c', {
        lineItemsV2: [
          { itemCode: 'coat', amount: 100 },
          { type: 'RETURN', returnType: 'FULL', parentBillNumber: 'b', itemCode: 'any' },
        ],
      }),
    )
    expect(codes(mixed.errors)).toEqual([])
    expect(await wallets()).toEqual({ '1949': 20, '9200': 10 })
  })

  it('is booked later for the group as well', async () => {
    await post(sale('a', { userGroup2ExternalId: '1949' }), '9200', '&use_async=true')
    await post(back('a', { returnType: 'AMOUNT', billAmount: 100 }), '9200', '&use_async=true')
    await world.app.server.inject({
      method: 'POST',
      url: '/admin/jobs/drain',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
      payload: { tenant: 'homes' },
    })
    expect(await wallets()).toEqual({ '1949': 20 })
    expect(await world.app.rows('select * from ledger_invariants where violations > 0')).toEqual([])
  })

  it('does not come back from who has left, unless the organization takes it', async () => {
    for (const org of ['homes', 'kept'])
      await post(sale('left', { userGroup2ExternalId: '1949' }), '9200', '', org)
    await world.app.apply({
      version: 1,
      tenants: [
        households('homes', 3201, {}, []),
        households('kept', 3202, { CONF_ALLOW_TRANSACTION_RETURN_AFTER_GROUP_TRANSITION: true }, []),
      ],
    })
    expect(codes((await post(back('left'))).errors)).toEqual([673])
    expect(effects(await post(back('left'), '9200', '', 'kept'))).toEqual([['USERGROUP2', -30]])
    expect([await wallets(), await wallets('kept')]).toEqual([{ '1949': 30 }, { '1949': 0 }])
    await world.app.apply({ version: 1, tenants: [households('homes', 3201, {})] })
  })
})

describe('a currency beside points', () => {
  beforeEach(() => world.reset('coins'))

  interface CoinsAdded extends Omit<Added, 'sideEffects' | 'rawSideEffects'> {
    readonly sideEffects: readonly object[]
    readonly rawSideEffects: readonly Readonly<Record<string, string>>[]
    readonly loyaltyDetails: readonly object[]
  }
  const add = async (body: object, more = '', who = '9200'): Promise<CoinsAdded> =>
    (await post(body, who, more, 'coins')) as unknown as CoinsAdded
  const drain = () =>
    world.app.server.inject({
      method: 'POST',
      url: '/admin/jobs/drain',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
      payload: { tenant: 'coins' },
    })
  /** What is in the wallets of each currency, by whose they are. */
  const coinsOf = async () => {
    const rows = await world.app.rows<{ name: string; available: string }>(
      `select concat_ws(' ', g.key, i.value, a.currency) as name, a.available from account a
         join tenants t using (tenant_id)
         left join groups g on g.tenant_id = a.tenant_id and g.group_id = a.group_id
         left join member_identities i on i.tenant_id = a.tenant_id and i.member_id = a.member_id and i.type = 'mobile'
        where t.key = 'coins' order by 1`,
    )
    return Object.fromEntries(rows.map(({ name, available }) => [name, Number(available) / 1000]))
  }
  const coin = (raw: number, awarded: number, more: object = {}) => ({
    type: 'alternate_currency',
    entityType: 'USER',
    customerId: expect.any(Number) as number,
    alternateCurrencyIdentifier: '9DxGBP',
    alternateCurrencyName: 'DocCoin',
    rawAwardedValue: raw,
    awardedValue: awarded,
    ...more,
  })

  it('is earned at its own rate, cut as points are, and explained award by award', async () => {
    const { sideEffects, rawSideEffects } = await add(
      sale('c-1', {
        lineItemsV2: [
          { itemCode: 'shoe', qty: 2, amount: 200.55 },
          { itemCode: 'hat', amount: 0 },
        ],
      }),
      '&rawSideEffects=true',
    )
    expect(sideEffects).toEqual([expect.objectContaining({ type: 'points' }), coin(66.783, 66.78)])
    expect(
      rawSideEffects.map(({ pointTypeName, alternateCurrencyIdentifier, points, awardOn }) => [
        pointTypeName,
        alternateCurrencyIdentifier,
        points,
        awardOn,
      ]),
    ).toEqual([
      ['Main', undefined, '20.050', 'BILL_LINEITEM'],
      ['Main', undefined, '0.000', 'BILL_LINEITEM'],
      ['DocCoin_REGULAR', '9DxGBP', '66.780', 'BILL_LINEITEM'],
      ['DocCoin_REGULAR', '9DxGBP', '0.000', 'BILL_LINEITEM'],
    ])
    expect(await coinsOf()).toEqual({ '9200 points': 20.05, '9200 currency:9DxGBP': 66.78 })
  })

  it('comes back with what earned it, in whatever steps, and never more than was earned', async () => {
    const lines = [{ itemCode: 'shoe', qty: 3, amount: 100.01 }]
    for (const billNumber of ['lines', 'money', 'whole', 'twice'])
      await add(sale(billNumber, { lineItemsV2: lines }))
    const values: unknown[] = []
    for (const step of [
      back('lines', { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'shoe', qty: 1 }] }),
      back('lines', { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'shoe', qty: 2 }] }),
      back('money', { returnType: 'AMOUNT', billAmount: 100 }),
      back('money', { returnType: 'AMOUNT', billAmount: 200 }),
      back('whole', { returnType: 'CANCELLED' }),
      // Two returns of one bill in one document: the line that says when it was bought is one of its own.
      back('document', {
        returnType: 'LINE_ITEM',
        lineItemsV2: [
          { parentBillNumber: 'twice', itemCode: 'shoe', qty: 1 },
          { parentBillNumber: 'twice', itemCode: 'shoe', qty: 2, purchaseTime: '2026-01-01' },
        ],
      }),
    ]) {
      const { errors, sideEffects } = await add(step)
      expect(errors).toEqual([])
      values.push(sideEffects.map((effect) => (effect as { awardedValue?: number }).awardedValue).at(-1))
    }
    expect(values).toEqual([-11.1, -22.2, -11.1, -22.2, -33.3, -33.3])
    expect(await coinsOf()).toEqual({ '9200 points': 0, '9200 currency:9DxGBP': 0 })
  })

  it('is netted in a mixed transaction, goes to the group where points do, and may fall below zero', async () => {
    await add(sale('own', { lineItemsV2: [{ itemCode: 'shoe', amount: 100 }] }))
    const mixed = await add(
      sale('mixed', {
        userGroup2ExternalId: '1949',
        lineItemsV2: [
          { itemCode: 'coat', amount: 50 },
          { type: 'RETURN', returnType: 'FULL', parentBillNumber: 'own', itemCode: 'any' },
        ],
      }),
    )
    expect(mixed.sideEffects).toEqual([
      expect.objectContaining({ type: 'points', awardedPoints: -5 }),
      coin(-16.65, -16.65, { entityType: 'USERGROUP2' }),
    ])
    expect(await coinsOf()).toEqual({
      '9200 points': 0,
      '9200 currency:9DxGBP': 0,
      '1949 points': 5,
      '1949 currency:9DxGBP': 16.65,
    })
  })

  it('is booked once with points that are queued, and taken back after them, also where a bill earns no points', async () => {
    // A hundredth of a unit of money earns a thousandth of a point, which is cut, and a third of a hundredth of a coin.
    const bills = [sale('queued'), sale('tiny', { billAmount: 0.04, lineItemsV2: [] })]
    for (const bill of bills) {
      const { warnings, sideEffects } = await add(bill, '&use_async=true')
      expect([codes(warnings), sideEffects]).toEqual([[687], []])
    }
    for (const bill of bills) await add(back(bill.billNumber))
    expect(await coinsOf()).toEqual({})
    await drain()
    expect(await coinsOf()).toEqual({ '9200 points': 0, '9200 currency:9DxGBP': 0 })
    const moved = await world.app.rows<{ moves: string }>(
      `select count(*) as moves from entry join account using (tenant_id, account_id) join tenants t using (tenant_id)
        where t.key = 'coins' and account.currency <> 'points'`,
    )
    expect(moved).toEqual([{ moves: '4' }])
    expect(await world.app.rows('select * from ledger_invariants where violations > 0')).toEqual([])
  })

  it('is earned by each item of a bulk call, and by none that is an import or an outlier', async () => {
    const item = (billNumber: string, more: object = {}) => ({
      ...sale(billNumber, more),
      identifierType: 'mobile',
      identifierValue: '9200',
    })
    const items = [item('b-1'), item('b-2', { outlierStatus: 'OUTLIER' }), item('b-1')]
    const answer = await world.send(tillCall(tillOf('coins'), 'POST', '/v2/transactions/bulk', items))
    const { response } = answer.json<{ response: readonly { result: Added; errors: Added['errors'] }[] }>()
    expect(response.map(({ result }) => result.sideEffects?.length)).toEqual([2, 0, undefined])
    expect(codes(response[2]!.errors)).toEqual([604])
    const skipped = tillCall(
      tillOf('coins'),
      'POST',
      '/v2/transactions?identifierName=mobile&identifierValue=9200',
      sale('b-3'),
    )
    await world.send({ ...skipped, headers: { ...skipped.headers, 'SKIP-DOWNSTREAM': 'true' } })
    expect(await coinsOf()).toEqual({ '9200 points': 30, '9200 currency:9DxGBP': 99.9 })
  })

  it('is told in the details of its customer and in the graph, and can still come back when its rate has ended', async () => {
    const { createdId, loyaltyDetails } = await add(sale('told'), '&points=MLP')
    expect(loyaltyDetails).toMatchObject([
      { programId: 3203, loyaltyPoints: 30 },
      { programId: 3213, loyaltyPoints: 0 },
    ])
    const details = await world.send(
      tillCall(
        tillOf('coins'),
        'GET',
        '/v2/customers/lookup/customerDetails?identifierName=mobile&identifierValue=9200&source=INSTORE&embed=alternateCurrencies',
      ),
    )
    const none = { available: 0, redeemed: 0, expired: 0, returned: 0, lifetime: 0, programId: 3203 }
    expect(details.json<{ alternateCurrencies: unknown }>().alternateCurrencies).toEqual([
      {
        ...none,
        alternateCurrencyIdentifier: '9DxGBP',
        alternateCurrencyName: 'DocCoin',
        available: 99.9,
        lifetime: 99.9,
      },
      { ...none, alternateCurrencyIdentifier: 'AIR', alternateCurrencyName: 'Miles' },
    ])
    const query = `{
      transaction(number: "${createdId}") {
        activities { kind points currency }
        member { alternateCurrencies { currency { identifier name } available earned reversed } }
      }
      programs { alternateCurrencies { identifier name } }
    }`
    const inGraph = await world.send({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer coins-graphql', 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const docCoin = { identifier: '9DxGBP', name: 'DocCoin' }
    const miles = { identifier: 'AIR', name: 'Miles' }
    expect(inGraph.json()).toMatchObject({
      data: {
        transaction: {
          activities: [
            { kind: 'AWARD', points: '30', currency: null },
            { kind: 'AWARD', points: '99.9', currency: '9DxGBP' },
          ],
          member: {
            alternateCurrencies: [
              { currency: docCoin, available: '99.9', earned: '99.9', reversed: '0' },
              { currency: miles, available: '0', earned: '0', reversed: '0' },
            ],
          },
        },
        programs: [{ alternateCurrencies: [docCoin, miles] }, { alternateCurrencies: [] }],
      },
    })
    await world.app.apply({ version: 1, tenants: [coins('0')] })
    expect((await add(sale('later'))).sideEffects).toEqual([expect.objectContaining({ type: 'points' })])
    expect((await add(back('told'))).sideEffects).toContainEqual(coin(-99.9, -99.9))
    await world.app.apply({ version: 1, tenants: [coins()] })
  })
})
