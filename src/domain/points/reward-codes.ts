import type { Reward } from '../programs/program'
import { LoyaltyError } from '../shared/errors'
import type { MemberId, ProgramId, TenantId } from '../shared/ids'
import type { Instant } from '../shared/instant'

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

/** The reward is a code from a list, and this way of redeeming cannot hand one over: nothing is taken for nothing. */
export class RewardGivesCode extends LoyaltyError {
  readonly code = 'REWARD_GIVES_CODE'
  override readonly field = 'rewardId'
  constructor({ rewardId }: Reward) {
    super(`reward ${rewardId} is a code, which this operation cannot give out`)
  }
}
