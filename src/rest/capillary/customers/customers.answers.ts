import { BOOLEAN, FREE_OBJECT, INTEGER, listOf, NUMBER, shapeOf, TEXT } from '../../shared/openapi'
import { refTo } from '../../shared/openapi-document'

const WARNINGS = { warnings: listOf(refTo('StatusItem')) }
const PROBLEMS = { ...WARNINGS, errors: listOf(refTo('StatusItem')) }

/** Cards say more of themselves than their number. */
const IDENTIFIER = shapeOf(
  { type: TEXT, value: TEXT },
  { seriesId: TEXT, seriesCode: TEXT, statusLabel: TEXT },
)
const ATTRIBUTION = shapeOf({
  createDate: TEXT,
  createdBy: refTo('Entity'),
  modifiedBy: refTo('Entity'),
  modifiedDate: TEXT,
})

const PROFILE = shapeOf({
  firstName: TEXT,
  lastName: TEXT,
  attribution: ATTRIBUTION,
  fields: FREE_OBJECT,
  identifiers: listOf(IDENTIFIER),
  commChannels: listOf(FREE_OBJECT),
  source: TEXT,
  userId: INTEGER,
  accountId: TEXT,
  conflictingProfileList: listOf(FREE_OBJECT),
  autoUpdateTime: TEXT,
  identifiersAll: listOf(IDENTIFIER),
})

const EXPIRY = shapeOf({
  points: NUMBER,
  expiryDate: TEXT,
  programId: INTEGER,
  pointsType: TEXT,
  expiryType: TEXT,
})

const CUSTOMER = {
  id: INTEGER,
  segments: FREE_OBJECT,
  extendedFields: FREE_OBJECT,
}

/** What an application embeds when it asks for it. */
const EMBEDDED = {
  pointsSummary: refTo('LoyaltyDetail'),
  loyaltyProgramDetails: listOf(refTo('LoyaltyDetail')),
  expirySchedules: listOf(refTo('ExpirySchedule')),
  customerStatus: shapeOf({ status: TEXT }),
  alternateCurrencies: listOf(FREE_OBJECT),
}

const ROW = shapeOf(
  {
    id: INTEGER,
    loyaltyLogId: INTEGER,
    type: TEXT,
    billNumber: TEXT,
    billingTime: TEXT,
    billingTimeInputOffset: TEXT,
    amount: NUMBER,
    notes: TEXT,
    outlierStatus: TEXT,
    source: TEXT,
  },
  {
    customerId: INTEGER,
    grossAmount: NUMBER,
    discount: NUMBER,
    deliveryStatus: TEXT,
    customFields: FREE_OBJECT,
    extendedFields: FREE_OBJECT,
    attribution: shapeOf({ createdBy: refTo('Entity'), createDate: TEXT }),
    paymentModes: listOf(
      shapeOf({ id: INTEGER, mode: TEXT, amount: NUMBER, notes: TEXT, attributes: FREE_OBJECT }),
    ),
    creditNotes: listOf(FREE_OBJECT),
    billStoreDetails: shapeOf({ id: INTEGER, code: TEXT, name: TEXT }),
    billPoints: NUMBER,
  },
)

const ENTITY = { entityId: INTEGER, entityType: TEXT }

/** Schemas of what is answered about customers, their points and the organization. */
export const CUSTOMER_ANSWERS = {
  Registered: shapeOf(
    { createdId: INTEGER, ...PROBLEMS, sideEffects: listOf(FREE_OBJECT) },
    { rawSideEffects: listOf(FREE_OBJECT) },
  ),
  CustomerId: shapeOf({ entity: INTEGER, ...PROBLEMS }),
  Profile: PROFILE,
  Customer: shapeOf(
    {
      ...CUSTOMER,
      profiles: listOf(refTo('Profile')),
      loyaltyInfo: shapeOf({ loyaltyType: TEXT, attributionV2: shapeOf({ createDate: TEXT }) }),
      ...WARNINGS,
    },
    EMBEDDED,
  ),
  LoyaltyDetails: shapeOf({ data: listOf(refTo('LoyaltyDetail')), ...PROBLEMS }),
  CustomerTransactions: shapeOf({ pagination: refTo('Pagination'), data: listOf(ROW), ...PROBLEMS }),
  ExpirySchedule: EXPIRY,
  ExpirySchedules: shapeOf({
    ...CUSTOMER,
    profiles: listOf(FREE_OBJECT),
    loyaltyInfo: shapeOf({ loyaltyType: TEXT }),
    expirySchedules: listOf(refTo('ExpirySchedule')),
    ...WARNINGS,
  }),
  Balance: shapeOf(
    {
      ...ENTITY,
      totalPoints: NUMBER,
      mainPoints: NUMBER,
      promisedPoints: NUMBER,
      promisedPointsBreakup: shapeOf({ delayedAccrualPoints: NUMBER, externalTriggerBasedPoints: NUMBER }),
      ...WARNINGS,
    },
    { programId: INTEGER },
  ),
  Tiers: shapeOf({
    ...ENTITY,
    programTiers: listOf(
      shapeOf(
        {
          programId: INTEGER,
          currentTierName: TEXT,
          currentTierSerialNumber: INTEGER,
          nextTierName: TEXT,
          nextTierSerialNumber: INTEGER,
        },
        { tierExpiryDate: TEXT },
      ),
    ),
    ...WARNINGS,
  }),
  PromisedSchedule: shapeOf({
    ...ENTITY,
    promisedPointsScheduleList: listOf(
      shapeOf({ points: NUMBER, redeemableFrom: TEXT, programId: INTEGER, pointsType: TEXT }),
    ),
    triggerBasedPointsList: listOf(FREE_OBJECT),
    ...WARNINGS,
  }),
  Redeemed: shapeOf(
    { pointsRedeemed: NUMBER, customerId: INTEGER, ...PROBLEMS },
    {
      redemptionId: TEXT,
      externalReferenceNumber: TEXT,
      transactionNumber: TEXT,
      crossMemberRedemptionBreakup: listOf(
        shapeOf({ pointsRedeemed: NUMBER }, { customerId: INTEGER, userGroup2Id: INTEGER }),
      ),
    },
  ),
  Reversed: shapeOf(
    {
      orgId: INTEGER,
      identifier: shapeOf({ type: TEXT, value: TEXT }),
      redemptionId: TEXT,
      reversalId: TEXT,
      pointsToBeReversed: NUMBER,
      pointsReversed: NUMBER,
      pointsReversedDetails: shapeOf({ available: NUMBER, expired: NUMBER }),
      ...PROBLEMS,
    },
    {
      customerId: INTEGER,
      crossMemberReversalBreakup: listOf(
        shapeOf({ available: NUMBER, expired: NUMBER }, { customerId: INTEGER, userGroup2Id: INTEGER }),
      ),
    },
  ),
  Redemption: shapeOf(
    {
      id: INTEGER,
      redemptionId: TEXT,
      programId: INTEGER,
      customerId: INTEGER,
      pointsRedeemed: NUMBER,
      billId: INTEGER,
      billNumber: TEXT,
      purpose: TEXT,
      customFields: FREE_OBJECT,
      ...PROBLEMS,
    },
    { externalReferenceNumber: TEXT },
  ),
  CurrencyRatio: shapeOf({ currencyCode: TEXT, ratioInr: NUMBER }),
  OneRatio: shapeOf({ entity: refTo('CurrencyRatio'), success: BOOLEAN, ...PROBLEMS }),
  AllRatios: shapeOf({ entity: listOf(refTo('CurrencyRatio')), success: BOOLEAN, ...PROBLEMS }),
}
