import type { LoyaltyDeps } from '../loyalty'
import { MemberNotFound } from '../members/errors'
import type { IdentityKey, Member } from '../members/member'
import type { Caller } from '../programs/caller'
import type { Tenant } from '../programs/tenant'
import { ChangeNotAllowed } from '../purchases/errors'
import type { LineId, MemberId, TransactionId } from '../shared/ids'
import type { Stores } from '../stores'
import { LineNotFound, TransactionNotFound } from './errors'
import type { FieldChanges } from './transaction-changes'
import type { DeliveryStatus, Transaction, TransactionLine, TransactionType } from './transaction'

/** What may change about a stored transaction; everything else is as it was booked. */
export interface UpdateTransaction {
  readonly transaction: { readonly id: TransactionId } | { readonly billNumber: string }
  /** Whose it is; null for one that knows no member. */
  readonly member: IdentityKey | MemberId | null
  /** Types that the caller may change. */
  readonly types: readonly TransactionType[]
  /** Null: stays. */
  readonly deliveryStatus: DeliveryStatus | null
  readonly customFields: FieldChanges
  readonly extendedFields: FieldChanges
  readonly attributes: FieldChanges
  /** Extended fields of lines, each named by its id or by its item. */
  readonly lines: readonly LineChange[]
}

export interface LineChange {
  readonly id: LineId | null
  readonly itemCode: string | null
  readonly extendedFields: FieldChanges
}

export interface UpdatedTransaction {
  readonly id: TransactionId
  readonly member: Member | null
}

/**
 * Changes what may change about a transaction; of several with one bill number the one that was added first. Nothing is
 * earned or taken back by it.
 *
 * Throws MemberNotFound, TransactionNotFound (none, or another member's), ChangeNotAllowed (of another type, or one that
 * sells and takes back), LineNotFound, Busy.
 */
export async function updateTransaction(
  { unitOfWork }: LoyaltyDeps,
  { tenant }: Caller,
  command: UpdateTransaction,
): Promise<UpdatedTransaction> {
  return unitOfWork.run(async (stores) => {
    const member = await ownerOf(stores, tenant, command.member)
    const { id, type } = await lockedFor(stores, tenant, command, member)
    const lines = await stores.transactions.linesOf(tenant.id, [id])
    if (isMixed(type, lines)) throw new ChangeNotAllowed('type')
    await stores.transactionChanges.change(tenant.id, id, {
      ...command,
      lines: command.lines.map((change) => ({
        lineNo: lineOf(lines, change).lineNo,
        extendedFields: change.extendedFields,
      })),
    })
    return { id, member }
  })
}

async function ownerOf(
  { members }: Stores,
  tenant: Tenant,
  who: UpdateTransaction['member'],
): Promise<Member | null> {
  if (who === null) return null
  const [member] =
    typeof who === 'string'
      ? await members.findByIds(tenant.id, [who])
      : await members.findByIdentities(tenant.id, [who])
  if (!member) throw new MemberNotFound(typeof who === 'string' ? { type: 'id', value: who } : who)
  return member
}

async function lockedFor(
  { transactions, transactionChanges }: Stores,
  tenant: Tenant,
  { transaction: named, types }: UpdateTransaction,
  member: Member | null,
): Promise<Transaction> {
  const id = await transactionChanges.lock(tenant.id, named, member?.id ?? null)
  const [found] = id === null ? [] : await transactions.findByIds(tenant.id, [id])
  if (!found) throw new TransactionNotFound('id' in named ? named.id : null)
  if (!types.includes(found.type)) throw new ChangeNotAllowed('type')
  return found
}

/** A sale that takes something back as well. */
const isMixed = (type: TransactionType, lines: readonly TransactionLine[]): boolean =>
  type === 'REGULAR' && lines.some((line) => line.isReturn)

function lineOf(lines: readonly TransactionLine[], { id, itemCode }: LineChange): TransactionLine {
  const line = lines.find((candidate) =>
    id === null ? candidate.itemCode === itemCode : candidate.id === id,
  )
  if (!line) throw new LineNotFound(id, itemCode)
  return line
}
