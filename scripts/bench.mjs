// `npm run bench`: measures everything side by side, prints one line a figure, and writes docs/benchmarks.md.
// `npm run bench -- ledger`: one of them, and writes nothing; further words (`annex --memory`) are for it. Each is
// bench/<name>/run.mjs, a process of its own, which says what it found through bench/shared/report.mjs. On a quiet machine.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { machine } from '../bench/shared/machine.mjs'
import { benchmarksPage } from '../bench/shared/page.mjs'
import { build, ROOT } from './build.mjs'

const PAGE = join(ROOT, 'docs', 'benchmarks.md')
const benches = readdirSync(join(ROOT, 'bench')).filter((name) => existsSync(scriptOf(name)))
const [name, ...words] = process.argv.slice(2)

if (name && !benches.includes(name)) {
  console.error(`npm run bench -- ${benches.join(' | ')}`)
  process.exit(2)
}
build()
console.log(machine())
if (name) process.exitCode = run(name, words)
else runAll()

function scriptOf(bench) {
  return join(ROOT, 'bench', bench, 'run.mjs')
}

function run(bench, options = [], environment = {}) {
  console.log(`\n${bench}`)
  const { status } = spawnSync(process.execPath, [scriptOf(bench), ...options], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  return status ?? 1
}

function runAll() {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-bench-results-'))
  const results = join(folder, 'results.jsonl')
  try {
    writeFileSync(results, '')
    const statuses = benches.map((bench) => run(bench, [], { BENCH_RESULTS: results }))
    const entries = readFileSync(results, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    const silent = benches.filter((bench) => !entries.some((entry) => entry.bench === bench))
    if (silent.length > 0) throw new Error(`no figures of ${silent.join(', ')}: ${PAGE} stays as it was`)
    writeFileSync(PAGE, benchmarksPage({ machine: machine(), benches, entries }))
    process.exitCode = Math.max(...statuses)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
