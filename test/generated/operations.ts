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

/** How far the goods have come. */
export type DeliveryStatus =
  | 'DELIVERED'
  | 'PLACED'
  | 'PROCESSED'
  | 'RETURNED'
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
  | 'DELETED'
  | 'FAILED'
  | 'FRAUD'
  | 'INTERNAL'
  | 'NORMAL'
  | 'OTHER'
  | 'OUTLIER'
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
  | 'ACTION_COOLING_DOWN'
  | 'ACTION_LIMIT_REACHED'
  | 'ACTION_NOT_FOUND'
  | 'ALREADY_AWARDED'
  | 'ALREADY_REGISTERED'
  | 'AWARD_NOT_FOUND'
  | 'BUSY'
  | 'CHANGE_NOT_ALLOWED'
  | 'DATE_IN_FUTURE'
  | 'DATE_TOO_OLD'
  | 'DUPLICATE_BILL_NUMBER'
  | 'DUPLICATE_ISSUANCE'
  | 'DUPLICATE_ORDER'
  | 'EXPIRY_NOT_AFTER_AWARD'
  | 'GROUP_NOT_FOUND'
  | 'HOLD_NOT_FOUND'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'IDENTITY_TAKEN'
  | 'INSUFFICIENT_POINTS'
  | 'INVALID_AMOUNT'
  | 'INVALID_IDEMPOTENCY_KEY'
  | 'INVALID_IDENTIFIER'
  | 'INVALID_INSTANT'
  | 'INVALID_POINTS'
  | 'INVALID_QUANTITY'
  | 'ISSUANCE_NOT_FOUND'
  | 'LINE_NOT_FOUND'
  | 'MEMBER_BLOCKED'
  | 'MEMBER_FRAUD'
  | 'MEMBER_INACTIVE'
  | 'MEMBER_NOT_FOUND'
  | 'MEMBER_OPTED_OUT'
  | 'MISSING_VALUE'
  | 'NOT_A_SANDBOX'
  | 'ORDER_DATE_REQUIRED'
  | 'ORDER_NOT_FOUND'
  | 'PROGRAM_NOT_FOUND'
  | 'REDEMPTION_NOT_FOUND'
  | 'REDEMPTION_OF_ANOTHER'
  | 'REDEMPTION_REVERSED'
  | 'REFERENCE_USED'
  | 'RETURN_REFUSED'
  | 'REVERSAL_EXCEEDS_AWARD'
  | 'REVERSAL_EXCEEDS_REDEMPTION'
  | 'REWARD_GIVES_CODE'
  | 'REWARD_NOT_FOUND'
  | 'REWARD_SOLD_OUT'
  | 'STORE_NOT_FOUND'
  | 'TENANT_NOT_FOUND'
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
    | { __typename: 'Issuance', id: string }
    | { __typename: 'Member', firstName: string | null, id: string }
    | { __typename: 'Order', orderId: string, id: string }
    | { __typename: 'PointsActivity', kind: PointsActivityKind, points: string, id: string }
    | { __typename: 'Program', key: string, id: string }
    | { __typename: 'Store', code: string, name: string, id: string }
    | { __typename: 'Tier', name: string, id: string }
    | { __typename: 'Transaction', billNumber: string, id: string }
   | null> };

export type ThingQueryVariables = Exact<{
  id: string | number;
}>;


export type ThingQuery = { node:
    | { __typename: 'Issuance', id: string }
    | { __typename: 'Member', id: string }
    | { __typename: 'Order', id: string }
    | { __typename: 'PointsActivity', id: string }
    | { __typename: 'Program', id: string }
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
