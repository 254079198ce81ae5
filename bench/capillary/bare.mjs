// `node bare.mjs <port> <database url>`: what GET /v2/earning/{id} reads, by the same named statements, and sent as it comes.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const persistence = (module) =>
  require(join(import.meta.dirname, '..', '..', 'dist', 'src', 'persistence', module))
const { TRANSACTIONS_BY_ID, TRANSACTION_LINES, RETURNS_OF } = persistence(
  'transactions/transaction-statements.js',
)
const { BY_SOURCES } = persistence('points/postgres-source-award-store.js')
const { Pool } = require('pg')

const [port, url, tenant] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 10 })
const rows = async ({ name, text }, values) => (await pool.query({ name, text, values })).rows

const server = createServer(async (request, response) => {
  const ids = [request.url.split('/').at(-1)]
  const [[transaction], lines, returns, awards] = await Promise.all([
    rows(TRANSACTIONS_BY_ID, [tenant, ids]),
    rows(TRANSACTION_LINES, [tenant, ids]),
    rows(RETURNS_OF, [tenant, ids]),
    rows(BY_SOURCES, [tenant, 'TRANSACTION', ids]),
  ])
  const body = JSON.stringify({ ...transaction, lines, returns, awards })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
