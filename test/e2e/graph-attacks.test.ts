import type { FastifyInstance } from 'fastify'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { globalId } from '../../src/graphql/shared/global-id'
import { type GraphAnswer, type GraphWorld, KEYS, openGraph } from '../support/graph-world'
import { statementsOf } from '../support/statements'

/* The GraphQL attack list, item by item: each is refused or bounded, tells nothing, and moves nothing. */

let graph: GraphWorld
let first: string

beforeAll(async () => {
  graph = await openGraph()
  const found = await graph.ask<{ member: { id: string } }>(
    '{ member(identity: { door: "annex", type: "id", value: "m1@demo.example" }) { id } }',
  )
  first = found.data?.member.id ?? ''
}, 60_000)
afterAll(() => graph.close())

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ')

const nested = (depth: number, open: string, inner: string): string =>
  `${open.repeat(depth)} ${inner} ${'}'.repeat(depth)}`

const redeem = (alias: string): string =>
  `${alias}: redeemPoints(input: { memberId: "${first}", points: "1" }) { userErrors { code } }`

const balance = (): Promise<readonly unknown[]> =>
  graph.app.rows('select count(*) as entries, sum(available) as points from account, entry')

/** At most this much CPU may a request cost that is refused. */
const MOST_MILLIS = 50

/**
 * The first run within the bound, else the least of ten: what the machine does besides is not the request's. Errors have no
 * stack meanwhile: Jest keeps a hundred calls of each and looks them up in the source, which of a request with a hundred
 * errors would be most of the work.
 */
async function costOf(work: () => Promise<unknown>): Promise<number> {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    let least = Infinity
    for (let tries = 0; tries < 10 && least >= MOST_MILLIS; tries++) {
      const start = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(start)
      least = Math.min(least, (user + system) / 1000)
    }
    return least
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

const inject = (payload: string | object, headers: Record<string, string> = {}) =>
  graph.app.server.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${KEYS.storefront}`, 'content-type': 'application/json', ...headers },
    payload,
  })

describe('what is refused before any resolver runs, for next to nothing', () => {
  const queries: readonly (readonly [string, () => string])[] = [
    ['a thousand aliases', () => `{ ${times(1000, (i) => `a${i}: __typename`)} }`],
    ['the same mutation under a hundred aliases', () => `mutation { ${times(100, (i) => redeem(`a${i}`))} }`],
    ['one field ten thousand times', () => `{ ${'__typename '.repeat(10_000)} }`],
    ['a thousand directives', () => `{ ${'__typename @include(if: true) '.repeat(1000)} }`],
    ['unknown directives', () => `{ ${'__typename @nope '.repeat(500)} }`],
    ['one directive over and over', () => `{ __typename ${'@include(if: true) '.repeat(200)} }`],
    ['a depth of fifty', () => `{ members { nodes { ${nested(16, 'orders { nodes { member {', 'id')} }}`],
    ['types in a circle', () => `{ members { nodes { ${nested(10, 'activities { nodes { member {', 'id')} }}`],
    ['fragments in a circle', () => '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    [
      'a fragment bomb',
      () =>
        `{ ...A0 } ${times(30, (i) => `fragment A${i} on Query { ...A${i + 1} ...A${i + 1} }`)} fragment A30 on Query { ${times(20, (i) => `a${i}: __typename`)} }`,
    ],
    ['a flood of tokens', () => `{ ${'x '.repeat(500_000)} }`],
    ['lists of lists of lists', () => '{ members(first: 100) { nodes { orders(first: 100) { nodes { member { orders(first: 100) { nodes { id } } } } } } } }'],
    ['lists of lists without sizes', () => '{ members { nodes { orders { nodes { member { orders { nodes { member { activities { nodes { id } } } } } } } } } } }'],
    ['a size hidden in a default', () => 'query($n: Int = 100) { members(first: $n) { nodes { activities(first: $n) { nodes { member { id tier { id } points { available } } } } } } }'],
    ['an unknown field', () => '{ members { nodes { password } } }'],
    ['a type probed that is none of the interface', () => `{ node(id: "${first}") { ... on PointsBalance { available } } }`],
    ['an enum abused', () => '{ members { nodes { purchases(kind: __proto__) { nodes { id } } } } }'],
    ['a subscription', () => 'subscription { memberChanged { id } }'],
    ['a deferred fragment', () => '{ members { nodes { ... @defer { id } } } }'],
  ] // prettier-ignore

  it.each(queries)('%s', async (_what, query) => {
    const before = await balance()
    const text = query()
    let answer: GraphAnswer | undefined
    const ask = async () => (answer = await graph.ask(text))
    expect(await statementsOf(ask)).toEqual([])
    expect(answer?.status).toBe(400)
    expect(answer?.data).toBeFalsy()
    expect(JSON.stringify(answer?.errors).length).toBeLessThan(100_000)
    expect(await costOf(ask)).toBeLessThan(MOST_MILLIS)
    expect(await balance()).toEqual(before)
  })

  it('comments by the megabyte, or a body beyond it', async () => {
    const comments = JSON.stringify({ query: `${'#\n'.repeat(250_000)}{ __typename }` })
    expect((await inject(comments)).statusCode).toBeLessThan(500)
    expect(await costOf(() => inject(comments))).toBeLessThan(MOST_MILLIS)
    const huge = JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(10_000_000) } })
    expect((await inject(huge)).statusCode).toBe(413)
  })

  it.each([
    ['a batch', '[{"query":"{ __typename }"},{"query":"{ __typename }"}]'],
    ['a key of the prototype', '{"query":"{ __typename }","variables":{"__proto__":{"admin":true}}}'],
    ['a constructor', '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"x":1}}}}'],
    ['an operation that is not there', '{"query":"query A { __typename }","operationName":"B"}'],
    ['several operations, none named', '{"query":"query A { __typename } query B { __typename }"}'],
    [
      'a name as long as a book',
      `{"query":"query A { __typename }","operationName":"${'B'.repeat(100_000)}"}`,
    ],
  ])('%s', async (_what, payload) => {
    const answer = await inject(payload)
    expect(answer.statusCode).toBe(400)
    expect(answer.body.length).toBeLessThan(2_000)
  })

  it.each([
    ['text/plain', '{"query":"{ __typename }"}'],
    ['application/x-www-form-urlencoded', 'query=%7B__typename%7D'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    ],
  ])('what a page on another site could make a browser send, as %s', async (type, payload) => {
    expect((await inject(payload, { 'content-type': type })).statusCode).toBe(415)
  })
})

/** Items of the attack list of ledger.md, and the tests of this file that try them, by their names. */
const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'alias x1,000': ['a thousand aliases', 'alias overloading'],
  'one mutation aliased x100': ['the same mutation under a hundred aliases'],
  'array batching': ['a batch', 'batches'],
  'field duplication x10K': ['one field ten thousand times', 'field duplication'],
  'directive overload, unknown directives': ['a thousand directives', 'unknown directives', 'one directive over and over', 'directive overloading'],
  'depth 50, circular types': ['a depth of fifty', 'types in a circle'],
  'circular fragments, fragment bombs': ['fragments in a circle', 'a fragment bomb'],
  'token flood 1 MB, comments flood': ['a flood of tokens', 'comments by the megabyte, or a body beyond it'],
  'huge first, negative, cursor forgery': ['a page of %s is refused where it is asked', 'a forged cursor'],
  'list-of-list cost multiplication': ['lists of lists of lists', 'lists of lists without sizes', 'a size hidden in a default'],
  'introspection and __type off': ['introspection', 'a type by name', 'circular introspection'],
  'suggestions off': ['field suggestions'],
  'GraphiQL, tracing and debug off': ['shows no explorer, and no trace beside an answer'],
  'GET mutation, GET query without preflight header': ['a mutation by GET', 'a query by GET'],
  'urlencoded, multipart, text/plain POST': ['what a page on another site could make a browser send, as %s', 'a form'],
  'unknown operationName, several operations': ['an operation that is not there', 'several operations, none named'],
  'subscriptions over websocket without auth': ['a websocket is not opened to anybody', 'a subscription'],
  'persisted-query poisoning': ['a document is remembered by its own hash only, and only when it is valid'],
  'variables: missing, wrong type': ['null where a default would have stood is refused, also once the operation is compiled', 'an object'],
  'variables: extra': ['more than is declared changes nothing'],
  'variables: 10 MB': ['comments by the megabyte, or a body beyond it'],
  'deep input objects': ['an input nested a thousand times'],
  'enum abuse': ['an enum abused'],
  '__proto__ keys': ['a key of the prototype', 'a constructor', 'an unknown prototype'],
  'custom scalars with junk': ['a number in another notation', 'a million digits', 'an instant that is none', 'the year 275760'],
  'error-based leakage, stack traces': ['an error nobody thought of'],
  'partial data beside denied fields': ['a denied field says so under any alias, and gives nothing beside it'],
  'null-bubbling hiding denials': ['a denial is told also where it empties what is around it'],
  'node ids swapped across tenants': ['are not reached by any path, alias or fragment with a key of another tenant', 'are not told apart from what never was'],
  'nested path to another member': ['are not reached by any path, alias or fragment with a key of another tenant'],
  'mass assignment': ['a tier to be set on the way', 'a tenant', 'lifetime points'],
  'N+1 amplification': ['the same edge under many aliases is read once, not once an alias'],
  'interface and union probing': ['a type probed that is none of the interface'],
  'field-level auth through aliases and fragments': ['a denial is told also where it empties what is around it', 'a denied field says so under any alias, and gives nothing beside it'],
  'operation-name log injection': ['nothing of a request but its route gets into the log', 'a name as long as a book'],
} // prettier-ignore

it('each item of the attack list has its tests here', () => {
  const text = readFileSync(__filename, 'utf8')
  const tests =
    text.slice(0, text.indexOf('const ATTACKS')) + text.slice(text.indexOf('} // prettier-ignore\n\nit('))
  const missing = Object.entries(ATTACKS).flatMap(([item, names]) =>
    names.filter((name) => !tests.includes(`'${name}'`)).map((name) => `${item}: ${name}`),
  )
  expect(missing).toEqual([])
})

describe('variables and scalars', () => {
  it.each([
    ['minus one', { first: -1 }],
    ['two thousand million', { first: 2_147_483_647 }],
    ['more than an integer', { first: 2 ** 31 }],
    ['a fraction', { first: 1.5 }],
    ['a forged cursor', { after: Buffer.from("members:1' or '1'='1").toString('base64url') }],
    ['the cursor of another list', { after: Buffer.from('activities:1').toString('base64url') }],
    ['an instant that is none', { from: 'yesterday' }],
    ['the year 275760', { from: '+275760-09-13T00:00:00.001Z' }],
    ['an instant with text behind it', { from: "2026-01-01T00:00:00Z'; select 1" }],
  ])('a page of %s is refused where it is asked', async (_what, variables) => {
    const query =
      'query($first: Int = 1, $after: String, $from: DateTime) { members(first: $first, after: $after, joinedFrom: $from) { nodes { id } } }'
    for (const _ of ['first', 'compiled', 'again']) {
      const answer = await graph.ask(query, variables)
      expect([answer.status, answer.data ?? null]).toEqual([400, null])
    }
  })

  it('an input nested a thousand times', async () => {
    const deep = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`
    const query =
      'query($x: Int) { members(first: 1) { nodes { id } } a: members(first: $x) { nodes { id } } }'
    const ask = () => inject(`{"query":${JSON.stringify(query)},"variables":{"x":${deep}}}`)
    expect((await ask()).statusCode).toBe(400)
    expect(await costOf(ask)).toBeLessThan(MOST_MILLIS)
  })

  it('a websocket is not opened to anybody', async () => {
    const headers = { upgrade: 'websocket', connection: 'upgrade', 'sec-websocket-version': '13', 'sec-websocket-key': 'x' } // prettier-ignore
    for (const url of ['/graphql', '/graphql/stream']) {
      const { statusCode } = await graph.app.server.inject({ url, headers })
      expect(statusCode).toBeGreaterThanOrEqual(400)
      expect(statusCode).toBeLessThan(500)
    }
  })
  const award = 'mutation($input: AwardPointsInput!) { awardPoints(input: $input) { userErrors { code } } }'

  it.each([
    ['a float where points are text', { points: 0.1 }],
    ['a number in another notation', { points: '1e5' }],
    ['a number in hexadecimal', { points: '0x10' }],
    ['infinity', { points: 'Infinity' }],
    ['an object', { points: { $gt: 0 } }],
    ['a million digits', { points: '9'.repeat(900_000) }],
    ['other digits', { points: '١٢' }],
    ['an action of text', { actionId: '101; drop table member' }],
    ['an action beyond 32 bits', { actionId: 2 ** 31 }],
    ['a tier to be set on the way', { points: '1', tier: 'Gold' }],
    ['a tenant', { points: '1', tenantId: 2 }],
    ['lifetime points', { points: '1', lifetimeEarned: '1000000' }],
    ['an unknown prototype', { points: '1', ['__proto__x']: {} }],
  ])('%s is refused', async (_what, input) => {
    const before = await balance()
    const answer = await graph.ask(award, { input: { memberId: first, ...input } })
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
    expect(await balance()).toEqual(before)
  })

  it('null where a default would have stood is refused, also once the operation is compiled', async () => {
    const query = 'query($n: Int) { members(first: $n) { nodes { id } } }'
    for (let round = 0; round < 3; round++) {
      const { status, errors } = await graph.ask(query, { n: null })
      expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT'])
    }
    expect((await graph.ask(query)).status).toBe(200)
  })

  it('more than is declared changes nothing', async () => {
    const answer = await graph.ask('query($a: Int) { members(first: 1) { nodes { id } } a: __typename @skip(if: true) b: members(first: $a) { nodes { id } } }', { a: 1, b: 2, tenantId: 2, scopes: ['admin'] }) // prettier-ignore
    expect([answer.status, answer.errors]).toEqual([200, undefined])
  })
})

describe("other people's things", () => {
  it('are not reached by any path, alias or fragment with a key of another tenant', async () => {
    const query = `query($id: ID!) { node(id: $id) { ...F } a: node(id: $id) { ... on Member { email } } nodes(ids: [$id]) { id } m: member(id: $id) { ...F } }
      fragment F on Member { email orders { nodes { member { transactions { nodes { id } } } } } }`
    expect((await graph.ask(query, { id: first }, KEYS.stranger)).data).toEqual({
      node: null,
      a: null,
      nodes: [null],
      m: null,
    })
  })

  it('are not told apart from what never was', async () => {
    const query = 'query($id: ID!) { node(id: $id) { id } }'
    const theirs = await graph.ask(query, { id: first }, KEYS.stranger)
    const nobodys = await graph.ask(query, { id: globalId('Member', '999999999') }, KEYS.stranger)
    expect([theirs.status, theirs.data, theirs.errors]).toEqual([
      nobodys.status,
      nobodys.data,
      nobodys.errors,
    ])
  })

  it('a denied field says so under any alias, and gives nothing beside it', async () => {
    const query = `mutation { harmless: ${redeem('x').slice(3)} }`
    const before = await balance()
    const answer = await graph.ask(query, {}, KEYS.reader)
    expect([answer.status, answer.errors?.[0]?.extensions.code, answer.data ?? null]).toEqual([403, 'FORBIDDEN', null]) // prettier-ignore
    expect(await balance()).toEqual(before)
  })
})

describe('a denial below the top', () => {
  it('a denial is told also where it empties what is around it', async () => {
    const query = `mutation { x: awardPoints(input: { memberId: "${first}", points: "1", dryRun: true }) { m: member { ...F } } }
      fragment F on Member { id who: identities { value } ... on Member { mail: email } }`
    for (const _ of ['first', 'compiled', 'again']) {
      const { data, errors = [] } = await graph.ask(query, {}, KEYS.writer)
      expect(data).toEqual({ x: { m: null } })
      expect(errors.map(({ path }) => path?.join('.'))).toContain('x.m.who')
      expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['FORBIDDEN']))
    }
  })
})

describe('what stays bounded', () => {
  it('every answer to an operation tells what it may cost', async () => {
    const { body } = await inject({ query: '{ members(first: 10) { nodes { id tier { id } } } }' })
    expect(JSON.parse(body)).toMatchObject({ extensions: { cost: { objects: 30, allowed: 25_000 } } })
    const refused = await inject({ query: `{ members(first: 100) { nodes { activities(first: 100) { nodes { sources { line } } } } } }` }) // prettier-ignore
    expect(refused.json()).toMatchObject({
      errors: [{ extensions: { code: 'OPERATION_TOO_LARGE' } }],
      extensions: { cost: { objects: expect.any(Number) as number, allowed: 25_000 } },
    })
  })

  it('the same edge under many aliases is read once, not once an alias', async () => {
    const query = `{ members(first: 50) { nodes { ${times(15, (i) => `a${i}: activities(first: 2) { nodes { kind } }`)} } } }`
    expect(await statementsOf(() => graph.ask(query))).toHaveLength(2)
  })

  it('a document is remembered by its own hash only, and only when it is valid', async () => {
    const ask = (query: string | undefined, sha256Hash: string) =>
      inject({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } })
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
    const [good, bad] = ['{ members(first: 1) { nodes { id } } }', '{ nope }']

    expect((await ask(undefined, hashOf(good))).json().errors[0].extensions.code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    )
    expect((await ask(bad, hashOf(good))).statusCode).toBe(400)
    expect((await ask(bad, hashOf(bad))).statusCode).toBe(400)
    expect((await ask(undefined, hashOf(bad))).json().errors[0].extensions.code).toBe(
      'PERSISTED_QUERY_NOT_FOUND',
    )
    expect((await ask(good, hashOf(good))).statusCode).toBe(200)
    expect((await ask(undefined, hashOf(good))).json()).toHaveProperty('data.members.nodes')
  })

  it('nothing of a request but its route gets into the log', async () => {
    const name = 'Evil_name_4711'
    await inject({ query: `query ${name} { __typename }`, operationName: name })
    await inject({ query: `query ${name} { nope }`, operationName: `${name}\n{"level":60}` })
    expect(graph.app.logged.join('\n')).not.toContain('Evil_name')
  })

  it('five hundred documents that never come back are not kept', async () => {
    const run = async (round: number): Promise<void> => {
      for (let index = 0; index < 500; index++)
        await graph.ask(`query Q${round}x${index} { members(first: 1) { nodes { id } } }`)
    }
    await run(0)
    const before = process.memoryUsage().heapUsed
    await run(1)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000)
  }, 60_000)
})

describe("graphql-cop's checks, on a server as it runs in production", () => {
  let server: FastifyInstance
  beforeAll(async () => void (server = await graph.app.beside({ NODE_ENV: 'production' })))
  afterAll(() => server.close())

  const post = (payload: string | object, type = 'application/json') =>
    server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${KEYS.storefront}`, 'content-type': type },
      payload,
    })
  const get = (query: string) =>
    server.inject({
      method: 'GET',
      url: `/graphql?query=${encodeURIComponent(query)}`,
      headers: { authorization: `Bearer ${KEYS.storefront}` },
    })

  it.each([
    ['alias overloading', () => post({ query: `{ ${times(101, (i) => `a${i}: __typename`)} }` })],
    [
      'batches',
      () =>
        post(
          times(10, () => '{"query":"{ __typename }"}')
            .replaceAll('} {', '},{')
            .replace(/^(.*)$/, '[$1]'),
        ),
    ],
    ['directive overloading', () => post({ query: `{ __typename ${'@aa '.repeat(10)} }` })],
    [
      'circular introspection',
      () =>
        post({ query: '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }' }),
    ],
    ['field duplication', () => post({ query: `{ ${'__typename '.repeat(2_100)} }` })],
    ['introspection', () => post({ query: '{ __schema { types { name } } }' })],
    ['a type by name', () => post({ query: '{ __type(name: "Member") { fields { name } } }' })],
    ['field suggestions', () => post({ query: '{ member { firstNam } }' })],
    ['a mutation by GET', () => get(`mutation { ${redeem('x').slice(3)} }`)],
    ['a query by GET', () => get('{ __typename }')],
    ['a form', () => post('query=%7B__typename%7D', 'application/x-www-form-urlencoded')],
    ['an error nobody thought of', () => post({ query: { nope: [] }, variables: 7 })],
  ])('%s: refused, and nothing of the schema or of the code told', async (_what, ask) => {
    const answer = await ask()
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.body).not.toMatch(/Did you mean|node_modules|\bat .*\.js|"tracing"|firstName/)
  })

  it('shows no explorer, and no trace beside an answer', async () => {
    for (const url of ['/graphql', '/graphiql'])
      expect((await server.inject({ url, headers: { accept: 'text/html' } })).body).not.toMatch(/<html/i)
    const { body } = await post({ query: '{ __typename }' })
    expect(Object.keys(JSON.parse(body).extensions as object)).toEqual(['cost'])
  })
})
