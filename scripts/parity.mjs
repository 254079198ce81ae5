// `npm run parity`: runs the tests of both doors with a recorder at the HTTP border and writes what they showed of the
// vendors' contracts to docs/parity.md. `-- --reuse` judges the last run again. Fails while a row in scope is open.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

/** Whole folders and files whose cases go through the doors. */
const TESTS = ['test/contract/', 'test/e2e/one-wallet', 'test/security/']

const load = createRequire(import.meta.url)
const folder = join(ROOT, 'coverage', 'parity')
const run = { exchanges: join(folder, 'exchanges'), results: join(folder, 'results.json') }

const passed = process.argv.includes('--reuse') || runTests()
if (!existsSync(run.results)) throw new Error('The tests did not run.')
load('./typescript.cjs')
const { summary, green } = load('../test/parity/write-parity.ts').writeParity(run)
for (const line of summary) console.log(line)
if (!green) console.log('Something in scope is open: docs/parity.md names it.')
process.exitCode = passed && green ? 0 : 1

function runTests() {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(run.exchanges, { recursive: true })
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js')
  const words = [jest, '--json', `--outputFile=${run.results}`, ...TESTS]
  const { status } = spawnSync(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, RECORD_EXCHANGES: run.exchanges },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return status === 0
}
