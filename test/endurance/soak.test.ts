import { setTimeout as sleep } from 'node:timers/promises'
import { bars } from '../support/endurance-bars'
import { applyEnduranceSetup, type EnduranceWorld, metric, openEndurance } from '../support/endurance-world'
import { traffic } from '../support/endurance-traffic'
import { fire, type Hit, percentile } from '../support/load'

/** `npm run soak` says how long; as a part of the other tests it only shows that it works. */
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? (bars().full ? 1 : 0.05))
/** Updates that leave every index alone, in percent at least; what is spent here are whole lots as often as parts. */
const HOT_SHARES = [
  ['account', 95],
  ['lot', 95],
] as const
/** A few seconds say nothing about what grows slowly. */
const LIMITS = {
  ...(MINUTES >= 5 ? { heap: 1, drift: 20, hot: HOT_SHARES } : { heap: Infinity, drift: Infinity, hot: [] }),
  /** Megabytes that the second half may have more than the first. */
  resident: MINUTES >= 3 ? 10 : Infinity,
}
const SLICES = 10
/** Less than the machine can do, so that what drifts is the server and not the queue before it. */
const PER_SECOND = 60

let world: EnduranceWorld
beforeAll(async () => {
  world = await openEndurance()
}, 120_000)
afterAll(() => world.close(), 60_000)

interface Slice {
  /** The least of many samples: after the garbage was collected. */
  readonly heapMb: number
  readonly externalMb: number
  readonly rssMb: number
  readonly handles: number
  readonly p50: number
  readonly p99: number
  readonly done: number
}

describe('a day in short', () => {
  it(
    'leaves memory, handles, answers and tables as they were',
    async () => {
      // With little room it is swept often, so that the least of a slice is what is really held.
      const server = await world.start({
        NODE_OPTIONS: '--max-old-space-size=160',
        // As the image and `npm start` have it (docs/operations.md, memory).
        MALLOC_MMAP_THRESHOLD_: '1048576',
      })
      await applyEnduranceSetup(server)
      const slices: Slice[] = []
      const odd: Hit[] = []
      const shots = traffic('soak')
      const sliceMs = (MINUTES * 60_000) / (SLICES + 1)
      // The first slice warms up and is not looked at.
      for (let slice = 0; slice <= SLICES; slice++) {
        const times: number[] = []
        const heap: number[] = []
        const sample = async () => {
          heap.push((await metric(server.url, /^nodejs_heap_size_used_bytes/)) / 2 ** 20)
        }
        const sampling = setInterval(() => void sample(), 500)
        const end = performance.now() + sliceMs
        await fire({
          url: server.url,
          clients: 8,
          perSecond: PER_SECOND,
          shots,
          until: () => performance.now() >= end,
          hit: (hit) => {
            times.push(hit.ms)
            if (hit.status !== 200) odd.push(hit)
          },
        })
        clearInterval(sampling)
        await sleep(100)
        // A slice may be shorter than the time between two samples.
        await sample()
        const found = {
          heapMb: Math.min(...heap),
          externalMb: (await metric(server.url, /^nodejs_external_memory_bytes/)) / 2 ** 20,
          rssMb: (await metric(server.url, /^process_resident_memory_bytes/)) / 2 ** 20,
          handles: await metric(server.url, /^nodejs_active_resources_total/),
          p50: percentile(times, 50),
          p99: percentile(times, 99),
          done: times.length,
        }
        if (slice > 0) slices.push(found)
        if (MINUTES >= 1) process.stdout.write(`${JSON.stringify(rounded(found))}\n`)
      }
      const tables = await world.rows<{ table: string; updates: string; hot: number; dead: number }>(TABLES)
      const broken = await world.brokenLaws()
      const half = SLICES / 2
      const ofHalf = (of: keyof Slice): [number, number] => [
        median(slices.slice(0, half).map((slice) => slice[of])),
        median(slices.slice(half).map((slice) => slice[of])),
      ]
      const [handlesBefore, handlesAfter] = ofHalf('handles')
      const [p99Before, p99After] = ofHalf('p99')
      const [rssBefore, rssAfter] = ofHalf('rssMb')
      const facts = {
        minutes: MINUTES,
        requests: slices.reduce((sum, { done }) => sum + done, 0),
        odd: odd.length,
        heapSlopeMbPerMinute: slopeOf(slices.map(({ heapMb }) => heapMb)) / (sliceMs / 60_000),
        rssMb: [rssBefore, rssAfter],
        handles: [handlesBefore, handlesAfter],
        p99DriftPercent: (p99After / p99Before - 1) * 100,
        tables,
        brokenLaws: broken.length,
      }
      if (MINUTES >= 1) process.stdout.write(`${JSON.stringify(facts, null, 1)}\n`)
      expect(odd.map(({ status, body, shot }) => [shot.door, status, body])).toEqual([])
      expect(broken).toEqual([])
      expect(handlesAfter - handlesBefore).toBeLessThan(20)
      expect(facts.heapSlopeMbPerMinute).toBeLessThan(LIMITS.heap)
      expect(rssAfter - rssBefore).toBeLessThan(LIMITS.resident)
      expect(facts.p99DriftPercent).toBeLessThan(LIMITS.drift)
      for (const [name, least] of LIMITS.hot)
        expect([name, tables.find(({ table }) => table === name)!.hot >= least]).toEqual([name, true])
      server.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    },
    (MINUTES + 3) * 60_000,
  )
})

const TABLES = `
  select relname as table, n_tup_upd::text as updates,
         round(100.0 * n_tup_hot_upd / nullif(n_tup_upd, 0), 1)::float as hot, n_dead_tup::integer as dead
    from pg_stat_user_tables where n_tup_upd > 100 order by relname`

const median = (values: readonly number[]): number => percentile(values, 50)

/** Of a line through the values, by least squares: how much a step adds. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const over = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  return over / values.reduce((sum, _value, at) => sum + (at - middle) ** 2, 0)
}

const rounded = (facts: object): object =>
  Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, Math.round(Number(value) * 10) / 10]),
  )
