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
  describe('an order of one door that comes back through the other', () => {
    const place = async (id: string, over: object = {}) => {
      const order = {
        id,
        userId: 'user@domain.com',
        orderDetail: [
          { id: 'shirt', secondarykey: 'shirt-m', quantity: 3, unitPrice: 33.33 },
          { id: 'socks', quantity: 2, unitPrice: 5 },
        ],
        ...over,
      }
      const { body } = await inject(annexPost(SITE, '/api/3.0/orders', order))
      return Number(body['pointsAwarded'])
    }
    const back = (billNumber: string, over: object, more = '', who = '919740011122') =>
      inject({
        method: 'POST',
        url: `/v2/transactions?source=instore&identifierName=mobile&identifierValue=${who}${more}`,
        headers: { authorization: BASIC, 'content-type': 'application/json' },
        body: JSON.stringify({ type: 'RETURN', billNumber, ...over }),
      })
    const annexReturn = (orderId: string, orderDetail?: object[]) =>
      inject({
        ...annexPost(SITE, `/api/3.0/orders/${orderId}`, {
          status: 'return',
          ...(orderDetail && { orderDetail }),
        }),
        method: 'PATCH',
      })
    const seen = async (orderId: string) => {
      const data = await query(`{ ${TOM} { points { available lifetime } } order(orderId: "${orderId}") {
        status spent { amount } lines { productId quantity returnedQuantity canceledQuantity }
        returns { kind points amount { amount currency } lines { lineNo quantity }
          order { orderId } original { id } transaction { type billNumber points } } } }`)
      return data as unknown as {
        member: { points: { available: string } }
        order: { status: string; returns: { points: string }[] }
      }
    }
    const available = async () => Number((await seen('none')).member.points.available)

    it('takes lines of it by product or by second key, and one query shows order, return and wallet', async () => {
      const before = await available()
      expect(await place('there-and-back')).toBe(110)
      const returned = await back('there-and-back', {
        returnType: 'LINE_ITEM',
        lineItemsV2: [{ itemCode: 'shirt-m', qty: 1 }, { itemCode: 'socks' }, { itemCode: 'tax', amount: 3 }],
      })
      expect(returned).toMatchObject({
        status: 200,
        body: { sideEffects: [{ rawAwardedPoints: -38, awardedPoints: -38 }], warnings: [{ code: 688 }] },
      })
      expect(await seen('there-and-back')).toEqual({
        member: { points: { available: String(before + 72), lifetime: expect.any(String) as string } },
        order: {
          status: 'PLACED',
          spent: { amount: '71.66' },
          lines: [
            { productId: 'shirt', quantity: '3', returnedQuantity: '1', canceledQuantity: '0' },
            { productId: 'socks', quantity: '2', returnedQuantity: '1', canceledQuantity: '0' },
          ],
          returns: [
            {
              kind: 'LINE_ITEM',
              points: '38',
              amount: { amount: '38.33', currency: 'INR' },
              lines: [
                { lineNo: 1, quantity: '1' },
                { lineNo: 2, quantity: '1' },
              ],
              order: { orderId: 'there-and-back' },
              original: null,
              transaction: { type: 'RETURN', billNumber: 'there-and-back', points: '-38' },
            },
          ],
        },
      })
      const more = { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'socks', qty: 2 }] }
      expect((await back('there-and-back', more)).body).toMatchObject({ errors: [{ code: 629 }] })
      for (const [returnType, code] of [
        ['FULL', 639],
        ['CANCELLED', 639],
        ['AMOUNT', 635],
      ])
        expect((await back('there-and-back', { returnType, billAmount: 1 })).body).toMatchObject({
          errors: [{ code }],
        })
      expect((await annexReturn('there-and-back', [{ id: 'shirt', quantity: 3 }])).body).toMatchObject({
        errorCode: 'AC1007',
      })
      expect((await annexReturn('there-and-back')).body).toMatchObject({ pointsRemoved: 72 })
      expect(await available()).toBe(before)
      expect((await back('there-and-back', more)).body).toMatchObject({ errors: [{ code: 633 }] })
    })

    it('takes money of it pro rata, whatever its total was called, and the rest to the last point', async () => {
      const before = await available()
      expect(await place('by-money', { orderTotal: 220 })).toBe(110)
      const parts = ['22', '88', '0.02', '109.98']
      for (const [billAmount, left] of [
        [parts[0], 99],
        [parts[1], 55],
        [parts[2], 55],
        [parts[3], 0],
      ] as const) {
        expect((await back('by-money', { returnType: 'AMOUNT', billAmount })).body).toMatchObject({
          errors: [],
        })
        expect((await available()) - before).toBe(left)
      }
      expect(await seen('by-money')).toMatchObject({
        order: { status: 'RETURNED', spent: { amount: '0' }, returns: parts.map(() => ({ kind: 'AMOUNT' })) },
      })
      expect((await back('by-money', { returnType: 'AMOUNT', billAmount: 1 })).body).toMatchObject({
        errors: [{ code: 633 }],
      })
      expect((await annexReturn('by-money')).body).toMatchObject({ errorCode: 'AC1007' })
    })

    it.each([
      ['FULL', 'RETURNED', 633],
      ['CANCELLED', 'CANCELED', 614],
    ])('takes all of it as %s, once for both doors', async (returnType, status, code) => {
      const before = await available()
      const id = `whole-${returnType}`
      expect(await place(id)).toBe(110)
      expect((await back(id, { returnType })).body).toMatchObject({ sideEffects: [{ awardedPoints: -110 }] })
      expect(await available()).toBe(before)
      expect((await seen(id)).order).toMatchObject({ status, returns: [{ points: '110' }] })
      expect((await back(id, { returnType })).body).toMatchObject({ errors: [{ code }] })
      expect((await annexReturn(id)).body).toMatchObject({ errorCode: 'AC1007' })
    })

    it('is returned once when both doors bring it back at the same moment', async () => {
      const before = await available()
      await Promise.all(['race-0', 'race-1', 'race-2', 'race-3'].map((id) => place(id)))
      const answers = await Promise.all(
        ['race-0', 'race-1', 'race-2', 'race-3'].flatMap((id) => [
          annexReturn(id),
          back(id, { returnType: 'FULL' }),
          annexReturn(id),
          back(id, { returnType: 'FULL' }),
        ]),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(4)
      expect(await available()).toBe(before)
    })

    it('belongs to who bought it, lies after it, and keeps what was said of its lines', async () => {
      await query(`mutation { placeOrder(input: { identity: {door: "annex", type: "id", value: "user@domain.com"},
        orderId: "windows", lines: [
          {productId: "final", quantity: "1", unitPrice: "10", attributes: {returnable: false}}
          {productId: "late", quantity: "1", unitPrice: "10", attributes: {returnableDays: 0}}
          {productId: "open", quantity: "3", unitPrice: "10"}] }) { userErrors { code message } } }`)
      const line = (itemCode: string) => ({ returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode }] })
      const tomorrow = { billingDate: new Date(Date.now() + 80_000_000).toISOString() }
      const yesterday = { billingDate: new Date(Date.now() - 86_400_000).toISOString() }
      for (const [over, code, who] of [
        [line('final'), 674, undefined],
        [{ ...line('late'), ...tomorrow }, 674, undefined],
        [{ ...line('open'), ...yesterday }, 624, undefined],
        [{ returnType: 'FULL' }, 673, undefined],
        [line('unheard-of'), 688, undefined],
        [line('open'), 668, '919740000000'],
      ] as const)
        expect((await back('windows', over, '', who)).body).toMatchObject({ errors: [{ code }] })
      const dated = { ...line('open'), billingDate: new Date().toISOString() }
      expect((await back('windows', dated)).body).toMatchObject({ errors: [] })
      expect((await back('windows', dated)).body).toMatchObject({ errors: [{ code: 634 }] })
    })

    it("is taken as its member's where a return of nobody known names it, and no bill has the number", async () => {
      const before = await available()
      const points = await place('anonymous')
      const nobody = (over: object) =>
        inject({
          method: 'POST',
          url: '/v2/transactions',
          headers: { authorization: BASIC, 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'NOT_INTERESTED_RETURN', billNumber: 'anonymous', ...over }),
        })
      const line = { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'socks', qty: 2 }] }
      expect((await nobody(line)).body).toMatchObject({
        errors: [],
        warnings: [{ code: 9616 }, { code: 9615 }],
        customerInfo: { firstName: expect.any(String) as string },
        sideEffects: [{ type: 'points', awardedPoints: expect.any(Number) as number }],
      })
      expect((await nobody({ returnType: 'FULL' })).body).toMatchObject({ errors: [{ code: 639 }] })
      expect((await nobody({ ...line, id: '12345' })).body).toMatchObject({ errors: [{ code: 625 }] })
      expect(await available()).toBeLessThan(before + points)
      await back('anonymous', { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'shirt', qty: 3 }] })
      expect(await available()).toBe(before)
    })

    it('takes parts of several orders and sells something on one bill', async () => {
      const before = await available()
      await place('mixed-1')
      await place('mixed-2')
      const mixed = await postSale({
        type: 'REGULAR',
        billNumber: 'mixed-3',
        billAmount: 100,
        lineItemsV2: [
          { itemCode: 'new', amount: 1000, rate: 1000, qty: 1 },
          { type: 'RETURN', returnType: 'LINE_ITEM', parentBillNumber: 'mixed-1', itemCode: 'shirt', qty: 2 },
          { type: 'RETURN', returnType: 'FULL', parentBillNumber: 'mixed-2', itemCode: 'shirt', qty: 3 },
        ],
      })
      expect(mixed.body).toMatchObject({ errors: [], sideEffects: [{ awardedPoints: 100 - 67 - 110 }] })
      expect(await available()).toBe(before + 110 + 110 + 100 - 67 - 110)
      const refused = await postSale({
        type: 'REGULAR',
        billNumber: 'mixed-4',
        billAmount: 100,
        lineItemsV2: [
          { type: 'RETURN', returnType: 'LINE_ITEM', parentBillNumber: 'mixed-1', itemCode: 'socks' },
          { type: 'RETURN', returnType: 'FULL', parentBillNumber: 'mixed-2', itemCode: 'shirt' },
        ],
      })
      expect(refused.body).toMatchObject({ errors: [{ code: 633 }] })
      expect((await seen('mixed-1')).order.returns).toHaveLength(1)
    })

    it('gives points back in the background, once, also when the other door was there before', async () => {
      const before = await available()
      await place('later')
      const line = { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'shirt', qty: 1 }] }
      expect((await back('later', line, '&use_async=true')).body).toMatchObject({
        sideEffects: [],
        warnings: [{ code: 687 }],
      })
      await annexReturn('later', [{ id: 'shirt', quantity: 1 }])
      const admin = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' }
      await inject({
        method: 'POST',
        url: '/admin/jobs/drain',
        headers: admin,
        body: JSON.stringify({ tenant: 'demo', timeoutSeconds: 10 }),
      })
      expect(await available()).toBe(before + 110 - 67)
      expect((await seen('later')).order).toMatchObject({
        returns: [{ points: '33' }],
        spent: { amount: '43.33' },
      })
      // A plain import leaves the points where they are, and no later return takes them after all.
      const plain = {
        method: 'POST' as const,
        url: '/v2/transactions?source=instore&identifierName=mobile&identifierValue=919740011122',
        headers: { authorization: BASIC, 'content-type': 'application/json', 'skip-downstream': 'true' },
        body: JSON.stringify({ type: 'RETURN', billNumber: 'later', ...line }),
      }
      expect((await inject(plain)).status).toBe(200)
      expect(await available()).toBe(before + 110 - 67)
      expect(
        (await back('later', { returnType: 'LINE_ITEM', lineItemsV2: [{ itemCode: 'socks', qty: 2 }] }))
          .status,
      ).toBe(200)
      expect(await available()).toBe(before + 33)
    })

    it('leaves books that add up', async () => {
      expect(await app.rows('select * from ledger_invariants where violations <> 0')).toEqual([])
    })
  })
})
