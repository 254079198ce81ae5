// `npm run supergraph`: the three subgraphs as processes of their own, and Hive Gateway in front of them.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './build.mjs'
import { startRoles, SUBGRAPHS } from './subgraphs.mjs'

const FOLDER = join(ROOT, 'gateway')
const PORT = Number(process.env.PORT ?? 4000)

installGateway()
const dataDir = join(ROOT, process.env.DATA_DIR ?? '.data')
const subgraphs = await startRoles(SUBGRAPHS, { dataDir, firstPort: PORT + 1 })
const gateway = startGateway(subgraphs.urls)

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop())
gateway.on('exit', () => void stop())

for (const [name, url] of Object.entries(subgraphs.urls)) console.log(`${name.padEnd(10)} ${url}`)
await answering(`http://127.0.0.1:${PORT}/healthcheck`)
console.log(
  `${'supergraph'.padEnd(10)} http://localhost:${PORT}/graphql  Authorization: Bearer demo-graphql-key`,
)

/** It is large and only this needs it, so it is installed when first asked for, in a folder of its own. */
function installGateway() {
  if (existsSync(join(FOLDER, 'node_modules/.bin/hive-gateway'))) return
  console.log('Installing Hive Gateway (once) …')
  const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: FOLDER,
    stdio: 'inherit',
  })
  if (done.status !== 0) process.exit(1)
}

function startGateway(urls) {
  const folder = join(FOLDER, '.generated')
  mkdirSync(folder, { recursive: true })
  const supergraph = join(folder, 'supergraph.graphql')
  writeFileSync(
    supergraph,
    withAddresses(readFileSync(join(ROOT, 'schema/supergraph.graphql'), 'utf8'), urls),
  )
  const words = [
    'supergraph',
    supergraph,
    '--config-path',
    join(FOLDER, 'gateway.config.mjs'),
    '--port',
    String(PORT),
    '--host',
    '127.0.0.1',
    '--fork',
    '1',
  ]
  return spawn(process.execPath, [join(FOLDER, 'node_modules/.bin/hive-gateway'), ...words], {
    cwd: FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, LOG_LEVEL: 'warn' },
  })
}

function withAddresses(text, urls) {
  return Object.entries(urls).reduce(
    (sdl, [name, url]) => sdl.replace(`http://${name}.internal/graphql`, url),
    text,
  )
}

async function answering(url) {
  for (let tries = 0; tries < 600; tries++) {
    if ((await fetch(url).catch(() => null))?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function stop() {
  if (stopping) return
  stopping = true
  gateway.kill('SIGTERM')
  await subgraphs.stop()
  rmSync(join(FOLDER, '.generated'), { recursive: true, force: true })
  process.exit(0)
}
