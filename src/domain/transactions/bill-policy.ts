import type { Tenant } from '../programs/tenant'
import type { Amount } from '../shared/money'
import type { ReturnPolicy } from './planned-return'
import type { BillNumberRule, OutlierStatus } from './transaction'

/** What tells whether a sale is out of the ordinary. */
export interface JudgedBill {
  /** What the client says; it beats every rule. */
  readonly said: OutlierStatus | null
  readonly billNumber: string
  readonly storeCode: string | null
  readonly amount: Amount
  readonly lines: readonly { readonly itemCode: string; readonly quantity: Amount; readonly amount: Amount }[]
}

/** What a tenant's setup says about bills, whatever door they come through. */
export interface BillPolicy {
  readonly saleNumbers: BillNumberRule
  readonly returnNumbers: BillNumberRule
  readonly returns: ReturnPolicy
  ignoresPoints(billNumber: string): boolean
  /** The status of the bill, and for each line whether it is out of the ordinary. */
  judge(bill: JudgedBill): { readonly status: OutlierStatus; readonly lines: readonly boolean[] }
}

export type BillPolicies = (tenant: Tenant) => BillPolicy
