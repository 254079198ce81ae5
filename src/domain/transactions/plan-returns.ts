import { spentOn } from '../orders/order-points'
import { planOrderReturn } from '../orders/take-back-order'
import type { Tenant } from '../programs/tenant'
import { Decimal } from '../shared/decimal'
import { toAmount, toDecimal } from '../shared/money'
import { ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { ReturnRefused } from './errors'
import { findOriginal, type Original, secondOf } from './find-original'
import { keyOf, type KnownOriginal, knownOriginals } from './known-originals'
import { linesOfItem, type OriginalBill, type RequestedLine } from './original-bill'
import { planReturn, type ReturnPlan } from './plan-return'
import type { PlannedReturn, RequestedReturn, ReturnDocument, ReturnPolicy } from './planned-return'
import type { TransactionReturn } from './return'
import { isMore, returnedAmount } from './return-state'
import { programOf } from './settle-standings'

/**
 * Finds the originals, keeps them from other returns until commit, and decides what comes back of each; what one
 * return takes, the next one of the same call no longer finds. Writes nothing.
 *
 * Throws ReturnRefused for any of them.
 */
export async function planReturns(
  stores: Stores,
  tenant: Tenant,
  requested: readonly RequestedReturn[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<readonly PlannedReturn[]> {
  const originals: (Original | null)[] = []
  for (const { reference } of requested)
    originals.push(await findOriginal(stores, tenant, reference, document.owner))
  if (policy.takesFromFormerMembers !== true) await refuseFormerMembers(stores, tenant, originals)
  const known = await knownOriginals(stores, tenant, originals, document, policy)
  const knownAt = (index: number): KnownOriginal | null => {
    const original = originals[index] ?? null
    return original && (known.get(keyOf(original)) ?? null)
  }
  const linesOf = (index: number) => knownAt(index)?.bill.lines ?? []
  const { complete, homeless } = withStrays(requested, linesOf, document.strays)
  const planned = complete.map((wanted, index) => {
    const original = knownAt(index)
    if (original === null) return unknownReturn(wanted, document, policy)
    refuseOriginal(original, document)
    return planOne(original, tenant, wanted, document, policy)
  })
  return planned.map((one, index) =>
    index === 0 ? { ...one, plan: { ...one.plan, unmatched: [...one.plan.unmatched, ...homeless] } } : one,
  )
}

/** Throws ReturnRefused: LEFT_GROUP. */
async function refuseFormerMembers(
  { groups }: Pick<Stores, 'groups'>,
  { id: tenant }: Tenant,
  originals: readonly (Original | null)[],
): Promise<void> {
  for (const original of originals) {
    if (original?.kind !== 'BILL') continue
    const { groupId, memberId, billNumber } = original.bill
    if (groupId === null || memberId === null) continue
    const [own] = await groups.groupsOf(tenant, [memberId])
    if (own?.group.id !== groupId) throw new ReturnRefused('LEFT_GROUP', billNumber)
  }
}

/** Lines without a bill join the first return whose original has their item; what no original has stays homeless. */
function withStrays(
  requested: readonly RequestedReturn[],
  linesOf: (index: number) => OriginalBill['lines'],
  strays: readonly RequestedLine[],
): { readonly complete: readonly RequestedReturn[]; readonly homeless: readonly string[] } {
  const homeOf = ({ itemCode }: RequestedLine): number =>
    requested.findIndex(
      ({ request }, index) =>
        request.kind === 'LINE_ITEM' && linesOfItem(linesOf(index), itemCode).length > 0,
    )
  return {
    complete: requested.map(({ request, ...rest }, index) =>
      request.kind === 'LINE_ITEM'
        ? {
            ...rest,
            request: {
              ...request,
              lines: [...request.lines, ...strays.filter((line) => homeOf(line) === index)],
            },
          }
        : { ...rest, request },
    ),
    homeless: strays.filter((line) => homeOf(line) < 0).map(({ itemCode }) => itemCode),
  }
}

function refuseOriginal({ isOutlier, soldAt, billNumber }: KnownOriginal, { at }: ReturnDocument): void {
  if (isOutlier) throw new ReturnRefused('OUTLIER_ORIGINAL', billNumber)
  if (secondOf(at) < secondOf(soldAt)) throw new ReturnRefused('BEFORE_SALE', billNumber)
}

function planOne(
  known: KnownOriginal,
  tenant: Tenant,
  { request }: RequestedReturn,
  document: ReturnDocument,
  policy: ReturnPolicy,
): PlannedReturn {
  const { billNumber, transaction, bill } = known
  const terms = {
    amountDecimals: policy.amountDecimals,
    pointsDecimals: programOf(tenant, known.programId)?.pointsDecimals ?? 3,
    isExchange: document.isExchange,
  }
  const plan = planReturn(bill, known.history, request, terms)
  if (document.isDatedByClient && known.earlier.some((past) => isRepeat(past, plan, bill, document)))
    throw new ReturnRefused('REPEATED', billNumber)
  const order = planOrder(known, tenant, plan, policy)
  const kept = {
    ...plan,
    ...(policy.reversesPoints ? {} : { reversals: [], points: ZERO_POINTS }),
    ...(order && { points: order.points?.due ?? ZERO_POINTS }),
  }
  remember(known, kept, order)
  return { billNumber, original: transaction, order, plan: kept }
}

/** What a return that was decided does to the order that it is of; null when it is of a bill. Pure. */
function planOrder(
  { order, bill, history }: KnownOriginal,
  tenant: Tenant,
  { kind, amount, lines }: ReturnPlan,
  { reversesPoints, amountDecimals }: ReturnPolicy,
): PlannedReturn['order'] {
  if (order === null) return null
  if (kind === 'LINE_ITEM')
    return planOrderReturn({ tenant }, order, { kind: 'UNITS', units: lines }, reversesPoints)
  const left = toDecimal(bill.amount).minus(returnedAmount(history))
  if (kind !== 'AMOUNT' || !isMore(left, toDecimal(amount), { amountDecimals }))
    return planOrderReturn(
      { tenant },
      order,
      { kind: 'ALL', isCanceled: kind === 'CANCELED' },
      reversesPoints,
    )
  // What the client calls the order's total need not be what its lines come to: the same part of what they still count.
  const money = toAmount(new Decimal(spentOn(order.lines)).times(amount).div(left))
  return planOrderReturn({ tenant }, order, { kind: 'MONEY', money }, reversesPoints)
}

/** The same document with the same content at the same time: sent twice, not returned twice. */
function isRepeat(
  past: TransactionReturn,
  plan: ReturnPlan,
  { lines }: OriginalBill,
  { billNumber, at }: ReturnDocument,
): boolean {
  const content = ({ kind, amount, lines: taken }: Pick<ReturnPlan, 'kind' | 'amount' | 'lines'>): string => {
    const itemOf = (lineNo: number) => lines.find((line) => line.lineNo === lineNo)?.itemCode
    return JSON.stringify([
      kind,
      amount,
      taken.map((line) => [itemOf(line.lineNo), line.quantity, line.amount]),
    ])
  }
  return (
    past.documentNumber === billNumber &&
    secondOf(past.returnedAt) === secondOf(at) &&
    content(past) === content(plan)
  )
}

function remember(known: KnownOriginal, plan: ReturnPlan, order: PlannedReturn['order']): void {
  known.history = [...known.history, plan]
  known.order = order
  known.bill = {
    ...known.bill,
    awards: known.bill.awards.map((award) => {
      const reversal = plan.reversals.find(({ lineRef }) => lineRef === award.lineRef)
      return reversal ? { ...award, reversed: reversal.cumulative } : award
    }),
  }
}

function unknownReturn(
  { reference, request, statedAmount }: RequestedReturn,
  { billNumber }: ReturnDocument,
  { takesUnknown, takesUnnamed }: ReturnPolicy,
): PlannedReturn {
  if (!(reference === null ? takesUnnamed : takesUnknown))
    throw new ReturnRefused(
      reference?.id ? 'ORIGINAL_ID_NOT_FOUND' : 'ORIGINAL_NOT_FOUND',
      reference?.billNumber,
    )
  return {
    billNumber: reference?.billNumber ?? billNumber,
    original: null,
    order: null,
    plan: {
      kind: request.kind,
      amount: statedAmount,
      lines: [],
      reversals: [],
      points: ZERO_POINTS,
      unmatched: [],
    },
  }
}
