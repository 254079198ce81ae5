import fc from 'fast-check'
import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { CAPILLARY_SETUP, organization, SECOND_TILL, TILL, tillOf } from './capillary-setup'

let world: DoorWorld

beforeAll(async () => {
  const second = { key: 'second', programId: 77, title: 'Second' }
  const shop = CAPILLARY_SETUP.tenants.find(({ key }) => key === 'shop')!
  const both = {
    ...structuredClone(shop),
    identityLinking: ['email'],
    annex: { siteId: '77', secrets: ['annex-secret'] },
    programs: [...shop.programs, second],
  }
  world = await openDoors({ version: 1, tenants: [both, organization('other', 2201, {})] })
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.moveTo('shop', 'real time')
  await world.reset('shop')
})

interface Reply {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: Body
}
interface Body {
  readonly createdId: number
  readonly entity: number
  readonly errors: readonly { readonly code: number }[]
  readonly warnings: readonly { readonly code: number }[]
  readonly [name: string]: unknown
}

async function send(method: string, url: string, body?: unknown, till = TILL): Promise<Reply> {
  const answer = await world.send(tillCall(till, method, url, body))
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

const get = (url: string, till = TILL) => send('GET', url, undefined, till)
const codes = ({ body }: Reply): number[] => body.errors.map(({ code }) => code)
const warned = ({ body }: Reply): number[] => body.warnings.map(({ code }) => code)
const TOM = 98662653
const person = (identifiers: object[], more: object = {}, rest: object = {}) => ({
  profiles: [{ firstName: 'Ann', lastName: 'Lee', identifiers, source: 'INSTORE', ...more }],
  loyaltyInfo: { loyaltyType: 'loyalty' },
  ...rest,
})
const mobile = (value: string) => ({ type: 'mobile', value })
const register = (body: unknown, query = '') => send('POST', `/v2/customers${query}`, body)
const lookup = (query: string, what = '') => get(`/v2/customers/lookup${what}?${query}`)
const sell = (billNumber: string, amount: number, more: object = {}, customer = TOM) =>
  send('POST', `/v2/transactions?identifierName=id&identifierValue=${customer}`, {
    type: 'REGULAR',
    billNumber,
    billAmount: amount,
    ...more,
  })

describe('registering a customer', () => {
  it('makes a customer who can be looked up, buy and be read', async () => {
    const body = person(
      [
        mobile('919010000022'),
        { type: 'CARD', value: 'C-1', cardExternalId: 'X-1', seriesId: 19, statusLabel: 'ACTIVE' },
      ],
      { fields: { employee: 'true' }, commChannels: [{ type: 'mobilePush', value: 'abc' }] },
      { createDate: '2026-01-02T10:00:00+05:30', extendedFields: { city: 'Pune' }, associatedWith: 'till.2' },
    )
    const answer = await register(body)
    expect(answer).toMatchObject({
      status: 200,
      headers: { till: 'till.2', org_id: '100458' },
      body: { createdId: expect.any(Number) as number, warnings: [], sideEffects: [] },
    })
    const id = answer.body.createdId
    const query = 'identifierName=mobile&identifierValue=919010000022&source=INSTORE'
    expect((await lookup(query)).body).toEqual({ entity: id, warnings: [], errors: [] })
    expect((await lookup('identifierName=cardnumber&identifierValue=C-1&source=WEBSITE')).body.entity).toBe(
      id,
    )
    expect((await lookup('identifierName=cardExternalId&identifierValue=X-1')).body.entity).toBe(id)
    expect((await sell('b-1', 200, {}, id)).status).toBe(200)
    expect((await get(`/v2/customers/${id}?embed=points,mlp,customerStatus`)).body).toMatchObject({
      id,
      profiles: [
        {
          firstName: 'Ann',
          lastName: 'Lee',
          attribution: {
            createDate: '2026-01-02T10:00:00+05:30',
            createdBy: { id: expect.any(Number) as number, code: 'till.2', type: 'TILL' },
          },
          fields: { employee: 'true' },
          identifiers: [
            { type: 'mobile', value: '919010000022' },
            { type: 'cardnumber', value: 'C-1', seriesId: '19', statusLabel: 'ACTIVE' },
            { type: 'cardExternalId', value: 'X-1' },
          ],
          commChannels: [{ type: 'mobilePush', value: 'abc' }],
          source: 'INSTORE',
          accountId: '',
          userId: id,
        },
      ],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      segments: {},
      extendedFields: { city: 'Pune' },
      pointsSummary: { loyaltyPoints: 20, lifetimePoints: 20, cumulativePurchases: 200, programId: 1016 },
      loyaltyProgramDetails: [{ programId: 77 }, { programId: 1016, loyaltyPoints: 20 }],
      customerStatus: { status: 'ACTIVE' },
      warnings: [],
    })
  })

  it('adds a source to a customer whom another source knows, tells of it, and changes nothing', async () => {
    const first = await register(person([mobile('9201')], {}, { extendedFields: { city: 'Pune' } }))
    const app = person([mobile(' 9201 '), { type: 'cuid', value: 'cu-1' }], {
      firstName: 'Annette',
      source: 'mobile_app',
      accountId: '400',
    })
    const second = await register({ ...app, extendedFields: { city: 'Delhi' } })
    expect(second).toMatchObject({ status: 200, body: { createdId: first.body.createdId } })
    expect(warned(second)).toEqual([8050])
    const { body } = await get(`/v2/customers/${first.body.createdId}`)
    expect(body).toMatchObject({
      profiles: [
        { source: 'INSTORE', firstName: 'Ann' },
        { source: 'MOBILE_APP', accountId: '400', firstName: 'Annette' },
      ],
      extendedFields: { city: 'Pune' },
    })
    expect(
      await world.app.rows('select first_name from members where member_id = $1', [first.body.createdId]),
    ).toEqual([{ first_name: 'Ann' }])
  })

  it('joins the member whom the Annex door knows by the linking key', async () => {
    const [annex] = await world.app.rows<{ member_id: string }>(
      `insert into members (tenant_id, email, status, joined_at)
       select tenant_id, 'joint@example.com', 'ACTIVE', now() from tenants where key = 'shop' returning member_id`,
    )
    await world.app.rows(
      `insert into member_links (tenant_id, kind, normalized, member_id)
       select tenant_id, 'email', 'joint@example.com', $1 from tenants where key = 'shop'`,
      [annex!.member_id],
    )
    const answer = await register(person([{ type: 'email', value: 'Joint@Example.com' }]))
    expect(answer.body.createdId).toBe(Number(annex!.member_id))
    expect(warned(answer)).toEqual([8050])
  })

  it('refuses an identifier that the source knows, and identifiers of customers who are apart', async () => {
    expect(codes(await register(person([mobile('919740011122')])))).toEqual([8008])
    const apart = person([mobile('919740011122'), mobile('9101')], { source: 'WEBSITE' })
    expect(codes(await register(apart))).toEqual([8053])
    expect((await register(person([mobile('9202')]))).status).toBe(200)
    expect(codes(await register(person([mobile('9202')])))).toEqual([8008])
  })

  it('makes one customer of two registrations that meet, whatever their sources', async () => {
    const bodies = ['INSTORE', 'WEBSITE', 'ECOMMERCE', 'INSTORE'].map((source) =>
      person([mobile('9203'), { type: 'externalId', value: 'E-3' }], { source }),
    )
    const answers = await Promise.all(bodies.map((body) => register(body)))
    const made = answers.filter(({ status }) => status === 200)
    expect(made).toHaveLength(3)
    expect(new Set(made.map(({ body }) => body.createdId)).size).toBe(1)
    expect(made.filter((answer) => warned(answer).includes(8050))).toHaveLength(2)
    expect(answers.flatMap(codes)).toEqual([8008])
  })

  it('takes source and account from the query where the profile has none, and warns of what it does not take over', async () => {
    const { source: _source, ...profile } = person([mobile('9204')]).profiles[0]!
    const body = {
      profiles: [profile],
      loyaltyInfo: { loyaltyType: 'non_loyalty' },
      loyaltyProgramEnrollments: [{ programId: 1016, tierNumber: 2, loyaltyPoints: 75 }],
    }
    const answer = await register(body, '?source=wechat&accountId=400&rawSideEffects=true')
    expect(answer.body).toMatchObject({ rawSideEffects: [], sideEffects: [] })
    expect(warned(answer)).toEqual([1010])
    expect((await get(`/v2/customers/${answer.body.createdId}`)).body).toMatchObject({
      profiles: [{ source: 'WECHAT', accountId: '400' }],
      loyaltyInfo: { loyaltyType: 'non_loyalty' },
    })
  })

  it('books what a new customer brings along, once, and says what it does not take over', async () => {
    await world.moveTo('shop', '2026-02-01T06:00:00Z')
    const bringing = (...loyaltyProgramEnrollments: object[]) => ({ loyaltyProgramEnrollments })
    const points = { programId: 1016, loyaltyPoints: '75', pointsExpiryDate: '2027-03-01' }
    const ann = await register(
      person([mobile('9301')], {}, bringing(points, { programId: 77, loyaltyPoints: 5 })),
    )
    expect([ann.status, warned(ann)]).toEqual([200, []])
    const { createdId } = ann.body
    expect(
      (await get(`/v2/customers/${createdId}/pointsExpirySchedule`)).body['expirySchedules'],
    ).toMatchObject([{ points: 75, expiryDate: '2027-03-01', pointsType: 'customer_promotions' }])
    expect((await get(`/v2/customers/${createdId}/loyaltyDetails`)).body['data']).toMatchObject([
      { programId: 77, loyaltyPoints: 5 },
      { programId: 1016, loyaltyPoints: 75, lifetimePoints: 0, currentSlab: 'Silver' },
    ])
    // Known already: what is known of a customer is never changed here.
    const again = person([mobile('9301')], { source: 'WECHAT' }, bringing(points))
    expect(warned(await register(again))).toEqual([8050, 1010])
    for (const [number, untaken] of [
      ['9302', { loyaltyPoints: -5 }],
      ['9303', { loyaltyPoints: 1.5 }],
      ['9304', { loyaltyPoints: 10, pointsExpiryDate: '2026-01-31' }],
      ['9305', { loyaltyPoints: '9e12' }],
    ] as const) {
      const answer = await register(person([mobile(number)], {}, bringing(untaken)))
      expect([number, answer.status, warned(answer)]).toEqual([number, 200, [1010]])
      const read = await get(`/v2/customers/points/balance/${answer.body.createdId}`)
      expect(read.body['mainPoints']).toBe(0)
    }
    const twice = bringing({ loyaltyPoints: 7 }, { loyaltyPoints: 8 })
    const answer = await register(person([mobile('9306')], {}, twice))
    expect(warned(answer)).toEqual([1010])
    expect((await get(`/v2/customers/points/balance/${answer.body.createdId}`)).body['mainPoints']).toBe(7)
  })

  const long = 'x'.repeat(321)
  it.each([
    ['no body', '', 400],
    ['a list', [], 400],
    ['no profile', { loyaltyInfo: { loyaltyType: 'loyalty' } }, 403],
    ['no identifier', person([]), 403],
    ['no source', person([mobile('1234')], { source: '' }), 403],
    ['an unknown source', person([mobile('1234')], { source: 'MOON' }), 8012],
    ['an unknown kind of identifier', person([{ type: 'nickname', value: 'x' }]), 8013],
    ['an identifier without a value', person([{ type: 'mobile', value: null }]), 400],
    ['an identifier that is too long', person([{ type: 'externalId', value: long }]), 400],
    ['an address that is none', person([{ type: 'email', value: 'ann' }]), 8055],
    ['a mobile number that is none', person([mobile('ann')]), 8056],
    ['no loyalty type', person([mobile('1234')], {}, { loyaltyInfo: {} }), 403],
    ['an unknown loyalty type', person([mobile('1234')], {}, { loyaltyInfo: { loyaltyType: 'x' } }), 400],
    ['an unknown till', person([mobile('1234')], {}, { associatedWith: 'nowhere' }), 671],
    ['a date that is none', person([mobile('1234')], {}, { createDate: 'soon' }), 400],
    ['a date far ahead', person([mobile('1234')], {}, { createDate: '2999-01-01' }), 643],
    [
      'an unknown program',
      person([mobile('1234')], {}, { loyaltyProgramEnrollments: [{ programId: 5 }] }),
      1101,
    ],
  ])('refuses %s', async (_name, body, code) => {
    expect(await register(body)).toMatchObject({ status: 400, body: { errors: [{ status: false, code }] } })
  })
})

describe('looking a customer up', () => {
  it('tells an unknown customer from one of another source or account', async () => {
    await register(person([{ type: 'wechat', value: 'wc' }], { source: 'WECHAT', accountId: 'A' }))
    await world.app.rows(
      `insert into member_identities (tenant_id, member_id, door, type, source, account, value, normalized)
       select tenant_id, $1, 'capillary', 'wechat', 'WECHAT', 'B', 'wc', 'wc' from tenants where key = 'shop'`,
      [TOM],
    )
    const code = async (query: string) => codes(await lookup(query))[0]
    const wechat = 'identifierName=wechat&identifierValue=wc'
    expect(await code('identifierName=mobile&identifierValue=000&source=INSTORE')).toBe(8015)
    expect(await code(`${wechat}&source=INSTORE`)).toBe(8065)
    expect(await code(`${wechat}&source=WECHAT`)).toBe(8045)
    expect(await code(`${wechat}&source=WECHAT&accountId=C`)).toBe(8011)
    expect(await code('identifierName=nickname&identifierValue=x')).toBe(8013)
    expect(await code('identifierName=mobile&identifierValue=1&source=MOON')).toBe(8012)
    expect(await code('identifierValue=1')).toBe(403)
    expect(await code('identifierName=mobile')).toBe(400)
    expect((await lookup(`${wechat}&source=WECHAT&accountId=B`)).body.entity).toBe(TOM)
    expect(
      (await lookup(`identifierName=EMAIL&identifierValue=TOM%40example.com&source=ALL`)).body.entity,
    ).toBe(TOM)
    expect((await lookup(`identifierName=id&identifierValue=${TOM}&source=INSTORE`)).body.entity).toBe(TOM)
  })

  it('gives the same details by identifier as by number, and none of another organization', async () => {
    const by = 'identifierName=mobile&identifierValue=919740011122&source=INSTORE'
    const details = await lookup(by, '/customerDetails')
    expect(details.body).toMatchObject({ id: TOM, profiles: [{ source: 'INSTORE', firstName: 'Tom' }] })
    expect((await get(`/v2/customers/${TOM}?source=INSTORE`)).body).toEqual(details.body)
    expect((await get(`/v2/customers/${TOM}`)).body).toMatchObject({
      profiles: [{ source: 'INSTORE' }, { source: 'WEBSITE' }],
    })
    expect(codes(await get(`/v2/customers/${TOM}?source=JD`))).toEqual([8065])
    expect(codes(await get(`/v2/customers/${TOM}?source=MOON`))).toEqual([8012])
    expect(await get(`/v2/customers/${TOM}`, tillOf('other'))).toMatchObject({
      status: 404,
      body: { errors: [{ code: 8015 }] },
    })
    expect(await get('/v2/customers/tom')).toMatchObject({ status: 400, body: { errors: [{ code: 400 }] } })
  })
})

describe('reading points and tiers', () => {
  const byMobile = 'identifierName=mobile&identifierValue=919740011122&source=INSTORE'

  it('gives the balance of a program, or of all', async () => {
    await sell('b-1', 500)
    await sell('b-2', 200, { programId: '77' })
    const balance = (points: number, program?: number) => ({
      entityId: TOM,
      entityType: 'CUSTOMER',
      ...(program && { programId: program }),
      totalPoints: points,
      mainPoints: points,
      promisedPoints: 0,
      promisedPointsBreakup: { delayedAccrualPoints: 0, externalTriggerBasedPoints: 0 },
      warnings: [],
    })
    expect((await get(`/v2/customers/points/balance/${TOM}`)).body).toEqual(balance(50, 1016))
    expect((await get(`/v2/customers/${TOM}/points/balance?programId=77`)).body).toEqual(balance(0, 77))
    expect(
      (await get(`/v2/customers/points/balance?${byMobile}&fetchDataForAllPrograms=true&programId=77`)).body,
    ).toEqual(balance(50))
    expect((await get(`/v2/customers/lookup/points/balance?${byMobile}`)).body).toEqual(balance(50, 1016))
    expect(codes(await get(`/v2/customers/points/balance/${TOM}?programId=5`))).toEqual([1101])
    expect(codes(await get(`/v2/customers/points/balance/${TOM}?entityType=FLEET`))).toEqual([1620])
    expect(codes(await get(`/v2/customers/points/balance/${TOM}?entityType=x`))).toEqual([1212])
  })

  it('gives the expiry schedule by day and kind, and leaves out what has been spent or has lapsed', async () => {
    await world.moveTo('shop', '2026-02-01T06:00:00Z')
    await sell('b-1', 200)
    await sell('b-2', 100, {
      lineItemsV2: [
        { itemCode: 'a', amount: 300 },
        { itemCode: 'b', amount: 70 },
      ],
    })
    await world.moveTo('shop', '2026-03-01T06:00:00Z')
    await sell('b-3', 100)
    const schedule = async (query = '') =>
      (await get(`/v2/customers/${TOM}/pointsExpirySchedule?${query}`)).body['expirySchedules']
    const row = (points: number, expiryDate: string, pointsType: string) => ({
      points,
      expiryDate,
      programId: 1016,
      pointsType,
      expiryType: 'fixed',
    })
    const all = [
      row(20, '2027-02-01', 'bill_regular'),
      row(37, '2027-02-01', 'line_item_regular'),
      row(10, '2027-03-01', 'bill_regular'),
    ]
    expect(await schedule()).toEqual(all)
    expect(await schedule('fetchEarliestExpiryOnly=true')).toEqual(all.slice(0, 2))
    expect(await schedule('startDate=2027-02-02')).toEqual(all.slice(2))
    expect(await schedule('endDate=2027-02-01')).toEqual(all.slice(0, 2))
    expect((await lookup(byMobile, '/pointsExpirySchedule')).body).toEqual({
      id: TOM,
      profiles: [],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      segments: {},
      extendedFields: {},
      expirySchedules: all,
      warnings: [],
    })
    await world.moveTo('shop', '2027-02-02T06:00:00Z')
    expect(await schedule('fetchDataForAllPrograms=true')).toEqual(all.slice(2))
    expect((await get(`/v2/customers/${TOM}?embed=expirySchedules`)).body['expirySchedules']).toEqual(
      all.slice(2),
    )
    expect(codes(await get(`/v2/customers/${TOM}/pointsExpirySchedule?startDate=tomorrow`))).toEqual([1114])
    expect(
      codes(await get(`/v2/customers/${TOM}/pointsExpirySchedule?startDate=2027-01-02&endDate=2027-01-01`)),
    ).toEqual([1115])
  })

  it('gives promised points with the day they become redeemable', async () => {
    await sell('b-1', 200)
    await world.app.rows(
      `select * from ledger_award_v2(
         row((select tenant_id from tenants where key = 'shop'), 'M', $1, 1016, 'points')::ledger_key_v1,
         row(null, null, 'test', null, null, null, null, 'UTC', null, null, null, null)::ledger_call_v1,
         'AWARD', 'promised', '{""}', '{30000}', '{test}', '2090-05-06T20:00:00Z', null, true)`,
      [TOM],
    )
    const promised = [
      { points: 30, redeemableFrom: '2090-05-07', programId: 1016, pointsType: 'customer_promotions' },
    ]
    const body = {
      entityId: TOM,
      entityType: 'CUSTOMER',
      promisedPointsScheduleList: promised,
      triggerBasedPointsList: [],
      warnings: [],
    }
    expect((await get(`/v2/customers/${TOM}/promisedPointsSchedule`)).body).toEqual(body)
    expect((await lookup(byMobile, '/promisedPointsSchedule')).body).toEqual(body)
    expect((await get(`/v2/customers/points/balance/${TOM}`)).body).toMatchObject({
      totalPoints: 50,
      mainPoints: 20,
      promisedPoints: 30,
    })
  })

  it('gives tiers, and -1 where there is none above', async () => {
    const tier = async (path: string) => (await get(path)).body['programTiers']
    const main = (name: string, number: number, next: string, nextNumber: number) => ({
      programId: 1016,
      currentTierName: name,
      currentTierSerialNumber: number,
      nextTierName: next,
      nextTierSerialNumber: nextNumber,
    })
    expect(await tier(`/v2/customers/${TOM}/tierDetails`)).toEqual([main('Silver', 1, 'Gold', 2)])
    await sell('b-1', 5000)
    expect(await tier(`/v2/customers/tierDetails/${TOM}/tierDetails`)).toEqual([main('Gold', 2, '', -1)])
    expect(await tier(`/v2/customers/lookup/tierDetails?${byMobile}&fetchDataForAllPrograms=TRUE`)).toEqual([
      {
        programId: 77,
        currentTierName: 'NONE',
        currentTierSerialNumber: 0,
        nextTierName: '',
        nextTierSerialNumber: -1,
      },
      main('Gold', 2, '', -1),
    ])
  })

  it('gives the standing in each program, or in one', async () => {
    await sell('b-1', 500)
    const standing = await get(`/v2/customers/${TOM}/loyaltyDetails`)
    expect(standing.body).toMatchObject({
      data: [
        { programId: 77, programTitle: 'Second', loyaltyPoints: 0 },
        {
          programId: 1016,
          loyaltyPoints: 50,
          lifetimePoints: 50,
          cumulativePurchases: 500,
          currentSlab: 'Silver',
        },
      ],
      warnings: [],
      errors: [],
    })
    expect((await get(`/v2/customers/${TOM}/loyaltyDetails?programId=77`)).body['data']).toHaveLength(1)
    expect(codes(await get(`/v2/customers/${TOM}/loyaltyDetails?programId=5`))).toEqual([1101])
  })
})

describe("reading a customer's transactions", () => {
  const list = (query = '') => get(`/v2/customers/${TOM}/transactions?${query}`)
  const numbers = ({ body }: Reply) =>
    (body['data'] as { billNumber: string }[]).map(({ billNumber }) => billNumber)

  it('gives pages by billing time, newest first unless asked otherwise', async () => {
    for (const day of [3, 1, 2])
      await sell(`b-${day}`, 100 * day, { billingDate: `2026-02-0${day}T23:00:00+05:30`, note: 'n' })
    const all = await list()
    expect(all.body).toMatchObject({
      pagination: { limit: 20, offset: 0, total: 3 },
      data: [
        {
          customerId: TOM,
          billNumber: 'b-3',
          billingTime: '2026-02-03T23:00:00+05:30',
          billingTimeInputOffset: '+05:30',
          type: 'REGULAR',
          notes: 'n',
          amount: 300,
        },
        { billNumber: 'b-2' },
        { billNumber: 'b-1' },
      ],
      warnings: [],
      errors: [],
    })
    expect(numbers(await list('sortOrder=asc&sortBy=billing_time'))).toEqual(['b-1', 'b-2', 'b-3'])
    const page = await list('limit=1&offset=1')
    expect(page.body['pagination']).toEqual({ limit: 1, offset: 1, total: 3 })
    expect(numbers(page)).toEqual(['b-2'])
    expect((await list('offset=9')).body).toMatchObject({ pagination: { total: 3 }, data: [] })
    expect(numbers(await list('startDate=2026-02-02&endDate=2026-02-02'))).toEqual(['b-2'])
    const ids = (all.body['data'] as { id: number }[]).map(({ id }) => id)
    expect(numbers(await list(`transactionId=${ids[2]},99`))).toEqual(['b-1'])
  })

  it('embeds what is asked for', async () => {
    await sell('b-1', 100, {
      customFields: { paymentmode: 'x' },
      extendedFields: { ship_first_name: 'Sam' },
      paymentModes: [{ mode: 'Cash', value: 100 }],
    })
    const embed = 'BILL_CF,bill_ef,ATTRIBUTION,PAYMENT_MODES,CREDIT_NOTES,BILL_STORE_DETAILS,BILL_POINTS'
    expect((await list(`embed=${embed}`)).body['data']).toMatchObject([
      {
        customFields: { paymentmode: 'x' },
        extendedFields: { ship_first_name: 'Sam' },
        attribution: { createdBy: { code: 'store.server' } },
        paymentModes: [{ mode: 'Cash', amount: 100 }],
        creditNotes: [],
        billStoreDetails: { code: 'store1' },
        billPoints: 10,
      },
    ])
    expect((await list()).body['data']).not.toMatchObject([{ customFields: {} }])
  })

  it.each([
    ['limit=1001', 1109],
    ['embed=BILL_CF,SOUL', 1110],
    ['limit=0', 1111],
    ['limit=-1', 1111],
    ['offset=x', 1112],
    ['startDate=soon', 1114],
    ['startDate=2026-02-03&endDate=2026-02-02', 1115],
    ['sortBy=AMOUNT', 400],
    ['sortOrder=UP', 400],
    ['transactionId=1,b', 400],
  ])('refuses %s', async (query, code) => {
    expect(await list(query)).toMatchObject({ status: 400, body: { errors: [{ code }] } })
  })
})

describe('bad input about customers', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, '', ' ', -1, 1e30, 'x'.repeat(400), true, {}, [], [[]], { a: { b: [1] } }),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const record = (names: string[]) => fc.dictionary(fc.constantFrom(...names), anything)

  it('is never an error of the server, and what is registered can be read', async () => {
    let number = 0
    const profile = record([
      'firstName',
      'lastName',
      'identifiers',
      'commChannels',
      'source',
      'accountId',
      'fields',
    ])
    const body = record([
      'profiles',
      'loyaltyInfo',
      'associatedWith',
      'createDate',
      'extendedFields',
      'loyaltyProgramEnrollments',
    ])
    await fc.assert(
      fc.asyncProperty(profile, body, async (oddProfile, oddBody) => {
        const good = person([mobile(`7${String(number++).padStart(6, '0')}`)])
        const answer = await register({
          ...good,
          profiles: [{ ...good.profiles[0], ...oddProfile }],
          ...oddBody,
        })
        expect([200, 400]).toContain(answer.status)
        const read = await get(`/v2/customers/${answer.body.createdId ?? 1}?embed=points,mlp,expirySchedules`)
        expect(read.status).toBe(answer.status === 200 ? 200 : 404)
      }),
      { numRuns: 150 },
    )
  }, 60_000)

  it('in queries neither', async () => {
    const names = [
      'identifierName',
      'identifierValue',
      'source',
      'accountId',
      'programId',
      'embed',
      'limit',
      'startDate',
    ]
    const value = fc.oneof(
      fc.constantFrom('', 'mobile', 'id', 'ALL', '-1', '9'.repeat(30), '2026-13-40'),
      fc.string(),
    )
    const paths = [
      'lookup',
      'lookup/customerDetails',
      'points/balance',
      'lookup/tierDetails',
      `${TOM}/transactions`,
    ]
    const ids = ['0', '-1', '9'.repeat(40), '%20', 'null', '1e3']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths, ...ids, ...ids.map((id) => `${id}/pointsExpirySchedule`)),
        fc.dictionary(fc.constantFrom(...names), value),
        async (path, query) => {
          const answer = await get(`/v2/customers/${path}?${new URLSearchParams(query).toString()}`)
          expect(answer.status).toBeLessThan(500)
        },
      ),
      { numRuns: 200 },
    )
  }, 60_000)

  it('of another till of the organization is no different', async () => {
    expect((await get(`/v2/customers/${TOM}`, SECOND_TILL)).status).toBe(200)
  })
})
