// `npm run bench -- ledger`: measures side by side, in one run, and prints ratios. Builds when needed.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, ROOT } from './build.mjs'

const benches = readdirSync(join(ROOT, 'bench')).filter((name) =>
  existsSync(join(ROOT, 'bench', name, 'run.mjs')),
)
const [name] = process.argv.slice(2)
if (!name || !benches.includes(name)) {
  console.error(`npm run bench -- ${benches.join(' | ')}`)
  process.exit(2)
}
build()
await import(pathToFileURL(join(ROOT, 'bench', name, 'run.mjs')))
