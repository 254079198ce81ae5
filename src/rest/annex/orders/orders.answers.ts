import { anyOf, FREE_OBJECT, INTEGER, listOf, NUMBER, objectOf, TEXT } from '../../shared/openapi'

/** What every movement of points says of wallet and tier afterwards. */
export const BALANCES = {
  updatedAvailablePoints: NUMBER,
  updatedLifetimePoints: NUMBER,
  previousTier: TEXT,
  updatedUserTier: TEXT,
}

const LINE = {
  id: TEXT,
  secondarykey: TEXT,
  quantity: NUMBER,
  unitPrice: NUMBER,
  netPrice: NUMBER,
  estimatedShipDate: TEXT,
  categoryId: TEXT,
  categoryName: TEXT,
  url: TEXT,
  imageUrl: TEXT,
  description: TEXT,
  coupon: TEXT,
  autoDelivery: TEXT,
}

const LINE_WITH_STATE = {
  ...LINE,
  status: TEXT,
  shippedQuantity: NUMBER,
  returnedQuantity: NUMBER,
  cancelledQuantity: NUMBER,
}

/** What is kept of an order's body and given back. */
const SAID = {
  email: TEXT,
  firstName: TEXT,
  lastName: TEXT,
  orderDate: TEXT,
  coupon: TEXT,
  eventId: TEXT,
  status: TEXT,
  disregardHoldPeriod: TEXT,
  orderShipDate: TEXT,
}

export const ORDER_RESULT = {
  siteId: TEXT,
  id: TEXT,
  userId: TEXT,
  ...SAID,
  orderTotal: NUMBER,
  discountAmount: NUMBER,
  storeId: TEXT,
  source: TEXT,
  pointsAwarded: NUMBER,
  holdPoints: NUMBER,
  ...BALANCES,
  orderDetail: listOf(objectOf(LINE)),
}

export const ORDER_RECORD = {
  siteId: TEXT,
  id: TEXT,
  userId: TEXT,
  ...SAID,
  orderTotal: NUMBER,
  storeId: TEXT,
  source: TEXT,
  /** What a purchase earns can be spent and counts for tiers: `Both`. */
  purchasePointType: TEXT,
  discountAmounts: NUMBER,
  discountRefundData: TEXT,
  pointsAwarded: NUMBER,
  orderStatus: TEXT,
  orderDetail: listOf(objectOf(LINE_WITH_STATE)),
}

export const ORDER_PAGE = {
  siteId: TEXT,
  orders: listOf(objectOf(ORDER_RECORD)),
  pages: INTEGER,
  currentPage: INTEGER,
}

export const PATCH_RESULT = {
  orderId: TEXT,
  status: TEXT,
  pointsAwarded: NUMBER,
  pointsRemoved: NUMBER,
  ...BALANCES,
  orderDetail: listOf(objectOf(LINE_WITH_STATE)),
}

export const CART_RESULT = {
  userId: TEXT,
  lifetimePoints: NUMBER,
  usedPoints: NUMBER,
  availablePoints: NUMBER,
  holdPoints: NUMBER,
  appliedPoints: NUMBER,
  cartPoints: NUMBER,
  availablePointsAfterOrder: NUMBER,
  holdPointsAfterOrder: NUMBER,
  creditsToCurrencyRatio: NUMBER,
  creditsToCurrencyValue: anyOf(NUMBER, TEXT),
  creditsToCurrencyValueAfterOrder: anyOf(NUMBER, TEXT),
  creditsToCurrencyValueCartPoints: anyOf(NUMBER, TEXT),
  productDetail: listOf(objectOf({ id: TEXT, quantity: NUMBER, unitPrice: NUMBER, points: NUMBER })),
  multiBucketsData: FREE_OBJECT,
}

export const MANUAL_SPEND_RESULT = {
  orderId: TEXT,
  activity: TEXT,
  orderTotal: NUMBER,
  pointsAwarded: NUMBER,
  pointsRemoved: NUMBER,
  ...BALANCES,
}
