import { Decimal } from '../shared/decimal'
import { type Instant, plus } from '../shared/instant'
import { type Amount, sumAmounts, toAmount } from '../shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import { MemberNotFound } from '../members/errors'
import type { Member } from '../members/member'
import { earnsAnything, expiryOf } from '../points/earning'
import {
  type AccountStatement,
  type AwardCommand,
  type Movement,
  type PurchaseRef,
  UNLIMITED_DEBT,
} from '../points/ledger'
import { movedNow, statementOf, walletOf } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import { pointsGone, pointsWaiting, placedUnits, type Rate, spendLeft } from './line-progress'
import type { Order, OrderLine, OrderWithLines } from './order'
import type { Move } from './plan-change'

/** How a change appears in the journal, in the caller's words. */
export interface Booking {
  readonly actionId: number | null
  readonly reason: string | null
  readonly requestId: string | null
  /** The document that says so, where it is a purchase of its own; absent: the order. */
  readonly document?: PurchaseRef
  /** When that happened; absent: now. */
  readonly occurredAt?: Instant
}

/** An order being changed, in its unit of work. */
export interface OrderChange extends OrderWithLines {
  readonly stores: Stores
  readonly caller: Caller
  readonly program: Program
  readonly booking: Booking
}

/** What a change did. */
export interface ChangedOrder {
  readonly order: Order
  /** All lines of the order, as they are now. */
  readonly lines: readonly OrderLine[]
  readonly member: Member
  readonly awarded: Points
  /** What was taken, spendable or waiting. */
  readonly removed: Points
  /** The wallet afterwards; null when the member never had a point. */
  readonly statement: AccountStatement | null
  readonly tier: TierMove
}

/** The program that an order was placed in; the default one when the setup has retired it. */
export const programOfOrder = ({ setup }: Tenant, { programId }: Pick<Order, 'programId'>): Program =>
  setup.programs.find(({ id }) => id === programId) ?? setup.defaultProgram

export const rateOf = ({ ratio }: Order, { pointsDecimals }: Program): Rate => ({ ratio, pointsDecimals })

/**
 * When the points of an order or of an addition become spendable by the order's rule: null is at once, `unknown` is
 * once it ships. Pure.
 */
export function maturityOf(
  { hold, holdDays }: Pick<Order, 'hold' | 'holdDays'>,
  from: Instant,
  state: OrderLine['state'],
  zone: string,
): AwardCommand['maturesAt'] {
  if (hold === 'NONE' || (hold === 'ORDER_PLACED' && state === 'SHIPPED')) return null
  if (hold !== 'ORDER_PLACED' && state !== 'SHIPPED') return 'unknown'
  return plus(from, { days: holdDays }, zone)
}

/** The award of lines that came together: one lot for each that earned; null when none did. Pure. */
export function awardOfLines(
  { tenant, actor }: Caller,
  program: Program,
  order: Pick<Order, 'id' | 'memberId'>,
  award: {
    readonly batch: number
    readonly lines: readonly Pick<OrderLine, 'lineNo' | 'points'>[]
    readonly rule: string
    /** Expiry counts from here. */
    readonly from: Instant
    readonly maturesAt: AwardCommand['maturesAt']
    readonly booking: Booking
  },
): AwardCommand | null {
  const earning = award.lines.filter(({ points }) => earnsAnything(points))
  if (earning.length === 0) return null
  const { requestId, ...facts } = award.booking
  return {
    account: walletOf(tenant, order.memberId, program),
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: { ...facts, actor, requestId, occurredAt: award.from },
    idempotency: null,
    source: sourceOf(order, award.batch),
    purchase: { kind: 'ORDER', id: order.id },
    lines: earning.map(({ lineNo, points }) => ({ lineRef: String(lineNo), points, rule: award.rule })),
    maturesAt: award.maturesAt,
    expiresAt: expiryOf(program.expiry, award.from, tenant.setup.timeZone),
    countsForLifetime: true,
  }
}

/** Takes back what the lines no longer earn: cumulative, so that no repetition and no order of parts takes more. */
export async function takeBack(
  change: OrderChange,
  after: readonly OrderLine[],
  first: 'waiting' | 'released',
): Promise<readonly Movement[]> {
  const { program, order, lines } = change
  const rate = rateOf(order, program)
  return takeBackLines(
    change,
    after.filter((line, index) => pointsGone(line, rate) !== goneBefore(lines[index], rate)),
    first,
  )
}

/** The same for lines that are known to have changed. */
export async function takeBackLines(
  { stores, caller, program, order, booking }: OrderChange,
  lines: readonly OrderLine[],
  first: 'waiting' | 'released',
): Promise<readonly Movement[]> {
  const rate = rateOf(order, program)
  const movements: Movement[] = []
  for (const [batch, batchLines] of byBatch(lines.filter((line) => earnsAnything(pointsGone(line, rate))))) {
    movements.push(
      await stores.ledger.reverse({
        ...moveOf(caller, program, order, booking),
        source: sourceOf(order, batch),
        lines: batchLines.map((line) => ({
          lineRef: String(line.lineNo),
          cumulative: pointsGone(line, rate),
        })),
        maxDebt: UNLIMITED_DEBT,
        first,
      }),
    )
  }
  return movements
}

const goneBefore = (line: OrderLine | undefined, rate: Rate): Points =>
  line ? pointsGone(line, rate) : ZERO_POINTS

/** Lets what has shipped mature at a moment (null: now); of each line only what has not shipped goes on waiting. */
export async function release(
  change: OrderChange,
  after: readonly OrderLine[],
  at: Instant | null,
  sooner: boolean,
): Promise<readonly Movement[]> {
  const { stores, caller, program, order, booking } = change
  const rate = rateOf(order, program)
  const movements: Movement[] = []
  for (const [batch, lines] of byBatch(after.filter(({ points }) => earnsAnything(points)))) {
    movements.push(
      await stores.ledger.schedule({
        ...moveOf(caller, program, order, booking),
        source: sourceOf(order, batch),
        lines: lines.map((line) => ({ lineRef: String(line.lineNo), waiting: pointsWaiting(line, rate) })),
        maturesAt: at,
        sooner,
      }),
    )
  }
  return movements
}

/**
 * When what has just happened lets points mature, by the order's own rule; undefined when it lets none. `hold` is what
 * the caller says besides: follow the rule, release at once, or keep holding.
 */
export function releaseAfter(
  order: Order,
  before: readonly OrderLine[],
  after: readonly OrderLine[],
  told: {
    readonly move: Move
    readonly hold: 'rule' | 'release' | 'keep'
    readonly now: Instant
    readonly zone: string
  },
): { readonly at: Instant | null; readonly sooner: boolean } | undefined {
  if (order.hold === 'NONE') return undefined
  if (told.move === 'SHIP' && told.hold === 'release') return { at: null, sooner: true }
  if (order.hold === 'ORDER_PLACED')
    return told.move === 'SHIP' && told.hold === 'rule' ? { at: null, sooner: false } : undefined
  const at = ripensAt(order, told.now, told.zone)
  if (order.hold === 'ITEM_SHIP') return told.move === 'SHIP' ? { at, sooner: false } : undefined
  // The last item ships, or what had not shipped is canceled: then nothing of the order is waited for any more.
  return !isComplete(before) && isComplete(after) ? { at, sooner: false } : undefined
}

/** When points that begin to ripen now can be spent, by the order's own rule. Pure. */
export const ripensAt = ({ holdDays }: Pick<Order, 'holdDays'>, now: Instant, zone: string): Instant =>
  plus(now, { days: holdDays }, zone)

const isComplete = (lines: readonly OrderLine[]): boolean =>
  lines.every((line) => placedUnits(line).isZero()) && lines.some(({ shipped }) => new Decimal(shipped).gt(0))

/** Counts the change of spend, re-evaluates the tier, and reads the wallet as it is now. */
export async function finishChange(
  { stores, caller, program, lines: before, order: was }: OrderChange,
  order: Order,
  lines: readonly OrderLine[],
  movements: { readonly awarded: readonly Movement[]; readonly removed: readonly Movement[] },
): Promise<ChangedOrder> {
  const { tenant } = caller
  const [member] = await stores.members.findByIds(tenant.id, [was.memberId])
  if (!member) throw new MemberNotFound({ type: 'id', value: was.memberId })
  const read = () => statementOf(stores.accounts, tenant, walletOf(tenant, member.id, program))
  const tier = await settleStanding(stores, tenant, {
    memberId: member.id,
    program,
    spend: difference(spentOn(lines), spentOn(before)),
    lifetime: async () => (await read())?.lifetime ?? ZERO_POINTS,
    isTold: movements.awarded.length + movements.removed.length > 0,
  })
  return {
    order,
    lines,
    member,
    awarded: sumPoints(movements.awarded.map(({ moved }) => moved)),
    removed: sumPoints(movements.removed.map(({ moved }) => moved)),
    statement: await read(),
    tier,
  }
}

/** What an order counts as spent. Pure. */
export const spentOn = (lines: readonly OrderLine[]): Amount => sumAmounts(lines.map(spendLeft))

const difference = (a: Amount, b: Amount): Amount => toAmount(new Decimal(a).minus(b))

const sourceOf = ({ id }: Pick<Order, 'id'>, batch: number) => ({
  type: 'ORDER',
  ref: batch === 0 ? id : `${id}/${batch}`,
})

const moveOf = (
  { tenant, actor }: Caller,
  program: Program,
  order: Order,
  { document = { kind: 'ORDER', id: order.id }, occurredAt = tenant.time.now, ...facts }: Booking,
) => ({
  account: walletOf(tenant, order.memberId, program),
  now: movedNow(tenant),
  timeZone: tenant.setup.timeZone,
  facts: { ...facts, actor, occurredAt },
  idempotency: null,
  purchase: document,
})

function byBatch(lines: readonly OrderLine[]): ReadonlyMap<number, readonly OrderLine[]> {
  const batches = new Map<number, OrderLine[]>()
  for (const line of lines) batches.set(line.batch, [...(batches.get(line.batch) ?? []), line])
  return batches
}
