import type { LoyaltyDeps } from '../loyalty'
import type { Caller } from '../programs/caller'
import { OrderNotFound } from './errors'
import {
  type Booking,
  type ChangedOrder,
  finishChange,
  type OrderChange,
  programOfOrder,
  release,
  releaseAfter,
  takeBack,
} from './order-points'
import type { OrderLine } from './order'
import { type Move, type MovedLine, planMove } from './plan-change'
import type { Stores } from '../stores'

export interface ChangeOrder {
  readonly orderKey: string
  readonly move: Move
  /** Null: the whole order. */
  readonly lines: readonly MovedLine[] | null
  /** Of a shipment: follow the order's rule, release its points at once, or keep holding them. */
  readonly hold: 'rule' | 'release' | 'keep'
  readonly booking: Booking
}

/**
 * Ships, takes back or cancels units of an order, books the points that go or become spendable, counts the spend and
 * re-evaluates the tier; all of it or nothing. Points are taken pro rata and exactly: parts in any order end where the
 * whole ends. What was spent meanwhile becomes a debt. Two changes of one order follow each other.
 * Refuses with OrderNotFound and ChangeNotAllowed. Source: contract of the orders door, section 8.
 */
export const changeOrder = (deps: LoyaltyDeps, caller: Caller, command: ChangeOrder): Promise<ChangedOrder> =>
  deps.unitOfWork.run(async (stores) => {
    const change = await lockedOrder(stores, caller, command)
    const { order, lines } = change
    const after = planMove(lines, command.move, command.lines)
    await stores.orders.save(caller.tenant.id, order, changedOf(lines, after))
    const removed =
      command.move === 'SHIP'
        ? []
        : await takeBack(change, after, command.move === 'CANCEL' ? 'waiting' : 'released')
    const due = releaseAfter(order, lines, after, {
      move: command.move,
      hold: command.hold,
      now: caller.tenant.time.now,
      zone: caller.tenant.setup.timeZone,
    })
    if (due) await release(change, after, due.at, due.sooner)
    return finishChange(change, order, after, { awarded: [], removed })
  })

/** The order, locked until commit, with what a change needs to know. Throws OrderNotFound. */
export async function lockedOrder(
  stores: Stores,
  caller: Caller,
  { orderKey, booking }: { readonly orderKey: string; readonly booking: Booking },
): Promise<OrderChange> {
  const found = await stores.orders.lock(caller.tenant.id, orderKey)
  if (!found) throw new OrderNotFound(orderKey)
  return { ...found, stores, caller, booking, program: programOfOrder(caller.tenant, found.order) }
}

/** Lines that differ from before, and those that are new. Pure. */
export const changedOf = (before: readonly OrderLine[], after: readonly OrderLine[]): readonly OrderLine[] =>
  after.filter((line, index) => line !== before[index])
