import type { Order } from '../orders/order'
import type { Tenant } from '../programs/tenant'
import { isNumberId, type MemberId, type TransactionId } from '../shared/ids'
import { type Instant, millisOf } from '../shared/instant'
import type { Stores } from '../stores'
import { ReturnRefused } from './errors'
import type { Transaction } from './transaction'

/** How a client names the bill that something comes back of; what it does not say is null. */
export interface OriginalReference {
  readonly id: string | null
  readonly billNumber: string | null
  /** Tells apart bills of one number. */
  readonly purchasedAt: Instant | null
}

/** Among what to look: sales of a member, or sales to nobody known. */
export type Owner = { readonly memberId: MemberId } | 'NOBODY'

/** What something may come back of: a bill, or an order of the same member. */
export type Original =
  { readonly kind: 'BILL'; readonly bill: Transaction } | { readonly kind: 'ORDER'; readonly order: Order }

/**
 * What a return is about; null when no such sale is known. One of several bills with the same number is found by when
 * it was sold. A member's order answers to its own id where no bill of theirs has it for its number.
 * Source: section 7.1 of the transactions contract; decision 41.
 *
 * Throws ReturnRefused: OF_ANOTHER_MEMBER, ID_OF_ANOTHER_MEMBER, REFERENCE_CONTRADICTS, SEVERAL_ORIGINALS.
 */
export async function findOriginal(
  stores: Pick<Stores, 'transactions' | 'orders'>,
  tenant: Tenant,
  reference: OriginalReference | null,
  owner: Owner,
): Promise<Original | null> {
  if (reference === null) return null
  if (reference.id !== null) return asOriginal(await findById(stores, tenant, reference.id, reference, owner))
  const sales = await salesOf(stores, tenant, reference)
  const own = sales.filter((sale) => belongsTo(sale, owner))
  if (own.length > 0 || owner === 'NOBODY') return asOriginal(onlyOne(own, reference))
  const order = reference.billNumber && (await stores.orders.findByKey(tenant.id, reference.billNumber))
  if (order && order.memberId === owner.memberId) return { kind: 'ORDER', order }
  if (order || sales.some(({ type }) => type === 'REGULAR'))
    throw new ReturnRefused('OF_ANOTHER_MEMBER', reference.billNumber)
  return null
}

const asOriginal = (bill: Transaction | null): Original | null => bill && { kind: 'BILL', bill }

/** The members' sales of a number, for a return that was thought to be nobody's. Throws ReturnRefused: SEVERAL_ORIGINALS. */
export async function findMembersSale(
  stores: Pick<Stores, 'transactions'>,
  tenant: Tenant,
  reference: OriginalReference | null,
): Promise<Transaction | null> {
  if (reference === null || reference.id !== null) return null
  const sales = await salesOf(stores, tenant, reference)
  return onlyOne(
    sales.filter(({ type }) => type === 'REGULAR'),
    reference,
  )
}

async function findById(
  { transactions }: Pick<Stores, 'transactions'>,
  tenant: Tenant,
  id: string,
  { billNumber }: OriginalReference,
  owner: Owner,
): Promise<Transaction | null> {
  const [found] = isNumberId(id) ? await transactions.findByIds(tenant.id, [id as TransactionId]) : []
  if (found?.type !== (owner === 'NOBODY' ? 'NOT_INTERESTED' : 'REGULAR')) return null
  if (!belongsTo(found, owner)) throw new ReturnRefused('ID_OF_ANOTHER_MEMBER', id)
  if (billNumber !== null && found.billNumber !== billNumber)
    throw new ReturnRefused('REFERENCE_CONTRADICTS', billNumber)
  return found
}

const salesOf = async (
  { transactions }: Pick<Stores, 'transactions'>,
  tenant: Tenant,
  { billNumber }: OriginalReference,
): Promise<readonly Transaction[]> =>
  billNumber === null ? [] : transactions.salesByNumber(tenant.id, billNumber)

const belongsTo = ({ type, memberId }: Transaction, owner: Owner): boolean =>
  owner === 'NOBODY' ? type === 'NOT_INTERESTED' : type === 'REGULAR' && memberId === owner.memberId

function onlyOne(
  sales: readonly Transaction[],
  { billNumber, purchasedAt }: OriginalReference,
): Transaction | null {
  if (sales.length <= 1) return sales[0] ?? null
  const then = sales.filter(({ billedAt }) => purchasedAt !== null && isSameSecond(billedAt, purchasedAt))
  if (then.length !== 1) throw new ReturnRefused('SEVERAL_ORIGINALS', billNumber)
  return then[0] ?? null
}

/** Clients cut the fractions of a second that they once sent. */
export const secondOf = (instant: Instant): number => Math.floor(millisOf(instant) / 1000)
const isSameSecond = (a: Instant, b: Instant): boolean => secondOf(a) === secondOf(b)
