import type { Issuance, IssuanceLine } from '../../domain/issuances/issuance'
import { amountOf, pointsOf } from '../columns'

/** The columns of an issuance in the domain's names; figures then still need converting. */
export const ISSUANCE_COLUMNS = `i.issuance_id as id, i.issuance_key as "issuanceKey", i.member_id as "memberId",
  i.program_id as "programId", i.action_id as "actionId", i.store_code as "storeCode", i.store_id as "storeId", i.source,
  i.total, i.discount, i.currency, i.issued_at as "issuedAt", i.expires_at as "expiresAt", i.points, i.state, i.status,
  i.waiting_points, i.waiting_spend, i.removed_points, i.removed_spend, i.attributes`

type Figures = 'total' | 'discount' | 'points' | 'waiting' | 'removed'

/** An issuance as the driver gives it. */
export interface IssuanceRow extends Omit<Issuance, Figures> {
  readonly total: string
  readonly discount: string | null
  readonly points: string
  readonly waiting_points: string
  readonly waiting_spend: string
  readonly removed_points: string
  readonly removed_spend: string
}

export function toIssuance(row: IssuanceRow): Issuance {
  const { waiting_points, waiting_spend, removed_points, removed_spend, ...facts } = row
  return {
    ...facts,
    total: amountOf(row.total),
    discount: row.discount === null ? null : amountOf(row.discount),
    points: pointsOf(row.points),
    waiting: { points: pointsOf(waiting_points), spend: amountOf(waiting_spend) },
    removed: { points: pointsOf(removed_points), spend: amountOf(removed_spend) },
  }
}

export const ISSUANCE_LINE_COLUMNS = `l.issuance_id as "issuanceId", l.line_no as "lineNo", l.product_id as "productId",
  l.name, l.quantity, l.attributes`

export type IssuanceLineRow = Omit<IssuanceLine, 'quantity'> & { readonly quantity: string | null }

export const toIssuanceLine = (row: IssuanceLineRow): IssuanceLine => ({
  ...row,
  quantity: row.quantity === null ? null : amountOf(row.quantity),
})
