// The Apollo Federation subgraph compatibility suite: 23 tests, which must all pass.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { composed, gatewayOf, serveGateway } from './gateway.mjs'
import { FIXTURE, startProducts } from './products.mjs'

const EXPECTED = 23
// The suite has the gateway's address in its code, and asks it for nothing else than these.
const PORTS = { gateway: 4000, products: 4001, users: 4002, inventory: 4003 }
const HERE = dirname(fileURLToPath(import.meta.url))
const SUITE = dirname(
  createRequire(import.meta.url).resolve('@apollo/federation-subgraph-compatibility-tests/package.json'),
)

const children = []
process.once('exit', () => children.forEach((child) => child.kill('SIGTERM')))

const products = await startProducts(PORTS.products)
for (const name of ['users', 'inventory']) children.push(startReference(name))
const subgraphs = [
  { name: 'products', sdl: readFileSync(FIXTURE, 'utf8') },
  ...['users', 'inventory'].map((name) => ({
    name,
    sdl: readFileSync(join(SUITE, `dist/subgraphs/${name}/${name}.graphql`), 'utf8'),
  })),
].map((part) => ({ ...part, url: `http://127.0.0.1:${PORTS[part.name]}/` }))
await Promise.all(subgraphs.map(({ url }) => answering(url)))
const gateway = await serveGateway(gatewayOf(await composed(subgraphs)), PORTS.gateway)

const { passed, failed } = await runSuite()
gateway.close()
await products.stop()
children.forEach((child) => child.kill('SIGTERM'))
console.log(`federation suite: ${passed} of ${EXPECTED} passed, ${failed} failed`)
process.exit(passed === EXPECTED && failed === 0 ? 0 : 1)

function startReference(name) {
  return spawn(process.execPath, ['index.js'], {
    cwd: join(SUITE, 'dist/subgraphs', name),
    env: { ...process.env, [`${name.toUpperCase()}_PORT`]: String(PORTS[name]) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function answering(url) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    }).catch(() => null)
    if (answer?.ok) return
    await pause(100)
  }
  throw new Error(`nobody answers at ${url}`)
}

async function runSuite() {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-federation-'))
  const results = join(folder, 'results.json')
  const config = {
    rootDir: join(SUITE, 'dist/tests'),
    testEnvironment: 'node',
    haste: { retainAllFiles: true },
    testPathIgnorePatterns: [],
    testMatch: ['**/*.test.js'],
    transform: {},
  }
  const words = ['--config', JSON.stringify(config), '--json', `--outputFile=${results}`]
  const jest = spawn(process.execPath, [join(HERE, 'node_modules/.bin/jest'), ...words], {
    cwd: HERE,
    env: { ...process.env, PRODUCTS_URL: `http://127.0.0.1:${PORTS.products}/` },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await new Promise((resolve) => jest.once('exit', resolve))
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(results, 'utf8'),
  )
  rmSync(folder, { recursive: true })
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites }
}
