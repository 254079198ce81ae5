import type { Issuance } from '../../../domain/issuances/issuance'
import type { Order } from '../../../domain/orders/order'
import type { AwardSource, EntryKind, PointsActivity } from '../../../domain/points/activity'
import type { JsonObject } from '../../../domain/shared/json'
import type { Points } from '../../../domain/shared/points'
import { toPointsNumber, toTimestamp } from '../values'
import type { Answer } from '../../shared/openapi'
import type { ACTIVITY } from './users.answers'

/** What is known of entries besides themselves. */
export interface ActivityContext {
  readonly said: readonly (Pick<PointsActivity, 'accountId' | 'seq'> & {
    readonly attributes: JsonObject
    readonly code: string | null
  })[]
  readonly sources: readonly AwardSource[]
  readonly orders: readonly Order[]
  readonly issuances: readonly Issuance[]
}

/** The action and the caption of an entry that names no action itself (contract, section 6). */
const KINDS: Record<EntryKind, { readonly actionId: number; readonly text: string }> = {
  AWARD: { actionId: 100, text: 'Award' },
  MATURE: { actionId: 100, text: 'Award' },
  REDEEM: { actionId: 107, text: 'Redemption' },
  REVERSE: { actionId: 148, text: 'Return' },
  EXPIRE: { actionId: 106, text: 'Expiry' },
  HOLD: { actionId: 107, text: 'Redemption' },
  CAPTURE: { actionId: 107, text: 'Redemption' },
  RELEASE: { actionId: 107, text: 'Redemption' },
  TRANSFER_IN: { actionId: 8055, text: 'Transfer' },
  TRANSFER_OUT: { actionId: 8055, text: 'Transfer' },
  ADJUST: { actionId: 100, text: 'Adjustment' },
}

const CAPTIONS: Readonly<Record<number, string>> = { 109: 'Purchase', 148: 'Return', 174: 'Issuance' }

/** One activity as the list shows it: activity words in upper case here (contract, section 5). */
export function toActivity(entry: PointsActivity, context: ActivityContext): Answer<typeof ACTIVITY> {
  const isSame = (other: Pick<PointsActivity, 'accountId' | 'seq'>): boolean =>
    other.accountId === entry.accountId && other.seq === entry.seq
  const request = context.said.find(isSame)
  const said = request?.attributes ?? {}
  const order = context.orders.find(({ id }) => entry.purchaseKind === 'ORDER' && id === entry.purchaseId)
  const issuance = context.issuances.find(
    ({ id }) => entry.purchaseKind === 'ISSUANCE' && id === entry.purchaseId,
  )
  const expiresAt = context.sources.find(isSame)?.expiresAt ?? null
  const change = entry.available + entry.pending + entry.held
  // A return is an action of its own, whatever the purchase was booked under.
  const known = entry.kind === 'REVERSE' || entry.kind === 'EXPIRE' ? null : entry.actionId
  const actionId = known ?? KINDS[entry.kind].actionId
  return {
    rewardCode: request?.code ?? undefined,
    actionId,
    activityId: `${entry.accountId}-${entry.seq}`,
    activity: change > 0n ? 'CREDIT' : 'DEBIT',
    credit: change > 0n ? toPointsNumber(change as Points) : null,
    debit: change > 0n ? null : toPointsNumber((0n - change) as Points),
    pointType: pointTypeOf(entry, text(said, 'pointType') ?? text(issuance?.attributes ?? {}, 'pointType')),
    displayText: CAPTIONS[actionId] ?? KINDS[entry.kind].text,
    reason: entry.reason ?? undefined,
    orderId: text(said, 'orderId') ?? order?.orderKey ?? issuance?.issuanceKey,
    rewardId: text(said, 'rewardId'),
    createDate: toTimestamp(entry.occurredAt),
    expireDate: expiresAt === null ? null : toTimestamp(expiresAt),
  }
}

/** A type that was said is shown as it was said; what is taken back is a reversal of its kind (contract, section 7). */
function pointTypeOf({ kind }: PointsActivity, said: string | undefined): string {
  if (kind !== 'REVERSE') return said ?? 'Standard'
  return /^promotion(al)?$/i.test(said?.trim() ?? '') ? 'Reversal Promotion' : 'Reversal Standard'
}

const text = (said: JsonObject, name: string): string | undefined => {
  const value = said[name]
  return typeof value === 'string' ? value : undefined
}
