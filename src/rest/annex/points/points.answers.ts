import { anyOf, FREE_OBJECT, INTEGER, listOf, NUMBER, objectOf, TEXT } from '../../shared/openapi'
import { BALANCES } from '../orders/orders.answers'

/** Figures of a group are text. */
export const GROUP_DETAILS = {
  groupId: TEXT,
  groupName: TEXT,
  groupAvailablePoints: TEXT,
  groupLifetimePoints: TEXT,
  groupUsedPoints: TEXT,
  groupExpiredPoints: TEXT,
}

export const MEMBER_POINTS = {
  siteId: TEXT,
  id: TEXT,
  availablePoints: NUMBER,
  usedPoints: NUMBER,
  negativePoints: NUMBER,
  expiredPoints: NUMBER,
  lifetimePoints: NUMBER,
  earnedPointsPeriod: TEXT,
  earnedPoints: NUMBER,
  holdPoints: NUMBER,
  usedPointsOnReward: NUMBER,
  pointsToExpire: NUMBER,
  pointsToExpireDate: TEXT,
  pointsToNextTier: NUMBER,
  spendToNextTier: NUMBER,
  totalSpent: NUMBER,
  totalSpend: NUMBER,
  rewardDenomination: NUMBER,
  creditsToCurrencyRatio: NUMBER,
  creditsToCurrencyValue: anyOf(NUMBER, TEXT),
  ytdCreditPoints: NUMBER,
  ytdDebitPoints: NUMBER,
  /** By the names of the further kinds of points. */
  multiBucketsData: FREE_OBJECT,
  availableRedemptionPoints: NUMBER,
  usedRedemptionPoints: NUMBER,
  groupDetails: objectOf(GROUP_DETAILS),
}

const EXPIRY_BLOCK = {
  points: NUMBER,
  expiryDate: TEXT,
  totalPointsToExpire: NUMBER,
  totalPointsExpired: NUMBER,
}

export const POINTS_EXPIRY = {
  siteId: TEXT,
  id: TEXT,
  expiryDetail: listOf(objectOf({ date: TEXT, pointsActivity: listOf(objectOf(EXPIRY_BLOCK)) })),
  pointsActivity: objectOf(EXPIRY_BLOCK),
  pages: INTEGER,
  currentPage: INTEGER,
  totalExpiryDetailCount: INTEGER,
}

const NUMBER_OR_NULL = { type: ['number', 'null'] }
const BUCKET_RESULT = objectOf({
  credit: NUMBER,
  pointsAwarded: NUMBER_OR_NULL,
  debit: NUMBER,
  pointsDeducted: NUMBER_OR_NULL,
  pointsNotDeducted: NUMBER,
  updatedAvailablePoints: NUMBER,
  updatedLifetimePoints: NUMBER,
})
/** What moved of further kinds of points, by names such as `multiBucketsData[travel]` and `tier[travel]`. */
export const BUCKET_RESULTS = {
  '^multiBucketsData\\[.+\\]$': BUCKET_RESULT,
  '^tier\\[.+\\]$': BUCKET_RESULT,
}

const START = { siteId: TEXT, id: TEXT, actionId: INTEGER, activity: TEXT }
/** Attributes of a store have the names that the setup gives them; the reference names one. */
const STORE = {
  ...objectOf({ storeId: TEXT, storeName: TEXT, storeExtendedAttribute: {} }),
  additionalProperties: {},
}
const SAID = { orderId: TEXT, storeDetails: STORE, reason: TEXT, customId: TEXT, source: TEXT }
const DEBIT = { debit: NUMBER, pointsDeducted: NUMBER_OR_NULL, pointsNotDeducted: NUMBER }
const PAID_BY_GROUP = { groupDebit: NUMBER, groupPointsDeducted: NUMBER }
const AFTER = { ...BALANCES, actionAttribute: FREE_OBJECT }

export const REWARD_RESULT = {
  siteId: TEXT,
  id: TEXT,
  rewardId: TEXT,
  rewardName: TEXT,
  rewardCategory: TEXT,
  rewardCategoryId: TEXT,
  rewardDescription: TEXT,
  rewardTerms: TEXT,
  rewardAttribute: TEXT,
  activity: TEXT,
  ...SAID,
  ...DEBIT,
  ...PAID_BY_GROUP,
  rewardCode: TEXT,
  rewardCodeExpDate: TEXT,
  ...AFTER,
}

export const DEBIT_RESULT = { ...START, ...SAID, ...DEBIT, ...PAID_BY_GROUP, campaignId: TEXT, ...AFTER }

export const AWARD_RESULT = {
  ...START,
  credit: NUMBER,
  pointsAwarded: NUMBER,
  holdPoints: NUMBER,
  releaseDate: TEXT,
  ...SAID,
  pointType: TEXT,
  campaignDetails: objectOf({ campaignId: TEXT }),
  campaignId: TEXT,
  sectionId: TEXT,
  sectionName: TEXT,
  surveyId: TEXT,
  surveyName: TEXT,
  ...AFTER,
}

export const MEMBER_TO_GROUP_RESULT = {
  ...START,
  credit: NUMBER,
  pointsAwarded: NUMBER,
  pointsNotDeducted: NUMBER,
  reason: TEXT,
  ...AFTER,
  'hierarchy Data': objectOf(GROUP_DETAILS),
  /** The names hold a space; only of a shortage. */
  'error code': TEXT,
  'error message': TEXT,
}

export const GROUP_TO_MEMBER_RESULT = {
  siteId: TEXT,
  id: TEXT,
  activity: TEXT,
  ...DEBIT,
  reason: TEXT,
  ...AFTER,
  'hierarchy Data': objectOf(GROUP_DETAILS),
}

export const MEMBER_TO_MEMBER_RESULT = {
  ...START,
  ...DEBIT,
  ...PAID_BY_GROUP,
  reason: TEXT,
  ...AFTER,
  recipientData: objectOf({ recipientId: TEXT, pointsAwarded: NUMBER }),
}

export const BULK_POINTS_RESULT = {
  ...START,
  'credit/debit': NUMBER,
  storeDetails: STORE,
  pointsAwarded: NUMBER,
  pointsDeducted: NUMBER,
  pointsNotDeducted: NUMBER,
  reason: TEXT,
  ...BALANCES,
}
