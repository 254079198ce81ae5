// How the peers read: a statement for each level of the query, named, so that each connection prepares it once;
// instants stay text that is only reformatted; all as plain rows.
import pg from 'pg'
import { cursorOf, globalId, pointsText } from '../graph/queries.mjs'

const TIMESTAMPTZ = pg.types.builtins.TIMESTAMPTZ
const types = {
  getTypeParser: (oid, format) => (oid === TIMESTAMPTZ ? instant : pg.types.getTypeParser(oid, format)),
}
/** `2026-11-21 03:00:00.1234+00` as `2026-11-21T03:00:00.123400Z`. */
const instant = (text) => {
  const wall = text.slice(0, -3)
  return `${wall.slice(0, 10)}T${wall.slice(11, 19)}.${wall.slice(20).padEnd(6, '0')}Z`
}

export function openRows(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 8, types, options: '-c TimeZone=UTC -c jit=off' })
  const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows
  return {
    members: (first) => rows('members', MEMBERS, [first]),
    /** Tiers by id. */
    tiers: async (ids) => new Map((await rows('tiers', TIERS, [ids])).map((tier) => [tier.id, tier])),
    /** A page of each member's journal. */
    async activities(members, first) {
      const pages = members.map(() => [])
      for (const row of await rows('activities', ACTIVITIES, [members, first])) pages[row.ord - 1].push(row)
      return pages.map((page) => connection(page, first))
    },
  }
}

function connection(rows, first) {
  const edges = rows.slice(0, first).map((node) => ({ cursor: cursorOf(node.seq), node }))
  return { edges, pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null } }
}

export const FIELDS = {
  Member: { id: ({ id }) => globalId('Member', id) },
  Activity: {
    id: ({ account, seq }) => globalId('PointsActivity', `${account}.${seq}`),
    points: ({ available, pending, held }) => pointsText(available, pending, held),
  },
}

const MEMBERS = `
  select m.member_id as id, m.first_name as "firstName", m.last_name as "lastName", s.tier_id as "tierId"
    from members m left join memberships s on s.tenant_id = 1 and s.member_id = m.member_id and s.program_id = 1
   where m.tenant_id = 1 order by m.member_id limit $1`

const TIERS = `select tier_id as id, name from tiers where tenant_id = 1 and tier_id = any($1::bigint[])`

const ACTIVITIES = `
  select k.ord::integer, e.*
    from unnest($1::bigint[]) with ordinality as k (member_id, ord)
    join account a on a.tenant_id = 1 and a.holder_kind = 'M' and a.holder_id = k.member_id
     and a.program_id = 1 and a.currency = 'points'
   cross join lateral (
     select e.account_id as account, e.seq, e.kind, e.d_available as available, e.d_pending as pending, e.d_held as held,
            e.reason, e.occurred_at as "occurredAt"
       from entry e where e.tenant_id = 1 and e.account_id = a.account_id order by e.seq desc limit $2 + 1
   ) e
   order by k.ord, e.seq desc`
