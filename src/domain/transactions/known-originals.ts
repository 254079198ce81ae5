import { goneUnits } from '../orders/line-progress'
import type { Order, OrderLine } from '../orders/order'
import type { Tenant } from '../programs/tenant'
import { Decimal } from '../shared/decimal'
import type { ProgramId } from '../shared/ids'
import type { Instant } from '../shared/instant'
import { type Amount, sumAmounts, toAmount } from '../shared/money'
import type { Stores } from '../stores'
import { type Original, secondOf } from './find-original'
import { type OriginalBill, type OriginalLine, type PastReturn, soldAmount } from './original-bill'
import type { ReturnDocument, ReturnPolicy } from './planned-return'
import type { TransactionReturn } from './return'
import { linesTaken, sum } from './return-state'
import type { Transaction, TransactionLine } from './transaction'

/** An original under lock, with what has come back of it so far; what this call takes is added as it is decided. */
export interface KnownOriginal {
  readonly billNumber: string
  readonly programId: ProgramId
  readonly soldAt: Instant
  readonly isOutlier: boolean
  /** Null: an order. */
  readonly transaction: Transaction | null
  /** Returns of earlier calls. */
  readonly earlier: readonly TransactionReturn[]
  /** Where it is one, with its lines as they are by now. */
  order: { readonly order: Order; readonly lines: readonly OrderLine[] } | null
  bill: OriginalBill
  history: readonly PastReturn[]
}

/** What tells originals apart. */
export const keyOf = (original: Original): string =>
  original.kind === 'BILL' ? `bill/${original.bill.id}` : `order/${original.order.id}`

/** Keeps originals from other returns until commit, bills before orders and each in one order, and reads them. */
export async function knownOriginals(
  stores: Stores,
  tenant: Tenant,
  originals: readonly (Original | null)[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<ReadonlyMap<string, KnownOriginal>> {
  const bills = originals.flatMap((one) => (one?.kind === 'BILL' ? [one.bill] : []))
  const keys = originals.flatMap((one) => (one?.kind === 'ORDER' ? [one.order.orderKey] : []))
  const known = [
    ...(await knownBills(stores, tenant, bills, document, policy)),
    ...(await knownOrders(stores, tenant, [...new Set(keys)].sort(), document, policy)),
  ]
  return new Map(known)
}

type Entry = readonly [string, KnownOriginal]

async function knownBills(
  { transactions, awards }: Stores,
  { id: tenant }: Tenant,
  bills: readonly Transaction[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<readonly Entry[]> {
  if (bills.length === 0) return []
  const ids = [...new Set(bills.map(({ id }) => id))]
  await transactions.lock(tenant, ids)
  const lines = await transactions.linesOf(tenant, ids)
  const history = await transactions.returnsOf(tenant, ids)
  const awarded = await awards.bySources(tenant, 'TRANSACTION', ids)
  return bills.map((bill) => {
    const own = lines.filter(({ transactionId }) => transactionId === bill.id)
    const earlier = history.filter(({ originalId }) => originalId === bill.id)
    const known: KnownOriginal = {
      billNumber: bill.billNumber,
      programId: bill.programId,
      soldAt: bill.billedAt,
      isOutlier: bill.outlierStatus !== 'NORMAL',
      transaction: bill,
      order: null,
      bill: {
        amount: soldAmount(bill.amount, own),
        lines: own
          .filter(({ isReturn }) => !isReturn)
          .map((line) => ({
            ...line,
            otherCode: null,
            ...termsAt(line, bill.billedAt, document, policy),
          })),
        awards: awarded.filter(({ sourceRef }) => sourceRef === bill.id),
      },
      earlier,
      history: earlier,
    }
    return [keyOf({ kind: 'BILL', bill }), known]
  })
}

async function knownOrders(
  { orders, transactions }: Stores,
  { id: tenant }: Tenant,
  keys: readonly string[],
  document: ReturnDocument,
  policy: ReturnPolicy,
): Promise<readonly Entry[]> {
  const known: Entry[] = []
  for (const key of keys) {
    const found = await orders.lock(tenant, key)
    if (!found) continue
    const { order, lines } = found
    const earlier = await transactions.returnsOfOrders(tenant, [order.id])
    known.push([
      keyOf({ kind: 'ORDER', order }),
      {
        billNumber: order.orderKey,
        programId: order.programId,
        soldAt: order.placedAt,
        isOutlier: false,
        transaction: null,
        order: found,
        bill: billOfOrder(found, document, policy),
        earlier,
        history: [...earlier, ...goneElsewhere(lines, earlier)],
      },
    ])
  }
  return known
}

/**
 * An order as a bill: its goods by product, or by the second key that tells two lines of one product apart. Its points
 * go back by its own rule, so that it has no awards here. Pure.
 */
function billOfOrder(
  { order, lines }: { readonly order: Order; readonly lines: readonly OrderLine[] },
  document: ReturnDocument,
  policy: ReturnPolicy,
): OriginalBill {
  const goods = lines.filter(({ kind }) => kind === 'PRODUCT')
  return {
    amount: order.total,
    lines: goods.map((line): OriginalLine => ({
      lineNo: line.lineNo,
      itemCode: line.productId,
      otherCode: line.secondaryKey,
      quantity: line.quantity,
      rate: line.unitPrice,
      amount: priceOf(line, line.quantity),
      ...termsAt(line, order.placedAt, document, policy),
    })),
    awards: [],
  }
}

/** What left an order otherwise than by our returns: units that its own door took back or canceled. Pure. */
export function goneElsewhere(
  lines: readonly OrderLine[],
  returns: readonly PastReturn[],
): readonly PastReturn[] {
  const goods = lines.filter(({ kind }) => kind === 'PRODUCT')
  const gone = goods.flatMap((line) => {
    const ours = sum(linesTaken(returns, line.lineNo).map(({ quantity }) => quantity))
    const units = goneUnits(line).minus(ours)
    if (units.lte(0)) return []
    const quantity = toAmount(units)
    return [{ lineNo: line.lineNo, quantity, amount: priceOf(line, quantity) }]
  })
  if (gone.length === 0) return []
  const kind = goods.every(({ state }) => state === 'CANCELED') ? 'CANCELED' : 'LINE_ITEM'
  return [{ kind, amount: sumAmounts(gone.map(({ amount }) => amount)), lines: gone }]
}

const priceOf = ({ unitPrice }: OrderLine, quantity: Amount): Amount =>
  toAmount(new Decimal(unitPrice).times(quantity))

const DAY_SECONDS = 86_400

/** What was said about a line when it was sold, as far as it holds now. Pure. */
function termsAt(
  line: Pick<TransactionLine, 'attributes'>,
  soldAt: Instant,
  { at }: ReturnDocument,
  { termsOf }: ReturnPolicy,
): Pick<OriginalLine, 'serial' | 'returnable' | 'parts'> {
  const { serial, returnable, returnableDays, parts } = termsOf(line)
  const isLate = returnableDays !== null && secondOf(at) - secondOf(soldAt) > returnableDays * DAY_SECONDS
  return { serial, returnable: returnable && !isLate, parts }
}
