// `npm run conformance`: independent suites against this project, each in a folder of its own with its own packages.
// Everything runs; the exit code says whether anything failed.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, ROOT } from './build.mjs'

const SUITES = [
  ['federation', 'suite.mjs'],
  ['federation', 'forms.mjs'],
  ['graphql-http', 'audit.mjs'],
  ['clients', 'check.mjs'],
]

build()
const failed = SUITES.filter(([folder, script]) => !run(folder, script))
for (const words of failed) console.log(`failed: ${words.join('/')}`)
process.exitCode = failed.length > 0 ? 1 : 0

function run(folder, script) {
  console.log(`\n── conformance/${folder}/${script}`)
  const path = join(ROOT, 'conformance', folder)
  // The suite's own runner would download programs when it is installed; only its tests are needed.
  const installed =
    existsSync(join(path, 'node_modules')) || npm(path, 'ci', '--ignore-scripts', '--loglevel=error')
  return (
    installed &&
    spawnSync(process.execPath, [join(path, script)], { cwd: path, stdio: 'inherit' }).status === 0
  )
}

function npm(cwd, ...words) {
  return spawnSync('npm', words, { cwd, stdio: 'inherit' }).status === 0
}
