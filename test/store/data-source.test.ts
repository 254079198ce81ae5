import { setTimeout as sleep } from 'node:timers/promises'
import type { DataSource } from 'typeorm'
import { createDataSource } from '../../src/persistence/data-source'
import { assertDurability, DatabaseNotDurable } from '../../src/persistence/durability'
import { type Log, silentLog } from '../../src/persistence/log'
import { assertSchemaCurrent, migrate, schemaState } from '../../src/persistence/schema-state'
import { onClient, pooled, poolOf } from '../../src/persistence/sql'
import { createTestDatabase, dropTestDatabase, type TestDatabase, testDatabase } from '../support/database'

const VALUES_OF_ALL_KINDS = `
  select $1::text[] as list, $2::jsonb as json, $3::bigint as big, $4::bytea as bytes, $5::text as nothing, true as yes,
         0.10::numeric as decimal, timestamptz '2026-11-21 08:30:00.123456+05:30' as at, date '2026-11-21' as day, n as number
    from generate_series(1, 2) n`

describe('the data source', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())

  const one = async (sql: string): Promise<unknown> => {
    const [row] = await database.dataSource.query<{ v: unknown }[]>(sql)
    return row?.v
  }

  it('gives instants as text, with their microseconds, in UTC', async () => {
    const instants = {
      '2026-11-21 08:30:00.123456+05:30': '2026-11-21T03:00:00.123456Z',
      '2026-11-21 03:00:00.1+00': '2026-11-21T03:00:00.100000Z',
      '2026-11-21 03:00:00+00': '2026-11-21T03:00:00.000000Z',
      infinity: 'infinity',
    }
    for (const [written, read] of Object.entries(instants)) {
      expect(await one(`select timestamptz '${written}' as v`)).toBe(read)
    }
    // Statements that make JSON themselves write instants the same way.
    const [row] = await database.dataSource.query<{ read: string; made: string }[]>(
      `select v as read, to_char(v, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as made
        from (values (timestamptz '2026-01-01 00:00:00.01Z')) as t (v)`,
    )
    expect(row?.read).toBe(row?.made)
  })

  it('gives numbers that JavaScript would round, and dates, as text', async () => {
    expect(await one(`select 9007199254740993::bigint as v`)).toBe('9007199254740993')
    expect(await one(`select 0.1::numeric + 0.2 as v`)).toBe('0.3')
    expect(await one(`select date '2026-11-21' as v`)).toBe('2026-11-21')
  })

  it('gives up in time instead of hanging', async () => {
    const settings = await database.dataSource.query<{ name: string; setting: string }[]>(
      `select name, setting from pg_settings where name in
        ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'TimeZone', 'jit') order by name`,
    )
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      TimeZone: 'UTC',
      idle_in_transaction_session_timeout: '5000',
      jit: 'off',
      lock_timeout: '1000',
      statement_timeout: '4000',
    })
  })

  it('survives the loss of its connections, resting or in use', async () => {
    const warnings: string[] = []
    const log: Log = { ...silentLog, warn: (_facts, message) => void warnings.push(message) }
    const dataSource = createDataSource(database.target, { log, applicationName: 'to be cut', poolSize: 3 })
    await dataSource.initialize()
    const pool = poolOf(dataSource)
    const inUse = await pool.connect()
    const resting = await pool.connect()
    resting.release()
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be cut'`,
    )
    await sleep(100)
    inUse.release(true)
    expect(await dataSource.query('select 1 as v')).toEqual([{ v: 1 }])
    expect(warnings).toContain('a database connection was lost')
    await dataSource.destroy()
  })

  it('reads the rows of a named statement as the driver does, each time', async () => {
    const [sql, text] = [pooled(database.dataSource).sql, VALUES_OF_ALL_KINDS]
    const values = [['a', null], { deep: [1, 'ü'] }, '9007199254740993', Buffer.from([0, 255]), null]
    const { rows } = await poolOf(database.dataSource).query<object>(text, values)
    expect(rows).toHaveLength(2)
    for (let time = 0; time < 3; time++)
      expect(await sql.rows({ name: 'all_kinds', text }, values)).toEqual(rows)
  })

  it('asks what the rows of a named statement look like only once', async () => {
    const client = await poolOf(database.dataSource).connect()
    try {
      const { connection } = client as unknown as { connection: { describe(): void } }
      const described = jest.spyOn(connection, 'describe')
      const { sql } = onClient(client, database.dataSource.manager)
      for (const [name, text] of [
        ['rows', 'select 1 as v'],
        ['no_rows', 'select 1 where false'],
        ['nothing', 'do $$ begin end $$'],
      ] as const)
        for (let time = 0; time < 3; time++) await sql.rows({ name, text }, [])
      expect(described).toHaveBeenCalledTimes(3)
      described.mockRestore()
    } finally {
      client.release()
    }
  })

  it('goes on after a named statement that failed: before its rows, between them, and by its values', async () => {
    const client = await poolOf(database.dataSource).connect()
    try {
      const { sql } = onClient(client, database.dataSource.manager)
      const inverse = {
        name: 'inverse',
        text: 'select 6 / (n - $1::integer) as v from generate_series(1, 3) n',
      }
      for (const wrong of [3, 1, 'x'])
        await expect(sql.rows(inverse, [wrong])).rejects.toMatchObject({ code: expect.any(String) as string })
      const round: { self?: unknown } = {}
      round.self = round
      await expect(sql.rows(inverse, [round])).rejects.toThrow('circular')
      expect(await sql.rows(inverse, [0])).toEqual([{ v: 6 }, { v: 3 }, { v: 2 }])
      await expect(sql.rows({ ...inverse, text: 'select 1' }, [])).rejects.toThrow('another statement')
      expect(await sql.rows(inverse, [4])).toEqual([{ v: -2 }, { v: -3 }, { v: -6 }])
    } finally {
      client.release()
    }
  })

  it('is refused when it forgets what it confirmed, and only then', async () => {
    const problem = await assertDurability(database.dataSource).catch((error: unknown) => error)
    // The throw-away server of these tests forgets; one of TEST_DATABASE_URL may not.
    expect(problem instanceof DatabaseNotDurable).toBe(
      (await one(`select current_setting('fsync') as v`)) === 'off',
    )
  })
})

describe('the state of the schema', () => {
  let name: string
  let sources: DataSource[]

  beforeEach(async () => {
    const empty = await createTestDatabase('template1')
    name = empty.name
    sources = [0, 1].map(() =>
      createDataSource(empty.target, { log: silentLog, applicationName: 'test', poolSize: 3 }),
    )
    for (const source of sources) await source.initialize()
  })
  afterEach(async () => {
    for (const source of sources) await source.destroy()
    await dropTestDatabase(name)
  })

  const [first, second] = [(): DataSource => sources[0]!, (): DataSource => sources[1]!]

  it('is behind in a new database, in words that name the command that helps', async () => {
    const state = await schemaState(first())
    expect(state).toMatchObject({
      kind: 'behind',
      pending: first().migrations.map((one) => one.constructor.name),
    })
    await expect(assertSchemaCurrent(first())).rejects.toThrow('Run: npm run migrate')
  })

  it('is current after two migrators at once, each migration once', async () => {
    const ran = await Promise.all([first(), second()].map((source) => migrate(source, { log: silentLog })))
    expect(new Set(ran.map((names) => names.length))).toEqual(new Set([0, first().migrations.length]))
    expect(await schemaState(second())).toEqual({ kind: 'current' })
    // Nothing of the migrator's session stays behind in the pool.
    const locks = await first().query<unknown[]>(
      `select 1 from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and d.datname = current_database()`,
    )
    expect(locks).toEqual([])
    const [{ statement_timeout: timeout } = {}] =
      await first().query<{ statement_timeout: string }[]>('show statement_timeout')
    expect(timeout).toBe('4s')
  })

  it('is ahead when a newer version was here, and then nothing is migrated', async () => {
    await migrate(first(), { log: silentLog })
    await first().query(`insert into migrations (timestamp, name) values (9, 'FromTheFuture9')`)
    expect(await schemaState(first())).toEqual({ kind: 'ahead', unknown: ['FromTheFuture9'] })
    await expect(migrate(first(), { log: silentLog })).rejects.toThrow('newer than this version')
  })

  it('stays as it was when a migration fails', async () => {
    const last = first().migrations.at(-1)!
    last.up = async (runner) => {
      await runner.query('create table half_done (a int)')
      throw new Error('no further')
    }
    await expect(migrate(first(), { log: silentLog })).rejects.toThrow('no further')
    expect(await schemaState(second())).toMatchObject({ kind: 'behind', pending: [last.constructor.name] })
    expect(await first().query(`select to_regclass('half_done') as v`)).toEqual([{ v: null }])
  })
})
