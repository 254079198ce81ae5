// `npm run check`: types, lint, layout, generated files and tests. Runs them all, and says at the end what failed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

const CHECKS = [
  ['types', () => npm('run', 'typecheck')],
  ['lint', () => npm('run', 'lint')],
  [
    'layout (npm run format mends it)',
    () => npm('exec', '--', 'prettier', '--check', '--log-level', 'warn', '.'),
  ],
  ['generated files (npm run schema, npm run codegen)', generatedFilesAreFresh],
]

const failed = CHECKS.filter(([name, check]) => !announced(name, check)).map(([name]) => String(name))
const tests = runTests()
for (const name of failed) console.log(`failed: ${name}`)
console.log(`${tests.passed + CHECKS.length - failed.length} passed, ${tests.failed + failed.length} failed`)
process.exitCode = tests.failed + failed.length > 0 || tests.passed === 0 ? 1 : 0

function announced(name, check) {
  console.log(`\n── ${name}`)
  return check()
}

function npm(...words) {
  return spawnSync('npm', ['--silent', ...words], { cwd: ROOT, stdio: 'inherit' }).status === 0
}

function generatedFilesAreFresh() {
  const before = hashOfGenerated()
  if (!npm('run', 'schema') || !npm('run', 'codegen')) return false
  const fresh = hashOfGenerated() === before
  if (!fresh) console.log('They were not: they have been made anew, commit them.')
  return fresh
}

function hashOfGenerated() {
  const hash = createHash('sha256')
  for (const folder of ['schema', 'test/generated']) {
    const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    for (const file of files.sort()) hash.update(file).update(readFileSync(file))
  }
  return hash.digest('hex')
}

/** `npm test`, counted. A file that could not run at all counts as a failed test. */
function runTests() {
  console.log('\n── tests')
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-check-'))
  const file = join(folder, 'results.json')
  try {
    const succeeded = npm('test', '--', '--json', `--outputFile=${file}`)
    if (!existsSync(file)) return { passed: 0, failed: 1 }
    const results = JSON.parse(readFileSync(file, 'utf8'))
    const failures = results.numFailedTests + results.numRuntimeErrorTestSuites
    return { passed: results.numPassedTests, failed: failures === 0 && !succeeded ? 1 : failures }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
