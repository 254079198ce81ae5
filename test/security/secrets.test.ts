import { annexGet, annexHeaders, annexPost, annexToken, type TokenTwist } from '../support/annex-client'
import { basic, tillCall } from '../support/capillary-client'
import { type DoorRequest, sender } from '../support/door-world'
import { goodCalls, requestOf } from '../support/good-calls'
import { ADMIN_KEY } from '../support/test-app'
import { startIssuer, type TokenFacts, type TokenIssuer } from '../support/token-issuer'
import { HERON, IBIS, openTwins, personalOf, SAME, TWIN_SETUP, type TwinWorld } from '../support/twin-world'

// An ES module; tests are CommonJS.
const jose = import('jose')

let issuer: TokenIssuer
let world: TwinWorld

beforeAll(async () => {
  issuer = await startIssuer()
  world = await openTwins({ ...issuer.environment })
}, 60_000)
afterAll(async () => {
  await world.app.close()
  await issuer.close()
})

const HOUR = 3_600
const now = (): number => Math.floor(Date.now() / 1000)
const service = { tenant: 'heron', scope: 'read write admin' }
const asks = (token: string) => world.ask('{ programs { key } }', {}, token)
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token of the graph', () => {
  it('opens when nothing is wrong with it', async () => {
    expect((await asks(await issuer.token(service))).statusCode).toBe(200)
  })

  it.each<[string, () => Promise<string>]>([
    [
      'unsigned, whatever its algorithm is called',
      async () => `${base64url({ alg: 'nOnE' })}.${(await issuer.token(service)).split('.')[1]}.x`,
    ],
    [
      'signed with the public key as a secret',
      async () =>
        withHeader(
          { alg: 'HS256' },
          new TextEncoder().encode(await (await jose).exportSPKI(issuer.keys.publicKey)),
        ),
    ],
    ['naming a file as its key', async () => strange({ kid: '../../../../dev/null' })],
    ['naming a statement as its key', async () => strange({ kid: "k1' union select 'x' --" })],
    [
      'bringing its own key',
      async () => strange({ kid: 'k1', jwk: { kty: 'EC', crv: 'P-256', x: 'a', y: 'b' } }),
    ],
    [
      'naming where its key lies',
      async () => strange({ kid: 'k1', jku: 'http://127.0.0.1:9/jwks', x5u: 'http://127.0.0.1:9/cert' }),
    ],
    [
      'asking for something critical',
      () => issuer.token(service, { header: { crit: ['exp'] } }).catch(() => strange({})),
    ],
    ['of another issuer', () => issuer.token({ ...service, iss: 'https://evil.example/' })],
    ['for others', () => issuer.token({ ...service, aud: ['others'] })],
    ['without an end', () => issuer.token({ ...service, exp: undefined })],
    ['whose end is a text', () => tampered({ exp: 'never' })],
    ['that has ended', () => issuer.token({ ...service, exp: now() - HOUR })],
    ['that has not begun', () => issuer.token({ ...service, nbf: now() + HOUR })],
    ['of nobody', () => issuer.token({ ...service, sub: undefined })],
    ['of ten kilobytes', () => issuer.token({ ...service, more: 'x'.repeat(10_000) })],
    ['with other claims than were signed', () => tampered({ tenant: 'ibis' })],
  ])('%s opens nothing', async (_what, made) => {
    const answer = await asks(await made())
    expect([answer.statusCode, answer.json<{ data?: unknown }>().data]).toEqual([401, undefined])
  })

  it('goes on to open while its issuer changes keys', async () => {
    const old = await issuer.token(service)
    await issuer.rotate()
    const statuses = []
    // The keys are asked for again ten seconds after the last time, at the earliest: a second server asks at once.
    const server = await world.app.beside({ ...issuer.environment })
    for (const token of [old, await issuer.token(service), old, await issuer.token(service)]) {
      const headers = { authorization: `Bearer ${token}` }
      const answer = await server.inject({
        method: 'POST',
        url: '/graphql',
        headers,
        payload: { query: '{ programs { key } }' },
      })
      statuses.push(answer.statusCode)
    }
    await server.close()
    expect(statuses).toEqual([200, 200, 200, 200])
  })

  async function strange(header: Record<string, unknown>): Promise<string> {
    return withHeader(header, (await (await jose).generateKeyPair('ES256')).privateKey)
  }
  const withHeader = (header: Record<string, unknown>, key: TokenFacts['key']) =>
    issuer.token(service, { header, ...(key ? { key } : {}) })
  async function tampered(claims: Record<string, unknown>): Promise<string> {
    const [header, , signature] = (await issuer.token(service)).split('.')
    const facts = {
      ...service,
      sub: 'x',
      iss: 'https://login.example.com/',
      aud: 'loyalty',
      exp: now() + HOUR,
      ...claims,
    }
    return `${header}.${base64url(facts)}.${signature}`
  }
})

describe('a token of the Annex door', () => {
  const balance = (twist: TokenTwist) => {
    const token = annexToken(HERON.site, JSON.stringify(HERON.annexId), twist)
    return world.send({
      method: 'GET',
      url: `/api/3.0/points/${HERON.annexId}`,
      headers: annexHeaders(HERON.site, token),
    })
  }

  it.each<[string, TokenTwist]>([
    ['without an algorithm', { header: { alg: 'none' } }],
    ['of another algorithm', { header: { alg: 'HS512', typ: 'JWT' } }],
    ['whose algorithm is a list', { header: { alg: ['HS256'] } }],
    ['of another secret', { secret: IBIS.site.secret }],
    ['without an end', { claims: { exp: undefined } }],
    ['whose end is no number', { claims: { exp: 'never' } }],
    ['whose end is infinite', { claims: { exp: '1e999' } }],
    ['that has ended', { claims: { exp: now() - HOUR } }],
    ['of other content', { payload: JSON.stringify(HERON.otherAnnexId) }],
    ['without content', { claims: { hmac: undefined } }],
    ['whose content is a list', { claims: { hmac: [''] } }],
    ['of another site', { claims: { site_id: IBIS.site.siteId } }],
    ['of a site in a list', { claims: { site_id: [HERON.site.siteId] } }],
    ['of a statement as its site', { claims: { site_id: "' or true --" } }],
  ])('%s opens nothing', async (_what, twist) => {
    const answer = await balance(twist)
    expect([answer.statusCode, answer.json()]).toEqual([
      401,
      { errorCode: 'AC1002', errorMessage: 'Request Not Authorized' },
    ])
  })

  it('opens with either secret while a site changes them, and no longer with one that was withdrawn', async () => {
    const statusWith = async (secret: string) => (await balance({ secret })).statusCode
    expect([await statusWith(HERON.site.secret), await statusWith('heron-annex-next')]).toEqual([200, 200])
    const [heron, ...others] = TWIN_SETUP.tenants
    const rotated = { ...heron, annex: { ...heron?.annex, secrets: ['heron-annex-next'] } }
    await world.app.apply({ version: 1, tenants: [rotated, ...others] })
    expect([await statusWith(HERON.site.secret), await statusWith('heron-annex-next')]).toEqual([401, 200])
    await world.app.apply(TWIN_SETUP)
  })
})

describe('the Capillary door', () => {
  const customer = (headers: Record<string, string>) =>
    world.send({ method: 'GET', url: `/v2/customers/${HERON.customerId}`, headers })

  it('tells guesses of a password and of a till apart in nothing', async () => {
    const answers = []
    for (const till of [HERON.till.code, 'no.such.till']) {
      const { statusCode, payload, headers } = await customer({
        authorization: basic({ code: till, password: 'guess' }),
        accept: 'application/json',
      })
      answers.push([statusCode, payload, headers['www-authenticate'], headers['till'], headers['org_id']])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(401)
  })

  it('answers every guess among many with a refusal', async () => {
    const statuses = new Set<number>()
    await Promise.all(
      Array.from({ length: 40 }, async (_, number) => {
        const authorization = basic({ code: HERON.till.code, password: `guess${number}` })
        statuses.add((await customer({ authorization })).statusCode)
      }),
    )
    expect([...statuses].filter((status) => status !== 401 && status !== 429)).toEqual([])
  })
})

describe('what is personal', () => {
  const CARD = '4111111111111111'

  it('reaches neither the log nor the metrics nor a refusal that is about somebody else', async () => {
    const errors: string[] = []
    for (const vendor of ['annex', 'capillary'] as const) {
      for (const index of goodCalls(vendor, 0, world.made(HERON)).keys()) {
        const good = goodCalls(vendor, 70_000 + 2 * index, world.made(HERON))[index]
        if (!good) continue
        await world.send(requestOf(good, HERON))
        // The same by a stranger: what is refused must not say whose it is.
        const refused = await world.send(requestOf(good, IBIS))
        const asked = JSON.stringify(good)
        const told = personalOf(HERON).filter(
          (secret) => refused.payload.includes(secret) && !asked.includes(secret),
        )
        if (told.length > 0) errors.push(`${good.method} ${good.path.join('/')}: ${told.join(', ')}`)
      }
    }
    await sayMuch()
    const metrics = await world.send({ method: 'GET', url: '/metrics' })
    const secrets = [...[HERON, IBIS].flatMap(personalOf), ...credentials(), CARD]
    const captured = [...world.app.logged, metrics.payload]
    expect(errors).toEqual([])
    expect(world.app.logged.length).toBeGreaterThan(100)
    expect(captured.filter((text) => secrets.some((secret) => text.includes(secret)))).toEqual([])
  })

  const credentials = (): readonly string[] =>
    [HERON, IBIS].flatMap(({ site, till, oauth, apiKeys }) => [
      ...[site.secret, till.password, basic(till), basic(till).slice('Basic '.length), oauth.secret],
      ...Object.values(apiKeys),
    ])

  /** Personal things where they do not belong, and calls that break off in odd places. */
  async function sayMuch(): Promise<void> {
    const [name] = personalOf(HERON)
    const requests = [
      annexPost(HERON.site, '/api/3.0/orders', { id: CARD, userId: name, orderDetail: CARD }),
      annexPost(HERON.site, `/api/3.0/${name}`, { card: CARD }),
      annexPost(HERON.site, '/api/3.0/points', `{"id": "${name}", "card": ${CARD}`),
      tillCall(HERON.till, 'POST', `/v2/transactions?identifierName=mobile&identifierValue=${HERON.mobile}`, {
        type: CARD,
        billNumber: SAME.bill,
        note: name,
      }),
      tillCall(HERON.till, 'GET', `/v2/transactions/getByBillNumber/${CARD}`),
      tillCall(
        { ...HERON.till, password: CARD },
        'GET',
        `/v2/customers/lookup?identifierValue=${HERON.mobile}`,
      ),
      {
        method: 'PUT',
        url: '/admin/setup',
        headers: { authorization: `Bearer ${ADMIN_KEY}` },
        body: `{"version": 1, "tenants": "${name} ${CARD}"}`,
      },
      { method: 'GET', url: `/${name}?card=${CARD}` },
    ]
    for (const request of requests) await world.send(request)
    const query = `query Ann_heron($i: IdentityInput) { member(identity: $i) { firstName lastName email mobile identities { value } } }`
    await world.ask(query, { i: { door: 'annex', type: 'id', value: name } }, HERON.apiKeys.admin)
    await world.ask(query, { i: { door: CARD, type: name } }, HERON.apiKeys.admin)
    await world.ask(`{ member(id: "${CARD}") { ${CARD} } }`, {}, HERON.apiKeys.admin)
  }
})

describe('whoever guesses', () => {
  const admin = (key: string): DoorRequest => ({
    method: 'GET',
    url: '/admin/audit',
    headers: { authorization: `Bearer ${key}` },
  })
  const annex = (secret: string) =>
    annexGet({ ...HERON.site, secret }, `/api/3.0/points/${HERON.annexId}`, HERON.annexId)
  const till = (password: string, code = HERON.till.code) =>
    tillCall({ code, password }, 'GET', `/v2/customers/${HERON.customerId}`)

  it.each<[string, () => DoorRequest, () => DoorRequest, RegExp]>([
    ['annex', () => annex('guess'), () => annex(HERON.site.secret), /"errorCode":"AC1002"/],
    ['capillary', () => till('guess'), () => till(HERON.till.password), /"code":429/],
    ['admin', () => admin('guess'), () => admin(ADMIN_KEY), /"code":"TOO_MANY_ATTEMPTS"/],
  ])(
    'at the %s door is shut out after three times, and nobody else is',
    async (_door, wrong, right, words) => {
      const server = await world.app.beside({ SIGN_IN_ATTEMPTS: '3', TRUSTED_PROXIES: '127.0.0.1' })
      const from = (address: string, request: DoorRequest) =>
        sender(server)({ ...request, headers: { ...request.headers, 'x-forwarded-for': address } })
      for (let times = 0; times < 3; times++)
        expect((await from('203.0.113.9', wrong())).statusCode).toBe(401)
      for (const request of [wrong(), right()]) {
        const refused = await from('203.0.113.9', request)
        expect([refused.statusCode, refused.body]).toEqual([429, expect.stringMatching(words)])
        expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      }
      // The one who has the credential is somewhere else, and notices nothing.
      expect((await from('198.51.100.7', right())).statusCode).toBe(200)
      await server.close()
    },
  )

  it('many credentials from one address is shut out from that address, credentials that are right included', async () => {
    const watchers = world.app.watchers()
    const server = await world.app.beside({ SIGN_IN_ATTEMPTS: '2' })
    const send = sender(server)
    for (let n = 0; n < 20; n++) expect((await send(till('guess', `till-${n}`))).statusCode).toBe(401)
    expect((await send(till(HERON.till.password))).statusCode).toBe(429)
    await server.close()
    // A server that has stopped looks at no connection any more.
    expect(world.app.watchers()).toBe(watchers)
  })
})
