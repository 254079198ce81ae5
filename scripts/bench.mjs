// `npm run bench`: measures everything side by side, prints one line a figure, and writes docs/benchmarks.md.
// `npm run bench -- ledger`: one of them, and writes nothing; further words (`annex --memory`) are for it.
// `npm run bench -- --only graph,peers`: these, and their parts of the page; the others stay as an earlier run wrote them.
// `--short`: fewer and shorter rounds, and the page says so. Each is bench/<name>/run.mjs, a process of its own, which says
// what it found through bench/shared/report.mjs. On a quiet machine. All of them end within fifteen minutes (six with
// `--short`): one that takes the others' time is stopped, and one that fails does not lose what the others found.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPeers } from '../bench/peers/install.mjs'
import { machine } from '../bench/shared/machine.mjs'
import { MISSED } from '../bench/shared/report.mjs'
import { benchmarksPage } from '../bench/shared/page.mjs'
import { build, ROOT } from './build.mjs'

/** What the benches after one need at least. */
const LEFT_TO_OTHERS_MS = 120_000
/** Whether a bench ran to its end; it may have missed bars. */
const isWhole = (status) => status === 0 || status === MISSED

const PAGE = join(ROOT, 'docs', 'benchmarks.md')
const benches = readdirSync(join(ROOT, 'bench')).filter((name) => existsSync(scriptOf(name)))
const [first, ...words] = process.argv.slice(2)
const name = first?.startsWith('--') ? undefined : first
const { values } = parseArgs({
  args: name ? [] : process.argv.slice(2),
  options: { only: { type: 'string' }, short: { type: 'boolean', default: false } },
})
const wanted = values.only?.split(',') ?? benches

if ([...(name ? [name] : []), ...wanted].some((one) => !benches.includes(one))) {
  console.error(`npm run bench -- ${benches.join(' | ')}, or --only with some of them`)
  process.exit(2)
}
build()
console.log(machine())
if (name) process.exitCode = run(name, words)
else await runAll(wanted, values.short)

function scriptOf(bench) {
  return join(ROOT, 'bench', bench, 'run.mjs')
}

function run(bench, options) {
  console.log(`\n${bench}`)
  const { status } = spawnSync(process.execPath, [scriptOf(bench), ...options], {
    cwd: ROOT,
    stdio: 'inherit',
  })
  return status ?? 1
}

function noteIn(results, bench, note) {
  appendFileSync(results, `${JSON.stringify({ bench, note })}\n`)
}

/** With the servers that it has started, in a group of processes of their own: they are stopped together. */
async function runWithin(millis, bench, environment) {
  console.log(`\n${bench}`)
  const env = { ...process.env, ...environment }
  const child = spawn(process.execPath, [scriptOf(bench)], {
    cwd: ROOT,
    stdio: 'inherit',
    env,
    detached: true,
  })
  const stop = (signal) => () => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch (error) {
      if (error.code !== 'ESRCH') throw error
    }
  }
  const timer = setTimeout(stop('SIGTERM'), millis)
  process.once('SIGINT', stop('SIGINT'))
  const [status] = await once(child, 'exit')
  clearTimeout(timer)
  process.removeAllListeners('SIGINT')
  // One that broke may have left its servers.
  stop('SIGTERM')()
  return status ?? 1
}

async function runAll(names, short) {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-bench-results-'))
  const results = join(folder, 'results.jsonl')
  const environment = { BENCH_RESULTS: results, ...(short ? { BENCH_SHORT: '1' } : {}) }
  try {
    writeFileSync(results, '')
    // Before the clock: the registry is not what is measured.
    if (names.includes('graph') || names.includes('peers')) installPeers()
    const end = Date.now() + (short ? 6 : 15) * 60_000
    const statuses = []
    for (const [index, bench] of names.entries()) {
      const began = Date.now()
      const others = (names.length - index - 1) * (short ? LEFT_TO_OTHERS_MS / 2 : LEFT_TO_OTHERS_MS)
      const status = await runWithin(Math.max(end - began - others, 30_000), bench, environment)
      const seconds = Math.round((Date.now() - began) / 1000)
      console.log(`${bench}: ${seconds} s${isWhole(status) ? '' : ', FAILED'}`)
      const stopped = `This part failed or was stopped after ${seconds} s; what stands here was found before.`
      if (!isWhole(status)) noteIn(results, bench, stopped)
      statuses.push(status)
    }
    const entries = readFileSync(results, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    const ran = names.filter((bench) =>
      entries.some((entry) => entry.bench === bench && entry.name !== undefined),
    )
    const silent = names.filter((bench) => !ran.includes(bench))
    if (silent.length > 0)
      console.error(`no figures of ${silent.join(', ')}: on the page they stay as they were`)
    const day = new Date().toISOString().slice(0, 10)
    const how = `${day}, ${machine()}${short ? ', short rounds' : ''}`
    const earlier = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
    writeFileSync(PAGE, benchmarksPage({ how, benches, ran, entries, earlier }))
    process.exitCode = Math.max(...statuses, silent.length > 0 ? 1 : 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
