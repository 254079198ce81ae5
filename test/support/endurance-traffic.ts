import { annexGet, annexPost, type Site } from './annex-client'
import { tillCall } from './capillary-client'
import { type Shot, shotOf } from './load'

export const GRAPH_KEY = 'endurance-graph'
export const SITE: Site = { siteId: 'endurance', secret: 'endurance-secret' }
export const TILL = { code: 'till', password: 'till' }
export const MEMBERS = 60

/** Reads and writes through every door, over and over; writes are named `PREFIX-…`, each only once. */
export function traffic(prefix: string): () => Shot {
  let n = 0
  return () => {
    const kind = KINDS[n % KINDS.length]!
    return kind(
      `m${(n * 7) % MEMBERS}@example.com`,
      `91900${String((n * 7) % MEMBERS).padStart(7, '0')}`,
      `${prefix}-${n++}`,
    )
  }
}

/** Only what earns points, at the Annex door: the heaviest of the common requests. */
export function orders(prefix: string, members = MEMBERS): () => Shot {
  let n = 0
  return () => placeOrder(`m${(n * 7) % members}@example.com`, '', `${prefix}-${n++}`)
}

type Kind = (email: string, mobile: string, name: string) => Shot

const placeOrder: Kind = (userId, _mobile, id) =>
  shotOf(
    'annex',
    annexPost(SITE, '/api/3.0/orders', {
      id,
      userId,
      orderDetail: [{ id: 'p', quantity: 1, unitPrice: 7 }],
    }),
    id,
  )

const readPoints: Kind = (email) => shotOf('annex', annexGet(SITE, `/api/3.0/points/${email}`, email))

const sell: Kind = (_email, mobile, billNumber) =>
  shotOf(
    'capillary',
    tillCall(
      TILL,
      'POST',
      `/v2/transactions?source=instore&identifierName=mobile&identifierValue=${mobile}`,
      {
        type: 'REGULAR',
        billNumber,
        billAmount: '100',
        lineItemsV2: [{ itemCode: 'sku', amount: 100, rate: 100, qty: 1 }],
      },
    ),
    billNumber,
  )

const graph = (query: string, name?: string): Shot =>
  shotOf(
    'graphql',
    {
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${GRAPH_KEY}`, 'content-type': 'application/json' },
      body: query,
    },
    name,
  )

const identity = (email: string) => ({ door: 'annex', type: 'id', value: email })

const readWallet: Kind = (email) =>
  graph(
    JSON.stringify({
      operationName: 'SoakWallet',
      query: `query SoakWallet($of: IdentityInput!) { member(identity: $of) { firstName tier { name }
        points { available lifetime } activities(first: 5) { nodes { kind points } } } }`,
      variables: { of: identity(email) },
    }),
  )

const readMembers: Kind = () =>
  graph(
    JSON.stringify({
      operationName: 'SoakMembers',
      query: `query SoakMembers { members(first: 20) { nodes { firstName tier { name } activities(first: 5) { nodes { kind points } } } } }`,
    }),
  )

const redeem: Kind = (email, _mobile, name) =>
  graph(
    JSON.stringify({
      operationName: 'SoakRedeem',
      query: `mutation SoakRedeem($input: RedeemPointsInput!) { redeemPoints(input: $input) { balance { available } userErrors { code } } }`,
      variables: { input: { identity: identity(email), points: '5', idempotencyKey: name } },
    }),
    name,
  )

const KINDS: readonly Kind[] = [
  placeOrder,
  readWallet,
  sell,
  readPoints,
  redeem,
  readMembers,
  placeOrder,
  readWallet,
]
