// `npm run fuzz -- --count 100000 [--seed 42] [--hang 2000]`: that many random bad requests, in process, to every door. It stops at the
// first that is answered wrongly, and prints the smallest request that shows it and the seed that finds it again.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './build.mjs'

const { values } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string' }, hang: { type: 'string', default: '2000' } },
})
const count = Number(values.count ?? 10_000)
const seed = Number(values.seed ?? Date.now() % 1_000_000_000)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed))
  throw new Error('--count and --seed are whole numbers')

const folder = mkdtempSync(join(tmpdir(), 'loyalty-fuzz-'))
const report = join(folder, 'report.json')
console.log(`seed ${seed}`)
const started = Date.now()
// Two doors and the graph have a share each, the admin door a fifth of one.
const environment = {
  FUZZ_COUNT: String(Math.ceil(count / 3.2)),
  FUZZ_SEED: String(seed),
  FUZZ_REPORT: report,
  FUZZ_HANG: values.hang,
}
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/jest/bin/jest.js'), '-i', 'test/fuzz'],
  {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  },
)
const seconds = (Date.now() - started) / 1000
if (existsSync(report)) {
  const { requests, refused, accepted, slowestMillis, byStatus } = JSON.parse(readFileSync(report, 'utf8'))
  console.log(
    `${requests} requests in ${Math.round(seconds)} s (seed ${seed}): ${refused} refused, ${accepted} accepted all the same; ` +
      `the slowest took ${Math.round(slowestMillis)} ms; by status: ${JSON.stringify(byStatus)}`,
  )
}
rmSync(folder, { recursive: true })
process.exitCode = status ?? 1
