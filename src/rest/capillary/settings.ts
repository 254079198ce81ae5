import { Decimal, parseDecimal } from '../../domain/shared/decimal'
import type { Json, JsonObject } from '../../domain/shared/json'
import type { Door } from '../../domain/programs/tenant'
import { type RateLimits, rateLimitsOf } from './rate-limits'
import type { BillNumberRule } from '../../domain/transactions/transaction'

export const FIELD_TYPES = ['string', 'number', 'boolean', 'datetime'] as const
export type FieldType = (typeof FIELD_TYPES)[number]
export type FieldScope = 'transaction' | 'lineItem'

/** What a tenant's setup says about this door, with the defaults of capillary.md section 19. */
export interface CapillarySettings {
  readonly orgId: string
  readonly v2Enabled: boolean
  /** What a 401 is written in; `auto` follows the request. */
  readonly errorBody: 'auto' | 'json' | 'xml'
  readonly billNumberRequired: boolean
  readonly billNumberRule: BillNumberRule
  readonly zeroAmountAllowed: boolean
  readonly minBillAmount: Decimal | null
  readonly maxBillAmount: Decimal | null
  readonly minLineAmount: Decimal | null
  readonly maxLineAmount: Decimal | null
  /** In the words of the setup; read like a billing date. */
  readonly minBillingDate: string | null
  readonly keepsWallClock: boolean
  readonly bulk: BulkSettings
  /** Whether a sale whose customer cannot be told is kept as one to nobody, rather than refused. */
  readonly capturesUnknown: boolean
  readonly returns: ReturnSettings
  /** Which meanings the numbers have that changed: those of 2022, or today's (section 7.2). */
  readonly errorCatalogue: ErrorCatalogue
  /** Whether `NI_RETURN` is taken for NOT_INTERESTED_RETURN. */
  readonly niReturnAlias: boolean
  readonly outliers: OutlierSettings
  /** Prefixes of bill numbers that earn nothing. */
  readonly ignoredBillPrefixes: readonly string[]
  readonly currencyConversion: boolean
  readonly rateLimits: RateLimits
  /** Whether points can be redeemed through this door, and redemptions reversed. */
  readonly redemptions: {
    readonly enabled: boolean
    readonly reversible: boolean
    /** Whether all that the customer's group has pays. */
    readonly fromGroup: boolean
  }
  /** Currency code to its ratio to INR. */
  readonly currencyRatios: ReadonlyMap<string, Decimal>
  readonly amountRounding: { readonly places: number; readonly mode: 'cut' | 'half-up' }
  readonly extendedFields: Readonly<Record<FieldScope, ReadonlyMap<string, FieldType>>>
  readonly customFields: Readonly<Record<FieldScope, ReadonlySet<string>>>
  /** Attributes that products may have; empty: any. */
  readonly itemAttributes: ReadonlySet<string>
  /** Payment modes and their attributes. */
  readonly tenders: Readonly<Record<string, readonly string[]>>
}

export interface BulkSettings {
  readonly maxItems: number
  /** Whether the status of a bulk call tells of failures, as the published table has it, instead of being 200. */
  readonly byTable: boolean
}

export type ErrorCatalogue = 'seed' | 'current'

export interface ReturnSettings {
  readonly billNumberRequired: boolean
  /** Whether the number of a return document must be unique in the organization. */
  readonly uniqueNumbers: boolean
  readonly takesUnknown: boolean
  readonly takesUnnamed: boolean
  readonly reversesPoints: boolean
  /** Of bills made for a group that their customer has left. */
  readonly takesFromFormerMembers: boolean
  readonly purchaseTimeRequired: boolean
  /** Kinds that the organization has switched off. */
  readonly notAllowed: ReadonlySet<string>
}

export interface OutlierSettings {
  readonly zeroBill: boolean
  /** Null: any basket is fine. */
  readonly basketSizeLimit: Decimal | null
  readonly billPrefixes: readonly string[]
  readonly storeCodes: readonly string[]
  readonly itemCodes: readonly string[]
}

/** How far from now a billing date may lie; no flag of these is published (our choice, section 19). */
export const MAX_PAST_DAYS = 3650
export const MAX_FUTURE_DAYS = 1

const cache = new WeakMap<Door, CapillarySettings>()

/** The settings of a door; a door object lives as long as one version of the setup, so they are read once per version. */
export function settingsOf(door: Door): CapillarySettings {
  const known = cache.get(door)
  if (known) return known
  const settings = read(door)
  cache.set(door, settings)
  return settings
}

function read({ externalId, settings }: Door): CapillarySettings {
  const flags = new Flags(objectAt(settings, 'config'))
  return {
    orgId: externalId,
    v2Enabled: flags.on('CONF_CLIENT_V2_API_ENABLED', true),
    errorBody: errorBody(flags.text('auth.errorBody')),
    billNumberRequired: flags.on('CONF_LOYALTY_IS_BILL_NUMBER_REQUIRED', true),
    billNumberRule: billNumberRule(flags),
    zeroAmountAllowed: flags.on('CONF_CLIENT_IS_BILL_AMOUNT_ZERO', true),
    minBillAmount: flags.decimal('CONF_LOYALTY_MIN_BILL_AMOUNT'),
    maxBillAmount: flags.decimal('CONF_LOYALTY_MAX_BILL_AMOUNT'),
    minLineAmount: flags.decimal('CONF_LOYALTY_MIN_BILL_LINEITEM_AMOUNT'),
    maxLineAmount: flags.decimal('CONF_LOYALTY_MAX_BILL_LINEITEM_AMOUNT'),
    minBillingDate: flags.text('CONF_MIN_BILLING_DATE'),
    keepsWallClock: flags.on('CONF_ORG_DISABLE_MACHINE_TIME_CONV', false),
    bulk: {
      maxItems: flags.decimal('bulk.maxItems')?.toNumber() ?? 100,
      byTable: flags.text('bulk.httpStatus') === 'table',
    },
    capturesUnknown: flags.on('ENHANCE BILL CAPTURE', false),
    returns: returnSettings(flags),
    errorCatalogue: flags.text('errors.catalogue') === 'current' ? 'current' : 'seed',
    niReturnAlias: flags.on('aliases.niReturn', false),
    outliers: outlierSettings(flags),
    ignoredBillPrefixes: flags.on('BILL_NUMBER_WISE_IGNORE_POINTS', false)
      ? flags.list('IGNORE_POINTS_FOR_BILL_NUMBER_STARTS_WITH')
      : [],
    currencyConversion: flags.on('CONF_CURRENCY_CONVERSION_ENABLE', false),
    rateLimits: rateLimitsOf(settings['region'], objectAt(settings, 'rateLimits')),
    redemptions: {
      enabled: settings['redemptions'] !== false,
      reversible: flags.on('Allow_points_redemption_reversal', false),
      fromGroup: flags.on('ENABLE_CROSS_MEMBER_REDEMPTION', false),
    },
    currencyRatios: ratiosOf(objectAt(settings, 'currencyRatios')),
    amountRounding: amountRounding(flags),
    extendedFields: {
      transaction: fieldTypes(objectAt(settings, 'extendedFields'), 'transaction'),
      lineItem: fieldTypes(objectAt(settings, 'extendedFields'), 'lineItem'),
    },
    customFields: {
      transaction: new Set(textsIn(objectAt(settings, 'customFields')['transaction'])),
      lineItem: new Set(textsIn(objectAt(settings, 'customFields')['lineItem'])),
    },
    itemAttributes: new Set(textsIn(settings['itemAttributes'])),
    tenders: tendersOf(settings['tenders']),
  }
}

const errorBody = (said: string | null): CapillarySettings['errorBody'] =>
  said === 'xml' || said === 'json' ? said : 'auto'

/** Several scopes on: the narrowest wins. None on: no check (section 10). */
function billNumberRule(flags: Flags): BillNumberRule {
  const windowDays = Math.trunc(flags.decimal('CONF_LOYALTY_BILL_NUMBER_UNIQUE_IN_DAYS')?.toNumber() ?? 30)
  if (flags.on('CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_TILL', false)) return { scope: 'TILL', windowDays }
  if (flags.on('CONF_LOYALTY_BILL_NUMBER_UNIQUE_ONLY_STORE', false)) return { scope: 'STORE', windowDays }
  return { scope: flags.on('CONF_LOYALTY_IS_BILL_NUMBER_UNIQUE', true) ? 'ORG' : null, windowDays }
}

function returnSettings(flags: Flags): ReturnSettings {
  const takesUnnamed = flags.on('CONF_RETURN_WITHOUT_ORIGINAL_BILL_PROCESSING', false)
  return {
    billNumberRequired: flags.on('CONF_LOYALTY_IS_RETURN_BILL_NUMBER_REQUIRED', true),
    uniqueNumbers: flags.on('IS_RETURN_BILL_UNIQUE', false),
    takesUnknown: takesUnnamed || flags.on('CONF_ALLOW_NOT_EXISTING_BILL_RETURN', false),
    takesUnnamed,
    // What is handled by hand is not reversed here.
    reversesPoints:
      flags.on('CONF_POINTS_RETURN_ENABLED', true) &&
      !flags.on('CONF_LOYALTY_IS_RETURN_BILL_MANUAL_HANDLING_ENABLED', false),
    takesFromFormerMembers: flags.on('CONF_ALLOW_TRANSACTION_RETURN_AFTER_GROUP_TRANSITION', false),
    purchaseTimeRequired: flags.on('returns.requirePurchaseTime', false),
    notAllowed: new Set(flags.list('returns.notAllowed').map((kind) => kind.toUpperCase())),
  }
}

function outlierSettings(flags: Flags): OutlierSettings {
  const limit = flags.decimal('BILL_OUTLIER_BASKET_SIZE_LIMIT')
  return {
    zeroBill: flags.on('CONF_MARK_ZERO_BILL_AS_OUTLIER', false),
    basketSizeLimit: limit && limit.gte(0) ? limit : null,
    billPrefixes: flags.list('MARK_BILLS_OUTLIER_STARTING_WITH'),
    storeCodes: flags.list('MARK_BILLS_OUTLIER_FROM_STORE'),
    itemCodes: flags.list('CONF_OUTLIER_ITEM_SKU'),
  }
}

/** The base currency's decimals round and win; the general setting cuts (section 13). */
function amountRounding(flags: Flags): CapillarySettings['amountRounding'] {
  const places = (name: string): number | null => {
    const value = flags.decimal(name)
    return value && value.gte(0) ? Math.min(6, value.trunc().toNumber()) : null
  }
  const ofCurrency = places('CONF_DECIMAL_PLACES_FOR_BASE_CURRENCY')
  if (ofCurrency !== null) return { places: ofCurrency, mode: 'half-up' }
  return { places: places('AMOUNT_ROUNDING_OFF_TO_DECIMAL_PLACES') ?? 2, mode: 'cut' }
}

/** Flags as operators write them: `true`, `"1"`, `"on"`, numbers as text, lists as one comma-separated text. */
class Flags {
  constructor(private readonly flags: JsonObject) {}

  on(name: string, byDefault: boolean): boolean {
    const text = this.text(name)?.toLowerCase()
    return text === undefined ? byDefault : text === 'true' || text === '1' || text === 'on' || text === 'yes'
  }

  text(name: string): string | null {
    const value = this.flags[name]
    const text =
      value === undefined || value === null || typeof value === 'object' ? '' : String(value).trim()
    return text === '' ? null : text
  }

  decimal(name: string): Decimal | null {
    return parseDecimal(this.text(name) ?? '')
  }

  list(name: string): readonly string[] {
    const value = this.flags[name]
    const parts = Array.isArray(value) ? textsIn(value) : (this.text(name) ?? '').split(',')
    return parts.map((part) => part.trim()).filter((part) => part !== '')
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  return isObject(value) ? value : {}
}

const textsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? value.map(String) : []

function fieldTypes(fields: JsonObject, scope: FieldScope): ReadonlyMap<string, FieldType> {
  const known = Object.entries(objectAt(fields, scope)).filter((entry): entry is [string, FieldType] =>
    FIELD_TYPES.some((type) => type === entry[1]),
  )
  return new Map(known)
}

function ratiosOf(ratios: JsonObject): ReadonlyMap<string, Decimal> {
  const known = Object.entries(ratios).flatMap(([code, ratio]): [string, Decimal][] => {
    const value = typeof ratio === 'object' ? null : parseDecimal(String(ratio))
    return value?.gt(0) ? [[code.toUpperCase(), value]] : []
  })
  return new Map([['INR', new Decimal(1)], ...known])
}

function tendersOf(tenders: Json | undefined): Readonly<Record<string, readonly string[]>> {
  if (!isObject(tenders) || Object.keys(tenders).length === 0) return STANDARD_TENDERS
  return Object.fromEntries(Object.entries(tenders).map(([mode, attributes]) => [mode, textsIn(attributes)]))
}

/** The tenders every org has until it configures its own (section 20). */
const STANDARD_TENDERS: Readonly<Record<string, readonly string[]>> = {
  Card: [
    'card_type',
    'number',
    'bank_name',
    'name_on_card',
    'expiry_date',
    'CardIssuerCode',
    'CardEntryMethodCode',
    'AuthorizationMethodCode',
  ],
  Cash: ['currency'],
  Check: ['number', 'bank_name', 'branch_name'],
  Wallet: ['wallet_Type'],
  'Bank Credit': ['BankName'],
  'Gift Card': ['brand', 'number'],
  'Discount Coupon': ['coupon_code', 'CouponTypeCode'],
  'Food Coupon': ['coupon_code', 'CouponTypeCode'],
  'Exchange Lineitem': ['item_code'],
  'Cash Card': ['card_number'],
  Netbanking: ['bank_name'],
  Emi: ['installment_months', 'installment_start_date', 'EMI_type', 'bank_name', 'card_issuer_code'],
  Upi: ['upi_id', 'service_provider'],
  Points: [],
  Credit: [],
  Prepaid: [],
  'Credit Note': [],
  'Cash On Delivery': [],
}
