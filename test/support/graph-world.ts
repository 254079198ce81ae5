import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type OperationDefinitionNode, Kind, parse, print } from 'graphql'
import { placeOrder } from '../../src/domain/orders/place-order'
import type { Caller } from '../../src/domain/programs/caller'
import { tenantAt } from '../../src/domain/programs/tenant'
import { amount } from '../../src/domain/shared/money'
import type { Instant } from '../../src/domain/shared/instant'
import { recordTransaction } from '../../src/domain/transactions/record-transaction'
import { postgresStores } from '../../src/persistence/postgres-stores'
import { createSecretBox } from '../../src/persistence/programs/secret-box'
import { pooled } from '../../src/persistence/sql'
import { createUnitOfWork } from '../../src/persistence/unit-of-work'
import { startTestApp, type TestApp } from './test-app'

export interface GraphAnswer<Data = unknown> {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly data?: Data | null | undefined
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: {
      readonly code: string
      readonly problems?: readonly { path: string; message: string }[]
    } & Record<string, unknown>
  }[]
}

export interface GraphWorld {
  readonly app: TestApp
  /** Posts a query; signed in as `demo`'s storefront unless another key is named. */
  ask<Data>(query: string, variables?: object, key?: string): Promise<GraphAnswer<Data>>
  /** Posts the named operation of test/operations. */
  run<Data>(operation: string, variables?: object, key?: string): Promise<GraphAnswer<Data>>
  close(): Promise<void>
}

export const KEYS = {
  storefront: 'graph-storefront',
  reader: 'graph-reader',
  writer: 'graph-writer',
  admin: 'graph-admin',
  stranger: 'graph-stranger',
}

/** The whole application, two tenants that look alike, and in the first a hundred members; one of them has bought. */
export async function openGraph(environment: Record<string, string> = {}): Promise<GraphWorld> {
  const app = await startTestApp({ environment })
  await app.apply({ version: 1, tenants: [tenantDocument('demo', 100), tenantDocument('other', 1)] })
  await buySomething(app)
  const ask = async <Data>(
    query: string,
    variables: object = {},
    key = KEYS.storefront,
  ): Promise<GraphAnswer<Data>> => {
    const answer = await app.server.inject({
      method: 'POST',
      url: '/graphql',
      headers: { authorization: `Bearer ${key}` },
      payload: { query, variables },
    })
    return {
      status: answer.statusCode,
      headers: answer.headers,
      ...answer.json<Pick<GraphAnswer<Data>, 'data' | 'errors'>>(),
    }
  }
  return {
    app,
    ask,
    run: (operation, variables, key) => ask(operationText(operation), variables, key),
    close: () => app.close(),
  }
}

const OPERATIONS = parse(
  readdirSync(join(__dirname, '../operations'))
    .map((file) => readFileSync(join(__dirname, '../operations', file), 'utf8'))
    .join('\n'),
)

export const operationNames = (): readonly string[] =>
  OPERATIONS.definitions.flatMap((d) => (d.kind === Kind.OPERATION_DEFINITION ? [d.name?.value ?? ''] : []))

/** One operation of test/operations, with the fragments it needs. */
export function operationText(name: string): string {
  const operation = OPERATIONS.definitions.find(
    (d): d is OperationDefinitionNode => d.kind === Kind.OPERATION_DEFINITION && d.name?.value === name,
  )
  if (!operation) throw new Error(`no operation ${name}`)
  const texts = [print(operation)]
  // Fragments of fragments come behind those that name them.
  for (const text of texts) {
    for (const [, fragment] of text.matchAll(/\.\.\.(\w+)(?![^\n]*\{)/g)) {
      const definition = OPERATIONS.definitions.find(
        (d) => d.kind === Kind.FRAGMENT_DEFINITION && d.name.value === fragment,
      )
      const printed = definition ? print(definition) : ''
      if (printed && !texts.includes(printed)) texts.push(printed)
    }
  }
  return texts.join('\n')
}

const tenantDocument = (key: string, members: number) => ({
  key,
  name: key,
  sandbox: true,
  timeZone: 'Asia/Kolkata',
  currency: 'INR',
  apiKeys:
    key === 'demo'
      ? [
          { name: 'storefront', key: KEYS.storefront, scopes: ['read', 'write'] },
          { name: 'admin', key: KEYS.admin, scopes: ['read', 'write', 'admin'] },
          { name: 'writer', key: KEYS.writer, scopes: ['write'] },
          { name: 'reader', key: KEYS.reader, scopes: ['read'] },
        ]
      : [{ name: 'storefront', key: KEYS.stranger, scopes: ['read', 'write'] }],
  annex: { siteId: `site-${key}`, siteName: key, secrets: ['secret'] },
  capillary: {
    orgId: key === 'demo' ? 1 : 2,
    region: 'india',
    tills: [{ code: `till.${key}`, store: 'store1', password: 'till' }],
    stores: [{ code: 'store1', name: 'Store One', externalIds: ['S-1'] }],
  },
  programs: [
    {
      key: 'main',
      programId: key === 'demo' ? 1016 : 2016,
      title: 'Main',
      default: true,
      pointsDecimals: 1,
      pointsToCurrency: '0.75',
      expiry: { days: 365 },
      purchase: { actionId: 109, ratio: '1' },
      issuance: { actionId: 174 },
      transactions: { pointsPerCurrencyUnit: '0.1', basis: 'line-net' },
      actions: [{ actionId: 101, name: 'Sign-up', award: 250 }],
      tiers: [
        { name: 'Silver', minLifetimePoints: 0 },
        { name: 'Gold', minLifetimePoints: 1000, minSpend: '5000', purchaseRatio: '2' },
      ],
      rewards: [
        { rewardId: '121', name: '$5 off', cost: 200 },
        { rewardId: '122', name: 'Voucher', cost: 1, codes: [`${key}-CODE-1`] },
      ],
    },
  ],
  members: Array.from({ length: members }, (_, index) => memberDocument(key, index + 1)),
})

const memberDocument = (tenant: string, number: number) => ({
  ref: `m${number}`,
  firstName: `First${number}`,
  lastName: `Last${number}`,
  email: `m${number}@${tenant}.example`,
  annexId: `m${number}@${tenant}.example`,
  identifiers: [{ type: 'mobile', value: `9197400${10000 + number}`, source: 'INSTORE', accountId: '' }],
  credits: Array.from({ length: 11 }, (_, index) => ({ ref: `c${index}`, points: 10, expires: 'never' })),
})

/** Two orders and two bills of the first member, through the use cases that the doors call. */
async function buySomething({ dataSource }: TestApp): Promise<void> {
  const storesOn = postgresStores(createSecretBox(Buffer.alloc(32)))
  const stores = storesOn(pooled(dataSource))
  const clock = { now: () => Date.now() }
  const deps = { clock, unitOfWork: createUnitOfWork(dataSource, storesOn) }
  const head = await stores.tenants.headByKey('demo')
  if (!head) throw new Error('no tenant demo')
  const tenant = tenantAt(await stores.tenants.setup(head.tenantId, head.setupVersion), head, clock)
  const caller: Caller = { tenant, actor: 'test', scopes: [] }
  const store = await stores.shops.findByCode(tenant.id, 'capillary', 'store1')
  if (!store) throw new Error('no store')
  const ten = amount('10')
  for (const number of [1, 2]) {
    await placeOrder(deps, caller, {
      program: tenant.setup.defaultProgram,
      member: { door: 'annex', type: 'id', source: null, account: null, value: 'm1@demo.example' },
      orderKey: `order-${number}`,
      store: { door: 'capillary', code: 'store1' },
      source: 'web',
      total: null,
      discount: null,
      orderDate: null,
      datedByClient: false,
      state: 'PLACED',
      disregardHold: false,
      lines: [
        {
          productId: 'shoe',
          secondaryKey: null,
          quantity: amount('2'),
          unitPrice: amount('12.5'),
          attributes: { color: 'red' },
        },
        { productId: 'sock', secondaryKey: 'b', quantity: amount('1'), unitPrice: ten, attributes: {} },
      ],
      attributes: { channel: 'app' },
      requestId: null,
    })
    await recordTransaction(deps, caller, {
      member: { door: 'capillary', type: 'mobile', source: null, account: null, value: '919740010001' },
      programId: null,
      billNumber: `bill-${number}`,
      billNumberRule: { scope: null, windowDays: 0 },
      storeId: store.id,
      tillCode: 'till.demo',
      source: 'INSTORE',
      amount: amount('20'),
      grossAmount: amount('25'),
      discount: amount('5'),
      currency: 'INR',
      billed: { at: `2026-01-0${number}T10:00:00.123456Z` as Instant, offset: '+05:30' },
      deliveryStatus: null,
      outlierStatus: 'NORMAL',
      note: 'fragile',
      customFields: { cashier: 'A' },
      extendedFields: {},
      attributes: {},
      ignoresPoints: false,
      runsLoyalty: true,
      requestId: null,
      lines: [
        {
          lineNo: 1,
          itemCode: 'tea',
          quantity: amount('2'),
          rate: ten,
          value: amount('20'),
          discount: amount('0'),
          amount: amount('20'),
          outlier: false,
          attributes: {},
        },
      ],
      payments: [{ mode: 'Cash', amount: amount('20'), notes: '', attributes: {} }],
    })
  }
}
