import { defineConfig } from '@graphql-hive/gateway'

/** Who calls is decided by the subgraphs, each for itself: they are given the caller's own credential. */
export const gatewayConfig = defineConfig({
  landingPage: false,
  graphiql: { title: 'Loyalty supergraph' },
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({
      authorization: request.headers.get('authorization'),
      'x-request-id': request.headers.get('x-request-id'),
    }),
  },
})
