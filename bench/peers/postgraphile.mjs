// `node postgraphile.mjs <port> <database url>`, with Node 22: PostGraphile 5 on views of the same tables, so that its own
// planner makes one statement of the whole query, as it is meant to be used. Its adaptor names statements by itself; plans,
// parsed and validated documents are cached by default; instants are text that the view writes.
import { createServer } from 'node:http'
import pg from 'pg'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

const [port, connectionString] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString, max: 8, options: '-c TimeZone=UTC -c jit=off' })

await pool.query(`
  create schema if not exists peer;
  create or replace view peer.tier as select tier_id, name from public.tiers where tenant_id = 1;
  create or replace view peer.member as
    select m.member_id, m.first_name, m.last_name, s.tier_id, a.account_id
      from public.members m
      left join public.memberships s on s.tenant_id = 1 and s.member_id = m.member_id and s.program_id = 1
      left join public.account a on a.tenant_id = 1 and a.holder_kind = 'M' and a.holder_id = m.member_id
       and a.program_id = 1 and a.currency = 'points'
     where m.tenant_id = 1;
  create or replace view peer.activity as
    select account_id, seq, kind, trim_scale(case when d_available + d_pending + d_held = 0 then d_available
             else d_available + d_pending + d_held end / 1000.0)::text as points,
           reason, to_char(occurred_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at
      from public.entry where tenant_id = 1;
  comment on view peer.tier is E'@primaryKey tier_id';
  comment on view peer.member is
    E'@primaryKey member_id\\n@unique account_id\\n@foreignKey (tier_id) references peer.tier (tier_id)|@fieldName tier';
  comment on view peer.activity is
    E'@primaryKey account_id,seq\\n@foreignKey (account_id) references peer.member (account_id)|@foreignFieldName activities';
`)

const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ pool, schemas: ['peer'] })],
  grafserv: { graphiql: false, watch: false },
  grafast: { explain: false },
}
const serv = postgraphile(preset).createServ(grafserv)
const server = createServer()
await serv.addTo(server)
server.listen(Number(port), '127.0.0.1')
