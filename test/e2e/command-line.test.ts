import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { runProgram } from '../../src/cli/program'
import { silentLog } from '../../src/persistence/log'
import { openDatabase } from '../../src/persistence/open-database'
import { createProgress } from '../../src/cli/progress'

interface Ran {
  readonly exit: number
  readonly out: string
  readonly err: string
}

describe('the command line', () => {
  let folder: string
  let before: NodeJS.ProcessEnv

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'loyalty-cli-'))
    before = process.env
    process.env = { ...before, DATA_DIR: join(folder, 'data'), DATABASE_URL: '' }
  })
  afterAll(() => {
    process.env = before
    rmSync(folder, { recursive: true })
  })

  const loyalty = async (...words: string[]): Promise<Ran> => {
    let [out, err] = ['', '']
    const outSpy = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => Boolean((out += String(text))))
    const errSpy = jest
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => Boolean((err += String(text))))
    try {
      return { exit: await runProgram(words), out, err }
    } finally {
      outSpy.mockRestore()
      errSpy.mockRestore()
    }
  }
  const openForTest = async () => {
    const database = await openDatabase({
      place: { kind: 'embedded', dataDir: join(folder, 'data') },
      purpose: 'tool',
      poolSize: 3,
      log: silentLog,
    })
    return database
  }
  const file = (text: string): string => {
    const path = join(folder, 'setup.yaml')
    writeFileSync(path, text)
    return path
  }

  it('explains itself and every command', async () => {
    expect(await loyalty('--help')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('Exit codes') as string,
    })
    for (const command of ['migrate', 'apply']) {
      expect(await loyalty('help', command)).toMatchObject({
        exit: 0,
        out: expect.stringContaining('--json') as string,
      })
    }
  })

  it('ends with 2 when it is not understood', async () => {
    expect((await loyalty('aply', 'x')).exit).toBe(2)
    expect((await loyalty('apply')).exit).toBe(2)
    expect((await loyalty('migrate', '--fast')).exit).toBe(2)
    expect(await loyalty('apply', '/nowhere.yaml')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('/nowhere') as string,
    })
  })

  it('migrates once, tells whether it is needed, and ends with 3 while it is', async () => {
    const check = await loyalty('migrate', '--check', '--json')
    expect(check.exit).toBe(3)
    expect(JSON.parse(check.out)).toMatchObject({
      schema: 'behind',
      pending: expect.arrayContaining([]) as string[],
    })
    expect((await loyalty('migrate', '--json')).exit).toBe(0)
    expect(JSON.parse((await loyalty('migrate', '--json')).out)).toEqual({ ran: [], schema: 'current' })
    expect(await loyalty('migrate', '--check')).toMatchObject({ exit: 0, out: 'The schema is current.\n' })
  })

  it('takes back the last migration only to whoever names it', async () => {
    const wrong = await loyalty('migrate', '--undo', 'CreateOrders1', '--json')
    expect(wrong.exit).toBe(1)
    const { last } = JSON.parse(wrong.out) as { last: string }
    expect(await loyalty('migrate', '--undo', last)).toMatchObject({ exit: 0, out: `Took ${last} back.\n` })
    const { schema, pending } = JSON.parse((await loyalty('migrate', '--check', '--json')).out)
    expect({ schema, pending }).toEqual({ schema: 'behind', pending: [last] })
    expect(JSON.parse((await loyalty('migrate', '--json')).out)).toEqual({ ran: [last], schema: 'current' })
  })

  it('applies a setup file, and says that the second time there is nothing to change', async () => {
    const setup = file(`
version: 1
tenants:
  - key: shop
    name: Shop
    currency: INR
    programs: [{ key: main, programId: 7, title: Main, default: true }]`)
    expect(await loyalty('apply', setup)).toMatchObject({
      exit: 0,
      out: expect.stringContaining('shop: ') as string,
    })
    expect(await loyalty('apply', setup)).toMatchObject({ exit: 0, out: 'shop: nothing to change\n' })
  })

  it('lists jobs that were given up, and makes one or all of them ready again', async () => {
    expect(await loyalty('jobs', 'dead')).toMatchObject({ exit: 0, out: 'No job is dead.\n' })
    const database = await openForTest()
    for (const lane of ['a', 'b', 'c'])
      await database.dataSource.query(
        `insert into job (tenant_id, kind, lane, payload, state, attempts, max_attempts, last_error, finished_at)
         select tenant_id, 'test', $1, '{}', 'DEAD', 3, 3, 'it was ' || $1, now() from tenants`,
        [lane],
      )
    await database.close()
    const { dead } = JSON.parse((await loyalty('jobs', 'dead', '--json')).out) as {
      dead: { id: string; error: string }[]
    }
    expect(dead.map(({ error }) => error)).toEqual(['it was a', 'it was b', 'it was c'])
    expect(await loyalty('jobs', 'replay', dead[1]!.id)).toMatchObject({
      exit: 0,
      out: '1 job is ready again.\n',
    })
    expect((await loyalty('jobs', 'replay', dead[1]!.id)).exit).toBe(1)
    expect(await loyalty('jobs', 'replay', '--all')).toMatchObject({
      exit: 0,
      out: '2 jobs are ready again.\n',
    })
    expect(await loyalty('jobs', 'dead')).toMatchObject({ exit: 0, out: 'No job is dead.\n' })
    for (const words of [[], ['7', '--all'], ['x'], ['0']])
      expect((await loyalty('jobs', 'replay', ...words)).exit).toBe(2)
  })

  it('ends with 1 and every problem by its path when a setup file is refused', async () => {
    const setup = file(
      'version: 1\ntenants: [{ key: "No Key!", name: X, currency: INR, programs: [], colour: red }]',
    )
    const refused = await loyalty('apply', setup, '--json')
    expect(refused.exit).toBe(1)
    const { applied, problems } = JSON.parse(refused.out) as {
      applied: boolean
      problems: { path: string }[]
    }
    expect(applied).toBe(false)
    expect(problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['tenants[0].key', 'tenants[0].colour']),
    )
  })

  it('ends with 3 when the database cannot be reached, without telling the password', async () => {
    process.env['DATABASE_URL'] = 'postgres://shop:hunter2@127.0.0.1:1/shop'
    const { exit, err } = await loyalty('migrate')
    process.env['DATABASE_URL'] = ''
    expect({ exit, err }).toEqual({ exit: 3, err: expect.stringContaining('cannot be reached') as string })
    expect(err).not.toContain('hunter2')
  })

  it('ends with 2 and every problem when the environment is wrong', async () => {
    process.env['PORT'] = 'x'
    const { exit, err } = await loyalty('migrate')
    delete process.env['PORT']
    expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining('PORT must be') as string })
  })

  describe('its progress', () => {
    const told = (isTTY: boolean): { progress: ReturnType<typeof createProgress>; text: () => string } => {
      const stream = Object.assign(new PassThrough(), { isTTY })
      const progress = createProgress(stream as unknown as NodeJS.WriteStream)
      return { progress, text: () => String(stream.read() ?? '') }
    }
    beforeEach(() => {
      jest.useFakeTimers()
    })
    afterEach(() => {
      jest.useRealTimers()
    })

    it('is silent for what takes less than a second', () => {
      const { progress, text } = told(false)
      progress.start('Applying')
      jest.advanceTimersByTime(900)
      progress.end()
      jest.advanceTimersByTime(5000)
      expect(text()).toBe('')
    })

    it('is a line every five seconds in a log', () => {
      const { progress, text } = told(false)
      progress.start('Applying')
      progress.at(5, 20)
      jest.advanceTimersByTime(12_000)
      progress.end()
      expect(text()).toBe('Applying: 5 of 20, 1 s\nApplying: 5 of 20, 6 s\nApplying: 5 of 20, 11 s\n')
    })

    it('is a bar on a terminal', () => {
      const { progress, text } = told(true)
      progress.start('Applying')
      progress.at(10, 20)
      jest.advanceTimersByTime(2000)
      progress.end()
      expect(text()).toMatch(/Applying \[=+-+\] 10 of 20, 2 s/)
    })
  })
})
