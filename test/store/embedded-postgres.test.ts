import { type ChildProcess, spawn } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'
import { binarySources, postgresBinaries } from '../../src/persistence/embedded/binaries'
import { runningPostmaster } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'

const IS_ROOT = process.getuid?.() === 0
const NOBODY = 65534

interface Said {
  readonly connection?: ClientConfig
  readonly created?: boolean
  readonly refused?: string
  readonly lastAnswer?: number
}

/** The launcher in a process of its own, in a process group of its own, as a shell would run it. */
class Launcher {
  private readonly lines: AsyncIterator<string>
  readonly process: ChildProcess

  constructor(dataDir: string, purpose = 'server', identity: { uid?: number; gid?: number } = {}) {
    this.process = spawn(
      process.execPath,
      [join(__dirname, '../support/embedded-child.cjs'), dataDir, purpose],
      {
        ...identity,
        detached: true,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    this.lines = createInterface(this.process.stdout!)[Symbol.asyncIterator]()
  }

  async says(): Promise<Said> {
    const { value } = (await this.lines.next()) as { value: string }
    return JSON.parse(value) as Said
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    const exit = once(this.process, 'exit')
    // The whole group, as a terminal does with Ctrl-C.
    process.kill(-this.process.pid!, signal)
    await exit
  }
}

async function ask(connection: ClientConfig, sql: string): Promise<unknown> {
  const client = new Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<{ v: unknown }>(sql)
    return rows[0]?.v
  } finally {
    await client.end()
  }
}

describe('the embedded PostgreSQL', () => {
  let folder: string
  let launchers: Launcher[]
  let databases: EmbeddedPostgres[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loyalty-embedded-'))
    launchers = []
    databases = []
  })
  afterEach(async () => {
    for (const launcher of launchers) await launcher.end('SIGTERM')
    for (const database of databases) await database.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = async (
    dataDir = folder,
    purpose: 'server' | 'tool' = 'server',
  ): Promise<EmbeddedPostgres> => {
    const database = await startEmbeddedPostgres({ dataDir, purpose, log: silentLog })
    databases.push(database)
    return database
  }
  const launch = (...options: ConstructorParameters<typeof Launcher>): Launcher => {
    const launcher = new Launcher(...options)
    launchers.push(launcher)
    return launcher
  }
  const postmaster = (dataDir = folder) => runningPostmaster(join(dataDir, 'postgres'))

  it('is a real, durable, current PostgreSQL, on a socket and on no port', async () => {
    const { connection, created } = await start()
    const settings = await ask(
      connection,
      `select json_object_agg(name, setting) as v from pg_settings where name in
        ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'log_parameter_max_length')`,
    )
    expect(settings).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '',
      log_parameter_max_length: '0',
    })
    expect(await ask(connection, `select lower('É') as v`)).toBe('é')
    expect(created).toBe(true)
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
  })

  it('keeps its data from one start to the next, and leaves no process behind', async () => {
    const first = await start()
    await ask(first.connection, 'create table kept as select 7 as v')
    await first.stop()
    expect(postmaster()).toBeNull()
    const second = await start()
    expect([second.created, await ask(second.connection, 'select v from kept')]).toEqual([false, 7])
  })

  it('runs in a folder whose path is too long for a socket', async () => {
    const long = join(folder, 'x'.repeat(120))
    const { connection, stop } = await start(long)
    expect(await ask(connection, 'select 1 as v')).toBe(1)
    const host = connection.host
    expect(statSync(host).mode & 0o777).toBe(0o700)
    await stop()
    expect(existsSync(host)).toBe(false)
  })

  it('joins a PostgreSQL that was left behind by SIGKILL', async () => {
    const killed = launch(folder)
    const { connection } = await killed.says()
    await ask(connection!, 'create table kept as select 7 as v')
    await killed.end('SIGKILL')
    const orphan = postmaster()
    expect(orphan).not.toBeNull()
    const next = await start()
    expect(postmaster()).toEqual(orphan)
    expect(await ask(next.connection, 'select v from kept')).toBe(7)
    await next.stop()
    expect(postmaster()).toBeNull()
  })

  it('starts although the pid of a crashed PostgreSQL now belongs to another program', async () => {
    await (await start()).stop()
    const dataPath = join(folder, 'postgres')
    const { uid, gid } = statSync(dataPath)
    const other = spawn('sleep', ['60'], { uid, gid, cwd: '/' })
    try {
      writeFileSync(join(dataPath, 'postmaster.pid'), `${other.pid}\n${dataPath}\n1\n5432\n${dataPath}\n\n`, {
        mode: 0o600,
      })
      writeFileSync(join(dataPath, '.s.PGSQL.5432.lock'), `${other.pid}\n${dataPath}\n1\n5432\n`, {
        mode: 0o600,
      })
      expect(await ask((await start()).connection, 'select 1 as v')).toBe(1)
    } finally {
      other.kill()
    }
  })

  it('refuses a second server on the folder, naming the first', async () => {
    const first = launch(folder)
    await first.says()
    await expect(start()).rejects.toThrow(`in use by another server (process ${first.process.pid})`)
    await first.end('SIGTERM')
    expect(await ask((await start()).connection, 'select 1 as v')).toBe(1)
  })

  it('makes one database when two servers make it at once', async () => {
    const both = [launch(folder), launch(folder)]
    const said = await Promise.all(both.map((launcher) => launcher.says()))
    expect(said.filter(({ created }) => created !== undefined)).toHaveLength(1)
    expect(said.filter(({ refused }) => refused?.includes('in use by another server'))).toHaveLength(1)
    expect(readdirSync(folder).sort()).toEqual(['postgres', 'postgres.log'])
  })

  it('lets a tool work beside the server, and goes when the last of them goes', async () => {
    const server = launch(folder)
    await server.says()
    const tool = await start(folder, 'tool')
    await server.end('SIGTERM')
    expect(await ask(tool.connection, 'select 1 as v')).toBe(1)
    await tool.stop()
    expect(postmaster()).toBeNull()
  })

  it('does not hear Ctrl-C: what runs is finished first', async () => {
    const launcher = launch(folder)
    await launcher.says()
    await launcher.end('SIGINT')
    expect(await launcher.says()).toEqual({ lastAnswer: 42 })
    expect(postmaster()).toBeNull()
  })

  it('brings PostgreSQL back when it is killed', async () => {
    const { connection } = await start()
    await ask(connection, 'create table kept as select 7 as v')
    const { pid } = postmaster()!
    process.kill(pid, 'SIGKILL')
    const answer = async (): Promise<unknown> => {
      for (let tries = 0; tries < 100; tries++) {
        const kept = await ask(connection, 'select v from kept').catch(() => null)
        if (kept !== null) return kept
        await sleep(100)
      }
      return 'nothing for ten seconds'
    }
    expect(await answer()).toBe(7)
    expect(postmaster()?.pid).not.toBe(pid)
    // The second server of the folder is still refused: our place was taken again.
    const second = launch(folder)
    expect((await second.says()).refused).toContain(`process ${process.pid}`)
  })

  describe('its programs', () => {
    const user = IS_ROOT ? { uid: NOBODY, gid: NOBODY } : {}
    const { packaged } = binarySources(user, '/nowhere')

    /** The package as npm leaves it when install scripts are blocked. */
    const withoutLinks = (): string => {
      chmodSync(folder, 0o755)
      const native = join(folder, 'package/native')
      mkdirSync(dirname(native), { recursive: true })
      cpSync(packaged, native, { recursive: true, filter: (file) => !lstatSync(file).isSymbolicLink() })
      cpSync(join(packaged, '../package.json'), join(native, '../package.json'))
      return native
    }

    it('get the library links that a blocked install script did not make', () => {
      const native = withoutLinks()
      expect(postgresBinaries(user, { packaged: native, copyPlaces: [] }).folder).toBe(native)
      expect(lstatSync(join(native, 'lib/libicuuc.so.60')).isSymbolicLink()).toBe(true)
    })

    it('run from a copy where they cannot run in place, and from the same copy the next time', () => {
      const native = withoutLinks()
      const [closed, place] = IS_ROOT
        ? [join(native, '..'), join(folder, 'copy')]
        : [join(native, 'lib'), folder]
      chmodSync(closed, IS_ROOT ? 0o700 : 0o500)
      const sources = { packaged: native, copyPlaces: [place] }
      try {
        const copy = postgresBinaries(user, sources).folder
        expect(copy.startsWith(place) && copy !== native).toBe(true)
        const made = statSync(copy).mtimeMs
        expect(postgresBinaries(user, sources).folder).toBe(copy)
        expect(statSync(copy).mtimeMs).toBe(made)
      } finally {
        chmodSync(closed, 0o755)
      }
    })

    it('that do not run at all are answered with what to do instead', () => {
      const native = join(folder, 'native')
      mkdirSync(join(native, 'bin'), { recursive: true })
      writeFileSync(join(native, 'bin/postgres'), '#!/lib/ld-musl-x86_64.so.1\n', { mode: 0o755 })
      expect(() => postgresBinaries({}, { packaged: native, copyPlaces: [] })).toThrow(
        /Alpine.*Set DATABASE_URL/,
      )
    })
  })

  const asRoot = IS_ROOT ? it : it.skip

  asRoot(
    'runs as nobody under root, with its data where they belong in a home that is closed to others',
    async () => {
      const home = join(folder, 'home')
      mkdirSync(home, { mode: 0o700 })
      const { connection } = await start(join(home, 'checkout/.data'))
      expect(await ask(connection, 'select 1 as v')).toBe(1)
      expect(statSync(join(home, 'checkout/.data/postgres')).uid).toBe(NOBODY)
      const { pid } = postmaster(join(home, 'checkout/.data'))!
      expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(new RegExp(`Uid:\\s+${NOBODY}`))
    },
  )

  // Root may be anyone; the tests of an ordinary user's run are all the others, run by an ordinary user.
  const othersCanRead = IS_ROOT && isOpenToOthers(__dirname)
  const asOther = othersCanRead ? it : it.skip

  asOther('runs for an ordinary user, and tells another one whose data they are', async () => {
    // Two users that every system has; the embedded PostgreSQL needs a user with a name.
    const [owner, other] = [1, 2]
    chmodSync(folder, 0o777)
    const first = launch(join(folder, 'data'), 'server', { uid: owner, gid: owner })
    expect(await first.says()).toMatchObject({ created: true })
    await first.end('SIGTERM')
    chmodSync(join(folder, 'data'), 0o777)
    const { refused } = await launch(join(folder, 'data'), 'server', { uid: other, gid: other }).says()
    expect(refused).toContain(`belongs to user ${owner}`)
    const nameless = await launch(join(folder, 'new'), 'server', { uid: 54_321, gid: 54_321 }).says()
    expect(nameless.refused).toContain('Give the user a line in /etc/passwd')
    // Root may go on with a user's data, as that user.
    expect((await start(join(folder, 'data'))).created).toBe(false)
  })
})

function isOpenToOthers(path: string): boolean {
  accessSync(path)
  const open = (statSync(path).mode & 0o005) === 0o005
  return open && (dirname(path) === path || isOpenToOthers(dirname(path)))
}
