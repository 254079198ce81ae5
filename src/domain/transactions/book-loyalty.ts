import { earnsAnything } from '../points/earning'
import type { Movement } from '../points/ledger'
import type { Program } from '../programs/program'
import { type Tenant, tenantAt } from '../programs/tenant'
import type { TenantStore } from '../programs/tenant-store'
import type { Clock } from '../shared/clock'
import { Decimal } from '../shared/decimal'
import type { MemberId, ProgramId, TransactionId } from '../shared/ids'
import type { Job } from '../shared/job-queue'
import { type Amount, toAmount } from '../shared/money'
import { sumPoints, ZERO_POINTS } from '../shared/points'
import { present } from '../shared/present'
import type { Stores } from '../stores'
import { dueReturns, type DueReturn } from './due-returns'
import type { DuePolicy } from './return-shares'
import { earningFrom, ordersFrom, type QueuedEarning } from './queue-loyalty'
import { awardFor, type TransactionAward } from './award-bill'
import { moveCurrencies } from './move-currencies'
import { pointsBack } from './return-transaction'
import { programOf, settleStandings, spendChanges } from './settle-standings'
import { reversePoints } from './reverse-points'
import type { Transaction } from './transaction'

export interface LoyaltyJobDeps {
  /** On the pool, where setups are remembered. */
  readonly tenants: TenantStore
  readonly clock: Clock
}

/**
 * Books what a stored bill earns and takes back, on the transaction that also completes its job. What it earns was
 * decided when it was stored; points live from now, as those of any award. What it takes back is decided now: by then the
 * sale that it is about has got its points.
 *
 * Throws OriginalStillQueued, whatever the ledger throws, and Busy: the job is then tried again.
 */
export async function bookLoyalty(
  { tenants, clock }: LoyaltyJobDeps,
  stores: Stores,
  { tenantId, payload }: Job,
): Promise<void> {
  const head = present(await tenants.headById(tenantId), 'the tenant of a job')
  const tenant = tenantAt(await tenants.setup(tenantId, head.setupVersion), head, clock)
  const [bill] = await stores.transactions.findByIds(tenantId, [payload['transactionId'] as TransactionId])
  // A sandbox that was reset forgets its bills, and their jobs with them.
  if (!bill) return
  const memberId = present(bill.memberId, 'the member of a bill with loyalty work')
  const program = present(programOf(tenant, bill.programId), 'the program of the bill')
  const work: Booking = {
    tenant,
    bill,
    memberId,
    program,
    actor: payload['actor'] as string,
    requestId: payload['requestId'] as string | null,
    earning: earningFrom(payload),
  }
  const policy = payload['returns'] as (DuePolicy & { readonly takesUnnamed: boolean }) | null
  const returns = policy === null ? [] : await dueReturns(stores, tenant, bill, policy, ordersFrom(payload))
  const award = work.earning && (await awardOf(stores, work, work.earning))
  const reversed = await reversePoints(
    stores,
    { tenant, actor: work.actor, scopes: [] },
    { document: bill, planned: returns, requestId: work.requestId },
  )
  await moveCurrencies(
    stores,
    { tenant, actor: work.actor, scopes: [] },
    {
      document: bill,
      sale: work.earning && { program, currencies: work.earning.currencies, rule: work.earning.rule },
      returns: policy,
      requestId: work.requestId,
    },
  )
  const spend = spendOf(payload['spend'] as Amount | null, work, returns, policy?.takesUnnamed ?? false)
  const movements = movementsOf(work, award, reversed)
  await settleStandings(stores, tenant, memberId, spend, movements, program.id)
  await stores.transactionChanges.settlePoints(tenantId, bill.id, settledBy(work, returns))
}

interface Booking {
  readonly tenant: Tenant
  readonly bill: Transaction
  readonly memberId: MemberId
  readonly program: Program
  readonly actor: string
  readonly requestId: string | null
  readonly earning: QueuedEarning | null
}

const awardOf = (
  stores: Stores,
  { tenant, bill, program, actor, requestId }: Booking,
  earning: QueuedEarning,
): Promise<TransactionAward | null> =>
  awardFor(
    stores,
    { tenant, actor, scopes: [] },
    { requestId },
    { program, stored: { transaction: bill }, earning, rule: earning.rule },
  )

function spendOf(
  own: Amount | null,
  { program }: Booking,
  returns: readonly DueReturn[],
  takesUnnamed: boolean,
): ReadonlyMap<ProgramId, Amount> {
  const spend = new Map(spendChanges(returns, program.id, { takesUnnamed }))
  if (own !== null) spend.set(program.id, toAmount(new Decimal(spend.get(program.id) ?? 0).plus(own)))
  return spend
}

/** The last movement of each program: a reversal comes after the award. */
const movementsOf = (
  { program, bill }: Booking,
  award: TransactionAward | null,
  reversed: ReadonlyMap<ProgramId, Movement>,
): ReadonlyMap<ProgramId, Movement> =>
  new Map([...(award && bill.groupId === null ? [[program.id, award.movement] as const] : []), ...reversed])

function settledBy({ earning }: Booking, returns: readonly DueReturn[]) {
  const back = pointsBack(returns)
  return {
    rawPoints: sumPoints([earning?.raw ?? ZERO_POINTS, back]),
    points: sumPoints([earning?.awarded ?? ZERO_POINTS, back]),
    noPointsReason:
      earning && !earnsAnything(earning.awarded) && back === ZERO_POINTS ? earning.noPointsReason : null,
    lines: earning?.lines ?? [],
    returns: returns.map(({ id, plan: { points } }) => ({ id, points })),
  }
}
