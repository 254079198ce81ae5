import type { FastifyInstance } from 'fastify'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PostgresOutbox } from '../../src/persistence/jobs/postgres-outbox'
import { annexPost } from '../support/annex-client'
import { tillCall } from '../support/capillary-client'
import { type GraphWorld, KEYS, openGraph } from '../support/graph-world'

/* Subscriptions over server-sent events: what a stream sees, whose it is, and how it ends. */

const jose = import('jose')

/** Of one credential. */
const MOST_STREAMS = 40
let graph: GraphWorld
let issuer: Server
let beside: FastifyInstance
let urls: readonly [string, string]
let tokenOf: (member: string | null) => Promise<string>

beforeAll(async () => {
  const { exportJWK, generateKeyPair, SignJWT } = await jose
  const keys = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  issuer = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const { port } = issuer.address() as AddressInfo
  graph = await openGraph({
    MAX_STREAMS_PER_CREDENTIAL: String(MOST_STREAMS),
    JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
    JWT_ISSUER: 'https://login.example.com/',
    JWT_AUDIENCE: 'loyalty',
  })
  tokenOf = (member) =>
    new SignJWT({ tenant: 'demo', ...(member ? { member } : { scope: 'read' }) })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('somebody')
      .setIssuer('https://login.example.com/')
      .setAudience('loyalty')
      .setExpirationTime('5m')
      .sign(keys.privateKey)
  // What the setup did is nobody's to see.
  await publish()
  beside = await graph.app.beside({})
  urls = [
    await graph.app.server.listen({ port: 0, host: '127.0.0.1' }),
    await beside.listen({ port: 0, host: '127.0.0.1' }),
  ]
}, 60_000)
afterAll(async () => {
  await graph.close()
  issuer.closeAllConnections()
  await new Promise((resolve) => issuer.close(resolve))
})

interface Event {
  readonly data?: Record<string, Record<string, unknown>> | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

interface Stream {
  readonly status: number
  /** The next event; null when the stream has ended. */
  next(): Promise<Event | null>
  /** What has come so far, as it came. */
  readonly raw: () => string
  close(): void
}

async function open(
  query: string,
  variables: object,
  { key = KEYS.storefront, url = urls[0] } = {},
): Promise<Stream> {
  const abort = new AbortController()
  const answer = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  }) // prettier-ignore
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  let taken = 0
  return {
    status: answer.status,
    raw: () => text,
    close: () => abort.abort(),
    async next() {
      for (;;) {
        const [, data] = /event: next\ndata: (.*)\n\n/.exec(text.slice(taken)) ?? []
        if (data) {
          taken = text.indexOf(data, taken) + data.length + 2
          return JSON.parse(data) as Event
        }
        const { done, value } = await reader.read()
        if (done) return null
        text += value
      }
    },
  }
}

const ADDED =
  'subscription($id: ID!) { pointsActivityAdded(memberId: $id) { kind points purchase { __typename id } member { firstName points { available } } } }'
const CHANGED =
  'subscription($id: ID!) { memberChanged(memberId: $id) { firstName status tier { name } points { available } identities { value } } }'

const idOf = async (number: number, key?: string): Promise<string> =>
  (
    await graph.ask<{ member: { id: string } | null }>(
      'query($i: IdentityInput) { member(identity: $i) { id } }',
      { i: { door: 'annex', type: 'id', value: `m${number}@${key ? 'other' : 'demo'}.example` } },
      key,
    )
  ).data?.member?.id ?? ''

/** Lets events leave, as the background work of a running server does four times a second. */
const publish = async (): Promise<void> => {
  const outbox = new PostgresOutbox(graph.app.dataSource)
  while ((await outbox.publish(50, () => Promise.resolve())) > 0);
}

const award = (number: number, points: string, key?: string) =>
  graph.ask(
    'mutation($input: AwardPointsInput!) { awardPoints(input: $input) { userErrors { code } } }',
    { input: { identity: { door: 'annex', type: 'id', value: `m${number}@${key ? 'other' : 'demo'}.example` }, points } },
    key ?? KEYS.storefront,
  ) // prettier-ignore

const inject = async ({ body, ...call }: { method: string; url: string; body?: string | Buffer }) =>
  graph.app.server.inject({ ...call, method: 'POST', payload: body ?? '' })

describe('a stream of activities', () => {
  it('sees what every door does to the wallet, in order and once, in whichever process it is open', async () => {
    const id = await idOf(70)
    const streams = [await open(ADDED, { id }), await open(ADDED, { id }, { url: urls[1] })]
    expect(streams.map(({ status }) => status)).toEqual([200, 200])

    await award(70, '5')
    const order = {
      id: 'stream-1',
      userId: 'm70@demo.example',
      orderDetail: [{ id: 'p', quantity: 1, unitPrice: 30 }],
    }
    const annex = await inject(annexPost({ siteId: 'site-demo', secret: 'secret' }, '/api/3.0/orders', order))
    expect(annex.statusCode).toBeLessThan(300)
    const till = await inject(
      tillCall({ code: 'till.demo', password: 'till' }, 'POST', '/v2/transactions?identifierName=mobile&identifierValue=919740010070&source=INSTORE', {
        type: 'REGULAR', billNumber: 'stream-1', billAmount: '100', lineItemsV2: [{ itemCode: 'x', amount: 100, rate: 100, qty: 1 }],
      }),
    ) // prettier-ignore
    expect(till.statusCode).toBe(200)
    await publish()

    for (const stream of streams) {
      const events = [await stream.next(), await stream.next(), await stream.next()]
      expect(events.map((event) => event?.data?.['pointsActivityAdded'])).toMatchObject([
        { kind: 'AWARD', points: '5', purchase: null, member: { firstName: 'First70' } },
        { kind: 'AWARD', points: '30', purchase: { __typename: 'Order' } },
        { kind: 'AWARD', points: '10', purchase: { __typename: 'Transaction' }, member: { points: { available: '155' } } },
      ]) // prettier-ignore
      stream.close()
    }
  })

  it("sees nothing of another member's, nor of another tenant's that has the same name", async () => {
    const stream = await open(ADDED, { id: await idOf(71) })
    const stranger = await open(ADDED, { id: await idOf(1, KEYS.stranger) }, { key: KEYS.stranger })
    expect([stream.status, stranger.status]).toEqual([200, 200])
    await award(72, '1')
    await award(1, '2')
    await award(1, '3', KEYS.stranger)
    await award(71, '4')
    await publish()
    expect((await stream.next())?.data?.['pointsActivityAdded']).toMatchObject({ points: '4' })
    expect((await stranger.next())?.data?.['pointsActivityAdded']).toMatchObject({ points: '3' })
    expect([stream.raw(), stranger.raw()].map((text) => text.match(/event: next/g)?.length)).toEqual([1, 1])
    stream.close()
    stranger.close()
  })

  it('starts with a wallet that has nothing yet, and carries a burst whole', async () => {
    const enrolled = await graph.ask<{ enrollMember: { member: { id: string } } }>(
      'mutation { enrollMember(input: { firstName: "New", identities: [{ door: "annex", type: "id", value: "new@demo.example" }] }) { member { id } } }',
    )
    const id = enrolled.data?.enrollMember.member.id ?? ''
    const stream = await open(ADDED, { id })
    const give = (n: number) =>
      graph.ask(
        `mutation { awardPoints(input: { memberId: "${id}", points: "${n}" }) { userErrors { code } } }`,
      )
    for (const n of Array.from({ length: 12 }, (_, index) => index + 1)) await give(n)
    await publish()
    const seen = []
    for (let n = 0; n < 12; n++) seen.push((await stream.next())?.data?.['pointsActivityAdded']?.['points'])
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => String(index + 1)))
    stream.close()
  })
})

describe('a stream of changes of a member', () => {
  it('tells the member as it is, of profile, status, tier, wallet and identities', async () => {
    const stream = await open(CHANGED, { id: await idOf(73) })
    const said = async (input: string) => {
      await graph.ask(`mutation { updateMember(input: { memberId: "${await idOf(73)}", ${input} }) { userErrors { code } } }`) // prettier-ignore
      await publish()
      return (await stream.next())?.data?.['memberChanged']
    }
    expect(await said('firstName: "Huck"')).toMatchObject({ firstName: 'Huck', status: 'ACTIVE' })
    await award(73, '1000')
    await publish()
    const changed = (await stream.next())?.data?.['memberChanged']
    expect(changed).toMatchObject({ tier: { name: 'Gold' }, points: { available: '1110' } })
    stream.close()
  })

  const bill = async (
    mobile: string,
    till: string,
    billNumber: string,
    amount: number,
    more: object = {},
  ) => {
    const answer = await inject(
      tillCall({ code: till, password: 'till' }, 'POST', `/v2/transactions?identifierName=mobile&identifierValue=${mobile}&source=INSTORE`, {
        type: 'REGULAR', billNumber, billAmount: String(amount), lineItemsV2: [{ itemCode: 'x', amount, rate: amount, qty: 1 }], ...more,
      }),
    ) // prettier-ignore
    expect([answer.statusCode, answer.json<{ errors?: unknown[] }>().errors ?? []]).toEqual([200, []])
  }
  const whole = { type: 'RETURN', returnType: 'FULL', lineItemsV2: [] }
  /** What leaves, and then the spend that the stream tells: it is not waited for where nothing has left. */
  const told = async (stream: Stream, due: readonly string[]) => {
    expect(await topics()).toEqual(due)
    return spendOf(stream)
  }
  const spendOf = async (stream: Stream) =>
    ((await stream.next())?.data?.['memberChanged']?.['spend'] as { amount: string } | undefined)?.amount
  /** What waits to leave; then it leaves. */
  const topics = async (): Promise<readonly string[]> => {
    const rows = await graph.app.rows<{ topic: string }>('select topic from outbox order by topic')
    await publish()
    return rows.map(({ topic }) => topic)
  }
  const SPENT = 'subscription($id: ID!) { memberChanged(memberId: $id) { spend { amount } } }'

  it('tells of spend that earned nothing, by one event; a sale that earns has the one of its entry', async () => {
    const stream = await open(SPENT, { id: await idOf(82) })
    await bill('919740010082', 'till.demo', 'spend-1', 0.4)
    expect(await told(stream, ['member.changed'])).toBe('0.4')
    await bill('919740010082', 'till.demo', 'spend-1', 0.4, whole)
    expect(await told(stream, ['member.changed'])).toBe('0')
    const order = { id: 'spend-1', userId: 'm82@demo.example', orderDetail: [{ id: 'p', quantity: 1, unitPrice: 0.04 }] } // prettier-ignore
    const placed = await inject(annexPost({ siteId: 'site-demo', secret: 'secret' }, '/api/3.0/orders', order)) // prettier-ignore
    expect(placed.statusCode).toBeLessThan(300)
    expect(await told(stream, ['member.changed'])).toBe('0.04')
    await bill('919740010082', 'till.demo', 'spend-2', 100)
    expect(await told(stream, ['points.award'])).toBe('100.04')
    await bill('919740010082', 'till.demo', 'spend-2', 100, whole)
    expect(await told(stream, ['points.reverse'])).toBe('0.04')
    stream.close()
  })

  it.each([
    ['of which some earn', [0.4, 100, 0.4, 100, 0.4, 100, 0.4, 100]],
    ['of which none earns', [0.4, 0.4, 0.4, 0.4, 0.4]],
  ])('tells each of its own when sales come together, %s', async (what, amounts) => {
    const numbers = amounts.map((_, index) => 83 + index)
    const streams = await Promise.all(numbers.map(async (number) => open(SPENT, { id: await idOf(number) })))
    await Promise.all(
      amounts.map((amount, index) => bill(`9197400100${numbers[index]}`, 'till.demo', `${what} ${index}`, amount)),
    ) // prettier-ignore
    const due = amounts.map((amount) => (amount < 1 ? 'member.changed' : 'points.award')).sort()
    expect(await topics()).toEqual(due)
    for (const stream of streams) {
      expect(Number(await spendOf(stream))).toBeGreaterThan(0)
      stream.close()
    }
  })

  it('tells of it too where tiers look at a period', async () => {
    await graph.app.apply({
      version: 1,
      tenants: [
        {
          ...{ key: 'year', name: 'year', sandbox: true, timeZone: 'UTC', currency: 'INR' },
          apiKeys: [{ name: 'front', key: 'year-front-key', scopes: ['read'] }],
          capillary: { orgId: 9, region: 'india', tills: [{ code: 'till.year', store: 's', password: 'till' }], stores: [{ code: 's', name: 'S' }] },
          programs: [
            {
              ...{ key: 'main', programId: 9016, default: true, expiry: { days: 365 }, purchase: { actionId: 1, ratio: '1' } },
              transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
              tierPeriod: { of: { months: 12 } },
              tiers: [{ name: 'Silver', minLifetimePoints: 0 }, { name: 'Gold', minPeriodSpend: '500' }],
            },
          ],
          members: [{ ref: 'm', identifiers: [{ type: 'mobile', value: '919740020001', source: 'INSTORE', accountId: '' }] }],
        },
      ],
    }) // prettier-ignore
    const { data } = await graph.ask<{ members: { nodes: { id: string }[] } }>('{ members(first: 1) { nodes { id } } }', {}, 'year-front-key') // prettier-ignore
    await publish()
    const stream = await open(SPENT, { id: data?.members.nodes[0]?.id }, { key: 'year-front-key' })
    await bill('919740020001', 'till.year', 'year-1', 0.4)
    expect(await told(stream, ['member.changed'])).toBe('0.4')
    await bill('919740020001', 'till.year', 'year-1', 0.4, whole)
    expect(await told(stream, ['member.changed'])).toBe('0')
    stream.close()
  })
})

describe('who may open a stream', () => {
  const refused = async (query: string, variables: object, key?: string) => {
    const answer = await fetch(`${urls[0]}/graphql/stream`, {
      method: 'POST',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...{ 'content-type': 'application/json', accept: 'text/event-stream' },
      },
      body: JSON.stringify({ query, variables }),
    })
    const body = (await answer.json()) as Event
    return [answer.status, body.errors?.[0]?.extensions?.code]
  }

  it('nobody without a credential that may read, and for nobody who is not there for it', async () => {
    const id = await idOf(74)
    expect(await refused(ADDED, { id })).toEqual([401, 'UNAUTHENTICATED'])
    expect(await refused(ADDED, { id }, 'nonsense')).toEqual([401, 'UNAUTHENTICATED'])
    for (const [key, code] of [
      [KEYS.writer, 'FORBIDDEN'],
      [KEYS.stranger, 'MEMBER_NOT_FOUND'],
    ] as const) {
      // prettier-ignore
      const stream = await open(ADDED, { id }, { key })
      expect((await stream.next())?.errors?.[0]?.extensions?.code).toBe(code)
      expect(await stream.next()).toBeNull()
    }
  })

  it("a member's own token, for that member alone", async () => {
    const own = await tokenOf('m75@demo.example')
    const stream = await open(ADDED, { id: await idOf(75) }, { key: own })
    const other = await open(ADDED, { id: await idOf(76) }, { key: own })
    expect((await other.next())?.errors?.[0]?.extensions?.code).toBe('MEMBER_NOT_FOUND')
    await award(76, '1')
    await award(75, '2')
    await publish()
    expect((await stream.next())?.data?.['pointsActivityAdded']).toMatchObject({ points: '2', member: { firstName: 'First75' } }) // prettier-ignore
    stream.close()
  })

  it.each([
    ['a query', '{ members { nodes { id } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation', 'mutation { leaveGroup(input: { memberId: "x" }) { userErrors { code } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['what is no document', '{', 'GRAPHQL_VALIDATION_FAILED'],
    ['nothing of the schema', 'subscription { nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['too many aliases', `subscription($id: ID!) { memberChanged(memberId: $id) { ${Array.from({ length: 20 }, (_, i) => `a${i}: id`).join(' ')} } }`, 'OPERATION_TOO_LARGE'],
    ['too deep', `subscription($id: ID!) { memberChanged(memberId: $id) { ${'orders { nodes { member { '.repeat(5)} id ${'} } } '.repeat(5)} } }`, 'OPERATION_TOO_LARGE'],
    ['a flood of tokens', `subscription { ${'x '.repeat(5_000)} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['an id that is none', ADDED.replace('$id: ID!', '$id: ID! = 7'), 'BAD_USER_INPUT'],
  ])('%s is not streamed', async (_what, query, code) => {
    expect(await refused(query, { id: { $gt: '' } }, KEYS.storefront)).toEqual([400, query === ADDED ? 'BAD_USER_INPUT' : code]) // prettier-ignore
  }) // prettier-ignore

  it('a subscription is told where to go at /graphql, and a stream what to accept', async () => {
    const asked = await graph.ask(ADDED, { id: await idOf(74) })
    expect([asked.status, asked.errors?.[0]?.message]).toEqual([
      400,
      expect.stringContaining('/graphql/stream'),
    ])
    const answer = await fetch(`${urls[0]}/graphql/stream`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.storefront}`, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(answer.status).toBe(406)
  })

  it('a credential opens as many streams as it may and no more; one that ends makes room', async () => {
    const id = await idOf(77)
    const streams = await Promise.all(
      Array.from({ length: MOST_STREAMS }, () => open(ADDED, { id }, { key: KEYS.admin })),
    )
    expect(await refused(ADDED, { id }, KEYS.admin)).toEqual([429, 'TOO_MANY_STREAMS'])
    streams[0]?.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const again = await open(ADDED, { id }, { key: KEYS.admin })
    expect(again.status).toBe(200)
    for (const stream of [...streams.slice(1), again]) stream.close()
  })
})

describe('a stream ends', () => {
  it('when its credential was taken away, with the next event', async () => {
    const stream = await open(ADDED, { id: await idOf(78) }, { key: KEYS.reader })
    await graph.app.rows(`delete from api_keys where name = 'reader'`)
    // What was known of a key holds for a tenth of a second more (decision 0016).
    await new Promise((resolve) => setTimeout(resolve, 150))
    await award(78, '1')
    await publish()
    expect((await stream.next())?.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
    expect(await stream.next()).toBeNull()
  })

  it('when its server stops, at once and in order', async () => {
    const stream = await open(ADDED, { id: await idOf(79) }, { url: urls[1] })
    await new Promise((resolve) => setTimeout(resolve, 50))
    const began = Date.now()
    const closing = beside.close()
    expect(await stream.next()).toBeNull()
    expect(stream.raw()).toContain('event: complete')
    await closing
    expect(Date.now() - began).toBeLessThan(2_000)
  })
})
