import { capillaryEndpoints } from '../../../src/rest/capillary/endpoints'
import { groupOf } from '../../../src/rest/capillary/permissions'
import { ADMIN_KEY } from '../../support/test-app'
import { CAPILLARY_OPERATIONS, CAPILLARY_RESOURCES } from '../../../src/setup/capillary-config'
import { createLocalRateLimiter } from '../../../src/server/rate-limiter'
import { rateLimitsOf } from '../../../src/rest/capillary/rate-limits'
import { createCapillary, type CapillaryDeps } from '../../../src/rest/capillary'
import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld

const GUARDED = { secret: 'guarded-secret', ttlSeconds: 300, till: 'guarded.1' }

beforeAll(async () => {
  const rateLimits = {
    'POST /v2/transactions': 3,
    'GET /v2/transactions/{id}': 2,
    'GET /v2/customers/lookup': 0,
  }
  world = await openDoors({
    version: 1,
    tenants: [
      organization('counted', 2401, {}, { region: 'demo', rateLimits }),
      organization('free2', 2402, {}),
      organization(
        'once',
        2405,
        {},
        {
          rateLimits: Object.fromEntries(CAPILLARY_OPERATIONS.map((operation) => [operation, 1])),
        },
      ),
      organization(
        'guarded',
        2404,
        { CONF_CURRENCY_CONVERSION_ENABLE: true },
        {
          oauthClients: [
            { ...GUARDED, key: 'all' },
            { ...GUARDED, key: 'reads', permissions: { transactions: 'view', organization: 'view' } },
            {
              ...GUARDED,
              key: 'shut',
              permissions: { transactions: 'none', points: 'none', customers: 'modify' },
            },
            {
              ...GUARDED,
              key: 'nothing',
              permissions: Object.fromEntries(CAPILLARY_RESOURCES.map((group) => [group, 'none'])),
            },
          ],
        },
      ),
      organization(
        'abroad',
        2403,
        { CONF_CURRENCY_CONVERSION_ENABLE: true },
        { currencyRatios: { USD: '80' } },
      ),
    ],
  })
})
afterAll(() => world.app.close())

const call = async (key: string, method: string, url: string, body?: unknown, till = 1) => {
  const answer = await world.send(tillCall(tillOf(key, till), method, url, body))
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.json<{ errors: { code: number }[] }>(),
  }
}
const times = async <T>(count: number, work: () => Promise<T>): Promise<T[]> => {
  const answers: T[] = []
  for (let n = 0; n < count; n++) answers.push(await work())
  return answers
}
const refused = { status: 429, body: { errors: [{ status: false, code: 429 }], warnings: [] } }

describe('limits of calls', () => {
  it('count each credential and each operation for itself, refused calls too, and say when to try again', async () => {
    const sell = (till: number) => call('counted', 'POST', '/v2/transactions', {}, till)
    const answers = await times(5, () => sell(1))
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 429, 429])
    expect(answers[4]).toMatchObject(refused)
    const { headers } = answers[4]!
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(headers).toMatchObject({ org_id: '2401', till: 'counted.1' })
    expect((await sell(2)).status).toBe(400)
    const read = await times(3, () => call('counted', 'GET', '/v2/transactions/1'))
    expect(read.map(({ status }) => status)).toEqual([404, 404, 429])
  })

  it('are those of the region where the organization sets none, and none where it lifts them', async () => {
    const balance = await times(101, () => call('counted', 'GET', '/v2/customers/points/balance/1'))
    expect(balance.filter(({ status }) => status === 429)).toHaveLength(1)
    const lifted = await times(105, () => call('counted', 'GET', '/v2/customers/lookup'))
    expect(lifted.filter(({ status }) => status === 429)).toHaveLength(0)
    const elsewhere = await times(105, () => call('free2', 'GET', '/v2/customers/points/balance/1'))
    expect(elsewhere.filter(({ status }) => status === 429)).toHaveLength(0)
  })

  it('are not spent by who is not signed in', async () => {
    const stranger = { ...tillOf('counted', 3), password: 'wrong' }
    for (let n = 0; n < 4; n++)
      expect((await world.send(tillCall(stranger, 'POST', '/v2/transactions', {}))).statusCode).toBe(401)
    expect((await call('counted', 'POST', '/v2/transactions', {}, 3)).status).toBe(400)
  })

  it('have the published figures', () => {
    const limits = (region: string) => Object.fromEntries(rateLimitsOf(region, {}))
    expect(limits('asia-1')).toEqual({ 'POST /v2/transactions': 1500, 'POST /v2/transactions/bulk': 700 })
    expect(limits('asia-2')).toEqual({ 'POST /v2/transactions': 1500, 'POST /v2/transactions/bulk': 1200 })
    expect(limits('eu')).toEqual({ 'POST /v2/transactions': 700, 'POST /v2/transactions/bulk': 300 })
    expect(limits('demo')).toEqual({ '*': 100 })
    expect(limits('india')).toEqual({})
  })

  it('begin anew with the next window', async () => {
    const limiter = createLocalRateLimiter(1)
    expect([await limiter.take('k', 1), await limiter.take('k', 1)]).toEqual([0, 1])
    await new Promise((resolve) => setTimeout(resolve, 1100))
    expect(await limiter.take('k', 1)).toBe(0)
  })

  it('can be set for every operation of the door', () => {
    const named = new Set(CAPILLARY_OPERATIONS.map((operation) => operation.replace(/\{[^}]*\}/g, '{}')))
    const { routes } = createCapillary({} as CapillaryDeps)
    const served = routes.map(({ method, path }) => `${method} ${path.replace(/:[A-Za-z]+/g, '{}')}`)
    expect(served.filter((name) => !named.has(name))).toEqual(['POST /v3/oauth/token/generate'])
  })
})

const tokens = new Map<string, string>()

/** A token of a key; exchanging one is slow on purpose. */
async function tokenOf(key: string): Promise<string> {
  const known = tokens.get(key)
  if (known) return known
  const exchange = await world.send({
    method: 'POST',
    url: '/v3/oauth/token/generate',
    body: JSON.stringify({ key, secret: GUARDED.secret }),
  })
  const { accessToken } = exchange.json<{ data: { accessToken: string } }>().data
  tokens.set(key, accessToken)
  return accessToken
}

/** The status of a call with a key's token: 403 means not permitted, anything else that it was looked at. */
const as = async (
  key: string,
  method: string,
  url: string,
  sent: object = {},
): Promise<{ status: number; body: object }> => {
  const headers = { 'x-cap-api-oauth-token': await tokenOf(key) }
  const answer = await world.send({
    method,
    url,
    headers,
    ...(method === 'GET' ? {} : { body: JSON.stringify(sent) }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

describe('every endpoint of the door', () => {
  const ENDPOINTS = capillaryEndpoints.map(({ method, path }) => ({
    method,
    path,
    url: path.replace(/:\w+/g, '987654321'),
    body: method === 'GET' ? undefined : { points: 1 },
  }))
  const said = (code: number) => ({ errors: [{ status: false, code }], warnings: [] })

  it.each(ENDPOINTS)(
    '$method $path asks who calls, what they may and how often',
    async ({ method, url, body }) => {
      const unknown = await world.send(tillCall(tillOf('once'), method, url, body, { authorization: '' }))
      expect({ status: unknown.statusCode, body: unknown.json<object>() }).toMatchObject({
        status: 401,
        body: said(401),
      })
      expect(await as('nothing', method, url)).toMatchObject({ status: 403, body: said(403) })
      await call('once', method, url, body)
      expect(await call('once', method, url, body)).toMatchObject({ status: 429, body: said(429) })
    },
  )

  it.each(ENDPOINTS.filter(({ path }) => /:(userId|id|transactionId)/.test(path)))(
    '$method $path knows nothing under a made-up number',
    async ({ method, url, body }) => {
      const answer = await call('free2', method, url, body)
      expect(answer).toMatchObject({ status: 404, body: said(url.includes('/customers/') ? 8015 : 620) })
    },
  )
})

describe('permissions of a key', () => {
  const CALLS: readonly [method: string, url: string, group: string][] = [
    ['GET', '/v2/transactions/1', 'transactions'],
    ['GET', '/v2/transactions/getByBillNumber/1', 'transactions'],
    ['GET', '/v2/earning/1', 'transactions'],
    ['POST', '/v2/transactions', 'transactions'],
    ['POST', '/v2/transactions/bulk', 'transactions'],
    ['PUT', '/v2/transactions', 'transactions'],
    ['PUT', '/v2/transactions/bulk', 'transactions'],
    ['GET', '/v2/customers/1', 'customers'],
    ['GET', '/v2/customers/1/points/balance', 'customers'],
    ['POST', '/v2/customers', 'customers'],
    ['POST', '/v2/customers/1/redemptions', 'points'],
    ['POST', '/v2/points/reverse', 'points'],
    ['PUT', '/v2/points/updateRedemption', 'points'],
    ['GET', '/v2/currencyratio', 'organization'],
    ['POST', '/v2/currencyratio', 'organization'],
  ]
  const KEYS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    all: {},
    reads: { transactions: 'view', organization: 'view' },
    shut: { transactions: 'none', points: 'none' },
  }

  it.each(Object.entries(KEYS))(
    '%s are none, view or modify for each group of resources',
    async (key, said) => {
      for (const [method, url, group] of CALLS) {
        const { status, body } = await as(key, method, url)
        const isOpen = said[group] === undefined || (said[group] === 'view' && method === 'GET')
        const refusal = status === 403 ? body : null
        const shut = { errors: [expect.objectContaining({ status: false, code: 403 })], warnings: [] }
        expect([method, url, refusal]).toEqual([method, url, isOpen ? null : shut])
      }
    },
  )

  it('say nothing about a till, and are checked before the call is counted or read', async () => {
    expect((await call('guarded', 'POST', '/v2/transactions', {})).status).toBe(400)
    const headers = { 'content-type': 'text/plain' }
    const answer = await world.send(tillCall(tillOf('guarded'), 'POST', '/v2/transactions', 'x', headers))
    expect(answer.statusCode).toBe(415)
    expect((await as('shut', 'POST', '/v2/transactions')).status).toBe(403)
  })

  it('to change points are needed to bring points along at a registration', async () => {
    const bringing = (value: string) => ({
      profiles: [{ source: 'INSTORE', identifiers: [{ type: 'mobile', value }] }],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      loyaltyProgramEnrollments: [{ loyaltyPoints: 5 }],
    })
    const answers = [
      await as('all', 'POST', '/v2/customers', bringing('9801')),
      await as('shut', 'POST', '/v2/customers', bringing('9802')),
    ]
    expect(answers).toMatchObject([
      { status: 200, body: { warnings: [] } },
      { status: 200, body: { warnings: [{ code: 1010 }] } },
    ])
  })

  it('know a group for every endpoint', () => {
    expect(capillaryEndpoints.filter(({ path }) => groupOf(path) === null)).toEqual([])
    expect(new Set(capillaryEndpoints.map(({ path }) => groupOf(path)))).toEqual(new Set(CAPILLARY_RESOURCES))
  })

  it('are exported with the setup, and take effect at once when they change', async () => {
    expect((await as('shut', 'GET', '/v2/transactions/1')).status).toBe(403)
    const exported = await world.send({
      method: 'GET',
      url: '/admin/setup',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    })
    expect(exported.body).toContain(
      '"permissions":{"points":"none","customers":"modify","transactions":"none"}',
    )
    await world.app.apply({
      version: 1,
      tenants: [
        organization('guarded', 2404, {}, { oauthClients: [{ ...GUARDED, key: 'shut', permissions: {} }] }),
      ],
    })
    expect((await as('shut', 'GET', '/v2/transactions/1')).status).toBe(404)
  })
})

describe('ratios of currencies', () => {
  const set = (body: unknown) => call('abroad', 'POST', '/v2/currencyratio', body)
  const sell = (billNumber: string, currencyCode: string) =>
    call('abroad', 'POST', '/v2/transactions?identifierName=mobile&identifierValue=9100', {
      type: 'REGULAR',
      billNumber,
      billAmount: 10,
      addWithLocalCurrency: true,
      currencyCode,
    })

  it('count from the next call on, and are shown with those of the setup', async () => {
    expect((await sell('b-1', 'SGD')).body.errors).toMatchObject([{ code: 1102 }])
    expect((await set({ currencyCode: 'sgd', ratioInr: '51.5' })).body).toEqual({
      entity: { currencyCode: 'SGD', ratioInr: 51.5 },
      errors: [],
      success: true,
      warnings: [],
    })
    const sold = await sell('b-2', 'SGD')
    expect(sold).toMatchObject({ status: 200, body: { sideEffects: [{ rawAwardedPoints: 51.5 }] } })
    expect((await call('abroad', 'GET', '/v2/currencyratio')).body).toMatchObject({
      entity: expect.arrayContaining([
        { currencyCode: 'SGD', ratioInr: 51.5 },
        { currencyCode: 'USD', ratioInr: 80 },
      ]) as object,
      success: true,
    })
    expect((await set({ currencyCode: 'SGD', ratioInr: 60 })).status).toBe(200)
    expect(await sell('b-3', 'SGD')).toMatchObject({ body: { sideEffects: [{ rawAwardedPoints: 60 }] } })
    expect(
      await world.app.rows(`select details from audit_log where action = 'door.amend' order by audit_id`),
    ).toMatchObject([{ details: { entries: { SGD: '51.5' } } }, { details: { entries: { SGD: '60' } } }])
  })

  it.each([
    ['no currency', { ratioInr: 1 }, 403],
    ['no ratio', { currencyCode: 'SGD' }, 403],
    ['a currency that is none', { currencyCode: 'DOLLAR', ratioInr: 1 }, 400],
    ['an object for a currency', { currencyCode: {}, ratioInr: 1 }, 400],
    ['a ratio of nothing', { currencyCode: 'SGD', ratioInr: 0 }, 1102],
    ['a negative ratio', { currencyCode: 'SGD', ratioInr: '-1' }, 1102],
    ['a ratio that is none', { currencyCode: 'SGD', ratioInr: 'x' }, 1102],
    ['a ratio that is too fine', { currencyCode: 'SGD', ratioInr: '0.0000001' }, 1102],
    ['another ratio of INR', { currencyCode: 'INR', ratioInr: 2 }, 1102],
    ['a list', [], 400],
    ['no body', '', 400],
  ])('refuse %s', async (_name, body, code) => {
    expect(await set(body)).toMatchObject({ status: 400, body: { errors: [{ status: false, code }] } })
  })
})
