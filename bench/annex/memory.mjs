// Memory over many orders: what each costs for ever must be nothing.
import { HttpClient, requestOf } from './http-client.mjs'
import { CALLERS, residentMegabytes } from './world.mjs'

const ORDERS = Number(process.env.BENCH_ORDERS ?? 50_000)
const STEP = ORDERS / 20
/** Megabytes that 10,000 orders may add to the heap: less than what a kept order would. */
const BAR = 1

/** Places orders and samples the server; the first half warms up, the second must be flat. */
export async function measureMemory({ port, accounts }, orderOf) {
  const clients = Array.from({ length: CALLERS }, () => new HttpClient(port))
  const samples = []
  for (let placed = 0; placed < ORDERS; placed += STEP) {
    let left = STEP
    let lowest = { heap: Infinity, resident: Infinity }
    await Promise.all(
      clients.map(async (client) => {
        while (left-- > 0) {
          await client.send(requestOf('/orders', orderOf(accounts)))
          if (left % 250 === 0) lowest = lower(lowest, await residentMegabytes(port))
        }
      }),
    )
    samples.push({ placed: placed + STEP, ...lowest })
  }
  for (const client of clients) client.close()
  report(samples)
}

/** The lowest of a step is what is left after a collection. */
const lower = (a, b) => ({ heap: Math.min(a.heap, b.heap), resident: Math.min(a.resident, b.resident) })

function report(samples) {
  const later = samples.slice(samples.length / 2)
  for (const name of ['heap', 'resident']) {
    const [first, last] = [samples[0][name], samples.at(-1)[name]]
    const slope = slopeOf(later.map(({ placed, [name]: value }) => [placed, value])) * 10_000
    const bar = name === 'heap' ? `   bar ${BAR} ${slope <= BAR ? 'reached' : 'MISSED'}` : ''
    console.log(
      `${name}: ${first.toFixed(1)} MB at first, ${last.toFixed(1)} MB after ${ORDERS} orders, ` +
        `${slope.toFixed(2)} MB for 10,000 orders in the second half${bar}`,
    )
    if (name === 'heap' && slope > BAR) process.exitCode = 1
  }
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
