import { annexPost, type Site } from '../../support/annex-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { assertLawful } from '../../support/ledger-world'
import { ANNEX_SITES, CONTRACT_SETUP } from '../setup'

const SITE: Site = ANNEX_SITES['demo']!

let world: DoorWorld

beforeAll(async () => {
  world = await openDoors(CONTRACT_SETUP)
})
afterAll(() => world.app.close())

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const line = { id: 'p1', quantity: 1, unitPrice: 10, secondarykey: 'k' }
const issuance = {
  orderId: 'i',
  userId: 'user@domain.com',
  actionId: 174,
  source: 'Web',
  coupon: 'c',
  orderTotalSpend: 1,
  orderTotalPoints: 5,
  orderDiscountAmount: 1,
  orderStatus: 'SHIP',
  pointType: 'Regular',
  orderDate: '2024-06-19',
  orderShipDate: '2024-06-19',
  storeId: 'IN12369',
  productDetails: [
    { productId: 'p1', productName: 'n', productQuantity: 1, productUnitPrice: 1, productPoints: 1 },
  ],
  orderAttribute: { a: 1 },
}

const points = {
  id: 'user@domain.com',
  activity: 'CREDIT',
  actionId: 100,
  customId: 'c',
  orderId: 'o',
  storeId: 'IN12369',
  credit: 5,
  reason: 'r',
  source: 's',
}

/** Every writing operation with a body that is whole. */
const OPERATIONS: readonly { readonly method: string; readonly path: string; readonly body: Json }[] = [
  {
    method: 'POST',
    path: '/orders',
    body: {
      id: 'b',
      userId: 'user@domain.com',
      orderDate: '2024-06-19T00:00:00Z',
      orderTotal: 1,
      discountAmount: 1,
      coupon: ['c'],
      status: 'HOLD',
      disregardHoldPeriod: 'NO',
      storeId: 'S',
      orderDetail: [{ ...line, netPrice: 1, coupon: 'c', autoDelivery: 'NO' }],
    },
  },
  { method: 'POST', path: '/points', body: { ...points, 'Credit[travel]': 1, actionAttribute: { a: 1 } } },
  {
    method: 'POST',
    path: '/points',
    body: {
      id: 'user@domain.com',
      activity: 'DEBIT',
      rewardId: '121',
      retry: 'NO',
      allowNegativePoints: '2',
      groupId: '91',
    },
  },
  {
    method: 'POST',
    path: '/points',
    body: {
      id: 'user@domain.com',
      activity: 'DEBIT',
      actionId: 8055,
      debit: 1,
      recipientData: { recipientId: 'rich@domain.com' },
    },
  },
  {
    method: 'POST',
    path: '/points',
    body: { id: 'user@domain.com', activity: 'DEBIT', actionId: 160, groupId: '91', debit: 1, userId: 'u' },
  },
  { method: 'POST', path: '/bulkpoints', body: { '1': points } },
  { method: 'POST', path: '/getbulkpoints', body: { '1': { id: 'user@domain.com' } } },
  {
    method: 'POST',
    path: '/users',
    body: {
      id: 'x@domain.com',
      email: 'x@domain.com',
      firstName: 'f',
      optInStatus: 'YES',
      optInDate: '2024-06-19T00:00:00+0000',
      status: 'ACTIVE',
      birthDate: '2000-01-01',
      extendedAttribute: { a: 1 },
    },
  },
  {
    method: 'PATCH',
    path: '/users/user@domain.com',
    body: {
      email: 'user@domain.com',
      lastName: 'l',
      phone: '1',
      optInStatus: 'YES',
      anniversaryDate: '2000-01-01',
    },
  },
  {
    method: 'POST',
    path: '/bulkpostorder',
    body: { '1': { id: 'b', userId: 'user@domain.com', orderDetail: [line] } },
  },
  {
    method: 'PATCH',
    path: '/orders/a',
    body: { orderId: 'a', status: 'return', disregardHoldPeriod: 'NO', orderDetail: [line] },
  },
  {
    method: 'PUT',
    path: '/orders/a',
    body: { orderId: 'a', status: 'add', disregardHoldPeriod: 'YES', orderDetail: [line] },
  },
  { method: 'POST', path: '/bulkpatchorder', body: [{ orderId: 'a', status: 'ship', orderDetail: [line] }] },
  { method: 'POST', path: '/orderdetails', body: { userId: 'user@domain.com', orderId: 'a', page: 1 } },
  {
    method: 'POST',
    path: '/cart',
    body: { userId: 'user@domain.com', appliedPoints: 1, productDetail: [line] },
  },
  {
    method: 'POST',
    path: '/manualspend',
    body: {
      id: 'user@domain.com',
      orderId: 'a',
      activity: 'CREDIT',
      credit: 1,
      adminEmail: 'a',
      reason: 'r',
    },
  },
  { method: 'POST', path: '/issuance', body: issuance },
  { method: 'PUT', path: '/issuance', body: { ...issuance, orderId: 'kept' } },
  {
    method: 'PATCH',
    path: '/issuance',
    body: { ...issuance, orderId: 'kept', orderStatus: 'Partial Return' },
  },
  { method: 'PATCH', path: '/issuance', body: { orderId: 'kept', orderStatus: 'Full Cancel' } },
  {
    method: 'POST',
    path: '/issuancedetails/user@domain.com',
    body: { orderId: 'kept', userId: 'u', page: 1 },
  },
]

const NONSENSE: readonly Json[] = [
  null,
  '',
  ' ',
  'x',
  'x'.repeat(300),
  'x'.repeat(70_000),
  '-1',
  -1,
  0,
  0.0000001,
  1e22,
  9007199254740991,
  '1e400',
  '99999999999999999999',
  true,
  [],
  [[]],
  [null],
  {},
  { '1': null },
  { '1': { '1': {} } },
  { toString: null, valueOf: 1, trim: 'x' },
  "'; drop table orders; --",
  '\u202e€😀',
  '{a,b}',
  '\\x',
  'NaN',
  'infinity',
  '2024-13-45',
  '0000-00-00 00:00:00',
]

/** Every body that differs from a whole one in one place: the place left out, or filled with nonsense. */
function* spoiled(body: Json): Generator<Json> {
  yield* NONSENSE
  if (typeof body !== 'object' || body === null) return
  for (const name of Object.keys(body)) {
    const at = (value: Json | undefined): Json => {
      const copy = structuredClone(body) as { [name: string]: Json }
      if (value === undefined) delete copy[name]
      else copy[name] = value
      return copy
    }
    yield at(undefined)
    for (const inner of spoiled((body as { [name: string]: Json })[name] ?? null)) yield at(inner)
  }
}

/** Everything that a call may write, as numbers that change with it. */
const STORED = `select
    (select count(*) || '/' || coalesce(sum(points), 0) || '/' || coalesce(sum(total), 0) from orders) orders,
    (select count(*) || '/' || sum(shipped + returned + canceled + debited) from order_lines) lines,
    (select count(*) from purchases) purchases, (select count(*) || '/' || md5(string_agg(i::text, '')) from issuances i) issuances,
    (select count(*) from entry) entries, (select count(*) from lot) lots, (select count(*) from points_requests) said,
    (select md5(string_agg(m::text, '' order by member_id)) from members m) members,
    (select count(*) || '/' || sum(spend) from memberships) standings, (select count(*) from member_identities) names,
    (select count(*) from reward_codes where issued_at is not null) codes`

describe('nonsense at every call', () => {
  it.each(
    OPERATIONS.map(
      ({ method, path, body }, index) => [`${method} ${path} (${index})`, method, path, body] as const,
    ),
  )(
    'is answered by %s in the words of the door, and breaks nothing',
    async (_name, method, path, body) => {
      await world.reset('demo')
      const send = (at: string, how: string, what: Json) =>
        world.send({ ...annexPost(SITE, `/api/3.0${at}`, JSON.stringify(what)), method: how })
      await send('/orders', 'POST', {
        id: 'a',
        userId: 'user@domain.com',
        orderDetail: [{ ...line, quantity: 1_000 }],
      })
      await send('/issuance', 'POST', {
        ...issuance,
        orderId: 'kept',
        orderTotalPoints: 900,
        orderTotalSpend: 900,
      })
      const codes = new Set<unknown>()
      let before = JSON.stringify(await world.app.rows(STORED))
      for (const each of spoiled(body)) {
        const answer = await send(path, method, each)
        const said = answer.json<{ errorCode?: string }>()
        const known =
          answer.statusCode === 200 ? said.errorCode === undefined : /^AC10\d\d$/.test(said.errorCode ?? '')
        if (answer.statusCode >= 500 || !known)
          throw new Error(`${JSON.stringify(each).slice(0, 300)}: ${answer.body}`)
        // Of a bulk each entry is refused for itself, inside an answer of success.
        const refused = answer.statusCode !== 200
        const after = JSON.stringify(await world.app.rows(STORED))
        if (refused && after !== before)
          throw new Error(`${JSON.stringify(each).slice(0, 300)} was refused and stored: ${answer.body}`)
        before = after
        for (const code of answer.body.match(/AC10\d\d/g) ?? []) codes.add(code)
      }
      expect(codes).toContain('AC1004')
      expect(codes).toContain('AC1007')
      await assertLawful(world.app.dataSource)
    },
    60_000,
  )
})
