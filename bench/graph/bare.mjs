// `node bare.mjs <port> <database url>`: one statement that makes the whole answer, sent by node:http as it comes.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const { Pool } = createRequire(import.meta.url)('pg')
const [port, url] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 8, options: '-c TimeZone=UTC -c jit=off' })

/** base64url of text that holds neither + nor / when encoded. */
const encoded = (text) => `rtrim(encode((${text})::bytea, 'base64'), '=')`

const STATEMENT = `
  select json_build_object('data', json_build_object('members', json_build_object('nodes', json_agg(m.node order by m.no))))::text as answer
    from (
      select m.member_id as no, json_build_object(
          'id', ${encoded(`'Member:' || m.member_id`)},
          'firstName', m.first_name,
          'lastName', m.last_name,
          'tier', (select json_build_object('name', t.name) from memberships s join tiers t using (tenant_id, tier_id)
                    where s.tenant_id = 1 and s.member_id = m.member_id limit 1),
          'activities', (
            select json_build_object(
                'edges', coalesce(json_agg(e.edge order by e.seq desc) filter (where e.place <= $2), '[]'),
                'pageInfo', json_build_object(
                  'hasNextPage', count(*) > $2,
                  'endCursor', ${encoded(`'activities:' || min(e.seq) filter (where e.place <= $2)`)}))
              from (
                select e.seq, row_number() over (order by e.seq desc) as place, json_build_object(
                    'cursor', ${encoded(`'activities:' || e.seq`)},
                    'node', json_build_object(
                      'id', ${encoded(`'PointsActivity:' || e.account_id || '.' || e.seq`)},
                      'kind', e.kind,
                      'points', trim_scale(coalesce(nullif(e.d_available + e.d_pending + e.d_held, 0), e.d_available) / 1000.0)::text,
                      'reason', e.reason,
                      'occurredAt', to_char(e.occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))) as edge
                  from account a join entry e using (tenant_id, account_id)
                 where a.tenant_id = 1 and a.holder_kind = 'M' and a.holder_id = m.member_id
                   and a.program_id = 1 and a.currency = 'points'
                 order by e.seq desc limit $2 + 1
              ) e
          )) as node
        from members m where m.tenant_id = 1 order by m.member_id limit $1
    ) m`

createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { variables } = JSON.parse(Buffer.concat(chunks).toString())
    const values = [variables.members, variables.activities]
    pool.query({ name: 'wallets', text: STATEMENT, values }).then(
      ({ rows }) => response.setHeader('content-type', 'application/json').end(rows[0].answer),
      (error) => response.writeHead(500).end(String(error)),
    )
  })
}).listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
