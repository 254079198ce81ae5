import type { SourceAward } from '../points/source-awards'
import type { Tenant } from '../programs/tenant'
import { soldAmount } from './original-bill'
import type { ReturnPolicy } from './planned-return'
import type { TransactionReturn } from './return'
import { type Reversal, reversalsOf } from './reversals'
import { programOf } from './settle-standings'
import type { Transaction, TransactionLine } from './transaction'

export type DuePolicy = Pick<ReturnPolicy, 'reversesPoints' | 'amountDecimals'>

/** What is known of the bills that stored returns are of. */
export interface ReturnedBills {
  readonly lines: readonly TransactionLine[]
  /** All that ever came back of them, oldest first. */
  readonly history: readonly TransactionReturn[]
}

/**
 * What stored returns take of awards, one return after the other. Each takes its own share and no other's: what earlier
 * returns of the same bill take, whether they have or are still to, is theirs.
 */
export class ReturnShares {
  private readonly reversed = new Map<string, Reversal>()

  constructor(
    private readonly tenant: Tenant,
    private readonly bills: ReturnedBills,
    private readonly policy: DuePolicy,
  ) {}

  /** What a return takes of these awards of one source, which its bill is or has. */
  take(
    returned: TransactionReturn,
    original: Transaction,
    awards: readonly SourceAward[],
  ): readonly Reversal[] {
    const lines = this.bills.lines.filter(({ transactionId }) => transactionId === original.id)
    const reversals = reversalsOf(
      {
        amount: soldAmount(original.amount, lines),
        lines: lines.filter(({ isReturn }) => !isReturn),
        awards: awards.map((award) => this.soFar(award)),
      },
      this.bills.history.filter(
        ({ id, originalId }) => originalId === original.id && Number(id) < Number(returned.id),
      ),
      returned,
      { ...this.policy, pointsDecimals: programOf(this.tenant, original.programId)?.pointsDecimals ?? 3 },
    )
    const [award] = awards
    for (const reversal of reversals) this.reversed.set(`${award?.sourceRef}/${reversal.lineRef}`, reversal)
    return reversals
  }

  /** An award with what an earlier return takes of it. */
  private soFar(award: SourceAward): SourceAward {
    const earlier = this.reversed.get(`${award.sourceRef}/${award.lineRef}`)
    return earlier ? { ...award, reversed: earlier.cumulative } : award
  }
}
