// `node yoga.mjs <port> <database url>`: GraphQL Yoga on node:http with its plug-in for graphql-jit; parsed and validated
// documents are cached by default.
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import DataLoader from 'dataloader'
import { createSchema, createYoga } from 'graphql-yoga'
import { SCHEMA } from '../graph/queries.mjs'
import { FIELDS, openRows } from './rows.mjs'

const [port, url] = process.argv.slice(2)
const rows = openRows(url)

const loaders = () => ({
  tier: new DataLoader(async (ids) => {
    const tiers = await rows.tiers(ids)
    return ids.map((id) => tiers.get(id) ?? null)
  }),
  activities: new DataLoader(
    (keys) =>
      rows.activities(
        keys.map(({ id }) => id),
        keys[0].first,
      ),
    { cache: false },
  ),
})

const yoga = createYoga({
  schema: createSchema({
    typeDefs: SCHEMA,
    resolvers: {
      Query: { members: async (_root, { first }) => ({ nodes: await rows.members(first) }) },
      Member: {
        ...FIELDS.Member,
        tier: ({ tierId }, _args, { tier }) => tierId && tier.load(tierId),
        activities: ({ id }, { first }, { activities }) => activities.load({ id, first }),
      },
      Activity: FIELDS.Activity,
    },
  }),
  context: loaders,
  plugins: [useGraphQlJit()],
  logging: false,
  graphiql: false,
  landingPage: false,
})
createServer((request, response) => void yoga(request, response)).listen(Number(port), '127.0.0.1')
