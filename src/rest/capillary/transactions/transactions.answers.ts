import {
  anyOf,
  BOOLEAN,
  FREE_OBJECT,
  INTEGER,
  listOf,
  NUMBER,
  type Schema,
  shapeOf,
  TEXT,
} from '../../shared/openapi'
import { refTo } from '../../shared/openapi-document'
import { EMITTED } from '../codes'

/** Every answer has both lists; an error means that the main act failed, a warning that something beside it did. */
const PROBLEMS = { warnings: listOf(refTo('StatusItem')), errors: listOf(refTo('StatusItem')) }
const WARNINGS = { warnings: PROBLEMS.warnings }
const FIELDS: Schema = { ...FREE_OBJECT, description: 'Values by field, typed as the setup types the field.' }

const STATUS_ITEM = shapeOf({
  status: { ...BOOLEAN, enum: [false] },
  code: {
    ...INTEGER,
    enum: Object.keys(EMITTED).map(Number),
    description: Object.entries(EMITTED)
      .map(([code, [, meaning]]) => `${code}: ${meaning}`)
      .join('\n'),
  },
  message: TEXT,
})

/** Of points, or of a currency beside them. */
const SIDE_EFFECT = shapeOf(
  { type: TEXT, entityType: TEXT, customerId: INTEGER },
  {
    rawAwardedPoints: NUMBER,
    awardedPoints: NUMBER,
    rawAwardedValue: NUMBER,
    awardedValue: NUMBER,
    alternateCurrencyIdentifier: TEXT,
    alternateCurrencyName: TEXT,
  },
)

/** All texts, also numbers: absent ones are the text `null`. */
const RAW_AWARD = shapeOf(
  Object.fromEntries(
    [
      'type',
      'awardOn',
      'awardedOn',
      'awardedOnMillis',
      'expiryDate',
      'expiryDateMillis',
      'lineItemId',
      'points',
      'pointTypeIsRedeemable',
      'pointTypeName',
      'evaluatedEntity',
      'sourceType',
      'sourceId',
      'promoId',
      'tenderCodeId',
      'awardStrategyId',
      'expiryStrategyId',
      'billNumber',
      'customerId',
      'programId',
      'pointTypeId',
      'promoIdentifier',
      'promoName',
      'initialQuantity',
      'initialSourceValue',
      'isDefaultProgram',
      'isReferrer',
      'pointsBeforeCapping',
      'quantity',
      'ruleId',
      'ruleSetId',
      'sourceValue',
    ].map((name) => [name, TEXT]),
  ),
  { alternateCurrencyIdentifier: TEXT, alternateCurrencyName: TEXT },
)

const LOYALTY_DETAIL = shapeOf(
  {
    programId: INTEGER,
    programTitle: TEXT,
    programDescription: TEXT,
    loyaltyPoints: NUMBER,
    lifetimePoints: NUMBER,
    cumulativePurchases: NUMBER,
    redeemed: NUMBER,
    expired: NUMBER,
    returned: NUMBER,
    adjusted: NUMBER,
    currentSlab: TEXT,
    slabSNo: INTEGER,
    nextSlabSerialNumber: INTEGER,
    delayedPoints: NUMBER,
    delayedReturnedPoints: NUMBER,
    totalAvailablePoints: NUMBER,
    totalReturnedPoints: NUMBER,
    linkedPartnerPrograms: listOf(FREE_OBJECT),
  },
  {
    loyaltyId: INTEGER,
    programPointsToCurrencyRatio: NUMBER,
    nextSlab: TEXT,
    nextSlabDescription: TEXT,
    slabExpiryDate: TEXT,
  },
)

const RUN = {
  sideEffects: listOf(refTo('SideEffect')),
}
const RAW = { rawSideEffects: listOf(refTo('RawAward')) }
const DETAILS = { loyaltyDetails: listOf(refTo('LoyaltyDetail')) }

const ADDED = shapeOf(
  { createdId: INTEGER, ...PROBLEMS, ...RUN, ...DETAILS },
  { ...RAW, customerInfo: shapeOf({ firstName: TEXT, lastName: TEXT }) },
)

/** What could not be read is repeated as it was sent. */
const NUMBER_OR_SENT: Schema = { type: ['number', 'string'] }
const WORD_OR_SENT: Schema = { type: ['string', 'number', 'boolean'] }
const ANYTHING: Schema = {}

const ECHOED_LINE = shapeOf(
  {
    returnable: ANYTHING,
    returnableDays: NUMBER_OR_SENT,
    comboDetails: listOf(ANYTHING),
    addOnDetails: listOf(ANYTHING),
    splitDetails: listOf(ANYTHING),
    extendedFields: FIELDS,
  },
  {
    itemCode: WORD_OR_SENT,
    amount: NUMBER_OR_SENT,
    description: WORD_OR_SENT,
    discount: NUMBER_OR_SENT,
    qty: NUMBER_OR_SENT,
    rate: NUMBER_OR_SENT,
    value: NUMBER_OR_SENT,
    serial: WORD_OR_SENT,
    customFields: FREE_OBJECT,
    attributes: FREE_OBJECT,
    imgUrl: WORD_OR_SENT,
    parentBillNumber: WORD_OR_SENT,
    returnType: WORD_OR_SENT,
    type: WORD_OR_SENT,
    purchaseTime: WORD_OR_SENT,
    appliedPromotionIdentifiers: listOf(ANYTHING),
  },
)

const ECHO = shapeOf(
  {
    extendedFields: FIELDS,
    customFields: FREE_OBJECT,
    notInterestedReason: TEXT,
    useDefaultFleetGroup: BOOLEAN,
    useDefaultUserGroup2: BOOLEAN,
    isUseDefaultUserGroup2: BOOLEAN,
  },
  {
    identifierType: ANYTHING,
    identifierValue: ANYTHING,
    source: ANYTHING,
    accountId: ANYTHING,
    type: WORD_OR_SENT,
    returnType: WORD_OR_SENT,
    id: WORD_OR_SENT,
    billNumber: WORD_OR_SENT,
    billAmount: NUMBER_OR_SENT,
    billingDate: WORD_OR_SENT,
    purchaseTime: WORD_OR_SENT,
    discount: NUMBER_OR_SENT,
    grossAmount: NUMBER_OR_SENT,
    note: WORD_OR_SENT,
    deliveryStatus: WORD_OR_SENT,
    outlierStatus: WORD_OR_SENT,
    currency: WORD_OR_SENT,
    currencyCode: WORD_OR_SENT,
    addWithLocalCurrency: ANYTHING,
    userGroup2Id: WORD_OR_SENT,
    userGroup2PrimaryUserId: WORD_OR_SENT,
    userGroup2ExternalId: WORD_OR_SENT,
    userGroup2PrimaryUserIdentifierType: WORD_OR_SENT,
    userGroup2PrimaryUserIdentifierValue: WORD_OR_SENT,
    userGroup2PrimaryUserSource: WORD_OR_SENT,
    userGroup2PrimaryUserAccountId: WORD_OR_SENT,
    promotionEvaluationId: WORD_OR_SENT,
    appliedPromotionIdentifiers: listOf(ANYTHING),
    loyaltyPromotionIdentifiers: listOf(ANYTHING),
    lineItemsV2: listOf(refTo('EchoedLine')),
    redemptions: {
      type: 'object',
      properties: { pointsRedemptions: listOf(ANYTHING), couponRedemptions: listOf(ANYTHING) },
    },
    paymentModes: listOf(
      shapeOf(
        {},
        { mode: WORD_OR_SENT, value: NUMBER_OR_SENT, notes: WORD_OR_SENT, attributes: FREE_OBJECT },
      ),
    ),
    ...RUN,
    ...RAW,
  },
)

const COUNTS = { totalCount: INTEGER, failureCount: INTEGER }

const BULK_ADDED = shapeOf({
  response: listOf(shapeOf({ result: refTo('Echo'), ...PROBLEMS }, { entityId: INTEGER, ...DETAILS })),
  ...COUNTS,
})

const UPDATED = shapeOf({ ...PROBLEMS, ...DETAILS })

const BULK_UPDATED = shapeOf({
  response: listOf(
    shapeOf({
      result: { ...FREE_OBJECT, additionalProperties: {}, description: 'The item as it was sent.' },
      ...PROBLEMS,
    }),
  ),
  ...COUNTS,
})

const ENTITY = shapeOf(
  {},
  {
    id: INTEGER,
    code: TEXT,
    name: TEXT,
    description: TEXT,
    type: TEXT,
    referenceId: INTEGER,
    adminType: TEXT,
    isActive: BOOLEAN,
    isOuEnabled: BOOLEAN,
    timeZoneId: INTEGER,
    currencyId: INTEGER,
    languageId: INTEGER,
    default: BOOLEAN,
  },
)

/** Members of our own: none are published. */
const RETURNED_LINE = shapeOf({
  id: INTEGER,
  returnTransactionId: INTEGER,
  billNumber: TEXT,
  returnType: TEXT,
  qty: NUMBER,
  amount: NUMBER,
  returnTime: TEXT,
})

const STORED_LINE = shapeOf(
  {
    id: INTEGER,
    customerId: INTEGER,
    details: shapeOf(
      {
        amount: NUMBER,
        description: TEXT,
        discount: NUMBER,
        itemCode: TEXT,
        qty: NUMBER,
        rate: NUMBER,
        serial: anyOf(INTEGER, TEXT),
        value: NUMBER,
        returnable: BOOLEAN,
        returnableDays: INTEGER,
        attributes: FREE_OBJECT,
        extendedFields: FIELDS,
        newExtendedFields: FREE_OBJECT,
        attributesSet: listOf(FREE_OBJECT),
      },
      { imgUrl: TEXT },
    ),
    outlierStatus: TEXT,
    returnDetails: FREE_OBJECT,
    valid: BOOLEAN,
    returnLineItemsDtos: listOf(refTo('ReturnedLine')),
    niReturnLineItemsDtos: listOf(refTo('ReturnedLine')),
    addonDetails: listOf(FREE_OBJECT),
    splitItemsDetails: listOf(FREE_OBJECT),
    niReturn: BOOLEAN,
  },
  { comboDetails: listOf(FREE_OBJECT) },
)

const ENTITY_EARNING = { entityId: INTEGER, entityType: TEXT }
const BILL_EARNING = shapeOf({ ...ENTITY_EARNING, billPoints: listOf(refTo('ProgramPoints')) })
const LINE_EARNING = shapeOf({ ...ENTITY_EARNING, lineItemPoints: listOf(refTo('ProgramPoints')) })

const POINTS_INFO = shapeOf(
  {
    points: NUMBER,
    expiryType: TEXT,
    actionSourceDetails: listOf(
      shapeOf({
        actionId: INTEGER,
        sourceType: TEXT,
        actionType: TEXT,
        actionPointsDetail: listOf(
          shapeOf({ points: NUMBER, sourceValue: NUMBER, sourceIdentifiers: listOf(FREE_OBJECT) }),
        ),
      }),
    ),
  },
  { expiryDate: TEXT },
)

const NOTHING: Schema = { type: 'null' }

const PROGRAM_POINTS = shapeOf({
  programId: INTEGER,
  currentPointsSummary: shapeOf({
    availablePoints: NUMBER,
    expiredPoints: NUMBER,
    redeemedPoints: NUMBER,
    promisedPoints: NUMBER,
    returnedPromisedPoints: NUMBER,
    returnedPoints: NUMBER,
    promisedPointsConverted: NUMBER,
  }),
  issuedPointsSummary: shapeOf({ redeemablePointsIssued: NUMBER, promisedPointsIssued: NUMBER }),
  currentPointsBreakup: shapeOf({
    regularPointsInfo: anyOf(
      shapeOf({
        availablePointsInfo: anyOf(listOf(refTo('PointsInfo')), NOTHING),
        promisedPointsInfo: anyOf(listOf(refTo('PointsInfo')), NOTHING),
      }),
      NOTHING,
    ),
    promotionalPointsInfo: NOTHING,
  }),
})

const RETURN_STATE = shapeOf({ canceled: BOOLEAN })

const BILL = {
  amount: NUMBER,
  billingStore: refTo('Entity'),
  billNumber: TEXT,
  billingTime: TEXT,
  billingTimeInputOffset: TEXT,
  discount: NUMBER,
  note: TEXT,
  returnDetails: RETURN_STATE,
  niReturnDetails: FREE_OBJECT,
  invalidBill: BOOLEAN,
}

const TRANSACTION = {
  id: INTEGER,
  type: TEXT,
  source: TEXT,
  attribution: shapeOf({
    createDate: TEXT,
    createdBy: refTo('Entity'),
    modifiedBy: refTo('Entity'),
    modifiedDate: TEXT,
  }),
  customFields: FREE_OBJECT,
  extendedFields: FIELDS,
  outlierStatus: TEXT,
  basketSize: NUMBER,
  lifeTimePurchases: NUMBER,
  ignorePoints: BOOLEAN,
  addWithLocalCurrency: BOOLEAN,
  async: BOOLEAN,
  useV2: BOOLEAN,
  simulation: BOOLEAN,
  useDefaultFleetGroup: BOOLEAN,
  useDefaultUserGroup2: BOOLEAN,
  isUseDefaultUserGroup2: BOOLEAN,
  retroTxn: BOOLEAN,
  autoUpdateTime: TEXT,
  loyaltiesPointDetails: listOf(
    shapeOf({
      programId: INTEGER,
      programTitle: TEXT,
      rawAwardedPoints: NUMBER,
      awardedPoints: NUMBER,
    }),
  ),
  billPointsBreakup: listOf(FREE_OBJECT),
  returnDetails: RETURN_STATE,
  niReturnDetails: FREE_OBJECT,
  ...WARNINGS,
}

const SOMETIMES = {
  customerId: INTEGER,
  deliveryStatus: TEXT,
  paymentModes: listOf(
    shapeOf({
      id: INTEGER,
      mode: TEXT,
      amount: NUMBER,
      notes: TEXT,
      orgPaymentModeId: INTEGER,
      attributes: anyOf(FREE_OBJECT, listOf(TEXT)),
    }),
  ),
}

const DETAILED = shapeOf(
  {
    ...TRANSACTION,
    billDetails: shapeOf(BILL, { grossAmount: NUMBER }),
    lineItems: listOf(refTo('StoredLine')),
  },
  SOMETIMES,
)

const EARNED = shapeOf(
  {
    ...TRANSACTION,
    billDetails: shapeOf({ ...BILL, pointsEarningEntities: BILL_EARNING }, { grossAmount: NUMBER }),
    lineItems: listOf({
      allOf: [refTo('StoredLine'), shapeOf({ pointsEarningEntities: LINE_EARNING })],
    }),
  },
  SOMETIMES,
)

const PAGINATION = shapeOf({ limit: INTEGER, offset: INTEGER, total: INTEGER })

/** Schemas of what is answered about transactions, and of what all answers have in common. */
export const TRANSACTION_ANSWERS = {
  StatusItem: STATUS_ITEM,
  Errors: shapeOf({ errors: PROBLEMS.errors, ...WARNINGS }),
  SideEffect: SIDE_EFFECT,
  RawAward: RAW_AWARD,
  LoyaltyDetail: LOYALTY_DETAIL,
  Added: ADDED,
  Echo: ECHO,
  EchoedLine: ECHOED_LINE,
  BulkAdded: BULK_ADDED,
  Updated: UPDATED,
  BulkUpdated: BULK_UPDATED,
  Entity: ENTITY,
  StoredLine: STORED_LINE,
  ReturnedLine: RETURNED_LINE,
  ProgramPoints: PROGRAM_POINTS,
  PointsInfo: POINTS_INFO,
  Pagination: PAGINATION,
  Transaction: DETAILED,
  TransactionPage: shapeOf({
    pagination: refTo('Pagination'),
    data: listOf(refTo('Transaction')),
    ...PROBLEMS,
  }),
  Earning: EARNED,
}
