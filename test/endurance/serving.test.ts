import { setTimeout as sleep } from 'node:timers/promises'
import { bars } from '../support/endurance-bars'
import { applyEnduranceSetup, type EnduranceWorld, metric, openEndurance } from '../support/endurance-world'
import { traffic } from '../support/endurance-traffic'
import { fire, type Hit, percentile } from '../support/load'
import { type FarHit, fireElsewhere } from '../support/load-process'
import type { ServerProcess } from '../support/server-process'

const { full, seconds, goodput, acceptedMs, refusalMs, healthMs, stops, databaseKills } = bars()
/** As many as keep every connection to the database busy, and its next request at hand. */
const BUSY_CLIENTS = 16
/** So many people that those at work at a time are seldom about the same one: that is another trial. */
const MANY = full ? 2_000 : 200

let world: EnduranceWorld
beforeAll(async () => {
  world = await openEndurance()
}, 120_000)
afterAll(() => world.close(), 60_000)

const during = (millis: number): (() => boolean) => {
  const end = performance.now() + millis
  return () => performance.now() >= end
}

const done = (hits: readonly FarHit[]): FarHit[] => hits.filter(({ status }) => status === 200)
const refused = (hits: readonly FarHit[]): FarHit[] => hits.filter(({ status }) => status === 503)
const p99 = (hits: readonly FarHit[]): number =>
  percentile(
    hits.map(({ ms }) => ms),
    99,
  )

/** Figures for whoever runs the full bars. */
const tell = (what: string, facts: object): void => {
  if (full) process.stdout.write(`${what}: ${JSON.stringify(facts, rounded)}\n`)
}
const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value

/** Asks how the server is, ten times a second; gives how long each answer took. */
function healthProbe({ url }: ServerProcess) {
  const times: number[] = []
  const probe = { over: false }
  let asking = Promise.resolve()
  const ask = async (): Promise<void> => {
    for (; !probe.over; await sleep(100)) {
      const from = performance.now()
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
      times.push(performance.now() - from)
    }
  }
  return {
    start: () => void (asking = ask()),
    async stop(): Promise<readonly number[]> {
      probe.over = true
      await asking
      return times
    },
  }
}

describe('ten times as much as the server can do', () => {
  it('is mostly turned away at once, and the rest is done about as fast as ever', async () => {
    const server = await world.start()
    await applyEnduranceSetup(server, MANY)
    const busy = { url: server.url, clients: BUSY_CLIENTS, members: MANY }
    await fireElsewhere({ ...busy, prefix: 'warm', seconds: full ? 3 : 1, prepared: 0 })
    // As autovacuum does within a minute of so many new rows; until then statements are planned for empty tables.
    await world.rows('analyze')
    const peak = await fireElsewhere({
      ...busy,
      prefix: 'peak',
      seconds: seconds / 2,
      prepared: 500 * seconds,
    })
    const capacity = done(peak).length / (seconds / 2)
    // What it can do at most, told beside it: many at a time share more than the few that keep it busy.
    const crowd = await fireElsewhere({
      ...busy,
      clients: BUSY_CLIENTS * 6,
      prefix: 'crowd',
      seconds: seconds / 4,
      prepared: 500 * seconds,
    })
    const memory = await metric(server.url, /^process_resident_memory_bytes/)

    const busyCpu = await metric(server.url, /^process_cpu_seconds_total/)
    const probe = healthProbe(server)
    const flood = await fireElsewhere(
      {
        ...busy,
        clients: BUSY_CLIENTS * 10,
        perSecond: capacity * 10,
        prefix: 'flood',
        seconds,
        prepared: Math.ceil(capacity * 11 * seconds),
      },
      probe.start,
    )
    const health = await probe.stop()
    const floodCpu = (await metric(server.url, /^process_cpu_seconds_total/)) - busyCpu
    const after = await fireElsewhere({ ...busy, prefix: 'after', seconds: 3, prepared: 1_000 })

    const share = done(flood).length / seconds / capacity
    tell('overload', {
      capacity,
      capacityOfACrowd: done(crowd).length / (seconds / 4),
      offered: flood.length / seconds,
      done: done(flood).length / seconds,
      refused: refused(flood).length / seconds,
      share,
      cores: floodCpu / seconds,
      p99: {
        peak: p99(done(peak)),
        flood: p99(done(flood)),
        refusal: p99(refused(flood)),
        health: percentile(health, 99),
      },
      longestHealth: Math.max(...health),
    })
    // The clients stand back behind the server on the same cores; less than this would be no flood.
    expect(flood.length / seconds).toBeGreaterThan((full ? 5 : 1) * capacity)
    // Everything is answered, one way or the other.
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([200, 503]))
    expect(refused(flood).length).toBeGreaterThan(0)
    expect(
      refused(flood).every(({ retryAfter, body }) => retryAfter === '1' && body.includes('AC1001')),
    ).toBe(true)
    expect(share).toBeGreaterThan(goodput)
    expect(p99(done(flood))).toBeLessThan(Math.max(acceptedMs, 2 * p99(done(peak))))
    expect(p99(refused(flood))).toBeLessThan(refusalMs)
    expect(percentile(health, full ? 99 : 50)).toBeLessThan(healthMs)
    expect((await metric(server.url, /^process_resident_memory_bytes/)) - memory).toBeLessThan(100 * 2 ** 20)
    // And when it is over it is over.
    expect(after.filter(({ at }) => at > after[0]!.at + 1_000).every(({ status }) => status === 200)).toBe(
      true,
    )
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  }, 120_000)
})

describe('a server that is told to stop under load', () => {
  it.each(Array.from({ length: stops }, (_, no) => no))(
    'says so first, answers all it has accepted, and ends in time (%i)',
    async (no) => {
      const server = await world.start({ STOP_DELAY_SECONDS: '1' })
      if (no === 0) await applyEnduranceSetup(server)
      const hits: Hit[] = []
      let stopped = false
      const clients = fire({
        url: server.url,
        clients: 8,
        shots: traffic(`stop-${no}`),
        until: () => stopped,
        hit: (hit) => {
          hits.push(hit)
          if (hit.status === null) stopped = true
        },
      })
      await sleep(400)
      const told = performance.now()
      server.kill('SIGTERM')
      await sleep(100)
      // Not ready, and still there for whoever has not seen it yet.
      const ready = await fetch(`${server.url}/readyz`)
      expect([ready.status, await ready.json()]).toMatchObject([503, { ready: false, draining: true }])
      server.kill('SIGTERM')
      await clients
      expect(await server.exited).toBe(0)
      tell('told to stop', { exitedAfterMs: performance.now() - told, requests: hits.length })
      expect(performance.now() - told).toBeLessThan(10_000)
      expect(hits.filter(({ status, at }) => status === 200 && at > told + 200).length).toBeGreaterThan(0)
      expect(new Set(hits.map(({ status }) => status))).toEqual(new Set([200, null]))
      // Nothing was done for a client that was not told.
      const told200 = new Set(hits.flatMap(({ status, shot }) => (status === 200 ? [shot.name] : [])))
      const stored = await world.rows<{ name: string }>(
        `select order_key as name from orders where order_key like $1
          union all select bill_number from transactions where bill_number like $1`,
        [`stop-${no}-%`],
      )
      expect(stored.length).toBeGreaterThan(0)
      expect(stored.filter(({ name }) => !told200.has(name))).toEqual([])
      expect(server.output()).not.toContain('"level":"error"')
    },
    60_000,
  )
})

describe('a server whose database is killed', () => {
  it('answers 503 in the words of each door, and goes on when it is back, without a restart', async () => {
    const server = await world.start()
    await applyEnduranceSetup(server)
    for (let kill = 0; kill < databaseKills; kill++) {
      const hits: Hit[] = []
      let over = false
      const clients = fire({
        url: server.url,
        clients: 8,
        shots: traffic(`kill-${kill}`),
        until: () => over,
        hit: (hit) => hits.push(hit),
      })
      await sleep(500)
      const killed = performance.now()
      world.killDatabase()
      await untilReady(server)
      const back = performance.now()
      await sleep(1_000)
      over = true
      await clients

      tell('database killed', { readyAgainMs: back - killed, ofItRecoveryMs: world.recoveryMs() })
      expect(back - killed).toBeLessThan(10_000)
      expect(new Set(hits.map(({ status }) => status))).toEqual(new Set([200, 503]))
      for (const door of ['annex', 'capillary', 'graphql']) {
        const said = hits.filter(({ status, shot }) => status === 503 && shot.door === door)
        expect([door, said.length > 0]).toEqual([door, true])
        expect(said.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true)
        expect(said.filter(({ body }) => !WORDS[door]!.test(body))).toEqual([])
      }
      expect(hits.filter(({ at, status }) => at > back + 500 && status !== 200)).toEqual([])
      // What was acknowledged is there.
      const acknowledged = hits.flatMap(({ status, shot }) =>
        status === 200 && shot.door === 'annex' && shot.name ? [shot.name] : [],
      )
      const [found] = await world.rows<{ count: string }>(
        'select count(*) from orders where order_key = any($1)',
        [acknowledged],
      )
      expect(Number(found!.count)).toBe(acknowledged.length)
    }
    expect(await world.brokenLaws()).toEqual([])
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  }, 300_000)
})

const WORDS: Readonly<Record<string, RegExp>> = {
  annex: /"errorCode":"AC1001"/,
  capillary: /"code":(500|608)/,
  graphql: /"code":"SERVICE_UNAVAILABLE"/,
}

async function untilReady(server: ServerProcess): Promise<void> {
  let down = false
  for (const end = during(20_000); !end(); await sleep(20)) {
    const { status } = await fetch(`${server.url}/readyz`)
    down ||= status === 503
    if (down && status === 200) return
  }
  throw new Error('it was not seen to go and come back')
}
