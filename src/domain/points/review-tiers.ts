import { tenantAt } from '../programs/tenant'
import type { TenantStore } from '../programs/tenant-store'
import type { Clock } from '../shared/clock'
import { ZERO_AMOUNT } from '../shared/money'
import { ZERO_POINTS } from '../shared/points'
import { present } from '../shared/present'
import type { UnitOfWork } from '../stores'
import { settleStanding } from '../tiers/settle-standing'
import type { TierStore } from '../tiers/tier'
import { statementOf, walletOf } from './wallet'

export interface ReviewDeps {
  readonly unitOfWork: UnitOfWork
  /** On the pool. */
  readonly tiers: Pick<TierStore, 'nextReview' | 'reviewed'>
  readonly tenants: TenantStore
  readonly clock: Clock
}

/**
 * Judges some members of a program whose tiers have changed, as a movement of nothing would; true when there may be more.
 * Whoever is where the new tiers put him is left alone, so that members who are judged twice, after a crash or by two
 * servers, change once.
 */
export async function reviewTiers(
  { unitOfWork, tiers, tenants, clock }: ReviewDeps,
  limit: number,
): Promise<boolean> {
  const review = await tiers.nextReview(limit)
  if (!review) return false
  const head = present(await tenants.headById(review.tenantId), 'the tenant of a review')
  const tenant = tenantAt(await tenants.setup(review.tenantId, head.setupVersion), head, clock)
  // A program that the setup has retired has no tiers to stand in.
  const program = tenant.setup.programs.find(({ id }) => id === review.programId)
  if (program) {
    for (const memberId of review.members) {
      await unitOfWork.run(async (stores) => {
        const lifetime = async () =>
          (await statementOf(stores.accounts, tenant, walletOf(tenant, memberId, program)))?.lifetime ??
          ZERO_POINTS
        await settleStanding(stores, tenant, { memberId, program, spend: ZERO_AMOUNT, lifetime })
      })
    }
  }
  await tiers.reviewed(review)
  return true
}
