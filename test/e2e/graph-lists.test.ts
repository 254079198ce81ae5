import { globalId } from '../../src/graphql/shared/global-id'
import { type GraphAnswer, type GraphWorld, KEYS, openGraph } from '../support/graph-world'
import { statementsOf } from '../support/statements'

/* Lists, filters and orders; and what a member was, has spent, shares and will lose. */

let graph: GraphWorld
beforeAll(async () => void (graph = await openGraph()), 60_000)
afterAll(() => graph.close())

type Row = Readonly<Record<string, unknown>>

const identity = (number: number) => `{ door: "annex", type: "id", value: "m${number}@demo.example" }`

async function ask<Data = Record<string, Row>>(query: string, variables: object = {}): Promise<Data> {
  const answer: GraphAnswer<Data> = await graph.ask(query, variables, KEYS.admin)
  expect([answer.status, answer.errors]).toEqual([200, undefined])
  return answer.data as Data
}

/** What a member answers to a selection. */
const member = async (number: number, selection: string): Promise<Row> =>
  (await ask(`{ member(identity: ${identity(number)}) { ${selection} } }`))['member'] as Row

const names = async (args: string): Promise<readonly string[]> => {
  const { members } = await ask<{ members: { nodes: { firstName: string }[] } }>(
    `{ members(${args}) { nodes { firstName } } }`,
  )
  return members.nodes.map(({ firstName }) => firstName)
}

/** A whole list in pages of two, by its cursors. */
async function paged(list: (after: string) => string): Promise<readonly string[]> {
  const found: string[] = []
  let after: string | null = null
  do {
    const data: { list: Page } = await ask(list(after === null ? '' : `, after: "${after}"`))
    expect(data.list.nodes.length).toBeLessThanOrEqual(2)
    found.push(...data.list.nodes.map(({ id }) => id))
    after = data.list.pageInfo.hasNextPage ? data.list.pageInfo.endCursor : null
  } while (after !== null)
  return found
}

interface Page {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

const PAGE = 'nodes { id } pageInfo { hasNextPage endCursor }'

const backwards = <Item>(rows: readonly Item[]): readonly Item[] =>
  rows.reduceRight<Item[]>((all, row) => [...all, row], [])

describe('members', () => {
  it('are found by an identity of any door, whatever its kind and spelling', async () => {
    expect(await names('identity: "919740010007"')).toEqual(['First7'])
    expect(await names('identity: " M7@Demo.Example "')).toEqual(['First7'])
    expect(await names('identity: "7"')).toEqual([])
  })

  it('are listed by status and by tier, alone and together', async () => {
    const update = 'mutation($i: UpdateMemberInput!) { updateMember(input: $i) { userErrors { code } } }'
    for (const [number, status] of [[21, 'BLOCKED'], [22, 'FRAUD'], [23, 'BLOCKED']] as const) // prettier-ignore
      await ask(update, { i: { identity: { door: 'annex', type: 'id', value: `m${number}@demo.example` }, status } }) // prettier-ignore
    expect(await names('status: BLOCKED')).toEqual(['First21', 'First23'])
    const { programs } = await ask<{ programs: { tiers: { id: string; name: string }[] }[] }>(
      '{ programs { tiers { id name } } }',
    )
    const [silver, gold] = programs[0]?.tiers ?? []
    expect(await names(`status: BLOCKED, tierId: "${silver?.id}"`)).toEqual(['First21', 'First23'])
    expect(await names(`tierId: "${gold?.id}"`)).toEqual([])
    expect(
      (await graph.ask(`{ members(tierId: "${globalId('Member', '1')}") { nodes { id } } }`)).status,
    ).toBe(400)
  })

  it.each(['NUMBER', 'JOINED_NEWEST', 'JOINED_OLDEST'])(
    'come in pages, each once, in the order %s',
    async (order) => {
      // Many joined at one moment, so that the number has to decide between them.
      await graph.app.rows(
        `update members set joined_at = date_trunc('hour', joined_at) where member_id % 2 = 0`,
      )
      const all = await ask<{ list: Page }>(`{ list: members(first: 100, orderBy: ${order}) { ${PAGE} } }`)
      const walked = await paged(
        (after) => `{ list: members(first: 2, orderBy: ${order}${after}) { ${PAGE} } }`,
      )
      expect(walked).toEqual(all.list.nodes.map(({ id }) => id))
      expect(new Set(walked).size).toBe(100)
    },
  )

  it('who joined in a period are told from the others', async () => {
    await graph.app
      .rows(`update members m set joined_at = '2020-05-01T00:00:00.000001Z' from member_identities i
      where i.tenant_id = m.tenant_id and i.member_id = m.member_id and i.normalized = 'm30@demo.example'`)
    expect(await names('joinedUntil: "2020-05-01T00:00:00.000002Z"')).toEqual(['First30'])
    expect(await names('joinedFrom: "2020-05-01T00:00:00.000001Z", joinedUntil: "2021-01-01T00:00:00Z"')).toEqual(['First30']) // prettier-ignore
    expect(await names('joinedUntil: "2020-05-01T00:00:00.000001Z"')).toEqual([])
  })

  it('a cursor of one order is refused in another', async () => {
    const { list } = await ask<{ list: Page }>(`{ list: members(first: 1) { ${PAGE} } }`)
    const again = `{ members(orderBy: JOINED_NEWEST, after: "${list.pageInfo.endCursor}") { nodes { id } } }`
    expect((await graph.ask(again)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  })
})

describe('journals and purchases', () => {
  it('are read from either end, page by page', async () => {
    for (const list of ['activities', 'purchases']) {
      const all = async (order: string) =>
        ((await member(1, `list: ${list}(first: 100, orderBy: ${order}) { ${PAGE} }`))['list'] as Page).nodes
      const newest = await all('NEWEST')
      expect(newest.length).toBeGreaterThan(3)
      expect(await all('OLDEST')).toEqual(backwards(newest))
    }
  })

  it('go on behind a cursor, oldest first', async () => {
    for (const list of ['activities', 'purchases', 'orders']) {
      const found: string[] = []
      let after = ''
      for (;;) {
        const page = (await member(1, `list: ${list}(first: 1, orderBy: OLDEST${after}) { ${PAGE} }`))['list'] as Page // prettier-ignore
        found.push(...page.nodes.map(({ id }) => id))
        if (!page.pageInfo.hasNextPage) break
        after = `, after: "${page.pageInfo.endCursor}"`
      }
      const all = ((await member(1, `list: ${list}(first: 100) { ${PAGE} }`))['list'] as Page).nodes
      expect(found).toEqual(backwards(all.map(({ id }) => id)))
    }
  })

  it('purchases are told apart by how far they have come', async () => {
    const change =
      'mutation($i: ChangeOrderInput!) { changeOrder(input: $i) { order { status } userErrors { code } } }'
    const moved = async (input: object) => (await ask(change, { i: input }))['changeOrder']
    expect(await moved({ orderId: 'order-1', move: 'SHIP', lines: [{ productId: 'shoe', quantity: '1' }] })).toMatchObject({ order: { status: 'PLACED' } }) // prettier-ignore
    expect(await moved({ orderId: 'order-1', move: 'SHIP' })).toMatchObject({ order: { status: 'SHIPPED' } })
    expect(await moved({ orderId: 'order-2', move: 'CANCEL', dryRun: true })).toMatchObject({ order: { status: 'CANCELED' } }) // prettier-ignore
    expect(await moved({ orderId: 'order-2', move: 'CANCEL' })).toMatchObject({
      order: { status: 'CANCELED' },
    })
    const kinds = async (status: string, args = '') =>
      ((await member(1, `list: purchases(status: ${status}${args}) { nodes { __typename status } }`))['list'] as { nodes: { __typename: string; status: string }[] }).nodes // prettier-ignore
    expect((await kinds('SHIPPED')).map((each) => each.__typename).sort()).toEqual(['Order', 'Transaction', 'Transaction']) // prettier-ignore
    expect((await kinds('SHIPPED', ', kind: ORDER')).map((each) => each.status)).toEqual(['SHIPPED'])
    expect(await kinds('CANCELED')).toMatchObject([{ __typename: 'Order' }])
    expect(await kinds('RETURNED')).toEqual([])
  })

  it('an order tells what it did to the wallet, from its award to its cancellation', async () => {
    const { order } = await ask(
      '{ order(orderId: "order-2") { activities { kind points member { firstName } } } }',
    )
    expect(order?.['activities']).toMatchObject([
      { kind: 'AWARD', member: { firstName: 'First1' } },
      { kind: 'REVERSE' },
    ])
  })
})

describe('what a member has had, and will lose', () => {
  it('the tiers, the present one first, with what brought each', async () => {
    await ask(
      `mutation { awardPoints(input: { identity: ${identity(40)}, points: "1000" }) { userErrors { code } } }`,
    )
    expect((await member(40, 'tierHistory { tier { name } from to lifetimePoints spend { amount currency } }'))['tierHistory']).toMatchObject([
      { tier: { name: 'Gold' }, to: null, lifetimePoints: '1110', spend: { amount: '0', currency: 'INR' } },
      { tier: { name: 'Silver' }, to: expect.any(String) as string },
    ]) // prettier-ignore
  })

  it('points that will lapse, by calendar steps of the zone of the tenant', async () => {
    await ask(
      `mutation { awardPoints(input: { identity: ${identity(41)}, points: "7" }) { userErrors { code } } }`,
    )
    const found = await member(41, 'year: expiringPoints(per: YEAR) { from points } month: expiringPoints { from points } maturingPoints { points }') // prettier-ignore
    const [year] = found['year'] as { from: string; points: string }[]
    expect(year?.points).toBe('7')
    expect(year?.from).toMatch(/^\d{4}-12-31T18:30:00/)
    expect(found['month']).toMatchObject([{ points: '7' }])
    expect(found['maturingPoints']).toEqual([])
  })

  it('redemptions through any door, with what they bought', async () => {
    await ask(
      `mutation { redeemPoints(input: { identity: ${identity(42)}, points: "5" }) { userErrors { code } } }`,
    )
    const page = (await member(42, 'redemptions { nodes { id points reversed code reward { name } member { firstName } activity { kind } } pageInfo { hasNextPage } }'))['redemptions'] as { nodes: { id: string }[] } // prettier-ignore
    expect(page.nodes).toMatchObject([
      {
        points: '5',
        reversed: '0',
        reward: null,
        member: { firstName: 'First42' },
        activity: { kind: 'REDEEM' },
      },
    ])
    const again = await ask('query($id: ID!) { node(id: $id) { ... on Redemption { points } } }', { id: page.nodes[0]?.id }) // prettier-ignore
    expect(again['node']).toEqual({ points: '5' })
    const award = globalId('Redemption', '1.1')
    expect((await ask('query($id: ID!) { node(id: $id) { id } }', { id: award }))['node']).toBeNull()
  })
})

describe('what a program and a tenant have', () => {
  it('rewards with their prices and stock, and actions', async () => {
    expect(await ask('{ programs { rewards { rewardId name cost listsCodes available codeDays } actions { actionId name award limitPoints limitPeriod coolDown } } }')).toEqual({
      programs: [
        {
          rewards: [
            { rewardId: '121', name: '$5 off', cost: '200', listsCodes: false, available: true, codeDays: null },
            { rewardId: '122', name: 'Voucher', cost: '1', listsCodes: true, available: true, codeDays: null },
          ],
          actions: [
            { actionId: 101, name: 'Sign-up', award: '250', limitPoints: null, limitPeriod: null, coolDown: null },
          ],
        },
      ],
    }) // prettier-ignore
  })

  it('stores of all doors, or of one', async () => {
    expect(await ask('{ stores { nodes { door code name } pageInfo { hasNextPage } } none: stores(door: "annex") { nodes { code } } }')).toEqual({
      stores: { nodes: [{ door: 'capillary', code: 'store1', name: 'Store One' }], pageInfo: { hasNextPage: false } },
      none: { nodes: [] },
    }) // prettier-ignore
  })
})

describe('the width of a query', () => {
  it('does not multiply statements, whatever of a member is asked for', async () => {
    const selection = `tierHistory { tier { name } } expiringPoints { points } redemptions(first: 2) { nodes { points } }
      group { name members { member { id } } points { available } } purchases(first: 2, orderBy: OLDEST) { nodes { status activities { kind } } }`
    const query = (first: number) => `{ members(first: ${first}) { nodes { ${selection} } } }`
    const sent = await statementsOf(() => ask(query(2)))
    expect(await statementsOf(() => ask(query(30)))).toHaveLength(sent.length)
    expect(sent.length).toBeLessThanOrEqual(12)
  })
})
