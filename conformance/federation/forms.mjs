// The same operations on both forms of the graph: one executable schema, and three subgraphs behind a gateway. Then the
// whole graph as one subgraph beside somebody else's. Real processes, real HTTP, the demo as data.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startRoles } from '../../scripts/subgraphs.mjs'
import { composed, gatewayOf } from './gateway.mjs'
import OPERATIONS from './operations.cjs'

const ours = createRequire(new URL('../../package.json', import.meta.url))
const CALLER = 'Bearer demo-graphql-key'
const schemaFile = (name) => readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8')

/** Purchases of both kinds for the member that the operations look at. */
async function buySomething() {
  const password = ours('node:crypto').createHash('md5').update('server123').digest('hex')
  const answer = await fetch(
    `${urls.capillary.replace('/graphql', '')}/v2/transactions?source=instore&identifierName=mobile&identifierValue=919740011122`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`store.server:${password}`).toString('base64')}`,
      },
      body: JSON.stringify({
        type: 'REGULAR',
        billNumber: 'forms-1',
        billAmount: '200',
        lineItemsV2: [{ itemCode: 'sku_1', amount: 200, rate: 100, qty: 2 }],
      }),
    },
  )
  if (!answer.ok) throw new Error(`the till door answered ${answer.status}: ${await answer.text()}`)
}

async function unified(request) {
  const answer = await fetch(urls.unified, {
    method: 'POST',
    headers: { authorization: CALLER, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  return answer.json()
}

async function compareForms() {
  const supergraph = await composed(
    ['core', 'annex', 'capillary'].map((name) => ({ name, url: urls[name], sdl: schemaFile(name) })),
  )
  const gateway = gatewayOf(supergraph)
  const facts = await factsFor(OPERATIONS.facts)
  let equal = 0
  let withData = 0
  for (const [name, query, variables = () => ({})] of OPERATIONS.list) {
    const request = { query, variables: variables(facts) }
    const one = comparable(await unified(request))
    const other = comparable(await gateway(request, CALLER))
    if (one.data !== null && one.errors.length === 0) withData++
    if (isDeepStrictEqual(one, other)) equal++
    else report(name, one, other)
  }
  console.log(
    `unified and federated: ${equal} of ${OPERATIONS.list.length} operations answered alike, ${withData} with data and no error`,
  )
  if (withData < 40) failures++
}

/** What the operations are asked about: ids, cursors. */
async function factsFor(query) {
  const { data, errors } = await unified({ query })
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** Data exactly; errors by message and code: a gateway's paths end where its own request did. */
const comparable = ({ data, errors = [] }) => ({
  data: JSON.parse(JSON.stringify(data ?? null)),
  errors: errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`).sort(),
})

function report(name, one, other) {
  failures++
  console.log(`${name}: the forms differ\n  unified   ${shown(one)}\n  federated ${shown(other)}`)
}

const shown = (value) => JSON.stringify(value).slice(0, 1500)

/** Somebody else's subgraph adds a field to Order and to Member, and is asked through them. */
async function crossForeign() {
  const { ApolloServer } = ours('@apollo/server')
  const { startStandaloneServer } = ours('@apollo/server/standalone')
  const { buildSubgraphSchema } = ours('@apollo/subgraph')
  const { parse } = ours('graphql')
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
    type Query { newestShipment: Shipment }
    type Shipment { parcel: String! member: Member! }
    type Transaction @key(fields: "id") { id: ID! shipment: Shipment }
    type Member @key(fields: "id") { id: ID! nickname: String! }`
  const [{ id }] = (await factsFor(OPERATIONS.facts)).tom.transactions.nodes
  const { id: memberId } = (await factsFor(OPERATIONS.facts)).tom
  const shipment = { parcel: `parcel of ${id}`, member: { __typename: 'Member', id: memberId } }
  const resolvers = {
    Query: { newestShipment: () => shipment },
    Transaction: { __resolveReference: (reference) => ({ ...reference, shipment }) },
    Member: { __resolveReference: (reference) => ({ ...reference, nickname: 'Buddy' }) },
  }
  const server = new ApolloServer({ schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]) })
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
  const { data } = await (
    await fetch(urls.subgraph, {
      method: 'POST',
      headers: { authorization: CALLER, 'content-type': 'application/json' },
      body: '{"query":"{ _service { sdl } }"}',
    })
  ).json()
  const gateway = gatewayOf(
    await composed([
      { name: 'loyalty', url: urls.subgraph, sdl: data._service.sdl },
      { name: 'foreign', url, sdl },
    ]),
  )
  const answer = await gateway(
    {
      query: `query($id: ID!) {
        member(id: $id) { firstName nickname transactions(first: 1) { nodes { billNumber shipment { parcel member { lastName tier { name } } } } } }
        newestShipment { member { firstName points { available } } }
      }`,
      variables: { id: memberId },
    },
    CALLER,
  )
  await server.stop()
  const found = JSON.parse(JSON.stringify(answer))
  const [bought] = found.data?.member?.transactions?.nodes ?? []
  const right =
    !found.errors &&
    found.data.member.nickname === 'Buddy' &&
    bought.billNumber === 'forms-1' &&
    bought.shipment.parcel === shipment.parcel &&
    bought.shipment.member.lastName === 'Sawyer' &&
    found.data.newestShipment.member.firstName === 'Tom'
  console.log(
    `beside a foreign subgraph: ${right ? 'one query crosses both ways' : `wrong: ${shown(found)}`}`,
  )
  if (!right) failures++
}

const dataDir = mkdtempSync(join(tmpdir(), 'loyalty-forms-'))
const { urls, stop } = await startRoles(['core', 'annex', 'capillary', 'unified', 'subgraph'], {
  dataDir,
  firstPort: 4010,
})
let failures = 0
try {
  await buySomething()
  await compareForms()
  await crossForeign()
} finally {
  await stop()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exit(failures === 0 ? 0 : 1)
