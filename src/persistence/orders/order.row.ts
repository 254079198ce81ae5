import type { MemberId, OrderId, ProgramId, StoreId } from '../../domain/shared/ids'
import type { Instant } from '../../domain/shared/instant'
import type { JsonObject } from '../../domain/shared/json'
import type { Order } from '../../domain/orders/order'
import type { HoldKind } from '../../domain/programs/program'
import { amountOf, pointsOf } from '../columns'

/** The columns of an order in the domain's names; only numbers then still need converting. */
export const ORDER_COLUMNS = `o.order_id as id, o.order_key as "orderKey", o.member_id as "memberId",
  o.program_id as "programId", o.store_code as "storeCode", o.store_id as "storeId", o.source, o.total, o.discount,
  o.currency, o.placed_at as "placedAt", o.placed_at_offset as "placedAtOffset", o.ratio, o.points,
  o.hold, o.hold_days as "holdDays", o.attributes`

/** An order as the driver gives it. */
export interface OrderRow {
  readonly id: OrderId
  readonly orderKey: string
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly storeCode: string | null
  readonly storeId: StoreId | null
  readonly source: string | null
  readonly total: string
  readonly discount: string | null
  readonly currency: string
  readonly placedAt: Instant
  readonly placedAtOffset: string | null
  readonly ratio: string
  readonly points: string
  readonly hold: HoldKind
  readonly holdDays: number
  readonly attributes: JsonObject
}

export const toOrder = (row: OrderRow): Order => ({
  ...row,
  total: amountOf(row.total),
  discount: row.discount === null ? null : amountOf(row.discount),
  ratio: amountOf(row.ratio),
  points: pointsOf(row.points),
})
