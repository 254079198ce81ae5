import { setTimeout as sleep } from 'node:timers/promises'
import { bars } from '../support/endurance-bars'
import { applyEnduranceSetup, type EnduranceWorld, metric, openEndurance } from '../support/endurance-world'
import { traffic } from '../support/endurance-traffic'
import { driftBesideControl, driftPercent } from '../support/drift'
import { fire, type Hit, percentile, shotOf } from '../support/load'
import { slowing, startControl } from '../support/soak-control'

/** `npm run soak` says how long; as a part of the other tests it only shows that it works. */
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? (bars().full ? 1 : 0.05))
/** `npm run soak -- --slowing 8` makes it see a server that is so many milliseconds slower each minute, which must fail. */
const SLOWING = Number(process.env['SOAK_SLOWING'] ?? 0)
/** Updates that leave every index alone, in percent at least; what is spent here are whole lots as often as parts. */
const HOT_SHARES = [
  ['account', 95],
  ['lot', 95],
] as const
/** A few seconds say nothing about what grows slowly. */
const LIMITS = {
  ...(MINUTES >= 5 ? { heap: 1, hot: HOT_SHARES } : { heap: Infinity, hot: [] }),
  /** Percent that the last third may take longer than the first, beside the control, and cost more CPU a request. */
  ...(MINUTES >= 3 ? { drift: 20, cpu: 20 } : { drift: Infinity, cpu: Infinity }),
  /** Megabytes that the second half may have more than the first. */
  resident: MINUTES >= 3 ? 10 : Infinity,
}
const SLICES = MINUTES >= 1 ? 30 : 6
const CONTROL_SHOT = shotOf('control', { method: 'GET', url: '/' })
const WARM_UP = MINUTES >= 1 ? 3 : 1
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
  /** Of a server that never changes, at the same time. */
  readonly control99: number
  /** Of the server, a request, in milliseconds: what else the machine does hardly changes it. */
  readonly cpu: number
  readonly done: number
}

describe('what a run shows of drift', () => {
  const waves = [10, 11, 30, 12, 10, 11, 14, 18, 16, 12, 24, 25, 10, 24, 23]
  const calm = waves.map(() => 5)

  it('is nothing where single windows are disturbed', () => {
    expect(driftPercent([10, 10, 90, 10, 10, 10, 95, 10, 10])).toBeCloseTo(0)
  })

  it('is nothing where a control beside it waited as long', () => {
    expect(driftPercent(waves)).toBeGreaterThan(100)
    expect(
      driftBesideControl(
        waves,
        waves.map((value) => value / 3),
      ),
    ).toBeCloseTo(0)
  })

  it('is all of it where the control went on as before, or more', () => {
    expect(driftBesideControl(waves, calm)).toBeCloseTo(driftPercent(waves))
    const slower = waves.map((value, at) => value * (1 + at / 20))
    expect(driftBesideControl(slower, waves)).toBeGreaterThan(20)
  })
})

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
      const control = await startControl(world.databaseUrl)
      const seen = await slowing(server.url, SLOWING)
      const slices: Slice[] = []
      const odd: Hit[] = []
      const shots = traffic('soak')
      const sliceMs = (MINUTES * 60_000) / (SLICES + WARM_UP)
      const cpuSeconds = () => metric(server.url, /^process_cpu_seconds_total/)
      // The first slices warm up and are not looked at.
      for (let slice = 1 - WARM_UP; slice <= SLICES; slice++) {
        const cpuBefore = await cpuSeconds()
        const times: number[] = []
        const controlTimes: number[] = []
        const heap: number[] = []
        const sample = async () => {
          heap.push((await metric(server.url, /^nodejs_heap_size_used_bytes/)) / 2 ** 20)
        }
        const sampling = setInterval(() => void sample(), 500)
        const end = performance.now() + sliceMs
        const load = { clients: 8, perSecond: PER_SECOND, until: () => performance.now() >= end }
        await Promise.all([
          fire({
            ...load,
            url: SLOWING > 0 ? seen.url : server.url,
            shots,
            hit: (hit) => {
              times.push(hit.ms)
              if (hit.status !== 200) odd.push(hit)
            },
          }),
          fire({
            ...load,
            url: control.url,
            shots: () => CONTROL_SHOT,
            hit: ({ ms }) => controlTimes.push(ms),
          }),
        ])
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
          control99: percentile(controlTimes, 99),
          cpu: (((await cpuSeconds()) - cpuBefore) / times.length) * 1_000,
          done: times.length,
        }
        if (slice > 0) slices.push(found)
        if (MINUTES >= 1) process.stdout.write(`${JSON.stringify(rounded(found))}\n`)
      }
      await control.stop()
      seen.close()
      const tables = await world.rows<{ table: string; updates: string; hot: number; dead: number }>(TABLES)
      const broken = await world.brokenLaws()
      const half = SLICES / 2
      const ofHalf = (of: keyof Slice): [number, number] => [
        median(slices.slice(0, half).map((slice) => slice[of])),
        median(slices.slice(half).map((slice) => slice[of])),
      ]
      const [handlesBefore, handlesAfter] = ofHalf('handles')
      const all = (of: keyof Slice) => slices.map((slice) => slice[of])
      const [rssBefore, rssAfter] = ofHalf('rssMb')
      const facts = {
        minutes: MINUTES,
        requests: slices.reduce((sum, { done }) => sum + done, 0),
        odd: odd.length,
        heapSlopeMbPerMinute: slopeOf(slices.map(({ heapMb }) => heapMb)) / (sliceMs / 60_000),
        rssMb: [rssBefore, rssAfter],
        handles: [handlesBefore, handlesAfter],
        p99DriftPercent: driftPercent(all('p99')),
        control99DriftPercent: driftPercent(all('control99')),
        p99DriftBesideControlPercent: driftBesideControl(all('p99'), all('control99')),
        cpuDriftPercent: driftPercent(all('cpu')),
        tables,
        brokenLaws: broken.length,
      }
      if (MINUTES >= 1) process.stdout.write(`${JSON.stringify(facts, null, 1)}\n`)
      expect(odd.map(({ status, body, shot }) => [shot.door, status, body])).toEqual([])
      expect(broken).toEqual([])
      expect(handlesAfter - handlesBefore).toBeLessThan(20)
      expect(facts.heapSlopeMbPerMinute).toBeLessThan(LIMITS.heap)
      expect(rssAfter - rssBefore).toBeLessThan(LIMITS.resident)
      expect(facts.p99DriftBesideControlPercent).toBeLessThan(LIMITS.drift)
      expect(facts.cpuDriftPercent).toBeLessThan(LIMITS.cpu)
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
