// `npm run bench -- graph`: the unified graph beside stock Apollo Server with TypeORM entities, beside one bare
// statement whose JSON is sent as it comes, and beside Mercurius with its compiler on. `-- graph --small`: only the small
// query, beside stock Apollo Server.
import { readFileSync } from 'node:fs'
import { median } from '../shared/rates.mjs'
import { report } from '../shared/report.mjs'
import { bodyOf, HEADERS, ratesOf, ratesOfBody, withArena } from './arena.mjs'
import { QUERY, SIZES } from './queries.mjs'

const { line, note } = report('graph')
const ROUND_MILLIS = Number(process.env.ROUND_MILLIS ?? 1500)
const NAMES = {
  stock: 'stock Apollo Server with TypeORM entities',
  bare: 'one json_agg statement, sent as it comes',
  mercurius: 'Mercurius with JIT',
}
const BARS = {
  big: { stock: 4, bare: 0.7, mercurius: 1 },
  // "Level" is what two runs of one server differ by here.
  small: { stock: 3.5, mercurius: 0.95 },
}

/** The small query, its figures written out: a document of its own under each name. */
const FRESH = QUERY.replace(/^query Wallets\(.*?\)/, '')
  .replace('$members', '1')
  .replace('$activities', '10')

const onlySmall = process.argv.includes('--small')
const peers = onlySmall ? ['stock'] : Object.keys(NAMES)

await withArena(peers, async (servers) => {
  for (const [size, bars] of Object.entries(BARS)) {
    if (onlySmall && size !== 'small') continue
    const rates = await ratesOf(servers, size, { millis: ROUND_MILLIS })
    for (const peer of peers)
      line(`${size}: graph / ${NAMES[peer]}`, rates.graph / rates[peer], { atLeast: bars[peer] })
  }
  if (onlySmall) return
  await measureFloors(servers)
  await measureDocuments(servers.graph)
})

/**
 * Where the time of a small query goes: what an empty answer costs, and what the same query costs when it takes all of
 * Apollo Server's way (decision 46), which `extensions` in the request make it take.
 */
async function measureFloors({ bare: _noGraph, ...servers }) {
  note('Sign-in, limits, cost, metrics and request ids are part of our side only; no peer does any of them.')
  const options = { millis: ROUND_MILLIS, rounds: 3 }
  const empty = await ratesOfBody(servers, JSON.stringify({ query: '{ __typename }' }), options)
  for (const peer of Object.keys(empty).filter((name) => name !== 'graph'))
    line(`an empty answer: graph / ${NAMES[peer]}`, empty.graph / empty[peer])
  const whole = { ...JSON.parse(bodyOf(SIZES.small)), extensions: {} }
  const through = await ratesOfBody(servers, JSON.stringify(whole), options)
  for (const peer of Object.keys(through).filter((name) => name !== 'graph'))
    line(`small, through all of Apollo Server: graph / ${NAMES[peer]}`, through.graph / through[peer])
}

/** What documents cost that nobody has asked before: their first answer, and what is remembered of them. */
async function measureDocuments({ url, pid }) {
  const ask = (number) => post(url, `query Document${number} ${FRESH}`)
  for (let number = 0; number < 20; number++) await ask(number)
  const before = residentMegabytes(pid)
  const times = []
  for (let number = 20; number < 520; number++) {
    const start = performance.now()
    // The third time, it has been compiled.
    await ask(number)
    times.push(performance.now() - start)
    await ask(number)
    await ask(number)
  }
  line('a document that is new, median', median(times), { atMost: 10, unit: 'ms' })
  line('500 new documents, memory more', residentMegabytes(pid) - before, { atMost: 100, unit: 'MB' })
}

async function post(url, query) {
  const headers = { 'content-type': 'application/json', ...HEADERS }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  return answer.text()
}

/** What the process holds in memory, as Linux counts it. */
function residentMegabytes(pid) {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}
