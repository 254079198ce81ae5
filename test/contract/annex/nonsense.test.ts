import { annexGet, annexPost } from '../../support/annex-client'
import { type DoorWorld, openDoors } from '../../support/door-world'
import { assertLawful } from '../../support/ledger-world'
import { type Call, callsOf, pinnedDocument, resolved, type Schema } from '../../support/pinned-contract'
import { fieldsOf, foundIn, plainsOf, typesOf } from '../../support/schema-fields'
import { type Body, exampleOf, FRIEND, SETUP, SITE, TOM } from './reference'

const document = pinnedDocument('annex')

let world: DoorWorld
beforeAll(async () => {
  world = await openDoors(SETUP)
})
afterAll(() => world.app.close())

/** A body of a call: one of its documented variants, alone or as the entry of a bulk. */
interface Variant {
  readonly name: string
  readonly schema: Schema
  readonly isEntry: boolean
}

function variantsOf(schema: Schema): readonly Variant[] {
  const plain = resolved<Schema>(document, schema)
  if (plain.anyOf) return plain.anyOf.filter((one) => one.type !== 'array').flatMap(variantsOf)
  const [entry] = Object.values(plain.properties ? {} : (plain.patternProperties ?? {}))
  if (entry) return variantsOf(entry).map((one) => ({ ...one, isEntry: true }))
  return [{ name: schema.$ref?.split('/').at(-1) ?? 'entry', schema: plain, isEntry: false }]
}

const LINE = { id: 'p1', quantity: 1, unitPrice: 1, secondarykey: 'p10', netPrice: 1 }
const WHEN = '2024-04-28T06:02:06+0000'
const order = (n: number) => ({
  id: `n-${n}`,
  userId: FRIEND,
  email: FRIEND,
  orderDate: WHEN,
  status: 'HOLD',
  disregardHoldPeriod: 'YES',
})
const issuance = { userId: TOM, orderTotalPoints: 1, orderTotalSpend: 1, orderAttribute: { giftWrap: 'yes' } }

/** What the reference's own values are replaced with, so that the body is accepted again and again. */
const FIXED: Readonly<Record<string, (n: number, call: Call) => Body>> = {
  BulkPointsItem: (n) => ({ id: TOM, customId: `n-${n}`, activity: 'CREDIT', credit: 1 }),
  PointsRedeemReward: (n) => ({
    orderId: `n-${n}`,
    customId: `n-${n}`,
    rewardId: '121',
    groupId: null,
    retry: 'NO',
  }),
  PointsRedeemCustom: (n) => ({ orderId: `n-${n}`, customId: `n-${n}`, debit: 1 }),
  PointsAward: (n) => ({ customId: `n-${n}`, credit: 1 }),
  PointsCustom: (n) => ({
    ...{ activity: 'CREDIT', credit: 1, debit: null, customId: `n-${n}` },
    ...{ 'Credit[bucketName]': 1, 'TierCredit[bucketName]': 1 },
  }),
  PointsGroupToMember: () => ({ userId: FRIEND, debit: 1 }),
  PointsMemberToGroup: () => ({ debit: 1 }),
  PointsMemberToMember: () => ({ debit: 1 }),
  UserCreate: (n) => ({ id: `n-${n}@domain.com`, email: `n-${n}@domain.com`, optInStatus: 'YES' }),
  UserUpdate: () => ({ id: TOM, email: 'tom@domain.com', optInStatus: 'YES' }),
  OrderCreate: (n) => order(n),
  OrderCreateLoose: (n) => ({ ...order(n), orderId: `n-${n}`, orderID: `n-${n}` }),
  OrderStatusUpdate: () => ({ orderId: 'there', status: 'return' }),
  OrderAdd: () => ({ orderId: 'there' }),
  OrderDetailsQuery: () => ({ userId: FRIEND, orderId: 'there' }),
  ManualSpend: () => ({ id: FRIEND, orderId: 'there', credit: 1, debit: 1, spendAmount: 1 }),
  IssuanceCreate: (n) => ({ ...issuance, orderId: `n-${n}` }),
  IssuanceUpdate: (_n, { method }) => ({
    ...issuance,
    orderId: 'kept',
    ...(method === 'put'
      ? { orderStatus: 'SHIP', orderTotalPoints: 50_000, orderTotalSpend: 50_000 }
      : { orderStatus: 'Partial Return' }),
  }),
  IssuanceStatusOnly: () => ({ orderId: 'held', orderStatus: 'Full Ship' }),
  IssuanceFilter: () => ({ orderId: 'kept', userId: TOM }),
}

/** Each documented call that takes a body, in each of its variants. */
const CALLS = callsOf('annex').flatMap((call) =>
  call.inScope && call.takes
    ? variantsOf(call.takes).map((variant) => [`${call.name} ${variant.name}`, call, variant] as const)
    : [],
)

/** Lines of orders and carts are these: what the reference prints of them has no numbers. */
const isLine = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'unitPrice' in value

function wholeBody({ name, schema, isEntry }: Variant, n: number, call: Call): Body {
  const printed = Object.entries({ ...(exampleOf(schema) as Body), ...FIXED[name]?.(n, call) })
  const body = Object.fromEntries(
    printed.map(([member, value]) => [
      member,
      Array.isArray(value) && isLine(value[0]) ? [{ ...value[0], ...LINE }] : value,
    ]),
  )
  return isEntry ? { 1: body } : body
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly types: ReadonlySet<string>
  readonly isRequired: boolean
}

/** Every member of a body that the document knows, however deep. */
function placesIn(schemas: readonly Schema[], value: unknown, path: Place['path'] = []): readonly Place[] {
  if (Array.isArray(value)) {
    const items = schemas.flatMap(({ items: one }) => (one ? plainsOf(document, one) : []))
    return value.flatMap((item, index) => placesIn(items, item, [...path, index]))
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const known = schemas.flatMap(({ properties, patternProperties = {} }) => {
      const patterned = Object.entries(patternProperties).find(([one]) => new RegExp(one).test(name))
      const one = properties?.[name] ?? patterned?.[1]
      return one ? plainsOf(document, one) : []
    })
    const isRequired = schemas.some(({ required }) => required?.includes(name))
    return [
      { path: [...path, name], types: typesOf(known), isRequired },
      ...placesIn(known, member, [...path, name]),
    ]
  })
}

const placesOf = ({ schema, isEntry }: Variant, body: Body): readonly Place[] => {
  const plains = plainsOf(document, schema)
  if (!isEntry) return placesIn(plains, body)
  return [
    { path: ['1'], types: new Set(['object']), isRequired: false },
    ...placesIn(plains, body['1'], ['1']),
  ]
}

const OF_EACH_TYPE: Readonly<Record<string, unknown>> = {
  string: 'x',
  number: 7,
  boolean: true,
  array: ['x'],
  object: { a: 1 },
}
const ABSENT = [undefined, null, '', ' ']
const TOO_LONG = ['x'.repeat(300), 'x'.repeat(70_000), '9'.repeat(40), 1e22]
const NEGATIVE = [-1, '-1', 0, 0.0000001]
const ODD: readonly unknown[] = [
  "\u202e€😀'; drop table orders; --{a,b}\\x",
  [[]],
  { 1: { 1: {} } },
  { toString: null, valueOf: 1, trim: 'x' },
]

function spoilersOf({ types }: Place): readonly unknown[] {
  const wrong = Object.entries(OF_EACH_TYPE).flatMap(([type, value]) =>
    types.has(type) || (type === 'number' && types.has('integer')) ? [] : [value],
  )
  return [...ABSENT, ...wrong, ...TOO_LONG, ...NEGATIVE, ...ODD]
}

/** A body with another value in one place; without it for undefined. */
function spoiled(body: unknown, [name = '', ...rest]: Place['path'], value: unknown): unknown {
  const members = body as { readonly [name: string | number]: unknown }
  const inside = rest.length === 0 ? value : spoiled(members[name], rest, value)
  return Array.isArray(body)
    ? body.map((item: unknown, index) => (index === name ? inside : item))
    : { ...members, [name]: inside }
}

/** Everything that a call may write, as numbers that change with it. */
const STORED = `select
    (select count(*) || '/' || coalesce(sum(points), 0) || '/' || coalesce(sum(total), 0) from orders) orders,
    (select count(*) || '/' || sum(shipped + returned + canceled + debited) from order_lines) lines,
    (select count(*) from purchases) purchases, (select count(*) || '/' || md5(string_agg(i::text, '')) from issuances i) issuances,
    (select count(*) from entry) entries, (select count(*) from lot) lots, (select count(*) from points_requests) said,
    (select md5(string_agg(m::text, '' order by member_id)) from members m) members,
    (select count(*) || '/' || sum(spend) from memberships) standings, (select count(*) from member_identities) names,
    (select count(*) from reward_codes where issued_at is not null) codes`
const stored = async () => JSON.stringify(await world.app.rows(STORED))

const send = (method: string, path: string, body: unknown) =>
  world.send({ ...annexPost(SITE, `/api/3.0${path}`, JSON.stringify(body)), method: method.toUpperCase() })

const pathOf = ({ path }: Call): string => path.replace('{memberId}', TOM).replace('{orderId}', 'there')

/** Codes anywhere in an answer: entries of a bulk have their own. */
const codesIn = (text: string): string[] =>
  [...text.matchAll(/"errorCode":"([^"]*)"/g)].map(([, code]) => code!)

/**
 * What may be absent though it is required: the path names the order; without an action the reason will do; a line moves
 * whole when it says no quantity; and lines under the second of two names are not looked at when the first has some.
 */
const MAY_BE_ABSENT = [
  /^(patch|put) \/orders\/\S+ \w+ orderId$/,
  /^post \/points \w+ actionId$/,
  /OrderStatusUpdate .*orderDetail\.0\.(quantity|unitPrice)$/,
  /OrderCreateLoose 1\.orderDetails\./,
]

describe('nonsense in each field of each call', () => {
  it('is tried in every field that the document has', () => {
    const tried = new Set(
      CALLS.flatMap(([, call, variant]) =>
        foundIn(document, call.takes, wholeBody(variant, 0, call)).map(
          ({ field }) => `${call.name} ${field}`,
        ),
      ),
    )
    const documented = CALLS.flatMap(([, call]) =>
      [...fieldsOf(document, call.takes).keys()].map((field) => `${call.name} ${field}`),
    )
    expect(documented.filter((field) => !tried.has(field))).toEqual([])
  })

  it.each(CALLS)(
    'is answered by %s in the words of the door, and stores nothing that is refused',
    async (_name, call, variant) => {
      await world.reset('examples')
      let n = 0
      const whole = () => wholeBody(variant, n++, call)
      for (const [method, path, body] of BEFORE) {
        const { body: answer } = await send(method, path, body)
        expect(codesIn(answer)).toEqual([])
      }
      const accepted = await send(call.method, pathOf(call), whole())
      expect([accepted.statusCode, codesIn(accepted.body), accepted.body]).toEqual([200, [], accepted.body])

      let before = await stored()
      for (const place of placesOf(variant, whole())) {
        const name = `${call.name} ${variant.name} ${place.path.join('.')}`
        const isNeeded = place.isRequired && !MAY_BE_ABSENT.some((one) => one.test(name))
        for (const value of spoilersOf(place)) {
          const sent = spoiled(whole(), place.path, value)
          const answer = await send(call.method, pathOf(call), sent)
          const codes = codesIn(answer.body)
          const told = `${place.path.join('.')}: ${JSON.stringify(value)?.slice(0, 80)}: ${answer.body.slice(0, 300)}`
          if (answer.statusCode >= 500 || (answer.statusCode !== 200 && codes.length === 0))
            throw new Error(told)
          if (isNeeded && ABSENT.includes(value as string) && codes.join() !== 'AC1004')
            throw new Error(`taken without it: ${told}`)
          const after = await stored()
          if (codes.length > 0 && after !== before) throw new Error(`refused and stored: ${told}`)
          before = after
        }
      }
      await assertLawful(world.app.dataSource)
    },
    60_000,
  )

  it.each(
    [null, '', 'x', 7, true, [], [[]], [null], {}, { 1: null }, { 1: { 1: {} } }].map((body) => [body]),
  )('is refused as a whole body: %j', async (body) => {
    for (const [name, call] of CALLS) {
      const answer = await send(call.method, pathOf(call), body)
      const isNothing = name.includes('UserUpdate') || name.includes('Filter') || name.includes('Query')
      expect([name, answer.statusCode < 500, isNothing || codesIn(answer.body).length > 0]).toEqual([
        name,
        true,
        true,
      ])
    }
  })

  const QUERIES = callsOf('annex').flatMap((call) =>
    call.inScope
      ? call.parameters
          .filter((one) => one.in === 'query')
          .map(({ name }) => [call.name, name, call] as const)
      : [],
  )
  it.each(QUERIES)('is answered by %s in its parameter %s', async (_name, name, call) => {
    const good = { start_date: WHEN, end_date: '2030-04-28T06:02:06+0000', aggregate_by: 'month', page: '1' }
    const path = pathOf(call)
    const values = [
      null,
      '',
      ' ',
      '-1',
      '0',
      '1.5',
      'x',
      '9'.repeat(40),
      'x'.repeat(5_000),
      '1e400',
      '2024-13-45',
      '\u202e€😀',
    ]
    for (const value of values) {
      const query = new URLSearchParams(good)
      if (value === null) query.delete(name)
      else query.set(name, value)
      const answer = await world.send(
        annexGet(SITE, `/api/3.0${path}?${query.toString()}`, path.split('/')[2] ?? ''),
      )
      const isKnown = answer.statusCode === 200 || codesIn(answer.body).length === 1
      expect([value, answer.statusCode < 500, isKnown]).toEqual([value, true, true])
    }
  })
})

/** What the bodies speak of. */
const BEFORE: readonly (readonly [string, string, Body])[] = [
  ['POST', '/points', { id: TOM, actionId: 160, groupId: '91', activity: 'CREDIT', debit: 10_000 }],
  ['POST', '/orders', { ...order(0), id: 'there', orderDetail: [{ ...LINE, quantity: 100_000 }] }],
  ...(['kept', 'held'] as const).map((orderId): readonly [string, string, Body] => [
    'POST',
    '/issuance',
    {
      ...{ ...issuance, orderId, actionId: 174, orderTotalPoints: 50_000, orderTotalSpend: 50_000 },
      orderStatus: orderId === 'held' ? 'HOLD' : 'SHIP',
    },
  ]),
]
