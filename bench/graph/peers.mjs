// `node peers.mjs <stock|bare> <port> <database url>`: what the graph is compared with, on the same tables.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const [kind, port, url] = process.argv.slice(2)
await { stock, bare }[kind]()
process.on('SIGTERM', () => process.exit(0))

/** Apollo Server as its documentation starts it, entities as TypeORM's does, a loader for each edge. */
async function stock() {
  const { ApolloServer } = load('@apollo/server')
  const { startStandaloneServer } = load('@apollo/server/standalone')
  const { DataSource, EntitySchema, In } = load('typeorm')
  const DataLoader = load('dataloader')
  const text = { type: 'text' }
  const big = { type: 'bigint' }
  const entity = (name, tableName, columns) => new EntitySchema({ name, tableName, columns })
  const key = (name, type = 'bigint') => ({ type, name, primary: true })
  const Member = entity('Member', 'members', {
    tenant: key('tenant_id', 'int'),
    id: key('member_id'),
    firstName: { ...text, name: 'first_name' },
  })
  const Membership = entity('Membership', 'memberships', {
    tenant: key('tenant_id', 'int'),
    member: key('member_id'),
    program: key('program_id'),
    tierId: { ...big, name: 'tier_id' },
  })
  const Tier = entity('Tier', 'tiers', { tenant: key('tenant_id', 'int'), id: key('tier_id'), name: text })
  const Account = entity('Account', 'account', {
    tenant: key('tenant_id', 'int'),
    id: key('account_id'),
    holder: { ...big, name: 'holder_id' },
  })
  const Entry = entity('Entry', 'entry', {
    tenant: key('tenant_id', 'int'),
    account: key('account_id'),
    seq: key('seq'),
    kind: text,
    available: { ...big, name: 'd_available' },
    occurredAt: { type: 'timestamptz', name: 'occurred_at' },
  })
  const source = new DataSource({
    type: 'postgres',
    url,
    entities: [Member, Membership, Tier, Account, Entry],
    poolSize: 8,
  })
  await source.initialize()
  const repository = (schema) => source.getRepository(schema)
  const byKey = (rows, keyOf, keys) => {
    const found = new Map(rows.map((row) => [keyOf(row), row]))
    return keys.map((one) => found.get(one) ?? null)
  }
  const loaders = () => ({
    tier: new DataLoader(async (ids) => {
      const memberships = await repository(Membership).findBy({ tenant: 1, member: In([...ids]) })
      const tiers = await repository(Tier).findBy({
        tenant: 1,
        id: In(memberships.map(({ tierId }) => tierId)),
      })
      const names = new Map(tiers.map((tier) => [tier.id, tier]))
      return byKey(memberships, ({ member }) => member, ids).map((found) => names.get(found?.tierId) ?? null)
    }),
    account: new DataLoader(async (ids) =>
      byKey(
        await repository(Account).findBy({ tenant: 1, holder: In([...ids]) }),
        ({ holder }) => holder,
        ids,
      ),
    ),
  })
  const typeDefs = `
    type Query { members(first: Int!): Members! member(id: ID!): Member }
    type Members { nodes: [Member!]! }
    type Member { id: ID! firstName: String tier: Tier activities(first: Int!): Activities! }
    type Tier { name: String! }
    type Activities { nodes: [Activity!]! }
    type Activity { kind: String! available: String! occurredAt: String! }`
  const resolvers = {
    Query: {
      members: async (_root, { first }) => ({
        nodes: await repository(Member).find({ where: { tenant: 1 }, order: { id: 'ASC' }, take: first }),
      }),
    },
    Member: {
      tier: ({ id }, _args, { tier }) => tier.load(id),
      async activities({ id }, { first }, { account }) {
        const found = await account.load(id)
        if (!found) return { nodes: [] }
        const where = { tenant: 1, account: found.id }
        return { nodes: await repository(Entry).find({ where, order: { seq: 'DESC' }, take: first }) }
      },
    },
    Activity: {
      available: ({ available }) => String(Number(available) / 1000),
      occurredAt: ({ occurredAt }) => occurredAt.toISOString(),
    },
  }
  const server = new ApolloServer({ typeDefs, resolvers })
  await startStandaloneServer(server, {
    listen: { port: Number(port), host: '127.0.0.1' },
    context: async () => loaders(),
  })
}

/** One statement that makes the answer, sent as it comes. */
async function bare() {
  const { Pool } = load('pg')
  const pool = new Pool({ connectionString: url, max: 8 })
  const text = `select json_build_object('data', json_build_object('members', json_build_object('nodes', json_agg(m order by m.no))))::text as answer
    from (select m.member_id as no, m.first_name as "firstName",
        (select json_build_object('name', t.name) from memberships s join tiers t using (tenant_id, tier_id)
          where s.tenant_id = 1 and s.member_id = m.member_id limit 1) as tier,
        (select json_build_object('nodes', coalesce(json_agg(e order by e.seq desc), '[]')) from (
          select e.seq, e.kind, trim_scale(e.d_available / 1000.0)::text as available,
              to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt"
            from account a join entry e using (tenant_id, account_id)
            where a.tenant_id = 1 and a.holder_kind = 'M' and a.holder_id = m.member_id
            order by e.seq desc limit $2) e) as activities
      from members m where m.tenant_id = 1 order by m.member_id limit $1) m`
  createServer((request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { variables } = JSON.parse(Buffer.concat(chunks).toString())
      pool.query({ name: 'big', text, values: [variables.members, variables.activities] }).then(
        ({ rows }) => response.setHeader('content-type', 'application/json').end(rows[0].answer),
        (error) => response.writeHead(500).end(String(error)),
      )
    })
  }).listen(Number(port), '127.0.0.1')
}
