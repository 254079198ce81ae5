export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant: ISO 8601 with its offset and up to microseconds, such as "2026-11-21T03:00:00.123456Z". */
  DateTime: { input: string; output: string; }
  /** An exact decimal number as text, such as "99.95". Never rounded, never in exponent form. */
  Decimal: { input: string; output: string; }
  /** Any JSON value: what a client of another door sent, in its own words. */
  JSON: { input: unknown; output: unknown; }
  /** Points as exact decimal text with at most three decimals, such as "12.5" or "-3". As an input, a whole number is taken too. */
  Points: { input: string; output: string; }
};

/** What a correction downwards does beyond what is there. */
export type AdjustBeyond =
  /** It takes what there is. */
  | 'CLAMP'
  /** It takes all, and the balance goes below zero. */
  | 'DEBT'
  /** It is refused. */
  | 'REFUSE';

/** Exactly one of memberId and identity; a reason is required. */
export type AdjustPointsInput = {
  /** What it does when it takes more than there is. */
  beyond?: AdjustBeyond;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whose points; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Whose points; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** More than zero gives, less takes. */
  points: Scalars['Points']['input'];
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type AdjustPointsPayload = {
  __typename?: 'AdjustPointsPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** A currency that transactions earn beside points. From the setup of the program. */
export type AlternateCurrency = {
  __typename?: 'AlternateCurrency';
  /** What clients of the doors know it by. */
  identifier: Scalars['String']['output'];
  /** For people. */
  name: Scalars['String']['output'];
};

/** Exactly one of memberId and identity, and exactly one of points and actionId. */
export type AwardPointsInput = {
  /** An action of the default program: awards what it says; or give `points`. */
  actionId?: InputMaybe<Scalars['Int']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whose points; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Whose points; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** How many, more than zero. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type AwardPointsPayload = {
  __typename?: 'AwardPointsPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** What would be ordered. At most one of memberId and identity. */
export type CartInput = {
  /** Who would order; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** The products: 1 to 500. */
  lines: Array<CartLineInput>;
  /** Who would order; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** A product, how many, and at what price. */
export type CartLineInput = {
  /** Your id of the product. */
  productId: Scalars['String']['input'];
  /** How many, more than zero. */
  quantity: Scalars['Decimal']['input'];
  /** Tells apart two lines of one product. */
  secondaryKey?: InputMaybe<Scalars['String']['input']>;
  /** Price of one unit in the tenant's currency, zero or more. */
  unitPrice: Scalars['Decimal']['input'];
};

/** Which issuance, and what happens to it. */
export type ChangeIssuanceInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. A refusal is not remembered. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** What happens. */
  move: OrderMove;
  /** Your id of the issuance. */
  orderId: Scalars['String']['input'];
  /** To which part; null: to all that can move. */
  part?: InputMaybe<IssuancePartInput>;
  /** For people and the journal. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type ChangeIssuancePayload = {
  __typename?: 'ChangeIssuancePayload';
  /** Points that the member can spend after it; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** The issuance now; null when refused. */
  issuance?: Maybe<Issuance>;
  /** Whose it is; null when refused. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** Points of the member that wait after it; null when refused. */
  pending?: Maybe<Scalars['Points']['output']>;
  /** The member's tier after it, by name; null: in none, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Which order, and what happens to it. */
export type ChangeOrderInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. A refusal is not remembered. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** To which units; null: to the whole order. */
  lines?: InputMaybe<Array<MovedLineInput>>;
  /** What happens. */
  move: OrderMove;
  /** Your id of the order. */
  orderId: Scalars['String']['input'];
  /** For people and the journal. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type ChangeOrderPayload = {
  __typename?: 'ChangeOrderPayload';
  /** Points that the member can spend after it; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** Whose it is; null when refused. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** The order now; null when refused. */
  order?: Maybe<Order>;
  /** Points of the member that wait after it; null when refused. */
  pending?: Maybe<Scalars['Points']['output']>;
  /** The member's tier after it, by name; null: in none, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Whose group: exactly one of memberId and identity. */
export type CreateGroupInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** The name that clients know the group by. */
  groupId: Scalars['String']['input'];
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** For people. */
  name: Scalars['String']['input'];
};

/** What was done, or why not. */
export type CreateGroupPayload = {
  __typename?: 'CreateGroupPayload';
  /** The group that the member is in now; null: in none, or refused. */
  group?: Maybe<Group>;
  /** The member; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** What a member has of a currency beside points. What is due is already applied. */
export type CurrencyBalance = {
  __typename?: 'CurrencyBalance';
  /** Spendable now. Below zero: units were spent that a return took back. */
  available: Scalars['Points']['output'];
  /** Which currency. */
  currency: AlternateCurrency;
  /** Credited as earned, all time. */
  earned: Scalars['Points']['output'];
  /** Lapsed, all time. */
  expired: Scalars['Points']['output'];
  /** Spent, all time. */
  redeemed: Scalars['Points']['output'];
  /** Taken back by returns, all time. */
  reversed: Scalars['Points']['output'];
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

/** Which hold, and how much of it. */
export type EndHoldInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** The PointsActivity of kind HOLD that `holdPoints` answered. */
  holdId: Scalars['ID']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How many, more than zero; null: all that is left. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type EndHoldPayload = {
  __typename?: 'EndHoldPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Whom to enroll, and how doors shall know the person. */
export type EnrollMemberInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** E-mail address. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** Given name. */
  firstName?: InputMaybe<Scalars['String']['input']>;
  /** How doors shall know the member: 1 to 20. */
  identities: Array<NewIdentityInput>;
  /** Family name. */
  lastName?: InputMaybe<Scalars['String']['input']>;
  /** Mobile number. */
  mobile?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type EnrollMemberPayload = {
  __typename?: 'EnrollMemberPayload';
  /** Whether the identities joined someone who was a member already; null when refused. */
  joined?: Maybe<Scalars['Boolean']['output']>;
  /** The member now; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** A household: members who share a wallet beside their own. A member is in one at most. */
export type Group = Node & {
  __typename?: 'Group';
  /** The name that clients know it by, unique in the tenant. */
  groupId: Scalars['String']['output'];
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Who is in it: the owner first. */
  members: Array<GroupMember>;
  /** For people. */
  name: Scalars['String']['output'];
  /** The group's wallet in the default program's main currency. */
  points: PointsBalance;
};

/** Somebody in a group. */
export type GroupMember = {
  __typename?: 'GroupMember';
  /** Whether the group is theirs: it has one owner. */
  isOwner: Scalars['Boolean']['output'];
  /** Who; null: the caller may not see them. */
  member?: Maybe<Member>;
};

/** Exactly one of memberId and identity. */
export type HoldPointsInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** When what is left may be given back by itself; null: never. */
  expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whose points; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Whose points; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** How many to reserve, more than zero. */
  points: Scalars['Points']['input'];
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type HoldPointsPayload = {
  __typename?: 'HoldPointsPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** How a door knows a member. */
export type Identity = {
  __typename?: 'Identity';
  /** The account within the source; mostly empty. */
  account: Scalars['String']['output'];
  /** The door: "annex" or "capillary". */
  door: Scalars['String']['output'];
  /** Where the identity lives, such as "INSTORE"; empty where the door has no sources. */
  source: Scalars['String']['output'];
  /** The door's word for the kind of identity, such as "mobile" or "email". */
  type: Scalars['String']['output'];
  /** The identity as it was said. */
  value: Scalars['String']['output'];
};

/** How a door knows a member: the same words as on Identity. */
export type IdentityInput = {
  /** Only an identity of this account; absent: whichever. */
  account?: InputMaybe<Scalars['String']['input']>;
  /** The door: "annex" or "capillary". */
  door: Scalars['String']['input'];
  /** Only an identity of this source; absent: whichever. */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The door's word for the kind of identity, such as "mobile" or "email". */
  type: Scalars['String']['input'];
  /** The identity itself. */
  value: Scalars['String']['input'];
};

/** A purchase, or something like one, with points that the client computed. */
export type Issuance = Node & Purchase & {
  __typename?: 'Issuance';
  /** The action that its points are booked under. */
  actionId: Scalars['Int']['output'];
  /** What it did to wallets, oldest first: awarded, shipped and so spendable, returned, canceled. */
  activities: Array<PointsActivity>;
  /** What the client sent besides, unchanged. */
  attributes: Scalars['JSON']['output'];
  /** Discount as the client said it; null: none. */
  discount?: Maybe<Money>;
  /** When its points lapse; null: never. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Points that wait until it ships. */
  heldPoints: Scalars['Points']['output'];
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Who bought it; null: nobody known. */
  member?: Maybe<Member>;
  /** The client's own id of it, unique among issuances of the tenant. */
  orderId: Scalars['String']['output'];
  /** Points it was awarded, before any return. */
  points: Scalars['Points']['output'];
  /** Its products, in the order of the request. */
  products: Array<IssuanceProduct>;
  /** When it was bought. */
  purchasedAt: Scalars['DateTime']['output'];
  /** Points that returns and cancellations took back. */
  returnedPoints: Scalars['Points']['output'];
  /** Where it came from, in the words of the client. */
  source?: Maybe<Scalars['String']['output']>;
  /** What it counts as spent: its total, less what was returned or canceled. */
  spent: Money;
  /** How far it has come. */
  state: IssuanceState;
  /** How far it has come. */
  status: PurchaseStatus;
  /** The store, where the tenant's setup knows it. */
  store?: Maybe<Store>;
  /** The store as the client named it; null: it named none. */
  storeCode?: Maybe<Scalars['String']['output']>;
  /** What it came to. */
  total: Money;
};

/** A page of a list of Issuance. */
export type IssuanceConnection = {
  __typename?: 'IssuanceConnection';
  /** The rows with their cursors. */
  edges: Array<IssuanceEdge>;
  /** The rows alone. */
  nodes: Array<Issuance>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Issuance in a list, and its cursor. */
export type IssuanceEdge = {
  __typename?: 'IssuanceEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Issuance;
};

/** A part of an issuance, by what it is worth. */
export type IssuancePartInput = {
  /** Money of the part in the tenant's currency, zero or more. */
  amount: Scalars['Decimal']['input'];
  /** Points of the part, zero or more. */
  points: Scalars['Points']['input'];
};

/** One product of an issuance. */
export type IssuanceProduct = {
  __typename?: 'IssuanceProduct';
  /** The product as the client sent it, whole. */
  attributes: Scalars['JSON']['output'];
  /** From 1, in the order of the request. */
  lineNo: Scalars['Int']['output'];
  /** What it is called; null: not given. */
  name?: Maybe<Scalars['String']['output']>;
  /** The client's id of the product; null: not given. */
  productId?: Maybe<Scalars['String']['output']>;
  /** How many; null: not given. */
  quantity?: Maybe<Scalars['Decimal']['output']>;
};

/** A product of an issuance; nothing is computed from it. */
export type IssuanceProductInput = {
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** What it is called. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** Your id of the product. */
  productId?: InputMaybe<Scalars['String']['input']>;
  /** How many, in units of the product. */
  quantity?: InputMaybe<Scalars['Decimal']['input']>;
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

/** Exactly one of memberId and identity. */
export type JoinGroupInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** The name that clients know the group by. */
  groupId: Scalars['String']['input'];
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** What was done, or why not. */
export type JoinGroupPayload = {
  __typename?: 'JoinGroupPayload';
  /** The group that the member is in now; null: in none, or refused. */
  group?: Maybe<Group>;
  /** The member; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId and identity. */
export type LeaveGroupInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** What was done, or why not. */
export type LeaveGroupPayload = {
  __typename?: 'LeaveGroupPayload';
  /** The group that the member is in now; null: in none, or refused. */
  group?: Maybe<Group>;
  /** The member; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId and identity. */
export type LinkIdentitiesInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** How doors shall know the member besides: 1 to 20. Those that are the member's already stay. */
  identities: Array<NewIdentityInput>;
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** What was done, or why not. */
export type LinkIdentitiesPayload = {
  __typename?: 'LinkIdentitiesPayload';
  /** The member now; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** The order of a list by time. */
export type ListOrder =
  /** The newest first. */
  | 'NEWEST'
  /** The oldest first. */
  | 'OLDEST';

/** One person in the loyalty program, whatever doors know them. */
export type Member = Node & {
  __typename?: 'Member';
  /** The wallet's journal. */
  activities: PointsActivityConnection;
  /** The member's wallets of the default program's currencies beside points, in the order of their identifiers. */
  alternateCurrencies: Array<CurrencyBalance>;
  /** E-mail address as it was given; null: not known. */
  email?: Maybe<Scalars['String']['output']>;
  /** What of the wallet will lapse unless it is spent before, soonest first; held points do not. */
  expiringPoints: Array<ScheduledPoints>;
  /** Given name; null: not known. */
  firstName?: Maybe<Scalars['String']['output']>;
  /** The group that the member is in; null: none. */
  group?: Maybe<Group>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** How doors know the member, in the order they were added. */
  identities: Array<Identity>;
  /** The member's issuances, newest first. */
  issuances: IssuanceConnection;
  /** When the member joined. */
  joinedAt: Scalars['DateTime']['output'];
  /** Family name; null: not known. */
  lastName?: Maybe<Scalars['String']['output']>;
  /** What of the wallet waits for a day that is known, and will be spendable then, soonest first. */
  maturingPoints: Array<ScheduledPoints>;
  /** Mobile number as it was given; null: not known. */
  mobile?: Maybe<Scalars['String']['output']>;
  /** The member's orders, newest first. */
  orders: OrderConnection;
  /** The standing in the period that the tiers of the default program look at; null: in none. */
  periodStanding?: Maybe<PeriodStanding>;
  /** The member's wallet in the default program's main currency. */
  points: PointsBalance;
  /** What the member bought through any door. */
  purchases: PurchaseConnection;
  /** What was spent of the member's own wallet, through any door, newest first. */
  redemptions: RedemptionConnection;
  /** What the member has spent in the default program, in the currency of the tenant. */
  spend: Money;
  /** Whether the member may earn and redeem. */
  status: MemberStatus;
  /** The tier in the default program; null: in none. */
  tier?: Maybe<Tier>;
  /** The tier that the member will have once the period has moved on, if nothing is earned or taken back; null: none, or nothing will change. */
  tierAfterPeriod?: Maybe<Tier>;
  /** The tiers of the default program that the member has had, the present one first. */
  tierHistory: Array<TierPeriod>;
  /** The way to the next tier; null at the top. */
  tierProgress?: Maybe<TierProgress>;
  /** The member's transactions, newest first. */
  transactions: TransactionConnection;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberActivitiesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  kinds?: InputMaybe<Array<PointsActivityKind>>;
  orderBy?: ListOrder;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberExpiringPointsArgs = {
  per?: ScheduleStep;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberIssuancesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  orderBy?: ListOrder;
  status?: InputMaybe<PurchaseStatus>;
  storeId?: InputMaybe<Scalars['ID']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberMaturingPointsArgs = {
  per?: ScheduleStep;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberOrdersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  orderBy?: ListOrder;
  status?: InputMaybe<PurchaseStatus>;
  storeId?: InputMaybe<Scalars['ID']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberPurchasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  kind?: InputMaybe<PurchaseKind>;
  orderBy?: ListOrder;
  status?: InputMaybe<PurchaseStatus>;
  storeId?: InputMaybe<Scalars['ID']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberRedemptionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


/** One person in the loyalty program, whatever doors know them. */
export type MemberTransactionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  from?: InputMaybe<Scalars['DateTime']['input']>;
  orderBy?: ListOrder;
  status?: InputMaybe<PurchaseStatus>;
  storeId?: InputMaybe<Scalars['ID']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A page of a list of Member. */
export type MemberConnection = {
  __typename?: 'MemberConnection';
  /** The rows with their cursors. */
  edges: Array<MemberEdge>;
  /** The rows alone. */
  nodes: Array<Member>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Member in a list, and its cursor. */
export type MemberEdge = {
  __typename?: 'MemberEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Member;
};

/** The order of a list of members. A cursor is good in the order that gave it. */
export type MemberOrder =
  /** Who joined last comes first. */
  | 'JOINED_NEWEST'
  /** Who joined first comes first. */
  | 'JOINED_OLDEST'
  /** By their numbers: as they were stored. */
  | 'NUMBER';

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

/** An amount of money in a currency. */
export type Money = {
  __typename?: 'Money';
  /** The amount in the currency's main unit, such as "99.95". */
  amount: Scalars['Decimal']['output'];
  /** ISO 4217 code, such as "INR". */
  currency: Scalars['String']['output'];
};

/** Which units of an order. */
export type MovedLineInput = {
  /** Your id of the product. */
  productId: Scalars['String']['input'];
  /** How many, more than zero; null: all that can move. */
  quantity?: InputMaybe<Scalars['Decimal']['input']>;
  /** Tells apart two lines of one product. */
  secondaryKey?: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  __typename?: 'Mutation';
  /** Corrects a wallet by hand, whatever the member's status. It does not count as earned. */
  adjustPoints: AdjustPointsPayload;
  /** Awards points without a purchase: so many, or what an action of the program gives. */
  awardPoints: AwardPointsPayload;
  /** Spends what a hold reserved, in whole or in part. */
  captureHold: EndHoldPayload;
  /** Ships, takes back or cancels an issuance or a part of it; its points become spendable, or go. What was spent meanwhile becomes a debt. */
  changeIssuance: ChangeIssuancePayload;
  /** Ships, takes back or cancels an order or a part of it; points follow the goods, pro rata and exactly. What was spent meanwhile becomes a debt. */
  changeOrder: ChangeOrderPayload;
  /** Makes a group with its owner in it; the owner leaves any other. Sent again, it answers the same group. */
  createGroup: CreateGroupPayload;
  /** Enrolls a person. Who shares a linking value (the setup says which: e-mail, mobile number) with a member joins that member: identities are added, and fields that are empty are filled. Sent again, it answers the same member. */
  enrollMember: EnrollMemberPayload;
  /** Reserves points: nobody else can spend them, and they do not lapse, until the hold ends. */
  holdPoints: HoldPointsPayload;
  /** Puts a member into a group, out of any other. Who is in it already stays. */
  joinGroup: JoinGroupPayload;
  /** Takes a member out of its group; what is in the group's wallet stays there. The owner leaves last. */
  leaveGroup: LeaveGroupPayload;
  /** Lets doors know a member by more identities. Members are never merged by this. */
  linkIdentities: LinkIdentitiesPayload;
  /** Places an order and awards its points: unit price x ratio x quantity, line by line. */
  placeOrder: PlaceOrderPayload;
  /** Stores a purchase, or something like one, and grants exactly the points that you computed. The same `orderId` again is refused. */
  recordIssuance: RecordIssuancePayload;
  /** Stores a sale of a till and awards what the program's rule gives for it. What earns nothing is stored all the same, and `noPointsReason` says why. */
  recordTransaction: RecordTransactionPayload;
  /** Spends points: so many, or the price of a reward of the program, of which a code is handed over. A reward without a code left is refused. */
  redeemPoints: RedeemPointsPayload;
  /** Gives back what a hold reserved, in whole or in part; what had its expiry meanwhile lapses. */
  releaseHold: EndHoldPayload;
  /** Takes back a bill, some money of it, or some lines; the points that they earned go, exactly. What was spent meanwhile becomes a debt. */
  returnTransaction: ReturnTransactionPayload;
  /** Takes back all that an award without a purchase gave. What was spent meanwhile becomes a debt: the balance may go below zero. */
  reverseAward: ReverseAwardPayload;
  /** Gives redeemed points back, wholly or in part, each with the expiry it had; what has lapsed meanwhile is given to nobody. A code that was handed over stays handed over. */
  reverseRedemption: ReverseRedemptionPayload;
  /** Replaces the data of an issuance; the difference of its points is granted or taken back. Figures may not fall below what came back. */
  rewriteIssuance: RewriteIssuancePayload;
  /** Moves points from one member to another, or between a member and the group that the member is in. Their expiry dates travel with them. */
  transferPoints: TransferPointsPayload;
  /** Makes doors forget identities of a member, who is still known by the others and by id. A linking value goes with them, unless the member has it otherwise. */
  unlinkIdentities: UnlinkIdentitiesPayload;
  /** Changes what is known of a member, and whether it may act. */
  updateMember: UpdateMemberPayload;
};


export type MutationAdjustPointsArgs = {
  input: AdjustPointsInput;
};


export type MutationAwardPointsArgs = {
  input: AwardPointsInput;
};


export type MutationCaptureHoldArgs = {
  input: EndHoldInput;
};


export type MutationChangeIssuanceArgs = {
  input: ChangeIssuanceInput;
};


export type MutationChangeOrderArgs = {
  input: ChangeOrderInput;
};


export type MutationCreateGroupArgs = {
  input: CreateGroupInput;
};


export type MutationEnrollMemberArgs = {
  input: EnrollMemberInput;
};


export type MutationHoldPointsArgs = {
  input: HoldPointsInput;
};


export type MutationJoinGroupArgs = {
  input: JoinGroupInput;
};


export type MutationLeaveGroupArgs = {
  input: LeaveGroupInput;
};


export type MutationLinkIdentitiesArgs = {
  input: LinkIdentitiesInput;
};


export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};


export type MutationRecordIssuanceArgs = {
  input: RecordIssuanceInput;
};


export type MutationRecordTransactionArgs = {
  input: RecordTransactionInput;
};


export type MutationRedeemPointsArgs = {
  input: RedeemPointsInput;
};


export type MutationReleaseHoldArgs = {
  input: EndHoldInput;
};


export type MutationReturnTransactionArgs = {
  input: ReturnTransactionInput;
};


export type MutationReverseAwardArgs = {
  input: ReverseAwardInput;
};


export type MutationReverseRedemptionArgs = {
  input: ReverseRedemptionInput;
};


export type MutationRewriteIssuanceArgs = {
  input: RewriteIssuanceInput;
};


export type MutationTransferPointsArgs = {
  input: TransferPointsInput;
};


export type MutationUnlinkIdentitiesArgs = {
  input: UnlinkIdentitiesInput;
};


export type MutationUpdateMemberArgs = {
  input: UpdateMemberInput;
};

/** How a door shall know a member: the same words as on Identity. */
export type NewIdentityInput = {
  /** The account within the source; mostly empty. */
  account?: Scalars['String']['input'];
  /** The door: "annex" or "capillary". */
  door: Scalars['String']['input'];
  /** Where the identity lives, such as "INSTORE"; empty where the door has no sources. */
  source?: Scalars['String']['input'];
  /** The door's word for the kind of identity, such as "mobile" or "email"; for "annex": "id". */
  type: Scalars['String']['input'];
  /** The identity itself. */
  value: Scalars['String']['input'];
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

/** Anything that can be asked for again by its id. */
export type Node = {
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
};

/** An order, with points computed from its lines. */
export type Order = Node & Purchase & {
  __typename?: 'Order';
  /** What it did to wallets, oldest first: awarded, shipped and so spendable, returned, canceled. */
  activities: Array<PointsActivity>;
  /** What the client sent besides, unchanged. */
  attributes: Scalars['JSON']['output'];
  /** Discount as the client said it; null: none. */
  discount?: Maybe<Money>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Its products, in the order of their arrival. */
  lines: Array<OrderLine>;
  /** Who bought it; null: nobody known. */
  member?: Maybe<Member>;
  /** The client's own id of the order, unique in the tenant. */
  orderId: Scalars['String']['output'];
  /** The offset that the client dated it with, such as "+05:30"; null: it named none. */
  placedAtOffset?: Maybe<Scalars['String']['output']>;
  /** Points it was awarded, before any return. */
  points: Scalars['Points']['output'];
  /** When it was bought. */
  purchasedAt: Scalars['DateTime']['output'];
  /** Points per unit of money that it was awarded with. */
  ratio: Scalars['Decimal']['output'];
  /** What tills took back of it, oldest first; its own lines count that, too. */
  returns: Array<TransactionReturn>;
  /** Where the order came from, in the words of the client. */
  source?: Maybe<Scalars['String']['output']>;
  /** What it counts as spent: its lines, less what was returned or canceled, with corrections by hand. */
  spent: Money;
  /** How far it has come. */
  status: PurchaseStatus;
  /** The store, where the tenant's setup knows it. */
  store?: Maybe<Store>;
  /** The store as the client named it; null: it named none. */
  storeCode?: Maybe<Scalars['String']['output']>;
  /** What it came to. */
  total: Money;
};

/** A page of a list of Order. */
export type OrderConnection = {
  __typename?: 'OrderConnection';
  /** The rows with their cursors. */
  edges: Array<OrderEdge>;
  /** The rows alone. */
  nodes: Array<Order>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Order in a list, and its cursor. */
export type OrderEdge = {
  __typename?: 'OrderEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Order;
};

/** One product of an order. */
export type OrderLine = {
  __typename?: 'OrderLine';
  /** What the client sent besides, unchanged. */
  attributes: Scalars['JSON']['output'];
  /** Units that will not be shipped. */
  canceledQuantity: Scalars['Decimal']['output'];
  /** From 1, in the order of the request. */
  lineNo: Scalars['Int']['output'];
  /** Points it earned: unit price x ratio x quantity, rounded half up. */
  points: Scalars['Points']['output'];
  /** The client's id of the product. */
  productId: Scalars['String']['output'];
  /** How many, in units of the product. */
  quantity: Scalars['Decimal']['output'];
  /** Units that came back. */
  returnedQuantity: Scalars['Decimal']['output'];
  /** Tells apart two lines of one product; null: not given. */
  secondaryKey?: Maybe<Scalars['String']['output']>;
  /** Units on their way or handed over, not those that came back. */
  shippedQuantity: Scalars['Decimal']['output'];
  /** How far it has come as a whole. */
  state: OrderLineState;
  /** Price of one unit. */
  unitPrice: Money;
};

/** A line of an order. */
export type OrderLineInput = {
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Your id of the product. */
  productId: Scalars['String']['input'];
  /** How many, more than zero. */
  quantity: Scalars['Decimal']['input'];
  /** Tells apart two lines of one product. */
  secondaryKey?: InputMaybe<Scalars['String']['input']>;
  /** Price of one unit in the tenant's currency, zero or more. */
  unitPrice: Scalars['Decimal']['input'];
};

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

/** What may happen to an order after it was placed. */
export type OrderMove =
  /** Goods will not be shipped, and their points go. */
  | 'CANCEL'
  /** Goods come back, and their points go. */
  | 'RETURN'
  /** Goods leave; points that waited for it become spendable. */
  | 'SHIP';

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

/** Where a page stands in its list. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** Cursor of the last row, for the next `after`; null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more follow. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether the page was asked for after a cursor. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first row; null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** What counts today of the period that the program's tiers look at. */
export type PeriodStanding = {
  __typename?: 'PeriodStanding';
  /** When the tier will change by itself if nothing is earned or taken back; null: it will not. */
  changesAt?: Maybe<Scalars['DateTime']['output']>;
  /** Points earned in it, less what was reversed. */
  points: Scalars['Points']['output'];
  /** Spent in it, less what came back. */
  spend: Money;
};

/** Exactly one of memberId and identity. */
export type PlaceOrderInput = {
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Discount as you say it. */
  discount?: InputMaybe<Scalars['Decimal']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Who ordered; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Its products: 1 to 500. */
  lines: Array<OrderLineInput>;
  /** Who ordered; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** Your id of the order, unique in the tenant: the same one again is refused. */
  orderId: Scalars['String']['input'];
  /** When it was placed; null: now. Not in the future. */
  placedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Whether it has shipped already. */
  shipped?: Scalars['Boolean']['input'];
  /** Where the order came from, such as "web". */
  source?: InputMaybe<Scalars['String']['input']>;
  /** What it comes to as you say it; null: the sum of its lines. Points rest on the lines. */
  total?: InputMaybe<Scalars['Decimal']['input']>;
};

/** What was done, or why not. */
export type PlaceOrderPayload = {
  __typename?: 'PlaceOrderPayload';
  /** Points that the member can spend after it; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** Whose it is; null when refused. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** The order now; null when refused. */
  order?: Maybe<Order>;
  /** Points of the member that wait after it; null when refused. */
  pending?: Maybe<Scalars['Points']['output']>;
  /** The member's tier after it, by name; null: in none, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** One entry of a wallet's journal. Entries are never changed; their changes add up to the balance. */
export type PointsActivity = Node & {
  __typename?: 'PointsActivity';
  /** The program's number of the action; null: none applies. */
  actionId?: Maybe<Scalars['Int']['output']>;
  /** For what took points: which lots paid. */
  allocations: Array<PointsAllocation>;
  /** Change of what is spendable. */
  available: Scalars['Points']['output'];
  /** Spendable points after the entry. */
  availableAfter: Scalars['Points']['output'];
  /** What moved, where that is not the program's points: the identifier of an alternate currency, or the name of a bucket. */
  currency?: Maybe<Scalars['String']['output']>;
  /** Change of what is held. */
  held: Scalars['Points']['output'];
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** What moved points. */
  kind: PointsActivityKind;
  /** Whose wallet it is; null: a group's. */
  member?: Maybe<Member>;
  /** When it happened, in the words of whoever reported it. */
  occurredAt: Scalars['DateTime']['output'];
  /** Change of what is pending. */
  pending: Scalars['Points']['output'];
  /** What the wallet gained or lost. Where points only moved within it (MATURE, HOLD, RELEASE): what became spendable, or stopped being so. */
  points: Scalars['Points']['output'];
  /** The purchase it belongs to; null: none. */
  purchase?: Maybe<Purchase>;
  /** For people; null: none was given. */
  reason?: Maybe<Scalars['String']['output']>;
  /** When it was booked. */
  recordedAt: Scalars['DateTime']['output'];
  /** For an AWARD: where the points came from, line by line. */
  sources: Array<PointsSource>;
};

/** A page of a list of PointsActivity. */
export type PointsActivityConnection = {
  __typename?: 'PointsActivityConnection';
  /** The rows with their cursors. */
  edges: Array<PointsActivityEdge>;
  /** The rows alone. */
  nodes: Array<PointsActivity>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A PointsActivity in a list, and its cursor. */
export type PointsActivityEdge = {
  __typename?: 'PointsActivityEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: PointsActivity;
};

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

/** Which lot an entry took its points from. */
export type PointsAllocation = {
  __typename?: 'PointsAllocation';
  /** The lot, counted within the wallet. */
  lot: Scalars['String']['output'];
  /** How many it gave, more than zero. */
  points: Scalars['Points']['output'];
};

/** A wallet at this moment, in points of the default program's main currency. What is due is already applied. */
export type PointsBalance = {
  __typename?: 'PointsBalance';
  /** Spendable now. Below zero: points were spent that a return took back. */
  available: Scalars['Points']['output'];
  /** What the available points are worth by the program's rate; null: it names none. */
  currencyValue?: Maybe<Money>;
  /** Credited as earned, all time. */
  earned: Scalars['Points']['output'];
  /** Lapsed, all time. */
  expired: Scalars['Points']['output'];
  /** Reserved by holds. */
  held: Scalars['Points']['output'];
  /** Earned less reversed, all time: what tiers look at. */
  lifetime: Scalars['Points']['output'];
  /** What lapses next; null: nothing will. */
  nextExpiry?: Maybe<PointsExpiry>;
  /** Awarded, not yet spendable. */
  pending: Scalars['Points']['output'];
  /** Spent, all time. */
  redeemed: Scalars['Points']['output'];
  /** Taken back by returns and corrections, all time. */
  reversed: Scalars['Points']['output'];
};

/** Points that lapse at one moment. */
export type PointsExpiry = {
  __typename?: 'PointsExpiry';
  /** When they lapse. */
  at: Scalars['DateTime']['output'];
  /** How many lapse then, unless they are spent before. */
  points: Scalars['Points']['output'];
};

/** Where awarded points came from: one purchase line and rule, one lot. */
export type PointsSource = {
  __typename?: 'PointsSource';
  /** When the lot lapses; null: never. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Number of the purchase line; null: the purchase or the award as a whole. */
  line?: Maybe<Scalars['String']['output']>;
  /** The lot they went into: one per source, counted within the wallet. */
  lot: Scalars['String']['output'];
  /** How many it earned. */
  points: Scalars['Points']['output'];
  /** How many of them have been taken back since. */
  reversed: Scalars['Points']['output'];
  /** The rule that earned them and the version of the setup it is of: "orders.ratio@3". */
  rule: Scalars['String']['output'];
};

/** What a cart would earn if it were ordered now. */
export type PotentialPoints = {
  __typename?: 'PotentialPoints';
  /** Whether the points would wait before they can be spent. */
  held: Scalars['Boolean']['output'];
  /** In the order of the cart. */
  lines: Array<PotentialPointsLine>;
  /** Points per unit of money that applies. */
  ratio: Scalars['Decimal']['output'];
  /** The rule that says so, and the version of the setup it is of. */
  rule: Scalars['String']['output'];
  /** Sum of the lines. */
  total: Scalars['Points']['output'];
};

/** What one line of a cart would earn. */
export type PotentialPointsLine = {
  __typename?: 'PotentialPointsLine';
  /** Why it is nothing; null when it earns. */
  noPointsReason?: Maybe<NoPointsInCart>;
  /** Points of the line. */
  points: Scalars['Points']['output'];
};

/** What it would earn, or why that cannot be said. */
export type PotentialPointsPayload = {
  __typename?: 'PotentialPointsPayload';
  /** Null when refused. */
  potential?: Maybe<PotentialPoints>;
  /** Why a rule said no; empty when it did not. */
  userErrors: Array<UserError>;
};

/** A loyalty program: what earns points, what they buy, and its tiers. */
export type Program = Node & {
  __typename?: 'Program';
  /** What earns points without a purchase, in the order of the setup. */
  actions: Array<ProgramAction>;
  /** What transactions earn beside points, in the order of the identifiers. */
  alternateCurrencies: Array<AlternateCurrency>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Whether it is the one that members show their points and tier of. */
  isDefault: Scalars['Boolean']['output'];
  /** The setup's handle, such as "main". */
  key: Scalars['String']['output'];
  /** Decimals that points may have here, 0 to 3. */
  pointsDecimals: Scalars['Int']['output'];
  /** What its points buy, in the order of the setup. */
  rewards: Array<Reward>;
  /** Lowest first. */
  tiers: Array<Tier>;
  /** For people. */
  title: Scalars['String']['output'];
};

/** Something that earns points without a purchase. From the setup of the program. */
export type ProgramAction = {
  __typename?: 'ProgramAction';
  /** Its number: what awardPoints takes. */
  actionId: Scalars['Int']['output'];
  /** Points that it awards. */
  award: Scalars['Points']['output'];
  /** What must pass between two awards to one member, as an ISO 8601 duration; null: nothing. */
  coolDown?: Maybe<Scalars['String']['output']>;
  /** "lifetime", or a "day", "week", "month" or "year" of the tenant's zone; null: no limit. */
  limitPeriod?: Maybe<Scalars['String']['output']>;
  /** At most so many points of it for one member in each `limitPeriod`; null: no limit. */
  limitPoints?: Maybe<Scalars['Points']['output']>;
  /** For people. */
  name: Scalars['String']['output'];
};

/** Something a member bought, whatever door it came through. */
export type Purchase = {
  /** What it did to wallets, oldest first: awarded, shipped and so spendable, returned, canceled. */
  activities: Array<PointsActivity>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Who bought it; null: nobody known. */
  member?: Maybe<Member>;
  /** Points it was awarded, before any return. */
  points: Scalars['Points']['output'];
  /** When it was bought. */
  purchasedAt: Scalars['DateTime']['output'];
  /** How far it has come. */
  status: PurchaseStatus;
  /** What it came to. */
  total: Money;
};

/** A page of a list of Purchase. */
export type PurchaseConnection = {
  __typename?: 'PurchaseConnection';
  /** The rows with their cursors. */
  edges: Array<PurchaseEdge>;
  /** The rows alone. */
  nodes: Array<Purchase>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Purchase in a list, and its cursor. */
export type PurchaseEdge = {
  __typename?: 'PurchaseEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Purchase;
};

/** The kinds of purchases. */
export type PurchaseKind =
  /** A purchase, or something like one, with points that the client computed. */
  | 'ISSUANCE'
  /** An order of a web shop or site, with points computed line by line. */
  | 'ORDER'
  /** A bill of a till. */
  | 'TRANSACTION';

/** How far a purchase has come, whatever its kind. */
export type PurchaseStatus =
  /** All of it was canceled. */
  | 'CANCELED'
  /** Something of it is still to be handed over. */
  | 'PLACED'
  /** All that was left of it came back; or it is the bill of a return itself. */
  | 'RETURNED'
  /** All that is left of it was shipped or handed over: so is a sale at a till. */
  | 'SHIPPED';

export type Query = {
  __typename?: 'Query';
  /** A group by the name that clients know it by; null when there is none. */
  group?: Maybe<Group>;
  /** An issuance by the client's own id of it; null when there is none. */
  issuance?: Maybe<Issuance>;
  /** A member by exactly one of id and identity; null when there is none. */
  member?: Maybe<Member>;
  /** Members: all, or those that every argument fits. */
  members: MemberConnection;
  /** Anything by its id; null when there is no such thing. */
  node?: Maybe<Node>;
  /** Things by their ids, at most 100, in the order asked; null where there is no such thing. */
  nodes: Array<Maybe<Node>>;
  /** An order by the client's own id of it; null when there is none. */
  order?: Maybe<Order>;
  /** What a cart would earn if it were ordered now, line by line, with a reason for every zero. */
  potentialPoints: PotentialPointsPayload;
  /** The programs of the tenant. */
  programs: Array<Program>;
  /** The stores of the setup, in the order of their numbers. */
  stores: StoreConnection;
  /** A transaction by the number that clients of the till door know it by; null when there is none. */
  transaction?: Maybe<Transaction>;
};


export type QueryGroupArgs = {
  groupId: Scalars['String']['input'];
};


export type QueryIssuanceArgs = {
  orderId: Scalars['String']['input'];
};


export type QueryMemberArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
  identity?: InputMaybe<IdentityInput>;
};


export type QueryMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
  identity?: InputMaybe<Scalars['String']['input']>;
  joinedFrom?: InputMaybe<Scalars['DateTime']['input']>;
  joinedUntil?: InputMaybe<Scalars['DateTime']['input']>;
  orderBy?: MemberOrder;
  status?: InputMaybe<MemberStatus>;
  tierId?: InputMaybe<Scalars['ID']['input']>;
};


export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


export type QueryNodesArgs = {
  ids: Array<Scalars['ID']['input']>;
};


export type QueryOrderArgs = {
  orderId: Scalars['String']['input'];
};


export type QueryPotentialPointsArgs = {
  cart: CartInput;
};


export type QueryStoresArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  door?: InputMaybe<Scalars['String']['input']>;
  first?: Scalars['Int']['input'];
};


export type QueryTransactionArgs = {
  number: Scalars['String']['input'];
};

/** Exactly one of memberId and identity. */
export type RecordIssuanceInput = {
  /** The action that its points are booked under; null: the one of the program. */
  actionId?: InputMaybe<Scalars['Int']['input']>;
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Discount as you say it, in the tenant's currency. */
  discount?: InputMaybe<Scalars['Decimal']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Who bought; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who bought; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** Your id of the issuance, unique among issuances of the tenant. */
  orderId: Scalars['String']['input'];
  /** Points that it is worth, as you computed them: zero or more. */
  points: Scalars['Points']['input'];
  /** Its products, at most 500. */
  products?: InputMaybe<Array<IssuanceProductInput>>;
  /** When it was bought; null: now. Not in the future. */
  purchasedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** False: its points wait until it ships. */
  shipped?: Scalars['Boolean']['input'];
  /** Where it came from, such as "web". */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The store, as you name it. */
  storeCode?: InputMaybe<Scalars['String']['input']>;
  /** What it came to in the tenant's currency, zero or more. */
  total: Scalars['Decimal']['input'];
};

/** What was done, or why not. */
export type RecordIssuancePayload = {
  __typename?: 'RecordIssuancePayload';
  /** Points that the member can spend after it; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** The issuance now; null when refused. */
  issuance?: Maybe<Issuance>;
  /** Whose it is; null when refused. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** Points of the member that wait after it; null when refused. */
  pending?: Maybe<Scalars['Points']['output']>;
  /** The member's tier after it, by name; null: in none, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId, identity and anonymous. */
export type RecordTransactionInput = {
  /** True: a sale to somebody who is no member (NOT_INTERESTED). It earns nothing. */
  anonymous?: InputMaybe<Scalars['Boolean']['input']>;
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** As printed on the bill; how far it must be unique, the setup says: the same again is refused there. */
  billNumber: Scalars['String']['input'];
  /** When it was billed; null: now. Not in the future. */
  billedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** How far the goods have come. */
  deliveryStatus?: InputMaybe<DeliveryStatus>;
  /** What was taken off the bill, as you say it. */
  discount?: InputMaybe<Scalars['Decimal']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Before discounts, as you say it. */
  grossAmount?: InputMaybe<Scalars['Decimal']['input']>;
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. A refusal is not remembered. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Who bought; or give `memberId`, or `anonymous`. */
  identity?: InputMaybe<IdentityInput>;
  /** Its items, at most 500. */
  lines?: Array<TransactionLineInput>;
  /** Who bought; or give `identity`, or `anonymous`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** For people. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** Whether it is out of the ordinary; null: the setup's rules decide. */
  outlierStatus?: InputMaybe<OutlierStatus>;
  /** How it was paid. */
  payments?: Array<TransactionPaymentInput>;
  /** Codes of redemptions of the member that were made for it: they are tied to it. */
  redemptionCodes?: Array<Scalars['String']['input']>;
  /** Where it was sold, such as "INSTORE". */
  source?: Scalars['String']['input'];
  /** The Store that it is booked on. */
  storeId: Scalars['ID']['input'];
  /** The store's till; null: its first. */
  tillCode?: InputMaybe<Scalars['String']['input']>;
  /** What it comes to after discounts, in the tenant's currency; null: the sum of its lines. */
  total?: InputMaybe<Scalars['Decimal']['input']>;
};

/** What was done, or why not. */
export type RecordTransactionPayload = {
  __typename?: 'RecordTransactionPayload';
  /** Points that the member can spend after it; null when refused, or nobody known. */
  available?: Maybe<Scalars['Points']['output']>;
  /** Whose it is; null when refused, or nobody known. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** The member's tier after it, by name; null: in none, no member, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** The bill as stored; null when refused. */
  transaction?: Maybe<Transaction>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId and identity, and exactly one of points and rewardId. */
export type RedeemPointsInput = {
  /** Number of the bill it is meant for; a sale that names its code ties it to itself. */
  billNumber?: InputMaybe<Scalars['String']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whose points; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Whose points; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** How many, more than zero. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** A reward of the default program: spends its price; or give `points`. */
  rewardId?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type RedeemPointsPayload = {
  __typename?: 'RedeemPointsPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** The redemption, by which the points can be given back; null when refused. */
  redemption?: Maybe<Redemption>;
  /** The code that was handed over for a reward; sent again, the same one. Null: no reward, or refused. */
  rewardCode?: Maybe<RewardCode>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Points that were spent, through whatever door. */
export type Redemption = Node & {
  __typename?: 'Redemption';
  /** The entry of the journal that spent them. */
  activity?: Maybe<PointsActivity>;
  /** Number of the bill it was meant for; null: not said. */
  billNumber?: Maybe<Scalars['String']['output']>;
  /** Its short name, which tills know it by; null: it was redeemed at a door that gives none. */
  code?: Maybe<Scalars['String']['output']>;
  /** The client's own name for it; null: none. */
  externalId?: Maybe<Scalars['String']['output']>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Who redeemed; null: a group's points were spent for nobody in particular. */
  member?: Maybe<Member>;
  /** How many points were spent. */
  points: Scalars['Points']['output'];
  /** The bill that it is tied to; null: none, or not yet. */
  purchase?: Maybe<Purchase>;
  /** When it was booked. */
  redeemedAt: Scalars['DateTime']['output'];
  /** How many of them were taken back again: given back, or lapsed meanwhile. */
  reversed: Scalars['Points']['output'];
  /** What it bought; null: no reward, or one that the setup no longer has. */
  reward?: Maybe<Reward>;
  /** The code that was handed over for it; null: it bought no reward that has one. */
  rewardCode?: Maybe<RewardCode>;
};

/** A page of a list of Redemption. */
export type RedemptionConnection = {
  __typename?: 'RedemptionConnection';
  /** The rows with their cursors. */
  edges: Array<RedemptionEdge>;
  /** The rows alone. */
  nodes: Array<Redemption>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Redemption in a list, and its cursor. */
export type RedemptionEdge = {
  __typename?: 'RedemptionEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Redemption;
};

/** How a bill came back. */
export type ReturnKind =
  /** Some money of it. */
  | 'AMOUNT'
  /** All of it, before it was delivered. */
  | 'CANCELED'
  /** All of it. */
  | 'FULL'
  /** Some lines of it. */
  | 'LINE_ITEM';

/** What comes back of which bill. */
export type ReturnTransactionInput = {
  /** Of an AMOUNT: how much money, in the tenant's currency; otherwise null. */
  amount?: InputMaybe<Scalars['Decimal']['input']>;
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Number of the return itself; null: that of the bill. */
  billNumber?: InputMaybe<Scalars['String']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. A refusal is not remembered. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How it comes back. */
  kind: ReturnKind;
  /** Of a LINE_ITEM: which lines, 1 to 500; otherwise null. */
  lines?: InputMaybe<Array<ReturnedLineInput>>;
  /** For people. */
  note?: InputMaybe<Scalars['String']['input']>;
  /** When it came back; null: now. Not in the future. */
  returnedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The Store that takes it back; null: the bill's. */
  storeId?: InputMaybe<Scalars['ID']['input']>;
  /** The till that takes it back; null: the bill's, or the store's first. */
  tillCode?: InputMaybe<Scalars['String']['input']>;
  /** The Transaction that it comes back of: a sale, of a member or of nobody known. */
  transactionId: Scalars['ID']['input'];
};

/** What was done, or why not. */
export type ReturnTransactionPayload = {
  __typename?: 'ReturnTransactionPayload';
  /** Points that the member can spend after it; null when refused, or nobody known. */
  available?: Maybe<Scalars['Points']['output']>;
  /** Whose it is; null when refused, or nobody known. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** The member's tier after it, by name; null: in none, no member, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** The bill as stored; null when refused. */
  transaction?: Maybe<Transaction>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** How much of one line of a bill came back. */
export type ReturnedLine = {
  __typename?: 'ReturnedLine';
  /** What was given back for it. */
  amount: Money;
  /** Number of the line of the original. */
  lineNo: Scalars['Int']['output'];
  /** How many, in units of the item. */
  quantity: Scalars['Decimal']['output'];
};

/** How much of one line of the bill comes back. */
export type ReturnedLineInput = {
  /** What is given back for it, in the tenant's currency; null: what so many cost. */
  amount?: InputMaybe<Scalars['Decimal']['input']>;
  /** Number of the line on the bill. */
  lineNo: Scalars['Int']['input'];
  /** How many, in units of the item: more than zero. */
  quantity: Scalars['Decimal']['input'];
};

/** Which award to take back. */
export type ReverseAwardInput = {
  /** The PointsActivity of kind AWARD. One of a purchase is refused: return the purchase. */
  activityId: Scalars['ID']['input'];
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
};

/** What was done, or why not. */
export type ReverseAwardPayload = {
  __typename?: 'ReverseAwardPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Which redemption, and how much of it. */
export type ReverseRedemptionInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** How many to give back, more than zero; null: all that is left of it. */
  points?: InputMaybe<Scalars['Points']['input']>;
  /** The Redemption. */
  redemptionId: Scalars['ID']['input'];
};

/** What was done, or why not. */
export type ReverseRedemptionPayload = {
  __typename?: 'ReverseRedemptionPayload';
  /** How many of them can be spent again; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** How many had lapsed meanwhile, and were given to nobody; null when refused. */
  lapsed?: Maybe<Scalars['Points']['output']>;
  /** Whose it was; null when refused. */
  member?: Maybe<Member>;
  /** How many were taken back; null when refused. */
  points?: Maybe<Scalars['Points']['output']>;
  /** The redemption now; null when refused. */
  redemption?: Maybe<Redemption>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** What points buy. From the setup of the program. */
export type Reward = {
  __typename?: 'Reward';
  /** Whether there is still a code to hand over for it. */
  available: Scalars['Boolean']['output'];
  /** A heading to show it under; null: none. */
  category?: Maybe<Scalars['String']['output']>;
  /** For how many days its code is good once it is handed over; null: for ever. */
  codeDays?: Maybe<Scalars['Int']['output']>;
  /** Its price in points of the program. */
  cost: Scalars['Points']['output'];
  /** For people; null: none. */
  description?: Maybe<Scalars['String']['output']>;
  /** A picture of it; null: none. */
  imageUrl?: Maybe<Scalars['String']['output']>;
  /** Whether its codes are listed in the setup: then it can be sold out. Otherwise each code is made anew. */
  listsCodes: Scalars['Boolean']['output'];
  /** For people. */
  name: Scalars['String']['output'];
  /** The setup's id of the reward, such as "121": what redeemPoints takes. */
  rewardId: Scalars['String']['output'];
  /** Terms and conditions, for people; null: none. */
  terms?: Maybe<Scalars['String']['output']>;
  /** Where it can be read about; null: nowhere. */
  url?: Maybe<Scalars['String']['output']>;
};

/** A code that was handed over for a reward. */
export type RewardCode = {
  __typename?: 'RewardCode';
  /** The code itself. */
  code: Scalars['String']['output'];
  /** Until when it is good; null: for ever. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
};

/** The issuance as it shall be: what is left out is emptied. It has shipped from then on. */
export type RewriteIssuanceInput = {
  /** The action that its points are booked under; null: the one of the program. */
  actionId?: InputMaybe<Scalars['Int']['input']>;
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** Discount as you say it, in the tenant's currency. */
  discount?: InputMaybe<Scalars['Decimal']['input']>;
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Your id of the issuance, unique among issuances of the tenant. */
  orderId: Scalars['String']['input'];
  /** Points that it is worth, as you computed them: zero or more. */
  points: Scalars['Points']['input'];
  /** Its products, at most 500. */
  products?: InputMaybe<Array<IssuanceProductInput>>;
  /** Where it came from, such as "web". */
  source?: InputMaybe<Scalars['String']['input']>;
  /** The store, as you name it. */
  storeCode?: InputMaybe<Scalars['String']['input']>;
  /** What it came to in the tenant's currency, zero or more. */
  total: Scalars['Decimal']['input'];
};

/** What was done, or why not. */
export type RewriteIssuancePayload = {
  __typename?: 'RewriteIssuancePayload';
  /** Points that the member can spend after it; null when refused. */
  available?: Maybe<Scalars['Points']['output']>;
  /** The issuance now; null when refused. */
  issuance?: Maybe<Issuance>;
  /** Whose it is; null when refused. As stored: of a dry run, the member as before. */
  member?: Maybe<Member>;
  /** Points of the member that wait after it; null when refused. */
  pending?: Maybe<Scalars['Points']['output']>;
  /** The member's tier after it, by name; null: in none, or refused. */
  tierName?: Maybe<Scalars['String']['output']>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Calendar steps in the tenant's time zone. */
export type ScheduleStep =
  /** A calendar month. */
  | 'MONTH'
  /** Three calendar months, from January on. */
  | 'QUARTER'
  /** From Monday to Sunday. */
  | 'WEEK'
  /** A calendar year. */
  | 'YEAR';

/** Points that lapse, or become spendable, in one calendar step. */
export type ScheduledPoints = {
  __typename?: 'ScheduledPoints';
  /** The first moment of the step, at midnight in the tenant's zone. */
  from: Scalars['DateTime']['output'];
  /** How many points. */
  points: Scalars['Points']['output'];
};

/** A shop. */
export type Store = Node & {
  __typename?: 'Store';
  /** Its code at that door. */
  code: Scalars['String']['output'];
  /** The door whose setup named it: "annex" or "capillary". */
  door: Scalars['String']['output'];
  /** What other systems call it. */
  externalIds: Array<Scalars['String']['output']>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** For people. */
  name: Scalars['String']['output'];
};

/** A page of a list of Store. */
export type StoreConnection = {
  __typename?: 'StoreConnection';
  /** The rows with their cursors. */
  edges: Array<StoreEdge>;
  /** The rows alone. */
  nodes: Array<Store>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Store in a list, and its cursor. */
export type StoreEdge = {
  __typename?: 'StoreEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Store;
};

export type Subscription = {
  __typename?: 'Subscription';
  /** The member, whenever something of it has changed: profile, status, identities, tier, group, wallet or spend. What happens at one time is told once. Streamed at /graphql/stream. */
  memberChanged: Member;
  /** Each new entry of a member's wallet, whatever door made it, in the order of the journal, each once. Streamed at /graphql/stream. */
  pointsActivityAdded: PointsActivity;
};


export type SubscriptionMemberChangedArgs = {
  memberId: Scalars['ID']['input'];
};


export type SubscriptionPointsActivityAddedArgs = {
  memberId: Scalars['ID']['input'];
};

/** A level of membership. Reaching any one of its thresholds is enough. */
export type Tier = Node & {
  __typename?: 'Tier';
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Lifetime points, earned less reversed, that reach it; null: points alone do not. */
  minLifetimePoints?: Maybe<Scalars['Points']['output']>;
  /** Points of the program's period, earned less reversed, that reach it; null: points of a period do not. */
  minPeriodPoints?: Maybe<Scalars['Points']['output']>;
  /** Spend of the program's period that reaches it; null: spend of a period does not. */
  minPeriodSpend?: Maybe<Money>;
  /** Spend that reaches it; null: spend alone does not. */
  minSpend?: Maybe<Money>;
  /** As the program calls it, such as "Gold". */
  name: Scalars['String']['output'];
  /** Points per unit of money for its members' orders; null: the program's own ratio. */
  purchaseRatio?: Maybe<Scalars['Decimal']['output']>;
  /** 1 is the lowest. */
  rank: Scalars['Int']['output'];
};

/** A time during which a member had one tier. */
export type TierPeriod = {
  __typename?: 'TierPeriod';
  /** When it began. */
  from: Scalars['DateTime']['output'];
  /** Lifetime points, earned less reversed, when it began. */
  lifetimePoints: Scalars['Points']['output'];
  /** Why it began; null: it began before reasons were kept. */
  reason?: Maybe<TierReason>;
  /** What the member had spent when it began. */
  spend: Money;
  /** The tier; null: none. */
  tier?: Maybe<Tier>;
  /** When it ended; null: it has not. */
  to?: Maybe<Scalars['DateTime']['output']>;
};

/** The way to the next tier: either threshold is enough. */
export type TierProgress = {
  __typename?: 'TierProgress';
  /** The next tier. */
  next: Tier;
  /** Points still missing, of the lifetime or of the period, whichever is nearer; null: points alone do not reach it. */
  pointsMissing?: Maybe<Scalars['Points']['output']>;
  /** Spend still missing, in all or of the period, whichever is nearer; null: spend alone does not reach it. */
  spendMissing?: Maybe<Money>;
};

/** Why a member came into a tier. */
export type TierReason =
  /** Joined the program with it. */
  | 'JOINED'
  /** Points or spend were taken back, or the program asks for more than it did. */
  | 'NO_LONGER_REACHED'
  /** What was earned no longer counts; nothing but the clock moved. */
  | 'PERIOD_ENDED'
  /** A threshold was reached. */
  | 'REACHED';

/** A bill of a till, with points by the program's rule. */
export type Transaction = Node & Purchase & {
  __typename?: 'Transaction';
  /** What it did to wallets, oldest first: awarded, shipped and so spendable, returned, canceled. */
  activities: Array<PointsActivity>;
  /** What the till sent besides, in its own words. */
  attributes: Scalars['JSON']['output'];
  /** As printed on the bill. */
  billNumber: Scalars['String']['output'];
  /** The offset that the till dated it with, such as "+05:30"; null: it named none. */
  billedAtOffset?: Maybe<Scalars['String']['output']>;
  /** The tenant's custom fields, by name. */
  customFields: Scalars['JSON']['output'];
  /** How far the goods have come; null: not given. */
  deliveryStatus?: Maybe<DeliveryStatus>;
  /** What was taken off the bill; null: not given. */
  discount?: Maybe<Money>;
  /** The tenant's extended fields, by name. */
  extendedFields: Scalars['JSON']['output'];
  /** Before discounts; null: not given. */
  grossAmount?: Maybe<Money>;
  /** Whose wallet its points are in, or were taken from, where that is not the member's; else null. */
  group?: Maybe<Group>;
  /** Opaque, and unique over all types. */
  id: Scalars['ID']['output'];
  /** Its items, in the order of the request. */
  lines: Array<TransactionLine>;
  /** Who bought it; null: nobody known. */
  member?: Maybe<Member>;
  /** Why it earned nothing; null when it earned. */
  noPointsReason?: Maybe<NoPointsReason>;
  /** What the till noted; null: nothing. */
  note?: Maybe<Scalars['String']['output']>;
  /** The number that clients of the till door know it by. */
  number: Scalars['String']['output'];
  /** Whether it is out of the ordinary. */
  outlierStatus: OutlierStatus;
  /** How it was paid. */
  payments: Array<TransactionPayment>;
  /** Points it was awarded, before any return. */
  points: Scalars['Points']['output'];
  /** When it was bought. */
  purchasedAt: Scalars['DateTime']['output'];
  /** What it takes back of earlier bills: of a return, or of a sale that is an exchange. */
  returnOf: Array<TransactionReturn>;
  /** What came back of it, oldest first. */
  returns: Array<TransactionReturn>;
  /** Where it was sold, such as "INSTORE". */
  source?: Maybe<Scalars['String']['output']>;
  /** How far it has come. */
  status: PurchaseStatus;
  /** The store it was booked on. */
  store?: Maybe<Store>;
  /** The till it was booked on. */
  tillCode: Scalars['String']['output'];
  /** What it came to. */
  total: Money;
  /** What kind of bill it is. */
  type: TransactionType;
};

/** A page of a list of Transaction. */
export type TransactionConnection = {
  __typename?: 'TransactionConnection';
  /** The rows with their cursors. */
  edges: Array<TransactionEdge>;
  /** The rows alone. */
  nodes: Array<Transaction>;
  /** Where this page stands in the list. */
  pageInfo: PageInfo;
};

/** A Transaction in a list, and its cursor. */
export type TransactionEdge = {
  __typename?: 'TransactionEdge';
  /** For `after`: the page that starts behind this row. */
  cursor: Scalars['String']['output'];
  /** The row. */
  node: Transaction;
};

/** One item of a bill. */
export type TransactionLine = {
  __typename?: 'TransactionLine';
  /** After the discount: what the rule looks at. */
  amount: Money;
  /** What the till sent besides, in its own words. */
  attributes: Scalars['JSON']['output'];
  /** What was taken off. */
  discount: Money;
  /** Whether it came back with this bill, rather than being sold by it. */
  isReturn: Scalars['Boolean']['output'];
  /** The till's code of the item. */
  itemCode: Scalars['String']['output'];
  /** From 1, in the order of the request. */
  lineNo: Scalars['Int']['output'];
  /** Whether it is out of the ordinary; such a line earns nothing. */
  outlier: Scalars['Boolean']['output'];
  /** Its share of the bill's points. */
  points: Scalars['Points']['output'];
  /** How many, in units of the item. */
  quantity: Scalars['Decimal']['output'];
  /** How many of it came back. */
  quantityReturned: Scalars['Decimal']['output'];
  /** Price of one unit. */
  rate: Money;
  /** Before the discount. */
  value: Money;
};

/** An item of a bill. */
export type TransactionLineInput = {
  /** What you want to read again: a JSON object. */
  attributes?: InputMaybe<Scalars['JSON']['input']>;
  /** What is taken off the line, zero or more. */
  discount?: Scalars['Decimal']['input'];
  /** The till's code of the item. */
  itemCode: Scalars['String']['input'];
  /** How many, in units of the item: more than zero. */
  quantity: Scalars['Decimal']['input'];
  /** Price of one unit in the tenant's currency, zero or more. */
  rate: Scalars['Decimal']['input'];
};

/** How a part of a bill was paid. */
export type TransactionPayment = {
  __typename?: 'TransactionPayment';
  /** How much. */
  amount: Money;
  /** What the till sent besides, in its own words. */
  attributes: Scalars['JSON']['output'];
  /** How, such as "Card Payment". */
  mode: Scalars['String']['output'];
  /** What the till noted; may be empty. */
  notes: Scalars['String']['output'];
};

/** How a part of a bill was paid. */
export type TransactionPaymentInput = {
  /** How much, in the tenant's currency. */
  amount: Scalars['Decimal']['input'];
  /** How, such as "Card Payment". */
  mode: Scalars['String']['input'];
  /** For people. */
  notes?: Scalars['String']['input'];
};

/** What one bill takes back of another. */
export type TransactionReturn = {
  __typename?: 'TransactionReturn';
  /** What was given back. */
  amount: Money;
  /** Number of the original, as the till named it. */
  billNumber: Scalars['String']['output'];
  /** How it came back. */
  kind: ReturnKind;
  /** Which lines; none when only money came back. */
  lines: Array<ReturnedLine>;
  /** The order that it came back of; null: a bill, or not known. */
  order?: Maybe<Order>;
  /** The bill that it came back of; null: an order, or not known. */
  original?: Maybe<Transaction>;
  /** Points that were taken back of the original's. */
  points: Scalars['Points']['output'];
  /** When it came back. */
  returnedAt: Scalars['DateTime']['output'];
  /** The bill that took it back. */
  transaction?: Maybe<Transaction>;
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

/** Exactly one of memberId, identity and groupId, and exactly one of toMemberId, toIdentity and toGroupId; not a group both times. */
export type TransferPointsInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** The group whose points, by the name that clients know it by. */
  groupId?: InputMaybe<Scalars['String']['input']>;
  /** Your name for this request, 1 to 255 characters. Sent again, it answers what the first call did; with other contents it is refused. */
  idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Whose points; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Whose points; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** How many, more than zero. */
  points: Scalars['Points']['input'];
  /** For people and the journal, at most 500 characters. */
  reason?: InputMaybe<Scalars['String']['input']>;
  /** The group that receives them. */
  toGroupId?: InputMaybe<Scalars['String']['input']>;
  /** Who receives them; or give `toMemberId`. */
  toIdentity?: InputMaybe<IdentityInput>;
  /** Who receives them; or give `toIdentity`. */
  toMemberId?: InputMaybe<Scalars['ID']['input']>;
};

/** What was done, or why not. */
export type TransferPointsPayload = {
  __typename?: 'TransferPointsPayload';
  /** The entry it made; null when refused, or when nothing was left to move. */
  activity?: Maybe<PointsActivity>;
  /** The wallet now; null when refused. */
  balance?: Maybe<PointsBalance>;
  /** The group that gave or received them; null when refused, or when none did. */
  group?: Maybe<Group>;
  /** Whose points moved; null when refused, or when they were a group's. */
  member?: Maybe<Member>;
  /** The member who received them; null when refused, or when a group did. */
  recipient?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId and identity. */
export type UnlinkIdentitiesInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** Which identities of the member doors shall forget: 1 to 20. */
  identities: Array<NewIdentityInput>;
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
};

/** What was done, or why not. */
export type UnlinkIdentitiesPayload = {
  __typename?: 'UnlinkIdentitiesPayload';
  /** The member now; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** Exactly one of memberId and identity. A field that is absent stays; null empties it. */
export type UpdateMemberInput = {
  /** True: does everything and undoes it, and answers what would have happened. Nothing is stored, no key is remembered. */
  dryRun?: Scalars['Boolean']['input'];
  /** E-mail address. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** Given name. */
  firstName?: InputMaybe<Scalars['String']['input']>;
  /** Who; or give `memberId`. */
  identity?: InputMaybe<IdentityInput>;
  /** Family name. */
  lastName?: InputMaybe<Scalars['String']['input']>;
  /** Who; or give `identity`. */
  memberId?: InputMaybe<Scalars['ID']['input']>;
  /** Mobile number. */
  mobile?: InputMaybe<Scalars['String']['input']>;
  /** Whether the member may earn and redeem. */
  status?: InputMaybe<MemberStatus>;
};

/** What was done, or why not. */
export type UpdateMemberPayload = {
  __typename?: 'UpdateMemberPayload';
  /** The member now; null when refused. */
  member?: Maybe<Member>;
  /** Why a rule said no; empty when it was done. */
  userErrors: Array<UserError>;
};

/** A rule said no; nothing was changed. */
export type UserError = {
  __typename?: 'UserError';
  /** For programs. */
  code: UserErrorCode;
  /** The part of the input it is about, such as "points"; null: the whole. */
  field?: Maybe<Scalars['String']['output']>;
  /** For people. May change. */
  message: Scalars['String']['output'];
};

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
