import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { basic, md5, tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { CAPILLARY_SETUP, SECOND_TILL, TILL, tillOf } from './capillary-setup'

let world: DoorWorld

beforeAll(async () => {
  world = await openDoors(CAPILLARY_SETUP)
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.moveTo('shop', 'real time')
  await world.reset('shop')
})

const TOM = '/v2/transactions?source=instore&identifierName=mobile&identifierValue=919740011122'
const ANN = '/v2/transactions?identifierName=mobile&identifierValue=9100'

interface Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Answer
}

interface Answer {
  readonly createdId: number
  readonly errors: { readonly code: number; readonly message: string }[]
  readonly warnings: { readonly status: boolean; readonly code: number; readonly message: string }[]
  readonly sideEffects: Record<string, unknown>[]
  readonly rawSideEffects?: Record<string, string>[]
  readonly loyaltyDetails: Record<string, unknown>[]
  readonly [name: string]: unknown
}

async function post(
  body: unknown,
  {
    url = TOM,
    till = TILL,
    headers = {},
  }: { url?: string; till?: typeof TILL; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return replyOf(await world.send(tillCall(till, 'POST', url, body, headers)))
}

const get = async (path: string, till = TILL, headers: Record<string, string> = {}): Promise<Reply> =>
  replyOf(await world.send(tillCall(till, 'GET', path, undefined, headers)))

function replyOf(answer: Awaited<ReturnType<DoorWorld['send']>>): Reply {
  const isJson = String(answer.headers['content-type']).includes('json')
  return {
    status: answer.statusCode,
    headers: answer.headers as Record<string, string>,
    body: (isJson ? answer.json() : { text: answer.body }) as Answer,
  }
}

const sale = (more: object = {}) => ({ type: 'REGULAR', billNumber: 'bill-1', billAmount: 200, ...more })
const codes = ({ body }: Reply): number[] => body.errors.map(({ code }) => code)
const warned = ({ body }: Reply): number[] => body.warnings.map(({ code }) => code)
const points = ({ body }: Reply) => body.sideEffects.map(({ awardedPoints }) => awardedPoints)
const count = async (table: string): Promise<number> =>
  Number(
    (
      await world.app.rows<{ n: string }>(
        `select count(*) as n from ${table} join tenants using (tenant_id) where key = 'shop'`,
      )
    )[0]!.n,
  )

describe('signing in with Basic', () => {
  const call = (authorization: string | undefined, headers: Record<string, string> = {}) =>
    world.send({
      method: 'GET',
      url: '/v2/transactions/1',
      headers: { ...(authorization && { authorization }), ...headers },
    })

  it('takes the published vector: the header of store.server with the MD5 of server123', async () => {
    const vector = 'Basic c3RvcmUuc2VydmVyOjhhMTZhNmI3MDUwNWViMWYxZmY3Y2RjMGNkNTU1OWE3'
    expect(basic(TILL)).toBe(vector)
    expect((await call(vector)).statusCode).toBe(404)
  })

  it('takes the MD5 in upper case, again and again', async () => {
    const upper = `Basic ${Buffer.from(`store.server:${md5('server123').toUpperCase()}`).toString('base64')}`
    for (let round = 0; round < 3; round++) expect((await call(upper)).statusCode).toBe(404)
  })

  const refused: Record<string, string | undefined> = {
    'no credentials': undefined,
    'a wrong password': basic({ ...TILL, password: 'server124' }),
    'the password of another till': basic({ ...TILL, password: SECOND_TILL.password }),
    'an unknown till': basic({ ...TILL, code: 'store.nobody' }),
    'a clear password': `Basic ${Buffer.from('store.server:server123').toString('base64')}`,
    'another scheme': 'Bearer demo-graphql-key',
    'no base64': 'Basic §§§',
    'a NUL in the user': `Basic ${Buffer.from(`store\0server:${md5('server123')}`).toString('base64')}`,
  }
  it.each(Object.entries(refused))('refuses %s with 401, in JSON', async (_name, authorization) => {
    const answer = replyOf(await call(authorization))
    expect(answer).toMatchObject({
      status: 401,
      body: { errors: [{ status: false, code: 401 }], warnings: [] },
      headers: { 'www-authenticate': 'Basic realm="loyalty"' },
    })
    expect(answer.headers['x-cap-request-id']).toBeTruthy()
    expect(answer.headers['org_id']).toBeUndefined()
  })

  it('answers 401 in XML to who does not accept JSON, and to an organization that wants it so', async () => {
    const xml = await call(undefined, { accept: 'application/xml' })
    expect(xml.statusCode).toBe(401)
    expect(xml.headers['content-type']).toContain('application/xml')
    expect(xml.body).toMatch(
      /<status><success>false<\/success><code>401<\/code><message>[^<]+<\/message><\/status>/,
    )
    const wanted = await call(basic({ code: 'free.1', password: 'wrong' }))
    expect(wanted.headers['content-type']).toContain('application/xml')
  })

  it('closes at once when the password changes, although the old one was just verified', async () => {
    expect((await call(basic(tillOf('bytill', 3)))).statusCode).toBe(404)
    const changed = structuredClone(CAPILLARY_SETUP.tenants.find(({ key }) => key === 'bytill')!)
    changed.capillary.tills.find(({ code }) => code === 'bytill.3')!.password = 'renewed'
    await world.app.apply({ version: 1, tenants: [changed] })
    expect((await call(basic(tillOf('bytill', 3)))).statusCode).toBe(401)
    expect((await call(basic({ code: 'bytill.3', password: 'renewed' }))).statusCode).toBe(404)
  })

  it('refuses everything with 403 where the organization switched the API off', async () => {
    expect(await get('/v2/transactions/1', tillOf('closed'))).toMatchObject({
      status: 403,
      headers: { org_id: '2005', till: 'closed.1' },
    })
  })
})

describe('signing in with OAuth', () => {
  const token = async (body: unknown = { key: 'demo-key', secret: 'demo-secret' }) =>
    replyOf(
      await world.send({
        method: 'POST',
        url: '/v3/oauth/token/generate',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  const accessToken = async (): Promise<string> =>
    ((await token()).body['data'] as { accessToken: string }).accessToken
  const read = async (headers: Record<string, string>) =>
    replyOf(await world.send({ method: 'GET', url: '/v2/transactions/1', headers }))
  const claimsOf = (jwt: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>

  it('exchanges key and secret for a token with the documented claims', async () => {
    const answer = await token()
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { accessToken: expect.any(String) as string, ttlSeconds: 300 }, errors: null },
      headers: { org_id: '100458', till: 'store.server' },
    })
    const claims = claimsOf((answer.body['data'] as { accessToken: string }).accessToken)
    expect(claims).toMatchObject({
      iss: expect.any(String) as string,
      jti: expect.any(String) as string,
      sub: 'demo-key',
      client_id: 'demo-key',
      org_id: 100458,
      token_use: 'access',
      default_till: 'store.server',
    })
    expect((claims['exp'] as number) - (claims['iat'] as number)).toBe(300)
  })

  it.each([
    ['a wrong secret', { key: 'demo-key', secret: 'x' }, 401, 401],
    ['an unknown key', { key: 'nobody', secret: 'x' }, 401, 401],
    ['no secret', { key: 'demo-key' }, 400, 403],
    ['a secret that is no text', { key: 'demo-key', secret: {} }, 400, 403],
    ['a list', [], 400, 403],
  ])('refuses %s', async (_name, body, status, code) => {
    expect(await token(body)).toMatchObject({ status, body: { data: null, errors: [{ code }] } })
  })

  it('takes the token in either header, in any letter case, and lets it win over Basic', async () => {
    const jwt = await accessToken()
    expect((await read({ 'X-CAP-API-OAUTH-TOKEN': jwt })).status).toBe(404)
    expect((await read({ 'cap-api-access-token': jwt })).status).toBe(404)
    expect((await read({ 'x-cap-api-oauth-token': jwt, authorization: 'Basic nonsense' })).status).toBe(404)
    expect((await read({ 'x-cap-api-oauth-token': 'nonsense', authorization: basic(TILL) })).status).toBe(401)
  })

  it('expires by the clock of the tenant', async () => {
    const jwt = await accessToken()
    await world.moveTo('shop', new Date(Date.now() + 270_000).toISOString())
    expect((await read({ 'x-cap-api-oauth-token': jwt })).status).toBe(404)
    await world.moveTo('shop', new Date(Date.now() + 301_000).toISOString())
    expect((await read({ 'x-cap-api-oauth-token': jwt })).status).toBe(401)
  })

  it('refuses a token that somebody else signed, one without a signature, and one of another organization', async () => {
    const [header, payload] = (await accessToken()).split('.') as [string, string]
    const signed = createHmac('sha256', 'guess').update(`${header}.${payload}`).digest('base64url')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    for (const forged of [`${header}.${payload}.${signed}`, `${none}.${payload}.`, `${header}.${payload}.`])
      expect((await read({ 'x-cap-api-oauth-token': forged })).status).toBe(401)
  })

  it('books on the till of the key, or on the entity that the headers name', async () => {
    const jwt = await accessToken()
    const sell = async (billNumber: string, headers: Record<string, string>) =>
      replyOf(
        await world.send({
          method: 'POST',
          url: TOM,
          headers: { 'x-cap-api-oauth-token': jwt, ...headers },
          body: JSON.stringify(sale({ billNumber })),
        }),
      )
    const entity = (code: string, type?: string) => ({
      'x-cap-api-attribution-entity-code': code,
      ...(type && { 'x-cap-api-attribution-entity-type': type }),
    })
    const tillOn = async (name: string, headers: Record<string, string>) =>
      (await sell(name, headers)).headers['till']
    expect(await tillOn('1', {})).toBe('store.server')
    expect(await tillOn('2', entity('till.2'))).toBe('till.2')
    expect(await tillOn('3', entity('till.2', 'SOMETHING'))).toBe('till.2')
    expect(await tillOn('4', entity('store2', 'STORE_CODE'))).toBe('till.2')
    expect(await tillOn('5', entity('Second Store', 'store_name'))).toBe('till.2')
    expect(await tillOn('6', entity('S-2', 'STORE_EXTERNAL_ID'))).toBe('till.2')
    expect(await tillOn('7', entity('SAP-2', 'STORE_EXTERNAL_ID_1'))).toBe('till.2')
    expect(await tillOn('8', { 'x-cap-api-attribution-till-code': 'till.2' })).toBe('till.2')
    expect(codes(await sell('9', entity('bytill.1')))).toEqual([671])
    expect(codes(await sell('10', entity('S-2', 'STORE_EXTERNAL_ID_2')))).toEqual([671])
  })
})

describe('booking on another till with Basic', () => {
  const lookup = (type: string | null, code: string | null) => ({
    ...(type !== null && { 'X-CAP-API-ATTRIBUTION-LOOKUP-TYPE': type }),
    ...(code !== null && { 'X-CAP-API-ATTRIBUTION-LOOKUP': code }),
  })

  it('books on what the lookup names, and refuses a lookup without a type or with an unknown one', async () => {
    const booked = await post(sale(), { headers: lookup('STORE_CODE', 'store2') })
    expect(booked.headers['till']).toBe('till.2')
    expect(codes(await post(sale({ billNumber: '2' }), { headers: lookup(null, 'store2') }))).toEqual([1061])
    expect(codes(await post(sale({ billNumber: '2' }), { headers: lookup('MAGIC', 'store2') }))).toEqual([
      400,
    ])
    expect(codes(await post(sale({ billNumber: '2' }), { headers: lookup('STORE_CODE', 'STORE2') }))).toEqual(
      [671],
    )
    expect(await count('transactions')).toBe(1)
  })

  it('lets the attribution of the body win, and keeps its date', async () => {
    const attribution = {
      createDate: '2026-02-03T04:05:06+05:30',
      createdBy: { code: 'store.server', type: 'till' },
    }
    const booked = await post(sale({ attribution }), { headers: lookup('STORE_CODE', 'store2') })
    expect(booked.headers['till']).toBe('store.server')
    const { body } = await get(`/v2/transactions/${booked.body.createdId}`)
    expect(body['attribution']).toMatchObject({
      createDate: '2026-02-03T04:05:06+05:30',
      createdBy: { code: 'store.server', type: 'TILL' },
      modifiedBy: {},
    })
    const inStore = await post(
      sale({ billNumber: '2', attribution: { createdBy: { code: 'store2', type: 'STORE' } } }),
    )
    expect(inStore.headers['till']).toBe('till.2')
    const byPerson = sale({ billNumber: '3', attribution: { createdBy: { code: 'ann', type: 'ASSOCIATE' } } })
    expect((await post(byPerson)).headers['till']).toBe('store.server')
    expect(
      codes(await post(sale({ billNumber: '4', attribution: { createdBy: { code: 'nowhere' } } }))),
    ).toEqual([671])
  })
})

describe('adding a sale', () => {
  it('takes the four members that a till connector sends and answers with a positive id', async () => {
    const minimal = { type: 'REGULAR', returnType: 'AMOUNT', billAmount: '200', billNumber: 'pos-1' }
    const answer = await post(minimal)
    expect(answer).toMatchObject({
      status: 200,
      headers: { org_id: '100458', till: 'store.server' },
      body: {
        warnings: [],
        errors: [],
        sideEffects: [
          {
            type: 'points',
            entityType: 'USER',
            customerId: 98662653,
            rawAwardedPoints: 20,
            awardedPoints: 20,
          },
        ],
        loyaltyDetails: [],
        customerInfo: { firstName: 'Tom', lastName: 'Sawyer' },
      },
    })
    expect(answer.body.createdId).toBeGreaterThan(0)
    expect(answer.body).not.toHaveProperty('rawSideEffects')
  })

  it('finds the customer by every kind of identifier, and only in the source it was registered in', async () => {
    const by = async (query: string) => {
      const answer = await post(sale({ billNumber: md5(query) }), { url: `/v2/transactions?${query}` })
      return answer.status === 200 ? 'stored' : codes(answer)[0]
    }
    expect(await by('identifierName=id&identifierValue=98662653')).toBe('stored')
    expect(await by('identifierName=EMAIL&identifierValue=Tom%40Example.com')).toBe('stored')
    expect(await by('source=website&identifierName=email&identifierValue=tom%40web.example.com')).toBe(
      'stored',
    )
    expect(await by('identifierName=email&identifierValue=tom%40web.example.com')).toBe(8015)
    expect(
      await by('source=WEBSITE&identifierName=cardnumber&identifierValue=GOLD400000000000000022020'),
    ).toBe('stored')
    expect(await by('identifierName=mobile&identifierValue=%20919740011122%20&accountId=')).toBe('stored')
    expect(await by('identifierName=id&identifierValue=12')).toBe(8015)
    expect(await by('identifierName=id&identifierValue=tom')).toBe(8015)
    expect(await by('identifierName=nickname&identifierValue=tom')).toBe(8013)
    expect(await by('source=MOON&identifierName=mobile&identifierValue=919740011122')).toBe(8012)
    expect(await by('identifierName=mobile&identifierValue=')).toBe(400)
    expect(await by('identifierName=email')).toBe(606)
    expect(await by('identifierValue=919740011122')).toBe(606)
    expect(await by('')).toBe(606)
  })

  it('takes identifiers of the body only where the query has none', async () => {
    const inBody = {
      identifierType: 'mobile',
      identifierValue: '919740011122',
      source: 'instore',
      accountId: null,
    }
    expect((await post(sale(inBody), { url: '/v2/transactions' })).status).toBe(200)
    const elsewhere = { ...inBody, identifierValue: '9102' }
    expect((await post(sale({ ...elsewhere, billNumber: '2' }))).status).toBe(200)
  })

  it('refuses a customer of another organization as one who does not exist', async () => {
    expect(codes(await post(sale(), { url: ANN }))).toEqual([8015])
    expect(codes(await post(sale(), { url: TOM, till: tillOf('bytill') }))).toEqual([8015])
  })

  it.each([
    ['blocked', '9102', 3045, /Customer \d+, status BLOCKED\./],
    ['marked as fraud', '9103', 618, /fraud/],
    ['opted out', '9104', 3045, /Customer \d+, status OPTED_OUT\./],
    ['inactive', '9105', 3045, /Customer \d+, status INACTIVE\./],
  ])('refuses a customer who is %s', async (_name, mobile, code, message) => {
    const answer = await post(sale(), {
      url: `/v2/transactions?identifierName=mobile&identifierValue=${mobile}`,
    })
    expect(answer.body.errors).toMatchObject([{ code, message: expect.stringMatching(message) as string }])
  })

  it('shows blanks for a customer without a name', async () => {
    const answer = await post(sale(), { url: '/v2/transactions?identifierName=mobile&identifierValue=9101' })
    expect(answer.body['customerInfo']).toEqual({ firstName: '', lastName: '' })
  })

  it('awards line by line what the sum of the lines earns, and explains each in raw side effects', async () => {
    const lines = [
      { itemCode: 'a', amount: 104.8, qty: 2 },
      { itemCode: 'b', amount: '96.2' },
      { itemCode: 'c', value: 5, discount: 5 },
    ]
    const answer = await post(sale({ lineItemsV2: lines }), { url: `${TOM}&rawSideEffects=TRUE` })
    expect(answer.body.sideEffects).toMatchObject([{ rawAwardedPoints: 20.1, awardedPoints: 20 }])
    expect(answer.body.rawSideEffects).toMatchObject([
      {
        type: 'AWARD',
        awardOn: 'BILL_LINEITEM',
        points: '10.000',
        programId: '1016',
        promoId: '-1',
        tenderCodeId: '-1',
      },
      { points: '10.000', sourceId: String(answer.body.createdId) },
      { points: '0.000', ruleId: 'null' },
    ])
    expect(
      answer.body.rawSideEffects!.flatMap(Object.values).every((value) => typeof value === 'string'),
    ).toBe(true)
    expect(
      await world.app.rows(
        `select line_ref, awarded, rule from award_source where source_type = 'TRANSACTION' and source_ref = $1 order by line_no`,
        [String(answer.body.createdId)],
      ),
    ).toEqual([
      {
        line_ref: '1',
        awarded: '10000',
        rule: expect.stringMatching(/^transactions\.line-net@\d+$/) as string,
      },
      {
        line_ref: '2',
        awarded: '10000',
        rule: expect.stringMatching(/^transactions\.line-net@\d+$/) as string,
      },
    ])
  })

  it('says nothing about points when there are none, and why in the transaction', async () => {
    const answer = await post(sale({ billAmount: 9.99 }), { url: `${TOM}&rawSideEffects=true` })
    expect(answer.body.sideEffects).toEqual([])
    expect(answer.body.rawSideEffects).toMatchObject([{ awardOn: 'BILL', lineItemId: '-1', points: '0.000' }])
    expect(await world.app.rows('select no_points_reason, raw_points from transactions')).toEqual([
      { no_points_reason: 'ROUNDED_TO_ZERO', raw_points: '999' },
    ])
  })

  it('raises the tier by points and shows the standing when asked', async () => {
    const answer = await post(sale({ billAmount: '1500.5' }), { url: `${TOM}&points=MLP` })
    expect(answer.body.loyaltyDetails).toMatchObject([
      {
        programId: 1016,
        programTitle: 'Default',
        programPointsToCurrencyRatio: 0.75,
        loyaltyPoints: 150,
        lifetimePoints: 150,
        totalAvailablePoints: 150,
        cumulativePurchases: 1500.5,
        currentSlab: 'Gold',
        slabSNo: 2,
        nextSlabSerialNumber: -1,
      },
    ])
  })

  it('stores an import without a loyalty run', async () => {
    const answer = await post(sale({ billAmount: 5000 }), {
      url: `${TOM}&rawSideEffects=true&mlp=true`,
      headers: { 'SKIP-DOWNSTREAM': 'true', 'X-CAP-DIRECT-REPLAY': 'true' },
    })
    expect(answer.body).toMatchObject({ sideEffects: [], rawSideEffects: [], warnings: [] })
    expect(answer.body.loyaltyDetails).toMatchObject([
      { loyaltyPoints: 0, cumulativePurchases: 0, currentSlab: 'Silver' },
    ])
  })

  it('earns at the rule of the program that the call names', async () => {
    expect(codes(await post(sale({ programId: 4711 })))).toEqual([1101])
    expect((await post(sale({ programId: '1016' }))).status).toBe(200)
  })

  it('counts the life of points from the award, so that an old bill earns', async () => {
    const answer = await post(sale({ billingDate: '2021-11-10T23:08:49+05:30' }), {
      url: `${TOM}&rawSideEffects=true`,
    })
    expect(points(answer)).toEqual([20])
    expect(Number(answer.body.rawSideEffects![0]!['expiryDateMillis'])).toBeGreaterThan(
      Date.now() + 364 * 86_400_000,
    )
  })

  it('warns about what it could not keep, once each, and stores the rest', async () => {
    const answer = await post(
      sale({
        extendedFields: {
          ship_first_name: 'Ram',
          nonsense: 1,
          loyal: 'perhaps',
          checkin_date: 'soon',
          blank: '',
        },
        customFields: { paymentmode: 'cash', other: 'x', object: {} },
        paymentModes: [
          {},
          { mode: 'cardpayment', value: 5104, notes: 'n', attributes: { card_type: 'Visa', colour: 'red' } },
          { mode: 'Barter', value: 1 },
          { mode: 'Cash', value: 'much' },
          { mode: 'Cash', value: 1, attributes: { currency: {} } },
          { value: 3 },
        ],
        redemptions: { pointsRedemptions: [727272, '237878'], couponRedemptions: 'x' },
        lineItemsV2: [
          {
            itemCode: 'a',
            amount: 100,
            returnableDays: -2,
            extendedFields: { MetalRate: '22.02', unknown: 1 },
          },
          { itemCode: 'b', amount: 100, extendedFields: { unknown: 2 } },
        ],
        userGroup2Id: 1949,
      }),
    )
    expect(answer.status).toBe(200)
    expect(warned(answer)).toEqual([
      91016, 91016, 91016, 91016, 669, 669, 9613, 9607, 9603, 9609, 9603, 642, 1105, 1619, 640, 640,
    ])
    expect(answer.body.warnings.every(({ status }) => !status)).toBe(true)
    const { body } = await get(`/v2/transactions/${answer.body.createdId}?tenders=TRUE`)
    expect(body).toMatchObject({
      extendedFields: { ship_first_name: 'Ram' },
      customFields: { paymentmode: 'cash' },
    })
    expect(body['paymentModes']).toMatchObject([
      {
        mode: 'cardpayment',
        amount: 5104,
        notes: 'n',
        attributes: { card_type: 'Visa' },
        orgPaymentModeId: 2,
      },
      { mode: 'Cash', amount: 1, attributes: {} },
    ])
  })
})

describe('bodies that are refused', () => {
  const stored = async () => [
    await count('transactions'),
    await count('purchases'),
    await count('bill_numbers'),
  ]
  const line = (more: object) => ({ lineItemsV2: [{ itemCode: 'a', amount: 1, ...more }] })
  const refused: [string, object, number[]][] = [
    ['no type', { type: undefined }, [605]],
    ['a blank type', { type: ' ' }, [605]],
    ['an unknown type', { type: 'GIFT' }, [605]],
    ['a type that is a number', { type: 5 }, [605]],
    ['a type that is an object', { type: {} }, [605]],
    ['a type that only other organizations take', { type: 'NI_RETURN', returnType: 'FULL' }, [605]],
    ['a line of a type without a customer', line({ type: 'NOT_INTERESTED' }), [605]],
    ['a line of an unknown type', line({ type: 'GIFT' }), [605]],
    ['no bill number', { billNumber: null }, [602]],
    ['a blank bill number', { billNumber: '  ' }, [602]],
    ['a bill number that is a list', { billNumber: ['x'] }, [602]],
    ['a bill number with a line break', { billNumber: 'a\nb' }, [602]],
    ['a bill number of 51 characters', { billNumber: 'x'.repeat(51) }, [685]],
    ['no amount', { billAmount: '' }, [601]],
    ['an amount in words', { billAmount: 'ten' }, [601]],
    ['an amount with a comma', { billAmount: '4,800.0' }, [601]],
    ['an amount that is a boolean', { billAmount: true }, [601]],
    ['an amount beyond all measure', { billAmount: '1e30' }, [601]],
    ['an amount of 14 digits', { billAmount: 10_000_000_000_000 }, [601]],
    ['a negative amount', { billAmount: -1 }, [631]],
    ['a negative amount below the smallest unit', { billAmount: '-0.001' }, [631]],
    ['a negative gross amount', { grossAmount: -1 }, [665]],
    ['a negative discount', { discount: '-1' }, [666]],
    ['a negative line amount', line({ amount: -1 }), [661]],
    ['a negative line value', line({ value: -1 }), [662]],
    ['a negative line rate', line({ rate: -1 }), [663]],
    ['a negative line discount', line({ discount: -1 }), [664]],
    ['a negative quantity', line({ qty: -1 }), [627]],
    [
      'a line whose price times quantity is beyond all measure',
      line({ amount: null, rate: 1e12, qty: 1e12 }),
      [601],
    ],
    ['a line without an item code', line({ itemCode: '' }), [622]],
    ['an empty line', { lineItemsV2: [{}] }, [622]],
    ['lines that are no list', { lineItemsV2: 'x' }, [400]],
    ['a line that is no object', { lineItemsV2: [7] }, [400]],
    ['a line amount in words', line({ amount: 'x' }), [400]],
    ['a discount in words', { discount: 'x' }, [400]],
    ['fields that are no object', { extendedFields: 'x' }, [400]],
    ['payment modes that are no list', { paymentModes: {} }, [400]],
    ['notes of 251 characters', { paymentModes: [{ mode: 'Cash', notes: 'x'.repeat(251) }] }, [685]],
    ['an unknown delivery status', { deliveryStatus: 'LOST' }, [1636]],
    ['an unknown outlier status', { outlierStatus: 'ODD' }, [1636]],
    ['a date that is none', { billingDate: 'yesterday' }, [400]],
    ['a day that does not exist', { billingDate: '2026-02-30' }, [400]],
    ['a number for a date', { billingDate: 20260230 }, [400]],
    ['a date too far ahead', { billingDate: '2099-01-01T00:00:00Z' }, [643]],
    ['a date too far back', { billingDate: '1999-01-01T00:00:00Z' }, [644]],
    [
      'a local currency where none is taken',
      { addWithLocalCurrency: true, currencyCode: 'USD' },
      [682, 1102],
    ],
    ['an attribution date that is none', { attribution: { createDate: 'x' } }, [400]],
  ]
  it.each(refused)('%s', async (_name, more, expected) => {
    const answer = await post(sale(more))
    expect({ status: answer.status, codes: codes(answer) }).toEqual({ status: 400, codes: expected })
    expect(answer.body).not.toHaveProperty('createdId')
    expect(answer.body.warnings).toEqual([])
    expect(answer.headers).toMatchObject({ org_id: '100458', till: 'store.server' })
    expect(await stored()).toEqual([0, 0, 0])
  })

  it('reports all problems of the first failing step, and nothing of the later ones', async () => {
    const all = { type: 'x', billNumber: '', billAmount: -1, billingDate: 'x', deliveryStatus: 'x' }
    expect(codes(await post(all))).toEqual([605, 1636, 602])
    const nobody = '/v2/transactions?identifierName=mobile&identifierValue=1'
    const amounts = sale({ billAmount: -1, discount: -1, billingDate: 'x' })
    expect(codes(await post(amounts, { url: nobody }))).toEqual([8015])
    expect(codes(await post(amounts))).toEqual([631, 666])
    expect(codes(await post(sale({ billingDate: 'x', addWithLocalCurrency: true })))).toEqual([400])
  })

  it('knows bodies that are no transaction', async () => {
    const send = (body: string, headers = {}) => post(body, { headers })
    expect(codes(await send('  '))).toEqual([615])
    expect(codes(await send('[]'))).toEqual([615])
    expect(codes(await send('[{"type":"REGULAR"}]'))).toEqual([400])
    expect(codes(await send('"x"'))).toEqual([400])
    expect(codes(await send('{"type":"REGULAR",}'))).toEqual([400])
    expect(codes(await send('{"__proto__":{"type":"REGULAR"}}'))).toEqual([400])
    expect(codes(await send('{"billNumber":"a\\u0000b"}'))).toEqual([400])
    expect(codes(await send('['.repeat(5000)))).toEqual([400])
    expect((await send('{}', { 'content-type': 'text/plain' })).status).toBe(415)
    expect(codes(await send('{}', { 'content-type': 'application/x-www-form-urlencoded' }))).toEqual([415])
    expect((await send(`"${'x'.repeat(2 ** 21)}"`)).status).toBe(413)
  })
})

describe('what real clients send', () => {
  it('reads numbers as text, blanks as nothing, and names in several spellings', async () => {
    const answer = await post(
      sale({
        type: 'regular',
        billAmount: ' 4800.0 ',
        discount: '',
        grossAmount: null,
        returnType: '',
        purchaseTime: '',
        deliveryStatus: 'shipped',
        promotionEvaluationId: '',
        appliedPromotionIdentifiers: [''],
        userGroup2PrimaryUserId: '',
        userGroup2ExternalId: '',
        connectorOnly: { any: ['thing'] },
        lineItemsV2: null,
        lineitemsV2: [
          {
            itemCode: 12,
            amount: '4800.0',
            qty: '2.5',
            serial: 7,
            type: '',
            returnable: 'FALSE',
            reutrnableDays: '14',
            comboDetails: { itemCode: 'part', quantity: '2', comboType: 'combo_item' },
            addOnDetails: [{ itemCode: 'extra' }],
            splitDetails: null,
            attributes: { POINTS_ELIGIBILITY: 'Yes', form: '' },
          },
        ],
      }),
    )
    expect(answer).toMatchObject({
      status: 200,
      body: { warnings: [], sideEffects: [{ awardedPoints: 480 }] },
    })
    const { body } = await get(`/v2/transactions/${answer.body.createdId}`)
    expect(body).toMatchObject({
      type: 'REGULAR',
      deliveryStatus: 'SHIPPED',
      source: 'instore',
      basketSize: 2.5,
    })
    expect(body['lineItems']).toMatchObject([
      {
        customerId: 0,
        details: {
          itemCode: '12',
          amount: 4800,
          qty: 2.5,
          serial: 7,
          value: 0,
          discount: 0,
          description: '',
          returnable: false,
          returnableDays: 14,
          attributes: { POINTS_ELIGIBILITY: 'Yes', form: '' },
          attributesSet: expect.arrayContaining([{ POINTS_ELIGIBILITY: 'Yes' }, { form: '' }]) as unknown,
        },
        addonDetails: [{ itemCode: 'extra' }],
        splitItemsDetails: [],
        returnLineItemsDtos: [],
        niReturn: false,
      },
    ])
    expect(body).not.toHaveProperty('paymentModes')
    expect(body).not.toHaveProperty('creditNote')
  })

  it('takes a body without a content type, and addresses with double and trailing slashes', async () => {
    const bare = await world.send({
      method: 'POST',
      url: `/${TOM.replace('?', '/?')}`,
      headers: { authorization: basic(TILL) },
      body: Buffer.from(JSON.stringify(sale())),
    })
    expect(bare.statusCode).toBe(200)
  })

  it('never passes a figure through a float, and cuts to the decimals of the organization', async () => {
    const body =
      '{"type":"REGULAR","billNumber":"b","billAmount":38.98,"grossAmount":0.1e2,"discount":100.567}'
    const { body: added } = await post(body)
    const shown = await world.send(tillCall(TILL, 'GET', `/v2/transactions/${added.createdId}`))
    expect(shown.body).toContain('"amount":38.98')
    expect(shown.json()).toMatchObject({ billDetails: { amount: 38.98, grossAmount: 10, discount: 100.56 } })
    const large = await post('{"type":"REGULAR","billNumber":"c","billAmount":"1234567890123.456789"}')
    const again = await world.send(tillCall(TILL, 'GET', `/v2/transactions/${large.body.createdId}`))
    expect(again.body).toContain('"amount":1234567890123.45,')
  })
})

describe('time', () => {
  const shown = async (billingDate: string | undefined, till = TILL, url = TOM) => {
    const { body } = await post(sale({ billingDate, billNumber: `t${billingDate}` }), { url, till })
    const { billingTime, billingTimeInputOffset } = (await get(`/v2/transactions/${body.createdId}`, till))
      .body['billDetails'] as Record<string, string>
    return [billingTime, billingTimeInputOffset]
  }

  it('is shown in the zone of the server, whatever offset it came in', async () => {
    expect(await shown('2026-07-01T10:00:00+07:00')).toEqual(['2026-07-01T08:30:00+05:30', '+07:00'])
    expect(await shown('2026-07-01T10:00:00')).toEqual(['2026-07-01T15:30:00+05:30', 'Z'])
    expect(await shown('2026-07-01T10:00:00Z')).toEqual(['2026-07-01T15:30:00+05:30', 'Z'])
    expect(await shown('2026-07-01 10:00:00.987654+7:00')).toEqual(['2026-07-01T08:30:00+05:30', '+07:00'])
    expect(await shown('2026-07-01')).toEqual(['2026-07-01T05:30:00+05:30', 'Z'])
    expect((await shown(undefined))[1]).toBe('Z')
  })

  it('keeps the clock on the wall where the organization wants it so', async () => {
    expect(await shown('2026-07-01T17:49:41+07:00', tillOf('free'), ANN)).toEqual([
      '2026-07-01T17:49:41',
      '+07:00',
    ])
  })

  it('is the clock of the tenant when the client names none', async () => {
    await world.moveTo('shop', '2025-06-15T06:30:00Z')
    expect(await shown(undefined)).toEqual(['2025-06-15T12:00:00+05:30', 'Z'])
  })

  it('shows extended fields of the datetime type as times, numbers as numbers', async () => {
    const { body } = await post(
      sale({
        extendedFields: {
          checkin_date: '2010-06-04 21:08:12',
          checkout_date: '2010-06-05T21:08:12+02:00',
          loyal: 'true',
        },
        lineItemsV2: [
          { itemCode: 'a', amount: 1, extendedFields: { MetalRate: '22.02', GrossWeight: '10.50' } },
        ],
      }),
    )
    expect((await get(`/v2/transactions/${body.createdId}`)).body).toMatchObject({
      extendedFields: {
        checkin_date: '2010-06-05T02:38:12+05:30',
        checkout_date: '2010-06-06T00:38:12+05:30',
        loyal: true,
      },
      lineItems: [{ details: { extendedFields: { MetalRate: 22.02, GrossWeight: 10.5 } } }],
    })
  })
})

describe('bill numbers', () => {
  const at = (billingDate: string, billNumber = 'same') => sale({ billingDate, billNumber })

  it('are stored once, though eight clients send the same at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(sale())))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.flatMap(codes)).toEqual([604, 604, 604, 604, 604, 604, 604])
    expect(await count('transactions')).toBe(1)
    const standing = await post(sale({ billNumber: 'other', billAmount: 0 }), { url: `${TOM}&mlp=true` })
    expect(standing.body.loyaltyDetails).toMatchObject([{ loyaltyPoints: 20, cumulativePurchases: 200 }])
  })

  it('may come back after the window, in either direction', async () => {
    expect((await post(at('2026-06-15T10:00:00Z'))).status).toBe(200)
    expect(codes(await post(at('2026-07-15T09:59:59Z')))).toEqual([604])
    expect(codes(await post(at('2026-05-16T10:00:01Z')))).toEqual([604])
    expect((await post(at('2026-07-15T10:00:00Z'))).status).toBe(200)
    expect((await post(at('2026-05-16T10:00:00Z'))).status).toBe(200)
  })

  it('are compared exactly, but for blanks around them', async () => {
    expect((await post(sale({ billNumber: ' b1 ' }))).status).toBe(200)
    expect(codes(await post(sale({ billNumber: 'b1' })))).toEqual([604])
    expect((await post(sale({ billNumber: 'B1' }))).status).toBe(200)
  })

  it('are free again for a transaction that was marked as deleted', async () => {
    expect((await post(sale({ outlierStatus: 'deleted' }))).status).toBe(200)
    expect((await post(sale())).status).toBe(200)
  })

  it('are unique in the whole organization, in a store, in a till, or nowhere', async () => {
    const sell = async (key: string, number: number, body = sale()) =>
      codes2(await post(body, { url: ANN, till: tillOf(key, number) }))
    const codes2 = (answer: Reply) => (answer.status === 200 ? 'stored' : answer.body.errors[0]!.code)
    expect([await sell('strict', 1), await sell('strict', 2), await sell('strict', 3)]).toEqual([
      'stored',
      604,
      604,
    ])
    expect([await sell('bystore', 1), await sell('bystore', 2), await sell('bystore', 3)]).toEqual([
      'stored',
      604,
      'stored',
    ])
    expect([await sell('bytill', 1), await sell('bytill', 2), await sell('bytill', 1)]).toEqual([
      'stored',
      'stored',
      604,
    ])
    expect([await sell('free', 1), await sell('free', 1)]).toEqual(['stored', 'stored'])
    const unnumbered = sale({ billNumber: '' })
    expect([await sell('free', 1, unnumbered), await sell('free', 1, unnumbered)]).toEqual([
      'stored',
      'stored',
    ])
    for (const key of ['strict', 'bystore', 'bytill', 'free']) await world.reset(key)
  })

  it('do not decide against each other when each of many clients sends two in another order', async () => {
    const pairs = Array.from({ length: 12 }, (_, index) => (index % 2 ? ['x', 'y'] : ['y', 'x']))
    const all = await Promise.all(
      pairs.flatMap((pair) =>
        pair.map((billNumber) => post(sale({ billNumber })).then(({ status }) => status)),
      ),
    )
    expect(all.filter((status) => status === 200)).toHaveLength(2)
    expect(all.every((status) => status === 200 || status === 400)).toBe(true)
  })
})

describe('an organization with outlier rules', () => {
  const till = tillOf('strict')
  const sell = (more: object, number = 1) => post(sale(more), { url: ANN, till: tillOf('strict', number) })
  afterEach(() => world.reset('strict'))

  it('stores outliers and gives nothing for them', async () => {
    for (const [more, number] of [
      [{ billNumber: 'TEST-1' }, 1],
      [{ billNumber: '2' }, 3],
      [{ billNumber: '3', lineItemsV2: [{ itemCode: 'a', amount: 1, qty: 21 }] }, 1],
    ] as const) {
      const answer = await sell(more, number)
      expect({ warned: warned(answer), points: points(answer) }).toEqual({ warned: [9611], points: [] })
    }
    const said = await sell({ billNumber: 'TEST-4', outlierStatus: 'normal' })
    expect({ warned: warned(said), points: points(said) }).toEqual({ warned: [], points: [21] })
    const internal = await sell({ billNumber: '5', outlierStatus: 'INTERNAL' })
    expect({ warned: warned(internal), points: points(internal) }).toEqual({ warned: [], points: [] })
    expect(
      await world.app.rows(
        `select distinct no_points_reason from transactions where outlier_status <> 'NORMAL'`,
      ),
    ).toEqual([{ no_points_reason: 'OUTLIER' }])
  })

  it('gives nothing for outlier lines, and for bill numbers it ignores', async () => {
    const answer = await sell({
      lineItemsV2: [
        { itemCode: 'GIFT', amount: 50 },
        { itemCode: 'b', amount: 150 },
      ],
    })
    expect({ warned: warned(answer), points: points(answer) }).toEqual({ warned: [9608], points: [15.75] })
    const { body } = await get(`/v2/transactions/${answer.body.createdId}`, till)
    expect(body['lineItems']).toMatchObject([{ outlierStatus: 'OUTLIER' }, { outlierStatus: 'NORMAL' }])
    const ignored = await sell({ billNumber: 'NOPTS1' })
    expect(points(ignored)).toEqual([])
    expect((await get(`/v2/transactions/${ignored.body.createdId}`, till)).body['ignorePoints']).toBe(true)
  })

  it('refuses amounts outside its range', async () => {
    expect(codes(await sell({ billAmount: 0 }))).toEqual([601])
    expect(codes(await sell({ billAmount: '9.99' }))).toEqual([601])
    expect(codes(await sell({ billAmount: 5001 }))).toEqual([601])
    expect((await sell({ billAmount: 5000 })).status).toBe(200)
  })

  it('converts a local currency by the ratios to INR, then cuts', async () => {
    const answer = await sell({ billAmount: '10.99', addWithLocalCurrency: 'true', currencyCode: 'usd' })
    expect((await get(`/v2/transactions/${answer.body.createdId}`, till)).body).toMatchObject({
      billDetails: { amount: 913 },
      addWithLocalCurrency: true,
    })
    expect(codes(await sell({ billNumber: '2', addWithLocalCurrency: true }))).toEqual([9606])
    expect(codes(await sell({ billNumber: '2', addWithLocalCurrency: true, currencyCode: 'XTS' }))).toEqual([
      1102,
    ])
    expect((await sell({ billNumber: '2', addWithLocalCurrency: true, currencyCode: 'INR' })).status).toBe(
      200,
    )
  })

  it('takes nothing from before its first billing date', async () => {
    const old = sale({ billingDate: '2025-12-31T23:59:59Z', billNumber: 'old' })
    expect(codes(await post(old, { url: ANN, till: tillOf('free') }))).toEqual([644])
  })
})

describe('reading a transaction', () => {
  it('answers 404 and 620 for what is not there: unknown, another type, another organization', async () => {
    const { body } = await post(sale())
    const path = `/v2/transactions/${body.createdId}`
    expect((await get(`${path}?type=regular&tenders=false`)).status).toBe(200)
    for (const [url, till] of [
      ['/v2/transactions/999999999999', TILL],
      ['/v2/transactions/99999999999999999999999', TILL],
      ['/v2/transactions/0', TILL],
      [`${path}?type=RETURN`, TILL],
      [`${path}?type=nonsense`, TILL],
      [path, tillOf('free')],
    ] as const) {
      const answer = await get(url, till)
      expect({ url, status: answer.status, codes: codes(answer) }).toEqual({ url, status: 404, codes: [620] })
    }
    expect(codes(await get('/v2/transactions/abc'))).toEqual([400])
    expect((await get('/v2/transactions/-1')).status).toBe(400)
  })

  it('shows points and tenders only to who asks', async () => {
    const { body } = await post(sale({ paymentModes: [{ mode: 'Cash', value: '-5' }] }))
    const path = `/v2/transactions/${body.createdId}`
    expect((await get(`${path}?mlp=true`)).body).toMatchObject({
      loyaltiesPointDetails: [],
      billPointsBreakup: [],
    })
    expect((await get(`${path}?mlp=true&points_breakup=truE`)).body).toMatchObject({
      loyaltiesPointDetails: [{ programId: 1016, awardedPoints: 20, rawAwardedPoints: 20 }],
    })
    expect((await get(`${path}?tenders=true`)).body['paymentModes']).toMatchObject([
      { amount: -5, mode: 'Cash' },
    ])
  })
})

describe('addresses that do not exist here', () => {
  it('are 404 for a resource and 405 for a method, in this door’s words', async () => {
    expect(await get('/v2/coupons?mobile=1')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 404 }] },
    })
    const answer = replyOf(await world.send(tillCall(TILL, 'DELETE', '/v2/transactions/1')))
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: expect.stringContaining('GET') as string },
      body: { errors: [{ code: 405 }] },
    })
    expect(answer.headers['x-cap-request-id']).toBeTruthy()
  })
})

describe('nonsense', () => {
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      '-1',
      '1e99',
      '9'.repeat(70),
      'x'.repeat(400),
      true,
      false,
      [],
      {},
      [{}],
      [[]],
      '💥',
    ),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const names = [
    ...[
      'type',
      'billNumber',
      'billAmount',
      'billingDate',
      'discount',
      'grossAmount',
      'note',
      'outlierStatus',
    ],
    ...[
      'deliveryStatus',
      'lineItemsV2',
      'paymentModes',
      'extendedFields',
      'customFields',
      'redemptions',
      'attribution',
    ],
    ...[
      'currencyCode',
      'addWithLocalCurrency',
      'programId',
      'userGroup2Id',
      'appliedPromotionIdentifiers',
      'source',
    ],
  ]
  const lineNames = [
    ...[
      'itemCode',
      'amount',
      'qty',
      'rate',
      'value',
      'discount',
      'serial',
      'type',
      'returnableDays',
      'returnable',
    ],
    ...['comboDetails', 'addOnDetails', 'attributes', 'customFields', 'extendedFields', 'description'],
  ]
  const member = (known: readonly string[]) => fc.dictionary(fc.constantFrom(...known), nasty, { maxKeys: 4 })

  it('is never more than refused, and what is refused is not stored', async () => {
    let number = 0
    const stored = () => count('transactions')
    await fc.assert(
      fc.asyncProperty(member(names), member(lineNames), async (header, line) => {
        const before = await stored()
        const lines = { lineItemsV2: [{ itemCode: 'a', amount: 1, ...line }] }
        const answer = await post({ ...sale({ billNumber: `f${number++}` }), ...lines, ...header })
        expect([200, 400]).toContain(answer.status)
        expect((await stored()) - before).toBe(answer.status === 200 ? 1 : 0)
        expect(answer.body.errors.length > 0).toBe(answer.status === 400)
        const createdId = answer.status === 200 ? answer.body.createdId : 1
        expect((await get(`/v2/transactions/${createdId}?tenders=true`)).status).toBe(
          answer.status === 200 ? 200 : 404,
        )
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  it('of bytes is refused, too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const headers = { authorization: basic(TILL), 'content-type': 'application/json' }
        const answer = await world.send({ method: 'POST', url: TOM, headers, body: Buffer.from(bytes) })
        expect(answer.statusCode).toBe(400)
      }),
      { numRuns: 100 },
    )
  })

  it('adds up to no more than a wallet can hold', async () => {
    const statuses: number[] = []
    for (let round = 0; round < 15; round++)
      statuses.push((await post(sale({ billNumber: `huge${round}`, billAmount: '9999999999999.99' }))).status)
    expect(new Set(statuses)).toEqual(new Set([200, 400]))
  })
})
