/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** Exactly one of memberId and identity, and exactly one of points and actionId. */
export type AwardPointsInput = {
  /** An action of the default program: awards what it says; or give `points`. */
  actionId?: number | null | undefined;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: boolean;
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: string | null | undefined;
  /** Whose points; or give `memberId`. */
  identity?: IdentityInput | null | undefined;
  /** Whose points; or give `identity`. */
  memberId?: string | number | null | undefined;
  /** How many, more than zero. */
  points?: string | null | undefined;
  /** For people and the journal, at most 500 characters. */
  reason?: string | null | undefined;
};

/** How far the goods have come, as the till said it. */
export type DeliveryStatus =
  /** Handed over. */
  | 'DELIVERED'
  /** Ordered. */
  | 'PLACED'
  /** Being prepared. */
  | 'PROCESSED'
  /** Came back. */
  | 'RETURNED'
  /** On their way. */
  | 'SHIPPED';

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

/** How far an issuance has come. */
export type IssuanceState =
  /** All of it was canceled. */
  | 'CANCELED'
  /** Something of it has not shipped, and its points wait. */
  | 'PLACED'
  /** All of it came back. */
  | 'RETURNED'
  /** All that is left of it has shipped. */
  | 'SHIPPED';

/** Whether a member may earn and redeem. */
export type MemberStatus =
  /** May earn and redeem. */
  | 'ACTIVE'
  /** Blocked by the brand. */
  | 'BLOCKED'
  /** Marked as fraud. */
  | 'FRAUD'
  /** Not active now. */
  | 'INACTIVE'
  /** Left the program. */
  | 'OPTED_OUT';

/** Why a transaction earned nothing. */
export type NoPointsReason =
  /** The tenant's settings exclude its bill number. */
  | 'IGNORED_BILL_NUMBER'
  /** Nobody known bought it. */
  | 'NO_MEMBER'
  /** The program has no rule for transactions. */
  | 'NO_RULE'
  /** The sale, or all that it is made of, is out of the ordinary. */
  | 'OUTLIER'
  /** What it earns is known and still to be booked. */
  | 'QUEUED'
  /** It earned less than the smallest number of points. */
  | 'ROUNDED_TO_ZERO'
  /** It was imported without running the program. */
  | 'SKIPPED'
  /** It came to nothing. */
  | 'ZERO_AMOUNT';

/** How far a line of an order has come. */
export type OrderLineState =
  /** Will not be shipped. */
  | 'CANCELED'
  /** Ordered. */
  | 'PLACED'
  /** Came back. */
  | 'RETURNED'
  /** On its way, or handed over. */
  | 'SHIPPED';

/** Whether a sale is out of the ordinary; only a NORMAL one earns. */
export type OutlierStatus =
  /** Deleted; its bill number is free again. */
  | 'DELETED'
  /** It did not come about. */
  | 'FAILED'
  /** A fraud. */
  | 'FRAUD'
  /** A sale within the company. */
  | 'INTERNAL'
  /** A sale like any other. */
  | 'NORMAL'
  /** Out of the ordinary for another reason. */
  | 'OTHER'
  /** Larger or odder than real customers buy. */
  | 'OUTLIER'
  /** A test of the till. */
  | 'TEST';

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

/** The kinds of purchases. */
export type PurchaseKind =
  /** A purchase, or something like one, with points that the client computed. */
  | 'ISSUANCE'
  /** An order of a web shop or site, with points computed line by line. */
  | 'ORDER'
  /** A bill of a till. */
  | 'TRANSACTION';

/** Exactly one of memberId and identity, and exactly one of points and rewardId. */
export type RedeemPointsInput = {
  /** Number of the bill it is meant for; a sale that names its code ties it to itself. */
  billNumber?: string | null | undefined;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: boolean;
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: string | null | undefined;
  /** Whose points; or give `memberId`. */
  identity?: IdentityInput | null | undefined;
  /** Whose points; or give `identity`. */
  memberId?: string | number | null | undefined;
  /** How many, more than zero. */
  points?: string | null | undefined;
  /** For people and the journal, at most 500 characters. */
  reason?: string | null | undefined;
  /** A reward of the default program: spends its price; or give `points`. */
  rewardId?: string | null | undefined;
};

/** What kind of bill it is. */
export type TransactionType =
  /** A sale to somebody who is no member. */
  | 'NOT_INTERESTED'
  /** Goods came back from somebody who is no member. */
  | 'NOT_INTERESTED_RETURN'
  /** A sale to a known member. */
  | 'REGULAR'
  /** Goods came back from a known member. */
  | 'RETURN';

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

export type MembersQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
  activities?: number;
}>;


export type MembersQuery = { members: { nodes: Array<{ id: string, firstName: string | null, tier: { id: string, name: string } | null, activities: { edges: Array<{ cursor: string, node: { id: string, kind: PointsActivityKind, points: string, availableAfter: string, reason: string | null, occurredAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type MemberIdsQueryVariables = Exact<{
  first?: number;
  after?: string | null | undefined;
}>;


export type MemberIdsQuery = { members: { edges: Array<{ cursor: string, node: { id: string, lastName: string | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type MemberByIdentityQueryVariables = Exact<{
  identity: IdentityInput;
}>;


export type MemberByIdentityQuery = { member: { id: string, firstName: string | null, email: string | null } | null };

export type ProgramsQueryVariables = Exact<{ [key: string]: never; }>;


export type ProgramsQuery = { programs: Array<{ id: string, key: string, title: string, isDefault: boolean, pointsDecimals: number, tiers: Array<{ id: string, name: string, rank: number }> }> };

export type AwardPointsMutationVariables = Exact<{
  input: AwardPointsInput;
}>;


export type AwardPointsMutation = { awardPoints: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }>, activity: { id: string, kind: PointsActivityKind, points: string, availableAfter: string, actionId: number | null, reason: string | null, sources: Array<{ line: string | null, rule: string, points: string, expiresAt: string | null }> } | null, balance: { available: string, lifetime: string } | null, member: { id: string, tier: { name: string } | null } | null } };

export type RedeemPointsMutationVariables = Exact<{
  input: RedeemPointsInput;
}>;


export type RedeemPointsMutation = { redeemPoints: { userErrors: Array<{ code: UserErrorCode, field: string | null, message: string }>, activity: { id: string, kind: PointsActivityKind, points: string, availableAfter: string, reason: string | null, allocations: Array<{ lot: string, points: string }> } | null, balance: { available: string, redeemed: string } | null, member: { id: string } | null } };

export type PurchasesQueryVariables = Exact<{
  id: string | number;
  first?: number;
  after?: string | null | undefined;
  kind?: PurchaseKind | null | undefined;
}>;


export type PurchasesQuery = { member: { id: string, purchases: { edges: Array<{ cursor: string, node:
          | { __typename: 'Issuance', id: string, purchasedAt: string, points: string, orderId: string, actionId: number, state: IssuanceState, heldPoints: string, returnedPoints: string, expiresAt: string | null, source: string | null, storeCode: string | null, attributes: unknown, total: { amount: string, currency: string }, member: { id: string, firstName: string | null } | null, discount: { amount: string, currency: string } | null, spent: { amount: string, currency: string }, store: { id: string, code: string, name: string } | null, products: Array<{ lineNo: number, productId: string | null, name: string | null, quantity: string | null, attributes: unknown }> }
          | { __typename: 'Order', id: string, purchasedAt: string, points: string, orderId: string, placedAtOffset: string | null, ratio: string, source: string | null, storeCode: string | null, attributes: unknown, total: { amount: string, currency: string }, member: { id: string, firstName: string | null } | null, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string } | null, lines: Array<{ lineNo: number, productId: string, secondaryKey: string | null, quantity: string, state: OrderLineState, shippedQuantity: string, returnedQuantity: string, canceledQuantity: string, points: string, attributes: unknown, unitPrice: { amount: string, currency: string } }> }
          | { __typename: 'Transaction', id: string, purchasedAt: string, points: string, number: string, type: TransactionType, billNumber: string, billedAtOffset: string | null, source: string | null, tillCode: string, deliveryStatus: DeliveryStatus | null, outlierStatus: OutlierStatus, note: string | null, noPointsReason: NoPointsReason | null, customFields: unknown, extendedFields: unknown, attributes: unknown, total: { amount: string, currency: string }, member: { id: string, firstName: string | null } | null, grossAmount: { amount: string, currency: string } | null, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string, externalIds: Array<string> } | null, lines: Array<{ lineNo: number, itemCode: string, quantity: string, outlier: boolean, points: string, attributes: unknown, rate: { amount: string }, value: { amount: string }, discount: { amount: string }, amount: { amount: string, currency: string } }>, payments: Array<{ mode: string, notes: string, attributes: unknown, amount: { amount: string, currency: string } }> }
         }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type OrdersAndTransactionsQueryVariables = Exact<{
  id: string | number;
}>;


export type OrdersAndTransactionsQuery = { member: { orders: { nodes: Array<{ id: string, orderId: string, placedAtOffset: string | null, ratio: string, source: string | null, storeCode: string | null, attributes: unknown, member: { tier: { name: string } | null } | null, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string } | null, lines: Array<{ lineNo: number, productId: string, secondaryKey: string | null, quantity: string, state: OrderLineState, shippedQuantity: string, returnedQuantity: string, canceledQuantity: string, points: string, attributes: unknown, unitPrice: { amount: string, currency: string } }> }>, pageInfo: { hasNextPage: boolean } }, transactions: { edges: Array<{ cursor: string, node: { id: string, number: string, type: TransactionType, billNumber: string, billedAtOffset: string | null, source: string | null, tillCode: string, deliveryStatus: DeliveryStatus | null, outlierStatus: OutlierStatus, note: string | null, noPointsReason: NoPointsReason | null, customFields: unknown, extendedFields: unknown, attributes: unknown, grossAmount: { amount: string, currency: string } | null, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string, externalIds: Array<string> } | null, lines: Array<{ lineNo: number, itemCode: string, quantity: string, outlier: boolean, points: string, attributes: unknown, rate: { amount: string }, value: { amount: string }, discount: { amount: string }, amount: { amount: string, currency: string } }>, payments: Array<{ mode: string, notes: string, attributes: unknown, amount: { amount: string, currency: string } }> } }> } } | null };

export type PurchaseIdsQueryVariables = Exact<{
  id: string | number;
}>;


export type PurchaseIdsQuery = { member: { purchases: { nodes: Array<
        | { __typename: 'Issuance', id: string }
        | { __typename: 'Order', id: string }
        | { __typename: 'Transaction', id: string }
      > } } | null };

export type ByOwnNumbersQueryVariables = Exact<{
  orderId: string;
  number: string;
}>;


export type ByOwnNumbersQuery = { order: { id: string, orderId: string, points: string, member: { firstName: string | null } | null } | null, transaction: { id: string, number: string, billNumber: string, member: { firstName: string | null } | null } | null };

export type ThingsQueryVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type ThingsQuery = { nodes: Array<
    | { __typename: 'Group', id: string }
    | { __typename: 'Issuance', id: string }
    | { __typename: 'Member', firstName: string | null, id: string }
    | { __typename: 'Order', orderId: string, id: string }
    | { __typename: 'PointsActivity', kind: PointsActivityKind, points: string, id: string }
    | { __typename: 'Program', key: string, id: string }
    | { __typename: 'Redemption', id: string }
    | { __typename: 'Store', code: string, name: string, id: string }
    | { __typename: 'Tier', name: string, id: string }
    | { __typename: 'Transaction', billNumber: string, id: string }
   | null> };

export type ThingQueryVariables = Exact<{
  id: string | number;
}>;


export type ThingQuery = { node:
    | { __typename: 'Group', id: string }
    | { __typename: 'Issuance', id: string }
    | { __typename: 'Member', id: string }
    | { __typename: 'Order', id: string }
    | { __typename: 'PointsActivity', id: string }
    | { __typename: 'Program', id: string }
    | { __typename: 'Redemption', id: string }
    | { __typename: 'Store', id: string }
    | { __typename: 'Tier', id: string }
    | { __typename: 'Transaction', id: string }
   | null };

export type OrderDetailsFragment = { id: string, orderId: string, placedAtOffset: string | null, ratio: string, source: string | null, storeCode: string | null, attributes: unknown, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string } | null, lines: Array<{ lineNo: number, productId: string, secondaryKey: string | null, quantity: string, state: OrderLineState, shippedQuantity: string, returnedQuantity: string, canceledQuantity: string, points: string, attributes: unknown, unitPrice: { amount: string, currency: string } }> };

export type IssuanceDetailsFragment = { id: string, orderId: string, actionId: number, state: IssuanceState, heldPoints: string, returnedPoints: string, expiresAt: string | null, source: string | null, storeCode: string | null, attributes: unknown, discount: { amount: string, currency: string } | null, spent: { amount: string, currency: string }, store: { id: string, code: string, name: string } | null, products: Array<{ lineNo: number, productId: string | null, name: string | null, quantity: string | null, attributes: unknown }> };

export type TransactionDetailsFragment = { id: string, number: string, type: TransactionType, billNumber: string, billedAtOffset: string | null, source: string | null, tillCode: string, deliveryStatus: DeliveryStatus | null, outlierStatus: OutlierStatus, note: string | null, noPointsReason: NoPointsReason | null, customFields: unknown, extendedFields: unknown, attributes: unknown, grossAmount: { amount: string, currency: string } | null, discount: { amount: string, currency: string } | null, store: { id: string, code: string, name: string, externalIds: Array<string> } | null, lines: Array<{ lineNo: number, itemCode: string, quantity: string, outlier: boolean, points: string, attributes: unknown, rate: { amount: string }, value: { amount: string }, discount: { amount: string }, amount: { amount: string, currency: string } }>, payments: Array<{ mode: string, notes: string, attributes: unknown, amount: { amount: string, currency: string } }> };

export type WalletQueryVariables = Exact<{
  id: string | number;
  after?: string | null | undefined;
}>;


export type WalletQuery = { member: { id: string, firstName: string | null, lastName: string | null, email: string | null, mobile: string | null, status: MemberStatus, joinedAt: string, identities: Array<{ door: string, type: string, value: string, source: string, account: string }>, tier: { id: string, name: string, rank: number, minLifetimePoints: string | null, purchaseRatio: string | null, minSpend: { amount: string, currency: string } | null } | null, tierProgress: { pointsMissing: string | null, next: { name: string }, spendMissing: { amount: string, currency: string } | null } | null, spend: { amount: string, currency: string }, points: { available: string, pending: string, held: string, lifetime: string, earned: string, reversed: string, redeemed: string, expired: string, nextExpiry: { at: string, points: string } | null, currencyValue: { amount: string, currency: string } | null }, activities: { edges: Array<{ cursor: string, node: { id: string, kind: PointsActivityKind, points: string, available: string, pending: string, held: string, availableAfter: string, actionId: number | null, reason: string | null, occurredAt: string, recordedAt: string, member: { id: string, firstName: string | null } | null, purchase:
            | { __typename: 'Issuance', id: string, purchasedAt: string }
            | { __typename: 'Order', id: string, purchasedAt: string }
            | { __typename: 'Transaction', id: string, purchasedAt: string }
           | null, sources: Array<{ line: string | null, rule: string, points: string, reversed: string, lot: string, expiresAt: string | null }>, allocations: Array<{ lot: string, points: string }> } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type PersonFragment = { id: string, firstName: string | null, lastName: string | null, email: string | null, mobile: string | null, status: MemberStatus, joinedAt: string };

export type ActivityFragment = { id: string, kind: PointsActivityKind, points: string, available: string, pending: string, held: string, availableAfter: string, actionId: number | null, reason: string | null, occurredAt: string, recordedAt: string, member: { id: string, firstName: string | null } | null, purchase:
    | { __typename: 'Issuance', id: string, purchasedAt: string }
    | { __typename: 'Order', id: string, purchasedAt: string }
    | { __typename: 'Transaction', id: string, purchasedAt: string }
   | null, sources: Array<{ line: string | null, rule: string, points: string, reversed: string, lot: string, expiresAt: string | null }>, allocations: Array<{ lot: string, points: string }> };
