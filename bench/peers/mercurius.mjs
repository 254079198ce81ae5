// `node mercurius.mjs <port> <database url>`: Mercurius on Fastify, compiling from the first time a query is asked, with
// its own loaders, which need no cache of their own within a query like this.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { SCHEMA } from '../graph/queries.mjs'
import { FIELDS, openRows } from './rows.mjs'

const [port, url] = process.argv.slice(2)
const rows = openRows(url)
const uncached = (loader) => ({ loader, opts: { cache: false } })

const app = Fastify({ logger: false })
await app.register(mercurius, {
  schema: SCHEMA,
  jit: 1,
  resolvers: {
    Query: { members: async (_root, { first }) => ({ nodes: await rows.members(first) }) },
    ...FIELDS,
  },
  loaders: {
    Member: {
      tier: uncached(async (queries) => {
        const tiers = await rows.tiers([...new Set(queries.map(({ obj }) => obj.tierId))])
        return queries.map(({ obj }) => tiers.get(obj.tierId) ?? null)
      }),
      activities: uncached((queries) =>
        rows.activities(
          queries.map(({ obj }) => obj.id),
          queries[0].params.first,
        ),
      ),
    },
  },
})
await app.listen({ port: Number(port), host: '127.0.0.1' })
