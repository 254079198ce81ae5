import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { ADMIN_KEY } from '../../support/test-app'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld

const SETUP = {
  version: 1,
  tenants: [
    organization('later', 3101, {}),
    organization(
      'bybill',
      3102,
      {},
      {},
      { pointsDecimals: 3, transactions: { pointsPerCurrencyUnit: '0.105', basis: 'bill-net' } },
    ),
  ],
}

beforeAll(async () => {
  world = await openDoors(SETUP)
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.reset('later')
  await world.reset('bybill')
})

const ANN = '/v2/transactions?identifierName=mobile&identifierValue=9100'
const ASYNC = `${ANN}&use_async=true`

interface Reply {
  readonly status: number
  readonly body: {
    readonly createdId: number
    readonly errors: { readonly code: number }[]
    readonly warnings: { readonly code: number }[]
    readonly sideEffects: { readonly awardedPoints: number }[]
    readonly rawSideEffects?: object[]
    readonly response: (Reply['body'] & { entityId?: number; result: Record<string, unknown> })[]
  }
}

async function post(
  body: unknown,
  url = ASYNC,
  headers: Record<string, string> = {},
  org = 'later',
): Promise<Reply> {
  const answer = await world.send(tillCall(tillOf(org), 'POST', url, body, headers))
  return { status: answer.statusCode, body: answer.json() }
}

const warned = ({ body }: Reply): number[] => body.warnings.map(({ code }) => code)
const QUEUED = [687]

const LINES = [
  { itemCode: 'shoe', qty: 2, rate: 100, amount: 200 },
  { itemCode: 'hat', qty: 1, rate: 100, amount: 100 },
]
const sale = (billNumber: string, more: object = {}) => ({
  type: 'REGULAR',
  billNumber,
  billAmount: 300,
  lineItemsV2: LINES,
  ...more,
})
const back = (returnType: string, billNumber: string, more: object = {}) => ({
  type: 'RETURN',
  returnType,
  billNumber,
  ...more,
})
const oneShoe = { lineItemsV2: [{ itemCode: 'shoe', qty: 1 }] }

/** The background work, as a worker does it. */
async function drain(org = 'later'): Promise<void> {
  const answer = await world.app.server.inject({
    method: 'POST',
    url: '/admin/jobs/drain',
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    payload: { tenant: org, timeoutSeconds: 10 },
  })
  expect(answer.json()).toEqual({ remaining: 0 })
}

const jobs = () =>
  world.app.rows<{ state: string; lane: string }>(
    `select state, lane from job where kind = 'transaction.loyalty' order by job_id`,
  )

/** Points, what is spent, and the tier; null before anything was booked. */
async function standing(org = 'later') {
  const [row] = await world.app.rows<{ available: string; spend: string; tier: string }>(
    `select a.available, trim_scale(m.spend)::text as spend, t.name as tier from memberships m
       join tenants x using (tenant_id)
       left join account a on a.tenant_id = m.tenant_id and a.member_id = m.member_id
       left join tiers t on t.tenant_id = m.tenant_id and t.tier_id = m.tier_id
      where x.key = $1`,
    [org],
  )
  return row ? { points: Number(row.available) / 1000, spend: row.spend, tier: row.tier } : null
}

const shown = async (id: number, org = 'later') =>
  (
    await world.app.rows<{ points: string; reason: string | null; lines: string[] }>(
      `select points, no_points_reason as reason,
          array(select l.points::text from transaction_lines l where l.tenant_id = t.tenant_id
                 and l.transaction_id = t.transaction_id order by l.line_no) as lines
         from transactions t join tenants x using (tenant_id) where transaction_id = $1 and x.key = $2`,
      [id, org],
    )
  )[0]!

const earned = async (id: number) => {
  const answer = await world.send(tillCall(tillOf('later'), 'GET', `/v2/earning/${id}`))
  type Summary = { currentPointsSummary: { availablePoints: number; returnedPoints: number } }
  const { lineItems } = answer.json<{
    lineItems: { pointsEarningEntities: { lineItemPoints: Summary[] } }[]
  }>()
  return lineItems.map(({ pointsEarningEntities: { lineItemPoints } }) => {
    const [{ currentPointsSummary: now }] = lineItemPoints as [Summary]
    return [now.availablePoints, now.returnedPoints]
  })
}

const invariants = () => world.app.rows('select * from ledger_invariants where violations > 0')

describe('a sale whose points are queued', () => {
  it.each([
    ['use_async', ASYNC, {}],
    ['use_asynch', `${ANN}&use_asynch=TRUE&use_async=false`, {}],
    ['X-CAP-DIRECT-REPLAY', ANN, { 'X-CAP-DIRECT-REPLAY': 'true' }],
  ])(
    'by %s is stored at once; the points come once, and only when the work was done',
    async (_by, url, headers) => {
      const answer = await post(sale('q1'), `${url}&rawSideEffects=true`, headers)
      expect(answer).toMatchObject({ status: 200, body: { errors: [], sideEffects: [], rawSideEffects: [] } })
      expect(warned(answer)).toEqual(QUEUED)
      const id = answer.body.createdId
      expect(await jobs()).toMatchObject([{ state: 'READY' }])
      expect(await standing()).toMatchObject({ points: 0, spend: '0' })
      expect(await shown(id)).toEqual({ points: '0', reason: 'QUEUED', lines: ['0', '0'] })
      expect(await earned(id)).toEqual([
        [0, 0],
        [0, 0],
      ])
      // Answered means stored: the number is taken.
      expect((await post(sale('q1'), ANN)).body.errors).toMatchObject([{ code: 604 }])

      await drain()
      await drain()
      expect(await standing()).toEqual({ points: 30, spend: '300', tier: 'Silver' })
      expect(await shown(id)).toEqual({ points: '30000', reason: null, lines: ['20000', '10000'] })
      expect(await earned(id)).toEqual([
        [20, 0],
        [10, 0],
      ])
      expect(await jobs()).toMatchObject([{ state: 'DONE' }])
      expect(await invariants()).toEqual([])
    },
  )

  it('is not queued by a switch that is off, nor where nothing is to be done', async () => {
    for (const said of ['false', 'maybe']) {
      const off = { 'X-CAP-DIRECT-REPLAY': 'false' }
      expect(warned(await post(sale(said), `${ANN}&use_async=${said}`, off))).toEqual([])
    }
    expect(warned(await post(sale('skip'), ASYNC, { 'SKIP-DOWNSTREAM': 'true' }))).toEqual([])
    expect(warned(await post(sale('out', { outlierStatus: 'TEST' })))).toEqual([])
    expect(
      warned(await post({ ...sale('ni'), type: 'NOT_INTERESTED' }, '/v2/transactions?use_async=true')),
    ).toEqual([])
    expect(await jobs()).toEqual([])
    await drain()
    expect(await standing()).toMatchObject({ points: 60, spend: '600' })
  })

  it('that earns nothing says why at once, and its spend counts later', async () => {
    const answer = await post({ type: 'REGULAR', billNumber: 'small', billAmount: 9 })
    expect(warned(answer)).toEqual(QUEUED)
    expect(await shown(answer.body.createdId)).toMatchObject({ reason: 'ROUNDED_TO_ZERO' })
    expect(await standing()).toMatchObject({ spend: '0' })
    await drain()
    expect(await standing()).toMatchObject({ spend: '9' })
    expect(await shown(answer.body.createdId)).toMatchObject({ reason: 'ROUNDED_TO_ZERO', points: '0' })
  })

  it('refuses what a sale that is booked at once refuses, and queues nothing then', async () => {
    await post(sale('taken'), ANN)
    for (const [body, code] of [
      [sale('taken'), 604],
      [{ ...sale('x'), billAmount: -1 }, 631],
      [{ ...sale('x'), type: 'SALE' }, 605],
    ] as const)
      expect((await post(body)).body.errors).toMatchObject([{ code }])
    expect((await post(sale('x'), ASYNC.replace('9100', '9999'))).body.errors).toMatchObject([{ code: 8015 }])
    expect(await jobs()).toEqual([])
  })

  it('is booked as the rule was when it was stored, whatever the setup says by then', async () => {
    await post(sale('old'))
    const program = { transactions: { pointsPerCurrencyUnit: '5', basis: 'bill-net' } }
    await world.app.apply({ version: 1, tenants: [organization('later', 3101, {}, {}, program)] })
    await drain()
    expect(await standing()).toMatchObject({ points: 30 })
    await world.app.apply({ version: 1, tenants: [organization('later', 3101, {})] })
  })
})

describe('returns and queued work', () => {
  it('are booked in the order in which they came, when all of them are queued', async () => {
    await post(sale('r'))
    await post(sale('s'))
    const part = await post(back('LINE_ITEM', 'r', oneShoe))
    expect(warned(part)).toEqual(QUEUED)
    expect(part.body.sideEffects).toEqual([])
    expect(await shown(part.body.createdId)).toMatchObject({ points: '0', reason: 'QUEUED' })
    await post(back('FULL', 's'))
    // What came back has come back, whether or not the points have been booked.
    expect((await post(back('FULL', 's'))).body.errors).toMatchObject([{ code: 633 }])
    const lanes = await jobs()
    expect(lanes).toHaveLength(4)
    expect(new Set(lanes.map(({ lane }) => lane)).size).toBe(1)
    await drain()
    expect(await standing()).toEqual({ points: 20, spend: '200', tier: 'Silver' })
    expect(await shown(part.body.createdId)).toMatchObject({ points: '-10000', reason: null })
    expect(await invariants()).toEqual([])
  })

  it('of a sale that is still queued are queued behind it, whatever the call says', async () => {
    const { createdId } = (await post(sale('r'))).body
    const returned = await post(back('LINE_ITEM', 'r', oneShoe), ANN)
    expect(warned(returned)).toEqual(QUEUED)
    expect(returned.body.sideEffects).toEqual([])
    await drain()
    expect(await standing()).toMatchObject({ points: 20, spend: '200' })
    expect(await earned(createdId)).toEqual([
      [10, 10],
      [10, 0],
    ])
  })

  it('take exactly what was awarded, whichever of them were queued, and in whatever order they were booked', async () => {
    const amount = (billAmount: string) => back('AMOUNT', 'm', { billAmount })
    const url = (isQueued: boolean) => (isQueued ? ASYNC : ANN)
    // 100.03 earn 10.503 points; thirds of it are no thousandths.
    const parts = ['33.34', '33.34', '33.35']
    for (const queued of [0b000, 0b001, 0b010, 0b011, 0b100, 0b101, 0b110, 0b111]) {
      await world.reset('bybill')
      await post({ type: 'REGULAR', billNumber: 'm', billAmount: '100.03' }, ANN, {}, 'bybill')
      expect(await standing('bybill')).toMatchObject({ points: 10.503 })
      for (const [index, part] of parts.entries())
        expect((await post(amount(part), url(Boolean(queued & (1 << index))), {}, 'bybill')).status).toBe(200)
      await drain('bybill')
      expect(await standing('bybill')).toMatchObject({ points: 0, spend: '0' })
      const [sum] = await world.app.rows<{ points: string }>(
        `select sum(points) as points from transaction_returns r join tenants x using (tenant_id) where x.key = 'bybill'`,
      )
      expect(sum!.points).toBe('10503')
    }
    expect(await invariants()).toEqual([])
  })

  it('wait for a sale whose job has failed, and come right when it is revived', async () => {
    await post(sale('r'))
    await post(back('FULL', 'r'))
    await world.app.rows(
      `update job set state = 'DEAD', finished_at = clock_timestamp() where job_id = (select min(job_id) from job)`,
    )
    const answer = await world.app.server.inject({
      method: 'POST',
      url: '/admin/jobs/drain',
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
      payload: { tenant: 'later', timeoutSeconds: 0 },
    })
    expect(answer.json()).toEqual({ remaining: 1 })
    expect(world.app.logged.filter((line) => line.includes('a job failed'))).toHaveLength(1)
    await world.app.rows(
      `update job set state = 'READY', finished_at = null, run_at = clock_timestamp() where state <> 'DONE'`,
    )
    await drain()
    expect(await standing()).toMatchObject({ points: 0, spend: '0' })
    expect(await invariants()).toEqual([])
  })
})

describe('other calls with queued work', () => {
  it('books a mixed transaction as a whole', async () => {
    await post(sale('first'), ANN)
    const mixed = sale('mixed', {
      lineItemsV2: [
        { itemCode: 'coat', amount: 500 },
        { type: 'RETURN', returnType: 'LINE_ITEM', parentBillNumber: 'first', itemCode: 'shoe', qty: 1 },
      ],
    })
    const answer = await post(mixed)
    expect(warned(answer)).toEqual(QUEUED)
    expect(await standing()).toMatchObject({ points: 30, spend: '300' })
    await drain()
    expect(await standing()).toMatchObject({ points: 70, spend: '700' })
    expect(await shown(answer.body.createdId)).toEqual({
      points: '40000',
      reason: null,
      lines: ['50000', '0'],
    })
    const again = mixed.lineItemsV2.map((line) => ('type' in line ? { ...line, qty: 2 } : line))
    const refused = await post(sale('again', { lineItemsV2: again }))
    expect(refused.body.errors).toMatchObject([{ code: 629 }])
    expect(await jobs()).toHaveLength(1)
  })

  it('warns each item of a bulk call that was queued', async () => {
    const item = { identifierType: 'mobile', identifierValue: '9100' }
    const { status, body } = await post(
      [
        { ...item, ...sale('b1') },
        { ...item, ...sale('b1') },
        { ...item, ...back('LINE_ITEM', 'b1', oneShoe) },
        { ...sale('b2'), type: 'NOT_INTERESTED' },
      ],
      '/v2/transactions/bulk?use_async=true',
    )
    expect(status).toBe(200)
    expect(
      body.response.map(({ errors, warnings }) => [...errors, ...warnings].map(({ code }) => code)),
    ).toEqual([[687], [604], [687], []])
    expect(body.response[0]!.result['sideEffects']).toEqual([])
    await drain()
    expect(await standing()).toMatchObject({ points: 20, spend: '200' })
  })

  it('forgets the work of a sandbox that is reset', async () => {
    await post(sale('gone'))
    await world.reset('later')
    expect(await jobs()).toEqual([])
    await drain()
  })
})

describe('queued work of many members at once', () => {
  // T18 at a small size: four workers, jobs that fail in between, books that add up.
  it('is done exactly once each, and leaves books that add up', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => post(sale(`n${n}`), ASYNC)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    await Promise.all([drain(), drain(), drain(), drain()])
    expect(await standing()).toEqual({ points: 1200, spend: '12000', tier: 'Gold' })
    const lines = await world.app.rows(`select 1 from award_source`)
    expect(lines).toHaveLength(80)
    expect(await invariants()).toEqual([])
  })
})
