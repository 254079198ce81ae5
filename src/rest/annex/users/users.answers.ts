import {
  anyOf,
  FREE_OBJECT,
  INTEGER,
  listOf,
  NUMBER,
  objectOf,
  type Schema,
  TEXT,
} from '../../shared/openapi'

export const USER = {
  siteId: TEXT,
  id: TEXT,
  email: TEXT,
  firstName: TEXT,
  lastName: TEXT,
  optInStatus: TEXT,
  optInDate: TEXT,
  status: TEXT,
  phone: TEXT,
  zipCode: TEXT,
  birthDate: TEXT,
  anniversaryDate: TEXT,
  userProfileImageUrl: TEXT,
  extendedAttribute: FREE_OBJECT,
  createDate: TEXT,
  updateDate: TEXT,
  totalSpendCurrency: TEXT,
}

const nullable = (type: string): Schema => ({ type: [type, 'null'] })

export const ACTIVITY = {
  rewardCode: TEXT,
  actionId: INTEGER,
  activityId: TEXT,
  activity: TEXT,
  credit: nullable('number'),
  debit: nullable('number'),
  pointType: TEXT,
  displayText: TEXT,
  reason: TEXT,
  orderId: TEXT,
  rewardId: TEXT,
  createDate: TEXT,
  expireDate: nullable('string'),
}

export const ACTIVITY_PAGE = {
  siteId: TEXT,
  activityDetail: listOf(objectOf(ACTIVITY)),
  pages: INTEGER,
  currentPage: INTEGER,
  totalActivityCount: INTEGER,
}

/** Figures of tiers are text. */
export const MEMBER_TIERS = {
  siteId: TEXT,
  id: TEXT,
  currentTier: TEXT,
  nextTier: TEXT,
  previousTier: TEXT,
  pointsToNextTier: TEXT,
  purchaseRatio: TEXT,
  currentTierPurchaseRatio: TEXT,
  multiBucketsData: FREE_OBJECT,
}

export const REWARD_LIST = {
  creditsToCurrencyRatio: NUMBER,
  creditsToCurrencyValue: anyOf(NUMBER, TEXT),
  rewardDetail: listOf(
    objectOf({
      rewardId: TEXT,
      displayText: TEXT,
      creditRequired: NUMBER,
      eligible: TEXT,
      rewardUrl: TEXT,
      rewardImageUrl: TEXT,
    }),
  ),
}
