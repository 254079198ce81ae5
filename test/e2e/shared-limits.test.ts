import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createServer, type Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { tillCall } from '../support/capillary-client'
import { startTestApp, type TestApp } from '../support/test-app'

const TILL = { code: 'counted.1', password: 'secret' }
const LIMIT = 5
const SETUP = {
  version: 1,
  tenants: [
    {
      key: 'counted',
      name: 'Counted',
      sandbox: true,
      currency: 'INR',
      capillary: {
        orgId: 61,
        region: 'india',
        tills: [{ ...TILL, store: 's' }],
        rateLimits: { 'POST /v2/transactions': LIMIT, 'GET /v2/customers/lookup': LIMIT },
      },
      programs: [{ key: 'main', programId: 61, default: true }],
    },
  ],
}

const HAS_REDIS = spawnSync('redis-server', ['--version']).status === 0

interface Redis {
  readonly process: ChildProcess
  readonly port: number
}

async function startRedis(port: number): Promise<Redis> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const process = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    process.stdout.on('data', (line: Buffer) => line.includes('Ready to accept') && resolve())
    process.once('exit', () => reject(new Error('redis-server ended')))
  })
  return { process, port }
}

const kill = ({ process }: Redis): Promise<void> =>
  new Promise((resolve) => {
    process.once('exit', () => resolve())
    process.kill('SIGKILL')
  })

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer()
  const port = await listening(probe)
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const call = async (server: FastifyInstance, method: string, url: string, body?: object): Promise<number> => {
  const { body: payload, ...request } = tillCall(TILL, method, url, body)
  const answer = await server.inject({
    ...(request as { method: 'GET' }),
    url,
    ...(payload ? { payload } : {}),
  })
  return answer.statusCode
}
const sell = (server: FastifyInstance) => call(server, 'POST', '/v2/transactions', {})
const look = (server: FastifyInstance) => call(server, 'GET', '/v2/customers/lookup')

const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('it never came to be')
}

const apps: TestApp[] = []
afterAll(async () => {
  for (const app of apps) await app.close()
})

async function appWith(redisUrl: string): Promise<TestApp> {
  const app = await startTestApp({ environment: { REDIS_URL: redisUrl } })
  apps.push(app)
  await app.apply(SETUP)
  return app
}

const told = ({ logged }: TestApp, words: string): number =>
  logged.filter((line) => line.includes(words)).length

// The one test that needs a program which `npm ci` does not bring.
const withRedis = HAS_REDIS ? it : it.skip
const UNLESS = HAS_REDIS ? '' : ' (skipped: redis-server is not installed)'

describe('calls that are counted in Redis', () => {
  withRedis(
    `are counted for all processes; without Redis each counts for itself${UNLESS}`,
    async () => {
      const port = await freePort()
      let redis = await startRedis(port)
      const app = await appWith(`redis://127.0.0.1:${port}/1`)
      const other = await app.beside({})
      const servers = [app.server, other]
      try {
        await until(() => told(app, 'Redis answers') === 2)
        const statuses: number[] = []
        for (let n = 0; n < 2 * LIMIT; n++) statuses.push(await sell(servers[n % 2]!))
        expect(statuses).toEqual([...Array<number>(LIMIT).fill(400), ...Array<number>(LIMIT).fill(429)])

        // Gone: nobody is told, and each process takes its own five.
        await kill(redis)
        await until(() => told(app, 'cannot be asked') > 0)
        for (const server of servers) {
          const own: number[] = []
          for (let n = 0; n < LIMIT + 1; n++) own.push(await look(server))
          expect(own).toEqual([...Array<number>(LIMIT).fill(400), 429])
        }

        // Back, and empty: the counts begin anew, together again.
        redis = await startRedis(port)
        await until(() => told(app, 'Redis answers') === 4)
        const again: number[] = []
        for (let n = 0; n < LIMIT + 1; n++) again.push(await sell(servers[n % 2]!))
        expect(again).toEqual([...Array<number>(LIMIT).fill(400), 429])

        // Stopped in the middle of things: it takes calls and says nothing.
        redis.process.kill('SIGSTOP')
        const start = Date.now()
        expect(await look(app.server)).toBeLessThan(500)
        expect(await look(app.server)).toBeLessThan(500)
        expect(Date.now() - start).toBeLessThan(2_000)
      } finally {
        await other.close()
        await kill(redis)
      }
    },
    60_000,
  )

  it('are counted in the process where there is no Redis at the address, from the first call on', async () => {
    const app = await appWith(`redis://user:hunter2@127.0.0.1:${await freePort()}`)
    const statuses: number[] = []
    for (let n = 0; n < LIMIT + 1; n++) statuses.push(await sell(app.server))
    expect(statuses).toEqual([...Array<number>(LIMIT).fill(400), 429])
    expect(told(app, 'cannot be asked')).toBe(1)
    expect(told(app, 'hunter2')).toBe(0)
  })

  it('are counted in the process where somebody answers who is no Redis, or nobody does', async () => {
    for (const answer of ['HTTP/1.1 400 Bad Request\r\n\r\n', null]) {
      const sockets = new Set<{ destroy(): void }>()
      const stranger = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined)
        if (answer) socket.end(answer)
      })
      const port = await listening(stranger)
      const app = await appWith(`redis://127.0.0.1:${port}`)
      const start = Date.now()
      const statuses: number[] = []
      for (let n = 0; n < LIMIT + 1; n++) statuses.push(await sell(app.server))
      expect(statuses).toEqual([...Array<number>(LIMIT).fill(400), 429])
      expect(Date.now() - start).toBeLessThan(2_000)
      for (const socket of sockets) socket.destroy()
      stranger.close()
    }
  })
})
