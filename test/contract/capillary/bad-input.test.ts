import { tillCall } from '../../support/capillary-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { type Call, callsOf, pinnedDocument } from '../../support/pinned-contract'
import { fieldsOf } from '../../support/schema-fields'
import { organization, tillOf } from './capillary-setup'

/** What the vendor documents of this door, which decides what is spoiled. */
const CALLS = callsOf('capillary').filter(({ inScope }) => inScope)

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
  const read = await send('GET', `/v2/transactions/${created}`)
  firstLine = (read.body as { lineItems: { id: number }[] }).lineItems[0]!.id
})
afterAll(() => world.app.close())

let created = 0
let firstLine = 0
let ann = 0
let numbers = 0

const ANN = 'identifierName=mobile&identifierValue=9100'

async function send(
  method: string,
  url: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const answer = await world.send(tillCall(tillOf('bad'), method, url, body, headers))
  return { status: answer.statusCode, body: answer.json() }
}

const part = (itemCode: string, comboType: string) => ({
  itemCode,
  quantity: 2,
  rate: 1,
  value: 1,
  description: '',
  comboType,
})
const line = (more: object = {}) => ({
  type: 'REGULAR',
  // Of a line that comes back; a sale ignores them.
  returnType: 'LINE_ITEM',
  parentBillNumber: 'parent',
  purchaseTime: '2026-01-05T10:00:00+05:30',
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
  comboDetails: [part('sole', 'COMBO_ITEM')],
  addOnDetails: [part('lace', 'ADD_ON_ITEM')],
  splitDetails: [part('half', 'SPLIT')],
  appliedPromotionIdentifiers: ['p'],
  ...more,
})
const sale = (billNumber: string, more: object = {}) => ({
  type: 'REGULAR',
  returnType: 'AMOUNT',
  id: '1',
  purchaseTime: '2026-01-05T10:00:00+05:30',
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

interface GoodRequest {
  readonly name: string
  /** As the vendor's document names it. */
  readonly operation: string
  readonly method: string
  readonly url: () => string
  readonly body: () => unknown
}

/** Requests that are fine, or refused for one known reason; each field of each is spoiled in turn. */
const REQUESTS: readonly GoodRequest[] = [
  {
    name: 'a sale',
    operation: 'post /v2/transactions',
    method: 'POST',
    url: () => `/v2/transactions?${ANN}`,
    body: () => sale(`n${numbers++}`),
  },
  {
    name: 'a return',
    operation: 'post /v2/transactions',
    method: 'POST',
    url: () => `/v2/transactions?${ANN}`,
    body: () => back(),
  },
  {
    name: 'a mixed transaction',
    operation: 'post /v2/transactions',
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
    operation: 'put /v2/transactions',
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
      lineItems: [{ id: firstLine, itemCode: 'shoe', extendedFields: { c: 'd' } }],
    }),
  },
  {
    name: 'a registration',
    operation: 'post /v2/customers',
    method: 'POST',
    url: () => '/v2/customers',
    body: () => ({
      profiles: [
        {
          firstName: 'A',
          lastName: 'B',
          source: 'INSTORE',
          accountId: '',
          identifiers: [
            {
              type: 'mobile',
              value: `9${numbers++}00000`,
              seriesId: '1',
              seriesCode: 's',
              statusLabel: 'ACTIVE',
              customFields: { a: 'b' },
              extendedFields: { c: 'd' },
            },
          ],
          commChannels: [
            {
              type: 'mobile',
              value: '1',
              primary: 'true',
              verified: 'true',
              subscribed: 'true',
              meta: { residence: false },
              attributes: { a: 'b' },
            },
          ],
          fields: { a: 'b' },
        },
      ],
      loyaltyInfo: { loyaltyType: 'loyalty' },
      createDate: '2026-01-05T10:00:00Z',
      extendedFields: { e: 'f' },
      associatedWith: 'bad.1',
      endPointsEnabled: ['e'],
      loyaltyProgramEnrollments: [
        {
          programId: 3301,
          tierNumber: 1,
          loyaltyPoints: 10,
          tierExpiryDate: '2027-01-05T10:00:00Z',
          pointsExpiryDate: '2027-01-05T10:00:00Z',
        },
      ],
    }),
  },
  {
    name: 'a redemption',
    operation: 'post /v2/customers/{userId}/redemptions',
    method: 'POST',
    url: () => `/v2/customers/${ann}/redemptions`,
    body: () => ({
      redemptionType: 'POINTS',
      points: 0.001,
      transactionNumber: 't',
      validationCode: 'v',
      source: 'INSTORE',
      commit: false,
      groupRedemption: false,
      externalReferenceNumber: `r${numbers++}`,
    }),
  },
  {
    name: 'a reversal',
    operation: 'post /v2/points/reverse',
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
    operation: 'put /v2/points/updateRedemption',
    method: 'PUT',
    url: () => '/v2/points/updateRedemption',
    body: () => ({
      redemptionId: 'abc',
      externalReferenceNumber: 'x',
      billNumber: 'b',
      billId: '1',
      purpose: 'p',
      entity: { type: 'CUSTOMER', identifierType: 'mobile', identifierValue: '9100' },
      customFields: { a: 'b' },
    }),
  },
  {
    name: 'a currency ratio',
    operation: 'post /v2/currencyratio',
    method: 'POST',
    url: () => '/v2/currencyratio',
    body: () => ({ currencyCode: 'USD', ratioInr: 80 }),
  },
  {
    name: 'an exchange of a key for a token',
    operation: 'post /v3/oauth/token/generate',
    method: 'POST',
    url: () => '/v3/oauth/token/generate',
    body: () => ({ key: 'nobody', secret: 'nothing' }),
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

/** `lineItemsV2.qty`, whichever line. */
const fieldAt = (path: Path): string => path.filter((name) => typeof name === 'string').join('.')

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

// First, because the other cases leave a customer with very many lots.
describe('parameters of every documented call that are missing, blank, negative or huge', () => {
  const VALUES = ['', '-1', '9'.repeat(40), 'x'.repeat(2_000), '%00', "1'--"]
  /** What they are when nothing is wrong with them. */
  const good = (name: string): string =>
    ({
      identifierName: 'mobile',
      identifierValue: '9100',
      source: 'INSTORE',
      userId: String(ann),
      id: String(created),
      transactionId: String(created),
      billNumber: 'bought',
    })[name] ?? ''

  /** A call whose every parameter is fine, except one. */
  function callWith({ name, method, path, parameters }: Call, spoiledName: string, value: string) {
    const valueOf = (parameter: string): string => (parameter === spoiledName ? value : good(parameter))
    const query = parameters
      .filter((one) => one.in === 'query' && (one.name === spoiledName || good(one.name) !== ''))
      .map((one) => `${one.name}=${valueOf(one.name)}`)
    const headers = parameters.some((one) => one.in === 'header' && one.name === spoiledName)
      ? { [spoiledName]: value }
      : {}
    const body = REQUESTS.find(({ operation }) => operation === name)?.body()
    return {
      method: method.toUpperCase(),
      url: `${path.replace(/\{(\w+)\}/g, (_whole, parameter: string) => valueOf(parameter))}?${query.join('&')}`,
      body: body ?? (method === 'get' ? undefined : []),
      headers,
    }
  }

  it.each(CALLS.filter(({ parameters }) => parameters.length > 0).map((call) => [call.name, call] as const))(
    'are never an error of the server: %s',
    async (_name, call) => {
      const accidents: string[] = []
      for (const { name } of call.parameters)
        for (const value of VALUES) {
          const { method, url, body, headers } = callWith(call, name, value)
          const { status } = await send(method, url, body, headers)
          if (status >= 500) accidents.push(`${name} = ${value.slice(0, 20)}: ${status}`)
        }
      expect(accidents).toEqual([])
    },
    120_000,
  )

  it('and numbers in paths that are none are refused', async () => {
    const statuses = new Set<number>()
    const numbered = CALLS.filter(({ path }) => /\{(userId|id|transactionId)\}/.test(path))
    for (const call of numbered)
      for (const id of ['0', '-1', '9'.repeat(40), 'x', '%20', '1e5', "1'--", '1.5'])
        for (const { name } of call.parameters.filter((one) => one.in === 'path')) {
          const { method, url, body } = callWith(call, name, id)
          statuses.add((await send(method, url, body)).status)
        }
    expect(numbered.length).toBeGreaterThan(5)
    expect([...statuses].filter((status) => status !== 400 && status !== 404)).toEqual([])
  })
})

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

  const update = () => ({
    identifierType: 'mobile',
    identifierValue: '9100',
    source: 'INSTORE',
    accountId: '',
    id: created,
    number: 'bought',
    deliveryStatus: 'SHIPPED',
    customFields: {},
    extendedFields: {},
    lineItems: [{ id: firstLine, itemCode: 'shoe', extendedFields: {} }],
  })
  const BATCHES: readonly [name: string, method: string, good: () => object][] = [
    ['sales', 'POST', () => sale(`b${numbers++}`)],
    ['updates', 'PUT', update],
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

  it('is every field that is documented', () => {
    const document = pinnedDocument('capillary')
    const fieldsSpoiledIn = ({ name }: Call): Set<string> => {
      const [method, path] = name.split(' ')
      const bodies = path!.endsWith('/bulk')
        ? BATCHES.flatMap(([, of, good]) => (of.toLowerCase() === method ? [good()] : []))
        : REQUESTS.flatMap(({ operation, body }) => (operation === name ? [body()] : []))
      return new Set(bodies.flatMap((body) => pathsOf(body).map(fieldAt)))
    }
    const forgotten = CALLS.flatMap((call) => {
      const fields = fieldsSpoiledIn(call)
      return [...fieldsOf(document, call.takes).keys()]
        .filter((field) => !fields.has(field))
        .map((field) => `${call.name} ${field}`)
    })
    expect(forgotten).toEqual([])
  })

  it('leaves books that add up', async () => {
    expect(await world.app.rows('select * from ledger_invariants where violations > 0')).toEqual([])
    expect(world.app.logged.filter((entry) => entry.includes('request failed'))).toEqual([])
  })
})
