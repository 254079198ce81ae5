import { DuplicateOrder } from '../../src/domain/orders/errors'
import type { NewOrder } from '../../src/domain/orders/order'
import type { PurchaseEntry, PurchasePageRequest } from '../../src/domain/purchases/purchase'
import type { MemberId, OrderId } from '../../src/domain/shared/ids'
import type { Instant } from '../../src/domain/shared/instant'
import { amount } from '../../src/domain/shared/money'
import { points } from '../../src/domain/shared/points'
import { PostgresOrderStore } from '../../src/persistence/orders/postgres-order-store'
import { PostgresPurchaseStore } from '../../src/persistence/purchases/postgres-purchase-store'
import { BILL_FACTS, BOOK, BOOK_BILLS, FACTS } from '../../src/persistence/points/booking-statements'
import { pooled } from '../../src/persistence/sql'
import { type TestDatabase, testDatabase } from '../support/database'
import { aLedgerWorld, type LedgerWorld } from '../support/ledger-world'

let database: TestDatabase
let world: LedgerWorld
let orders: PostgresOrderStore
let purchases: PostgresPurchaseStore
let member: MemberId
let other: MemberId

const aMember = async (): Promise<MemberId> => (await world.aWallet()).holder.id as MemberId

beforeAll(async () => {
  database = await testDatabase()
  world = await aLedgerWorld(database.dataSource)
  orders = new PostgresOrderStore(pooled(database.dataSource))
  purchases = new PostgresPurchaseStore(pooled(database.dataSource))
})
afterAll(() => database.close())
beforeEach(async () => {
  member = await aMember()
  other = await aMember()
})

let drawn = 0
const anOrder = (over: Partial<NewOrder> = {}): NewOrder => ({
  orderKey: `order-${++drawn}`,
  memberId: member,
  programId: world.program,
  storeCode: null,
  storeId: null,
  source: null,
  total: amount('460'),
  discount: null,
  currency: 'USD',
  placed: { at: '2026-01-01T00:00:00.000Z' as Instant, offset: null },
  ratio: amount('1'),
  points: points('460'),
  hold: 'NONE',
  holdDays: 0,
  attributes: {},
  lines: [
    {
      lineNo: 1,
      productId: 'p1',
      secondaryKey: null,
      quantity: amount('2'),
      unitPrice: amount('230'),
      state: 'PLACED',
      points: points('460'),
      attributes: {},
    },
  ],
  ...over,
})

describe('storing orders', () => {
  it('gives back what it was given, by id and by the id the client gave', async () => {
    const [line] = anOrder().lines
    const given = anOrder({
      storeCode: "O'Hare",
      source: 'web, "quoted" \\ and {braced}',
      discount: amount('-23.5'),
      ratio: amount('1.5'),
      points: points('0.125'),
      placed: { at: '2026-01-01T05:30:00.123Z' as Instant, offset: '+05:30' },
      attributes: { coupon: ['a', 'b'], note: '€ 😀', n: 1.5, nested: { yes: true } },
      lines: [
        { ...line!, secondaryKey: 'NULL', attributes: { netPrice: 12.5, text: '{"a,b\\"}' } },
        { ...line!, lineNo: 2, productId: 'p2', state: 'SHIPPED', points: points('0') },
      ],
    })
    const stored = await orders.add(world.tenant, given)
    expect(stored).toMatchObject({ placedAt: '2026-01-01T05:30:00.123000Z', placedAtOffset: '+05:30' })
    expect(await orders.findByIds(world.tenant, [stored.id])).toEqual([stored])
    expect(await orders.findByKey(world.tenant, given.orderKey)).toEqual(stored)
    const lines = await orders.linesOf(world.tenant, [stored.id])
    expect(lines).toMatchObject(given.lines.map((each) => ({ ...each, orderId: stored.id })))
    expect(lines.map(({ shipped }) => shipped)).toEqual(['0', '2'])
    const { placed: _, lines: __, ...facts } = given
    expect(stored).toMatchObject(facts)
  })

  it('answers nothing for orders that do not exist, or are another tenant’s', async () => {
    const { tenant: elsewhere } = await aLedgerWorld(database.dataSource)
    const stored = await orders.add(world.tenant, anOrder())
    expect(await orders.findByIds(elsewhere, [stored.id])).toEqual([])
    expect(await orders.findByKey(elsewhere, stored.orderKey)).toBeNull()
    expect(await orders.linesOf(elsewhere, [stored.id])).toEqual([])
    expect(await orders.findByIds(world.tenant, ['1' as OrderId, stored.id])).toEqual([stored])
    expect(await orders.findByIds(world.tenant, [])).toEqual([])
  })

  it('refuses an id that was used, and leaves nothing of the second order', async () => {
    const first = await orders.add(world.tenant, anOrder())
    const again = anOrder({ orderKey: first.orderKey, memberId: other })
    await expect(orders.add(world.tenant, again)).rejects.toBeInstanceOf(DuplicateOrder)
    expect(await pages([{ memberId: other, kind: null, first: 10, after: null }])).toEqual([[]])
  })
})

describe('paging over purchases', () => {
  it('reads pages of many members in one statement, newest first, and goes on after a position', async () => {
    const days = ['03', '01', '02', '02', '02']
    const mine: OrderId[] = []
    for (const day of days) {
      mine.push((await orders.add(world.tenant, anOrder({ placed: { at: on(day), offset: null } }))).id)
    }
    const theirs = (await orders.add(world.tenant, anOrder({ memberId: other }))).id
    const newestFirst = [mine[0], mine[4], mine[3], mine[2], mine[1]]
    const request = { memberId: member, kind: null, first: 2, after: null }

    const [page, all, empty, others] = await purchases.pagesOf(world.tenant, [
      request,
      { ...request, first: 100 },
      { ...request, memberId: await aMember() },
      { ...request, memberId: other, kind: 'ORDER' },
    ])
    expect(ids(page!.rows)).toEqual(newestFirst.slice(0, 2))
    expect([page!.hasNext, all!.hasNext]).toEqual([true, false])
    expect(ids(all!.rows)).toEqual(newestFirst)
    expect(empty).toEqual({ rows: [], hasNext: false })
    expect(ids(others!.rows)).toEqual([theirs])
    expect(await pages([{ ...request, kind: 'TRANSACTION' }])).toEqual([[]])

    const walked: string[] = []
    for (let after: string | null = null, more = true; more;) {
      const [next] = await purchases.pagesOf(world.tenant, [{ ...request, after }])
      walked.push(...ids(next!.rows))
      after = positionOf(next!.rows.at(-1)!)
      more = next!.hasNext
    }
    expect(walked).toEqual(newestFirst)
  })

  it('keeps microseconds apart in a position', async () => {
    const [early, late] = [
      await orders.add(world.tenant, anOrder()),
      await orders.add(world.tenant, anOrder()),
    ]
    const moved = `update purchases set purchased_at = $2 where purchase_id = $1`
    await database.dataSource.query(moved, [early.id, '2026-01-05T00:00:00.000001Z'])
    await database.dataSource.query(moved, [late.id, '2026-01-05T00:00:00.000002Z'])
    const [page] = await purchases.pagesOf(world.tenant, [
      { memberId: member, kind: null, first: 5, after: `2026-01-05T00:00:00.000002Z|ORDER|${late.id}` },
    ])
    expect(page!.rows).toEqual([
      { kind: 'ORDER', id: early.id, memberId: member, purchasedAt: '2026-01-05T00:00:00.000001Z' },
    ])
  })

  it('finds entries by kind and id, and refuses positions that no entry has', async () => {
    const { id } = await orders.add(world.tenant, anOrder())
    const found = await purchases.findByKeys(world.tenant, [
      { kind: 'ORDER', id },
      { kind: 'TRANSACTION', id },
    ])
    expect(found).toMatchObject([{ kind: 'ORDER', id, memberId: member }])
    for (const after of [
      '',
      'x',
      `2026-01-05T00:00:00Z|ORDER|${id}`,
      '2026-99-05T00:00:00.000000Z|ORDER|1',
    ]) {
      const request = { memberId: member, kind: null, first: 1, after }
      await expect(purchases.pagesOf(world.tenant, [request])).rejects.toMatchObject({
        code: 'INVALID_IDENTIFIER',
      })
    }
  })
})

const on = (day: string): Instant => `2026-01-${day}T00:00:00.000Z` as Instant
const ids = (rows: readonly PurchaseEntry[]): readonly string[] => rows.map(({ id }) => id)
const positionOf = ({ purchasedAt, kind, id }: PurchaseEntry): string => `${purchasedAt}|${kind}|${id}`
const pages = async (requests: readonly PurchasePageRequest[]) =>
  (await purchases.pagesOf(world.tenant, requests)).map(({ rows }) => ids(rows))

describe('the statements of a booking', () => {
  it('look up the members, wallets and orders that they are about, few as there are of them', async () => {
    await database.dataSource.transaction(async (manager) => {
      const lines = async (text: string): Promise<readonly string[]> =>
        (await manager.query<Record<string, string>[]>(text)).flatMap((row) => Object.values(row))
      // As many as a small site has, in its first hours.
      await lines(`insert into members (tenant_id, status, joined_at)
        select ${world.tenant}, 'ACTIVE', now() from generate_series(1, 2000)`)
      await lines(`insert into memberships (tenant_id, member_id, program_id)
        select tenant_id, member_id, ${world.program} from members where tenant_id = ${world.tenant} on conflict do nothing`)
      await lines(`insert into orders (tenant_id, order_key, member_id, program_id, total, currency, placed_at, ratio, points, attributes)
        select ${world.tenant}, 'few ' || n, ${member}, ${world.program}, 1, 'USD', now(), 1, 0, '{}' from generate_series(1, 400) n`)
      await lines(`insert into purchases (tenant_id, kind, purchase_id, member_id, purchased_at)
        select tenant_id, kind, order_id, member_id, placed_at from orders where order_key like 'few %'`)
      await lines(`insert into account (tenant_id, holder_kind, holder_id, program_id, currency)
        select tenant_id, 'M', member_id, program_id, 'points' from memberships where tenant_id = ${world.tenant} limit 300 on conflict do nothing`)
      await lines('analyze members, memberships, orders, account')
      for (const { name, text } of [
        FACTS,
        BOOK.many,
        BOOK.manyWithoutAward,
        BILL_FACTS,
        BOOK_BILLS.many,
        BOOK_BILLS.manyWithoutAward,
      ]) {
        await lines(`prepare "read ${name}" as ${text}`)
        const parameters = Array.from({ length: parametersIn(text) }, () => 'null')
        const plan = await lines(`explain execute "read ${name}" (${parameters.join(', ')})`)
        const scans = plan.filter((line) => /Seq Scan on (members|memberships|orders|account)/.test(line))
        expect({ name, scans }).toEqual({ name, scans: [] })
      }
    })
  })
})

const parametersIn = (text: string): number =>
  Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
