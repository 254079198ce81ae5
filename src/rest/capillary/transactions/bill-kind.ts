import { RETURN_KINDS, type ReturnKind } from '../../../domain/transactions/return'
import type { AddTransactionBody, LineItemBody } from './add-transaction.contract'

/** What a body is, once its aliases are resolved: an exchange is a sale with return lines (section 8). */
export type BillKind = 'REGULAR' | 'EXCHANGE' | 'RETURN' | 'NOT_INTERESTED' | 'NOT_INTERESTED_RETURN'

/** Pure. A type that is none counts as a sale; it is refused anyway. */
export function kindOf({ type, lineItemsV2 = [] }: AddTransactionBody): BillKind {
  if (type === 'RETURN' || type === 'NOT_INTERESTED') return type
  if (type === 'NOT_INTERESTED_RETURN' || type === 'NI_RETURN') return 'NOT_INTERESTED_RETURN'
  return lineItemsV2.some((line) => line.type === 'RETURN') ? 'EXCHANGE' : 'REGULAR'
}

export const isReturn = (kind: BillKind): boolean => kind === 'RETURN' || kind === 'NOT_INTERESTED_RETURN'
export const knowsCustomer = (kind: BillKind): boolean => !kind.startsWith('NOT_INTERESTED')

/** Whether a line comes back rather than being sold. */
export const comesBack = (line: LineItemBody, kind: BillKind): boolean =>
  isReturn(kind) || (kind === 'EXCHANGE' && line.type === 'RETURN')

/** How the lines of a return refer to bills of their own, which makes the header's number that of the document. */
export const namesParents = ({ lineItemsV2 = [] }: AddTransactionBody): boolean =>
  lineItemsV2.some(({ parentBillNumber }) => parentBillNumber !== undefined)

/** The vendor spells it the British way. */
export const RETURN_TYPES: Readonly<Record<string, ReturnKind>> = {
  ...Object.fromEntries(RETURN_KINDS.filter((kind) => kind !== 'CANCELED').map((kind) => [kind, kind])),
  CANCELLED: 'CANCELED',
}

/** How a line of an exchange comes back: as it says, else as the header does. */
export const lineReturnType = (line: LineItemBody, { returnType }: AddTransactionBody): string | undefined =>
  line.returnType ?? returnType
