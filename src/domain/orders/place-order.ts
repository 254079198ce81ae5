import { Decimal } from '../shared/decimal'
import { isAhead, isBefore, toMicroseconds, type ClientInstant, type Instant } from '../shared/instant'
import type { JsonObject } from '../shared/json'
import { type Amount, amount, toAmount } from '../shared/money'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import type { LoyaltyDeps } from '../loyalty'
import { assertMayAct, MemberNotFound } from '../members/errors'
import type { IdentityKey, Member } from '../members/member'
import type { MemberInProgram } from '../members/member-store'
import {
  atDesk,
  factsFor,
  type PlannedStanding,
  planStanding,
  tierBooked,
  withRetiredTier,
} from '../points/at-desk'
import { type Booking, type BookingAsk, type BookingFacts, BookingOutrun } from '../points/booking-desk'
import { earnByLine } from '../points/earning'
import type { AwardCommand, Movement } from '../points/ledger'
import { figuresAfter, type WalletFigures } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { OrderRule, Program } from '../programs/program'
import type { Store } from '../programs/store'
import type { Tenant } from '../programs/tenant'
import { DateInFuture, OrderDateRequired } from '../purchases/errors'
import type { Stores } from '../stores'
import type { OrderId } from '../shared/ids'
import type { TierMove } from '../tiers/settle-standing'
import type { Tier } from '../tiers/tier'
import { DuplicateOrder } from './errors'
import type { NewOrder, NewOrderLine, Order, OrderLineState } from './order'
import { awardOfLines, maturityOf } from './order-points'

export interface PlaceOrder {
  readonly program: Program
  readonly member: IdentityKey
  /** The client's id of the order: 1 to 255 characters, unique in the tenant. */
  readonly orderKey: string
  /** The shop as the client named it; kept as said when the setup does not know it. */
  readonly store: { readonly door: string; readonly code: string } | null
  readonly source: string | null
  /** What the client says it comes to; null is the sum of the lines. Never decides points or spend. */
  readonly total: Amount | null
  readonly discount: Amount | null
  readonly orderDate: ClientInstant | null
  /** True: the order date is required and dates the order. False: an order is dated when it arrives. */
  readonly datedByClient: boolean
  readonly state: Extract<OrderLineState, 'PLACED' | 'SHIPPED'>
  /** True: the points are spendable at once, whatever the program's rule holds. */
  readonly disregardHold: boolean
  /** At least one. */
  readonly lines: readonly PlacedLine[]
  readonly attributes: JsonObject
  readonly requestId: string | null
}

export interface PlacedLine {
  readonly productId: string
  readonly secondaryKey: string | null
  /** More than zero. */
  readonly quantity: Amount
  /** Zero or more. */
  readonly unitPrice: Amount
  readonly attributes: JsonObject
}

export interface PlacedOrder {
  readonly order: Order
  readonly lines: readonly NewOrderLine[]
  /** Part of its points that waits. */
  readonly held: Points
  readonly member: Member
  /** The wallet afterwards; null when the member never had a point. */
  readonly statement: WalletFigures | null
  readonly tier: TierMove
}

/**
 * Stores a member's order and awards its points, unit price x ratio x quantity by line, then counts the spend and
 * re-evaluates the tier; all of it or nothing. An order that earns nothing is stored without a ledger entry.
 * Refuses with OrderDateRequired, DateInFuture, InvalidAmount, MemberNotFound, MemberMayNotAct, InvalidPoints,
 * DuplicateOrder and ExpiryNotAfterAward (its points would have lapsed already), in this order. Source: contract of
 * the orders door, section 8.
 */
export async function placeOrder(
  deps: LoyaltyDeps,
  caller: Caller,
  command: PlaceOrder,
): Promise<PlacedOrder> {
  const dated = datedCommand(command, caller.tenant)
  return atDesk(deps, caller, command, (stores, how) => placeIn(stores, caller, dated, how))
}

async function placeIn(
  stores: Stores,
  caller: Caller,
  dated: DatedCommand,
  how: 'unlocked' | 'locked',
): Promise<PlacedOrder> {
  const { tenant } = caller
  const facts = await factsFor(stores, caller, dated.command.program, askOf(dated), how)
  const store = await storeOf(stores, tenant, dated.command)
  const plan = planPlacing(caller, dated, { facts, store })
  const planned = await withRetiredTier(stores, caller, plan.facts, plan)
  if (how === 'unlocked' && planned.isUnsure) throw new BookingOutrun()
  const [movement = null] = await stores.desk.book(tenant.id, [planned.booking], how)
  const { booking, tier } = planned
  const booked = await tierBooked(stores, caller, dated.command.program, { ...booking, tier })
  return placedBy({ ...planned, tier: booked }, movement)
}

/** An order whose date is settled. */
export interface DatedCommand {
  readonly command: PlaceOrder
  readonly placed: ClientInstant
  /** What it adds to the member's spend: the sum of the lines. */
  readonly spend: Amount
}

/** Throws OrderDateRequired, DateInFuture, InvalidAmount. Pure. */
export const datedCommand = (command: PlaceOrder, { time }: Tenant): DatedCommand => ({
  command,
  placed: datedOrder(command, time.now),
  spend: valueOf(command.lines),
})

export const askOf = ({ command }: DatedCommand): BookingAsk => ({
  member: command.member,
  orderKey: command.orderKey,
})

/** An order as it will be booked, and what will be answered once it is. */
export interface PlannedPlacing extends Pick<PlannedStanding, 'tier' | 'isUnsure'> {
  readonly booking: Booking & { readonly order: NonNullable<Booking['order']> }
  readonly facts: BookingFacts
  readonly held: Points
}

/**
 * What an order will book, by what is known of its member. Throws MemberNotFound, MemberMayNotAct, InvalidPoints,
 * DuplicateOrder. Pure.
 */
export function planPlacing(
  caller: Caller,
  { command, placed, spend }: DatedCommand,
  { facts, store }: { readonly facts: BookingFacts | null; readonly store: Store | null },
): PlannedPlacing {
  const { tenant } = caller
  const { program } = command
  if (!facts) throw new MemberNotFound(command.member)
  const { found } = facts
  assertMayAct(found.member)
  const planned = planOrder(command, { tenant, found, store, placed, spend })
  if (facts.isTaken || facts.orderId === null) throw new DuplicateOrder(command.orderKey)
  const order = { ...planned.order, id: facts.orderId }
  const award = awardFor(caller, command, order, planned.rule)
  const { tier, isUnsure, ...standing } = planStanding(program, facts, { spend, award })
  return {
    booking: { order, award, ...standing, said: null },
    facts,
    held: heldOf(award, tenant.time.now),
    tier,
    isUnsure,
  }
}

/** The answer, once it is booked. Pure. */
export function placedBy(
  { booking, facts, held, tier }: PlannedPlacing,
  movement: Movement | null,
): PlacedOrder {
  const { lines, placed, ...order } = booking.order
  return {
    order: { ...order, placedAt: toMicroseconds(placed.at), placedAtOffset: placed.offset },
    lines,
    held,
    member: facts.found.member,
    statement: movement ? figuresAfter(facts.statement, movement) : facts.statement,
    tier,
  }
}

/** When the order was placed. Throws OrderDateRequired, DateInFuture. Pure. */
export function datedOrder(
  { orderDate, datedByClient }: Pick<PlaceOrder, 'orderDate' | 'datedByClient'>,
  now: Instant,
): ClientInstant {
  if (datedByClient && !orderDate) throw new OrderDateRequired()
  if (orderDate && isAhead(orderDate.at, now)) throw new DateInFuture('placedAt')
  return datedByClient && orderDate ? orderDate : { at: now, offset: null }
}

/** Sum of unit price x quantity: what points and spend rest on. Throws InvalidAmount when it cannot be stored. Pure. */
export function valueOf(lines: readonly Pick<PlacedLine, 'unitPrice' | 'quantity'>[]): Amount {
  const sum = lines.reduce(
    (total, line) => total.plus(new Decimal(line.unitPrice).times(line.quantity)),
    new Decimal(0),
  )
  return amount(toAmount(sum), 'total')
}

interface Facts {
  readonly tenant: Tenant
  readonly found: MemberInProgram
  readonly store: Store | null
  readonly placed: ClientInstant
  readonly spend: Amount
}

interface PlannedOrder {
  readonly order: NewOrder
  /** What it adds to the member's spend: the sum of the lines. */
  readonly spend: Amount
  /** Which rule earned it, and at which version of the setup. */
  readonly rule: string
}

/** The order as it will be stored, with the points of each line. Throws InvalidPoints. Pure. */
export function planOrder(command: PlaceOrder, { tenant, found, store, placed, spend }: Facts): PlannedOrder {
  const { program } = command
  const tier = program.tiers.find(({ id }) => id === found.membership.tierId) ?? null
  const { ratio, name } = ratioFor(program.orders, tier)
  const points = earnByLine(command.lines, ratio, program.pointsDecimals)
  const order: NewOrder = {
    orderKey: command.orderKey,
    memberId: found.member.id,
    programId: program.id,
    storeCode: command.store?.code ?? null,
    storeId: store?.id ?? null,
    source: command.source,
    total: command.total ?? spend,
    discount: command.discount,
    currency: tenant.setup.currency,
    placed,
    ratio: toAmount(ratio),
    points: sumPoints(points),
    hold: program.orders?.hold ?? 'NONE',
    holdDays: program.orders?.holdDays ?? 0,
    attributes: command.attributes,
    lines: command.lines.map((line, index) => ({
      ...line,
      lineNo: index + 1,
      state: command.state,
      points: points[index] as Points,
    })),
  }
  return { order, spend, rule: `${name}@${tenant.setup.version}` }
}

/** A tier's own ratio replaces the program's; without a rule for orders nothing is earned. Pure. */
export function ratioFor(
  rule: OrderRule | null,
  tier: Tier | null,
): { readonly ratio: Decimal; readonly name: string } {
  if (!rule) return { ratio: new Decimal(0), name: 'orders.none' }
  if (tier?.purchaseRatio) return { ratio: tier.purchaseRatio, name: `tier.${tier.name}.ratio` }
  return { ratio: rule.ratio, name: 'orders.ratio' }
}

/** Its points, waiting by the rule of the order; expiry and hold count from the order's date. Pure. */
function awardFor(
  caller: Caller,
  command: PlaceOrder,
  order: NewOrder & { readonly id: OrderId },
  rule: string,
): AwardCommand | null {
  const { timeZone } = caller.tenant.setup
  const { program, requestId } = command
  const { at } = order.placed
  return awardOfLines(caller, program, order, {
    batch: 0,
    lines: order.lines,
    rule,
    from: at,
    maturesAt: command.disregardHold ? null : maturityOf(order, at, command.state, timeZone),
    booking: {
      actionId: program.orders?.actionId ?? null,
      reason: `Order ${order.orderKey}`,
      requestId,
    },
  })
}

/** How much of an award is not spendable yet. Pure. */
const heldOf = (award: AwardCommand | null, now: Instant): Points =>
  award?.maturesAt && (award.maturesAt === 'unknown' || isBefore(now, award.maturesAt))
    ? sumPoints(award.lines.map(({ points }) => points))
    : ZERO_POINTS

/** The shop, where the setup knows it. */
export const storeOf = async (stores: Stores, tenant: Tenant, { store }: PlaceOrder): Promise<Store | null> =>
  store && stores.shops.findByCode(tenant.id, store.door, store.code)
