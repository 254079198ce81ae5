// `npm run parity`: runs the tests of both doors with a recorder at the HTTP border and writes what they showed of the
// vendors' contracts to docs/parity.md. `-- --only capillary` runs and judges that door's own tests, prints what is open and
// writes no page; with `--table` it prints every operation and field of the contract with the cases that show it. `--reuse`
// judges the last such run again. Fails while a row in scope is open.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './build.mjs'

/** Whole folders and files whose cases go through the doors. */
const TESTS = ['test/contract/', 'test/e2e/one-wallet', 'test/security/']

const load = createRequire(import.meta.url)
const { values: asked } = parseArgs({
  options: { only: { type: 'string' }, reuse: { type: 'boolean' }, table: { type: 'boolean' } },
})
const folder = join(ROOT, 'coverage', asked.only ? `parity-${asked.only}` : 'parity')
const run = { exchanges: join(folder, 'exchanges'), results: join(folder, 'results.json') }

const passed = asked.reuse || runTests()
if (!existsSync(run.results)) throw new Error('The tests did not run.')
load('./typescript.cjs')
const { printParity, writeParity } = load('../test/parity/write-parity.ts')
const { summary, green } = asked.only ? printParity(asked.only, run) : writeParity(run)
if (asked.table) console.log(readFileSync(join(folder, 'cases.md'), 'utf8'))
for (const line of summary) console.log(line)
if (!green && !asked.only) console.log('Something in scope is open: docs/parity.md names it.')
process.exitCode = passed && green ? 0 : 1

function runTests() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(run.exchanges, { recursive: true })
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
  const tests = asked.only ? [`test/contract/${asked.only}/`, 'test/contract/runner'] : TESTS
  const words = [jest, '--json', `--outputFile=${run.results}`, ...tests]
  const { status } = spawnSync(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, RECORD_EXCHANGES: run.exchanges },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return status === 0
}
