import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import type { DoorRequest } from '../support/door-world'
import { annexPost } from '../support/annex-client'
import { HERON } from '../support/twin-world'
import { assertLawful } from '../support/ledger-world'
import { adminRequests } from './admin-requests'
import { graphRequests } from './graph-requests'
import { graphIds, openRange, type Range } from './range'
import { goodCalls, requestOf } from '../support/good-calls'
import { doorRequests } from './requests'
import type * as annex from '../../src/rest/annex'
import type { Route } from '../../src/rest/shared/route'

/** A mistake that stands in front of the Annex door's routes while it is planted, to see that it is noticed. */
type Mistake = (route: Route, ...of: Parameters<Route['handle']>) => ReturnType<Route['handle']>

const mockPlanted: { mistake: Mistake | null } = { mistake: null }

jest.mock('../../src/rest/annex', () => {
  const real = jest.requireActual<typeof annex>('../../src/rest/annex')
  const open = (route: Route): Route => ({
    ...route,
    handle: (request) => mockPlanted.mistake?.(route, request) ?? route.handle(request),
  })
  return {
    ...real,
    createAnnex: (deps: Parameters<typeof real.createAnnex>[0]) => {
      const door = real.createAnnex(deps)
      return { ...door, routes: door.routes.map(open) }
    },
  }
})

/** Requests to each door; `npm run fuzz -- --count 100000` asks for more. */
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 500)

let range: Range
/** What random requests were answered; those to a door with a mistake planted in it do not count. */
let seen: object = {}

beforeAll(async () => {
  range = await openRange()
}, 60_000)
afterAll(async () => {
  if (process.env['FUZZ_REPORT']) writeFileSync(process.env['FUZZ_REPORT'], JSON.stringify(seen))
  await range.close()
})

const reportOf = ({ byStatus, ...tally }: Range['tally']) => ({
  ...tally,
  byStatus: Object.fromEntries(byStatus),
})

/** Every random request is answered as it should be. A failure prints its seed and the smallest request that shows it. */
async function survived(requests: fc.Arbitrary<DoorRequest>, count: number): Promise<number> {
  await range.settle()
  const before = range.tally.requests
  try {
    await fc.assert(harmless(requests), {
      numRuns: count,
      endOnFailure: process.env['FUZZ_SHRINK'] === 'off',
    })
  } finally {
    seen = reportOf(range.tally)
  }
  return range.tally.requests - before
}

const touchTenant = ({ world }: Range) =>
  world.app.dataSource.query(`update tenants set name = name where key = '${HERON.key}'`)

const harmless = (requests: fc.Arbitrary<DoorRequest>, patienceMillis?: number) =>
  fc.asyncProperty(requests, async (request) => {
    const fault = await range.fire(request, patienceMillis)
    if (fault) throw new Error(fault)
  })

/** What is wrong with the door while a mistake stands in front of it, as the first bad answer shows. */
async function foundOut(mistake: Mistake): Promise<unknown> {
  await range.settle()
  mockPlanted.mistake = mistake
  try {
    const requests = doorRequests('annex', range.world.made(HERON))
    const { errorInstance } = await fc.check(harmless(requests, 2_500), {
      numRuns: 1_000,
      endOnFailure: true,
    })
    return errorInstance
  } finally {
    mockPlanted.mistake = null
  }
}

describe('what the random requests are made from', () => {
  it.each(['annex', 'capillary'] as const)(
    'is accepted by the %s door before it is changed',
    async (vendor) => {
      const answers = []
      const made = range.world.made(HERON)
      for (const index of goodCalls(vendor, 0, made).keys()) {
        // New keys each time.
        const good = goodCalls(vendor, 4_711 + 2 * index, made)[index]!
        const answer = await range.world.send(requestOf(good, HERON))
        if (answer.statusCode !== 200) answers.push(`${good.method} ${good.path.join('/')}: ${answer.body}`)
      }
      expect(answers).toEqual([])
    },
  )
})

describe('a request that is wrong in some way', () => {
  it.each(['annex', 'capillary'] as const)(
    'never breaks the %s door, and changes nothing when it is refused',
    async (vendor) => {
      expect(await survived(doorRequests(vendor, range.world.made(HERON)), COUNT)).toBe(COUNT)
    },
    COUNT * 20 + 240_000,
  )

  it(
    'never breaks the graph, and changes nothing when it is refused',
    async () => {
      expect(await survived(graphRequests(await graphIds(range.world)), COUNT)).toBe(COUNT)
    },
    COUNT * 20 + 240_000,
  )

  it(
    'never breaks the admin door, and changes nothing when it is refused',
    async () => {
      expect(await survived(adminRequests, Math.ceil(COUNT / 5))).toBe(Math.ceil(COUNT / 5))
    },
    COUNT * 20 + 240_000,
  )

  it('is noticed when it leaves something behind', async () => {
    const write = touchTenant(range)
    const refused = annexPost(HERON.site, '/api/3.0/orders', { id: 'x' })
    await write
    expect(await range.fire(refused)).toBe('refused, and wrote UPDATE tenants')
    expect(await range.fire(refused)).toBeNull()
  })

  it.each<[string, Mistake, RegExp]>([
    [
      'trips over a number that is too large',
      (route, request) => {
        if (/[1-9]e400/.test(request.rawBody.toString())) throw new TypeError('not a number')
        return route.handle(request)
      },
      /answered 500/,
    ],
    [
      'writes before it refuses',
      async (route, request) => {
        if (route.operation === 'annex.createOrder') await touchTenant(range)
        return route.handle(request)
      },
      /refused, and wrote UPDATE tenants/,
    ],
    [
      'never comes back from a name that is no text',
      (route, request) =>
        request.rawBody.includes('__proto__') ? new Promise(() => undefined) : route.handle(request),
      /no answer in/,
    ],
    [
      'explains itself with its stack',
      async (route, request) => {
        const { stack } = new Error('refused')
        const explained = { status: 400, body: { errorCode: 'AC1007', message: stack } }
        return await route.handle(request).catch(() => explained)
      },
      /the answer matches/,
    ],
  ])('is found out when it %s', async (_how, mistake, fault) => {
    expect(String(await foundOut(mistake))).toMatch(fault)
  })

  it('leaves a lawful ledger behind', async () => {
    await assertLawful(range.world.app.dataSource)
    expect(range.tally.refused).toBeGreaterThan(range.tally.requests / 2)
  })
})
