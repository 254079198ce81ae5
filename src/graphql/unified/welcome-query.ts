/** What an explorer shows first: it works on a demo by a press of the button. */
export const WELCOME_QUERY = `# Members, their wallets, and what
# they bought through any door.
query Welcome {
  members(first: 5) {
    nodes {
      id
      firstName
      lastName
      tier { name }
      points {
        available
        lifetime
        nextExpiry { at points }
      }
      activities(first: 3) {
        nodes { kind points occurredAt }
      }
      purchases(first: 3) {
        nodes {
          __typename
          purchasedAt
          total { amount currency }
          points
          ... on Order {
            orderId
            lines { productId points }
          }
          ... on Transaction {
            billNumber
            lines { itemCode points }
          }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`
