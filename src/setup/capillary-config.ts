import { z } from 'zod'

const on = z.boolean().optional()
const places = z.int().min(0).max(6).optional()
const amount = z
  .union([
    z.string().regex(/^\d{1,13}(\.\d{1,6})?$/, { error: 'must be decimal text' }),
    z.int().nonnegative(),
  ])
  .optional()
const words = z.string().optional()
/** A flag of work that does not exist here yet: only its default is taken. */
const later = (standard: unknown = false) =>
  z
    .unknown()
    .refine((value) => value === undefined || value === standard, { error: 'is not supported yet' })
    .optional()
    .meta({ description: 'Not supported yet.' })

/** Flags of the Capillary door (contract section 19). What needs retro conversion or groups comes with them. */
export const CAPILLARY_CONFIG = {
  CONF_ORG_DISABLE_MACHINE_TIME_CONV: on,
  CONF_LOYALTY_IS_BILL_NUMBER_REQUIRED: on,
  CONF_LOYALTY_IS_BILL_NUMBER_UNIQUE: on,
  CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_STORE: on,
  CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_TILL: on,
  CONF_LOYALTY_BILL_NUMBER_UNIQUE_IN_DAYS: z.int().min(0).max(36_500).optional(),
  CONF_CLIENT_BILL_NO_REGEX: words,
  CONF_CLIENT_IS_BILL_AMOUNT_ZERO: on,
  CONF_LOYALTY_MIN_BILL_AMOUNT: amount,
  CONF_LOYALTY_MAX_BILL_AMOUNT: amount,
  CONF_LOYALTY_MIN_BILL_LINEITEM_AMOUNT: amount,
  CONF_LOYALTY_MAX_BILL_LINEITEM_AMOUNT: amount,
  CONF_MIN_BILLING_DATE: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
  CONFIG_SKIP_SECONDARY_ID_ON_PRIMARY_MISMATCH: on,
  CONF_ALLOW_LOYALTY_BILL_SUBMITION_WITH_PARTIAL_DETAILS: on,
  CONF_MARK_ZERO_BILL_AS_OUTLIER: on,
  CONF_OUTLIER_ITEM_SKU: words,
  BILL_OUTLIER_BASKET_SIZE_LIMIT: z.int().min(-1).optional(),
  MARK_BILLS_OUTLIER_STARTING_WITH: words,
  MARK_BILLS_OUTLIER_FROM_STORE: words,
  BILL_NUMBER_WISE_IGNORE_POINTS: on,
  IGNORE_POINTS_FOR_BILL_NUMBER_STARTS_WITH: words,
  CONF_CURRENCY_CONVERSION_ENABLE: on,
  AMOUNT_ROUNDING_OFF_TO_DECIMAL_PLACES: places,
  CONF_DECIMAL_PLACES_FOR_BASE_CURRENCY: places,
  CONF_LOYALTY_TRANSACTION_AMOUNT_MARGIN: z.union([z.string(), z.number()]).optional(),
  CONF_CLIENT_V2_API_ENABLED: on,
  CONF_LOYALTY_IS_RETURN_BILL_NUMBER_REQUIRED: on,
  IS_RETURN_BILL_UNIQUE: on,
  CONF_ALLOW_NOT_EXISTING_BILL_RETURN: on,
  CONF_RETURN_WITHOUT_ORIGINAL_BILL_PROCESSING: on,
  CONF_POINTS_RETURN_ENABLED: on,
  CONF_ALLOW_TRANSACTION_RETURN_AFTER_GROUP_TRANSITION: on,
  CONF_LOYALTY_IS_RETURN_BILL_MANUAL_HANDLING_ENABLED: on,
  'ENHANCE BILL CAPTURE': on,
  CONF_RETRO_TRANSACTION_ENABLE: later(),
  CONF_RETRO_TRANSACTION_ENABLE_CASHIER: later(),
  CONF_RETRO_TRANSACTION_ENABLE_STORE_ASSOCIATE: later(),
  CONF_CLIENT_RETRO_MAX_ALLOWED_AGE_DAYS: later(),
  CONF_CLIENT_RETRO_DELAY_SINCE_REGISTRATION_HOURS: later(),
  Allow_points_redemption_reversal: on,
  ENABLE_CROSS_MEMBER_REDEMPTION: on,
  CONF_FRAUD_STATUS_CHECK_POINTS_TRANSFER: later(),
  'bulk.httpStatus': z.union([z.literal(200), z.literal('table')]).optional(),
  'bulk.maxItems': z.int().min(1).max(1_000).optional(),
  'errors.catalogue': z.enum(['seed', 'current']).optional(),
  'returns.requirePurchaseTime': on,
  'returns.notAllowed': z.array(z.enum(['ALL', 'FULL', 'AMOUNT', 'LINE_ITEM', 'CANCELLED'])).optional(),
  'auth.errorBody': z.enum(['auto', 'json', 'xml']).optional(),
  'aliases.niReturn': on,
} as const

/** Groups of resources that a key may be kept from. */
export const CAPILLARY_RESOURCES = ['transactions', 'customers', 'points', 'organization'] as const

/** What calls are counted under: the operations of the Capillary door, as its contract writes their paths. */
export const CAPILLARY_OPERATIONS = [
  'GET /v2/currencyratio',
  'POST /v2/currencyratio',
  'POST /v2/customers',
  'GET /v2/customers/lookup',
  'GET /v2/customers/lookup/customerDetails',
  'GET /v2/customers/lookup/points/balance',
  'GET /v2/customers/lookup/pointsExpirySchedule',
  'GET /v2/customers/lookup/promisedPointsSchedule',
  'GET /v2/customers/lookup/tierDetails',
  'GET /v2/customers/points/balance',
  'GET /v2/customers/points/balance/{userId}',
  'GET /v2/customers/tierDetails/{userId}/tierDetails',
  'GET /v2/customers/{userId}',
  'GET /v2/customers/{userId}/loyaltyDetails',
  'GET /v2/customers/{userId}/points/balance',
  'GET /v2/customers/{userId}/pointsExpirySchedule',
  'GET /v2/customers/{userId}/promisedPointsSchedule',
  'POST /v2/customers/{userId}/redemptions',
  'GET /v2/customers/{userId}/tierDetails',
  'GET /v2/customers/{userId}/transactions',
  'GET /v2/earning/{transactionId}',
  'POST /v2/points/reverse',
  'PUT /v2/points/updateRedemption',
  'POST /v2/transactions',
  'PUT /v2/transactions',
  'POST /v2/transactions/bulk',
  'PUT /v2/transactions/bulk',
  'GET /v2/transactions/getByBillNumber/{billNumber}',
  'GET /v2/transactions/{id}',
] as const
