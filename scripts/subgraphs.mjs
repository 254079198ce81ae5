// Starts the graph as a federated deployment does, one process for each subgraph, on one embedded database.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build, ROOT } from './build.mjs'

export const SUBGRAPHS = ['core', 'annex', 'capillary']

/**
 * Builds when needed and starts a process for each role. The first holds the embedded database in `dataDir` (and fills
 * it with the demo); the others join it through its socket, as they would a database of their own. Answers with the
 * addresses and process ids by role, and how to stop them all.
 */
export async function startRoles(roles, { dataDir, firstPort, environment = {} }) {
  build()
  const running = []
  // Nobody is left behind when whoever started them ends in an accident.
  process.once('exit', () => running.forEach(({ child }) => child.kill('SIGTERM')))
  const stop = async () => {
    for (const { child, ended } of running.toReversed()) {
      child.kill('SIGTERM')
      await ended
    }
  }
  try {
    const urls = {}
    const pids = {}
    let shared = { DATA_DIR: dataDir }
    for (const [index, role] of roles.entries()) {
      const port = firstPort + index
      const started = start({ ...environment, ...shared, ROLE: role, PORT: String(port), HOST: '127.0.0.1' })
      running.push(started)
      pids[role] = started.child.pid
      urls[role] = `http://127.0.0.1:${port}/graphql`
      await ready(role, port, started)
      shared = { DATA_DIR: dataDir, DATABASE_URL: socketUrl(dataDir), ENCRYPTION_KEY: key(dataDir) }
    }
    return { urls, pids, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function start(variables) {
  const child = spawn(process.execPath, [join(ROOT, 'dist/src/main.js')], {
    cwd: ROOT,
    // All parts of one demo are as open as each other, though only the first brings the database.
    env: { NODE_ENV: 'development', ...withoutOurs(process.env), LOG_LEVEL: 'warn', ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

/** What is set for a server of one's own must not turn these into others. */
const withoutOurs = ({
  DATABASE_URL: _url,
  ENCRYPTION_KEY: _key,
  ROLE: _role,
  PUBLIC_URL: _public,
  ...rest
}) => rest

/** The first start invents the demo's past, which takes a while. */
async function ready(role, port, { child }) {
  for (let tries = 0; tries < 1200; tries++) {
    if (child.exitCode !== null) throw new Error(`${role} did not start`)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
    if (answer?.ok) return
    await pause(100)
  }
  throw new Error(`${role} is not ready after two minutes`)
}

export function socketUrl(dataDir) {
  const { runningPostmaster, PORT } = createRequire(import.meta.url)(
    '../dist/src/persistence/embedded/postmaster.js',
  )
  const running = runningPostmaster(join(dataDir, 'postgres'))
  if (!running?.socketDir) throw new Error('the embedded database is gone')
  return `postgres://postgres@localhost:${PORT}/postgres?host=${encodeURIComponent(running.socketDir)}`
}

const key = (dataDir) => readFileSync(join(dataDir, 'encryption.key'), 'utf8').trim()
