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

beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      households('homes', 3201, {}),
      households('kept', 3202, { CONF_ALLOW_TRANSACTION_RETURN_AFTER_GROUP_TRANSITION: true }),
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
