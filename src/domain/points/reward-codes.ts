import type { Program, Reward } from '../programs/program'
import type { Tenant } from '../programs/tenant'
import { LoyaltyError } from '../shared/errors'
import type { MemberId, ProgramId, TenantId } from '../shared/ids'
import { type Instant, plus } from '../shared/instant'
import type { Stores } from '../stores'
import type { IssuedCode } from './points-request'

export interface TakeCode {
  readonly programId: ProgramId
  readonly rewardId: string
  readonly memberId: MemberId
  readonly at: Instant
  readonly expiresAt: Instant | null
}

export interface RewardCodeStore {
  /** Gives out the next free code, each once; null when none is left. Taken before any wallet is locked. */
  take(tenant: TenantId, request: TakeCode): Promise<string | null>
  /** Gives out a code that was made for this redemption. */
  addMade(tenant: TenantId, request: TakeCode & { readonly code: string }): Promise<void>
  /** Rewards of a program whose list is not used up. */
  rewardsInStock(tenant: TenantId, program: ProgramId): Promise<readonly string[]>
}

/** All codes of the reward were given out. */
export class RewardSoldOut extends LoyaltyError {
  readonly code = 'REWARD_SOLD_OUT'
  override readonly field = 'rewardId'
  constructor({ rewardId }: Reward) {
    super(`reward ${rewardId} has no code left`)
  }
}

/** A code for the reward: the next of its list, or one that is made now of a `ref` that nothing else has. Throws RewardSoldOut. */
export async function issueCode(
  { rewardCodes }: Pick<Stores, 'rewardCodes'>,
  tenant: Tenant,
  memberId: MemberId,
  program: Program,
  reward: Reward,
  ref: string,
): Promise<IssuedCode> {
  const at = tenant.time.now
  const expiresAt =
    reward.codeDays === null ? null : plus(at, { days: reward.codeDays }, tenant.setup.timeZone)
  const request = { programId: program.id, rewardId: reward.rewardId, memberId, at, expiresAt }
  if (reward.listsCodes) {
    const code = await rewardCodes.take(tenant.id, request)
    if (code === null) throw new RewardSoldOut(reward)
    return { code, expiresAt }
  }
  const code = `${reward.rewardId}-${ref}`.toUpperCase()
  await rewardCodes.addMade(tenant.id, { ...request, code })
  return { code, expiresAt }
}
