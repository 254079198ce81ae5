import type { LightMyRequestResponse } from 'fastify'
import { annexGet, annexPost, type Site } from './annex-client'
import { tillCall, type Till } from './capillary-client'
import { type DoorRequest, sender } from './door-world'
import { startTestApp, type TestApp } from './test-app'

/** A tenant of a pair that looks alike: same keys and numbers wherever a tenant chooses them, but a word of its own in everything personal. */
export interface Twin {
  readonly key: string
  /** In every name, address, note and text of this tenant, and nowhere in the other. */
  readonly word: string
  readonly site: Site
  readonly till: Till
  readonly oauth: { readonly key: string; readonly secret: string }
  readonly apiKeys: { readonly reader: string; readonly writer: string; readonly admin: string }
  readonly orgId: number
  readonly annexId: string
  readonly mobile: string
  /** The buyer's number at the Capillary door. */
  readonly customerId: number
  /** Of the second member, who has nothing. */
  readonly otherAnnexId: string
  readonly otherMobile: string
}

const twin = (word: string, number: number): Twin => ({
  key: word,
  word,
  site: { siteId: `880000${number}`, secret: `${word}-annex-secret` },
  till: { code: `${word}.till`, password: `${word}-till-password` },
  oauth: { key: `${word}-oauth-key`, secret: `${word}-oauth-secret` },
  apiKeys: { reader: `${word}-reader-key`, writer: `${word}-writer-key`, admin: `${word}-admin-key` },
  orgId: 7000 + number,
  annexId: `buyer@${word}.example`,
  mobile: `91980000${number}001`,
  customerId: 700_000 + number,
  otherAnnexId: `second@${word}.example`,
  otherMobile: `91980000${number}002`,
})

export const HERON: Twin = twin('heron', 1)
export const IBIS: Twin = twin('ibis', 2)

/** Numbers that the doors gave to what a tenant bought. */
export interface Made {
  readonly transactionId: string
  readonly redemptionId: string
}

export interface TwinWorld {
  readonly app: TestApp
  readonly made: (tenant: Twin) => Made
  readonly send: (request: DoorRequest) => Promise<LightMyRequestResponse>
  /** Posts to the graph. */
  readonly ask: (query: string, variables?: object, credential?: string) => Promise<LightMyRequestResponse>
}

/** What both tenants have from the beginning; both bought the same through every door. */
export async function openTwins(environment: Readonly<Record<string, string>> = {}): Promise<TwinWorld> {
  const app = await startTestApp({ environment })
  await app.apply(TWIN_SETUP)
  const send = sender(app.server)
  const made = new Map<Twin, Made>()
  const world: TwinWorld = {
    app,
    send,
    made: (tenant) => made.get(tenant) ?? { transactionId: '', redemptionId: '' },
    ask: (query, variables = {}, credential) =>
      send({
        method: 'POST',
        url: '/graphql',
        headers: {
          'content-type': 'application/json',
          ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        },
        body: JSON.stringify({ query, variables }),
      }),
  }
  for (const tenant of [HERON, IBIS]) made.set(tenant, await buyThroughAllDoors(world, tenant))
  return world
}

/** The client-chosen keys that both tenants use. */
export const SAME = {
  order: 'order-1',
  issuance: 'issuance-1',
  bill: 'bill-1',
  redemption: 'redemption-1',
} as const

export const twinSale = (billNumber: string) => ({
  type: 'REGULAR',
  billNumber,
  billAmount: 2_000,
  lineItemsV2: [{ itemCode: 'tea', amount: 2_000, rate: 10, qty: 200 }],
})

async function buyThroughAllDoors(
  { send }: TwinWorld,
  { word, site, till, annexId, mobile, customerId }: Twin,
): Promise<Made> {
  const customer = `identifierName=mobile&identifierValue=${mobile}`
  const order = {
    id: SAME.order,
    userId: annexId,
    orderDetail: [{ id: 'shoe', quantity: 2, unitPrice: 50, secondarykey: 'k', description: `${word} shoe` }],
  }
  const issuance = {
    orderId: SAME.issuance,
    userId: annexId,
    actionId: 174,
    orderStatus: 'SHIP',
    orderTotalSpend: 10,
    orderTotalPoints: 10,
    orderAttribute: { note: `${word} issuance` },
  }
  const redemption = {
    redemptionType: 'POINTS',
    points: 50,
    externalReferenceNumber: SAME.redemption,
    notes: `${word} redemption`,
  }
  await said(send, annexPost(site, '/api/3.0/orders', order))
  await said(send, annexPost(site, '/api/3.0/issuance', issuance))
  const sale = { ...twinSale(SAME.bill), note: `${word} bill` }
  const { createdId } = await said(send, tillCall(till, 'POST', `/v2/transactions?${customer}`, sale))
  const redeemed = await said(
    send,
    tillCall(till, 'POST', `/v2/customers/${customerId}/redemptions`, redemption),
  )
  return { transactionId: String(createdId), redemptionId: String(redeemed['redemptionId']) }
}

async function said(send: TwinWorld['send'], request: DoorRequest): Promise<Record<string, unknown>> {
  const answer = await send(request)
  if (answer.statusCode !== 200) throw new Error(`${request.method} ${request.url} refused: ${answer.body}`)
  return answer.json<Record<string, unknown>>()
}

export const annexPoints = ({ site }: Twin, memberId: string): DoorRequest =>
  annexGet(site, `/api/3.0/points/${encodeURIComponent(memberId)}`, memberId)

const tenantOf = ({
  key,
  word,
  site,
  till,
  oauth,
  apiKeys,
  orgId,
  annexId,
  mobile,
  customerId,
  ...other
}: Twin) => ({
  key,
  name: `Shop of ${word}`,
  sandbox: true,
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
  apiKeys: [
    { name: 'reader', key: apiKeys.reader, scopes: ['read'] },
    { name: 'writer', key: apiKeys.writer, scopes: ['write'] },
    { name: 'admin', key: apiKeys.admin, scopes: ['read', 'write', 'admin'] },
  ],
  annex: { siteId: site.siteId, siteName: `Site of ${word}`, secrets: [site.secret, `${word}-annex-next`] },
  capillary: {
    orgId,
    region: 'india',
    tills: [{ code: till.code, store: `${word}-store`, password: till.password }],
    stores: [{ code: `${word}-store`, name: `Store of ${word}` }],
    oauthClients: [{ ...oauth, ttlSeconds: 300, till: till.code }],
    config: { Allow_points_redemption_reversal: true },
    extendedFields: { transaction: { ship_first_name: 'string' } },
    tenders: { Cash: ['currency'] },
  },
  programs: [
    {
      key: 'main',
      programId: orgId,
      title: `Program of ${word}`,
      default: true,
      pointsToCurrency: '0.5',
      expiry: { days: 365 },
      purchase: { actionId: 109, ratio: '1' },
      issuance: { actionId: 174 },
      transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
      actions: [{ actionId: 101, name: `Sign-up at ${word}`, award: 250 }],
      tiers: [
        { name: `Silver of ${word}`, minLifetimePoints: 0 },
        { name: `Gold of ${word}`, minLifetimePoints: 100_000 },
      ],
      rewards: [
        { rewardId: '121', name: `Reward of ${word}`, cost: 5, codes: [`${word}-code-1`, `${word}-code-2`] },
        { rewardId: '122', name: `Favor of ${word}`, cost: 5 },
      ],
    },
  ],
  stores: [{ storeId: 'IN1', storeName: `Annex store of ${word}` }],
  members: [
    {
      ref: 'buyer',
      firstName: `Ann-${word}`,
      lastName: `Lee-${word}`,
      email: annexId,
      annexId,
      capillaryId: customerId,
      identifiers: [{ type: 'mobile', value: mobile, source: 'INSTORE', accountId: '' }],
      credits: [{ ref: 'opening', points: 500, expires: 'never' }],
    },
    {
      ref: 'second',
      firstName: `Bob-${word}`,
      email: other.otherAnnexId,
      annexId: other.otherAnnexId,
      identifiers: [{ type: 'mobile', value: other.otherMobile, source: 'INSTORE', accountId: '' }],
    },
  ],
  groups: [{ groupId: 'g1', name: `Circle of ${word}`, owner: 'buyer', members: ['second'] }],
})

/** What of the buyer nobody but the tenant and the buyer may see. */
export const personalOf = (tenant: Twin): readonly string[] => [
  ...nameOf(tenant),
  ...['shoe', 'issuance', 'bill', 'redemption'].map((what) => `${tenant.word} ${what}`),
]

/** Who the buyer is: names and addresses. */
export const nameOf = ({ word, annexId, mobile }: Twin): readonly string[] => [
  ...[annexId, mobile, `Ann-${word}`, `Lee-${word}`],
]

/** What nobody outside the tenant may see. */
export const privateOf = (tenant: Twin): readonly string[] => [
  ...personalOf(tenant),
  ...['Bob-', 'Circle of ', 'Program of ', 'Store of ', 'Silver of ', 'Reward of ', 'Sign-up at '].map(
    (text) => `${text}${tenant.word}`,
  ),
]

export const TWIN_SETUP = { version: 1, tenants: [HERON, IBIS].map(tenantOf) }
