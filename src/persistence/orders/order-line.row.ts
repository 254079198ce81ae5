import type { OrderId } from '../../domain/shared/ids'
import type { JsonObject } from '../../domain/shared/json'
import type { OrderLine, OrderLineState } from '../../domain/orders/order'
import { amountOf, pointsOf } from '../columns'

export const ORDER_LINE_COLUMNS = `l.order_id as "orderId", l.line_no as "lineNo", l.product_id as "productId",
  l.secondary_key as "secondaryKey", l.quantity, l.unit_price as "unitPrice", l.state, l.points, l.attributes`

/** A line as the driver gives it. */
export interface OrderLineRow {
  readonly orderId: OrderId
  readonly lineNo: number
  readonly productId: string
  readonly secondaryKey: string | null
  readonly quantity: string
  readonly unitPrice: string
  readonly state: OrderLineState
  readonly points: string
  readonly attributes: JsonObject
}

export const toOrderLine = (row: OrderLineRow): OrderLine => ({
  ...row,
  quantity: amountOf(row.quantity),
  unitPrice: amountOf(row.unitPrice),
  points: pointsOf(row.points),
})
