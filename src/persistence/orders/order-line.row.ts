import type { OrderId } from '../../domain/shared/ids'
import type { JsonObject } from '../../domain/shared/json'
import type { OrderLine, OrderLineState } from '../../domain/orders/order'
import { amountOf, pointsOf } from '../columns'

export const ORDER_LINE_COLUMNS = `l.order_id as "orderId", l.line_no as "lineNo", l.kind, l.batch,
  l.product_id as "productId", l.secondary_key as "secondaryKey", l.quantity, l.unit_price as "unitPrice", l.state,
  l.shipped, l.returned, l.canceled, l.debited, l.kept, l.points, l.attributes`

/** A line as the driver gives it. */
export interface OrderLineRow {
  readonly orderId: OrderId
  readonly lineNo: number
  readonly kind: OrderLine['kind']
  readonly batch: number
  readonly productId: string
  readonly secondaryKey: string | null
  readonly quantity: string
  readonly unitPrice: string
  readonly state: OrderLineState
  readonly shipped: string
  readonly returned: string
  readonly canceled: string
  readonly debited: string
  readonly kept: string
  readonly points: string
  readonly attributes: JsonObject
}

export const toOrderLine = (row: OrderLineRow): OrderLine => ({
  ...row,
  quantity: amountOf(row.quantity),
  unitPrice: amountOf(row.unitPrice),
  shipped: amountOf(row.shipped),
  returned: amountOf(row.returned),
  canceled: amountOf(row.canceled),
  debited: amountOf(row.debited),
  kept: pointsOf(row.kept),
  points: pointsOf(row.points),
})
