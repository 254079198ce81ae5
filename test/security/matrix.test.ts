import { globalId } from '../../src/graphql/shared/global-id'
import { tillCall } from '../support/capillary-client'
import { selectionOf } from '../support/selections'
import { startIssuer, type TokenIssuer } from '../support/token-issuer'
import {
  HERON,
  IBIS,
  openTwins,
  personalOf,
  privateOf,
  TWIN_SETUP,
  type TwinWorld,
} from '../support/twin-world'
import { doorCallers, doorFault, doorRoutes, PUBLIC_PATHS } from './door-matrix'
import {
  absentLike,
  type GraphCaller,
  graphCallers,
  nodeTypes,
  type RootField,
  rootFields,
  typesWithoutCells,
  waysToParts,
  wrongWith,
} from './graph-matrix'
import { guessFaults, ONE_CALL_EACH, ONE_GUESS, rateFaults } from './limit-matrix'
import { isStream, type Opened, openStream, streamFault } from './stream-matrix'
import { GRAPH_RULES, type GraphRule, type Ids } from './graph-rules'

let issuer: TokenIssuer
let world: TwinWorld
let ids: Ids
let callers: readonly GraphCaller[]
let before: string
let cells = 0

beforeAll(async () => {
  issuer = await startIssuer()
  world = await openTwins({ ...issuer.environment })
  await withdrawKey()
  ids = await idsOfHeron()
  callers = await graphCallers(issuer, await capillaryToken())
  before = await stateOfHeron()
}, 240_000)
afterAll(async () => {
  process.stdout.write(`security matrix: ${cells} cells\n`)
  await world.app.close()
  await issuer.close()
})

describe('the graph', () => {
  const unruled = (fields: readonly RootField[]) =>
    fields.flatMap(({ name }) => (GRAPH_RULES[name] ? [] : [name]))

  const answered = () => rootFields().filter((root) => !isStream(root))
  const streams = () => rootFields().filter(isStream)

  it('has a rule for every field at its top; a new one is written in test/security/graph-rules.ts', () => {
    expect(unruled(rootFields())).toEqual([])
    expect(
      Object.keys(GRAPH_RULES).filter((name) => !rootFields().some((field) => field.name === name)),
    ).toEqual([])
  })

  it('tells in its schema the scope that the rule names', () => {
    const wrong = rootFields().filter(({ name, field }) => {
      const said = field.astNode?.directives?.find((one) => one.name.value === 'scope')?.arguments?.[0]?.value
      return said?.kind !== 'StringValue' || said.value !== GRAPH_RULES[name]?.scope
    })
    expect(wrong.map(({ name }) => name)).toEqual([])
  })

  it('lets everybody do what the rules say, and nobody see what is not theirs', async () => {
    const wrong: string[] = []
    for (const root of answered()) {
      const rule = GRAPH_RULES[root.name]
      if (!rule) continue
      for (const caller of callers) {
        cells++
        const fault = await wrongWith(world, { root, rule, caller }, ids)
        if (fault) wrong.push(`${root.name} ${caller.name}: ${fault}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('opens streams to those who may, and to nobody else, whether what they ask for exists or not', async () => {
    const url = await world.app.server.listen({ port: 0, host: '127.0.0.1' })
    const wrong: string[] = []
    const absent = absentLike(ids)
    for (const root of streams()) {
      await Promise.all(
        callers.map(async (caller) => {
          const done = new AbortController()
          const ask = (about: Ids) =>
            openStream(
              url,
              root.document,
              GRAPH_RULES[root.name]!.variables(about, HERON, world.made(HERON)),
              {
                credential: caller.credential,
                signal: done.signal,
              },
            )
          const [real, none] = await Promise.all([ask(ids), ask(absent)])
          done.abort()
          cells += 2
          const fault = streamFault(caller, real)
          if (fault) wrong.push(`${root.name} ${caller.name}: ${fault}`)
          const isOutside = caller.standing === 'stranger' || caller.standing === 'other member'
          const words = ({ status, hasEnded, text }: Opened) => [
            status,
            hasEnded,
            text.replaceAll(/"[0-9a-f-]{36}"/g, '"…"'),
          ]
          if (isOutside && String(words(real)) !== String(words(none)))
            wrong.push(`${root.name} ${caller.name}: ${words(real).join()} but ${words(none).join()}`)
        }),
      )
    }
    expect([streams().length, wrong]).toEqual([2, []])
  }, 60_000)

  it('answers a stranger about what exists in the same words as about what does not', async () => {
    const wrong: string[] = []
    const absent = absentLike(ids)
    const strangers = callers.filter(({ standing }) => standing === 'stranger' || standing === 'other member')
    for (const root of answered()) {
      const rule = GRAPH_RULES[root.name]
      if (!rule) continue
      for (const { name, standing, credential } of strangers) {
        // What is the member's own, or open to every member, exists for a member.
        const { second, store } = ids
        const none = standing === 'other member' ? { ...absent, second, store } : absent
        cells++
        const real = await masked(root, rule, ids, credential)
        const other = await masked(root, rule, none, credential)
        if (real !== other) wrong.push(`${root.name} ${name}: ${real} but ${other}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('shows no field of a thing to those who may not see the thing', async () => {
    const known = new Map(Object.values(ids).map((id) => [typeOf(id), id]))
    const wrong: string[] = []
    for (const type of nodeTypes()) {
      const id = known.get(type.name) ?? sampleOf(type.name)
      const query = `query($id: ID!) { node(id: $id) { ... on ${type.name} ${selectionOf(type, 1, /^edges$/)} } }`
      for (const { name, standing, credential } of callers) {
        if (standing !== 'nobody' && standing !== 'stranger' && standing !== 'writer') continue
        cells += Object.keys(type.getFields()).length
        const { payload } = await world.ask(query, { id }, credential)
        const { data } = JSON.parse(payload) as { data?: { node: unknown } | null }
        const told = privateOf(HERON).find((secret) => payload.includes(secret))
        if (told ?? data?.node) wrong.push(`${type.name} ${name}: ${told ?? payload}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('shows no part of a thing to those who may not see the thing, and the parts to those who may', async () => {
    const wrong: string[] = []
    for (const { type, root, document } of waysToParts()) {
      const rule = GRAPH_RULES[root.name]!
      const variables = rule.variables(ids, HERON, world.made(HERON))
      for (const { name, standing, credential } of callers) {
        if (standing === 'reader' || standing === 'self' || standing === 'other member') continue
        cells += Object.keys(type.getFields()).length
        const { payload } = await world.ask(document, variables, credential)
        const asked = JSON.stringify(variables)
        const hidden = standing === 'admin' ? privateOf(IBIS) : privateOf(HERON)
        const told = hidden.find((secret) => payload.includes(secret) && !asked.includes(secret))
        const mustFail = standing === 'nobody' || standing === 'writer'
        if (told ?? (mustFail !== payload.includes('"errors"') && standing !== 'stranger'))
          wrong.push(`${type.name} by ${root.name} ${name}: ${told ?? payload}`)
      }
    }
    expect(wrong).toEqual([])
    expect(typesWithoutCells()).toEqual([])
  }, 240_000)
})

describe('the doors', () => {
  it('ask everybody for a sign-in but where the rules say otherwise', async () => {
    const wrong: string[] = []
    const routes = doorRoutes(world.made(HERON))
    expect(routes.filter(({ good }) => good === null).map(({ name }) => name)).toEqual([])
    const token = await capillaryToken()
    for (const route of routes) {
      for (const caller of doorCallers(route, token)) {
        cells++
        const fault = await doorFault(world, route, caller)
        if (fault) wrong.push(`${route.name} ${caller.name}: ${fault}`)
      }
    }
    expect(wrong).toEqual([])
  }, 240_000)

  it('listen no more to whoever guesses, on every route', async () => {
    const careful = await world.app.beside(ONE_GUESS)
    const wrong: string[] = []
    for (const [no, route] of doorRoutes(world.made(HERON)).entries()) {
      const tried = await guessFaults(careful, route, no)
      cells += tried.cells
      wrong.push(...tried.faults.map((fault) => `${route.name}: ${fault}`))
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('answer 429 to a call too many of each operation that has a limit', async () => {
    await world.app.apply(ONE_CALL_EACH)
    const wrong: string[] = []
    for (const route of doorRoutes(world.made(HERON)).filter(({ vendor }) => vendor === 'capillary')) {
      const tried = await rateFaults(world.app.server, route)
      cells += tried.cells
      wrong.push(...tried.faults.map((fault) => `${route.name}: ${fault}`))
    }
    expect(wrong).toEqual([])
  }, 120_000)

  it('have no other paths than those that are known to be open to anybody', () => {
    const paths = [...world.app.server.printRoutes({ commonPrefix: false }).matchAll(/(\/\S*) \(/g)].map(
      ([, path]) => path,
    )
    expect(paths.filter((path) => !PUBLIC_PATHS.some((one) => path === one))).toEqual([])
  })
})

describe('after all of it', () => {
  it('the tenant has what it had', async () => {
    expect(await stateOfHeron()).toBe(before)
  })

  it('no line of the log names anybody of either tenant', () => {
    const secrets = [HERON, IBIS].flatMap(personalOf)
    expect(world.app.logged.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  })
})

const typeOf = (id: string): string => Buffer.from(id, 'base64url').toString('latin1').split(':')[0] ?? ''

/** Things whose numbers are told nowhere else: the first of the first tenant. */
const sampleOf = (type: string): string => globalId(type, '1')

/** An answer to a question about some ids, without what any of these ids say. */
async function masked(
  root: RootField,
  rule: GraphRule,
  about: Ids,
  credential: string | undefined,
): Promise<string> {
  const { payload } = await world.ask(
    root.document,
    rule.variables(about, HERON, world.made(HERON)),
    credential,
  )
  const known = [...Object.values(ids), ...Object.values(absentLike(ids))]
  const numbers = known.map((id) => Buffer.from(id, 'base64url').toString('latin1').split(':')[1] ?? '')
  return [...known, ...numbers.filter((number) => number.length > 1)]
    .sort((a, b) => b.length - a.length)
    .reduce((text, id) => text.replaceAll(id, '…'), payload)
    .replaceAll(/"[0-9a-f-]{36}"/g, '"…"')
}

async function withdrawKey(): Promise<void> {
  const [first, ...others] = TWIN_SETUP.tenants
  if (!first) throw new Error('no tenants')
  const withKey = {
    ...first,
    apiKeys: [
      ...first.apiKeys,
      { name: 'old', key: 'heron-withdrawn-key', scopes: ['read', 'write', 'admin'] },
    ],
  }
  await world.app.apply({ version: 1, tenants: [withKey, ...others] })
  const pruned = await world.app.server.inject({
    method: 'PUT',
    url: '/admin/setup?prune=true',
    headers: { authorization: 'Bearer test-admin-key' },
    payload: TWIN_SETUP,
  })
  if (pruned.statusCode !== 200) throw new Error(pruned.payload)
}

async function capillaryToken(): Promise<string> {
  const { key, secret } = HERON.oauth
  const answer = await world.send(tillCall(HERON.till, 'POST', '/v3/oauth/token/generate', { key, secret }))
  return answer.json<{ data: { accessToken: string } }>().data.accessToken
}

async function idsOfHeron(): Promise<Ids> {
  const answer = await world.ask(
    `query($one: IdentityInput, $two: IdentityInput) {
      member(identity: $one) { id transactions(first: 1) { nodes { id store { id } } } activities(first: 50) { nodes { id kind } } redemptions(first: 1) { nodes { id } } }
      second: member(identity: $two) { id } }`,
    {
      one: { door: 'annex', type: 'id', value: HERON.annexId },
      two: { door: 'annex', type: 'id', value: HERON.otherAnnexId },
    },
    HERON.apiKeys.admin,
  )
  interface Nodes<T> {
    readonly nodes: readonly T[]
  }
  const { data } = answer.json<{
    data: {
      member: {
        id: string
        transactions: Nodes<{ id: string; store: { id: string } | null }>
        activities: Nodes<{ id: string; kind: string }>
        redemptions: Nodes<{ id: string }>
      }
      second: { id: string }
    }
  }>()
  const [bill] = data.member.transactions.nodes
  const award = data.member.activities.nodes.find(({ kind }) => kind === 'AWARD')
  const held = await world.ask(
    'mutation($i: HoldPointsInput!) { holdPoints(input: $i) { activity { id } userErrors { code } } }',
    { i: { memberId: data.member.id, points: '1', reason: 'r' } },
    HERON.apiKeys.admin,
  )
  return {
    member: data.member.id,
    second: data.second.id,
    transaction: bill?.id ?? '',
    activity: award?.id ?? '',
    redemption: data.member.redemptions.nodes[0]?.id ?? '',
    store: bill?.store?.id ?? '',
    hold: held.json<{ data: { holdPoints: { activity: { id: string } } } }>().data.holdPoints.activity.id,
  }
}

/** A digest of every row of the tenant. */
async function stateOfHeron(): Promise<string> {
  const tables = await world.app.rows<{ name: string }>(
    `select distinct c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'public' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE' order by 1`,
  )
  const digests: string[] = []
  for (const { name } of tables) {
    const [row] = await world.app.rows<{ digest: string }>(
      `select count(*) || ':' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as digest from "${name}" t
       where tenant_id = (select tenant_id from tenants where key = $1)`,
      [HERON.key],
    )
    digests.push(`${name} ${row?.digest}`)
  }
  return digests.join('\n')
}
