// A server that does the same for every request, for ever: some JavaScript, a sum in PostgreSQL, a commit. What its answers take is
// what the machine does, and `npm run soak` holds the real server against it. DATABASE_URL says where; it prints its port.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
await pool.query('create table soak_control (id integer primary key, n bigint not null)')
await pool.query('insert into soak_control select id, 0 from generate_series(0, 7) as s (id)')

/** About as long as the real server computes for a request. */
function compute() {
  let text = ''
  for (let round = 0; round < 60; round++)
    text = JSON.stringify(JSON.parse(JSON.stringify(PEOPLE))).slice(round)
  return text.length
}
const PEOPLE = Array.from({ length: 40 }, (_, id) => ({
  id,
  name: `somebody ${id}`,
  points: String(id * 1000),
}))

let turn = 0
async function answer(response) {
  const id = ++turn % 8
  const length = compute()
  await pool.query('select sum(n) from generate_series(1, 10000) as s (n)')
  await pool.query('update soak_control set n = n + 1 where id = $1', [id])
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ id, length }))
}

const server = createServer((_request, response) => void answer(response))
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
