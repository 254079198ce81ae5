import type { ClientInstant, Instant } from '../shared/instant'
import type { MemberId, OrderId, ProgramId, StoreId, TenantId } from '../shared/ids'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import type { Points } from '../shared/points'

export const ORDER_LINE_STATES = ['PLACED', 'SHIPPED', 'RETURNED', 'CANCELED'] as const
export type OrderLineState = (typeof ORDER_LINE_STATES)[number]

/** One product of an order, with the points it earned: unit price x ratio x quantity. */
export interface OrderLine {
  readonly orderId: OrderId
  /** From 1, in the order of the request. */
  readonly lineNo: number
  readonly productId: string
  readonly secondaryKey: string | null
  readonly quantity: Amount
  readonly unitPrice: Amount
  readonly state: OrderLineState
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
  readonly attributes: JsonObject
}

export type NewOrder = Omit<Order, 'id' | 'placedAt' | 'placedAtOffset'> & {
  readonly placed: ClientInstant
  readonly lines: readonly Omit<OrderLine, 'orderId'>[]
}

export interface OrderStore {
  /** Stores the order, its lines and its place among the member's purchases. Throws DuplicateOrder. */
  add(tenant: TenantId, order: NewOrder): Promise<Order>
  /** Orders by id, in no particular order; ids that do not exist are left out. */
  findByIds(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly Order[]>
  findByKey(tenant: TenantId, orderKey: string): Promise<Order | null>
  /** Lines of orders, by order and line number. */
  linesOf(tenant: TenantId, ids: readonly OrderId[]): Promise<readonly OrderLine[]>
}
