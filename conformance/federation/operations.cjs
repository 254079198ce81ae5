// Operations of every shape that the graph has: [name, query, variables from the facts].
const TOM = '{ door: "capillary", type: "mobile", value: "919740011122" }'

const MEMBER = `id firstName lastName email mobile status joinedAt`
const PURCHASE = `__typename id purchasedAt points total { amount currency }`
const ORDER = `orderId ratio storeCode placedAtOffset discount { amount } attributes lines { lineNo productId quantity unitPrice { amount currency } state points attributes }`
const TRANSACTION = `number billNumber type tillCode outlierStatus noPointsReason customFields store { code name externalIds } lines { itemCode quantity amount { amount } points } payments { mode amount { amount } }`
const ACTIVITY = `id kind points available pending held availableAfter actionId reason occurredAt recordedAt`
const PAGE = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`

const id = ({ tom }) => ({ id: tom.id })

const list = [
  ['a member by id', `query($id: ID!) { member(id: $id) { ${MEMBER} } }`, id],
  ['a member by identity', `{ member(identity: ${TOM}) { ${MEMBER} } }`],
  [
    'nobody',
    `{ member(identity: { door: "annex", type: "id", value: "nobody" }) { id orders { nodes { id } } } }`,
  ],
  ['identities', `query($id: ID!) { member(id: $id) { identities { door type value source account } } }`, id],
  [
    'a tier',
    `query($id: ID!) { member(id: $id) { tier { id name rank minLifetimePoints minSpend { amount currency } purchaseRatio } } }`,
    id,
  ],
  [
    'the way to the next tier',
    `query($id: ID!) { member(id: $id) { tierProgress { next { name } pointsMissing spendMissing { amount } } } }`,
    id,
  ],
  ['spend', `query($id: ID!) { member(id: $id) { spend { amount currency } } }`, id],
  [
    'a wallet',
    `query($id: ID!) { member(id: $id) { points { available pending held lifetime earned reversed redeemed expired nextExpiry { at points } currencyValue { amount currency } } } }`,
    id,
  ],
  [
    'a journal',
    `query($id: ID!) { member(id: $id) { activities(first: 5) { edges { cursor node { ${ACTIVITY} } } ${PAGE} } } }`,
    id,
  ],
  [
    'why points were given',
    `query($id: ID!) { member(id: $id) { activities(first: 10) { nodes { sources { line rule points reversed lot expiresAt } allocations { lot points } } } } }`,
    id,
  ],
  [
    'what points were given for',
    `query($id: ID!) { member(id: $id) { activities(first: 10) { nodes { kind purchase { ${PURCHASE} } } } } }`,
    id,
  ],
  [
    'whose activity',
    `query($id: ID!) { member(id: $id) { activities(first: 3) { nodes { member { firstName tier { name } } } } } }`,
    id,
  ],
  [
    'purchases of all kinds',
    `query($id: ID!) { member(id: $id) { purchases { nodes { ${PURCHASE} ... on Order { ${ORDER} } ... on Transaction { ${TRANSACTION} } } ${PAGE} } } }`,
    id,
  ],
  [
    'only the ids of purchases',
    `query($id: ID!) { member(id: $id) { purchases { nodes { __typename id } } } }`,
    id,
  ],
  [
    'purchases of one kind',
    `query($id: ID!) { member(id: $id) { purchases(kind: TRANSACTION) { edges { cursor node { ${PURCHASE} } } } } }`,
    id,
  ],
  [
    'who made a purchase',
    `query($id: ID!) { member(id: $id) { purchases { nodes { member { id firstName tier { name } } } } } }`,
    id,
  ],
  ['orders', `query($id: ID!) { member(id: $id) { orders { nodes { ${PURCHASE} ${ORDER} } ${PAGE} } } }`, id],
  [
    'transactions',
    `query($id: ID!) { member(id: $id) { transactions { nodes { ${PURCHASE} ${TRANSACTION} } ${PAGE} } } }`,
    id,
  ],
  [
    'orders and transactions',
    `query($id: ID!) { member(id: $id) { firstName orders { nodes { orderId } } transactions { nodes { billNumber } } points { available } } }`,
    id,
  ],
  [
    'round and back',
    `query($id: ID!) { member(id: $id) { transactions { nodes { member { orders { nodes { id } } transactions { nodes { billNumber member { lastName } } } } } } } }`,
    id,
  ],
  ['members', `{ members(first: 10) { nodes { ${MEMBER} } ${PAGE} } }`],
  ['members with cursors', `{ members(first: 3) { edges { cursor node { firstName tier { name } } } } }`],
  [
    'the next members',
    `query($after: String) { members(first: 3, after: $after) { nodes { id firstName } ${PAGE} } }`,
    ({ members }) => ({ after: members.pageInfo.endCursor }),
  ],
  [
    'members and all they have',
    `{ members(first: 50) { nodes { firstName tier { name } points { available } activities(first: 3) { nodes { points } } purchases(first: 2) { nodes { ${PURCHASE} } } } } }`,
  ],
  [
    'members and their orders',
    `{ members(first: 30) { nodes { firstName orders(first: 2) { nodes { orderId lines { productId } member { firstName } } } } } }`,
  ],
  [
    'members and their transactions',
    `{ members(first: 30) { nodes { firstName transactions(first: 2) { nodes { billNumber store { name } } } } } }`,
  ],
  [
    'a node of core',
    `query($id: ID!) { node(id: $id) { __typename id ... on Member { firstName orders { nodes { id } } } } }`,
    id,
  ],
  [
    'a node of a door',
    `query($id: ID!) { node(id: $id) { __typename id ... on Transaction { billNumber member { firstName } } } }`,
    ({ tom }) => ({ id: tom.transactions.nodes[0].id }),
  ],
  [
    'nodes of all kinds',
    `query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Tier { name } ... on Transaction { billNumber } ... on Order { orderId } ... on Member { lastName } ... on PointsActivity { kind } } }`,
    ({ tom, members }) => ({
      ids: [
        tom.tier.id,
        tom.transactions.nodes[0].id,
        tom.id,
        tom.activities.nodes[0].id,
        members.nodes[1].id,
      ],
    }),
  ],
  ['a node that is not there', `{ node(id: "TWVtYmVyOjE") { __typename id } }`],
  ['an id of nothing', `{ node(id: "nonsense") { id } }`],
  ['a page of too many', `{ members(first: 1000) { nodes { id } } }`],
  [
    'a page of too many, below',
    `query($id: ID!) { member(id: $id) { firstName orders(first: 1000) { nodes { id } } } }`,
    id,
  ],
  [
    'a cursor of another list',
    `query($id: ID!) { member(id: $id) { transactions(after: "bWVtYmVyczox") { nodes { id } } } }`,
    id,
  ],
  ['neither id nor identity', `{ member { id } }`],
  ['an order by its own id', `{ order(orderId: "no such order") { orderId } }`],
  [
    'a transaction by its number',
    `query($number: String!) { transaction(number: $number) { ${PURCHASE} ${TRANSACTION} member { firstName tier { name } } } }`,
    ({ tom }) => ({ number: tom.transactions.nodes[0].number }),
  ],
  ['a number that is none', `{ transaction(number: "x") { id } }`],
  ['programs', `{ programs { id key title isDefault pointsDecimals tiers { name rank } } }`],
  [
    'several roots of several parts',
    `query($number: String!) { programs { key } members(first: 1) { nodes { firstName } } transaction(number: $number) { billNumber } order(orderId: "none") { id } }`,
    ({ tom }) => ({ number: tom.transactions.nodes[0].number }),
  ],
  [
    'aliases',
    `query($id: ID!) { a: member(id: $id) { x: firstName y: orders(first: 1) { nodes { id } } z: transactions(first: 1) { nodes { n: billNumber } } } b: member(id: $id) { lastName } }`,
    id,
  ],
  [
    'fragments',
    `query($id: ID!) { member(id: $id) { ...Who purchases { nodes { ...What } } } } fragment Who on Member { firstName tier { name } } fragment What on Purchase { __typename points ... on Transaction { billNumber } ... on Order { orderId } }`,
    id,
  ],
  [
    'skip and include',
    `query($id: ID!, $yes: Boolean!, $no: Boolean!) { member(id: $id) { firstName @include(if: $yes) lastName @skip(if: $yes) orders @include(if: $no) { nodes { id } } transactions @skip(if: $no) { nodes { billNumber } } } }`,
    (facts) => ({ ...id(facts), yes: true, no: false }),
  ],
  [
    'type names everywhere',
    `query($id: ID!) { __typename member(id: $id) { __typename tier { __typename } purchases { __typename nodes { __typename } } } }`,
    id,
  ],
  [
    'an award refused',
    `mutation($id: ID!) { awardPoints(input: { memberId: $id, points: "0" }) { userErrors { code field message } activity { id } } }`,
    id,
  ],
  [
    'an award repeated',
    `mutation($id: ID!) { awardPoints(input: { memberId: $id, points: "5", idempotencyKey: "forms" }) { userErrors { code } activity { id points sources { rule } } balance { available } member { firstName transactions { nodes { billNumber } } } } }`,
    id,
  ],
  [
    'a redemption of too much',
    `mutation($id: ID!) { redeemPoints(input: { memberId: $id, points: "99999999" }) { userErrors { code field message } } }`,
    id,
  ],
  [
    'what a purchase did, and how far it has come',
    `query($id: ID!) { member(id: $id) { purchases(orderBy: OLDEST) { nodes { __typename status activities { kind points availableAfter } } } } }`,
    id,
  ],
  [
    'purchases that have come so far',
    `query($id: ID!) { member(id: $id) { purchases(status: SHIPPED) { nodes { ${PURCHASE} status } } orders(status: CANCELED) { nodes { id } } } }`,
    id,
  ],
  [
    'a journal from its beginning',
    `query($id: ID!) { member(id: $id) { activities(first: 3, orderBy: OLDEST, kinds: [AWARD]) { nodes { ${ACTIVITY} } ${PAGE} } } }`,
    id,
  ],
  [
    'standing and what will lapse',
    `query($id: ID!) { member(id: $id) { tierHistory { tier { name } from to lifetimePoints spend { amount } } expiringPoints(per: QUARTER) { from points } maturingPoints { from points } } }`,
    id,
  ],
  [
    'redemptions and a group',
    `query($id: ID!) { member(id: $id) { redemptions { nodes { id points reward { name } rewardCode { code } purchase { __typename id } } } group { groupId members { isOwner member { firstName } } } } }`,
    id,
  ],
  [
    'rewards and stores',
    `{ programs { rewards { rewardId name cost available listsCodes } actions { actionId award } } stores(first: 3) { nodes { id code name } ${PAGE} } }`,
  ],
  [
    'members by tier and joining',
    `query($tier: ID) { members(first: 5, tierId: $tier, orderBy: JOINED_NEWEST) { nodes { firstName joinedAt } ${PAGE} } }`,
    ({ tom }) => ({ tier: tom.tier.id }),
  ],
  [
    'members by an identity',
    `{ members(identity: "919740011122") { nodes { firstName transactions { nodes { billNumber } } } } }`,
  ],
  [
    'a return rehearsed',
    `mutation($t: ID!) { returnTransaction(input: { transactionId: $t, kind: FULL, dryRun: true }) { transaction { type returnOf { kind points } } available userErrors { code } } }`,
    ({ tom }) => ({ t: tom.transactions.nodes[0].id }),
  ],
  [
    'an issuance rehearsed',
    `mutation($id: ID!) { recordIssuance(input: { memberId: $id, orderId: "forms", points: "5", total: "50", dryRun: true }) { issuance { orderId state points } available tierName userErrors { code } } }`,
    id,
  ],
  [
    'a transfer to a group that is none',
    `mutation($id: ID!) { transferPoints(input: { memberId: $id, toGroupId: "none", points: "1" }) { userErrors { code field message } } }`,
    id,
  ],
]

const facts = `{
  tom: member(identity: ${TOM}) { id tier { id } activities(first: 1) { nodes { id } } transactions(first: 1) { nodes { id number } } }
  members(first: 3) { nodes { id } pageInfo { endCursor } }
}`

module.exports = { list, facts }
