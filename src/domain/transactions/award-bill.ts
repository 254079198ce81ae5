import { type BillEarning, earnsAnything, expiryOf } from '../points/earning'
import type { AwardCommand, AwardLine, Movement } from '../points/ledger'
import { movedNow } from '../points/wallet'
import type { Caller } from '../programs/caller'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import type { Instant } from '../shared/instant'
import type { Stores } from '../stores'
import { walletOfBill } from './bill-group'
import type { Transaction } from './transaction'

export interface TransactionAward {
  readonly movement: Movement
  readonly expiresAt: Instant | null
}

/** A stored bill and what it earned. */
export interface EarnedBill {
  readonly program: Program
  readonly stored: {
    readonly transaction: Pick<Transaction, 'id' | 'billNumber' | 'billedAt' | 'memberId' | 'groupId'>
  }
  readonly earning: BillEarning
  /** What decided the earning; by default the program's rule as it is now. */
  readonly rule?: string
}

/** The rule of a program that bills earn by, as the journal names it. */
export const ruleOf = ({ setup }: Tenant, { transactions }: Program): string =>
  `transactions.${transactions?.basis}@${setup.version}`

/** Awards what a sale earned; null when that is nothing. */
export async function awardFor(
  stores: Stores,
  caller: Caller,
  command: { readonly requestId: string | null },
  sale: EarnedBill,
): Promise<TransactionAward | null> {
  const award = awardOf(caller, command, sale)
  return award && { movement: await stores.ledger.award(award), expiresAt: award.expiresAt }
}

/** The award of what a sale earned; null when that is nothing. Pure. */
export function awardOf(
  { tenant, actor }: Caller,
  command: { readonly requestId: string | null },
  { program, stored: { transaction }, earning, rule = ruleOf(tenant, program) }: EarnedBill,
): AwardCommand | null {
  const lines = awardLines(earning, rule)
  if (lines.length === 0) return null
  return {
    account: walletOfBill(tenant, transaction, program),
    now: movedNow(tenant),
    timeZone: tenant.setup.timeZone,
    facts: {
      actionId: null,
      reason: `Bill ${transaction.billNumber}`,
      actor,
      requestId: command.requestId,
      occurredAt: transaction.billedAt,
    },
    // The source is the natural key: a transaction is awarded once, for ever.
    idempotency: null,
    source: { type: 'TRANSACTION', ref: transaction.id },
    purchase: { kind: 'TRANSACTION', id: transaction.id },
    lines,
    maturesAt: null,
    expiresAt: expiryOf(program.expiry, tenant.time.now, tenant.setup.timeZone),
    countsForLifetime: true,
  }
}

/** One award line per purchase line that earned, or one for the bill as a whole. Pure. */
export function awardLines({ awarded, lines }: BillEarning, rule: string): readonly AwardLine[] {
  if (lines.length === 0) return earnsAnything(awarded) ? [{ lineRef: '', points: awarded, rule }] : []
  return lines
    .map((points, index) => ({ lineRef: String(index + 1), points, rule }))
    .filter(({ points }) => earnsAnything(points))
}
