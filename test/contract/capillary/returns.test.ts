import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld

const SETUP = {
  version: 1,
  tenants: [
    withNeighbor(organization('shop', 3001, {})),
    organization('today', 3002, { 'errors.catalogue': 'current', 'aliases.niReturn': true }),
    organization('lenient', 3003, {
      CONF_RETURN_WITHOUT_ORIGINAL_BILL_PROCESSING: true,
      CONF_LOYALTY_IS_RETURN_BILL_NUMBER_REQUIRED: false,
    }),
    organization('unknown', 3004, { CONF_ALLOW_NOT_EXISTING_BILL_RETURN: true, IS_RETURN_BILL_UNIQUE: true }),
    organization('keeps', 3005, { CONF_POINTS_RETURN_ENABLED: false, 'returns.requirePurchaseTime': true }),
    organization('manual', 3006, { CONF_LOYALTY_IS_RETURN_BILL_MANUAL_HANDLING_ENABLED: true }),
    organization('nolines', 3007, { 'returns.notAllowed': ['LINE_ITEM', 'AMOUNT', 'FULL', 'CANCELLED'] }),
    organization('captures', 3010, { 'ENHANCE BILL CAPTURE': true }),
    organization('never', 3008, { 'returns.notAllowed': ['ALL'] }),
    organization(
      'bybill',
      3009,
      { CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_STORE: true },
      {},
      {
        pointsDecimals: 3,
        transactions: { pointsPerCurrencyUnit: '0.105', basis: 'bill-net' },
      },
    ),
  ],
}

/** Another customer beside Ann. */
function withNeighbor<Tenant extends { members: object[] }>(tenant: Tenant): Tenant {
  const bob = {
    ref: 'bob',
    firstName: 'Bob',
    identifiers: [{ type: 'mobile', value: '9200', source: 'INSTORE', accountId: '' }],
  }
  return { ...tenant, members: [...tenant.members, bob] }
}

beforeAll(async () => {
  world = await openDoors(SETUP)
})
afterAll(() => world.app.close())
beforeEach(() => world.reset('shop'))

const ANN = '/v2/transactions?identifierName=mobile&identifierValue=9100'
const BOB = '/v2/transactions?identifierName=mobile&identifierValue=9200'
const NOBODY = '/v2/transactions'

interface Reply {
  readonly status: number
  readonly body: {
    readonly createdId: number
    readonly errors: { readonly code: number; readonly message: string }[]
    readonly warnings: { readonly code: number; readonly message: string }[]
    readonly sideEffects: { readonly awardedPoints: number; readonly rawAwardedPoints: number }[]
    readonly loyaltyDetails: Record<string, unknown>[]
    readonly [name: string]: unknown
  }
}

/** What reads answer, as far as the tests look into it. */
interface Shown {
  readonly id: number
  readonly customerId: number
  readonly data: readonly Shown[]
  readonly lineItems: readonly Shown[]
  readonly billDetails: Shown
  readonly errors: readonly { readonly code: number }[]
  readonly returnLineItemsDtos: readonly object[]
  readonly pointsEarningEntities: Readonly<
    Record<string, readonly { readonly currentPointsSummary: object }[]>
  >
}

interface How {
  readonly url?: string
  readonly org?: string
  readonly till?: number
  readonly headers?: Record<string, string>
}

async function post(
  body: unknown,
  { url = ANN, org = 'shop', till = 1, headers = {} }: How = {},
): Promise<Reply> {
  const answer = await world.send(tillCall(tillOf(org, till), 'POST', url, body, headers))
  return { status: answer.statusCode, body: answer.json() }
}

/** The same as the only item of a bulk, answered as if it were a call of its own. */
async function inBulk(body: object, { org = 'shop' }: How = {}): Promise<Reply> {
  const item = { identifierType: 'mobile', identifierValue: '9100', ...body }
  const answer = await world.send(tillCall(tillOf(org), 'POST', '/v2/transactions/bulk', [item]))
  const [only] = answer.json<{ response: [Reply['body'] & { readonly entityId?: number }] }>().response
  return { status: only.entityId === undefined ? 400 : answer.statusCode, body: only }
}

async function get(path: string, org = 'shop'): Promise<{ status: number; body: Shown }> {
  const answer = await world.send(tillCall(tillOf(org), 'GET', path))
  return { status: answer.statusCode, body: answer.json() }
}

/** Three lines that earn 10, 10 and 20 points. */
const LINES = [
  { itemCode: 'shoe', qty: 2, rate: 100, amount: 200 },
  { itemCode: 'sock', qty: 1, rate: 100, amount: 100 },
  { itemCode: 'hat', qty: 1, rate: 100, amount: 100 },
]
const sale = (more: object = {}) => ({
  type: 'REGULAR',
  billNumber: 'b1',
  billAmount: 400,
  lineItemsV2: LINES,
  ...more,
})
const back = (returnType: string, more: object = {}) => ({
  type: 'RETURN',
  returnType,
  billNumber: 'b1',
  ...more,
})
const money = (billAmount: unknown, more: object = {}) => back('AMOUNT', { billAmount, ...more })
const items = (...lines: object[]) => back('LINE_ITEM', { lineItemsV2: lines })
const shoe = { itemCode: 'shoe', qty: 1 }

const code = ({ status, body }: Reply): number => (status === 200 ? 200 : (body.errors[0]?.code ?? 0))
const warned = ({ body }: Reply): number[] => body.warnings.map((warning) => warning.code)
const points = ({ body }: Reply): number => body.sideEffects[0]?.awardedPoints ?? 0

const wallet = async (org = 'shop') =>
  (
    await world.app.rows<{ available: string; reversed: string; spend: string; tier: string | null }>(
      `select a.available, a.lifetime_reversed as reversed, trim_scale(ms.spend)::text as spend, t.name as tier
         from account a join tenants x using (tenant_id)
         join memberships ms on ms.tenant_id = a.tenant_id and ms.member_id = a.member_id and ms.program_id = a.program_id
         left join tiers t on t.tenant_id = ms.tenant_id and t.tier_id = ms.tier_id
        where x.key = $1 order by a.account_id limit 1`,
      [org],
    )
  )[0]!
const balance = async (org = 'shop'): Promise<number> => Number((await wallet(org)).available) / 1000

const stored = async (): Promise<number[]> => {
  const tables = [
    'transactions',
    'transaction_lines',
    'transaction_returns',
    'transaction_return_lines',
    'entry',
    'bill_numbers',
  ]
  const rows = await world.app.rows<{ n: string }>(
    tables.map((table) => `select count(*) as n from ${table}`).join(' union all '),
  )
  return rows.map(({ n }) => Number(n))
}

const invariants = () => world.app.rows('select * from ledger_invariants where violations > 0')

/** What has come back of bill b1 before. */
const STATES: Record<string, readonly object[]> = {
  NONE: [],
  LI: [items(shoe)],
  AM: [money(50)],
  ALL: [back('FULL')],
  cancelled: [back('CANCELLED')],
}

describe('the table of section 7.2', () => {
  const asked: Record<string, { single: object; line: object | null }> = {
    FULL: { single: back('FULL'), line: { returnType: 'FULL', itemCode: 'any' } },
    AMOUNT: { single: money(50), line: { returnType: 'AMOUNT', itemCode: 'any', amount: 50 } },
    LINE_ITEM: { single: items({ itemCode: 'hat' }), line: { returnType: 'LINE_ITEM', itemCode: 'hat' } },
    CANCELLED: { single: back('CANCELLED'), line: null },
  }
  const table: [asked: string, single: number[], today: number[], mixed: number[] | null][] = [
    // NONE, LI, AM, ALL, cancelled
    ['FULL', [200, 639, 639, 633, 614], [200, 639, 639, 633, 614], [200, 636, 639, 633, 614]],
    ['AMOUNT', [200, 635, 200, 633, 614], [200, 632, 200, 633, 614], [200, 636, 200, 633, 614]],
    ['LINE_ITEM', [200, 200, 632, 633, 614], [200, 200, 638, 633, 614], [200, 200, 632, 633, 614]],
    ['CANCELLED', [200, 639, 639, 633, 614], [200, 639, 639, 633, 614], null],
  ]
  const cells = table.flatMap(([kind, single, today, mixed]) =>
    Object.keys(STATES).flatMap((state, index) => [
      { kind, state, form: 'single', org: 'shop', expected: single[index]! },
      { kind, state, form: 'single', org: 'today', expected: today[index]! },
      { kind, state, form: 'bulk', org: 'shop', expected: single[index]! },
      ...(mixed ? [{ kind, state, form: 'mixed', org: 'shop', expected: mixed[index]! }] : []),
    ]),
  )
  it.each(cells)(
    '$form $kind after $state in $org answers $expected',
    async ({ kind, state, form, org, expected }) => {
      await world.reset(org)
      await post(sale(), { org })
      for (const step of STATES[state]!) expect(code(await post(step, { org }))).toBe(200)
      const before = await stored()
      const { single, line } = asked[kind]!
      const mixed = sale({
        billNumber: 'b2',
        billAmount: 0,
        lineItemsV2: [
          { itemCode: 'new', amount: 100 },
          { type: 'RETURN', parentBillNumber: 'b1', ...line },
        ],
      })
      const send = form === 'bulk' ? inBulk : post
      expect(code(await send(form === 'mixed' ? mixed : single, { org }))).toBe(expected)
      const after = await stored()
      expect(after[0]! - before[0]!).toBe(expected === 200 ? 1 : 0)
      expect(expected === 200 || isDeepStrictEqual(after, before)).toBe(true)
    },
  )
})

describe('a return', () => {
  it('takes back everything with FULL, whatever it says of lines and amount', async () => {
    const { body: sold } = await post(sale())
    expect(await wallet()).toMatchObject({ available: '40000', spend: '400' })
    const answer = await post(
      back('FULL', { billAmount: 5, lineItemsV2: [{ itemCode: 'nonsense', qty: 9 }] }),
      {
        url: `${ANN}&points=MLP&rawSideEffects=true`,
      },
    )
    expect(answer.body).toMatchObject({
      warnings: [],
      errors: [],
      sideEffects: [{ type: 'points', entityType: 'USER', rawAwardedPoints: -40, awardedPoints: -40 }],
      rawSideEffects: [],
      loyaltyDetails: [{ loyaltyPoints: 0, returned: 40, cumulativePurchases: 0 }],
      customerInfo: { firstName: 'Ann' },
    })
    expect(answer.body.createdId).not.toBe(sold.createdId)
    expect(await wallet()).toEqual({ available: '0', reversed: '40000', spend: '0', tier: 'Silver' })
    const { body: read } = await get(`/v2/transactions/${answer.body.createdId}?type=return`)
    expect(read).toMatchObject({ type: 'RETURN', billDetails: { amount: 400, billNumber: 'b1' } })
    expect((await get(`/v2/transactions/${answer.body.createdId}`)).status).toBe(404)
  })

  it('marks a cancelled transaction, and shows what came back line by line', async () => {
    const { body: sold } = await post(sale())
    const { body: returned } = await post(back('cancelled', { billingDate: '2099-01-01' }))
    expect(returned.errors).toMatchObject([{ code: 643 }])
    const { body: cancelled } = await post(back('cancelled'))
    const { body: original } = await get(`/v2/transactions/${sold.createdId}`)
    expect(original).toMatchObject({
      returnDetails: { canceled: true },
      billDetails: { returnDetails: { canceled: true } },
      lineItems: [
        {
          returnLineItemsDtos: [
            {
              id: expect.any(Number) as number,
              returnTransactionId: cancelled.createdId,
              billNumber: 'b1',
              returnType: 'CANCELLED',
              qty: 2,
              amount: 200,
              returnTime: expect.stringMatching(/\+05:30$/) as string,
            },
          ],
          niReturnLineItemsDtos: [],
        },
        { returnLineItemsDtos: [{ qty: 1 }] },
        { returnLineItemsDtos: [{ qty: 1 }] },
      ],
    })
  })

  it('of an amount takes points in proportion, the last step the rest', async () => {
    await post(sale({ billAmount: 300, lineItemsV2: [] }))
    const taken = []
    for (const amount of ['100.00', 99.99, 0.01, '100']) taken.push(points(await post(money(amount))))
    expect(taken).toEqual([-10, -9, -1, -10])
    expect(await wallet()).toMatchObject({ available: '0', spend: '0' })
    expect(code(await post(money(0.01)))).toBe(633)
  })

  it.each([
    ['nothing', 0, 630],
    ['a negative amount', -1, 631],
    ['more than the bill', 400.01, 630],
    ['no amount', null, 601],
    ['words', 'x', 601],
  ])('of an amount refuses %s', async (_name, amount, expected) => {
    await post(sale())
    expect(code(await post(money(amount)))).toBe(expected)
  })

  it('of lines follows the rules of section 7.3', async () => {
    await post(
      sale({
        lineItemsV2: [
          ...LINES,
          { itemCode: 'set', amount: 0, comboDetails: [{ itemCode: 'part', quantity: 1 }] },
        ],
      }),
    )
    const refused: [object, number][] = [
      [back('LINE_ITEM'), 679],
      [items(), 679],
      [items({ itemCode: 'shoe', qty: 0 }), 679],
      [items({ itemCode: 'tax' }), 688],
      [items({ itemCode: 'part' }), 688],
      [items({ itemCode: 'shoe', qty: -1 }), 627],
      [items({ itemCode: 'shoe', qty: 3 }), 626],
      [items({ itemCode: 'shoe', amount: 200.01 }), 678],
      [items({ itemCode: 'shoe', amount: -1 }), 661],
      [items({ qty: 1 }), 622],
    ]
    for (const [body, expected] of refused) expect([body, code(await post(body))]).toEqual([body, expected])
    const first = await post(items(shoe, { itemCode: 'tax', amount: 18 }))
    expect([points(first), warned(first)]).toEqual([-10, [688]])
    expect(code(await post(items({ itemCode: 'shoe', qty: 2 })))).toBe(629)
    expect(points(await post(items(shoe, { itemCode: 'hat' })))).toBe(-20)
    expect(points(await post(items({ itemCode: 'sock' })))).toBe(-10)
    expect(await balance()).toBe(0)
    expect(await invariants()).toEqual([])
  })

  it('of lines cannot come to more than the bill', async () => {
    await post(sale({ billAmount: 250 }))
    expect(
      code(await post(items({ itemCode: 'shoe', qty: 2, amount: 200 }, { itemCode: 'hat', amount: 100 }))),
    ).toBe(630)
  })

  it('speaks of a part of a bundle in words of its own where the newer catalog is used', async () => {
    await world.reset('today')
    await post(sale({ lineItemsV2: [...LINES, { itemCode: 'set', splitDetails: { itemCode: 'part' } }] }), {
      org: 'today',
    })
    const fixed = [{ itemCode: 'x', amount: 10, returnable: false }]
    await post(sale({ billNumber: 'fixed', lineItemsV2: fixed }), { org: 'today' })
    const answers = [
      [back('FULL', { billNumber: 'fixed' }), 660],
      [back('LINE_ITEM', { billNumber: 'fixed', lineItemsV2: [{ itemCode: 'x' }] }), 660],
      [items({ itemCode: 'shoe', amount: 200.01 }), 630],
      [items({ itemCode: 'part' }), 682],
      [items({ itemCode: 'tax' }), 687],
      [items(), 1635],
      [back('FULL', { billNumber: 'no' }), 688],
      [back('FULL', { billNumber: null }), 631],
      [back('FULL', { billNumber: null, id: 12 }), 603],
    ] as const
    for (const [body, expected] of answers) expect(code(await post(body, { org: 'today' }))).toBe(expected)
    expect(warned(await post(items(shoe, { itemCode: 'tax' }), { org: 'today' }))).toEqual([687])
  })

  it('of what may not come back, or no longer, is refused', async () => {
    const line = (more: object) => ({ itemCode: 'x', amount: 10, ...more })
    await post(sale({ billNumber: 'never', lineItemsV2: [line({ returnable: false })] }))
    await post(
      sale({
        billNumber: 'late',
        billingDate: new Date(Date.now() - 3 * 86_400_000).toISOString(),
        lineItemsV2: [line({ returnableDays: 2 }), { itemCode: 'y', amount: 10, returnableDays: -1 }],
      }),
    )
    const answers = [
      [back('FULL', { billNumber: 'never' }), 673],
      [money(5, { billNumber: 'never' }), 673],
      [back('LINE_ITEM', { billNumber: 'never', lineItemsV2: [{ itemCode: 'x' }] }), 674],
      [back('FULL', { billNumber: 'late' }), 673],
      [back('LINE_ITEM', { billNumber: 'late', lineItemsV2: [{ itemCode: 'x' }] }), 674],
      [back('LINE_ITEM', { billNumber: 'late', lineItemsV2: [{ itemCode: 'y' }] }), 200],
    ] as const
    for (const [body, expected] of answers) expect(code(await post(body))).toBe(expected)
  })

  it('lets the balance fall below zero when the points were spent', async () => {
    await post(sale())
    await world.app.rows(
      `select ledger_redeem_v2(row(a.tenant_id, a.holder_kind, a.holder_id, a.program_id, a.currency)::ledger_key_v1,
         row(null, null, 'test', null, now(), null, null, 'UTC', null, null, null, null)::ledger_call_v1, 35000, null)
         from account a join tenants t using (tenant_id) where t.key = 'shop'`,
    )
    expect(points(await post(back('FULL')))).toBe(-40)
    expect(await balance()).toBe(-35)
    expect(await invariants()).toEqual([])
  })

  it('lets the tier fall again', async () => {
    await post(sale({ billAmount: 2000, lineItemsV2: [] }))
    expect(await wallet()).toMatchObject({ tier: 'Gold' })
    await post(money(1500))
    expect(await wallet()).toMatchObject({ tier: 'Silver', spend: '500', available: '50000' })
  })

  it('moves nothing when it is a plain import, or when what it returns was one', async () => {
    await post(sale({ billNumber: 'other' }))
    await post(sale())
    const headers = { 'SKIP-DOWNSTREAM': 'true' }
    expect((await post(items(shoe), { headers })).body.sideEffects).toEqual([])
    expect(await wallet()).toMatchObject({ available: '80000', spend: '800' })
    await post(sale({ billNumber: 'import' }), { headers })
    expect((await post(back('FULL', { billNumber: 'import' }))).body.sideEffects).toEqual([])
    expect(await wallet()).toMatchObject({ available: '80000', spend: '800' })
  })

  it.each(['keeps', 'manual'])('reverses no points in the organization %s, but spend falls', async (org) => {
    await world.reset(org)
    await post(sale(), { org })
    const answer = await post(back('FULL', { purchaseTime: new Date().toISOString() }), { org })
    expect([answer.status, answer.body.sideEffects]).toEqual([200, []])
    expect(await wallet(org)).toMatchObject({ available: '40000', spend: '0' })
  })

  it('needs a return type that there is', async () => {
    await post(sale())
    const answers = [
      [back(''), 1634],
      [{ type: 'RETURN', billNumber: 'b1' }, 1634],
      [back('PARTLY'), 628],
      [{ ...back(''), returnType: {} }, 628],
      [items({ ...shoe, returnType: 'CANCELLED' }), 628],
      [items({ ...shoe, type: 'REGULAR' }), 605],
    ] as const
    for (const [body, expected] of answers) expect(code(await post(body))).toBe(expected)
  })

  it.each([
    ['nolines', items(shoe), 674],
    ['nolines', money(1), 675],
    ['nolines', back('FULL'), 676],
    ['nolines', back('CANCELLED'), 673],
    ['never', back('FULL'), 673],
  ])('is refused where the organization %s does not allow it', async (org, body, expected) => {
    expect(code(await post(body, { org }))).toBe(expected)
  })
})

describe('finding the original', () => {
  const ids = async () => (await get('/v2/transactions/getByBillNumber/b1')).body.data.map(({ id }) => id)

  it('knows bills of the same customer only', async () => {
    const { body: sold } = await post(sale())
    await post({ type: 'NOT_INTERESTED', billNumber: 'ni', billAmount: 5 }, { url: NOBODY })
    const answers = [
      [back('FULL', { billNumber: 'nothing' }), ANN, 625],
      [back('FULL', { billNumber: 'ni' }), ANN, 625],
      [back('FULL', { billNumber: null }), ANN, 677],
      [back('FULL', { billNumber: 'a\u0001' }), ANN, 602],
      [back('FULL', { billNumber: 'x'.repeat(51) }), ANN, 685],
      [back('FULL', { billNumber: null, id: 12 }), ANN, 625],
      [back('FULL', { billNumber: null, id: 'word' }), ANN, 625],
      [back('FULL', { billNumber: 'b2', id: sold.createdId }), ANN, 602],
      [back('FULL'), BOB, 668],
      [back('FULL', { id: sold.createdId }), BOB, 667],
      [back('FULL'), '/v2/transactions?identifierName=mobile&identifierValue=1', 8015],
      [back('FULL'), NOBODY, 606],
      [back('FULL', { billNumber: null, id: String(sold.createdId) }), ANN, 200],
    ] as const
    for (const [body, url, expected] of answers) expect(code(await post(body, { url }))).toBe(expected)
    expect(await ids()).toHaveLength(2)
  })

  it('refuses a bill that is an outlier, and does not see one that was marked as deleted', async () => {
    await post(sale({ outlierStatus: 'TEST' }))
    expect(code(await post(back('FULL')))).toBe(1121)
    await post(sale({ billNumber: 'b2', outlierStatus: 'DELETED' }))
    expect(code(await post(back('FULL', { billNumber: 'b2' })))).toBe(625)
    await post(sale({ billNumber: 'b2' }))
    expect(code(await post(back('FULL', { billNumber: 'b2' })))).toBe(200)
  })

  it('refuses a return before the sale; the same second is fine', async () => {
    await post(sale({ billingDate: '2026-01-02T03:04:05.678Z' }))
    expect(code(await post(money(1, { billingDate: '2026-01-02T03:04:04Z' })))).toBe(624)
    expect(code(await post(money(1, { billingDate: '2026-01-02T03:04:05Z' })))).toBe(200)
  })

  it('refuses the same document twice, but not the same without a date', async () => {
    await post(sale({ billingDate: '2026-01-02' }))
    const dated = money(10, { billingDate: '2026-02-03T00:00:00Z' })
    expect(code(await post(dated))).toBe(200)
    expect(code(await post(dated))).toBe(634)
    expect(code(await post({ ...dated, billAmount: 11 }))).toBe(200)
    expect(code(await post(money(10)))).toBe(200)
    expect(code(await post(money(10)))).toBe(200)
  })

  it('needs the id or the time of purchase where stores share a number', async () => {
    await world.reset('bybill')
    const how = { org: 'bybill' }
    const { body: first } = await post(sale({ billingDate: '2026-01-02T00:00:00Z' }), how)
    await post(sale({ billingDate: '2026-01-03T00:00:00Z' }), { ...how, till: 3 })
    expect(code(await post(money(1), how))).toBe(9614)
    expect(code(await post(money(1, { purchaseTime: '2026-01-04T00:00:00Z' }), how))).toBe(9614)
    expect(code(await post(money(1, { purchaseTime: 'x' }), how))).toBe(400)
    expect(code(await post(money(1, { purchaseTime: '2026-01-03T05:30:00+05:30' }), how))).toBe(200)
    expect(code(await post(back('FULL', { id: first.createdId }), how))).toBe(200)
    expect(code(await post(money(1, { purchaseTime: '2026-01-03' }), how))).toBe(200)
  })

  it('needs the time of purchase where the organization insists on it', async () => {
    await world.reset('keeps')
    await post(sale(), { org: 'keeps' })
    expect(code(await post(money(1), { org: 'keeps' }))).toBe(624)
    expect(code(await post(money(1, { purchaseTime: '2020-01-01' }), { org: 'keeps' }))).toBe(200)
  })

  it('stores a return of an unknown bill where that is allowed, with a warning', async () => {
    await world.reset('unknown')
    await post(sale(), { org: 'unknown' })
    const answer = await post(money(100, { billNumber: 'old' }), { org: 'unknown' })
    expect([answer.status, warned(answer), answer.body.sideEffects]).toEqual([200, [625], []])
    expect(await wallet('unknown')).toMatchObject({ spend: '400' })
    // Return documents have numbers of their own there.
    expect(code(await post(money(1, { billNumber: 'old' }), { org: 'unknown' }))).toBe(604)
    expect(code(await post(money(1, { billNumber: null, id: 7 }), { org: 'unknown' }))).toBe(200)
    await world.reset('lenient')
    await post(sale(), { org: 'lenient' })
    expect(warned(await post(money(100, { billNumber: 'old' }), { org: 'lenient' }))).toEqual([625])
    expect(warned(await post(money(50, { billNumber: null }), { org: 'lenient' }))).toEqual([625])
    expect(await wallet('lenient')).toMatchObject({ spend: '250', available: '40000' })
  })

  it('shows all transactions with a bill number, newest first', async () => {
    await post(sale({ billingDate: '2026-01-02T00:00:00Z' }))
    await post(money(10))
    const { status, body } = await get('/v2/transactions/getByBillNumber/b1')
    expect([status, body]).toMatchObject([
      200,
      {
        pagination: { limit: 100, offset: 0, total: 2 },
        data: [{ type: 'RETURN' }, { type: 'REGULAR', lineItems: [{}, {}, {}] }],
        warnings: [],
        errors: [],
      },
    ])
    expect((await get('/v2/transactions/getByBillNumber/%20none%20')).body).toMatchObject({
      pagination: { total: 0 },
      data: [],
    })
  })
})

describe('sales and returns of nobody known', () => {
  const ni = (more: object = {}) => ({ ...sale(more), type: 'NOT_INTERESTED' })
  const niBack = (returnType: string, more: object = {}) => ({
    ...back(returnType, more),
    type: 'NOT_INTERESTED_RETURN',
  })
  const nobody = { url: NOBODY }

  it('are stored without a customer, and shown under their type', async () => {
    const answer = await post(
      ni({ notInterestedReason: 'in a hurry', lineItemsV2: [{ ...LINES[0], type: '' }] }),
      { url: `${ANN}&rawSideEffects=true&mlp=true` },
    )
    expect(answer.body).toMatchObject({ sideEffects: [], rawSideEffects: [], loyaltyDetails: [], errors: [] })
    expect(answer.body).not.toHaveProperty('customerInfo')
    const { body } = await get(`/v2/transactions/${answer.body.createdId}?type=NOT_INTERESTED`)
    expect(body).toMatchObject({ type: 'NOT_INTERESTED', lineItems: [{ niReturn: false }] })
    expect(body).not.toHaveProperty('customerId')
    expect(code(await post(ni(), nobody))).toBe(604)
    expect(code(await post(sale()))).toBe(604)
    expect(code(await post(ni({ billNumber: '2', notInterestedReason: 'x'.repeat(256) }), nobody))).toBe(685)
    expect(
      code(await post(ni({ billNumber: '2', lineItemsV2: [{ ...LINES[0], type: 'RETURN' }] }), nobody)),
    ).toBe(605)
  })

  it('come back by amount, line or whole, and show it', async () => {
    const { body: sold } = await post(ni(), nobody)
    expect(code(await post(niBack('CANCELLED'), nobody))).toBe(628)
    expect(code(await post(niBack('FULL', { billNumber: 'none' }), nobody))).toBe(625)
    expect(code(await post(back('FULL')))).toBe(625)
    const { body: returned } = await post(
      niBack('LINE_ITEM', { lineItemsV2: [{ ...shoe, type: 'NOT_INTERESTED_RETURN' }] }),
      nobody,
    )
    expect(returned).toMatchObject({ errors: [], warnings: [], sideEffects: [] })
    expect(code(await post(niBack('FULL'), nobody))).toBe(639)
    const { body } = await get(`/v2/transactions/${sold.createdId}?type=NOT_INTERESTED`)
    expect(body.lineItems[0]).toMatchObject({
      returnLineItemsDtos: [],
      niReturnLineItemsDtos: [{ qty: 1 }],
    })
    const path = `/v2/transactions/${returned.createdId}?type=NOT_INTERESTED_RETURN`
    expect((await get(path)).body).toMatchObject({
      type: 'NOT_INTERESTED_RETURN',
      lineItems: [{ niReturn: true }],
    })
  })

  it("are taken as a customer's when the number is that of one customer's bill", async () => {
    await post(sale())
    const answer = await post(niBack('AMOUNT', { billAmount: 100 }), nobody)
    expect([points(answer), warned(answer)]).toEqual([-10, [9616, 9615]])
    expect((await get(`/v2/transactions/${answer.body.createdId}?type=RETURN`)).status).toBe(200)
    await world.reset('bybill')
    await post(sale(), { org: 'bybill' })
    await post(sale(), { org: 'bybill', till: 3 })
    expect(code(await post(niBack('FULL'), { org: 'bybill', ...nobody }))).toBe(9614)
  })

  it('are what an organization makes of sales whose customer cannot be told, if it wants', async () => {
    await world.reset('captures')
    const at = (query: string, billNumber: string) =>
      post(sale({ billNumber }), { org: 'captures', url: `${NOBODY}?${query}` })
    const type = async ({ body }: Reply, name: string) =>
      (await get(`/v2/transactions/${body.createdId}?type=${name}`, 'captures')).status
    for (const query of [
      '',
      'identifierName=mobile',
      'identifierName=x&identifierValue=1',
      'identifierName=mobile&identifierValue=1',
    ])
      expect(await type(await at(query, `n${query}`.slice(0, 50)), 'NOT_INTERESTED')).toBe(200)
    expect(await type(await at('identifierName=mobile&identifierValue=9100', 'k'), 'REGULAR')).toBe(200)
    expect(code(await at('identifierName=mobile&identifierValue=1', 'k'))).toBe(604)
    expect(code(await post(back('FULL', { billNumber: 'k' }), { org: 'captures', url: NOBODY }))).toBe(606)
  })

  it('go by another name where the organization takes it', async () => {
    await world.reset('today')
    await post(ni(), { org: 'today', ...nobody })
    expect(code(await post({ ...niBack('FULL'), type: 'ni_return' }, { org: 'today', ...nobody }))).toBe(200)
    expect(code(await post({ ...niBack('FULL'), type: 'NI_RETURN' }, nobody))).toBe(605)
  })
})

describe('a mixed transaction', () => {
  const comes = (more: object) => ({
    type: 'RETURN',
    parentBillNumber: 'b1',
    returnType: 'LINE_ITEM',
    ...more,
  })
  const mixed = (...lines: object[]) =>
    sale({ billNumber: 'm1', billAmount: 150, lineItemsV2: [{ itemCode: 'coat', amount: 250 }, ...lines] })

  it('answers with one net entry, and its parts are right', async () => {
    const { body: sold } = await post(sale())
    const answer = await post(mixed(comes(shoe)), { url: `${ANN}&rawSideEffects=true` })
    expect(answer.body.sideEffects).toMatchObject([{ rawAwardedPoints: 15, awardedPoints: 15 }])
    expect(answer.body['rawSideEffects']).toMatchObject([{ points: '25.000' }])
    expect(await wallet()).toMatchObject({ available: '55000', reversed: '10000', spend: '550' })
    const { body } = await get(`/v2/transactions/${sold.createdId}`)
    expect(body.lineItems[0]?.returnLineItemsDtos).toMatchObject([
      { billNumber: 'm1', returnType: 'LINE_ITEM' },
    ])
    expect((await get(`/v2/transactions/${answer.body.createdId}`)).body).toMatchObject({ type: 'REGULAR' })
    // What it sold can come back in turn, up to what that cost; what it took back cannot.
    const again = (more: object) => post({ ...items(more), billNumber: 'm1' })
    expect(code(await again(shoe))).toBe(688)
    expect(points(await again({ itemCode: 'coat', amount: 250 }))).toBe(-25)
    expect(await invariants()).toEqual([])
  })

  it('may be worth less than nothing, or nothing', async () => {
    await post(sale())
    const even = mixed(comes({ itemCode: 'any', returnType: 'AMOUNT', amount: 250 }))
    expect((await post({ ...even, billAmount: 0 })).body.sideEffects).toEqual([])
    const less = sale({
      type: 'mixed',
      billNumber: 'm2',
      billAmount: 0,
      lineItemsV2: [
        { itemCode: 'coat', amount: 10 },
        comes({ itemCode: 'any', returnType: 'AMOUNT', amount: 150 }),
      ],
    })
    expect(points(await post(less))).toBe(-14)
    expect(await wallet()).toMatchObject({ spend: '260', available: '26000' })
    expect(code(await post(sale({ type: 'MIXED', billNumber: 'm3' })))).toBe(200)
  })

  it('is refused whole, and stores nothing', async () => {
    await post(sale())
    await post(sale({ billNumber: 'b0' }))
    await post(sale({ billNumber: 'bobs' }), { url: BOB })
    const before = await stored()
    const refused: [object, number][] = [
      [comes({ ...shoe, parentBillNumber: 'none' }), 625],
      [comes({ ...shoe, parentBillNumber: null }), 625],
      [comes({ ...shoe, parentBillNumber: 'bobs' }), 668],
      [comes({ ...shoe, returnType: null }), 1634],
      [comes({ ...shoe, returnType: 'CANCELLED' }), 628],
      [comes({ ...shoe, qty: 3 }), 626],
      [comes({ ...shoe, amount: 201 }), 678],
      [comes({ ...shoe, type: 'NOT_INTERESTED_RETURN' }), 605],
      [comes({ parentBillNumber: 'b0', itemCode: 'any', returnType: 'AMOUNT', amount: 0 }), 630],
      [comes({ parentBillNumber: 'b0', itemCode: 'any', returnType: 'AMOUNT', amount: 401 }), 630],
      [comes({ itemCode: 'any', returnType: 'AMOUNT', amount: 1 }), 636],
    ]
    for (const [line, expected] of refused) {
      const answer = await post(mixed(comes({ itemCode: 'hat' }), line))
      expect([line, code(answer)]).toEqual([line, expected])
      expect(await stored()).toEqual(before)
    }
    expect(code(await post(mixed(comes({ itemCode: 'none' }))))).toBe(688)
    expect(await balance()).toBe(80)
    expect(code(await post({ ...mixed(comes(shoe)), billNumber: 'b1' }))).toBe(604)
    expect(await stored()).toEqual(before)
  })

  it('takes a line without its bill where the organization does, and spend falls', async () => {
    await world.reset('lenient')
    await post(sale(), { org: 'lenient' })
    const answer = await post(mixed(comes({ itemCode: 'x', parentBillNumber: '', amount: 100 })), {
      org: 'lenient',
    })
    expect(warned(answer)).toEqual([625])
    expect(await wallet('lenient')).toMatchObject({ spend: '550' })
  })
})

describe('a return that names bills line by line', () => {
  it('works as a commerce connector sends it: a number of its own, a tax line, negative payments, the date of the sale', async () => {
    const billingDate = '2026-03-04T05:06:07+05:30'
    await post(sale({ billNumber: 'order-1', billingDate, returnType: 'AMOUNT' }))
    const connector = {
      identifierType: 'mobile',
      identifierValue: '9100',
      source: 'INSTORE',
      type: 'RETURN',
      returnType: 'LINE_ITEM',
      billNumber: 'return-77',
      billingDate,
      billAmount: '118.00',
      discount: null,
      note: null,
      customFields: null,
      channel: 'web',
      paymentModes: [{ mode: 'Card', value: -118, notes: null, attributes: null }],
      lineItemsV2: [
        {
          itemCode: 'shoe',
          qty: 1,
          amount: 100,
          rate: 100,
          value: 100,
          parentBillNumber: 'order-1',
          serial: null,
        },
        { itemCode: 'TAX', qty: 1, amount: 18, rate: 18, value: 18, parentBillNumber: null },
      ],
    }
    const answer = await post(connector)
    expect([answer.status, points(answer), warned(answer)]).toEqual([200, -10, [688]])
    const { body } = await get(`/v2/transactions/${answer.body.createdId}?type=RETURN&tenders=true`)
    expect(body).toMatchObject({
      billDetails: { billNumber: 'return-77', amount: 118 },
      paymentModes: [{ amount: -118 }],
    })
    // Its second delivery is the same document.
    expect(code(await post(connector))).toBe(634)
  })

  it('returns of several bills, each in its own way, and finds lines without a bill in them', async () => {
    await post(sale())
    await post(sale({ billNumber: 'b2' }))
    await post(sale({ billNumber: 'b3', lineItemsV2: [{ itemCode: 'rare', amount: 400 }] }))
    const answer = await post(
      back('LINE_ITEM', {
        billNumber: null,
        lineItemsV2: [
          { ...shoe, parentBillNumber: 'b1' },
          { itemCode: 'any', parentBillNumber: 'b2', returnType: 'FULL' },
          { itemCode: 'rare', parentBillNumber: 'b3', amount: 400 },
          { itemCode: 'hat' },
        ],
      }),
    )
    expect([answer.status, points(answer), warned(answer)]).toEqual([200, -10 - 40 - 40 - 10, []])
    expect(await wallet()).toMatchObject({ spend: '200', available: '20000' })
    const whole = back('FULL', { billNumber: 'r', lineItemsV2: [{ ...shoe, parentBillNumber: 'b1' }] })
    expect(code(await post(whole))).toBe(639)
  })

  it('takes the amount of the header where it names one bill, those of its lines where it names several', async () => {
    for (const billNumber of ['b1', 'b2']) await post(sale({ billNumber, lineItemsV2: [] }))
    const line = (parentBillNumber: string, amount: number) => ({ itemCode: 'any', parentBillNumber, amount })
    expect(points(await post(money(100, { billNumber: 'r1', lineItemsV2: [line('b1', 5)] })))).toBe(-10)
    const both = money(1, { billNumber: 'r2', lineItemsV2: [line('b1', 100), line('b2', 200)] })
    expect(points(await post(both))).toBe(-30)
  })
})

describe('what a sale earned', () => {
  const earning = async (id: number, org = 'shop') => (await get(`/v2/earning/${id}`, org)).body
  const summary = ({ pointsEarningEntities }: Shown, name: string) => pointsEarningEntities[name]![0]!

  it('is shown by line, with what became of it', async () => {
    const { body: sold } = await post(sale())
    await post(items(shoe))
    const body = await earning(sold.createdId)
    expect(body).toMatchObject({
      id: sold.createdId,
      billDetails: {
        pointsEarningEntities: {
          entityType: 'customer',
          billPoints: [
            {
              programId: 3001,
              currentPointsSummary: { availablePoints: 0, redeemedPoints: 0 },
              issuedPointsSummary: { redeemablePointsIssued: 0, promisedPointsIssued: 0 },
              currentPointsBreakup: { regularPointsInfo: null, promotionalPointsInfo: null },
            },
          ],
        },
      },
    })
    const first = body.lineItems[0]!
    expect(first.customerId).toBe(body.customerId)
    expect(summary(first, 'lineItemPoints')).toEqual({
      programId: 3001,
      currentPointsSummary: {
        availablePoints: 10,
        expiredPoints: 0,
        redeemedPoints: 0,
        promisedPoints: 0,
        returnedPromisedPoints: 0,
        returnedPoints: 10,
        promisedPointsConverted: 0,
      },
      issuedPointsSummary: { redeemablePointsIssued: 20, promisedPointsIssued: 0 },
      currentPointsBreakup: {
        regularPointsInfo: {
          availablePointsInfo: [
            {
              points: 10,
              expiryDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/) as string,
              expiryType: 'rolling',
              actionSourceDetails: [
                {
                  actionId: -1,
                  sourceType: 'lineItem',
                  actionType: 'BILL_POINTS_ACTION',
                  actionPointsDetail: [{ points: 10, sourceValue: 200, sourceIdentifiers: [] }],
                },
              ],
            },
          ],
          promisedPointsInfo: null,
        },
        promotionalPointsInfo: null,
      },
    })
  })

  it('is shown for the bill where the bill earned, to the thousandth, and lapses when its time has come', async () => {
    await world.reset('bybill')
    const { body: sold } = await post(sale({ billAmount: '33.33', lineItemsV2: [] }), { org: 'bybill' })
    await post(money('11.11'), { org: 'bybill' })
    const left = async () =>
      summary((await earning(sold.createdId, 'bybill')).billDetails, 'billPoints').currentPointsSummary
    expect(await left()).toMatchObject({ availablePoints: 2.333, returnedPoints: 1.166, expiredPoints: 0 })
    await world.moveTo('bybill', new Date(Date.now() + 400 * 86_400_000).toISOString())
    expect(await left()).toMatchObject({ availablePoints: 0, returnedPoints: 1.166, expiredPoints: 2.333 })
    await world.moveTo('bybill', 'real time')
  })

  it('is shown of sales to customers only', async () => {
    const { body } = await post({ type: 'NOT_INTERESTED', billNumber: 'n', billAmount: 1 }, { url: NOBODY })
    for (const [id, status, expected] of [
      [body.createdId, 404, 620],
      ['12', 404, 620],
      ['x', 400, 400],
    ] as const) {
      const answer = await get(`/v2/earning/${id}`)
      expect([answer.status, answer.body.errors[0]?.code]).toEqual([status, expected])
    }
  })
})

describe('returns at the same time', () => {
  it('of one bill follow each other', async () => {
    await post(sale({ billAmount: 400, lineItemsV2: [] }))
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(money(100))))
    expect(answers.map(code).sort((a, b) => a - b)).toEqual([200, 200, 200, 200, 633, 633, 633, 633])
    expect(await wallet()).toMatchObject({ available: '0', spend: '0' })
  })

  it('of two bills in mixed transactions, named in either order, end', async () => {
    for (const billNumber of ['b1', 'b2']) await post(sale({ billNumber }))
    const line = (parentBillNumber: string) => ({
      type: 'RETURN',
      returnType: 'AMOUNT',
      itemCode: 'x',
      amount: 10,
      parentBillNumber,
    })
    const exchange = (index: number) =>
      post(
        sale({
          billNumber: `m${index}`,
          billAmount: 0,
          lineItemsV2: index % 2 ? [line('b1'), line('b2')] : [line('b2'), line('b1')],
        }),
      )
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => exchange(index)))
    expect(new Set(answers.map(code))).toEqual(new Set([200]))
    expect(await wallet()).toMatchObject({ available: '64000', spend: '640' })
    expect(await invariants()).toEqual([])
  })
})

describe('nonsense in returns', () => {
  const nasty = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      '-1',
      -1,
      0,
      1,
      '1e99',
      '9'.repeat(70),
      'x'.repeat(400),
      true,
      [],
      {},
      [{}],
      '💥',
      '\0',
    ),
    fc.constantFrom<unknown>(
      'RETURN',
      'REGULAR',
      'NOT_INTERESTED_RETURN',
      'FULL',
      'AMOUNT',
      'LINE_ITEM',
      'CANCELLED',
      'b1',
      'shoe',
    ),
    fc.double(),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const member = (...names: string[]) => fc.dictionary(fc.constantFrom(...names), nasty, { maxKeys: 3 })
  const header = member(
    'type',
    'returnType',
    'billNumber',
    'id',
    'billAmount',
    'billingDate',
    'purchaseTime',
    'outlierStatus',
    'lineItemsV2',
    'notInterestedReason',
    'attribution',
    'paymentModes',
  )
  const line = member(
    'type',
    'returnType',
    'parentBillNumber',
    'purchaseTime',
    'itemCode',
    'qty',
    'amount',
    'rate',
    'serial',
    'value',
  )
  const base = fc.constantFrom(
    back('FULL'),
    money(1),
    items(shoe),
    back('LINE_ITEM', { billNumber: 'r', lineItemsV2: [{ ...shoe, parentBillNumber: 'b1' }] }),
    { ...back('FULL'), type: 'NOT_INTERESTED_RETURN' },
    { type: 'NOT_INTERESTED', billAmount: 1 },
    sale({
      billNumber: 'm',
      lineItemsV2: [{ ...shoe, amount: 1, type: 'RETURN', returnType: 'LINE_ITEM', parentBillNumber: 'b1' }],
    }),
  )

  const HEADER = [
    'type',
    'returnType',
    'billNumber',
    'id',
    'billAmount',
    'billingDate',
    'purchaseTime',
    'discount',
    'lineItemsV2',
  ]
  const LINE = [
    'type',
    'returnType',
    'parentBillNumber',
    'purchaseTime',
    'itemCode',
    'qty',
    'amount',
    'rate',
    'serial',
  ]
  const WRONG = [undefined, null, '', -1, '1e30', 'x'.repeat(60), true, {}, []]
  const forms = [
    money(1),
    items(shoe),
    { ...items({ ...shoe, parentBillNumber: 'b1' }), billNumber: 'r' },
    sale({
      billNumber: 'm',
      lineItemsV2: [{ ...shoe, amount: 1, type: 'RETURN', returnType: 'AMOUNT', parentBillNumber: 'b1' }],
    }),
  ] as readonly Readonly<Record<string, unknown>>[]

  it.each(forms.map((form) => [form] as const))('in each member of %j is no worse', async (form) => {
    const [first] = (form['lineItemsV2'] ?? [shoe]) as object[]
    const bodies = WRONG.flatMap((value) => [
      ...HEADER.map((name) => ({ ...form, [name]: value })),
      ...LINE.map((name) => ({ ...form, lineItemsV2: [{ ...first, [name]: value }] })),
    ])
    await post(sale())
    for (const body of bodies) {
      const before = await stored()
      const answer = await post(body)
      expect([200, 400]).toContain(answer.status)
      const after = await stored()
      expect(answer.status === 200 || isDeepStrictEqual(after, before)).toBe(true)
    }
    expect(await invariants()).toEqual([])
  })

  it('is never more than refused, and what is refused stores nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        base,
        header,
        line,
        fc.constantFrom(ANN, BOB, NOBODY),
        async (body, more, part, url) => {
          await world.reset('shop')
          await post(sale())
          const before = await stored()
          const lines: object[] = [...('lineItemsV2' in body ? (body.lineItemsV2 as object[]) : []), shoe]
          const answer = await post(
            { ...body, lineItemsV2: [{ ...lines[0], ...part }, ...lines.slice(1, -1)], ...more },
            { url },
          )
          expect([200, 400]).toContain(answer.status)
          expect(answer.body.errors.length > 0).toBe(answer.status === 400)
          const after = await stored()
          expect(after[0]! - before[0]!).toBe(answer.status === 200 ? 1 : 0)
          expect(answer.status === 200 || isDeepStrictEqual(after, before)).toBe(true)
        },
      ),
      { numRuns: 250 },
    )
    expect(await invariants()).toEqual([])
  }, 120_000)
})
