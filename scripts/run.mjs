// Builds when needed, reads .env, and runs a compiled program in this very process, so that signals reach it.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { build, ROOT } from './build.mjs'

/** `name` is a compiled module: `src/main.js`. */
export function run(name) {
  try {
    build()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
  const settings = join(process.cwd(), '.env')
  if (existsSync(settings)) process.loadEnvFile(settings)
  createRequire(import.meta.url)(join(ROOT, 'dist', name))
}
