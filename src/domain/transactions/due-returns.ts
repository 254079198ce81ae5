import type { OrderWithLines } from '../orders/order'
import type { OrderTaken } from '../orders/take-back-order'
import type { Tenant } from '../programs/tenant'
import type { TransactionId } from '../shared/ids'
import { type Points, sumPoints, ZERO_POINTS } from '../shared/points'
import { present } from '../shared/present'
import type { Stores } from '../stores'
import { type ReturnPlan } from './plan-return'
import type { Reversal } from './reversals'
import { type DuePolicy, ReturnShares } from './return-shares'
import type { QueuedOrder } from './queue-loyalty'
import type { TransactionReturn } from './return'
import type { PlannedReturn } from './planned-return'
import type { Transaction } from './transaction'

/** A stored return, and what it takes back of points. */
export interface DueReturn extends PlannedReturn {
  readonly id: string
}

/** What a return takes back was awarded by a bill whose own points are still to come; its job comes first. */
export class OriginalStillQueued extends Error {
  constructor(readonly original: TransactionId) {
    super(`bill ${original} has not got its points yet`)
  }
}

/**
 * What the returns on a stored bill take back of points, decided now, bill and originals under lock. Each takes its own
 * share and no other's: what earlier returns of the same original take, whether they have or are still to, is theirs.
 *
 * Throws OriginalStillQueued.
 */
export async function dueReturns(
  stores: Stores,
  tenant: Tenant,
  bill: Transaction,
  policy: DuePolicy,
  orders: readonly QueuedOrder[],
): Promise<readonly DueReturn[]> {
  const { transactions, awards } = stores
  const stored = await transactions.returnsOn(tenant.id, [bill.id])
  const ids = [...new Set(stored.flatMap(({ originalId }) => originalId ?? []))]
  await transactions.lock(tenant.id, [bill.id, ...ids])
  const originals = await transactions.findByIds(tenant.id, ids)
  const known = await ordersOf(stores, tenant, stored, orders)
  const waiting = originals.find(({ noPointsReason }) => noPointsReason === 'QUEUED')
  if (waiting) throw new OriginalStillQueued(waiting.id)
  const lines = await transactions.linesOf(tenant.id, ids)
  const history = await transactions.returnsOf(tenant.id, ids)
  const awarded = await awards.bySources(tenant.id, 'TRANSACTION', ids)
  const shares = new ReturnShares(tenant, { lines, history }, policy)
  return stored.map((returned) => {
    const original = originals.find(({ id }) => id === returned.originalId) ?? null
    const reversals =
      original && policy.reversesPoints
        ? shares.take(
            returned,
            original,
            awarded.filter(({ sourceRef }) => sourceRef === original.id),
          )
        : []
    const order = known.get(returned.id) ?? null
    const plan = planOf(returned, reversals, order?.points?.due)
    return { id: returned.id, billNumber: returned.billNumber, original, order, plan }
  })
}

/**
 * Orders under lock, by the return that is of them. What it takes of each was decided when it was stored; the order's own
 * lines say how far all of its returns have come by now.
 */
async function ordersOf(
  stores: Stores,
  { id: tenant }: Tenant,
  returns: readonly TransactionReturn[],
  taken: readonly QueuedOrder[],
): Promise<ReadonlyMap<string, OrderTaken>> {
  const ofOrders = returns.filter(({ orderId }) => orderId !== null)
  const known = new Map<string, OrderWithLines>()
  for (const key of [...new Set(ofOrders.map(({ billNumber }) => billNumber))].sort())
    known.set(key, present(await stores.orders.lock(tenant, key), 'the order of a stored return'))
  return new Map(
    ofOrders.map(({ id, billNumber }, index) => [
      id,
      { ...present(known.get(billNumber), 'the order'), ...present(taken[index], 'what is taken of it') },
    ]),
  )
}

const planOf = (
  { kind, amount, lines }: TransactionReturn,
  reversals: readonly Reversal[],
  ofOrder: Points = ZERO_POINTS,
): ReturnPlan => ({
  kind,
  amount,
  lines,
  reversals,
  points: sumPoints([ofOrder, ...reversals.map(({ due }) => due)]),
  unmatched: [],
})
