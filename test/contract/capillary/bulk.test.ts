import fc from 'fast-check'
import { basic, tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { statementsOf } from '../../support/statements'
import { CAPILLARY_SETUP, organization, TILL, tillOf } from './capillary-setup'

let world: DoorWorld

beforeAll(async () => {
  const table = organization('table', 2101, { 'bulk.httpStatus': 'table', 'bulk.maxItems': 3 })
  world = await openDoors({ ...CAPILLARY_SETUP, tenants: [...CAPILLARY_SETUP.tenants, table] })
})
afterAll(() => world.app.close())
beforeEach(async () => {
  await world.moveTo('shop', 'real time')
  await world.reset('shop')
})

interface Status {
  readonly status: boolean
  readonly code: number
  readonly message: string
}
interface ItemReply {
  readonly entityId?: number
  readonly result: Record<string, unknown>
  readonly errors: readonly Status[]
  readonly warnings: readonly Status[]
}
interface Reply {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: {
    readonly response: readonly ItemReply[]
    readonly totalCount: number
    readonly failureCount: number
    readonly errors: readonly Status[]
  }
}

async function send(
  method: string,
  url: string,
  body: unknown,
  { till = TILL, headers = {} }: { till?: typeof TILL; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const answer = await world.send(tillCall(till, method, url, body, headers))
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

const add = (items: unknown, query = '', options: Parameters<typeof send>[3] = {}) =>
  send('POST', `/v2/transactions/bulk${query}`, items, options)
const TOM = { identifierType: 'mobile', identifierValue: '919740011122', source: 'INSTORE' }
const sale = (billNumber: string, more: object = {}) => ({
  ...TOM,
  type: 'REGULAR',
  billNumber,
  billAmount: 200,
  ...more,
})
const codes = ({ body }: Reply): number[][] =>
  body.response.map(({ errors }) => errors.map(({ code }) => code))
const stored = async (): Promise<string[]> =>
  (
    await world.app.rows<{ bill_number: string }>(
      `select bill_number from transactions join tenants using (tenant_id) where key = 'shop' order by transaction_id`,
    )
  ).map(({ bill_number }) => bill_number)

describe('adding several transactions', () => {
  it('runs them in order, each on its own, and says at its place what became of each', async () => {
    const answer = await add([
      sale('b-1'),
      sale('b-2', { identifierValue: '99999' }),
      sale('b-1'),
      sale('b-3', { type: 'NOTHING' }),
      sale('b-4'),
    ])
    expect(answer).toMatchObject({
      status: 200,
      headers: { org_id: '100458', till: 'store.server' },
      body: { totalCount: 5, failureCount: 3 },
    })
    expect(codes(answer)).toEqual([[], [8015], [604], [605], []])
    expect(answer.body.response.map(({ entityId }) => typeof entityId)).toEqual([
      'number',
      'undefined',
      'undefined',
      'undefined',
      'number',
    ])
    expect(answer.body.response.map(({ result }) => result['billNumber'])).toEqual([
      'b-1',
      'b-2',
      'b-1',
      'b-3',
      'b-4',
    ])
    expect(answer.body.response.filter(({ result }) => 'sideEffects' in result)).toHaveLength(2)
    expect(await stored()).toEqual(['b-1', 'b-4'])
  })

  it('repeats each item as it was understood, with the defaults that it was given', async () => {
    const item = sale(' b-1 ', {
      accountId: '',
      billAmount: '4800.0',
      discount: '',
      grossAmount: null,
      billingDate: '2026-02-03T10:00:00Z',
      deliveryStatus: 'shipped',
      note: 'this is test',
      returnType: '',
      extendedFields: { ship_first_name: 'Sam', gender: 'x' },
      customFields: { paymentmode: 'cash', other: 1 },
      paymentModes: [
        { mode: 'CardPayment', value: '6000.0', notes: 'SPay', attributes: { card_type: 'Visa' } },
        {},
      ],
      lineitemsV2: [
        {
          itemCode: 'sku_1',
          amount: '100.50',
          qty: 1,
          serial: 7,
          reutrnableDays: '30',
          extendedFields: { MetalRate: '22.02', gender: 'Male' },
          customFields: { cashierid: 'jim2345' },
          comboDetails: { itemCode: 'part' },
        },
      ],
    })
    const answer = await add([item], '?rawSideEffects=true')
    const { result, warnings } = answer.body.response[0]!
    expect(result).toEqual({
      identifierType: 'mobile',
      identifierValue: '919740011122',
      source: 'INSTORE',
      accountId: '',
      deliveryStatus: 'shipped',
      type: 'REGULAR',
      billAmount: 4800,
      billNumber: ' b-1 ',
      billingDate: '2026-02-03T15:30:00+05:30',
      note: 'this is test',
      extendedFields: { ship_first_name: 'Sam' },
      customFields: { paymentmode: 'cash', other: 1 },
      lineItemsV2: [
        {
          amount: 100.5,
          itemCode: 'sku_1',
          qty: 1,
          serial: 7,
          returnable: true,
          returnableDays: 30,
          customFields: { cashierid: 'jim2345' },
          comboDetails: [{ itemCode: 'part' }],
          addOnDetails: [],
          splitDetails: [],
          extendedFields: { MetalRate: 22.02 },
        },
      ],
      notInterestedReason: '',
      paymentModes: [{ mode: 'CardPayment', value: 6000, notes: 'SPay', attributes: { card_type: 'Visa' } }],
      useDefaultFleetGroup: false,
      useDefaultUserGroup2: false,
      isUseDefaultUserGroup2: false,
      sideEffects: [
        expect.objectContaining({ type: 'points', awardedPoints: 10, customerId: 98662653 }) as object,
      ],
      rawSideEffects: [expect.objectContaining({ type: 'AWARD' }) as object],
    })
    expect(warnings.map(({ code }) => code)).toEqual([91016, 669])
  })

  it('repeats what cannot be understood as it came, and always with both maps of fields', async () => {
    const answer = await add([
      sale('b-1', { billAmount: 'much', lineItemsV2: [{ qty: 'two' }] }),
      5,
      null,
      [],
    ])
    expect(answer).toMatchObject({ status: 200, body: { totalCount: 4, failureCount: 4 } })
    expect(answer.body.response[0]!.result).toMatchObject({
      billAmount: 'much',
      lineItemsV2: [{ qty: 'two', returnable: true }],
    })
    for (const { result } of answer.body.response)
      expect(result).toMatchObject({ customFields: {}, extendedFields: {} })
    expect(codes(answer).slice(1)).toEqual([[400], [400], [615]])
  })

  it('takes the customer of each item from the item alone', async () => {
    const query = '?identifierName=mobile&identifierValue=9101&source=WEBSITE&programId=77'
    expect(codes(await add([sale('b-1')], query))).toEqual([[]])
    const { identifierValue: _value, ...nobody } = sale('b-2', { identifierType: 'email' })
    const unusable = sale('b-3', { identifierValue: { mobile: 1 } })
    const card = sale('b-4', { identifierType: 'cardnumber', identifierValue: 'GOLD400000000000000022020' })
    expect(codes(await add([nobody, unusable, card], query))).toEqual([[606], [8084], []])
  })

  it.each([
    ['nothing', '', 615],
    ['an empty list', [], 615],
    ['one object', sale('b-1'), 400],
    ['no JSON', '[{]', 400],
    ['an empty mobile number', [sale('b-1'), sale('b-2', { identifierValue: '' })], 400],
    ['a missing mobile number', [sale('b-1'), { ...sale('b-2'), identifierValue: undefined }], 400],
    ['more items than a batch may have', Array.from({ length: 101 }, (_, n) => sale(`b-${n}`)), 1060],
  ])('refuses the whole call for %s, and stores nothing', async (_name, items, code) => {
    const answer = await add(items)
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ status: false, code }] } })
    expect(await stored()).toEqual([])
  })

  it('tells of failures by the status where the organization follows the published table', async () => {
    const till = tillOf('table')
    const good = (billNumber: string) => sale(billNumber, { identifierValue: '9100' })
    const bad = (billNumber: string) => sale(billNumber, { identifierValue: '1' })
    const statusOf = async (items: object[]) => (await add(items, '', { till })).status
    expect(await statusOf([good('1')])).toBe(200)
    expect(await statusOf([good('2'), bad('3')])).toBe(201)
    expect(await statusOf([bad('4'), bad('5')])).toBe(500)
    expect(await add([1, 2, 3, 4], '', { till })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 1060 }] },
    })
  })

  it('books all items where the headers say, but for those that name their own till', async () => {
    const headers = {
      'X-CAP-API-ATTRIBUTION-LOOKUP-TYPE': 'STORE_CODE',
      'X-CAP-API-ATTRIBUTION-LOOKUP': 'store2',
    }
    const own = sale('b-2', { attribution: { createdBy: { code: 'store.server', type: 'TILL' } } })
    expect((await add([sale('b-1'), own], '', { headers })).headers['till']).toBe('till.2')
    expect(
      await world.app.rows(
        `select till_code from transactions join tenants using (tenant_id) where key = 'shop' order by transaction_id`,
      ),
    ).toEqual([{ till_code: 'till.2' }, { till_code: 'store.server' }])
  })

  it('lets a later item return what an earlier one sold, and takes items without a customer', async () => {
    const {
      identifierType: _type,
      identifierValue: _value,
      ...nobody
    } = sale('n-1', { type: 'NOT_INTERESTED' })
    const answer = await add([
      sale('b-1'),
      { ...TOM, type: 'RETURN', returnType: 'FULL', billNumber: 'b-1', billAmount: 200 },
      { ...TOM, type: 'RETURN', returnType: 'FULL', billNumber: 'b-1', billAmount: 200 },
      { ...nobody, notInterestedReason: 'hurry' },
      { ...nobody, billNumber: 'n-2', identifierType: 'mobile', identifierValue: '' },
    ])
    expect(codes(answer)).toEqual([[], [], [633], [], []])
    expect(answer.body.response[1]!.result).toMatchObject({
      returnType: 'FULL',
      sideEffects: [{ awardedPoints: -20 }],
    })
    expect(answer.body.response[3]!.result).toMatchObject({ notInterestedReason: 'hurry', sideEffects: [] })
  })

  it('reads once and writes once for a handful of sales, and reads the next handful meanwhile', async () => {
    const of = async (work: () => Promise<unknown>) =>
      (await statementsOf(work)).filter((text) => !text.includes('from tills'))
    const many = (prefix: string, count: number) =>
      Array.from({ length: count }, (_, index) =>
        sale(`${prefix}-${index}`, { lineItemsV2: [{ itemCode: 'a', amount: 10, qty: 1 }], billAmount: 10 }),
      )
    await add(many('warm', 2))
    expect(await of(() => add(many('one', 1)))).toHaveLength(2)
    expect(await of(() => add(many('some', 10)))).toHaveLength(2)
    expect(await of(() => add(many('fifty', 50)))).toHaveLength(6)
    const refused = [
      ...many('mixed', 4),
      sale('one-0'),
      sale('x', { identifierValue: '999' }),
      ...many('more', 4),
    ]
    let answer: Reply | undefined
    expect(await of(async () => (answer = await add(refused)))).toHaveLength(2)
    // Sales of two customers are booked side by side, those of one never, whatever he is called.
    const shared = (prefix: string, more: object) =>
      many(prefix, 10).map((item, index) => (index % 2 === 0 ? item : { ...item, ...more }))
    expect(await of(() => add(shared('two', { identifierValue: '9101' })))).toHaveLength(3)
    const email = { identifierType: 'email', identifierValue: 'tom@example.com' }
    expect(await of(() => add(shared('one-of-two', email)))).toHaveLength(2)
    expect(answer?.body).toMatchObject({ totalCount: 10, failureCount: 2 })
    expect(await stored()).toHaveLength(2 + 1 + 10 + 50 + 8 + 20)
  })

  it('knows in a later handful what an earlier one stored, and refuses each item at its place', async () => {
    const items: { billNumber: string; [member: string]: unknown }[] = Array.from(
      { length: 40 },
      (_, index) => sale(`b-${index}`),
    )
    items[20] = sale('b-3')
    items[21] = sale('b-21', { billAmount: -1 })
    items[35] = sale('b-34')
    items.push({ ...TOM, type: 'RETURN', returnType: 'FULL', billNumber: 'b-0', billAmount: 200 })
    items.push(sale('last'))
    const answer = await add(items)
    const refused = codes(answer).flatMap((found, index) => found.map((code) => [index, code]))
    expect(refused).toEqual([
      [20, 604],
      [21, 631],
      [35, 604],
    ])
    expect(answer.body.response.map(({ result }) => result['billNumber'])).toEqual(
      items.map(({ billNumber }) => billNumber),
    )
    expect(await stored()).toEqual([
      ...items.filter((_, index) => ![20, 21, 35].includes(index)).map(({ billNumber }) => billNumber),
    ])
    const [tom] = await world.app.rows<{ points: string }>(
      `select a.available as points from account a join tenants using (tenant_id) where key = 'shop'`,
    )
    expect(tom).toEqual({ points: String(37 * 20_000) })
  })

  it('stores each number once when batches cross, and awards what is stored', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => `cross-${index}`)
    const batches = [numbers, numbers.map((_, index) => `cross-${29 - index}`), numbers.slice(10, 20)]
    const soldTo = (number: string, index: number) =>
      sale(number, index % 3 === 0 ? { identifierValue: '9101' } : {})
    const answers = await Promise.all([
      ...batches.map((batch) => add(batch.map(soldTo))),
      send('POST', '/v2/transactions?identifierName=mobile&identifierValue=919740011122', sale('cross-15')),
    ])
    const refusals = answers.slice(0, 3).flatMap(codes).flat()
    expect(new Set(refusals)).toEqual(new Set([604]))
    expect((await stored()).sort()).toEqual([...numbers].sort())
    const [books] = await world.app.rows<{ shown: string; had: string }>(
      `select (select sum(points) from transactions t join tenants using (tenant_id) where key = 'shop') as shown,
              (select sum(a.available) from account a join tenants using (tenant_id) where key = 'shop') as had`,
    )
    expect(books?.shown).toBe(books?.had)
    expect(await world.app.rows('select * from ledger_invariants where violations <> 0')).toEqual([])
  })

  it('keeps one sale of two equal calls that meet', async () => {
    const items = [sale('b-1'), sale('b-2'), sale('b-3')]
    const answers = await Promise.all([add(items), add(items), add([items[2], items[1], items[0]])])
    expect(answers.flatMap((answer) => codes(answer)).filter((code) => code.length === 0)).toHaveLength(3)
    expect(
      answers
        .flatMap(codes)
        .flat()
        .every((code) => code === 604),
    ).toBe(true)
    expect((await stored()).sort()).toEqual(['b-1', 'b-2', 'b-3'])
  })
})

describe('updating transactions', () => {
  const put = (body: unknown, query = '?identifierName=mobile&identifierValue=919740011122&source=INSTORE') =>
    send('PUT', `/v2/transactions${query}`, body)
  const putAll = (items: unknown) => send('PUT', '/v2/transactions/bulk', items)
  const read = async (id: number): Promise<Record<string, unknown>> =>
    (await send('GET', `/v2/transactions/${id}`, undefined)).body as object as Record<string, unknown>
  const refusals = ({ body }: Reply): number[] => body.errors.map(({ code }) => code)
  const stock = {
    deliveryStatus: 'PLACED',
    extendedFields: { ship_first_name: 'Sam', ship_last_name: 'Sundar' },
    customFields: { paymentmode: 'cash' },
    lineItemsV2: [
      { itemCode: 'a', amount: 100, extendedFields: { MetalRate: 1, GrossWeight: 2 } },
      { itemCode: 'b', amount: 100 },
    ],
  }
  const sold = async (billNumber: string, more: object = {}): Promise<number> =>
    (await add([sale(billNumber, { ...stock, ...more })])).body.response[0]!.entityId!

  it('sets what is given, removes what is null, and leaves all else as it was booked', async () => {
    const id = await sold('b-1')
    const answer = await put({
      id,
      number: 'another',
      deliveryStatus: 'shipped',
      billAmount: 1,
      tillCode: 'till.2',
      customFields: {},
      extendedFields: { ship_first_name: 'Ann', ship_last_name: null, gender: 'x' },
      loyaltyPromotionIdentifiers: ['P-1'],
      lineItems: [
        { itemCode: 'a', extendedFields: { MetalRate: '22.02', GrossWeight: null } },
        { itemCode: 'b', extendedFields: { MetalRate: 5 } },
      ],
    })
    expect(answer.body).toEqual({
      warnings: [expect.objectContaining({ code: 91016 }) as object],
      errors: [],
      loyaltyDetails: [],
    })
    expect(await read(id)).toMatchObject({
      deliveryStatus: 'SHIPPED',
      billDetails: { amount: 200, billNumber: 'b-1' },
      attribution: { createdBy: { code: 'store.server' } },
      customFields: { paymentmode: 'cash' },
      lineItems: [
        { details: { extendedFields: { MetalRate: 22.02 } } },
        { details: { extendedFields: { MetalRate: 5 } } },
      ],
    })
    expect((await read(id))['extendedFields']).toEqual({ ship_first_name: 'Ann' })
    await world.app.rows(
      `update transactions set created_at = '2026-01-01T00:00:00Z' where transaction_id = $1`,
      [id],
    )
    expect(String((await read(id))['autoUpdateTime']) > '2026-01-02').toBe(true)
    const lines = (await read(id))['lineItems'] as { id: number }[]
    expect(
      (await put({ id, lineItems: [{ id: lines[1]!.id, extendedFields: { MetalRate: 6 } }] })).status,
    ).toBe(200)
    expect(await read(id)).toMatchObject({
      lineItems: [{}, { details: { extendedFields: { MetalRate: 6 } } }],
    })
    expect((await put({ id, customFields: { paymentmode: null, nickname: 1 } })).body).toMatchObject({
      warnings: [{ code: 669 }],
    })
    expect((await read(id))['customFields']).toEqual({})
  })

  it('updates the bill that was added first where a number names several, and awards nothing', async () => {
    const first = await sold('b-1', { billingDate: '2026-03-01' })
    const second = await sold('b-1', { billingDate: '2026-01-01' })
    const answer = await put(
      { number: 'b-1', deliveryStatus: 'DELIVERED' },
      '?identifierName=id&identifierValue=98662653&points=MLP',
    )
    expect(answer.body).toMatchObject({
      errors: [],
      loyaltyDetails: [{ programId: 1016, loyaltyPoints: 40 }],
    })
    expect([(await read(first))['deliveryStatus'], (await read(second))['deliveryStatus']]).toEqual([
      'DELIVERED',
      'PLACED',
    ])
  })

  it.each([
    ['neither id nor number', {}, 670],
    ['an id of nobody', { id: 1 }, 667],
    ['an id that is none', { id: 'x' }, 667],
    ['a number of nobody', { number: 'x' }, 668],
    ['an unknown status', { number: 'b-1', deliveryStatus: 'LOST' }, 1636],
    ['an unknown till', { number: 'b-1', tillCode: 'nowhere' }, 671],
    ['a line that is not there', { number: 'b-1', lineItems: [{ itemCode: 'z' }] }, 1120],
    ['a line without a name', { number: 'b-1', lineItems: [{}] }, 1120],
    ['a line id of nobody', { number: 'b-1', lineItems: [{ id: 1 }] }, 1119],
    ['a line id that is none', { number: 'b-1', lineItems: [{ id: 'x' }] }, 1119],
    ['fields that are none', { number: 'b-1', customFields: [] }, 400],
    ['a list', [], 400],
    ['no body', '', 400],
  ])('refuses %s', async (_name, body, code) => {
    await sold('b-1')
    expect(await put(body)).toMatchObject({ status: 400, body: { errors: [{ status: false, code }] } })
  })

  it("refuses another customer's bill, an unknown customer, and none", async () => {
    const id = await sold('b-1')
    const other = '?identifierName=mobile&identifierValue=9101'
    expect(refusals(await put({ id }, other))).toEqual([667])
    expect(refusals(await put({ number: 'b-1' }, other))).toEqual([668])
    expect(refusals(await put({ id }, '?identifierName=mobile&identifierValue=1'))).toEqual([8015])
    expect(refusals(await put({ id }, '?identifierName=mobile&identifierValue='))).toEqual([400])
    expect(refusals(await put({ id }, ''))).toEqual([606])
    expect((await read(id))['deliveryStatus']).toBe('PLACED')
  })

  it('takes returns and bills without a customer one by one, but no mixed transaction', async () => {
    const {
      identifierType: _type,
      identifierValue: _value,
      ...nobody
    } = sale('n-1', { type: 'NOT_INTERESTED' })
    const mixed = sale('m-1', {
      lineItemsV2: [
        { itemCode: 'a', amount: 10 },
        { itemCode: 'a', amount: 100, type: 'RETURN', returnType: 'LINE_ITEM', parentBillNumber: 'b-1' },
      ],
    })
    await sold('b-1')
    const answers = await add([
      mixed,
      nobody,
      sale('b-2'),
      { ...TOM, type: 'RETURN', returnType: 'FULL', billNumber: 'b-2', billAmount: 200 },
    ])
    expect(codes(answers)).toEqual([[], [], [], []])
    const [mixedId, nobodyId, , returnId] = answers.body.response.map(({ entityId }) => entityId)
    const shipped = { deliveryStatus: 'SHIPPED' }
    expect(refusals(await put({ id: mixedId, ...shipped }))).toEqual([609])
    expect((await put({ id: nobodyId, ...shipped }, '')).status).toBe(200)
    expect((await put({ number: 'n-1', ...shipped })).status).toBe(200)
    expect((await put({ id: returnId, ...shipped })).status).toBe(200)
    expect(
      codes(
        await putAll([
          { ...TOM, id: returnId },
          { ...TOM, id: mixedId },
        ]),
      ),
    ).toEqual([[609], [609]])
  })

  it('in bulk says of each item what became of it', async () => {
    const [id, other] = [await sold('b-1'), await sold('b-2')]
    const answer = await putAll([
      { ...TOM, id, extendedFields: { ship_first_name: 'Ann' }, customFields: { other: 1 } },
      { ...TOM, identifierValue: '000', id: other },
      { id: other, extendedFields: {} },
      { ...TOM, id: 5 },
      { ...TOM, id: other, lineItems: [{ itemCode: 'a', extendedFields: { MetalRate: 9 } }] },
      7,
    ])
    expect(answer).toMatchObject({ status: 200, body: { totalCount: 6, failureCount: 4 } })
    expect(codes(answer)).toEqual([[], [8084], [8084], [667], [], [400]])
    expect(answer.body.response[0]).toMatchObject({
      result: { id, extendedFields: { ship_first_name: 'Ann' }, customFields: { other: 1 } },
      warnings: [{ code: 669 }],
    })
    expect(await read(id)).toMatchObject({ extendedFields: { ship_first_name: 'Ann' } })
    expect(refusals(await putAll([]))).toEqual([615])
    expect(refusals(await putAll(Array.from({ length: 101 }, () => ({ ...TOM, id }))))).toEqual([1060])
  })
})

describe('bad input to bulk calls', () => {
  const anything = fc.oneof(
    fc.constantFrom(null, '', ' ', -1, 1e30, 'x'.repeat(400), true, {}, [], [[]], { a: { b: [1] } }),
    fc.jsonValue({ maxDepth: 2 }),
  )
  const names = [
    ...['identifierType', 'identifierValue', 'source', 'accountId', 'type', 'returnType', 'id', 'billAmount'],
    ...['billingDate', 'purchaseTime', 'discount', 'note', 'lineItemsV2', 'paymentModes', 'redemptions'],
    ...['extendedFields', 'customFields', 'attribution', 'notInterestedReason', 'userGroup2Id'],
  ]

  it('never harms the items beside it, and is never an error of the server', async () => {
    let number = 0
    const items = fc.array(fc.dictionary(fc.constantFrom(...names), anything), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(items, async (bad) => {
        const good = sale(`g-${number++}`)
        // An empty mobile number would refuse the whole call.
        const beside = bad.map((more) => ({
          ...sale(`f-${number++}`),
          ...more,
          identifierType: more['identifierType'] ?? 'id',
        }))
        const answer = await add([...beside, good])
        expect(answer.status).toBe(200)
        const last = answer.body.response.at(-1)!
        expect(last.errors).toEqual([])
        expect(last.entityId).toBeGreaterThan(0)
        for (const { entityId, errors } of answer.body.response) {
          expect(errors.length > 0).toBe(entityId === undefined)
          expect(errors.every(({ code }) => code !== 608)).toBe(true)
        }
        const named = answer.body.response.map(({ result }) => result['billNumber'])
        expect(named).toEqual([...beside, good].map(({ billNumber }) => billNumber))
      }),
      { numRuns: 120 },
    )
  }, 60_000)

  it('of bytes is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), async (bytes) => {
        const headers = { authorization: basic(TILL), 'content-type': 'application/json' }
        const url = '/v2/transactions/bulk'
        expect(
          (await world.send({ method: 'POST', url, headers, body: Buffer.from(bytes) })).statusCode,
        ).toBe(400)
      }),
      { numRuns: 50 },
    )
  })

  it('to updates neither', async () => {
    const [{ entityId: id } = {}] = (await add([sale('b-1')])).body.response
    const members = [
      'id',
      'number',
      'deliveryStatus',
      'customFields',
      'extendedFields',
      'tillCode',
      'lineItems',
      'identifierValue',
    ]
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...members), anything), async (odd) => {
        const body = { ...TOM, id, ...odd }
        expect((await send('PUT', '/v2/transactions', body)).status).toBeLessThan(500)
        const { status, body: answered } = await send('PUT', '/v2/transactions/bulk', [body, { ...TOM, id }])
        expect(status).toBe(200)
        expect(answered.response[1]!.errors).toEqual([])
        expect(answered.response[0]!.errors.every(({ code }) => code !== 608)).toBe(true)
      }),
      { numRuns: 100 },
    )
  }, 60_000)
})
