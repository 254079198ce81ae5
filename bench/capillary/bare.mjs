// `node bare.mjs <port> <database url>`: what GET /v2/earning/{id} reads, by the same named statement, and sent as it comes.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const persistence = (module) =>
  require(join(import.meta.dirname, '..', '..', 'dist', 'src', 'persistence', module))
const { WHOLE_TRANSACTION } = persistence('transactions/whole-transaction.js')
const { Pool } = require('pg')

const [port, url, tenant] = process.argv.slice(2)
const pool = new Pool({ connectionString: url, max: 10 })
const { name, text } = WHOLE_TRANSACTION

const server = createServer(async (request, response) => {
  const values = [tenant, request.url.split('/').at(-1), 'capillary.modifiedBy']
  const { rows } = await pool.query({ name, text, values })
  const body = JSON.stringify(rows[0])
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
