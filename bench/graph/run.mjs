// `npm run bench -- graph`: the unified graph beside stock Apollo Server with TypeORM entities, beside one bare
// statement whose JSON is sent as it comes, and beside Mercurius with its compiler on.
import { readFileSync } from 'node:fs'
import { median } from '../shared/rates.mjs'
import { report } from '../shared/report.mjs'
import { HEADERS, ratesOf, withArena } from './arena.mjs'
import { QUERY } from './queries.mjs'

const { line } = report('graph')
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

await withArena(Object.keys(NAMES), async (servers) => {
  for (const [size, bars] of Object.entries(BARS)) {
    const rates = await ratesOf(servers, size, { millis: Number(process.env.ROUND_MILLIS ?? 1500) })
    for (const [peer, text] of Object.entries(NAMES))
      line(`${size}: graph / ${text}`, rates.graph / rates[peer], { atLeast: bars[peer] })
  }
  await measureDocuments(servers.graph)
})

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
