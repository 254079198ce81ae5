// Memory over many orders: what each costs for ever must be nothing. Orders come in bulks of 100, and some one by one;
// the server is sampled after it has collected its garbage, which a file that it requires makes it do on a signal.
import { setTimeout as pause } from 'node:timers/promises'
import { HttpClient, requestOf } from './http-client.mjs'
import { residentMegabytes } from './world.mjs'

const ORDERS = Number(process.env.BENCH_ORDERS ?? 50_000)
const STEPS = 20
const BULK = 100
const CALLERS = 4
/** Megabytes that 10,000 orders may add: to the heap less than what kept orders would, to the process what an allocator rounds. */
const MOST_HEAP = 1
const MOST_RESIDENT = 4

/** Places orders and samples the server; the first half warms up, the second must be flat. */
export async function measureMemory({ port, pid, accounts }, orderOf, report) {
  const samples = [await sampled(port, pid)]
  for (let step = 1; step <= STEPS; step++) {
    await placeSome(port, accounts, orderOf)
    samples.push({ placed: (step * ORDERS) / STEPS, ...(await sampled(port, pid)) })
    if (process.env.BENCH_RATES) console.error(samples.at(-1))
  }
  const later = samples.slice(samples.length / 2)
  for (const [name, atMost] of [
    ['heap', MOST_HEAP],
    ['resident', MOST_RESIDENT],
  ]) {
    const slope = slopeOf(later.map(({ placed, [name]: value }) => [placed, value])) * 10_000
    const [first, last] = [later[0], later.at(-1)].map(({ [name]: value }) => value.toFixed(1))
    report.line(`${name} that 10,000 orders add, from ${first} to ${last} MB`, slope, { atMost, unit: 'MB' })
  }
}

/** A step's orders, one in 25 of them by itself. */
async function placeSome(port, accounts, orderOf) {
  const bulk = () => Object.fromEntries(Array.from({ length: BULK }, (_, n) => [n + 1, orderOf(accounts)]))
  const calls = Array.from({ length: ORDERS / STEPS / BULK }, (_, index) => index)
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      const client = new HttpClient(port)
      while (calls.length > 0) {
        const alone = calls.pop() % 25 === 0
        if (!alone) await client.send(requestOf('/bulkpostorder', bulk()))
        for (let n = 0; alone && n < BULK; n++) await client.send(requestOf('/orders', orderOf(accounts)))
      }
      client.close()
    }),
  )
}

/** What the server holds once it has nothing to do and has collected its garbage. */
async function sampled(port, pid) {
  await pause(500)
  process.kill(pid, 'SIGUSR2')
  await pause(1_000)
  return residentMegabytes(port)
}

/** Least squares. */
function slopeOf(points) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map(([a]) => a)), mean(points.map(([, b]) => b))]
  return (
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) /
    points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  )
}
