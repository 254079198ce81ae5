import { FREE_OBJECT, INTEGER, listOf, NUMBER, objectOf, TEXT } from '../../shared/openapi'
import { BALANCES } from '../orders/orders.answers'

const TEXT_OR_NULL = { type: ['string', 'null'] }
const NUMBER_OR_NULL = { type: ['number', 'null'] }

/** The record; what else a client sent is given back as it came. */
export const ISSUANCE_RECORD = {
  siteId: TEXT,
  userId: TEXT,
  orderId: TEXT,
  actionId: INTEGER,
  source: TEXT,
  coupon: TEXT,
  pointType: TEXT,
  orderShipDate: TEXT,
  orderAttribute: FREE_OBJECT,
  orderTotalSpend: NUMBER,
  orderTotalPoints: NUMBER,
  pointsAwarded: NUMBER,
  pointsRemoved: NUMBER,
  pointsExpirationDate: TEXT,
  orderDiscountAmount: NUMBER,
  orderStatus: TEXT,
  orderDate: TEXT,
  storeId: TEXT,
  /** With whatever else was sent of each. */
  productDetails: listOf({
    ...objectOf({
      productId: { type: ['string', 'number', 'null'] },
      productName: TEXT_OR_NULL,
      productQuantity: NUMBER_OR_NULL,
      productUnitPrice: NUMBER_OR_NULL,
      productPoints: NUMBER_OR_NULL,
      productStatus: TEXT_OR_NULL,
    }),
    additionalProperties: {},
  }),
}

export const ISSUANCE_RESULT = { ...ISSUANCE_RECORD, ...BALANCES }

const PAGES = { pages: INTEGER, currentPage: INTEGER }

/** A single issuance is the answer itself. */
export const ONE_ISSUANCE = { ...ISSUANCE_RECORD, ...PAGES }
export const ISSUANCE_PAGE = {
  siteId: TEXT,
  ...PAGES,
  issuanceDetail: listOf({ ...objectOf(ISSUANCE_RECORD), additionalProperties: {} }),
}
