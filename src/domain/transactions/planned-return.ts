import type { OrderTaken } from '../orders/take-back-order'
import type { Instant } from '../shared/instant'
import { type Amount, sumAmounts } from '../shared/money'
import { ZERO_POINTS } from '../shared/points'
import type { OriginalReference, Owner } from './find-original'
import type { RequestedLine, ReturnRequest } from './original-bill'
import type { ReturnPlan } from './plan-return'
import type { NewTransactionReturn } from './return'
import type { Transaction, TransactionLine } from './transaction'

/** One bill that something comes back of, and what. */
export interface RequestedReturn {
  /** Null: the client names none. */
  readonly reference: OriginalReference | null
  readonly request: ReturnRequest
  /** What the client says it comes to; counts only where the original is not known. */
  readonly statedAmount: Amount
}

/** What a tenant's settings say about returns. */
export interface ReturnPolicy {
  /** Whether a return of a bill that is not known here is stored. */
  readonly takesUnknown: boolean
  /** Whether a return that names no bill is, and whether either lowers what the member has spent. */
  readonly takesUnnamed: boolean
  readonly reversesPoints: boolean
  /** Whether a bill that was made for a group comes back from who has left it. */
  readonly takesFromFormerMembers?: boolean
  /** Decimals of the tenant's currency. */
  readonly amountDecimals: number
  /** What was said about a line when it was sold. */
  readonly termsOf: (line: Pick<TransactionLine, 'attributes'>) => LineTerms
}

export interface LineTerms {
  readonly serial: string | null
  readonly returnable: boolean
  /** After so many days it may not come back any more; null: no limit. */
  readonly returnableDays: number | null
  /** Item codes of what it is made of, which do not come back alone. */
  readonly parts: readonly string[]
}

/** The bill that returns are written on. */
export interface ReturnDocument {
  readonly billNumber: string
  readonly at: Instant
  /** Whether the client said when: then the same again is a repeat. */
  readonly isDatedByClient: boolean
  readonly isExchange: boolean
  readonly owner: Owner
  /** Lines that name no bill, beside others that do: looked for in the bills of those. */
  readonly strays: readonly RequestedLine[]
}

/** One thing that comes back, decided. */
export interface PlannedReturn {
  readonly billNumber: string
  /** Null: an order, or not known here. */
  readonly original: Transaction | null
  /** What it comes back of where that is an order; null: a bill, or not known here. */
  readonly order: OrderTaken | null
  readonly plan: ReturnPlan
}

/** What was taken all the same, and what the client should know of it. */
export interface ReturnNotice {
  readonly kind:
    | 'UNKNOWN_ORIGINAL'
    | 'UNMATCHED_LINE'
    | 'TAKEN_AS_MEMBERS'
    | 'NO_RETURN_LIMIT'
    | 'UNKNOWN_GROUP'
    | 'UNKNOWN_GROUP_KEY'
    | 'NOT_IN_GROUP'
  /** A bill number, an item code, or a group. */
  readonly about: string
}

/** What the client should know of returns that were taken. Pure. */
export const noticesOf = (planned: readonly PlannedReturn[]): readonly ReturnNotice[] =>
  planned.flatMap(({ original, order, billNumber, plan }): readonly ReturnNotice[] => [
    ...((original ?? order) ? [] : [{ kind: 'UNKNOWN_ORIGINAL' as const, about: billNumber }]),
    ...plan.unmatched.map((about) => ({ kind: 'UNMATCHED_LINE' as const, about })),
  ])

/** What the store keeps of returns. Pure. */
export const toNewReturns = (planned: readonly PlannedReturn[]): readonly NewTransactionReturn[] =>
  planned.map(({ original, order, billNumber, plan: { kind, amount, points, lines } }) => ({
    originalId: original?.id ?? null,
    orderId: order?.order.id ?? null,
    billNumber,
    kind,
    amount,
    points,
    lines: (original ?? order) ? lines : [],
  }))

/** Whether points are taken back later: because that is wanted, or because what was to be taken is still to come. Pure. */
export const waitsForLoyalty = (
  { runsLoyalty, defersLoyalty }: { readonly runsLoyalty: boolean; readonly defersLoyalty?: boolean },
  planned: readonly PlannedReturn[],
): boolean =>
  runsLoyalty &&
  (defersLoyalty === true || planned.some(({ original }) => original?.noPointsReason === 'QUEUED'))

/** Returns of goods and money whose points are decided when they are taken. Pure. */
export const withoutPoints = (planned: readonly PlannedReturn[]): readonly PlannedReturn[] =>
  planned.map((one) => ({ ...one, plan: { ...one.plan, reversals: [], points: ZERO_POINTS } }))

/** Money that came back. Pure. */
export const returnedAmount = (planned: readonly PlannedReturn[]): Amount =>
  sumAmounts(planned.map(({ plan }) => plan.amount))
