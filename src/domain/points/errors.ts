import { LoyaltyError } from '../shared/errors'
import { formatPoints, type Points } from '../shared/points'

export class InsufficientPoints extends LoyaltyError {
  readonly code = 'INSUFFICIENT_POINTS'
  override readonly field = 'points'
  constructor(
    readonly available: Points,
    readonly requested: Points,
  ) {
    super(`${formatPoints(requested)} points asked, ${formatPoints(available)} available`)
  }
}

/** The natural key of an award has been used. */
export class AlreadyAwarded extends LoyaltyError {
  readonly code = 'ALREADY_AWARDED'
  constructor(readonly source: { readonly type: string; readonly ref: string }) {
    super(`${source.type} ${source.ref} has been awarded before`)
  }
}

export class AwardNotFound extends LoyaltyError {
  readonly code = 'AWARD_NOT_FOUND'
  constructor(readonly source: { readonly type: string; readonly ref: string }) {
    super(`${source.type} ${source.ref} has not been awarded`)
  }
}

/** Points of a purchase go back by its return, so that the two agree. */
export class AwardOfPurchase extends LoyaltyError {
  readonly code = 'CHANGE_NOT_ALLOWED'
  override readonly field = 'activityId'
  constructor() {
    super('these points are of a purchase: return the purchase')
  }
}

export class ReversalExceedsAward extends LoyaltyError {
  readonly code = 'REVERSAL_EXCEEDS_AWARD'
  constructor(
    readonly lineRef: string,
    readonly awarded: Points,
    readonly asked: Points,
  ) {
    super(`${formatPoints(asked)} points to reverse in all, ${formatPoints(awarded)} awarded`)
  }
}

/** The wallet has no hold with this number. */
export class HoldNotFound extends LoyaltyError {
  readonly code = 'HOLD_NOT_FOUND'
  override readonly field = 'hold'
  constructor(readonly hold: string) {
    super('the wallet has no such hold')
  }
}

/** A key that was used for another request. */
export class IdempotencyKeyReused extends LoyaltyError {
  readonly code = 'IDEMPOTENCY_KEY_REUSED'
  override readonly field = 'idempotencyKey'
  constructor(readonly key: string) {
    super('this idempotency key was used for another request')
  }
}

export class InvalidIdempotencyKey extends LoyaltyError {
  readonly code = 'INVALID_IDEMPOTENCY_KEY'
  override readonly field = 'idempotencyKey'
  constructor() {
    super('an idempotency key has 1 to 255 characters')
  }
}

export class ExpiryNotAfterAward extends LoyaltyError {
  readonly code = 'EXPIRY_NOT_AFTER_AWARD'
  override readonly field = 'expiresAt'
  constructor() {
    super('points must expire after they are awarded')
  }
}

export class RewardNotFound extends LoyaltyError {
  readonly code = 'REWARD_NOT_FOUND'
  override readonly field = 'rewardId'
  constructor(readonly rewardId: string) {
    super('the program has no such reward')
  }
}

export class ActionNotFound extends LoyaltyError {
  readonly code = 'ACTION_NOT_FOUND'
  override readonly field = 'actionId'
  constructor(readonly actionId: number) {
    super('the program has no such action')
  }
}

/** Nothing was redeemed under this name. */
export class RedemptionNotFound extends LoyaltyError {
  readonly code = 'REDEMPTION_NOT_FOUND'
  override readonly field = 'redemption'
  constructor(override readonly name: string) {
    super('there is no such redemption')
  }
}

/** The redemption is another member's. */
export class RedemptionOfAnother extends LoyaltyError {
  readonly code = 'REDEMPTION_OF_ANOTHER'
  override readonly field = 'redemption'
  constructor(override readonly name: string) {
    super('the redemption is of another member')
  }
}

/** All of the redemption has been given back. */
export class RedemptionReversed extends LoyaltyError {
  readonly code = 'REDEMPTION_REVERSED'
  override readonly field = 'redemption'
  constructor(override readonly name: string) {
    super('the redemption has been reversed')
  }
}

export class ReversalExceedsRedemption extends LoyaltyError {
  readonly code = 'REVERSAL_EXCEEDS_REDEMPTION'
  override readonly field = 'points'
  constructor(
    readonly left: Points,
    readonly asked: Points,
  ) {
    super(`${formatPoints(asked)} points to give back, ${formatPoints(left)} left of the redemption`)
  }
}
