// Runs the embedded launcher in a process of its own, so that tests can kill it: node embedded-child.cjs DIR [PURPOSE]
// Prints one line of JSON when the database is there, or when it refuses; SIGINT and SIGTERM stop it.
const { readFileSync } = require('node:fs')
const path = require('node:path')
const { transformSync } = require('@swc/core')

require.extensions['.ts'] = (module, file) => {
  const options = {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  }
  // oxlint-disable-next-line no-underscore-dangle -- the name that Node's module loader has for it
  module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file)
}

const { startEmbeddedPostgres } = require(
  path.join(__dirname, '../../src/persistence/embedded/start-embedded-postgres.ts'),
)
const { Client } = require('pg')

const say = (fact) => process.stdout.write(`${JSON.stringify(fact)}\n`)
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const [, , dataDir, purpose = 'server'] = process.argv

startEmbeddedPostgres({ dataDir, purpose, log }).then(
  ({ connection, created, stop }) => {
    const end = async () => {
      // What a server does while it stops: its last requests still need the database.
      const client = new Client(connection)
      await client.connect()
      const { rows } = await client.query('select pg_sleep(0.2), 42 as answer')
      await client.end()
      await stop()
      say({ lastAnswer: rows[0].answer })
      process.exit(0)
    }
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end())
    say({ connection, created })
    setInterval(() => undefined, 1000)
  },
  (error) => {
    say({ refused: error.message })
    process.exit(1)
  },
)
