import { Decimal } from '../shared/decimal'
import { type Amount, amount, toAmount } from '../shared/money'
import { sumPoints } from '../shared/points'
import type { LoyaltyDeps } from '../loyalty'
import { earnByLine } from '../points/earning'
import type { Movement } from '../points/ledger'
import type { Caller } from '../programs/caller'
import { ChangeNotAllowed } from '../purchases/errors'
import { changedOf, lockedOrder } from './change-order'
import { assertBuyerMayAct, FRESH } from './extend-order'
import { spendLeft } from './line-progress'
import type { Order, OrderLine } from './order'
import {
  awardOfLines,
  type Booking,
  type ChangedOrder,
  finishChange,
  type OrderChange,
  takeBack,
} from './order-points'

export interface CorrectSpend {
  readonly orderKey: string
  readonly direction: 'CREDIT' | 'DEBIT'
  /** More than zero. */
  readonly amount: Amount
  /** Who decided it, as the caller says; kept with the correction. */
  readonly by: string
  readonly reason: string
  readonly booking: Booking
}

/**
 * Corrects by hand what an order counts as spent; its points follow with the ratio it was awarded with, then spend and
 * tier. A credit is spendable at once. A debit takes from the youngest corrections and lines first, and never more than
 * the order still counts. Refuses with OrderNotFound, MemberMayNotAct (a credit earns), ChangeNotAllowed (a debit of
 * more than is left) and InvalidAmount. Source: contract of the orders door, section 8.
 */
export const correctSpend = (
  deps: LoyaltyDeps,
  caller: Caller,
  command: CorrectSpend,
): Promise<ChangedOrder> =>
  deps.unitOfWork.run(async (stores) => {
    const change = await lockedOrder(stores, caller, command)
    const sign = command.direction === 'CREDIT' ? 1 : -1
    const total = amount(
      toAmount(new Decimal(change.order.total).plus(new Decimal(command.amount).times(sign))),
      'amount',
    )
    return command.direction === 'CREDIT' ? credit(change, command, total) : debit(change, command, total)
  })

async function credit(change: OrderChange, command: CorrectSpend, total: Amount): Promise<ChangedOrder> {
  const { stores, caller, program, lines } = change
  const { tenant } = caller
  await assertBuyerMayAct(change)
  const added = creditLine(change, command)
  const order = { ...change.order, total, points: sumPoints([change.order.points, added.points]) }
  await stores.orders.save(tenant.id, order, [added])
  const award = awardOfLines(caller, program, order, {
    batch: added.batch,
    lines: [added],
    rule: `orders.correction@${tenant.setup.version}`,
    from: tenant.time.now,
    maturesAt: null,
    booking: command.booking,
  })
  const awarded = award ? [await stores.ledger.award(award)] : []
  return finishChange(change, order, [...lines, added], { awarded, removed: [] })
}

function creditLine(
  { order, lines, program }: OrderChange,
  { amount: unitPrice, by, reason }: CorrectSpend,
): OrderLine {
  const lineNo = (lines.at(-1)?.lineNo ?? 0) + 1
  const quantity = '1' as Amount
  const earned = earnByLine([{ unitPrice, quantity }], new Decimal(order.ratio), program.pointsDecimals)
  return {
    ...FRESH,
    orderId: order.id,
    lineNo,
    kind: 'SPEND',
    batch: lineNo,
    productId: 'spend',
    secondaryKey: null,
    quantity,
    unitPrice,
    state: 'SHIPPED',
    shipped: quantity,
    points: sumPoints(earned),
    attributes: { by, reason },
  }
}

async function debit(change: OrderChange, command: CorrectSpend, total: Amount): Promise<ChangedOrder> {
  const order: Order = { ...change.order, total }
  const after = debited(change.lines, command.amount)
  await change.stores.orders.save(change.caller.tenant.id, order, changedOf(change.lines, after))
  const removed: readonly Movement[] = await takeBack(change, after, 'waiting')
  return finishChange(change, order, after, { awarded: [], removed })
}

/** The lines with an amount taken from what they count as spent, youngest first. Throws ChangeNotAllowed. Pure. */
export function debited(lines: readonly OrderLine[], amountTaken: Amount): readonly OrderLine[] {
  let left = new Decimal(amountTaken)
  const after = lines.reduceRight<readonly OrderLine[]>((rest, line) => {
    const taken = Decimal.min(left, spendLeft(line))
    left = left.minus(taken)
    const sum = toAmount(new Decimal(line.debited).plus(taken))
    return [taken.isZero() ? line : { ...line, debited: sum }, ...rest]
  }, [])
  if (left.gt(0)) throw new ChangeNotAllowed('amount')
  return after
}
