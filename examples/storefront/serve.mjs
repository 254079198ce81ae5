// Serves the page, and passes what it asks of the graph on with the key, which no browser ever sees.
import { createServer, request } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const {
  GRAPH_URL = 'http://localhost:4000',
  API_KEY = 'demo-graphql-key',
  PORT = '4080',
  DIST = 'dist',
} = process.env
const MEMBER = process.env.MEMBER ?? 'user@domain.com'
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'"

const server = createServer(async (incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, 'http://here')
  if (pathname === '/graphql' || pathname === '/graphql/stream') return passOn(pathname, incoming, outgoing)
  if (pathname === '/member.json') return outgoing.end(JSON.stringify({ value: MEMBER }))
  const name = pathname === '/' ? 'index.html' : normalize(pathname).replace(/^\/+/, '')
  const file = extname(name) === '.js' ? join(resolve(HERE, DIST), name) : join(HERE, name)
  const body = TYPES[extname(name)] && !name.includes('..') ? await readFile(file).catch(() => null) : null
  outgoing.writeHead(body ? 200 : 404, {
    'content-type': TYPES[extname(name)] ?? 'text/plain',
    'content-security-policy': POLICY,
  })
  outgoing.end(body ?? 'Not Found')
})

function passOn(path, incoming, outgoing) {
  const { accept = '*/*' } = incoming.headers
  const headers = { 'content-type': 'application/json', accept, authorization: `Bearer ${API_KEY}` }
  const upstream = request(new URL(path, GRAPH_URL), { method: 'POST', headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? 'text/plain' })
    answer.pipe(outgoing)
  })
  upstream.on('error', () =>
    outgoing.writeHead(502).end('{"errors":[{"message":"the graph does not answer"}]}'),
  )
  outgoing.on('close', () => upstream.destroy())
  incoming.pipe(upstream)
}

server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://localhost:${server.address().port}`))
