import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld

const email = [{ type: 'email', value: 'ann+1@example.com', source: 'ECOMMERCE', accountId: '' }]
const shop = organization(
  'clients',
  3401,
  {},
  { oauthClients: [{ key: 'connector', secret: 'connector-secret', ttlSeconds: 300, till: 'clients.1' }] },
)

beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      { ...shop, members: [...shop.members, { ref: 'web', firstName: 'Web', identifiers: email }] },
      organization('flags', 3402, {
        CONF_MARK_ZERO_BILL_AS_OUTLIER: true,
        CONF_LOYALTY_MIN_BILL_LINEITEM_AMOUNT: '50',
      }),
    ],
  })
})
afterAll(() => world.app.close())

const till = async (method: string, url: string, body?: unknown, org = 'clients') => {
  const answer = await world.send(tillCall(tillOf(org), method, url, body))
  return { status: answer.statusCode, body: answer.json<Answer>() }
}

interface Answer {
  readonly createdId: number
  readonly errors: readonly { readonly code: number }[]
  readonly warnings: readonly { readonly code: number }[]
  readonly sideEffects: readonly object[]
}

// Section 24 of the contract: what public code of clients sends, and reads of the answers.
describe('clients as they are', () => {
  it('a till connector in C# sends four members, and reads what was earned with the id of the answer', async () => {
    const sold = await till(
      'POST',
      '/v2/transactions?identifierName=mobile&identifierValue=9100&source=instore',
      {
        type: 'REGULAR',
        returnType: 'AMOUNT',
        billAmount: '1250.50',
        billNumber: 'POS-0001',
      },
    )
    expect(sold.status).toBe(200)
    expect(sold.body.createdId).toBeGreaterThan(0)
    const earning = await till('GET', `/v2/earning/${sold.body.createdId}`)
    expect(earning).toMatchObject({
      status: 200,
      body: {
        billDetails: {
          pointsEarningEntities: { billPoints: [{ issuedPointsSummary: { redeemablePointsIssued: 125 } }] },
        },
      },
    })
  })

  it('a commerce connector sends strays and nulls with a token, and reads the first of the errors', async () => {
    const exchange = await world.send({
      method: 'POST',
      url: '/v3/oauth/token/generate',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ key: 'connector', secret: 'connector-secret' }),
    })
    const token = exchange.json<{ data: { accessToken: string } }>().data.accessToken
    const send = async (body: object) => {
      const answer = await world.send({
        method: 'POST',
        url: '//v2/transactions/?identifierName=email&identifierValue=ann%2B1%40example.com&source=ECOMMERCE&accountId=',
        headers: {
          'x-cap-api-oauth-token': token,
          'content-type': 'application/json',
          'accept-language': 'en',
        },
        body: JSON.stringify(body),
      })
      return { status: answer.statusCode, body: answer.json<Answer>() }
    }
    const order = {
      identifierType: 'email',
      identifierValue: 'ann+1@example.com',
      source: 'ECOMMERCE',
      accountId: null,
      type: 'REGULAR',
      billNumber: 'KIBO-77',
      billAmount: 220,
      discount: null,
      grossAmount: null,
      billingDate: '2026-01-05T10:00:00.000Z',
      note: null,
      kiboOrderId: '0f3a',
      currency: { iso: 'USD' },
      extendedFields: null,
      customFields: null,
      paymentModes: null,
      redemptions: null,
      lineItemsV2: [
        {
          itemCode: 'SKU1',
          qty: 2,
          rate: 100,
          amount: 200,
          discount: null,
          serial: null,
          attributes: null,
          img: {},
        },
      ],
    }
    const sold = await send(order)
    expect(sold).toMatchObject({
      status: 200,
      body: { errors: [], warnings: [], sideEffects: [{ awardedPoints: 20 }] },
    })
    expect(sold.body.errors[0]).toBeUndefined()
    const again = await send(order)
    expect(again).toMatchObject({ status: 400, body: { errors: [{ status: false, code: 604 }] } })
    const returned = await send({
      ...order,
      type: 'RETURN',
      returnType: 'LINE_ITEM',
      billNumber: 'KIBO-77-R1',
      billAmount: 110,
      purchaseTime: null,
      paymentModes: [{ mode: 'Cash', value: -110, notes: null }],
      lineItemsV2: [
        { itemCode: 'SKU1', qty: 1, amount: 100, parentBillNumber: 'KIBO-77' },
        { itemCode: 'TAX', qty: 1, amount: 10, parentBillNumber: 'KIBO-77' },
      ],
    })
    expect(returned).toMatchObject({
      status: 200,
      body: { errors: [], sideEffects: [{ awardedPoints: -10 }] },
    })
    expect(returned.body.warnings.map(({ code }) => code)).toEqual([688])
  })

  it('a dataflow of many items finds each answer by its bill number, and writes into its fields', async () => {
    const sent = Array.from({ length: 40 }, (_, n) => ({
      identifierType: 'mobile',
      identifierValue: n % 8 === 7 ? '0000' : '9100',
      source: 'INSTORE',
      type: 'REGULAR',
      // Every tenth repeats the one before it.
      billNumber: `FLT ${n % 10 === 9 ? n - 1 : n}/A`,
      billAmount: String(10 * (n + 1)),
      ...(n % 3 === 0 && { customFields: { seat: '12A' } }),
    }))
    const { status, body } = await till('POST', '/v2/transactions/bulk', sent)
    expect(status).toBe(200)
    const { response, totalCount, failureCount } = body as unknown as {
      totalCount: number
      failureCount: number
      response: {
        entityId?: number
        errors: { code: number }[]
        result: { billNumber: string; customFields: object; extendedFields: object }
      }[]
    }
    expect(response.map(({ result }) => result.billNumber)).toEqual(sent.map(({ billNumber }) => billNumber))
    const outcome = response.map(({ entityId, errors }) => (entityId ? 'stored' : errors[0]?.code))
    expect(outcome).toEqual(
      sent.map(({ identifierValue }, n) => {
        if (identifierValue === '0000') return 8015
        // The first of the pair was stored, unless its customer was unknown.
        return n % 10 === 9 && (n - 1) % 8 !== 7 ? 604 : 'stored'
      }),
    )
    for (const { result } of response) Object.assign(result.customFields, { seen: 1 })
    expect([totalCount, failureCount]).toEqual([40, outcome.filter((said) => said !== 'stored').length])
  })
})

describe('flags that mark what is out of the ordinary', () => {
  const sell = (body: object) =>
    till(
      'POST',
      '/v2/transactions?identifierName=mobile&identifierValue=9100',
      { type: 'REGULAR', ...body },
      'flags',
    )

  it('mark a bill of nothing, and a line that costs too little', async () => {
    const nothing = await sell({ billNumber: 'zero', billAmount: 0 })
    expect(nothing.body.warnings).toMatchObject([{ code: 9611 }])
    const cheap = await sell({
      billNumber: 'cheap',
      billAmount: 149,
      lineItemsV2: [
        { itemCode: 'bag', amount: 49 },
        { itemCode: 'hat', amount: 100 },
      ],
    })
    expect(cheap.body).toMatchObject({ warnings: [{ code: 9608 }], sideEffects: [{ awardedPoints: 10 }] })
    const said = await sell({ billNumber: 'said', billAmount: 0, outlierStatus: 'NORMAL' })
    expect(said.body.warnings).toEqual([])
  })
})
