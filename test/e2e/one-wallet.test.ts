import { annexGet, annexPost } from '../support/annex-client'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ADMIN_KEY, startTestApp, type TestApp } from '../support/test-app'
import { readDocument } from '../../src/setup/read-document'

/** The demo's own setup without its past: what the README's calls meet. */
const demo = readDocument(readFileSync(join(__dirname, '../../setup/demo.yaml'), 'utf8')) as {
  tenants: Record<string, unknown>[]
}
delete demo.tenants[0]!['demoHistory']
const SITE = { siteId: '29235480', secret: 'demo-annex-secret' }
const BASIC = `Basic ${Buffer.from('store.server:8a16a6b70505eb1f1ff7cdc0cd5559a7').toString('base64')}`
/** As the readme says: the published vector of the vendor's manual. */
const PUBLISHED_VECTOR = 'c3RvcmUuc2VydmVyOjhhMTZhNmI3MDUwNWViMWYxZmY3Y2RjMGNkNTU1OWE3'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  await app.apply(demo)
})
afterAll(() => app.close())

async function inject(request: {
  method: string
  url: string
  headers?: Record<string, string>
  body?: string | Buffer
}) {
  const { body, method, ...rest } = request
  const answer = await app.server.inject({
    ...rest,
    method: method as 'GET',
    ...(body === undefined ? {} : { payload: body }),
  })
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.json<Record<string, unknown>>(),
  }
}

const sale = (changes: object = {}) => ({
  type: 'REGULAR',
  billNumber: 'num-1234',
  discount: '10',
  billAmount: '200',
  note: 'This is test',
  grossAmount: '110',
  deliveryStatus: 'SHIPPED',
  paymentModes: [
    { mode: 'Card Payment', value: 5104, notes: 'Sample notes', attributes: { card_type: 'Visa' } },
  ],
  extendedFields: { ship_first_name: 'Ram', ship_last_name: 'Singh', checkin_date: '2010-06-04 21:08:12' },
  customFields: { paymentmode: 'cash' },
  lineItemsV2: [
    { itemCode: 'sku_234_2', amount: 100.5, rate: 100.5, qty: 1.0, extendedFields: { MetalRate: '22.02' } },
    { itemCode: 'sku_sdf_10', amount: 100.5, rate: 100.5, qty: 1.0 },
  ],
  ...changes,
})

const postSale = (body: object, who = 'identifierName=mobile&identifierValue=919740011122') =>
  inject({
    method: 'POST',
    url: `/v2/transactions?source=instore&${who}`,
    headers: { authorization: BASIC, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function query(text: string) {
  const answer = await inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: 'Bearer demo-graphql-key', 'content-type': 'application/json' },
    body: JSON.stringify({ query: text }),
  })
  expect(answer.body['errors']).toBeUndefined()
  return answer.body['data'] as Record<string, never>
}

const TOM = `member(identity: {door: "annex", type: "id", value: "user@domain.com"})`

describe('one person at two doors', () => {
  it('earns into one wallet whose entries say why, and reaches a tier', async () => {
    expect(BASIC).toBe(`Basic ${PUBLISHED_VECTOR}`)
    const sold = await postSale(sale())
    expect(sold).toMatchObject({
      status: 200,
      body: { sideEffects: [{ type: 'points', rawAwardedPoints: 20.1, awardedPoints: 20 }] },
    })
    const ordered = await inject(
      annexPost(SITE, '/api/3.0/orders', {
        id: '12132ab',
        userId: 'user@domain.com',
        orderDetail: [
          { id: 'p1', quantity: 2, unitPrice: 230 },
          { id: 'p2', quantity: 1, unitPrice: 40 },
        ],
      }),
    )
    expect(ordered.body).toMatchObject({
      pointsAwarded: 500,
      updatedAvailablePoints: 520,
      previousTier: 'Silver',
      updatedUserTier: 'Gold',
    })

    const points = await inject(annexGet(SITE, '/api/3.0/points/user@domain.com', 'user@domain.com'))
    expect(points.body).toMatchObject({ availablePoints: 520, lifetimePoints: 520, usedPoints: 0 })

    const data = await query(`{ ${TOM} { id firstName tier { name } points { available lifetime }
      purchases { nodes { __typename points member { id } } }
      activities { nodes { kind points availableAfter sources { line points rule } purchase { __typename id } } } } }`)
    expect(data['member']).toMatchObject({
      firstName: 'Tom',
      tier: { name: 'Gold' },
      points: { available: '520', lifetime: '520' },
      purchases: {
        nodes: [
          { __typename: 'Order', points: '500' },
          { __typename: 'Transaction', points: '20' },
        ],
      },
      activities: {
        nodes: [
          {
            kind: 'AWARD',
            points: '500',
            availableAfter: '520',
            purchase: { __typename: 'Order' },
            sources: [
              { line: '1', points: '460' },
              { line: '2', points: '40' },
            ],
          },
          { kind: 'AWARD', points: '20', availableAfter: '20', purchase: { __typename: 'Transaction' } },
        ],
      },
    })
  })

  it('stores one of eight sales that bring the same bill number at once, and the balance is right', async () => {
    const before = await inject(annexGet(SITE, '/api/3.0/points/user@domain.com', 'user@domain.com'))
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        postSale(sale({ billNumber: 'twins', billAmount: 1000, lineItemsV2: [] })),
      ),
    )
    const stored = answers.filter(({ status }) => status === 200)
    expect(stored).toHaveLength(1)
    for (const { status, body } of answers.filter((answer) => !stored.includes(answer))) {
      expect(status).toBe(400)
      expect(body).toEqual({
        errors: [{ status: false, code: 604, message: expect.any(String) as string }],
        warnings: [],
      })
    }
    const after = await inject(annexGet(SITE, '/api/3.0/points/user@domain.com', 'user@domain.com'))
    expect(Number(after.body['availablePoints']) - Number(before.body['availablePoints'])).toBe(100)
  })

  it('is nobody to another tenant, at any door', async () => {
    const other = structuredClone(demo)
    Object.assign(other.tenants[0]!, {
      key: 'other',
      apiKeys: [{ name: 'front', key: 'other-graphql-key', scopes: ['read', 'write'] }],
      annex: { siteId: 'other-site', secrets: ['other-secret'] },
      capillary: {
        orgId: 7,
        region: 'eu',
        tills: [{ code: 'other.till', store: 's', password: 'server123' }],
      },
      stores: [],
      members: [],
    })
    await app.apply(other)
    const annex = await inject(
      annexGet(
        { siteId: 'other-site', secret: 'other-secret' },
        '/api/3.0/points/user@domain.com',
        'user@domain.com',
      ),
    )
    expect(annex).toMatchObject({ status: 404, body: { errorCode: 'AC1005' } })
    const till = await inject({
      method: 'POST',
      url: '/v2/transactions?source=instore&identifierName=mobile&identifierValue=919740011122',
      headers: {
        authorization: `Basic ${Buffer.from('other.till:8a16a6b70505eb1f1ff7cdc0cd5559a7').toString('base64')}`,
      },
      body: JSON.stringify(sale({ billNumber: 'foreign' })),
    })
    expect(till).toMatchObject({ status: 400, body: { errors: [{ code: 8015 }] } })
    const graph = await inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: 'Bearer other-graphql-key', 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${TOM} { id } members { nodes { id } } }` }),
    })
    expect(graph.body['data']).toEqual({ member: null, members: { nodes: [] } })
  })

  it('leaves no personal data, token or secret in the log', () => {
    const log = app.logged.join('\n')
    expect(log).toContain('capillary.addTransaction')
    for (const canary of [
      'user@domain.com',
      '919740011122',
      'Sawyer',
      'demo-annex-secret',
      'demo-graphql-key',
      PUBLISHED_VECTOR,
      '8a16a6b7',
      'Ram',
    ])
      expect(log).not.toContain(canary)
  })

  it('keeps books that add up', async () => {
    expect(await app.rows('select * from ledger_invariants where violations <> 0')).toEqual([])
  })

  it('buys through one, returns through the other, and the wallet is right', async () => {
    const admin = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' }
    await inject({ method: 'POST', url: '/admin/tenants/demo/reset', headers: admin, body: '{}' })
    const order = {
      id: 'both-1',
      userId: 'user@domain.com',
      orderDetail: [{ id: 'p1', quantity: 1, unitPrice: 50 }],
    }
    expect((await inject(annexPost(SITE, '/api/3.0/orders', order))).body).toMatchObject({
      pointsAwarded: 50,
    })
    expect((await postSale(sale({ billNumber: 'both-2' }))).status).toBe(200)
    const returned = await postSale({
      type: 'RETURN',
      returnType: 'LINE_ITEM',
      billNumber: 'both-2',
      lineItemsV2: [{ itemCode: 'sku_234_2', qty: 1 }],
    })
    expect(returned.body).toMatchObject({ errors: [], sideEffects: [{ awardedPoints: -10 }] })
    const data = await query(`{ ${TOM} { points { available lifetime }
      purchases(first: 3) { nodes { __typename points
        ... on Transaction { type returnOf { kind points amount { amount } original { billNumber } }
          returns { billNumber points lines { lineNo quantity amount { amount } } transaction { type } }
          lines { itemCode isReturn quantity quantityReturned } } } }
      activities(first: 3) { nodes { kind points availableAfter purchase { __typename } } } } }`)
    expect(data['member']).toEqual({
      points: { available: '60', lifetime: '60' },
      purchases: {
        nodes: [
          {
            __typename: 'Transaction',
            type: 'RETURN',
            points: '-10',
            returnOf: [
              {
                kind: 'LINE_ITEM',
                points: '10',
                amount: { amount: '100.5' },
                original: { billNumber: 'both-2' },
              },
            ],
            returns: [],
            lines: [{ itemCode: 'sku_234_2', isReturn: true, quantity: '1', quantityReturned: '0' }],
          },
          {
            __typename: 'Transaction',
            type: 'REGULAR',
            points: '20',
            returnOf: [],
            returns: [
              {
                billNumber: 'both-2',
                points: '10',
                lines: [{ lineNo: 1, quantity: '1', amount: { amount: '100.5' } }],
                transaction: { type: 'RETURN' },
              },
            ],
            lines: [
              { itemCode: 'sku_234_2', isReturn: false, quantity: '1', quantityReturned: '1' },
              { itemCode: 'sku_sdf_10', isReturn: false, quantity: '1', quantityReturned: '0' },
            ],
          },
          { __typename: 'Order', points: '50' },
        ],
      },
      activities: {
        nodes: [
          { kind: 'REVERSE', points: '-10', availableAfter: '60', purchase: { __typename: 'Transaction' } },
          { kind: 'AWARD', points: '20', availableAfter: '70', purchase: { __typename: 'Transaction' } },
          { kind: 'AWARD', points: '50', availableAfter: '50', purchase: { __typename: 'Order' } },
        ],
      },
    })
  })
})
