// What front ends build with, against the published schema. Exits non-zero when anything is refused.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('.', import.meta.url))

rmSync(join(HERE, 'generated'), { recursive: true, force: true })
mkdirSync(join(HERE, 'generated/relay'), { recursive: true })
run('the Relay compiler', process.execPath, 'node_modules/relay-compiler/cli.js', 'relay.config.json')
const artifacts = readdirSync(join(HERE, 'generated/relay')).filter((name) => name.endsWith('.graphql.ts'))
if (artifacts.length < 6) throw new Error(`Relay made ${artifacts.length} artifacts, at least 6 were due`)
console.log(
  `Relay: ${artifacts.length} artifacts, of queries, a refetchable connection, a mutation, a subscription`,
)
run("graphql-codegen's client preset", 'node_modules/.bin/graphql-codegen', '--config', 'codegen.yml')
run('TypeScript', 'node_modules/.bin/tsc', '-p', 'tsconfig.json')
console.log('client preset: typed documents compile, and a field that is not there does not')

function run(what, command, ...words) {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd: HERE, encoding: 'utf8' })
  if (status === 0) return
  console.error(`${what} refused the schema or the operations:\n${stdout}\n${stderr}`)
  process.exit(1)
}
