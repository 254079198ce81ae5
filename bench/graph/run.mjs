// `npm run bench -- graph`: the unified graph beside stock Apollo Server with TypeORM entities, and beside one bare
// statement whose JSON is sent as it comes. One run, interleaved rounds, medians, ratios only: on a quiet machine.
// Mercurius, the third peer of the design, is not measured yet.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report } from '../shared/report.mjs'
import { socketUrl, startRoles } from '../../scripts/subgraphs.mjs'

const { line } = report('graph')
const CONNECTIONS = 8
const ROUNDS = 5
const ROUND_MILLIS = Number(process.env.ROUND_MILLIS ?? 1500)
const WARM_UP_MILLIS = 3000
const QUERY = `query($members: Int!, $activities: Int!) { members(first: $members) { nodes { firstName tier { name } activities(first: $activities) { nodes { kind available occurredAt } } } } }`
const SIZES = { big: { members: 100, activities: 10 }, small: { members: 1, activities: 10 } }
/** [of stock at least, of the bare statement at least] */
const BARS = { big: [4, 0.7], small: [3.5, undefined] }

async function measure(size, variables, servers) {
  const body = JSON.stringify({ query: QUERY, variables })
  await sameAnswers(servers, body)
  const rates = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
  // Node compiles what is hot, and each connection prepares its statements.
  for (const url of Object.values(servers)) await rateOf(url, body, WARM_UP_MILLIS)
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, url] of Object.entries(servers)) rates[name].push(await rateOf(url, body))
  const of = (name) => median(rates.graph) / median(rates[name])
  const [stockBar, bareBar] = BARS[size]
  line(`${size}: graph / stock Apollo Server with entities`, of('stock'), { atLeast: stockBar })
  line(`${size}: graph / one bare statement`, of('bare'), { atLeast: bareBar })
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Who answers something else is not measured. Instants are compared to the millisecond: entities keep no more. */
async function sameAnswers(servers, body) {
  const answers = []
  for (const url of Object.values(servers)) {
    for (let tries = 0; tries < 100 && !(await post(url, body).catch(() => null)); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    const { data } = JSON.parse(await post(url, body))
    const nodes = data.members.nodes.map(({ firstName, tier, activities }) => [
      firstName,
      tier?.name,
      activities.nodes.map((a) => [a.kind, a.available, a.occurredAt.slice(0, 23)]),
    ])
    answers.push(JSON.stringify(nodes))
  }
  if (new Set(answers).size !== 1)
    throw new Error(
      `the servers answer differently:\n${answers.map((text) => text.slice(0, 400)).join('\n')}`,
    )
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })

function post(url, body) {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      authorization: 'Bearer demo-graphql-key',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (answer.statusCode === 200) resolve(text)
        else reject(new Error(`${answer.statusCode} ${text.slice(0, 300)}`))
      })
    })
    sent.on('error', reject).end(body)
  })
}

/** Answers a second. */
async function rateOf(url, body, millis = ROUND_MILLIS) {
  const end = Date.now() + millis
  let answers = 0
  const start = Date.now()
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (Date.now() < end) {
        await post(url, body)
        answers++
      }
    }),
  )
  return answers / (Date.now() - start)
}

const HERE = dirname(fileURLToPath(import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'loyalty-bench-'))
const { urls, stop } = await startRoles(['unified'], {
  dataDir,
  firstPort: 4030,
  environment: { NODE_ENV: 'production' },
})
const peers = { stock: 4031, bare: 4032 }
const children = Object.entries(peers).map(([kind, port]) =>
  spawn(process.execPath, [join(HERE, 'peers.mjs'), kind, String(port), socketUrl(dataDir)], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  }),
)
try {
  const servers = {
    graph: urls.unified,
    ...Object.fromEntries(Object.entries(peers).map(([kind, port]) => [kind, `http://127.0.0.1:${port}/`])),
  }
  for (const [size, variables] of Object.entries(SIZES)) await measure(size, variables, servers)
} finally {
  for (const child of children) child.kill('SIGTERM')
  await stop()
  rmSync(dataDir, { recursive: true, force: true })
}
