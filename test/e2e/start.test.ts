import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runningPostmaster } from '../../src/persistence/embedded/postmaster'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/persistence/embedded/start-embedded-postgres'
import { silentLog } from '../../src/persistence/log'
import { runLoyalty, type ServerProcess, startServer, temporaryFolder } from '../support/server-process'

const STAMP = join(__dirname, '../../dist/.stamp')

describe('the server process', () => {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const running: ServerProcess[] = []

  const start = async (environment: Record<string, string> = {}, data = dataDir): Promise<ServerProcess> => {
    const server = await startServer(data, { SETUP_FILE: 'none', ...environment })
    running.push(server)
    return server
  }
  const refused = async (environment: Record<string, string>, data = dataDir): Promise<string> => {
    const error = await start(environment, data).then(
      () => new Error('it started'),
      (reason: unknown) => reason,
    )
    return error instanceof Error ? error.message : String(error)
  }

  afterAll(async () => {
    for (const server of running) server.kill('SIGTERM')
    await Promise.all(running.map(({ exited }) => exited))
    folder.remove()
  })

  it('says where each door is and how it opens, and stops cleanly, taking its database along', async () => {
    const server = await start()
    const signs = server
      .output()
      .split('\n')
      .filter((line) => /^(GraphQL|Annex|Capillary|Admin) /.test(line))
    expect(signs).toHaveLength(4)
    expect(signs.join('\n')).toContain('demo-admin-key')
    expect(runningPostmaster(join(dataDir, 'postgres'))).not.toBeNull()
    server.kill('SIGTERM')
    server.kill('SIGTERM')
    expect(await server.exited).toBe(0)
    expect(server.output()).not.toContain('"level":"error"')
    expect(runningPostmaster(join(dataDir, 'postgres'))).toBeNull()
  })

  it('does not build again what is built', async () => {
    const built = statSync(STAMP).mtimeMs
    const server = await start()
    expect(statSync(STAMP).mtimeMs).toBe(built)
    expect(server.output()).not.toContain('Building')
    server.kill('SIGINT')
    expect(await server.exited).toBe(0)
  })

  it('refuses a data folder or a port that another server has, in a sentence', async () => {
    const server = await start()
    expect(await refused({})).toContain(`in use by another server (process ${server.pid})`)
    const taken = { PORT: new URL(server.url).port }
    expect(await refused(taken, join(folder.path, 'other'))).toContain(`Port ${taken.PORT} is in use`)
    expect(runningPostmaster(join(folder.path, 'other/postgres'))).toBeNull()
    server.kill('SIGTERM')
    await server.exited
  })

  it('says in a sentence what it cannot use: the setup file, the address, the data folder', async () => {
    const data = join(folder.path, 'new')
    const file = join(folder.path, 'setup.yaml')
    const absent = await refused({ SETUP_FILE: file }, data)
    expect(absent).toContain(`SETUP_FILE ${file}:\nENOENT`)
    writeFileSync(file, 'version: 2')
    const wrong = await refused({ SETUP_FILE: file }, data)
    expect(wrong).toContain(`SETUP_FILE ${file}:\nversion: must be`)
    const nowhere = await refused({ HOST: 'nowhere.invalid' }, data)
    expect(nowhere).toContain('Cannot listen on nowhere.invalid')
    const noFolder = await refused({}, file)
    expect(noFolder).toContain(`The data folder ${file} is no folder. Name another with DATA_DIR.`)
    for (const message of [absent, wrong, nowhere, noFolder]) expect(message).not.toContain('"stack"')
  }, 40_000)

  it('reports everything that is wrong with its configuration, and starts nothing', async () => {
    const message = await refused({ ROLE: 'boss', LOG_LEVEL: 'loud' }, join(folder.path, 'never'))
    expect(message).toContain('ROLE must be one of')
    expect(message).toContain('LOG_LEVEL must be one of')
  })

  describe('with a database of its own', () => {
    let url: string
    let external: EmbeddedPostgres

    const startExternal = async (): Promise<void> => {
      external = await startEmbeddedPostgres({ dataDir: join(folder.path, 'external'), log: silentLog })
      url = urlOf(external)
    }
    beforeAll(startExternal)
    afterAll(() => external.stop())

    it('refuses a schema that is not current, naming the command that helps', async () => {
      expect(await refused({ DATABASE_URL: url })).toContain('Run: npm run migrate')
      const environment = { DATABASE_URL: url, DATA_DIR: join(folder.path, 'keys') }
      expect(await runLoyalty(['migrate'], environment)).toMatchObject({ code: 0 })
      const server = await start(environment)
      expect((await fetch(`${server.url}/admin/setup`)).status).toBe(404)
      server.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    })

    it('is ready again, without a restart, when the database comes back', async () => {
      const server = await start({ DATABASE_URL: url, DATA_DIR: join(folder.path, 'keys') })
      const becomes = async (status: number): Promise<number> => {
        for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(50)) {
          if ((await fetch(`${server.url}/readyz`)).status === status) break
        }
        return (await fetch(`${server.url}/readyz`)).status
      }
      await external.stop()
      expect(await becomes(503)).toBe(503)
      await startExternal()
      expect(await becomes(200)).toBe(200)
      server.kill('SIGTERM')
      expect(await server.exited).toBe(0)
    })

    it('refuses a database that forgets what it confirmed', async () => {
      const forgetful = await startEmbeddedPostgres({
        dataDir: join(folder.path, 'forgetful'),
        log: silentLog,
        testing: true,
      })
      const message = await refused({
        DATABASE_URL: urlOf(forgetful),
      })
      await forgetful.stop()
      expect(message).toContain('fsync is off; full_page_writes is off')
    })
  })
})

const urlOf = ({ connection }: EmbeddedPostgres): string =>
  `postgres://postgres@/postgres?host=${encodeURIComponent(connection.host)}`

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
