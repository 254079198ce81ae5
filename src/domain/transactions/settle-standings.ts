import type { Movement } from '../points/ledger'
import { statementOf, walletOf } from '../points/wallet'
import type { Program } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { Decimal } from '../shared/decimal'
import type { MemberId, ProgramId } from '../shared/ids'
import { type Amount, toAmount } from '../shared/money'
import { ZERO_POINTS } from '../shared/points'
import type { Stores } from '../stores'
import { settleStanding, type TierMove } from '../tiers/settle-standing'
import type { PlannedReturn, ReturnPolicy } from './planned-return'

/** What each program's spend changes by: less what came back of bills that were counted there. Pure. */
export function spendChanges(
  planned: readonly PlannedReturn[],
  fallback: ProgramId,
  { takesUnnamed }: Pick<ReturnPolicy, 'takesUnnamed'>,
): ReadonlyMap<ProgramId, Amount> {
  const changes = new Map<ProgramId, Amount>()
  for (const { original, order, plan } of planned) {
    const counted = order !== null || (original ? original.noPointsReason !== 'SKIPPED' : takesUnnamed)
    if (!counted) continue
    const program = order?.order.programId ?? original?.programId ?? fallback
    const before = new Decimal(changes.get(program) ?? 0)
    changes.set(program, toAmount(before.minus(order?.spend ?? plan.amount)))
  }
  return changes
}

/**
 * Settles a member's standing in every program that money or points moved in, after the ledger's verbs and in the
 * order of the programs' numbers; answers the tier before and after in the one asked about.
 */
export async function settleStandings(
  stores: Stores,
  tenant: Tenant,
  memberId: MemberId,
  spend: ReadonlyMap<ProgramId, Amount>,
  movements: ReadonlyMap<ProgramId, Movement>,
  about: ProgramId,
): Promise<TierMove | null> {
  let shown: TierMove | null = null
  for (const id of [...new Set([...spend.keys(), ...movements.keys()])].sort(byNumber)) {
    // A program that the setup has retired has no tiers to stand in.
    const program = programOf(tenant, id)
    if (!program) continue
    const lifetime =
      movements.get(id)?.balance.lifetime ??
      (async () =>
        (await statementOf(stores.accounts, tenant, walletOf(tenant, memberId, program)))?.lifetime ??
        ZERO_POINTS)
    const move = await settleStanding(stores, tenant, {
      memberId,
      program,
      spend: spend.get(id) ?? toAmount(new Decimal(0)),
      lifetime,
    })
    if (id === about) shown = move
  }
  return shown
}

const byNumber = (a: string, b: string): number => Number(a) - Number(b)

export const programOf = ({ setup }: Tenant, id: ProgramId): Program | null =>
  setup.programs.find((program) => program.id === id) ?? null
