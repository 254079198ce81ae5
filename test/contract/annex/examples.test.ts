import { annexEndpoints } from '../../../src/rest/annex/endpoints'
import { annexGet, annexPost } from '../../support/annex-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { type Body, example, FRIEND, SETUP, SITE, TOM } from './reference'

let world: DoorWorld
beforeAll(async () => {
  world = await openDoors(SETUP)
})
afterAll(() => world.app.close())
beforeEach(() => world.reset('examples'))

const call = async (method: string, path: string, body: unknown) => {
  const answer = await world.send({ ...annexPost(SITE, `/api/3.0${path}`, body), method })
  return { status: answer.statusCode, body: answer.json<Body>() }
}
const done = async (method: string, path: string, body: unknown): Promise<Body> => {
  const answer = await call(method, path, body)
  const refused = answer.status !== 200 || JSON.stringify(answer.body).includes('errorCode')
  if (refused) throw new Error(`${JSON.stringify(body)} was refused: ${JSON.stringify(answer)}`)
  return answer.body
}

const LINE = { ...example('OrderLine'), id: 'p1', quantity: 2, unitPrice: 50 }
const ORDER: Body = {
  ...example('OrderCreate'),
  id: 'order-1',
  userId: FRIEND,
  email: FRIEND,
  orderDate: '2024-04-28T06:02:06+0000',
  status: 'HOLD',
  disregardHoldPeriod: 'YES',
  orderDetail: [LINE],
}
const ADD = { orderId: 'order-1', status: 'add', disregardHoldPeriod: 'NO', orderDetail: [LINE] }
const PRODUCT = { ...example('IssuanceProduct'), productQuantity: 1 }
const ISSUANCE: Body = {
  ...example('IssuanceCreate'),
  orderId: 'issuance-1',
  userId: TOM,
  orderTotalPoints: 90,
  orderTotalSpend: 90,
  orderStatus: 'SHIP',
  productDetails: [PRODUCT],
  orderAttribute: { giftWrap: 'yes' },
}

/** What was sent and comes back under its name as something else; null when nothing comes back at all. */
function notEchoed(sent: Body, answer: Body, besides: readonly string[] = []): readonly string[] | null {
  const names = Object.keys(sent).filter((name) => name in answer && !besides.includes(name))
  // Numbers may come as text and go as numbers: 100.50 is 100.5.
  const said = (value: unknown): string =>
    JSON.stringify(value)
      .replaceAll('"', '')
      .replace(/(\.\d*?)0+$/, '$1')
  return names.length === 0 ? null : names.filter((name) => said(answer[name]) !== said(sent[name]))
}

describe('each request of the reference, with every property that it has', () => {
  it('POST /orders and its bulk', async () => {
    const placed = await done('POST', '/orders', ORDER)
    expect(notEchoed(ORDER, placed, ['orderDetail'])).toEqual([])
    expect(notEchoed(LINE, (placed['orderDetail'] as Body[])[0]!)).toEqual([])
    const bulk = await done('POST', '/bulkpostorder', {
      1: { ...ORDER, id: 'order-2' },
      2: { ...ORDER, id: undefined, orderId: 'order-3', orderDetail: undefined, orderDetails: [LINE] },
    })
    expect(notEchoed({ ...ORDER, id: 'order-2' }, bulk['1'] as Body, ['orderDetail'])).toEqual([])
    expect(bulk['2']).toMatchObject({ id: 'order-3', pointsAwarded: 100 })
  })

  it.each(['PATCH', 'PUT'])('%s /orders/{orderId}, and its bulk, in both sets', async (method) => {
    await done('POST', '/orders', ORDER)
    const added = await done(method, '/orders/order-1', ADD)
    expect(notEchoed(LINE, (added['orderDetail'] as Body[])[1]!)).toEqual([])
    const bulk = await done('POST', '/bulkpatchorder', { 1: ADD })
    expect(notEchoed(LINE, ((bulk['1'] as Body)['orderDetail'] as Body[])[2]!)).toEqual([])
    for (const status of ['ship', 'return']) {
      const move = { orderId: 'order-1', status, disregardHoldPeriod: 'YES', orderDetail: [{ ...LINE }] }
      expect(await done(method, '/orders/order-1', move)).toMatchObject({ orderId: 'order-1', status })
    }
    await done(method, '/orders/order-1', { status: 'ship' })
  })

  it('POST /orderdetails and GET /secondaryuserorders tell all of it, bare and in a list', async () => {
    await done('POST', '/orders', ORDER)
    const one = await done('POST', '/orderdetails', { userId: FRIEND, orderId: 'order-1' })
    expect(notEchoed(ORDER, one, ['orderDetail', 'orderDate'])).toEqual([])
    expect(notEchoed(LINE, (one['orderDetail'] as Body[])[0]!)).toEqual([])
    expect(one).toMatchObject({ purchasePointType: 'Both', firstName: ORDER['firstName'] })
    const secondary = async (query: string) => {
      const answer = await world.send(annexGet(SITE, `/api/3.0/secondaryuserorders${query}`, FRIEND))
      return answer.json<Body>()
    }
    expect(await secondary(`?userId=${FRIEND}&orderId=order-1&page=1`)).toEqual(one)
    await done('POST', '/orders', { ...ORDER, id: 'order-2' })
    const page = await done('POST', '/orderdetails', { userId: FRIEND, page: 1 })
    expect(page).toMatchObject({ pages: 1, currentPage: 1, orders: [{ id: 'order-2' }, one] })
    expect(await secondary(`?userId=${FRIEND}`)).toEqual(page)
  })

  it('POST /cart and POST /manualspend', async () => {
    const line = { ...example('CartLine'), quantity: 2, unitPrice: 50, points: 7 }
    const cart = await done('POST', '/cart', {
      ...example('CartRequest'),
      userId: TOM,
      appliedPoints: 10,
      productDetail: [line],
    })
    expect(cart['productDetail']).toEqual([expect.objectContaining({ points: 100 })])
    await done('POST', '/orders', ORDER)
    const spend = { ...example('ManualSpend'), id: FRIEND, orderId: 'order-1', activity: 'CREDIT', credit: 5 }
    const more = await done('POST', '/manualspend', spend)
    expect(more).toMatchObject({ orderId: 'order-1', pointsAwarded: 5 })
    const less = { orderId: 'order-1', activity: 'DEBIT', debit: 5, adminEmail: 'a@b.co', reason: 'undo' }
    expect(await done('POST', '/manualspend', less)).toMatchObject({ pointsRemoved: 5 })
  })

  it('POST, PATCH and PUT /issuance, and POST /issuancedetails', async () => {
    const made = await done('POST', '/issuance', ISSUANCE)
    expect(notEchoed(ISSUANCE, made, ['productDetails'])).toEqual([])
    expect(notEchoed(PRODUCT, (made['productDetails'] as Body[])[0]!)).toEqual([])
    const rewritten = await done('PUT', '/issuance', { ...ISSUANCE, orderTotalPoints: 100 })
    expect(notEchoed(PRODUCT, (rewritten['productDetails'] as Body[])[0]!)).toEqual([])
    const part = { ...ISSUANCE, orderStatus: 'PARTIAL RETURN', orderTotalPoints: 10, orderTotalSpend: 10 }
    const returned = await done('PATCH', '/issuance', part)
    expect(notEchoed(PRODUCT, (returned['productDetails'] as Body[])[0]!)).toEqual([])
    const read = await done('POST', `/issuancedetails/${TOM}`, {
      orderId: 'issuance-1',
      userId: TOM,
      page: 1,
    })
    expect(notEchoed(PRODUCT, (read['productDetails'] as Body[])[0]!)).toEqual([])
    await done('POST', '/issuance', { ...ISSUANCE, orderId: 'issuance-2' })
    const list = await done('POST', `/issuancedetails/${TOM}`, { userId: TOM })
    const [newest] = list['issuanceDetail'] as Body[]
    expect(notEchoed({ ...ISSUANCE, orderId: 'issuance-2' }, newest!, ['productDetails'])).toEqual([])
    expect(notEchoed(PRODUCT, (newest!['productDetails'] as Body[])[0]!)).toEqual([])
  })

  it('GET /users/{memberId}/reward shows where a reward is', async () => {
    const url = `/api/3.0/users/${TOM}/reward?sort_by=rewardSequence`
    const rewards = (await world.send(annexGet(SITE, url, TOM))).json<Body>()
    expect(rewards['rewardDetail']).toEqual([
      expect.objectContaining({
        rewardId: '121',
        eligible: 'YES',
        rewardUrl: 'https://shop.example/121',
        rewardImageUrl: 'https://shop.example/121.png',
      }),
    ])
  })

  it('POST /points in its seven variants', async () => {
    // A group that is named pays: it is given something first.
    await done('POST', '/points', { ...example('PointsMemberToGroup'), id: TOM, debit: 1000 })
    const VARIANTS: readonly (readonly [string, Body])[] = [
      ['PointsRedeemReward', { rewardId: '121' }],
      ['PointsRedeemCustom', { customId: 'gadget02' }],
      ['PointsAward', { customId: 'gadget03' }],
      ['PointsCustom', { activity: 'CREDIT', credit: 435, debit: undefined, customId: 1022 }],
      ['PointsCustom', { activity: 'DEBIT', credit: undefined, debit: 100, customId: 1023 }],
      ['PointsMemberToGroup', {}],
      ['PointsGroupToMember', { userId: FRIEND }],
      ['PointsMemberToMember', {}],
    ]
    for (const [name, fix] of VARIANTS) {
      const sent: Body = { ...example(name), id: TOM, ...fix }
      // The captions of the reference merge names that are sent apart.
      for (const merged of ['credit or debit', 'Credit[bucketName]', 'TierCredit[bucketName]']) {
        if (merged in sent && sent['activity'] === 'DEBIT') delete sent[merged]
      }
      const answer = await done('POST', '/points', sent)
      expect(
        notEchoed(sent, answer, ['activity', 'storeDetails', 'recipientData', 'debit', 'credit']),
      ).toEqual([])
    }
  })

  it('POST /bulkpoints and POST /getbulkpoints', async () => {
    const item: Body = { ...example('BulkPointsItem'), id: TOM, actionId: 100, activity: 'CREDIT' }
    for (const amount of ['debit/credit', 'credit/debit', 'credit or debit', 'debit']) delete item[amount]
    const bulk = await done('POST', '/bulkpoints', {
      1: { ...item, customId: 'a', credit: 100 },
      2: { ...item, customId: 'b', credit: undefined, activity: 'DEBIT', debit: 50 },
      3: { ...item, customId: 'c', credit: undefined, 'debit/credit': 10 },
    })
    expect(bulk).toMatchObject({
      1: { 'credit/debit': 100, pointsAwarded: 100, storeDetails: { storeName: 'SHELL' } },
      2: { 'credit/debit': 50, pointsDeducted: 50 },
      3: { 'credit/debit': 10, pointsAwarded: 10 },
    })
    const read = await done('POST', '/getbulkpoints', { 1: { id: TOM }, 2: { id: FRIEND } })
    expect(read).toMatchObject({
      1: { id: TOM, availablePoints: 100_060 },
      2: { groupDetails: { groupId: '91' } },
    })
  })

  it.each(['PATCH', 'PUT'])('POST /users, and %s /users/{memberId}', async (method) => {
    const user = {
      ...example('UserCreate'),
      id: 'new@domain.com',
      email: 'new@domain.com',
      optInStatus: 'YES',
    }
    const made = await done('POST', '/users', user)
    expect(notEchoed(user, made, ['optInDate', 'createDate', 'updateDate'])).toEqual([])
    const change = {
      ...example('UserUpdate'),
      id: 'new@domain.com',
      email: 'new2@domain.com',
      lastName: 'Finn',
    }
    const changed = await done(method, '/users/new@domain.com', change)
    expect(notEchoed(change, changed, ['optInDate', 'createDate', 'updateDate'])).toEqual([])
  })
})

describe('each call of the door', () => {
  const PATHS = { ':memberId': 'nobody@domain.com', ':orderId': 'nothing' }
  const pathOf = (path: string): string =>
    Object.entries(PATHS).reduce((text, [part, value]) => text.replace(part, value), path)
  const send = (method: string, path: string, body: unknown, twist?: object) => {
    const id = path.split('/').at(-1)!.split('?')[0]!
    const url = `/api/3.0${path}`
    return world.send(
      method === 'GET' ? annexGet(SITE, url, id, twist) : { ...annexPost(SITE, url, body, twist), method },
    )
  }

  it.each(annexEndpoints.map(({ method, path }) => [method, path]))(
    '%s %s wants a signature, refuses nonsense, and knows nobody',
    async (method, path) => {
      const isGet = method === 'GET'
      const query = '?start_date=2024-01-01T00:00:00Z&end_date=2025-01-01T00:00:00Z&aggregate_by=month&page=1'
      const body = path.startsWith('/users') ? { firstName: 'x' } : { status: 'ship' }
      const refusals = [
        await send(method, pathOf(path), {}, { secret: 'another' }),
        ...(isGet ? [] : [await send(method, pathOf(path), '')]),
        ...(path.includes(':') ? [await send(method, `${pathOf(path)}${isGet ? query : ''}`, body)] : []),
        ...(path.includes(':memberId') ? [await send(method, path.replace(':memberId', '%00'), body)] : []),
      ]
      expect(refusals.map((refusal) => [refusal.statusCode, refusal.json<Body>()['errorCode']])).toEqual([
        [401, 'AC1002'],
        ...(isGet ? [] : [[400, 'AC1004']]),
        ...(path.includes(':') ? [[404, 'AC1005']] : []),
        ...(path.includes(':memberId') ? [[400, 'AC1007']] : []),
      ])
      const other = await send('DELETE', pathOf(path), '')
      expect([other.statusCode, other.json<Body>()['errorCode']]).toEqual([405, 'AC1003'])
      expect(other.headers['allow']).toContain(method)
    },
  )

  it.each(['/users/user@domain.com/activity', '/secondaryuserorders'])(
    'GET %s refuses a page that is none',
    async (path) => {
      const answer = await send('GET', `${path}?page=none`, null)
      expect([answer.statusCode, answer.json<Body>()['errorCode']]).toEqual([400, 'AC1007'])
    },
  )
})
