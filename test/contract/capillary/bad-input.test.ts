import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { organization, tillOf } from './capillary-setup'

let world: DoorWorld
beforeAll(async () => {
  world = await openDoors({
    version: 1,
    tenants: [
      organization('bad', 3301, {
        CONF_CURRENCY_CONVERSION_ENABLE: true,
        Allow_points_redemption_reversal: true,
      }),
    ],
  })
  const bought = await send('POST', `/v2/transactions?${ANN}`, sale('bought'))
  created = (bought.body as { createdId: number }).createdId
  const found = await send('GET', `/v2/customers/lookup?${ANN}&source=INSTORE`)
  ann = (found.body as { entity: number }).entity
})
afterAll(() => world.app.close())

let created = 0
let ann = 0
let numbers = 0

const ANN = 'identifierName=mobile&identifierValue=9100'

async function send(method: string, url: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const answer = await world.send(tillCall(tillOf('bad'), method, url, body))
  return { status: answer.statusCode, body: answer.json() }
}

const line = (more: object = {}) => ({
  type: 'REGULAR',
  itemCode: 'shoe',
  qty: 2,
  rate: 10,
  value: 20,
  discount: 0,
  amount: 20,
  serial: '1',
  description: 'A shoe',
  returnable: true,
  returnableDays: 30,
  imgUrl: '',
  attributes: { color: 'red' },
  customFields: { a: 'b' },
  extendedFields: { c: 'd' },
  comboDetails: [{ itemCode: 'sole', quantity: 2, rate: 1, value: 1, description: '', comboType: 'SPLIT' }],
  addOnDetails: [{ itemCode: 'lace', quantity: 2 }],
  splitDetails: [{ itemCode: 'half', quantity: 2 }],
  appliedPromotionIdentifiers: ['p'],
  ...more,
})
const sale = (billNumber: string, more: object = {}) => ({
  type: 'REGULAR',
  billNumber,
  billAmount: 20,
  grossAmount: 20,
  discount: 0,
  billingDate: '2026-01-05T10:00:00+05:30',
  note: 'n',
  notInterestedReason: 'r',
  deliveryStatus: 'PLACED',
  outlierStatus: 'NORMAL',
  currencyCode: 'INR',
  addWithLocalCurrency: true,
  userGroup2Id: '1',
  userGroup2PrimaryUserId: '1',
  userGroup2ExternalId: 'x',
  userGroup2PrimaryUserIdentifierType: 'mobile',
  userGroup2PrimaryUserIdentifierValue: '9100',
  userGroup2PrimaryUserSource: 'INSTORE',
  userGroup2PrimaryUserAccountId: '',
  extendedFields: { e: 'f' },
  customFields: { g: 'h' },
  paymentModes: [{ mode: 'Cash', value: 20, notes: 'p', attributes: { currency: 'INR' } }],
  redemptions: { pointsRedemptions: ['abc'], couponRedemptions: ['def'] },
  attribution: { createDate: '2026-01-05T10:00:00Z', createdBy: { code: 'bad.1', type: 'TILL' } },
  promotionEvaluationId: 'x',
  appliedPromotionIdentifiers: ['p'],
  loyaltyPromotionIdentifiers: ['l'],
  programId: '3301',
  identifierType: 'mobile',
  identifierValue: '9100',
  source: 'INSTORE',
  accountId: '',
  lineItemsV2: [line()],
  ...more,
})
/** A part of the one shoe or so that is left of a sale that nobody else returns. */
const back = (more: object = {}) => ({
  type: 'RETURN',
  returnType: 'LINE_ITEM',
  id: created,
  billNumber: 'bought',
  billAmount: 1,
  billingDate: '2026-01-06T10:00:00+05:30',
  purchaseTime: '2026-01-05T10:00:00+05:30',
  lineItemsV2: [
    {
      type: 'RETURN',
      returnType: 'LINE_ITEM',
      itemCode: 'nothing of the kind',
      parentBillNumber: 'bought',
      purchaseTime: '2026-01-05T10:00:00+05:30',
      qty: 1,
      amount: 1,
      rate: 10,
      serial: '1',
    },
  ],
  ...more,
})

/** Requests that are fine, or refused for one known reason; each field of each is spoiled in turn. */
const REQUESTS: readonly {
  readonly name: string
  readonly method: string
  readonly url: () => string
  readonly body: () => unknown
}[] = [
  {
    name: 'a sale',
    method: 'POST',
    url: () => `/v2/transactions?${ANN}`,
    body: () => sale(`n${numbers++}`),
  },
  { name: 'a return', method: 'POST', url: () => `/v2/transactions?${ANN}`, body: () => back() },
  {
    name: 'a mixed transaction',
    method: 'POST',
    url: () => `/v2/transactions?${ANN}`,
    body: () => ({
      type: 'REGULAR',
      billNumber: `m${numbers++}`,
      billAmount: 0,
      lineItemsV2: [{ itemCode: 'new', amount: 1 }, ...back().lineItemsV2],
    }),
  },
  {
    name: 'an update',
    method: 'PUT',
    url: () => `/v2/transactions?${ANN}`,
    body: () => ({
      id: created,
      number: 'bought',
      type: 'REGULAR',
      deliveryStatus: 'SHIPPED',
      tillCode: 'bad.1',
      extendedFields: { e: 'f' },
      customFields: { g: 'h' },
      loyaltyPromotionIdentifiers: ['l'],
      lineItemsV2: [{ id: 1, itemCode: 'shoe', extendedFields: { c: 'd' } }],
    }),
  },
  {
    name: 'a registration',
    method: 'POST',
    url: () => '/v2/customers',
    body: () => ({
      profiles: [
        {
          firstName: 'A',
          lastName: 'B',
          source: 'INSTORE',
          accountId: '',
          identifiers: [{ type: 'mobile', value: `9${numbers++}00000` }],
          commChannels: [{ type: 'mobile', value: '1' }],
          fields: { a: 'b' },
        },
      ],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      createDate: '2026-01-05T10:00:00Z',
      extendedFields: { e: 'f' },
      associatedWith: 'bad.1',
      loyaltyProgramEnrollments: [{ programId: 3301, tierNumber: 1, loyaltyPoints: 10 }],
    }),
  },
  {
    name: 'a redemption',
    method: 'POST',
    url: () => `/v2/customers/${ann}/redemptions`,
    body: () => ({
      redemptionType: 'POINTS',
      points: 0.001,
      transactionNumber: 't',
      validationCode: 'v',
      source: 'INSTORE',
      commit: false,
      externalReferenceNumber: `r${numbers++}`,
    }),
  },
  {
    name: 'a reversal',
    method: 'POST',
    url: () => '/v2/points/reverse',
    body: () => ({
      redemptionId: 'abc',
      pointsToBeReversed: 1,
      identifier: { type: 'mobile', value: '9100' },
    }),
  },
  {
    name: 'more of a redemption',
    method: 'PUT',
    url: () => '/v2/points/updateRedemption',
    body: () => ({
      redemptionId: 'abc',
      externalReferenceNumber: 'x',
      billNumber: 'b',
      billId: '1',
      purpose: 'p',
      entity: { identifierType: 'mobile', identifierValue: '9100' },
      customFields: { a: 'b' },
    }),
  },
  {
    name: 'a currency ratio',
    method: 'POST',
    url: () => '/v2/currencyratio',
    body: () => ({ currencyCode: 'USD', ratio: 80 }),
  },
]

const MISSING = Symbol('missing')
const BAD: readonly unknown[] = [MISSING, '', null, true, -1, '9'.repeat(70), 'x'.repeat(5_000), [], {}]

type Path = readonly (string | number)[]

/** Every member of a body, however deep. */
function pathsOf(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  const below = Object.entries(value).flatMap(([name, member]) =>
    pathsOf(member, [...at, Array.isArray(value) ? Number(name) : name]),
  )
  return at.length === 0 ? below : [at, ...below]
}

function spoiled(body: unknown, path: Path, bad: unknown): unknown {
  const copy = structuredClone(body)
  const last = path.at(-1)!
  const holder = path.slice(0, -1).reduce((parent, name) => (parent as Record<string, unknown>)[name], copy)
  if (bad === MISSING) delete (holder as Record<string, unknown>)[last]
  else (holder as Record<string, unknown>)[last] = bad
  return copy
}

/** How much is stored of anything that a call could write. */
async function stored(): Promise<string> {
  const tables = ['transactions', 'transaction_lines', 'transaction_returns', 'bill_numbers', 'entry', 'members', 'member_identities', 'redemptions', 'job'] // prettier-ignore
  const [row] = await world.app.rows<{ all: string }>(
    `select concat_ws(' ', ${tables.map((table) => `(select count(*) from ${table})`).join(', ')}) as all`,
  )
  return row!.all
}

const isRefused = ({ status, body }: { status: number; body: unknown }): boolean => {
  const { errors = [], failureCount = 0 } = body as { errors?: readonly object[]; failureCount?: number }
  return status !== 200 || errors.length > 0 || failureCount > 0
}

describe('each field that is missing, blank, null, of the wrong type, negative or huge', () => {
  it.each(REQUESTS)(
    'in $name is never an error of the server, and stores nothing when refused',
    async (request) => {
      const accidents: string[] = []
      let refusals = 0
      for (const path of pathsOf(request.body())) {
        const before = await stored()
        let onlyRefused = true
        for (const bad of BAD) {
          const answer = await send(request.method, request.url(), spoiled(request.body(), path, bad))
          const what = `${path.join('.')} = ${String(bad).slice(0, 20)}: ${answer.status}`
          if (answer.status >= 500) accidents.push(what)
          if (!/"code":|"errors":\[\]|"errors":null|"failureCount":0/.test(JSON.stringify(answer.body)))
            accidents.push(`${what} ${JSON.stringify(answer.body).slice(0, 200)}`)
          if (isRefused(answer)) refusals++
          else onlyRefused = false
        }
        if (onlyRefused && (await stored()) !== before) accidents.push(`${path.join('.')} stored something`)
      }
      expect(accidents).toEqual([])
      expect(refusals).toBeGreaterThan(0)
    },
    120_000,
  )

  const UPDATE = {
    identifierType: 'mobile',
    identifierValue: '9100',
    source: 'INSTORE',
    accountId: '',
    number: 'bought',
    deliveryStatus: 'SHIPPED',
    extendedFields: {},
    lineItemsV2: [{ itemCode: 'shoe', extendedFields: {} }],
  }
  const BATCHES: readonly [name: string, method: string, good: () => object][] = [
    ['sales', 'POST', () => sale(`b${numbers++}`)],
    ['updates', 'PUT', () => UPDATE],
  ]
  it.each(BATCHES)(
    'of items of a bulk of %s never harms the items beside them',
    async (_name, method, good) => {
      const accidents: string[] = []
      for (const path of pathsOf(good())) {
        // An empty mobile number refuses the whole call, as published.
        const bad = BAD.filter(
          (value) => path[0] !== 'identifierValue' || (value !== '' && value !== null && value !== MISSING),
        )
        const items = [good(), ...bad.map((value) => spoiled(good(), path, value)), good()]
        const { status, body } = await send(method, '/v2/transactions/bulk', items)
        const { response = [], totalCount } = body as {
          response?: readonly { readonly errors: readonly { readonly code: number }[] }[]
          totalCount?: number
        }
        const codes = response.map(({ errors }) => errors[0]?.code ?? 0)
        const isWhole = status === 200 && totalCount === items.length && codes.length === items.length
        if (!isWhole || codes[0] !== 0 || codes.at(-1) !== 0 || codes.includes(608) || codes.includes(500))
          accidents.push(`${path.join('.')}: ${status} ${codes.join(' ')}`)
      }
      expect(accidents).toEqual([])
    },
    120_000,
  )

  it('leaves books that add up', async () => {
    expect(await world.app.rows('select * from ledger_invariants where violations > 0')).toEqual([])
    expect(world.app.logged.filter((entry) => entry.includes('request failed'))).toEqual([])
  })
})

describe('parameters of queries that are missing, blank, negative or huge', () => {
  const CUSTOMER = ['identifierName', 'identifierValue', 'source', 'accountId']
  const STANDING = ['programId', 'fetchDataForAllPrograms', 'entityType', 'embed']
  const BILL = ['type', 'tenders', 'mlp', 'points_breakup']
  const LIST = ['limit', 'offset', 'startDate', 'endDate', 'embed', 'sortBy', 'sortOrder', 'transactionId']
  const VALUES = ['', '-1', '9'.repeat(40), 'x'.repeat(2_000), '%00']
  const reads = (): readonly (readonly [path: string, names: readonly string[]])[] => [
    [`/v2/transactions/${created}`, BILL],
    ['/v2/transactions/getByBillNumber/bought', BILL],
    [`/v2/earning/${created}`, BILL],
    ['/v2/customers/lookup', CUSTOMER],
    ['/v2/customers/lookup/customerDetails', CUSTOMER],
    ['/v2/customers/lookup/points/balance', CUSTOMER],
    [`/v2/customers/${ann}`, STANDING],
    [`/v2/customers/${ann}/loyaltyDetails`, STANDING],
    [`/v2/customers/${ann}/points/balance`, STANDING],
    [`/v2/customers/${ann}/pointsExpirySchedule`, STANDING],
    [`/v2/customers/${ann}/promisedPointsSchedule`, STANDING],
    [`/v2/customers/${ann}/tierDetails`, STANDING],
    [`/v2/customers/${ann}/transactions`, LIST],
  ]

  it('are never an error of the server', async () => {
    const accidents: string[] = []
    for (const [path, names] of reads())
      for (const name of names)
        for (const value of VALUES) {
          const rest = path.includes('/lookup') && name !== 'identifierValue' ? ANN : ''
          const url = `${path}?${rest}&${name}=${value}`
          const { status } = await send('GET', url)
          if (status >= 500) accidents.push(`${url.slice(0, 120)}: ${status}`)
        }
    expect(accidents).toEqual([])
  }, 120_000)

  it('nor are numbers in paths', async () => {
    const statuses = new Set<number>()
    for (const id of ['0', '-1', '9'.repeat(40), 'x', '%20', '1e5', "1'--", '1.5'])
      for (const path of [
        'transactions/ID',
        'earning/ID',
        'customers/ID',
        'customers/ID/transactions',
        'customers/ID/points/balance',
      ])
        statuses.add((await send('GET', `/v2/${path.replace('ID', id)}`)).status)
    expect([...statuses].filter((status) => status !== 400 && status !== 404)).toEqual([])
  })
})
