/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** What would be ordered. At most one of memberId and identity. */
export type CartInput = {
  /** Who would order; or give `memberId`. */
  identity?: IdentityInput | null | undefined;
  /** The products: 1 to 500. */
  lines: Array<CartLineInput>;
  /** Who would order; or give `identity`. */
  memberId?: string | number | null | undefined;
};

/** A product, how many, and at what price. */
export type CartLineInput = {
  /** Your id of the product. */
  productId: string;
  /** How many, more than zero. */
  quantity: string;
  /** Tells apart two lines of one product. */
  secondaryKey?: string | null | undefined;
  /** Price of one unit in the tenant's currency, zero or more. */
  unitPrice: string;
};

/** How a door knows a member: the same words as on Identity. */
export type IdentityInput = {
  /** Only an identity of this account; absent: whichever. */
  account?: string | null | undefined;
  /** The door: "annex" or "capillary". */
  door: string;
  /** Only an identity of this source; absent: whichever. */
  source?: string | null | undefined;
  /** The door's word for the kind of identity, such as "mobile" or "email". */
  type: string;
  /** The identity itself. */
  value: string;
};

/** Why a line of a cart would earn nothing. */
export type NoPointsInCart =
  /** The member's status does not let it earn. */
  | 'MEMBER_MAY_NOT_EARN'
  /** The program has no rule for orders. */
  | 'NO_RULE'
  /** It would earn less than the smallest number of points. */
  | 'ROUNDED_TO_ZERO'
  /** It costs nothing. */
  | 'ZERO_AMOUNT'
  /** The rule that applies gives zero points per unit of money. */
  | 'ZERO_RATIO';

/** What moved points. */
export type PointsActivityKind =
  /** Corrected by hand. */
  | 'ADJUST'
  /** Earned. */
  | 'AWARD'
  /** A reservation was spent. */
  | 'CAPTURE'
  /** Lapsed. */
  | 'EXPIRE'
  /** Reserved. */
  | 'HOLD'
  /** Pending points became spendable. */
  | 'MATURE'
  /** Spent. */
  | 'REDEEM'
  /** A reservation was given back. */
  | 'RELEASE'
  /** An award taken back, in whole or in part. */
  | 'REVERSE'
  /** Came from another wallet. */
  | 'TRANSFER_IN'
  /** Went to another wallet. */
  | 'TRANSFER_OUT';

/** Why a rule said no. New codes may be added. */
export type UserErrorCode =
  /** The action was awarded to the member a short time ago: wait. */
  | 'ACTION_COOLING_DOWN'
  /** The member has had all that the action gives in this period. */
  | 'ACTION_LIMIT_REACHED'
  /** The program has no such action: `Program.actions` lists them. */
  | 'ACTION_NOT_FOUND'
  /** This was awarded before, and its first answer is no longer kept. */
  | 'ALREADY_AWARDED'
  /** The identity is registered in this source already. */
  | 'ALREADY_REGISTERED'
  /** There is no such award. */
  | 'AWARD_NOT_FOUND'
  /** Another operation on the same account is running: send it again. */
  | 'BUSY'
  /** It has come too far for this change, or not far enough; `field` says where. */
  | 'CHANGE_NOT_ALLOWED'
  /** A date lies in the future. */
  | 'DATE_IN_FUTURE'
  /** A date lies too far in the past. */
  | 'DATE_TOO_OLD'
  /** The bill number is taken where and when it must be unique. */
  | 'DUPLICATE_BILL_NUMBER'
  /** There is an issuance with this id: it was stored before. */
  | 'DUPLICATE_ISSUANCE'
  /** There is an order with this id: it was stored before. */
  | 'DUPLICATE_ORDER'
  /** The points would have lapsed before they are awarded. */
  | 'EXPIRY_NOT_AFTER_AWARD'
  /** There is no such group, or the member is not in it. */
  | 'GROUP_NOT_FOUND'
  /** There is no such hold. */
  | 'HOLD_NOT_FOUND'
  /** The key was used for another request: take a new one, or send the first request unchanged. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** The identity or linking value belongs to another member. */
  | 'IDENTITY_TAKEN'
  /** There are fewer points than asked for; the message says how many. */
  | 'INSUFFICIENT_POINTS'
  /** An amount of money is not a decimal, or is out of range. */
  | 'INVALID_AMOUNT'
  /** The key has not 1 to 255 characters. */
  | 'INVALID_IDEMPOTENCY_KEY'
  /** An id or identity cannot be one here, such as a door that the tenant lacks. */
  | 'INVALID_IDENTIFIER'
  /** A moment cannot be read as one. */
  | 'INVALID_INSTANT'
  /** Points are not more than zero, or finer than the `pointsDecimals` of the program. */
  | 'INVALID_POINTS'
  /** A quantity is not more than zero, or is out of range. */
  | 'INVALID_QUANTITY'
  /** There is no issuance with this id of yours. */
  | 'ISSUANCE_NOT_FOUND'
  /** There is no such line. */
  | 'LINE_NOT_FOUND'
  /** The member is blocked, and neither earns nor redeems. */
  | 'MEMBER_BLOCKED'
  /** The member is marked as fraud, and neither earns nor redeems. */
  | 'MEMBER_FRAUD'
  /** The member is not active, and neither earns nor redeems. */
  | 'MEMBER_INACTIVE'
  /** Nobody has the id or identity: enroll the person first. */
  | 'MEMBER_NOT_FOUND'
  /** The member left the program, and neither earns nor redeems. */
  | 'MEMBER_OPTED_OUT'
  /** Something is missing; `field` says what. */
  | 'MISSING_VALUE'
  /** Only a sandbox does this. */
  | 'NOT_A_SANDBOX'
  /** The tenant wants its clients to date this. */
  | 'ORDER_DATE_REQUIRED'
  /** There is no order with this id of yours. */
  | 'ORDER_NOT_FOUND'
  /** The tenant has no such program. */
  | 'PROGRAM_NOT_FOUND'
  /** There is no such redemption. */
  | 'REDEMPTION_NOT_FOUND'
  /** The redemption is of another member. */
  | 'REDEMPTION_OF_ANOTHER'
  /** Nothing is left of the redemption to give back. */
  | 'REDEMPTION_REVERSED'
  /** The reference was used for this member before. */
  | 'REFERENCE_USED'
  /** This cannot come back, or not so much of it; the message says why. */
  | 'RETURN_REFUSED'
  /** More would be taken back than was awarded. */
  | 'REVERSAL_EXCEEDS_AWARD'
  /** More would be given back than is left of the redemption. */
  | 'REVERSAL_EXCEEDS_REDEMPTION'
  /** The program has no such reward: `Program.rewards` lists them. */
  | 'REWARD_NOT_FOUND'
  /** Every code of the reward was handed over; nothing was taken for it. */
  | 'REWARD_SOLD_OUT'
  /** The tenant has no such store: `stores` lists them. */
  | 'STORE_NOT_FOUND'
  /** There is no such tenant. */
  | 'TENANT_NOT_FOUND'
  /** There is no such transaction. */
  | 'TRANSACTION_NOT_FOUND';

export type StorefrontQueryVariables = Exact<{
  identity: IdentityInput;
}>;


export type StorefrontQuery = { member: { id: string, firstName: string | null, lastName: string | null, joinedAt: string, tier: { name: string, rank: number } | null, tierProgress: { pointsMissing: string | null, next: { name: string, minLifetimePoints: string | null }, spendMissing: { amount: string, currency: string } | null } | null, points: { available: string, pending: string, lifetime: string, currencyValue: { amount: string, currency: string } | null, nextExpiry: { at: string, points: string } | null }, activities: { nodes: Array<{ id: string, kind: PointsActivityKind, points: string, reason: string | null, recordedAt: string, purchase:
          | { __typename: 'Issuance', total: { amount: string, currency: string } }
          | { __typename: 'Order', total: { amount: string, currency: string } }
          | { __typename: 'Transaction', total: { amount: string, currency: string } }
         | null }> } } | null, programs: Array<{ isDefault: boolean, tiers: Array<{ name: string, rank: number }>, rewards: Array<{ rewardId: string, name: string, cost: string, available: boolean }> }> };

export type CartPointsQueryVariables = Exact<{
  cart: CartInput;
}>;


export type CartPointsQuery = { potentialPoints: { potential: { total: string, ratio: string, lines: Array<{ points: string, noPointsReason: NoPointsInCart | null }> } | null, userErrors: Array<{ code: UserErrorCode, message: string }> } };
