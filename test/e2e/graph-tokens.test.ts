import type { FastifyInstance } from 'fastify'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type GraphAnswer, type GraphWorld, openGraph } from '../support/graph-world'

// An ES module; tests are CommonJS.
const jose = import('jose')
type Keys = Awaited<ReturnType<Awaited<typeof jose>['generateKeyPair']>>

const ISSUER = 'https://login.example.com/'
let keys: Keys
let issuer: Server
let graph: GraphWorld

beforeAll(async () => {
  const { exportJWK, generateKeyPair } = await jose
  keys = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  issuer = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve))
  const { port } = issuer.address() as AddressInfo
  graph = await openGraph({
    JWKS_URL: `http://127.0.0.1:${port}/jwks.json`,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: 'loyalty',
  })
}, 60_000)
afterAll(async () => {
  await graph.close()
  issuer.closeAllConnections()
  await new Promise((resolve) => issuer.close(resolve))
})

interface Made {
  readonly claims?: Record<string, unknown>
  readonly audience?: string
  readonly issuer?: string
  readonly expires?: string
  readonly key?: Keys['privateKey'] | Uint8Array
  readonly alg?: string
}

async function token({
  claims = {},
  key = keys.privateKey,
  alg = 'ES256',
  ...rest
}: Made = {}): Promise<string> {
  const { SignJWT } = await jose
  return new SignJWT({ tenant: 'demo', ...claims })
    .setProtectedHeader({ alg, kid: 'k1' })
    .setSubject('somebody')
    .setIssuer(rest.issuer ?? ISSUER)
    .setAudience(rest.audience ?? 'loyalty')
    .setIssuedAt()
    .setExpirationTime(rest.expires ?? '5m')
    .sign(key)
}

const memberToken = (member: unknown = 'm1@demo.example') =>
  token({ claims: { member, scope: 'read write admin' } })

/** Ids of the first and of the second member, and of what the first has. */
async function things() {
  const query = `query($i: IdentityInput) { member(identity: $i) { id activities(first: 1) { nodes { id } } orders(first: 1) { nodes { id orderId } } transactions(first: 1) { nodes { id number } } } }`
  type Answer = { member: { id: string; activities: Nodes; orders: Nodes; transactions: Nodes } }
  type Nodes = { nodes: { id: string; orderId: string; number: string }[] }
  const of = async (number: number) =>
    (await graph.ask<Answer>(query, { i: { door: 'annex', type: 'id', value: `m${number}@demo.example` } }))
      .data?.member
  const [first, second] = await Promise.all([of(1), of(2)])
  if (!first || !second) throw new Error('no members')
  return { first, second }
}

describe('a token', () => {
  it.each<[string, () => Promise<string>]>([
    ['of another issuer', () => token({ issuer: 'https://evil.example/' })],
    ['for somebody else', () => token({ audience: 'other' })],
    ['that has expired', () => token({ expires: '-2m' })],
    [
      'signed with another key',
      async () => token({ key: (await (await jose).generateKeyPair('ES256')).privateKey }),
    ],
    [
      'signed with a shared secret',
      () => token({ alg: 'HS256', key: new TextEncoder().encode('secret'.repeat(8)) }),
    ],
    ['without a tenant', () => token({ claims: { tenant: undefined } })],
    ['of an unknown tenant', () => token({ claims: { tenant: 'nobody' } })],
    ['of a member that is none', () => memberToken('stranger@demo.example')],
    ['whose member is no text', () => memberToken(['m1@demo.example'])],
    ['whose member is empty', () => memberToken('')],
    [
      'unsigned',
      async () => `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await token()).split('.')[1]}.`,
    ],
    ['of three words', async () => 'a.b.c'],
  ])('%s opens nothing', async (_what, made) => {
    const answer = await graph.ask('{ members { nodes { id } } }', {}, await made())
    expect([answer.status, answer.errors?.[0]?.extensions.code, answer.data]).toEqual([
      401,
      'UNAUTHENTICATED',
      undefined,
    ])
  })

  it("of a service has the scopes that it names, in its tenant's part alone", async () => {
    const ask = async (scope: string | undefined) =>
      (
        await graph.ask(
          '{ members(first: 2) { nodes { firstName } } }',
          {},
          await token({ claims: { scope } }),
        )
      ).status
    expect(await ask('read')).toBe(200)
    expect(await ask('openid profile')).toBe(403)
    expect(await ask(undefined)).toBe(403)
    const other = await token({ claims: { scope: 'read', tenant: 'other' } })
    const { data } = await graph.ask<{ members: { nodes: unknown[] } }>(
      '{ members { nodes { id } } }',
      {},
      other,
    )
    expect(data?.members.nodes).toHaveLength(1)
  })
})

describe("a member's own token", () => {
  it('reads the member, the wallet, and what the member bought', async () => {
    const { first } = await things()
    const query = `query($id: ID!, $order: String!, $number: String!) {
      member(id: $id) { firstName tier { name } spend { amount } points { available } identities { value } tierProgress { pointsMissing }
        activities(first: 20) { nodes { points sources { points } allocations { points } purchase { id } } } purchases { nodes { __typename points } } }
      members { nodes { firstName } pageInfo { hasNextPage } }
      order(orderId: $order) { points lines { productId } store { name } } transaction(number: $number) { billNumber payments { mode } } programs { key } }`
    const variables = {
      id: first.id,
      order: first.orders.nodes[0]?.orderId,
      number: first.transactions.nodes[0]?.number,
    }
    type Answer = { members: unknown }
    const own: GraphAnswer<Answer> = await graph.ask(query, variables, await memberToken())
    const service: GraphAnswer<Answer> = await graph.ask(query, variables)
    expect([own.status, own.errors]).toEqual([200, undefined])
    expect(own.data).toEqual({
      ...service.data,
      members: { nodes: [{ firstName: 'First1' }], pageInfo: { hasNextPage: false } },
    })
  })

  it('reads its own journal as text, once that is compiled, and no other', async () => {
    const { first, second } = await things()
    const asSecond = await memberToken('m2@demo.example')
    const query = `query OwnJournal($id: ID!) { member(id: $id) { activities(first: 3) { nodes { id points } } } }`
    for (const _ of ['interpreted', 'compiled', 'again']) {
      const own: GraphAnswer = await graph.ask(query, { id: second.id }, asSecond)
      const service: GraphAnswer = await graph.ask(query, { id: second.id })
      expect(JSON.stringify(own.data)).toContain('"points":"10"')
      expect(own.data).toEqual(service.data)
      expect((await graph.ask(query, { id: first.id }, asSecond)).data).toEqual({ member: null })
    }
  })

  it("finds nothing of anybody else's, by any way", async () => {
    const { first, second } = await things()
    const asSecond = await memberToken('m2@demo.example')
    const ids = [
      first.id,
      first.activities.nodes[0]?.id,
      first.orders.nodes[0]?.id,
      first.transactions.nodes[0]?.id,
    ]
    const nodes = await graph.ask(
      'query($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [...ids, second.id] },
      asSecond,
    )
    expect(nodes.data).toEqual({ nodes: [null, null, null, null, { id: second.id }] })
    const query = `query($id: ID!, $order: String!, $number: String!, $cart: CartInput!) {
      member(id: $id) { id } byEmail: member(identity: { door: "annex", type: "id", value: "m1@demo.example" }) { id }
      byNumber: member(identity: { door: "member", type: "id", value: "1" }) { id } node(id: $id) { id }
      order(orderId: $order) { id } transaction(number: $number) { id } potentialPoints(cart: $cart) { userErrors { code } } }`
    const cart = { memberId: first.id, lines: [{ productId: 'x', quantity: 1, unitPrice: 1 }] }
    const variables = {
      id: first.id,
      order: first.orders.nodes[0]?.orderId,
      number: first.transactions.nodes[0]?.number,
      cart,
    }
    const answer = await graph.ask(query, variables, asSecond)
    expect(answer.data).toEqual({
      ...{ member: null, byEmail: null, byNumber: null, node: null, order: null, transaction: null },
      potentialPoints: { userErrors: [{ code: 'MEMBER_NOT_FOUND' }] },
    })
    const after = await graph.ask<{ members: { nodes: unknown[] } }>(
      '{ members(first: 100) { nodes { id } } }',
      {},
      asSecond,
    )
    expect(after.data?.members.nodes).toEqual([{ id: second.id }])
  })

  it('finds nothing of anybody else through a gateway either', async () => {
    const { first } = await things()
    for (const [ROLE, selection, nothing] of [
      ['core', 'firstName points { available }', null],
      ['annex', 'orders { nodes { id } }', { orders: { nodes: [] } }],
      ['capillary', 'transactions { nodes { id } }', { transactions: { nodes: [] } }],
    ] as const) {
      const server = await graph.app.beside({ ROLE })
      const answer = await server.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${await memberToken('m2@demo.example')}` },
        payload: {
          query: `query($r: [_Any!]!) { _entities(representations: $r) { ... on Member { ${selection} } } }`,
          variables: { r: [{ __typename: 'Member', id: first.id }] },
        },
      })
      expect(answer.json().data).toEqual({ _entities: [nothing] })
      await server.close()
    }
  })

  it('changes nothing, whatever scopes it claims', async () => {
    const { first } = await things()
    const answer = await graph.ask(
      'mutation($i: AwardPointsInput!) { awardPoints(input: $i) { userErrors { code } } }',
      { i: { memberId: first.id, points: '1' } },
      await memberToken(),
    )
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN'])
  })
})

describe('when the issuer cannot be asked', () => {
  it('says that it may be tried again, and API keys still open', async () => {
    const server = await graph.app.beside({ JWKS_URL: 'http://127.0.0.1:9/jwks.json', JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'loyalty' }) // prettier-ignore
    const ask = async (key: string) =>
      server.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${key}` },
        payload: { query: '{ programs { key } }' },
      })
    const refused = await ask(await memberToken())
    expect([refused.statusCode, refused.json().errors[0].extensions.code]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
    ])
    expect(refused.body).not.toContain('127.0.0.1')
    expect((await ask('graph-reader')).statusCode).toBe(200)
    await server.close()
  })
})

describe('trusted documents', () => {
  const file = join(__dirname, '../generated/trusted-documents.json')
  const [[hash, text] = ['', '']] = Object.entries(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>,
  )
  const asking = (server: FastifyInstance) => async (payload: object) => {
    const headers = { authorization: 'Bearer graph-storefront' }
    const answer = await server.inject({ method: 'POST', url: '/graphql', headers, payload })
    return [answer.statusCode, answer.json().errors?.[0]?.extensions.code]
  }
  const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }

  it('are the only ones that are taken, whole or by their hash, when they are enforced', async () => {
    const server = await graph.app.beside({ TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: file })
    const ask = asking(server)
    expect(await ask({ query: '{ programs { key } }' })).toEqual([400, 'UNTRUSTED_DOCUMENT'])
    expect(await ask({ query: `${text} ` })).toEqual([400, 'UNTRUSTED_DOCUMENT'])
    const known = [await ask({ query: text }), await ask(byHash)]
    expect(known).not.toContainEqual([400, 'UNTRUSTED_DOCUMENT'])
    expect(known[0]).toEqual(known[1])
    await server.close()
  })

  it('are only missed in the log, by hash, while one is warned', async () => {
    const server = await graph.app.beside({ TRUSTED_DOCUMENTS: 'warn', TRUSTED_DOCUMENTS_FILE: file })
    expect(await asking(server)({ query: '{ programs { key title } }' })).toEqual([200, undefined])
    const [line] = graph.app.logged.filter((logged) => logged.includes('not trusted'))
    expect(line).toContain('queryHash')
    expect(line).not.toContain('programs')
    await server.close()
  })

  it('must be there, and be what their hashes say', async () => {
    for (const wrong of [join(__dirname, 'nowhere.json'), join(__dirname, '../../package.json')])
      await expect(
        graph.app.beside({ TRUSTED_DOCUMENTS: 'enforce', TRUSTED_DOCUMENTS_FILE: wrong }),
      ).rejects.toThrow(/TRUSTED_DOCUMENTS_FILE|SHA-256/)
  })
})
