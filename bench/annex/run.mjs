// `npm run bench -- annex`: what the Annex door adds to the ledger verb that it calls. One run, interleaved rounds of
// equal work, medians, ratios only: on a quiet machine. `--memory` instead places 50,000 orders and shows that the
// server's memory stays where it was, which takes a few minutes and no quiet machine.
import { join } from 'node:path'
import { HttpClient, requestOf } from './http-client.mjs'
import { CALLERS, inWorld } from './world.mjs'
import { measureMemory } from './memory.mjs'
import { report } from '../shared/report.mjs'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? (process.env.BENCH_SHORT ? 2 : 5))
const ORDERS = Number(process.env.BENCH_ORDERS ?? 1_000)
const BULK = 100

let count = 0
const someone = (accounts) => accounts[(count * 7919) % accounts.length]

const LINES = [
  { id: 'tee-shirt', quantity: 2, unitPrice: 12.5 },
  { id: 'socks', quantity: 3, unitPrice: 4 },
  { id: 'cap', quantity: 1, unitPrice: 25 },
]

/** An order as a shop sends it, three lines. */
export function orderOf(accounts) {
  count++
  const { userId } = someone(accounts)
  return { id: `order-${count}`, userId, orderTotal: 62, orderDetail: LINES }
}

function awardOf(accounts) {
  count++
  const { userId } = someone(accounts)
  return { id: userId, actionId: 100, activity: 'CREDIT', credit: 62, reason: 'bench' }
}

/** The very command that the door gives to the ledger, for so many lines. */
function commandOf(accounts, lines) {
  count++
  return {
    account: someone(accounts).account,
    now: null,
    timeZone: 'UTC',
    facts: {
      actionId: 109,
      reason: `Order order-${count}`,
      actor: 'annex:bench',
      requestId: `bench-${count}`,
      occurredAt: new Date().toISOString(),
    },
    idempotency: null,
    source: { type: 'BENCH', ref: `${count}` },
    purchase: null,
    lines: lines.map((points, index) => ({ lineRef: String(index + 1), points, rule: 'orders.ratio@1' })),
    maturesAt: null,
    expiresAt: new Date(Date.now() + 365 * 86_400_000).toISOString(),
    countsForLifetime: true,
  }
}

/** Work by name: each prepares a round and answers how to do it, so that preparing is not measured. */
const worksOf = ({ port, ledger, accounts }) => {
  const over = (callers, path, units, make) => ({
    units,
    prepare() {
      const requests = Array.from({ length: units.calls }, () => requestOf(path, make()))
      return () => withClients(port, callers, requests)
    },
  })
  const direct = (lines) => ({
    units: { calls: ORDERS * 2, each: 1 },
    prepare() {
      const commands = Array.from({ length: ORDERS * 2 }, () => commandOf(accounts, lines))
      return () => inParallel(CALLERS, commands, (command) => ledger.award(command))
    },
  })
  const order = () => orderOf(accounts)
  const bulkOf = (make) => Object.fromEntries(Array.from({ length: BULK }, (_, n) => [String(n + 1), make()]))
  const orders = () => bulkOf(order)
  const one = (calls) => ({ calls, each: 1 })
  /** Shipments of orders that are placed beforehand: one by one, or so many to a call. */
  const shipping = (calls, each) => ({
    units: { calls, each },
    async prepare() {
      const placed = Array.from({ length: (calls * each) / BULK }, orders)
      await withClients(
        port,
        1,
        placed.map((bulk) => requestOf('/bulkpostorder', bulk)),
      )
      const ships = placed
        .flatMap((bulk) => Object.values(bulk))
        .map(({ id }) => ({ orderId: id, status: 'ship' }))
      const requests = Array.from({ length: calls }, (_, n) =>
        each === 1
          ? requestOf(`/orders/${ships[n].orderId}`, ships[n], 'PATCH')
          : requestOf('/bulkpatchorder', { ...ships.slice(n * each, (n + 1) * each) }),
      )
      return () => withClients(port, 1, requests)
    },
  })
  return {
    'award of 3 lines': direct([25_000n, 12_000n, 25_000n]),
    'POST /orders': over(CALLERS, '/orders', one(ORDERS), order),
    'award of 1 line': direct([62_000n]),
    'POST /points': over(CALLERS, '/points', one(ORDERS), () => awardOf(accounts)),
    'POST /orders, one client': over(1, '/orders', one(ORDERS / 4), order),
    'POST /bulkpostorder, one client': over(1, '/bulkpostorder', { calls: 8, each: BULK }, orders),
    'POST /points, one client': over(1, '/points', one(ORDERS / 4), () => awardOf(accounts)),
    'POST /bulkpoints, one client': over(1, '/bulkpoints', { calls: 4, each: BULK }, () =>
      bulkOf(() => awardOf(accounts)),
    ),
    'PATCH /orders, one client': shipping(200, 1),
    'POST /bulkpatchorder, one client': shipping(2, BULK),
    'POST /bulkpostorder': over(CALLERS, '/bulkpostorder', { calls: CALLERS * 2, each: BULK }, orders),
  }
}

const annex = report('annex')

/** [one, other, at least] */
const BARS = [
  ['POST /orders', 'award of 3 lines', 0.4],
  ['POST /points', 'award of 1 line', 0.4],
  ['POST /bulkpostorder, one client', 'POST /orders, one client', 3],
  ['POST /bulkpoints, one client', 'POST /points, one client', 1],
  ['POST /bulkpatchorder, one client', 'PATCH /orders, one client', 1],
  ['POST /bulkpostorder', 'POST /orders', null],
]

async function measure(world) {
  const works = Object.entries(worksOf(world))
  const rates = Object.fromEntries(works.map(([name]) => [name, []]))
  // The first round is not counted: Node compiles what is hot, and each connection prepares its statements.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { units, prepare }] of works) {
      const work = await prepare()
      const start = performance.now()
      await work()
      const rate = (units.calls * units.each) / (performance.now() - start)
      if (round > 0) rates[name].push(rate)
      if (process.env.BENCH_RATES) console.error(`${name}: ${Math.round(rate * 1000)} a second`)
    }
    // What the rounds leave behind is cleaned up between them, not during them.
    await world.dataSource.query('vacuum analyze')
  }
  const rate = Object.fromEntries(works.map(([name]) => [name, median(rates[name])]))
  for (const [one, other, atLeast] of BARS)
    annex.line(`${one} / ${other}`, rate[one] / rate[other], atLeast === null ? {} : { atLeast })
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function inParallel(callers, items, work) {
  let next = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (next < items.length) await work(items[next++])
    }),
  )
}

async function withClients(port, callers, requests) {
  const clients = Array.from({ length: callers }, () => new HttpClient(port))
  let next = 0
  try {
    await Promise.all(
      clients.map(async (client) => {
        while (next < requests.length) await client.send(requests[next++])
      }),
    )
  } finally {
    for (const client of clients) client.close()
  }
}

if (process.argv.includes('--memory'))
  await inWorld((world) => measureMemory(world, orderOf, annex), {
    preload: join(import.meta.dirname, 'collects-on-signal.cjs'),
  })
else await inWorld(measure)
