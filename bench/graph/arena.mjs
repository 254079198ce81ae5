// Our server and others side by side, each a process of its own on one embedded database.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { socketUrl, startRoles } from '../../scripts/subgraphs.mjs'
import { installPeers } from '../peers/install.mjs'
import { asking, requestBytes } from '../shared/http-client.mjs'
import { interleaved } from '../shared/rates.mjs'
import { fill } from './fill.mjs'
import { QUERY, QUERY_OF_POSTGRAPHILE, SIZES } from './queries.mjs'

const HERE = import.meta.dirname
const PEERS = join(HERE, '..', 'peers')

const KINDS = {
  stock: { script: join(HERE, 'stock.mjs') },
  bare: { script: join(HERE, 'bare.mjs') },
  mercurius: { script: join(PEERS, 'mercurius.mjs'), path: '/graphql' },
  yoga: { script: join(PEERS, 'yoga.mjs'), path: '/graphql' },
  postgraphile: {
    script: join(PEERS, 'postgraphile.mjs'),
    path: '/graphql',
    // It wants Node 22, which comes from the registry as a package.
    node: join(PEERS, 'node_modules', '.bin', 'node'),
    query: QUERY_OF_POSTGRAPHILE,
  },
}

/**
 * Starts our server and the named peers, calls `work` with `{ name: { url, pid } }`, and ends them all.
 */
export async function withArena(names, work, environment = {}) {
  if (names.some((name) => KINDS[name].script.startsWith(PEERS))) installPeers()
  const dataDir = mkdtempSync(join(tmpdir(), 'loyalty-bench-'))
  const [firstPort, ...ports] = await freePorts(1 + names.length)
  const children = []
  const { urls, stop, pids } = await startRoles(['unified'], {
    dataDir,
    firstPort,
    environment: { NODE_ENV: 'production', SETUP_FILE: join(HERE, 'world.yaml'), ...environment },
  })
  try {
    const url = socketUrl(dataDir)
    await fill(url)
    const servers = { graph: { url: urls.unified, pid: pids.unified } }
    for (const [index, name] of names.entries()) {
      const { script, path = '/', node = process.execPath } = KINDS[name]
      const env = { ...process.env, NODE_ENV: 'production' }
      const child = spawn(node, [script, String(ports[index]), url], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      children.push(child)
      servers[name] = { pid: child.pid, url: `http://127.0.0.1:${ports[index]}${path}` }
    }
    await work(servers)
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

export const bodyOf = (variables, name) => JSON.stringify({ query: KINDS[name]?.query ?? QUERY, variables })

/** Answers a second of each server, once they have been seen to answer alike. */
export async function ratesOf(servers, size, options) {
  const cells = {}
  const answers = {}
  for (const [name, { url }] of Object.entries(servers)) {
    const text = bodyOf(SIZES[size], name)
    answers[name] = JSON.stringify(comparable((await answered(url, text)).data.members.nodes))
    const bytes = requestBytes(url, { headers: HEADERS, body: text })
    cells[name] = asking(url, () => bytes)
  }
  refuseDifferent(answers)
  return ratesOfCells(cells, options)
}

/** Answers a second of each server to one body, whatever it is answered with. */
export async function ratesOfBody(servers, body, options) {
  const cells = {}
  for (const [name, { url }] of Object.entries(servers)) {
    await answered(url, body)
    const bytes = requestBytes(url, { headers: HEADERS, body })
    cells[name] = asking(url, () => bytes)
  }
  return ratesOfCells(cells, options)
}

function ratesOfCells(cells, options) {
  // Node's compiler takes its time: what is measured is a server that has run for a while.
  return interleaved(cells, { warmUpMillis: 4000, ...options })
}

export const HEADERS = { authorization: 'Bearer bench-graphql-key' }

/** The answer of a server that may still be starting. */
async function answered(url, body) {
  const headers = { 'content-type': 'application/json', ...HEADERS }
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => null)
    const json = answer?.ok ? await answer.json() : null
    if (json?.data) return json
    if (tries === 200) throw new Error(`${url} does not answer: ${answer?.status} ${JSON.stringify(json)}`)
    await pause(100)
  }
}

/** What all must agree on. Instants to the millisecond: entities keep no more. Ids and cursors are opaque: that there is one. */
const comparable = (members) =>
  members.map(({ id, firstName, lastName, tier, activities: { edges, pageInfo } }) => [
    Boolean(id),
    firstName,
    lastName,
    tier?.name,
    edges.map(({ cursor, node }) => [
      Boolean(cursor && node.id),
      node.kind,
      Number(node.points),
      node.reason,
      new Date(node.occurredAt).toISOString(),
    ]),
    pageInfo.hasNextPage,
    Boolean(pageInfo.endCursor),
  ])

function refuseDifferent(answers) {
  if (new Set(Object.values(answers)).size === 1) return
  const heads = Object.entries(answers).map(([name, text]) => `${name}: ${text.length} ${text.slice(0, 600)}`)
  throw new Error(`the servers answer differently:\n${heads.join('\n')}`)
}

/** So many ports in a row that nobody listens on, the first of which starts a range. */
async function freePorts(count) {
  const held = []
  for (let index = 0; index < count; index++) {
    const server = createServer()
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    held.push(server)
  }
  const ports = held.map((server) => server.address().port)
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
