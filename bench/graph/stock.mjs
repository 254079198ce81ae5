// `node stock.mjs <port> <database url>`: Apollo Server as its documentation starts it, entities as TypeORM's does, and
// a loader for each edge.
import { createRequire } from 'node:module'
import { cursorOf, globalId, pointsText, SCHEMA } from './queries.mjs'

const load = createRequire(import.meta.url)
const { ApolloServer } = load('@apollo/server')
const { startStandaloneServer } = load('@apollo/server/standalone')
const { DataSource, EntitySchema, In } = load('typeorm')
const DataLoader = load('dataloader')

const TENANT = 1
const [port, url] = process.argv.slice(2)

const entity = (name, tableName, columns) =>
  new EntitySchema({
    name,
    tableName,
    columns: { tenant: { type: 'int', name: 'tenant_id', primary: true }, ...columns },
  })
const key = (name) => ({ type: 'bigint', name, primary: true })
const column = (type, name) => ({ type, name, nullable: true })
const Member = entity('Member', 'members', {
  id: key('member_id'),
  firstName: column('text', 'first_name'),
  lastName: column('text', 'last_name'),
  email: column('text', 'email'),
  mobile: column('text', 'mobile'),
  status: column('text', 'status'),
  joinedAt: column('timestamptz', 'joined_at'),
})
const Membership = entity('Membership', 'memberships', {
  member: key('member_id'),
  program: key('program_id'),
  tierId: column('bigint', 'tier_id'),
})
const Tier = entity('Tier', 'tiers', { id: key('tier_id'), name: column('text', 'name') })
const Account = entity('Account', 'account', {
  id: key('account_id'),
  holder: column('bigint', 'holder_id'),
})
const Entry = entity('Entry', 'entry', {
  account: key('account_id'),
  seq: key('seq'),
  kind: column('text', 'kind'),
  available: column('bigint', 'd_available'),
  pending: column('bigint', 'd_pending'),
  held: column('bigint', 'd_held'),
  reason: column('text', 'reason'),
  occurredAt: column('timestamptz', 'occurred_at'),
})
const source = new DataSource({
  type: 'postgres',
  url,
  entities: [Member, Membership, Tier, Account, Entry],
  poolSize: 8,
})
await source.initialize()
const repository = (schema) => source.getRepository(schema)

const lined = (ids, rows, idOf) => {
  const found = new Map(rows.map((row) => [idOf(row), row]))
  return ids.map((id) => found.get(id) ?? null)
}
const loaders = () => ({
  membership: new DataLoader(async (ids) =>
    lined(
      ids,
      await repository(Membership).findBy({ tenant: TENANT, member: In([...ids]) }),
      ({ member }) => member,
    ),
  ),
  tier: new DataLoader(async (ids) =>
    lined(ids, await repository(Tier).findBy({ tenant: TENANT, id: In([...ids]) }), ({ id }) => id),
  ),
  account: new DataLoader(async (ids) =>
    lined(
      ids,
      await repository(Account).findBy({ tenant: TENANT, holder: In([...ids]) }),
      ({ holder }) => holder,
    ),
  ),
})

const resolvers = {
  Query: {
    members: async (_root, { first }) => ({
      nodes: await repository(Member).find({ where: { tenant: TENANT }, order: { id: 'ASC' }, take: first }),
    }),
  },
  Member: {
    id: ({ id }) => globalId('Member', id),
    async tier({ id }, _args, { membership, tier }) {
      const found = await membership.load(id)
      return found?.tierId ? tier.load(found.tierId) : null
    },
    async activities({ id }, { first }, { account }) {
      const found = await account.load(id)
      const where = { tenant: TENANT, account: found?.id }
      const rows = found
        ? await repository(Entry).find({ where, order: { seq: 'DESC' }, take: first + 1 })
        : []
      const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(node.seq), node }))
      return {
        edges,
        pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
      }
    },
  },
  Activity: {
    id: ({ account, seq }) => globalId('PointsActivity', `${account}.${seq}`),
    points: ({ available, pending, held }) => pointsText(available, pending, held),
    occurredAt: ({ occurredAt }) => occurredAt.toISOString(),
  },
}

await startStandaloneServer(new ApolloServer({ typeDefs: SCHEMA, resolvers }), {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async () => loaders(),
})
