import type { ClientInstant, Instant } from '../shared/instant'
import type { MemberId, OrderId, ProgramId, StoreId, TenantId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'
import type { HoldKind } from '../programs/program'

export const ORDER_LINE_STATES = ['PLACED', 'SHIPPED', 'RETURNED', 'CANCELED'] as const
export type OrderLineState = (typeof ORDER_LINE_STATES)[number]

/** One product of an order, with the points it earned: unit price x ratio x quantity. */
export interface OrderLine {
  readonly orderId: OrderId
  /** From 1, in the order of arrival. */
  readonly lineNo: number
  /** SPEND is a correction of the order's spend by hand: money without a product. */
  readonly kind: 'PRODUCT' | 'SPEND'
  /** Lines that were awarded together: 0 came with the order, otherwise the first line of an addition. */
  readonly batch: number
  readonly productId: string
  readonly secondaryKey: string | null
  readonly quantity: Amount
  readonly unitPrice: Amount
  /** How far it has come as a whole; the units below say how far each part has. */
  readonly state: OrderLineState
  /** Units on their way or handed over, not those that came back. */
  readonly shipped: Amount
  readonly returned: Amount
  readonly canceled: Amount
  /** Money that corrections by hand took from what the line counts as spent. */
  readonly debited: Amount
  /** Points of what left the order that the member keeps all the same. */
  readonly kept: Points
  /** Before any return. */
  readonly points: Points
  /** What the client sent besides, returned unchanged. */
  readonly attributes: JsonObject
}

/** A purchase whose points we compute. */
export interface Order {
  readonly id: OrderId
  /** The id the client gave it, unique in the tenant. */
  readonly orderKey: string
  readonly memberId: MemberId
  readonly programId: ProgramId
  /** The store the client named, as it named it; `storeId` when the tenant's setup knows it. */
  readonly storeCode: string | null
  readonly storeId: StoreId | null
  readonly source: string | null
  readonly total: Amount
  readonly discount: Amount | null
  readonly currency: string
  readonly placedAt: Instant
  /** Offset the client gave `placedAt` in, or null. */
  readonly placedAtOffset: string | null
  /** Points per unit of money it was awarded with. */
  readonly ratio: Amount
  readonly points: Points
  /** The rule its points are held by, as it was when the order was placed. */
  readonly hold: HoldKind
  readonly holdDays: number
  readonly attributes: JsonObject
}

/** A line as it arrives: nothing has happened to it but that it may have shipped. */
export type NewOrderLine = Pick<
  OrderLine,
  'lineNo' | 'productId' | 'secondaryKey' | 'quantity' | 'unitPrice' | 'points' | 'attributes'
> & { readonly state: Extract<OrderLineState, 'PLACED' | 'SHIPPED'> }

export type NewOrder = Omit<Order, 'id' | 'placedAt' | 'placedAtOffset'> & {
  readonly placed: ClientInstant
  readonly lines: readonly NewOrderLine[]
}

/** An order and its lines by number. */
export interface OrderWithLines {
  readonly order: Order
  readonly lines: readonly OrderLine[]
}

/** Which orders to list; null leaves a side open. */
export interface OrderFilter {
  readonly memberId: MemberId | null
  /** True: only orders of those who share a group that another owns. */
  readonly ofSecondaries: boolean
  readonly orderKey: string | null
  /** From 1. */
  readonly page: number
  readonly size: number
}

export interface OrderStore {
  /** Stores the order, its lines and its place among the member's purchases. Throws DuplicateOrder. */
  add(tenant: TenantId, order: NewOrder): Promise<Order>
  /** Orders by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly Order[]>
  findByKey(tenant: TenantId, orderKey: string): Promise<Order | null>
  /** Lines of orders, by order and line number. */
  linesOf(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly OrderLine[]>
  /** The order as nobody else can change it until commit; null when there is none. */
  lock(tenant: TenantId, orderKey: string): Promise<OrderWithLines | null>
  /** Writes total, points and the lines that changed or are new. The caller has locked the order. */
  save(tenant: TenantId, order: Order, lines: readonly OrderLine[]): Promise<void>
  /** A page of orders, newest first, and how many there are in all. */
  list(
    tenant: TenantId,
    filter: OrderFilter,
  ): Promise<{ readonly orders: readonly Order[]; readonly count: number }>
}
