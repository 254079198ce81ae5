import { DuplicateOrder } from '../../domain/orders/errors'
import {
  type BillAsk,
  type BillFacts,
  type Booking,
  type BookingAsk,
  type BookingDesk,
  type BookingFacts,
  BookingOutrun,
  type StandingBooking,
} from '../../domain/points/booking-desk'
import type { AwardCommand, LedgerCommand, Movement } from '../../domain/points/ledger'
import { movedNow, type WalletFigures } from '../../domain/points/wallet'
import type { IdentityKey } from '../../domain/members/member'
import type { Program } from '../../domain/programs/program'
import type { Tenant } from '../../domain/programs/tenant'
import { Decimal } from '../../domain/shared/decimal'
import { Busy } from '../../domain/shared/errors'
import type { LineId, MemberId, OrderId, TenantId, TransactionId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import { type Amount, toAmount } from '../../domain/shared/money'
import type { Points } from '../../domain/shared/points'
import { DuplicateBillNumber } from '../../domain/transactions/errors'
import { pointsOf } from '../columns'
import { identityColumns, type InProgramRow, toMemberInProgram } from '../members/postgres-member-store'
import type { Connection, Statement } from '../sql'
import { constraintOf, sqlState } from '../sql-errors'
import { numberScopeOf } from '../transactions/bill-number'
import { toBillJson, toBillLinesJson } from './bill-booking'
import { BILL_FACTS, BOOK, BOOK_BILLS, FACTS, LOCK_MEMBERSHIP, LOCK_WALLET } from './booking-statements'
import { type OutcomeRow, refusalOf, toMovement } from './ledger-outcome'
import { columnsOf } from './bulk-columns'
import { callOf, keyOf, parametersOf } from './ledger-parameters'
import { inDomainWords } from './postgres-points-ledger'

/** Bookings in PostgreSQL: one statement to read, one to write. */
export class PostgresBookingDesk implements BookingDesk {
  constructor(private readonly connection: Connection) {}

  async facts(
    tenant: Tenant,
    program: Program,
    asks: readonly BookingAsk[],
  ): Promise<readonly (BookingFacts | null)[]> {
    const rows = await this.connection.sql.rows<FactsRow>(FACTS, [
      tenant.id,
      ...identityColumns(asks.map(({ member }) => member)),
      asks.map(({ orderKey }) => orderKey),
      program.id,
      movedNow(tenant),
    ])
    const facts: (BookingFacts | null)[] = asks.map(() => null)
    for (const row of rows) facts[Number(row.ord) - 1] = toFacts(row)
    return facts
  }

  async billFacts(
    tenant: Tenant,
    program: Program,
    asks: readonly BillAsk[],
  ): Promise<readonly (BillFacts | null)[]> {
    const rows = await this.connection.sql.rows<BillFactsRow>(BILL_FACTS, [
      tenant.id,
      ...identityColumns(asks.map(({ member }) => keyOfMember(member))),
      asks.map(({ bill }) => numberScopeOf(bill)),
      asks.map(({ bill }) => bill.billNumber),
      asks.map(({ bill }) => bill.billed.at),
      asks.map(({ bill }) => bill.billNumberRule.windowDays),
      asks.map(({ lineCount }) => lineCount),
      program.id,
      movedNow(tenant),
    ])
    const facts: (BillFacts | null)[] = asks.map(() => null)
    for (const row of rows) facts[Number(row.ord) - 1] = toBillFacts(row)
    return facts
  }

  async lock(tenant: Tenant, program: Program, member: IdentityKey): Promise<void> {
    const values = [tenant.id, ...identityColumns([member]), program.id]
    await this.connection.sql.rows(LOCK_WALLET, [...values, movedNow(tenant)])
    await this.connection.sql.rows(LOCK_MEMBERSHIP, values)
  }

  async book(
    tenant: TenantId,
    bookings: readonly Booking[],
    how: 'unlocked' | 'locked',
  ): Promise<readonly (Movement | null)[]> {
    const awarding = bookings.filter(isAwarding)
    const { statement, values } = ledgerPart(bookings, awarding)
    const asserts = how === 'unlocked' || bookings.length > 1
    try {
      const outcomes = await this.connection.sql.rows<OutcomeRow>(statement, [
        ...values,
        ...ownPart(tenant, bookings, awarding),
        asserts,
      ])
      const movements = new Map(
        awarding.map((booking, index) => [booking, movementOf(outcomes[index], booking.award)] as const),
      )
      return bookings.map((booking) => movements.get(booking as Awarding) ?? null)
    } catch (error) {
      throw translated(error, bookings, awarding)
    }
  }
}

type Awarding = Booking & { readonly award: AwardCommand }
const isAwarding = (booking: Booking): booking is Awarding => booking.award !== null
/** Changes what a member has spent, without an entry that would tell of it. */
const spendsAlone = ({ award, standing }: Booking): boolean => award === null && isSpend(standing.spend)
const isSpend = (spend: Amount): boolean => !new Decimal(spend).isZero()

type FactsRow = InProgramRow & {
  readonly ord: string
  readonly hasMembership: boolean
  readonly orderId: OrderId | null
  readonly isTaken: boolean
} & (Wallet | Record<keyof Wallet, null>)

interface Wallet {
  readonly account_id: string
  readonly version: string
  readonly available: string
  readonly pending: string
  readonly held: string
  readonly lifetime_earned: string
  readonly lifetime_reversed: string
  readonly reversed_pending: string
  readonly is_due: boolean
  readonly received: string | null
}

type BillFactsRow = Omit<FactsRow, 'orderId'> & {
  readonly billId: TransactionId
  readonly lineIds: readonly LineId[]
  readonly createdAt: Instant
} & (Wallet | Record<keyof Wallet, null>)

const toFacts = (row: FactsRow): BookingFacts => ({ ...commonFacts(row), orderId: row.orderId })

const toBillFacts = (row: BillFactsRow): BillFacts => ({
  ...commonFacts(row),
  drawn: { id: row.billId, lineIds: row.lineIds, createdAt: row.createdAt },
})

const commonFacts = (row: Omit<FactsRow, 'orderId'> & (Wallet | Record<keyof Wallet, null>)) => ({
  found: toMemberInProgram(row),
  statement: row.account_id === null ? null : toFigures(row),
  lastSeq: row.is_due ? null : BigInt(row.version ?? 0),
  hasMembership: row.hasMembership,
  isTaken: row.isTaken,
})

/** As in a statement of the wallet: what was taken back before it matured was never earned. */
function toFigures(wallet: Wallet): WalletFigures {
  const earned = pointsOf(wallet.lifetime_earned)
  const credited = pointsOf(wallet.received ?? '0')
  return {
    available: pointsOf(wallet.available),
    pending: pointsOf(wallet.pending),
    held: pointsOf(wallet.held),
    lifetime: (earned - pointsOf(wallet.lifetime_reversed)) as Points,
    earned: (earned - pointsOf(wallet.reversed_pending)) as Points,
    byHand: credited === 0n ? [] : [{ credited }],
  }
}

/** The ledger's own statement and parameters: the verb for a single award, its bulk for several, which are all of orders or none. */
function ledgerPart(
  bookings: readonly Booking[],
  awarding: readonly Awarding[],
): { readonly statement: Statement; readonly values: readonly unknown[] } {
  const isOne = bookings.length === 1
  const [first] = awarding
  const hasOrders = bookings.some(({ order }) => order !== null)
  const hasBills = bookings.some(({ bill }) => bill !== undefined)
  const book = hasBills ? BOOK_BILLS : BOOK
  if (!first) return { statement: isOne ? book.oneWithoutAward : book.manyWithoutAward, values: [] }
  const many = bookings.some(spendsAlone) ? book.manyMixed : book.many
  if (!isOne)
    return {
      statement: hasOrders || hasBills ? many : BOOK.manyAwards,
      values: columnsOf(awarding.map(toCommand)),
    }
  const asked = { verb: 'award', command: first.award } as const
  const parts = [keyOf(asked.command.account), callOf(asked), parametersOf(asked)]
  return {
    statement: hasOrders || hasBills ? book.one : BOOK.oneAward,
    values: parts.flatMap((part) => Object.values(part)),
  }
}

const toCommand = ({ award }: Awarding): LedgerCommand => ({ verb: 'award', command: award })

function ownPart(
  tenant: TenantId,
  bookings: readonly Booking[],
  awarding: readonly Awarding[],
): readonly unknown[] {
  const orders = bookings.flatMap(({ order }) => (order ? [order] : []))
  const bills = bookings.flatMap(({ bill }) => (bill ? [bill] : []))
  return [
    tenant,
    JSON.stringify([...orders.map(toOrderJson), ...bills.map((bill) => toBillJson(tenant, bill))]),
    JSON.stringify([...orders.flatMap(toLinesJson), ...bills.flatMap(toBillLinesJson)]),
    JSON.stringify(standingsOf(bookings).map(toStandingJson)),
    JSON.stringify(awarding.flatMap(toWordsJson), textOfBigints),
    awarding.map(({ seq }) => seq),
  ]
}

type BookedOrder = NonNullable<Booking['order']>

const toOrderJson = (order: BookedOrder): object => ({
  id: order.id,
  key: order.orderKey,
  member: order.memberId,
  program: order.programId,
  store: order.storeId,
  storeCode: order.storeCode,
  source: order.source,
  total: order.total,
  discount: order.discount,
  currency: order.currency,
  placed: order.placed.at,
  offset: order.placed.offset,
  ratio: order.ratio,
  points: order.points.toString(),
  attributes: order.attributes,
  hold: order.hold,
  holdDays: order.holdDays,
})

const toLinesJson = ({ id, lines }: BookedOrder): readonly object[] =>
  lines.map((line) => ({
    order: id,
    no: line.lineNo,
    product: line.productId,
    key: line.secondaryKey,
    quantity: line.quantity,
    price: line.unitPrice,
    state: line.state,
    points: line.points.toString(),
    attributes: line.attributes,
  }))

/** One for each membership, whatever number of bookings it has: an update takes one row for each. */
function standingsOf(bookings: readonly Booking[]): readonly ToldStanding[] {
  const standings = new Map<string, ToldStanding>()
  for (const booking of bookings) {
    const { standing } = booking
    const key = `${standing.memberId} ${standing.programId}`
    const before = standings.get(key)
    const spend = before ? toAmount(new Decimal(before.spend).plus(standing.spend)) : standing.spend
    const isTold = isAwarding(booking) || (before?.isTold ?? false)
    standings.set(key, { ...standing, before: before ? before.before : standing.before, spend, isTold })
  }
  return [...standings.values()]
}

interface ToldStanding extends StandingBooking {
  /** By the entry of an award. */
  readonly isTold: boolean
}

const toStandingJson = ({ memberId, programId, before, spend, tierId, isTold }: ToldStanding): object => ({
  member: memberId,
  program: programId,
  spend,
  tier: tierId,
  had: before?.spend ?? null,
  was: before?.tierId ?? null,
  ...(isTold || !isSpend(spend) ? {} : { alone: true }),
})

const toWordsJson = ({ said, standing }: Awarding, index: number): readonly object[] =>
  said
    ? [{ no: index + 1, member: standing.memberId, receipt: said.receipt, attributes: said.attributes }]
    : []

/** JSON has no bigint; the database reads its digits. */
const textOfBigints = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value

function movementOf(outcome: OutcomeRow | undefined, award: AwardCommand): Movement {
  if (!outcome) throw new Error('the ledger gave no answer to a booking')
  const refusal = refusalOf(outcome, { verb: 'award', command: award })
  if (refusal) throw refusal
  return toMovement(outcome)
}

/** Deadlock, serialization, a lock waited for in vain: under the lock it goes through, and is tried more than once. */
const GAVE_WAY = new Set(['40P01', '40001', '55P03'])

function translated(error: unknown, bookings: readonly Booking[], awarding: readonly Awarding[]): unknown {
  if (sqlState(error) === 'LB409' || (error instanceof Busy && GAVE_WAY.has(error.sqlState)))
    return new BookingOutrun()
  if (sqlState(error) === '23505' && constraintOf(error) === 'orders_tenant_id_order_key_key')
    return new DuplicateOrder(bookings[0]?.order?.orderKey ?? '')
  if (constraintOf(error) === 'bill_numbers_taken')
    return new DuplicateBillNumber(bookings[0]?.bill?.billNumber ?? '')
  const [first] = awarding
  return first ? inDomainWords(error, { verb: 'award', command: first.award }) : error
}

/** The door `member` stands for our own numbers. */
const keyOfMember = (who: IdentityKey | MemberId): IdentityKey =>
  typeof who === 'string' ? { door: 'member', type: 'id', source: null, account: null, value: who } : who
