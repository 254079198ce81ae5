import {
  type Contract,
  entriesOf,
  type Members,
  objectOf,
  type Rules,
  type Schema,
  schemaOf,
  TEXT,
  withAliases,
} from '../shared/openapi'
import { type Description, openApiDocument, refTo } from '../shared/openapi-document'
import { annexEndpoints } from './endpoints'
import { ERROR_CODES } from './errors'
import { ISSUANCE_PAGE, ISSUANCE_RESULT, ONE_ISSUANCE } from './issuances/issuances.answers'
import {
  IssuanceCreateBody,
  IssuanceFilterBody,
  IssuancePartBody,
  IssuanceRewriteBody,
  IssuanceWholeBody,
} from './issuances/issuances.contract'
import { CartBody } from './orders/cart.mapping'
import { OrderDetailsBody } from './orders/details.mapping'
import { ManualSpendBody } from './orders/manual-spend.mapping'
import {
  CART_RESULT,
  MANUAL_SPEND_RESULT,
  ORDER_PAGE,
  ORDER_RECORD,
  ORDER_RESULT,
  PATCH_RESULT,
} from './orders/orders.answers'
import { OrderBody } from './orders/orders.contract'
import { OrderAddBody, OrderMoveBody } from './orders/patch.contract'
import {
  AWARD_RESULT,
  BUCKET_RESULTS,
  BULK_POINTS_RESULT,
  DEBIT_RESULT,
  GROUP_TO_MEMBER_RESULT,
  MEMBER_POINTS,
  MEMBER_TO_GROUP_RESULT,
  MEMBER_TO_MEMBER_RESULT,
  POINTS_EXPIRY,
  REWARD_RESULT,
} from './points/points.answers'
import { MemberIdBody } from './points/points.routes'
import { PointsBody } from './points/post-points.contract'
import { MERGED_NAMES } from './points/post-points.mapping'
import { PRESENCE } from './rules'
import { PREFIX } from './settings'
import { ACTIVITY_PAGE, MEMBER_TIERS, REWARD_LIST, USER } from './users/users.answers'
import { UserBody, UserPatchBody } from './users/users.contract'

/** This door as an OpenAPI 3.1 document, made from its endpoints, contract classes and lists of answers. */
export const annexOpenApi = (): Schema =>
  openApiDocument({
    info: {
      title: 'Annex Cloud door',
      version: '3.0',
      description: 'Orders, issuance, points and members in the words of Annex Cloud Loyalty API 3.0.',
    },
    server: PREFIX,
    security: ['token'],
    securitySchemes: {
      token: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'HS256, with the claims site_id, exp and hmac; hmac is bound to the content of the request.',
      },
    },
    schemas: SCHEMAS,
    refusal: ref('Error', 'ErrorSpelledTwice'),
    refusalStatuses: ['4XX', '5XX'],
    tags: {
      Orders: { description: 'Orders, their changes and carts.', paths: /order|^\/cart$|^\/manualspend$/ },
      Issuance: { description: 'Points awarded for orders that are kept elsewhere.', paths: /^\/issuance/ },
      Points: { description: 'Balances, movements and expiry of points.', paths: /^\/(get)?(bulk)?points/ },
      Tiers: { description: 'Where members stand.', paths: /\/tiers?$/ },
      Rewards: { description: 'What members can redeem points for.', paths: /reward/ },
      Users: { description: 'Members and what happened to them.', paths: /^\/users/ },
    },
    endpoints: annexEndpoints,
    operations: OPERATIONS,
  })

const ERROR = {
  ...objectOf({ errorCode: { type: 'string', enum: ERROR_CODES }, errorMessage: TEXT }),
  required: ['errorCode', 'errorMessage'],
}
/** An entry of a bulk call, named as it was. */
const REFUSED_ENTRY = objectOf({ id: TEXT, orderId: TEXT, errorCode: TEXT, errorMessage: TEXT })
const ERROR_SPELLED_TWICE = objectOf({
  errorCode: TEXT,
  errorMessage: TEXT,
  'error code': TEXT,
  'error message': TEXT,
})

const NUMBER_OR_TEXT = { type: ['number', 'string'] }
const WRITTEN_DATE = { type: 'string', description: 'A date, or a date and a time.' }

/** What each rule accepts; clients send numbers where text is documented, and text where numbers are. */
const RULES: Rules = {
  isId: () => ({ type: ['string', 'integer'] }),
  isActionId: () => ({ type: ['string', 'integer'] }),
  isEmailAddress: () => TEXT,
  isAmount: () => NUMBER_OR_TEXT,
  isText: () => NUMBER_OR_TEXT,
  isTextOrTexts: () => ({ type: ['number', 'string', 'array'], items: TEXT }),
  isWord: (words) => ({ type: 'string', description: `In any letter case: ${words.join(', ')}.` }),
  isInstant: () => ({ type: 'string', description: 'A date and a time with its offset.' }),
  isDateText: () => WRITTEN_DATE,
  isMap: () => ({ type: 'object' }),
}

const bodyOf = (contract: Contract, aliases: Readonly<Record<string, readonly string[]>> = {}): Schema =>
  withAliases(schemaOf(contract, RULES, PRESENCE), aliases)

/** Whatever else was sent comes back as it was. */
const withAttributes = (members: Members): Schema => ({ ...objectOf(members), additionalProperties: {} })

/** The captions of the reference merge two names into one. */
function withMergedNames(schema: Schema): Schema {
  const amount = {
    type: ['number', 'string', 'null'],
    description: 'Read as credit or debit, by the activity.',
  }
  const merged = Object.fromEntries(MERGED_NAMES.map((name) => [name, amount]))
  return { ...schema, properties: { ...(schema['properties'] as Members), ...merged } }
}

const LINES = { orderDetail: ['orderDetails'] }
const ORDER_NAMES = { orderId: ['id', 'orderID'] }

const SCHEMAS = {
  Error: ERROR,
  ErrorSpelledTwice: ERROR_SPELLED_TWICE,
  RefusedEntry: REFUSED_ENTRY,
  Order: bodyOf(OrderBody, { id: ['orderId', 'orderID'], ...LINES }),
  OrderMove: bodyOf(OrderMoveBody, { ...ORDER_NAMES, ...LINES }),
  OrderAdd: bodyOf(OrderAddBody, { ...ORDER_NAMES, ...LINES }),
  OrderFilter: bodyOf(OrderDetailsBody),
  Cart: bodyOf(CartBody, { productDetail: ['productDetails'] }),
  ManualSpend: bodyOf(ManualSpendBody, {
    orderId: ['orderID'],
    amount: ['credit', 'debit', 'spendAmount'],
    adminEmail: ['adjustedBy', 'updatedBy'],
  }),
  Issuance: bodyOf(IssuanceCreateBody, ORDER_NAMES),
  IssuancePart: bodyOf(IssuancePartBody, ORDER_NAMES),
  IssuanceWhole: bodyOf(IssuanceWholeBody, ORDER_NAMES),
  IssuanceRewrite: bodyOf(IssuanceRewriteBody, ORDER_NAMES),
  IssuanceFilter: bodyOf(IssuanceFilterBody),
  Points: withMergedNames(bodyOf(PointsBody)),
  MemberId: bodyOf(MemberIdBody),
  User: bodyOf(UserBody),
  UserChange: bodyOf(UserPatchBody),
  OrderResult: objectOf(ORDER_RESULT),
  OrderRecord: objectOf(ORDER_RECORD),
  OrderPage: objectOf(ORDER_PAGE),
  OrderChangeResult: objectOf(PATCH_RESULT),
  CartResult: objectOf(CART_RESULT),
  ManualSpendResult: objectOf(MANUAL_SPEND_RESULT),
  IssuanceResult: withAttributes(ISSUANCE_RESULT),
  OneIssuance: withAttributes(ONE_ISSUANCE),
  IssuancePage: objectOf(ISSUANCE_PAGE),
  MemberPoints: objectOf(MEMBER_POINTS),
  PointsExpiry: objectOf(POINTS_EXPIRY),
  RewardResult: objectOf(REWARD_RESULT),
  DebitResult: { ...objectOf(DEBIT_RESULT), patternProperties: BUCKET_RESULTS },
  AwardResult: { ...objectOf(AWARD_RESULT), patternProperties: BUCKET_RESULTS },
  MemberToGroupResult: objectOf(MEMBER_TO_GROUP_RESULT),
  GroupToMemberResult: objectOf(GROUP_TO_MEMBER_RESULT),
  MemberToMemberResult: objectOf(MEMBER_TO_MEMBER_RESULT),
  BulkPointsResult: objectOf(BULK_POINTS_RESULT),
  UserRecord: objectOf(USER),
  ActivityPage: objectOf(ACTIVITY_PAGE),
  MemberTiers: objectOf(MEMBER_TIERS),
  RewardList: objectOf(REWARD_LIST),
} satisfies Members

const ref = (...names: readonly (keyof typeof SCHEMAS)[]): Schema => refTo(...names)

const OPERATIONS: Readonly<Record<string, Description>> = {
  createOrder: {
    summary: 'Stores an order and awards its points',
    request: ref('Order'),
    answer: ref('OrderResult'),
  },
  createBulkOrder: {
    summary: 'Stores orders, each by itself',
    request: entriesOf(ref('Order')),
    answer: entriesOf(ref('OrderResult', 'RefusedEntry')),
  },
  updateOrder: {
    summary: 'Ships, returns, cancels or extends an order',
    request: ref('OrderMove', 'OrderAdd'),
    answer: ref('OrderChangeResult'),
  },
  updateOrderPut: {
    summary: 'The same as PATCH',
    request: ref('OrderMove', 'OrderAdd'),
    answer: ref('OrderChangeResult'),
  },
  bulkPatchOrder: {
    summary: 'Changes orders, each by itself',
    request: entriesOf(ref('OrderMove', 'OrderAdd')),
    answer: entriesOf(ref('OrderChangeResult', 'RefusedEntry')),
  },
  postOrderDetails: {
    summary: 'The orders of a member, or one order',
    request: ref('OrderFilter'),
    answer: ref('OrderRecord', 'OrderPage'),
  },
  getSecondaryUserOrders: {
    summary: "Orders of members who share another's group",
    query: {
      userId: 'optional',
      id: 'optional',
      memberId: 'optional',
      orderId: 'optional',
      page: 'optional',
    },
    answer: ref('OrderRecord', 'OrderPage'),
  },
  postCart: {
    summary: 'What an order would earn',
    request: ref('Cart'),
    answer: ref('CartResult'),
  },
  postManualSpend: {
    summary: 'Corrects what an order counts as spent',
    request: ref('ManualSpend'),
    answer: ref('ManualSpendResult'),
  },
  postIssuance: {
    summary: 'Stores what the caller computed and grants exactly that',
    request: ref('Issuance'),
    answer: ref('IssuanceResult'),
  },
  patchIssuance: {
    summary: 'Ships, returns or cancels, whole or in part',
    request: ref('IssuancePart', 'IssuanceWhole'),
    answer: ref('IssuanceResult'),
  },
  putIssuance: {
    summary: 'Rewrites the data and books a difference of points',
    request: ref('IssuanceRewrite'),
    answer: ref('IssuanceResult'),
  },
  postIssuanceDetails: {
    summary: 'The issuances of a member, or one of them',
    request: ref('IssuanceFilter'),
    answer: ref('OneIssuance', 'IssuancePage'),
  },
  getPoints: { summary: 'Balances and outlook of a member', answer: ref('MemberPoints') },
  getBulkPoints: {
    summary: 'Balances and outlook of several members, each by itself',
    request: entriesOf(ref('MemberId')),
    answer: entriesOf(ref('MemberPoints', 'RefusedEntry')),
  },
  postPoints: {
    summary: 'Awards, redeems, deducts or transfers points',
    request: ref('Points'),
    answer: ref(
      'RewardResult',
      'DebitResult',
      'AwardResult',
      'MemberToGroupResult',
      'GroupToMemberResult',
      'MemberToMemberResult',
      'ErrorSpelledTwice',
    ),
  },
  postBulkPoints: {
    summary: 'Moves points of several members, each by itself',
    request: entriesOf(ref('Points')),
    answer: entriesOf(ref('BulkPointsResult', 'RefusedEntry')),
  },
  getPointsExpiry: {
    summary: 'What lapses in a span of time',
    query: { start_date: 'required', end_date: 'required', aggregate_by: 'required', page: 'required' },
    answer: ref('PointsExpiry'),
  },
  createUser: { summary: 'Enrolls a member', request: ref('User'), answer: ref('UserRecord') },
  getUser: { summary: 'A member', answer: ref('UserRecord') },
  updateUser: {
    summary: 'Changes what is sent of a member',
    request: ref('UserChange'),
    answer: ref('UserRecord'),
  },
  updateUserPut: { summary: 'The same as PATCH', request: ref('UserChange'), answer: ref('UserRecord') },
  getUserActivity: {
    summary: 'The activities of a member, newest first',
    query: { page: 'optional' },
    answer: ref('ActivityPage'),
  },
  getTiers: { summary: 'The tier of a member', answer: ref('MemberTiers') },
  getRewards: {
    summary: 'What a member could take, and whether now',
    query: { sort_by: 'optional' },
    answer: ref('RewardList'),
  },
}
