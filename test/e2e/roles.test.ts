import type { FastifyInstance } from 'fastify'
import { type GraphWorld, KEYS, openGraph } from '../support/graph-world'

let graph: GraphWorld
let member: string

beforeAll(async () => {
  graph = await openGraph()
  const query = '{ member(identity: { door: "annex", type: "id", value: "m1@demo.example" }) { id } }'
  member = (await graph.ask<{ member: { id: string } }>(query)).data?.member.id ?? ''
}, 60_000)
afterAll(() => graph.close())

describe.each([
  ['core', '/admin/setup', ['/api/3.0/orders', '/v2/transactions']],
  ['annex', '/api/3.0/orders', ['/admin/setup', '/v2/transactions']],
  ['capillary', '/v2/transactions', ['/admin/setup', '/api/3.0/orders']],
] as const)('a process with ROLE=%s', (role, own, others) => {
  let server: FastifyInstance
  beforeAll(async () => void (server = await graph.app.beside({ ROLE: role })))
  afterAll(() => server.close())

  const ask = async (query: string, variables: object, key: string) => {
    const answer = await server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${key}` },
      payload: { query, variables },
    })
    return { status: answer.statusCode, data: answer.json<{ data?: Record<string, never> }>().data }
  }
  const entity = (selection: string, key: string = KEYS.storefront) =>
    ask(
      `query($r: [_Any!]!) { _entities(representations: $r) { ... on Member { ${selection} } } }`,
      { r: [{ __typename: 'Member', id: member }] },
      key,
    )
  const adds = {
    core: 'firstName',
    annex: 'orders { nodes { orderId } }',
    capillary: 'transactions { nodes { billNumber } }',
  }[role]

  it('tells a gateway what it is, and completes what the others name', async () => {
    const { data } = await ask('{ _service { sdl } }', {}, KEYS.reader)
    expect(data).toEqual({ _service: { sdl: expect.stringContaining('@key(fields: "id")') as string } })
    const expected = {
      core: { firstName: 'First1' },
      annex: { orders: { nodes: [{ orderId: 'order-2' }, { orderId: 'order-1' }] } },
      capillary: { transactions: { nodes: [{ billNumber: 'bill-2' }, { billNumber: 'bill-1' }] } },
    }[role]
    for (const _ of ['interpreted', 'compiled', 'compiled again'])
      expect(await entity(adds)).toMatchObject({ status: 200, data: { _entities: [expected] } })
  })

  it('signs in for itself, and has nothing for another tenant', async () => {
    expect((await entity('id', 'nonsense')).status).toBe(401)
    const refused = await entity(adds, KEYS.writer)
    expect(refused).toEqual({ status: 403, data: null })
    const nothing = {
      core: null,
      annex: { orders: { nodes: [] } },
      capillary: { transactions: { nodes: [] } },
    }[role]
    expect((await entity(adds, KEYS.stranger)).data).toEqual({ _entities: [nothing] })
  })

  it('has its own doors, and says of others whose they are not', async () => {
    const answer = await server.inject({ method: 'PUT', url: own, payload: {} })
    expect(answer.statusCode).not.toBe(404)
    for (const url of others) {
      const refused = await server.inject({ method: 'POST', url, payload: {} })
      expect([refused.statusCode, refused.json().error]).toEqual([
        404,
        `Not Found: this process serves ROLE=${role}`,
      ])
    }
  })
})
