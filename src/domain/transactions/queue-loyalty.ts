import type { OrderTaken, PointsTaken } from '../orders/take-back-order'
import { type BillEarning, earnsAnything } from '../points/earning'
import type { Caller } from '../programs/caller'
import type { JsonObject } from '../shared/json'
import type { Amount } from '../shared/money'
import { type Points, ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { ruleOf } from './award-bill'
import { type CurrencyEarning, earnsCurrency } from './currency-earning'
import type { Earning } from './record-transaction'
import { programOf } from './settle-standings'
import type { PlannedReturn, ReturnPolicy } from './planned-return'
import type { NoPointsReason, Transaction } from './transaction'

/** The kind of job that books what stored bills earn and take back. */
export const LOYALTY_JOB = 'transaction.loyalty'

/** What a stored bill does to its member's points and standing, decided and still to be booked. */
export interface LoyaltyWork {
  /** Null: it sells nothing. */
  readonly earning: Earning | null
  /** What counts as spent; null: nothing does. */
  readonly spend: Amount | null
  /** What the tenant's settings said about its returns; absent: it takes nothing back. */
  readonly returns?: Pick<ReturnPolicy, 'reversesPoints' | 'takesUnnamed' | 'amountDecimals'>
  /** What it takes back of orders, in the order of its returns. */
  readonly orders?: readonly QueuedOrder[]
  readonly requestId: string | null
}

/** What a bill takes back of an order and what that does, decided and still to be booked. */
export type QueuedOrder = Pick<OrderTaken, 'touched' | 'points' | 'spend'>

/** Those of planned returns that are of orders. Pure. */
export const ordersTaken = (planned: readonly PlannedReturn[]): readonly QueuedOrder[] =>
  planned.flatMap(({ order }) => order ?? [])

/** Whether there is anything to book for a sale. Pure. */
export const isLoyaltyDue = ({ earning, spend }: Pick<LoyaltyWork, 'earning' | 'spend'>): boolean =>
  spend !== null || (earning !== null && (earnsAnything(earning.awarded) || earnsCurrency(earning)))

/** What a sale shows while its points are still to come; what earns nothing says why at once. Pure. */
export const queued = (earning: Earning): Earning =>
  earnsAnything(earning.awarded) || earnsCurrency(earning)
    ? { raw: ZERO_POINTS, awarded: ZERO_POINTS, lines: [], noPointsReason: 'QUEUED', currencies: [] }
    : earning

/**
 * Queues what a bill does, in the transaction that stores it: the bill is never there without its job. Bills of one
 * member are booked in the order in which they were stored; a bill has one job, ever.
 */
export async function queueLoyalty(
  { jobs }: Stores,
  { tenant, actor }: Caller,
  { id, memberId, programId }: Transaction,
  { earning, spend, returns, orders = [], requestId }: LoyaltyWork,
): Promise<void> {
  const program = programOf(tenant, programId) ?? tenant.setup.defaultProgram
  await jobs.add([
    {
      tenantId: tenant.id,
      kind: LOYALTY_JOB,
      lane: `member:${memberId}`,
      dedupKey: `${LOYALTY_JOB}:${id}`,
      payload: {
        transactionId: id,
        actor,
        requestId,
        earning: earning && { ...earningJson(earning), rule: ruleOf(tenant, program) },
        spend,
        returns: returns
          ? {
              reversesPoints: returns.reversesPoints,
              takesUnnamed: returns.takesUnnamed,
              amountDecimals: returns.amountDecimals,
            }
          : null,
        orders: orders.map(orderJson),
      },
      maxAttempts: MAX_ATTEMPTS,
    },
  ])
}

/** With the queue's back-off, about ten hours of trying. */
const MAX_ATTEMPTS = 20

const earningJson = ({ raw, awarded, lines, noPointsReason, currencies }: Earning): JsonObject => ({
  raw: String(raw),
  awarded: String(awarded),
  lines: lines.map(String),
  noPointsReason,
  ...(currencies.length > 0 && {
    currencies: currencies.map((currency) => ({
      identifier: currency.identifier,
      name: currency.name,
      raw: String(currency.raw),
      awarded: String(currency.awarded),
      lines: currency.lines.map(String),
    })),
  }),
})

/** A queued earning, with the rule that decided it. */
export interface QueuedEarning extends BillEarning {
  readonly noPointsReason: NoPointsReason | null
  readonly currencies: readonly CurrencyEarning[]
  readonly rule: string
}

/** The earning of a job's payload, which `queueLoyalty` wrote. Pure. */
export function earningFrom(payload: JsonObject): QueuedEarning | null {
  const said = payload['earning'] as SaidEarning | null
  if (said === null) return null
  return {
    ...figuresFrom(said),
    noPointsReason: said.noPointsReason,
    rule: said.rule,
    currencies: (said.currencies ?? []).map(({ identifier, name, ...figures }) => ({
      identifier,
      name,
      ...figuresFrom(figures),
    })),
  }
}

interface SaidFigures {
  readonly raw: string
  readonly awarded: string
  readonly lines: readonly string[]
}

interface SaidEarning extends SaidFigures {
  readonly rule: string
  readonly noPointsReason: NoPointsReason | null
  readonly currencies?: readonly (SaidFigures & Pick<CurrencyEarning, 'identifier' | 'name'>)[]
}

const figuresFrom = ({ raw, awarded, lines }: SaidFigures): BillEarning => {
  const points = (text: string): Points => BigInt(text) as Points
  return { raw: points(raw), awarded: points(awarded), lines: lines.map(points) }
}

const orderJson = ({ touched, points, spend }: QueuedOrder): JsonObject => ({
  touched,
  points: points && { ...points, due: String(points.due) },
  spend,
})

/** What a job's payload takes back of orders, which `queueLoyalty` wrote. Pure. */
export function ordersFrom(payload: JsonObject): readonly QueuedOrder[] {
  const said = (payload['orders'] ?? []) as readonly JsonObject[]
  return said.map(({ touched, points, spend }) => ({
    touched: touched as readonly number[],
    points: points && toPointsTaken(points as JsonObject),
    spend: spend as Amount,
  })) as readonly QueuedOrder[]
}

const toPointsTaken = ({ due, isCanceled, completes }: JsonObject): PointsTaken => ({
  due: BigInt(due as string) as Points,
  isCanceled: isCanceled === true,
  completes: completes === true,
})
