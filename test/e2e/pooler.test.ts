import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { type App, assemble } from '../../src/app'
import { loadConfig } from '../../src/config/config'
import { openDatabase } from '../../src/persistence/open-database'
import { verifyLedger } from '../../src/persistence/points/verify-ledger'
import { createLog } from '../../src/server/log'
import { type TestDatabase, testDatabase } from '../support/database'
import { applyEnduranceSetup, ENDURANCE_ADMIN_KEY } from '../support/endurance-world'
import { GRAPH_KEY, traffic } from '../support/endurance-traffic'
import { fire, type Hit } from '../support/load'
import { pgBouncerVersion, type Pooler, startPgBouncer } from '../support/pgbouncer'
import { temporaryFolder } from '../support/server-process'

// The tests' own database, which is on a socket of this machine.
const version = process.env['TEST_DATABASE_URL'] ? null : pgBouncerVersion()
const behindPooler = version === null ? describe.skip : describe
const reason = version ?? 'skipped: PgBouncer is not installed, or the tests have another database'

behindPooler(`a server behind PgBouncer in transaction mode (${reason})`, () => {
  const folder = temporaryFolder()
  const role = `pooled_${randomBytes(4).toString('hex')}`
  const logged: string[] = []
  let database: TestDatabase
  let pooler: Pooler
  let directUrl: string
  let app: App | null = null

  // `createApp`, but for the tests' database, which forces nothing to the disk.
  const start = async () => {
    const config = loadConfig({
      NODE_ENV: 'test',
      DATABASE_URL: pooler.url,
      DATABASE_DIRECT_URL: directUrl,
      ADMIN_API_KEY: ENDURANCE_ADMIN_KEY,
      ENCRYPTION_KEY: '0'.repeat(64),
    })
    const log = createLog(
      { level: 'warn', pretty: false },
      { write: (line: string) => void logged.push(line) },
    )
    const opened = await openDatabase({
      place: config.database,
      purpose: 'server',
      poolSize: null,
      log,
      durable: false,
    })
    return assemble(config, log, opened)
  }

  const place = () => {
    if ('host' in database.target) return database.target
    throw new Error('the tests have a database on a socket')
  }
  const startPooler = () => startPgBouncer(join(folder.path, 'pooler'), { ...place(), user: role })

  beforeAll(async () => {
    database = await testDatabase()
    const { dataSource } = database
    const { host, database: name, user } = place()
    directUrl = `postgres://${user}@/${name}?host=${encodeURIComponent(host)}`
    await dataSource.query(`create role ${role} login in role loyalty_app`)
    await dataSource.query(`alter role ${role} set timezone = 'Europe/Paris'`)
    pooler = await startPooler()
  })
  afterAll(async () => {
    await app?.close()
    await pooler.stop()
    await database.dataSource.query(`drop role ${role}`)
    await database.close()
    folder.remove()
  })

  it('refuses to start while sessions have not the settings that it cannot give them, and says how', async () => {
    const lines = [
      `alter role "${role}" set timezone = 'UTC'`,
      `alter role "${role}" set lock_timeout = '1s'`,
    ]
    const refusal = await start().then(String, (error: Error) => error)
    expect(refusal).toMatchObject({ name: 'SessionNotSet' })
    const { message } = refusal as Error
    for (const line of lines) expect(message).toContain(line)
    // What it says is what helps.
    for (const [line] of message.matchAll(/alter role.*;/g)) await database.dataSource.query(line)
  })

  it('serves every door to more at once than there are connections, and subscriptions hear of it', async () => {
    // It gives the time zone that it saw first to every connection.
    await pooler.stop()
    pooler = await startPooler()
    app = await start()
    const url = await app.server.listen({ port: 0, host: '127.0.0.1' })
    await applyEnduranceSetup({ url })
    const headers = { authorization: `Bearer ${GRAPH_KEY}`, 'content-type': 'application/json' }
    const ask = async (path: string, query: string, more: object = {}) =>
      fetch(url + path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify({ query }) })
    const asked = await ask(
      '/graphql',
      '{ member(identity: {door: "annex", type: "id", value: "m0@example.com"}) { id } }',
    )
    const { data } = (await asked.json()) as { data: { member: { id: string } } }
    const stream = await ask(
      '/graphql/stream',
      `subscription { pointsActivityAdded(memberId: "${data.member.id}") { kind points } }`,
      { accept: 'text/event-stream' },
    )
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()

    const hits: Hit[] = []
    await fire({
      url,
      clients: 12,
      shots: traffic('pooled'),
      until: () => hits.length >= 300,
      hit: (hit) => hits.push(hit),
    })
    expect(hits.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body])).toEqual([])
    let heard = ''
    while (!heard.includes('"kind":"AWARD"')) heard += (await reader.read()).value ?? ''
    await reader.cancel()
    const used = await database.dataSource.query<{ n: string }[]>(
      'select count(*) as n from pg_stat_activity where usename = $1',
      [role],
    )
    expect(Number(used[0]!.n)).toBeLessThanOrEqual(2)
    const laws = await verifyLedger(database.dataSource)
    expect(laws.filter(({ violations }) => violations > 0)).toEqual([])
    expect(logged).toEqual([])
  }, 60_000)
})
