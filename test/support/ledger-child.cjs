// A process that awards points as fast as it can until it is killed: node ledger-child.cjs CONNECTION WALLETS PREFIX
// Each key is said before it is sent, and again once it is acknowledged; both are written before anything else happens.
const { readFileSync, writeSync } = require('node:fs')
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

const { Pool } = require('pg')
const { PostgresPointsLedger } = require(
  path.join(__dirname, '../../src/persistence/points/postgres-points-ledger.ts'),
)
const { anAward, aKey } = require(path.join(__dirname, 'ledger-world.ts'))

const [, , connection, wallets, prefix] = process.argv
const pool = new Pool({ ...JSON.parse(connection), max: 8 })
const ledger = new PostgresPointsLedger({
  sql: { rows: async ({ name, text }, values) => (await pool.query({ name, text, values })).rows },
})
const say = (fact) => writeSync(1, `${JSON.stringify(fact)}\n`)

const work = async (worker) => {
  const all = JSON.parse(wallets)
  for (let n = 0; ; n++) {
    const key = `${prefix}-${worker}-${n}`
    const account = all[(worker + n) % all.length]
    say({ sent: key, account })
    const { seq } = await ledger.award(
      anAward(account, '1', { idempotency: aKey(key), source: { type: 'child', ref: key } }),
    )
    say({ acknowledged: key, seq })
  }
}
void Promise.all(Array.from({ length: 8 }, (_, worker) => work(worker)))
