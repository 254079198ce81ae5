import { annexHeaders, annexToken } from './annex-client'
import { basic } from './capillary-client'
import type { DoorRequest } from './door-world'
import type { VendorName } from './pinned-contract'
import { HERON, type Made, SAME, type Twin } from './twin-world'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** A call that is accepted as it stands; `n` makes its own keys new. */
export interface Good {
  readonly vendor: VendorName
  readonly method: string
  readonly path: readonly string[]
  readonly query: Readonly<Record<string, string>>
  readonly body: Json | undefined
}

const buyer = HERON.annexId
const line = { id: 'shoe', quantity: 2, unitPrice: '12.50', name: 'Shoe', categoryId: 'c', secondarykey: 'k' }
const product = {
  productId: 'p1',
  productName: 'Tea',
  productQuantity: 1,
  productUnitPrice: 10,
  productPoints: 5,
}

const annex = (method: string, path: string, body?: Json, query = {}): Good => ({
  vendor: 'annex',
  method,
  path: ['api', '3.0', ...path.split('/')],
  query,
  body,
})

const order = (n: number): Json => ({
  id: `o${n}`,
  userId: buyer,
  storeId: 'IN1',
  source: 'web',
  currency: 'INR',
  discountAmount: 1,
  coupon: 'C',
  orderDetail: [line, { id: 'sock', quantity: 1, unitPrice: 4 }],
})

const issuance = (n: number): Json => ({
  orderId: `i${n}`,
  userId: buyer,
  actionId: 174,
  source: 'Web',
  orderTotalSpend: 10,
  orderTotalPoints: 5,
  orderStatus: 'SHIP',
  pointType: 'Regular',
  orderDate: '2026-01-19',
  productDetails: [product],
  orderAttribute: { color: 'red' },
})

const annexCalls = (n: number): readonly Good[] => [
  annex('POST', 'orders', order(n)),
  annex('POST', 'bulkpostorder', { '1': order(n), '2': order(n + 1) }),
  annex('PATCH', `orders/${SAME.order}`, {
    orderId: SAME.order,
    status: 'ship',
    orderDetail: [{ ...line, quantity: 1 }],
  }),
  annex('PATCH', `orders/${SAME.order}`, {
    orderId: SAME.order,
    status: 'add',
    orderDetail: [{ ...line, id: `p${n}` }],
  }),
  annex('POST', 'bulkpatchorder', [
    { orderId: SAME.order, status: 'ship', orderDetail: [{ ...line, quantity: 1 }] },
  ]),
  annex('POST', 'orderdetails', { userId: buyer, orderId: SAME.order, page: 1 }),
  annex('POST', 'cart', { userId: buyer, appliedPoints: 1, productDetail: [line] }),
  annex('POST', 'manualspend', {
    id: buyer,
    orderId: SAME.order,
    activity: 'CREDIT',
    credit: 1,
    adminEmail: 'a',
    reason: 'r',
  }),
  annex('POST', 'issuance', issuance(n)),
  annex('PUT', 'issuance', { ...(issuance(n) as object), orderId: SAME.issuance }),
  annex('POST', `issuancedetails/${buyer}`, { orderId: SAME.issuance, page: 1 }),
  annex('POST', 'points', {
    id: buyer,
    actionId: 100,
    activity: 'CREDIT',
    credit: '2',
    reason: 'gift',
    customId: `x${n}`,
  }),
  annex('POST', 'points', { id: buyer, actionId: 101, activity: 'CREDIT', source: 'web', storeId: 'IN1' }),
  annex('POST', 'points', {
    id: buyer,
    activity: 'DEBIT',
    debit: 1,
    reason: 'spent',
    orderId: `d${n}`,
    retry: 'NO',
  }),
  annex('POST', 'points', { id: buyer, activity: 'DEBIT', rewardId: '122', reason: 'reward', source: 'web' }),
  annex('POST', 'points', {
    id: buyer,
    actionId: 8055,
    activity: 'DEBIT',
    debit: 1,
    recipientData: { recipientId: HERON.otherAnnexId },
  }),
  annex('POST', 'points', { id: buyer, actionId: 160, activity: 'CREDIT', debit: 1, groupId: 'g1' }),
  annex('POST', 'bulkpoints', {
    '1': { id: buyer, actionId: 100, activity: 'CREDIT', 'debit/credit': 1, reason: 'r' },
  }),
  annex('POST', 'users', {
    id: `new${n}@heron.example`,
    email: `new${n}@heron.example`,
    firstName: 'New',
    optInStatus: 'YES',
  }),
  annex('PUT', `orders/${SAME.order}`, {
    orderId: SAME.order,
    status: 'add',
    orderDetail: [{ ...line, id: `q${n}` }],
  }),
  annex('PUT', `users/${HERON.otherAnnexId}`, { lastName: 'Put' }),
  annex('PATCH', `users/${HERON.otherAnnexId}`, { firstName: 'Bob', phone: '123', birthDate: '1990-01-01' }),
  annex('PATCH', 'issuance', {
    ...(issuance(n) as object),
    orderId: SAME.issuance,
    orderStatus: 'Partial Return',
    orderTotalSpend: 1,
    orderTotalPoints: 1,
  }),
  annex('POST', 'getbulkpoints', { '1': { id: buyer } }),
  annex('GET', `points/${buyer}`),
  annex('GET', `pointsexpiry/${buyer}`, undefined, {
    start_date: '2026-01-01T00:00:00+0000',
    end_date: '2027-12-31T00:00:00+0000',
    aggregate_by: 'month',
    page: '1',
  }),
  annex('GET', `users/${buyer}/activity`, undefined, { page: '1' }),
  annex('GET', `users/${buyer}/reward`, undefined, { sort_by: 'a' }),
  annex('GET', 'secondaryuserorders', undefined, { userId: buyer, page: '1' }),
]

const capillary = (method: string, path: string, body?: Json, query = {}): Good => ({
  vendor: 'capillary',
  method,
  path: ['v2', ...path.split('/')],
  query,
  body,
})

const WHO = { identifierName: 'mobile', identifierValue: HERON.mobile, source: 'INSTORE' }
const IN_ITEM = { identifierType: 'mobile', identifierValue: HERON.mobile, source: 'INSTORE' }

const sale = (n: number): { readonly [name: string]: Json } => ({
  type: 'REGULAR',
  billNumber: `b${n}`,
  billAmount: '200',
  grossAmount: 210,
  discount: '10',
  note: 'a note',
  billingDate: '2026-01-05T10:00:00+05:30',
  currencyCode: 'INR',
  deliveryStatus: 'SHIPPED',
  paymentModes: [{ mode: 'Cash', value: 200, notes: 'n', attributes: { currency: 'INR' } }],
  extendedFields: { ship_first_name: 'Ram' },
  customFields: { a: 'b' },
  lineItemsV2: [
    {
      itemCode: 'tea',
      amount: 100.5,
      rate: 100.5,
      qty: 1,
      value: 100.5,
      discount: 0,
      serial: '1',
      description: 'd',
    },
    { itemCode: 'milk', amount: 99.5, rate: 99.5, qty: 1, returnable: true, returnableDays: 30 },
  ],
})

const giveBack = (n: number): Json => ({
  type: 'RETURN',
  returnType: 'LINE_ITEM',
  billNumber: SAME.bill,
  billAmount: 1,
  lineItemsV2: [{ itemCode: 'tea', qty: 1, amount: 1, rate: 1 }],
  note: `n${n}`,
})

const capillaryCalls = (n: number, made: Made): readonly Good[] => [
  capillary('POST', 'transactions', sale(n), { ...WHO, rawSideEffects: 'true', mlp: 'true' }),
  capillary('POST', 'transactions', { ...sale(n), type: 'NOT_INTERESTED', notInterestedReason: 'r' }),
  capillary('POST', 'transactions', giveBack(n), WHO),
  capillary('POST', 'transactions', sale(n), { ...WHO, use_async: 'true' }),
  capillary('POST', 'transactions/bulk', [
    { ...IN_ITEM, ...sale(n) },
    { ...IN_ITEM, ...sale(n + 1) },
  ]),
  capillary(
    'PUT',
    'transactions',
    {
      number: SAME.bill,
      deliveryStatus: 'DELIVERED',
      extendedFields: { ship_first_name: 'x' },
      lineItemsV2: [{ itemCode: 'tea', extendedFields: {} }],
    },
    WHO,
  ),
  capillary('PUT', 'transactions/bulk', [{ ...IN_ITEM, number: SAME.bill, deliveryStatus: 'PLACED' }]),
  capillary('GET', `transactions/${made.transactionId}`, undefined, {
    type: 'REGULAR',
    tenders: 'true',
    mlp: 'true',
    points_breakup: 'true',
  }),
  capillary('GET', `transactions/getByBillNumber/${SAME.bill}`),
  capillary('GET', `earning/${made.transactionId}`, undefined, { type: 'REGULAR' }),
  capillary(
    'POST',
    'customers',
    {
      profiles: [
        {
          firstName: 'New',
          lastName: 'One',
          identifiers: [{ type: 'mobile', value: `9198${String(n).padStart(8, '0').slice(-8)}` }],
          commChannels: [{ type: 'mobile', value: '919800000000', primary: true, verified: false }],
          fields: { gender: 'x' },
        },
      ],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      extendedFields: { city: 'x' },
    },
    { source: 'INSTORE' },
  ),
  capillary('GET', 'customers/lookup', undefined, WHO),
  capillary('GET', 'customers/lookup/customerDetails', undefined, { ...WHO, embed: 'points,mlp' }),
  capillary('GET', `customers/${HERON.customerId}`, undefined, { embed: 'points' }),
  capillary('GET', `customers/${HERON.customerId}/transactions`, undefined, {
    limit: '5',
    offset: '0',
    startDate: '2026-01-01',
    sort: 'DESC',
  }),
  capillary('GET', 'customers/points/balance', undefined, { ...WHO, programId: String(HERON.orgId) }),
  capillary('GET', 'customers/lookup/pointsExpirySchedule', undefined, {
    ...WHO,
    startDate: '2026-01-01',
    endDate: '2028-01-01',
  }),
  capillary('POST', `customers/${HERON.customerId}/redemptions`, {
    redemptionType: 'POINTS',
    points: 1,
    externalReferenceNumber: `r${n}`,
    commit: 'true',
  }),
  capillary('POST', 'points/reverse', {
    redemptionId: made.redemptionId,
    pointsToBeReversed: 1,
    identifier: { type: 'mobile', value: HERON.mobile },
  }),
  capillary('PUT', 'points/updateRedemption', {
    externalReferenceNumber: SAME.redemption,
    billNumber: SAME.bill,
    notes: 'n',
  }),
  capillary('POST', 'currencyratio', { currencyCode: 'USD', ratioInr: '83.1' }),
  capillary('GET', 'currencyratio', undefined, { currencyCode: 'USD' }),
]

export const goodCalls = (vendor: VendorName, n: number, made: Made): readonly Good[] =>
  vendor === 'annex' ? annexCalls(n) : capillaryCalls(n, made)

/** A call as a tenant's client sends it, whoever's things it names. */
export function requestOf({ vendor, method, path, query, body }: Good, { site, till }: Twin): DoorRequest {
  const encoded = path.map((part) => encodeURIComponent(part).replaceAll('%40', '@')).join('/')
  const asked = new URLSearchParams(query).toString()
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers =
    vendor === 'annex'
      ? annexHeaders(site, annexToken(site, text ?? JSON.stringify(path.at(-1))))
      : { authorization: basic(till), 'content-type': 'application/json' }
  return {
    method,
    url: `/${encoded}${asked && `?${asked}`}`,
    headers,
    ...(text === undefined ? {} : { body: text }),
  }
}
