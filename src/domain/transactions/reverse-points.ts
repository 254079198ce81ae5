import { type OrderTaken, takeOrderBack } from '../orders/take-back-order'
import type { Movement } from '../points/ledger'
import { UNLIMITED_DEBT } from '../points/ledger'
import { movedNow } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { ProgramId, TransactionId } from '../shared/ids'
import { sumPoints } from '../shared/points'
import type { Stores } from '../stores'
import { walletOfBill } from './bill-group'
import { type PlannedReturn, toNewReturns } from './planned-return'
import type { Transaction } from './transaction'

/** Keeps what a stored bill takes back, and how far that brings the orders among it. */
export async function storeReturns(
  { transactions, orders }: Stores,
  { tenant }: Caller,
  on: TransactionId,
  planned: readonly PlannedReturn[],
): Promise<void> {
  await transactions.addReturns(tenant.id, on, toNewReturns(planned))
  for (const { order, lines, touched } of wholeOrders(planned))
    await orders.save(
      tenant.id,
      order,
      lines.filter(({ lineNo }) => touched.includes(lineNo)),
    )
}

/** A document of a member that has been stored, and what it takes back. */
export interface StoredReturns {
  readonly document: Transaction
  readonly planned: readonly PlannedReturn[]
  readonly requestId: string | null
}

/**
 * Takes the points back, from the wallets that they went to: reversals are never refused because the points were spent.
 * Answers the member's last movement in each program.
 */
export async function reversePoints(
  stores: Stores,
  { tenant, actor, scopes }: Caller,
  { document, planned, requestId }: StoredReturns,
): Promise<ReadonlyMap<ProgramId, Movement>> {
  const movements = new Map<ProgramId, Movement>()
  for (const { original, plan } of planned) {
    if (original === null || plan.reversals.length === 0) continue
    const movement = await stores.ledger.reverse({
      account: walletOfBill(tenant, original, { id: original.programId }),
      now: movedNow(tenant),
      timeZone: tenant.setup.timeZone,
      facts: {
        actionId: null,
        reason: `Return of bill ${original.billNumber}`,
        actor,
        requestId,
        occurredAt: document.billedAt,
      },
      // Cumulative amounts under the lock of the original: nothing can be taken back twice.
      idempotency: null,
      source: { type: 'TRANSACTION', ref: original.id },
      purchase: { kind: 'TRANSACTION', id: document.id },
      lines: plan.reversals.map(({ lineRef, cumulative }) => ({ lineRef, cumulative })),
      maxDebt: UNLIMITED_DEBT,
    })
    if (original.groupId === null) movements.set(original.programId, movement)
  }
  for (const taken of wholeOrders(planned)) {
    const movement = await takeOrderBack(stores, { tenant, actor, scopes }, taken, {
      actionId: null,
      reason: `Return of order ${taken.order.orderKey}`,
      document: { kind: 'TRANSACTION', id: document.id },
      occurredAt: document.billedAt,
      requestId,
    })
    if (movement) movements.set(taken.order.programId, movement)
  }
  return movements
}

/** Orders of which something comes back, each once: all that is taken of it together. */
function wholeOrders(planned: readonly PlannedReturn[]): readonly OrderTaken[] {
  const whole = new Map<string, OrderTaken>()
  for (const { order: taken } of planned) {
    if (taken === null) continue
    const earlier = whole.get(taken.order.id)
    whole.set(taken.order.id, earlier ? together(earlier, taken) : taken)
  }
  return [...whole.values()]
}

const together = (earlier: OrderTaken, later: OrderTaken): OrderTaken => ({
  ...later,
  touched: [...new Set([...earlier.touched, ...later.touched])],
  points: earlier.points &&
    later.points && {
      due: sumPoints([earlier.points.due, later.points.due]),
      isCanceled: earlier.points.isCanceled || later.points.isCanceled,
      completes: earlier.points.completes || later.points.completes,
    },
})
