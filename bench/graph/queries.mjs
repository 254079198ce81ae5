// What every server is asked: members, their tier, and a page of their journal, with ids and cursors as clients use them.
export const QUERY = `query Wallets($members: Int!, $activities: Int!) {
  members(first: $members) {
    nodes {
      id
      firstName
      lastName
      tier { name }
      activities(first: $activities) {
        edges { cursor node { id kind points reason occurredAt } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

/** The same in the names that PostGraphile gives what it finds. */
export const QUERY_OF_POSTGRAPHILE = `query Wallets($members: Int!, $activities: Int!) {
  members: allMembers(first: $members) {
    nodes {
      id
      firstName
      lastName
      tier { name }
      activities(first: $activities, orderBy: PRIMARY_KEY_DESC) {
        edges { cursor node { id kind points reason occurredAt } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

export const SIZES = {
  big: { members: 100, activities: 10 },
  small: { members: 1, activities: 10 },
}

/** The part of the schema that servers which are given one must have. */
export const SCHEMA = `
  type Query { members(first: Int!): MemberConnection! }
  type MemberConnection { nodes: [Member!]! }
  type Member { id: ID! firstName: String lastName: String tier: Tier activities(first: Int!): ActivityConnection! }
  type Tier { name: String! }
  type ActivityConnection { edges: [ActivityEdge!]! pageInfo: PageInfo! }
  type ActivityEdge { cursor: String! node: Activity! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type Activity { id: ID! kind: String! points: String! reason: String occurredAt: String! }`

export const globalId = (type, id) => Buffer.from(`${type}:${id}`, 'latin1').toString('base64url')
export const cursorOf = (seq) => Buffer.from(`activities:${seq}`, 'latin1').toString('base64url')

/** Points from whole thousandths: what the wallet gained, or what only moved within it. */
export function pointsText(available, pending, held) {
  const [spendable, all] = [Number(available), Number(available) + Number(pending) + Number(held)]
  return String((all || spendable) / 1000)
}
