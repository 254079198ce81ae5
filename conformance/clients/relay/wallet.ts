// @ts-nocheck: only the compiler of Relay reads this.
import { graphql } from 'relay-runtime'

export const page = graphql`
  query walletPageQuery($id: ID!, $first: Int!) {
    node(id: $id) {
      __typename
      id
      ...wallet_member @alias(as: "wallet") @arguments(first: $first)
    }
  }
`

export const member = graphql`
  fragment wallet_member on Member
  @refetchable(queryName: "walletActivitiesQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    firstName
    tier {
      name
    }
    points {
      available
      nextExpiry {
        at
        points
      }
    }
    activities(first: $first, after: $after) @connection(key: "wallet_activities") {
      edges {
        cursor
        node {
          id
          kind
          points
          purchase {
            __typename
            points
            ... on Order {
              orderId
            }
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const people = graphql`
  query walletPeopleQuery($after: String) {
    members(first: 50, after: $after, status: ACTIVE) @connection(key: "wallet_members") {
      edges {
        node {
          id
          firstName
        }
      }
    }
  }
`

export const redeem = graphql`
  mutation walletRedeemMutation($input: RedeemPointsInput!) {
    redeemPoints(input: $input) {
      activity {
        id
        points
      }
      member {
        id
        ...wallet_member
      }
      rewardCode {
        code
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`

export const live = graphql`
  subscription walletLiveSubscription($memberId: ID!) {
    memberChanged(memberId: $memberId) {
      id
      ...wallet_member
    }
  }
`
