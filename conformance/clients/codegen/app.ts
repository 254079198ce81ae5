import { graphql } from '../generated/preset'
import type { ResultOf } from '@graphql-typed-document-node/core'

const WALLET = graphql(`
  query ClientWallet($identity: IdentityInput!, $after: String) {
    member(identity: $identity) {
      ...ClientPerson
      activities(first: 10, after: $after, kinds: [AWARD, REDEEM], orderBy: OLDEST) {
        nodes {
          kind
          points
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

export const PERSON = graphql(`
  fragment ClientPerson on Member {
    id
    firstName
    status
  }
`)

export const REDEEM = graphql(`
  mutation ClientRedeem($input: RedeemPointsInput!) {
    redeemPoints(input: $input) {
      redemption {
        id
        points
      }
      userErrors {
        code
        message
      }
    }
  }
`)

export function pointsOf({ member }: ResultOf<typeof WALLET>): readonly string[] {
  return member?.activities.nodes.map(({ points }) => points) ?? []
}

export function wrong({ member }: ResultOf<typeof WALLET>): unknown {
  // @ts-expect-error there is no such field
  return member?.password
}
