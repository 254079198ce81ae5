import { anyOf, INTEGER, listOf, type Schema, shapeOf, TEXT } from '../shared/openapi'
import { type Description, openApiDocument, type Parameters, refTo } from '../shared/openapi-document'
import { takenBy } from './contract-schema'
import { CUSTOMER_ANSWERS } from './customers/customers.answers'
import { RegisterCustomerBody } from './customers/register.contract'
import { capillaryEndpoints } from './endpoints'
import { RedeemPointsBody, ReversePointsBody, UpdateRedemptionBody } from './redemptions/redemptions.contract'
import { AddTransactionBody } from './transactions/add-transaction.contract'
import { TRANSACTION_ANSWERS } from './transactions/transactions.answers'
import { UpdateTransactionBody } from './updates/update.contract'

const TOKEN_ENDPOINT = {
  method: 'POST',
  path: '/v3/oauth/token/generate',
  operation: 'generateToken',
} as const

/** This door as an OpenAPI 3.1 document, made from its endpoints, contract classes and lists of answers. */
export const capillaryOpenApi = (): Schema =>
  openApiDocument({
    info: {
      title: 'Capillary door',
      version: '2',
      description: 'Transactions, earning, customers and redemptions in the words of the Capillary API v2.',
    },
    server: '/',
    security: ['basicMd5', 'oauthToken', 'accessToken'],
    securitySchemes: {
      basicMd5: {
        type: 'http',
        scheme: 'basic',
        description: 'A till and the hex MD5 of its password.',
      },
      oauthToken: { type: 'apiKey', in: 'header', name: 'X-CAP-API-OAUTH-TOKEN' },
      accessToken: { type: 'apiKey', in: 'header', name: 'CAP-API-ACCESS-TOKEN' },
    },
    schemas: SCHEMAS,
    answerHeaders: {
      'X-CAP-REQUEST-ID': { description: 'Of this call alone.', schema: TEXT },
      org_id: { description: 'The organization, once it is known.', schema: TEXT },
      till: { description: 'The till that the call was booked on, once it is known.', schema: TEXT },
    },
    refusal: ref('Errors'),
    refusalStatuses: ['400', '401', '403', '404', '413', '415', '429', '500', '503', '521'],
    refusalHeaders: {
      'Retry-After': { description: 'Seconds until a call may succeed: of 429, 503 and 521.', schema: TEXT },
    },
    tags: {
      Auth: { description: 'Tokens for keys.', paths: /^\/v3\/oauth\// },
      Transactions: {
        description: 'Bills: sales, returns and what was not bought with a name.',
        paths: /^\/v2\/transactions/,
      },
      Earning: { description: 'What a bill earned, and why.', paths: /^\/v2\/earning\// },
      Points: {
        description: 'Balances, expiry and redemptions of points.',
        paths: /^\/v2\/points\/|\/redemptions$|\/points\/balance|Points\w*Schedule$/i,
      },
      Customers: { description: 'Customers, their tiers and bills.', paths: /^\/v2\/customers/ },
      Organization: { description: 'What holds for the whole organization.', paths: /^\/v2\/currencyratio$/ },
    },
    endpoints: [...capillaryEndpoints, TOKEN_ENDPOINT],
    operations: OPERATIONS,
  })

const LENIENT: Schema = { type: ['string', 'number', 'null'] }
const FIELDS: Schema = { type: ['object', 'null'] }

/** Members of objects that are read as they are. */
const REDEMPTIONS = { pointsRedemptions: listOf(LENIENT), couponRedemptions: listOf(LENIENT) }
const COMM_CHANNEL = {
  type: TEXT,
  value: LENIENT,
  primary: {},
  verified: {},
  subscribed: {},
  meta: FIELDS,
  attributes: FIELDS,
}

const SCHEMAS = {
  ...TRANSACTION_ANSWERS,
  ...CUSTOMER_ANSWERS,
  NewTransaction: takenBy(AddTransactionBody, { redemptions: REDEMPTIONS }),
  TransactionChange: takenBy(UpdateTransactionBody),
  NewCustomer: withChannels(takenBy(RegisterCustomerBody, { loyaltyInfo: { loyaltyType: TEXT } })),
  RedemptionOrder: takenBy(RedeemPointsBody),
  ReversalOrder: takenBy(ReversePointsBody, { identifier: { type: TEXT, value: LENIENT } }),
  RedemptionChange: takenBy(UpdateRedemptionBody, {
    entity: { type: TEXT, identifierType: TEXT, identifierValue: LENIENT },
  }),
  RatioOrder: shapeOf({ currencyCode: TEXT, ratioInr: { type: ['number', 'string'] } }),
  TokenOrder: shapeOf({ key: TEXT, secret: TEXT }),
  Token: shapeOf({
    data: shapeOf({ accessToken: TEXT, ttlSeconds: INTEGER }),
    errors: anyOf({ type: 'null' }, listOf(refTo('StatusItem'))),
  }),
}

/** Channels are kept and shown as they came. */
function withChannels(customer: Schema): Schema {
  const { profiles, ...others } = customer['properties'] as Record<string, { items: Schema }>
  const { items, ...list } = profiles ?? { items: {} }
  const members = items['properties'] as Record<string, Schema>
  const commChannels = { ...members['commChannels'], items: { type: 'object', properties: COMM_CHANNEL } }
  return {
    ...customer,
    properties: {
      ...others,
      profiles: { ...list, items: { ...items, properties: { ...members, commChannels } } },
    },
  }
}

function ref(...names: readonly (keyof typeof SCHEMAS)[]): Schema {
  return refTo(...names)
}

const optional = (...names: readonly string[]): Parameters =>
  Object.fromEntries(names.map((name) => [name, 'optional']))

const CUSTOMER_QUERY = optional('identifierName', 'identifierValue', 'source', 'accountId')
const LOOKUP_QUERY: Parameters = {
  identifierName: 'required',
  identifierValue: 'required',
  ...optional('source', 'accountId'),
}
const BOOKING_HEADERS = optional(
  'X-CAP-API-ATTRIBUTION-ENTITY-TYPE',
  'X-CAP-API-ATTRIBUTION-ENTITY-CODE',
  'X-CAP-API-ATTRIBUTION-TILL-CODE',
  'X-CAP-API-ATTRIBUTION-LOOKUP-TYPE',
  'X-CAP-API-ATTRIBUTION-LOOKUP',
)
const RUN_HEADERS = optional('X-CAP-DIRECT-REPLAY', 'SKIP-DOWNSTREAM')
const PROGRAM_QUERY = optional('programId', 'entityType', 'fetchDataForAllPrograms')
const SCHEDULE_QUERY = optional(
  'programId',
  'entityType',
  'fetchDataForAllPrograms',
  'fetchEarliestExpiryOnly',
  'startDate',
  'endDate',
)
const READ_QUERY = optional('tenders', 'mlp', 'points_breakup')

const OPERATIONS: Readonly<Record<string, Description>> = {
  addTransaction: {
    summary: 'Adds or returns a transaction',
    request: ref('NewTransaction'),
    query: {
      ...CUSTOMER_QUERY,
      ...optional('use_async', 'use_asynch', 'rawSideEffects', 'programId', 'points', 'mlp'),
    },
    headers: { ...RUN_HEADERS, ...BOOKING_HEADERS },
    answer: ref('Added'),
  },
  addTransactionsBulk: {
    summary: 'Adds or returns transactions, each by itself',
    request: listOf(ref('NewTransaction')),
    query: optional('use_async', 'use_asynch', 'rawSideEffects', 'points', 'mlp'),
    headers: { ...RUN_HEADERS, ...BOOKING_HEADERS },
    answer: ref('BulkAdded'),
    alsoStatus: ['201'],
  },
  updateTransaction: {
    summary: 'Changes what may change of a transaction',
    request: ref('TransactionChange'),
    query: { ...CUSTOMER_QUERY, ...optional('points', 'mlp') },
    headers: BOOKING_HEADERS,
    answer: ref('Updated'),
  },
  updateTransactionsBulk: {
    summary: 'Changes regular transactions, each by itself',
    request: listOf(ref('TransactionChange')),
    answer: ref('BulkUpdated'),
  },
  getTransaction: {
    summary: 'A transaction of a type',
    query: { type: 'optional', ...READ_QUERY },
    answer: ref('Transaction'),
  },
  getTransactionsByBillNumber: {
    summary: 'Transactions with a bill number, newest first',
    query: READ_QUERY,
    answer: ref('TransactionPage'),
  },
  getTransactionEarning: {
    summary: 'A sale, and what became of its points',
    query: READ_QUERY,
    answer: ref('Earning'),
  },
  generateToken: {
    summary: 'Exchanges a key and a secret for an access token',
    request: ref('TokenOrder'),
    answer: ref('Token'),
    open: true,
  },
  registerCustomer: {
    summary: 'Registers a customer, or one more account of a known one',
    request: ref('NewCustomer'),
    query: optional('source', 'accountId', 'rawSideEffects'),
    headers: BOOKING_HEADERS,
    answer: ref('Registered'),
  },
  lookupCustomerId: {
    summary: 'The number of the customer with an identifier',
    query: LOOKUP_QUERY,
    answer: ref('CustomerId'),
  },
  lookupCustomerDetails: {
    summary: 'The customer with an identifier',
    query: { ...LOOKUP_QUERY, ...optional('embed') },
    answer: ref('Customer'),
  },
  getCustomer: {
    summary: 'A customer as each source knows them',
    query: optional('source', 'accountId', 'embed'),
    answer: ref('Customer'),
  },
  getCustomerLoyaltyDetails: {
    summary: 'The standing in every program, or in one',
    query: optional('programId'),
    answer: ref('LoyaltyDetails'),
  },
  getCustomerTransactions: {
    summary: 'Transactions of a customer, newest first',
    query: optional(
      'embed',
      'startDate',
      'endDate',
      'sortBy',
      'sortOrder',
      'limit',
      'offset',
      'transactionId',
    ),
    answer: ref('CustomerTransactions'),
  },
  getPointsExpirySchedule: {
    summary: 'What expires when',
    query: SCHEDULE_QUERY,
    answer: ref('ExpirySchedules'),
  },
  lookupPointsExpirySchedule: {
    summary: 'What expires when, by identifier',
    query: { ...LOOKUP_QUERY, ...SCHEDULE_QUERY },
    answer: ref('ExpirySchedules'),
  },
  getPointsBalance: {
    summary: 'What can be redeemed and what is promised',
    query: PROGRAM_QUERY,
    answer: ref('Balance'),
  },
  lookupPointsBalance: {
    summary: 'What can be redeemed and what is promised, by identifier',
    query: { ...LOOKUP_QUERY, ...PROGRAM_QUERY },
    answer: ref('Balance'),
  },
  getTierDetails: { summary: 'The tier in each program', query: PROGRAM_QUERY, answer: ref('Tiers') },
  lookupTierDetails: {
    summary: 'The tier in each program, by identifier',
    query: { ...LOOKUP_QUERY, ...PROGRAM_QUERY },
    answer: ref('Tiers'),
  },
  getPromisedPointsSchedule: {
    summary: 'What becomes redeemable when',
    query: PROGRAM_QUERY,
    answer: ref('PromisedSchedule'),
  },
  lookupPromisedPointsSchedule: {
    summary: 'What becomes redeemable when, by identifier',
    query: { ...LOOKUP_QUERY, ...PROGRAM_QUERY },
    answer: ref('PromisedSchedule'),
  },
  redeemPoints: {
    summary: 'Redeems points, or says whether they could be',
    request: ref('RedemptionOrder'),
    query: PROGRAM_QUERY,
    answer: ref('Redeemed'),
  },
  reversePoints: {
    summary: 'Gives redeemed points back, all or a part',
    request: ref('ReversalOrder'),
    answer: ref('Reversed'),
  },
  updateRedemption: {
    summary: 'Ties a redemption to a bill, and says what it was for',
    request: ref('RedemptionChange'),
    answer: ref('Redemption'),
  },
  setCurrencyRatio: {
    summary: 'Sets what a unit of a currency is in INR',
    request: ref('RatioOrder'),
    answer: ref('OneRatio'),
  },
  getCurrencyRatios: { summary: 'What units of currencies are in INR', answer: ref('AllRatios') },
}
