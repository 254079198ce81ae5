import type { NumberedBill } from '../../domain/transactions/transaction-store'

/** Within what a bill's number must be unique, as a key; null when it need not be. A deleted bill occupies no number. */
export function numberScopeOf({
  billNumberRule: { scope, windowDays },
  outlierStatus,
  storeId,
  tillCode,
}: Omit<NumberedBill, 'billNumber'>): string | null {
  if (scope === null || windowDays <= 0 || outlierStatus === 'DELETED') return null
  return { ORG: 'org', STORE: `store:${storeId}`, TILL: `till:${tillCode}`, RETURNS: 'returns' }[scope]
}

/** What twins of one bill number wait for each other by. */
export const numberClaim = (tenant: number | string, scope: string, billNumber: string): string =>
  JSON.stringify([tenant, scope, billNumber])
