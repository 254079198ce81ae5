import { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../../../src/config/config'
import { Unavailable } from '../../../src/domain/shared/errors'
import {
  HttpFault,
  type HttpReply,
  type HttpRequest,
  type Route,
  type Vendor,
} from '../../../src/rest/shared/route'
import { Guesses, guessLimits } from '../../../src/server/guesses'
import { createHttpServer } from '../../../src/server/http'
import { type AdmissionLimits, admitting } from '../../../src/server/admission'
import { createMetrics } from '../../../src/server/metrics'
import { createLog } from '../../../src/server/log'
import { type DatabaseProbe, Readiness } from '../../../src/server/readiness'

/** Answers with what a route saw, so that tests can look at it. */
const seen = (request: HttpRequest): HttpReply => ({
  status: 200,
  body: {
    path: request.path,
    params: request.params,
    query: Object.fromEntries(request.query),
    rawQuery: request.rawQuery,
    contentType: request.headers['content-type'] ?? null,
    body: request.rawBody.toString('latin1'),
  },
})

const route = (
  method: Route['method'],
  path: string,
  handle = async (request: HttpRequest) => seen(request),
): Route => ({
  method,
  path,
  operation: `acme.${method} ${path}`,
  handle,
})

const acme: Vendor = {
  name: 'acme',
  prefix: ['/api/3.0', '/v2'],
  routes: [
    route('GET', '/api/3.0/points/:memberId'),
    route('POST', '/api/3.0/orders'),
    route('GET', '/api/3.0/points/summary', async () => ({ status: 200, body: 'summary' })),
    route('DELETE', '/v2/things/:id'),
    route('GET', '/v2/broken', async () => {
      throw new Error('tom@example.com is not a number')
    }),
    route('GET', '/v2/unsayable', async () => ({ status: 200, body: { points: 1n } })),
    route('GET', '/v2/slow', async () => {
      await sleep(150)
      return { status: 200, body: 'slow but done' }
    }),
  ],
  notFound: () => ({ status: 404, body: { acme: 'not found' } }),
  methodNotAllowed: (_request, allowed) => ({ status: 405, body: { acme: 'method', allowed } }),
  failed: (error) => ({
    status: error instanceof HttpFault ? error.status : error instanceof Unavailable ? 503 : 500,
    body: { acme: error instanceof HttpFault ? error.reason : 'bug' },
  }),
}

const LIMITS: AdmissionLimits = {
  least: 2,
  most: 2,
  promptMs: 250,
  waiting: 2,
  burstMs: 500,
  waitingLate: 2,
  patienceMs: 40,
  refusing: 0.5,
  longestQueue: 4,
}

// Longer than the framework's router takes a part to be.
const LONG = 'x'.repeat(120)

const healthy: DatabaseProbe = { ping: async () => undefined, schema: async () => 'current' }

describe('the HTTP server', () => {
  let app: FastifyInstance
  let lines: string[]

  const start = (
    probe: DatabaseProbe = healthy,
    allowedOrigins: Config['allowedOrigins'] = [],
  ): { app: FastifyInstance; readiness: Readiness } => {
    lines = []
    const log = createLog({ level: 'info', pretty: false }, { write: (line) => void lines.push(line) })
    const readiness = new Readiness(probe)
    return {
      app: createHttpServer({
        log,
        metrics: createMetrics(),
        limits: { ...LIMITS, waiting: 1, burstMs: 100, patienceMs: 100 },
        guesses: new Guesses(guessLimits(0)),
        allowedOrigins,
        readiness,
        vendors: [acme],
        role: 'unified',
      }),
      readiness,
    }
  }
  beforeEach(() => {
    app = start().app
  })
  afterEach(() => app.close())

  /** Sends the request line as it is: HTTP clients tidy addresses up. */
  const raw = async (requestLine: string, rest = 'Host: x\r\nConnection: close\r\n\r\n'): Promise<string> => {
    if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.write(`${requestLine} HTTP/1.1\r\n${rest}`)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  }
  const bodyOf = (answer: string): unknown => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))

  describe('a page of another origin', () => {
    const SHOP = 'https://shop.example.com'
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const preflight = async (url: string, origin: string, headers = asked) => {
      const answer = await app.inject({ method: 'OPTIONS', url, headers: { ...headers, origin } })
      return { status: answer.statusCode, ...answer.headers }
    }

    it('may call the doors and read what they answer when its origin is listed', async () => {
      app = start(healthy, [SHOP]).app
      const allowed = { 'access-control-allow-origin': SHOP, vary: 'Origin' }
      expect(await preflight('/api/3.0/orders', SHOP)).toMatchObject({
        ...allowed,
        status: 204,
        'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
        'access-control-allow-headers': 'authorization',
      })
      const headers = { origin: SHOP }
      expect((await app.inject({ url: '/v2/slow', headers })).headers).toMatchObject({
        ...allowed,
        'access-control-expose-headers': expect.stringContaining('x-cap-request-id') as string,
      })
      // A refusal is for reading, too.
      expect((await app.inject({ url: '/v2/broken', headers })).headers).toMatchObject(allowed)
    })

    it.each([
      ['an origin that is not listed', '/api/3.0/orders', 'https://shop.example.com.evil.example'],
      ['what operators use', '/admin/setup', SHOP],
      ['what operators use, spelled oddly', '//metrics', SHOP],
    ])('is told nothing of %s', async (_what, url, origin) => {
      app = start(healthy, [SHOP]).app
      expect(await preflight(url, origin)).not.toHaveProperty('access-control-allow-origin')
    })

    it.each(['http://localhost:5173', 'https://127.0.0.1', 'http://[::1]:3000'])(
      'may call a server under development from this machine: %s',
      async (origin) => {
        app = start(healthy, 'this-machine').app
        expect(await preflight('/v2/things/1', origin)).toMatchObject({
          'access-control-allow-origin': origin,
        })
        const elsewhere = 'http://localhost.example.com'
        expect(await preflight('/v2/things/1', elsewhere)).not.toHaveProperty('access-control-allow-origin')
      },
    )

    it('hears nothing of origins from a server that names none', async () => {
      const { headers } = await app.inject({ url: '/v2/slow', headers: { origin: SHOP } })
      expect(headers).not.toHaveProperty('access-control-allow-origin')
      expect(headers).not.toHaveProperty('vary')
    })

    it('leaves a question about methods, which is no preflight, to the door', async () => {
      app = start(healthy, 'any').app
      const answer = await app.inject({
        method: 'OPTIONS',
        url: '/api/3.0/orders',
        headers: { origin: SHOP },
      })
      expect(answer.headers).toMatchObject({ allow: 'POST', 'access-control-allow-origin': '*' })
    })
  })

  describe('finding a route', () => {
    it.each([
      ['/api/3.0/points/tom', 'tom'],
      ['//api/3.0/points/tom', 'tom'],
      ['/api//3.0/points/tom/', 'tom'],
      ['/api/3.0/points/tom%40example.com', 'tom@example.com'],
      ['/api/3.0/points/tom+1@example.com', 'tom+1@example.com'],
      ['/api/3.0/points/a%2Fb%20c', 'a/b c'],
      ['/api/3.0/points/%E0%A4%85', 'अ'],
      [`/api/3.0/points/${LONG}`, LONG],
      ['http://elsewhere.example/api/3.0/points/tom', 'tom'],
    ])('GET %s means member %s', async (path, member) => {
      expect(bodyOf(await raw(`GET ${path}?a=1+2&b=%2B`))).toMatchObject({
        params: { memberId: member },
        query: { a: '1 2', b: '+' },
        rawQuery: 'a=1+2&b=%2B',
      })
    })

    it('prefers a fixed part to a named one', async () => {
      expect((await app.inject('/api/3.0/points/summary')).body).toBe('summary')
    })

    it.each([
      ['/api/3.0/points/%zz', 'MALFORMED_URL'],
      ['/api/3.0/points/%ED%A0%80', 'MALFORMED_URL'],
      ['/api/3.0/points/a%00b', 'NUL_IN_URL'],
      ['/api/3.0/points/a?x=%00', 'NUL_IN_URL'],
    ])('refuses %s in the words of the vendor', async (path, reason) => {
      const answer = await raw(`GET ${path}`)
      expect(answer).toMatch(/^HTTP\/1.1 400 /)
      expect(bodyOf(answer)).toEqual({ acme: reason })
    })

    it('leaves unknown paths and methods under a prefix to the vendor', async () => {
      const unknown = await app.inject('/v2/nothing')
      expect([unknown.statusCode, unknown.json()]).toEqual([404, { acme: 'not found' }])
      const method = await app.inject({ method: 'PUT', url: '/api/3.0/points/tom' })
      expect([method.statusCode, method.json(), method.headers.allow]).toEqual([
        405,
        { acme: 'method', allowed: ['GET', 'HEAD'] },
        'GET, HEAD',
      ])
    })

    it('answers HEAD as GET without a body, and OPTIONS with the methods', async () => {
      const head = await app.inject({ method: 'HEAD', url: '/api/3.0/points/tom' })
      expect([head.statusCode, head.body]).toEqual([200, ''])
      const options = await app.inject({ method: 'OPTIONS', url: '/api/3.0/orders' })
      expect([options.statusCode, options.headers.allow, options.body]).toEqual([204, 'POST', ''])
      expect(options.headers['access-control-allow-origin']).toBeUndefined()
    })

    it('answers everything else with a 404 of its own, and odd addresses with a 400', async () => {
      expect((await app.inject('/apix')).json()).toMatchObject({ error: 'Not Found' })
      expect((await app.inject('/.vendors/acme')).json()).toMatchObject({ error: 'Not Found' })
      expect(await raw('GET /%zz')).toMatch(/^HTTP\/1.1 400 /)
    })
  })

  describe('bodies', () => {
    const order = (headers: Record<string, string>, payload: string | Buffer) =>
      app.inject({ method: 'POST', url: '/api/3.0/orders', headers, payload })

    it.each([
      ['application/json', '{"a": 1}'],
      ['application/json; charset=utf-8; charset', '{broken'],
      ['text/plain', '\u0000\u00ff'],
      ['not a content type', 'x'],
    ])('arrive as the bytes that were sent, with content type %s', async (contentType, body) => {
      const answer = await order({ 'content-type': contentType }, Buffer.from(body, 'latin1'))
      expect(answer.json()).toMatchObject({ body, contentType })
    })

    it('arrive without a content type, and with DELETE', async () => {
      expect((await order({}, Buffer.from('bare'))).json()).toMatchObject({ body: 'bare', contentType: null })
      const deletion = await app.inject({
        method: 'DELETE',
        url: '/v2/things/1',
        payload: Buffer.from('why'),
      })
      expect(deletion.json()).toMatchObject({ body: 'why', params: { id: '1' } })
    })

    it('of more than 1 MiB are refused in the words of the vendor', async () => {
      const answer = await order({ 'content-type': 'application/json' }, 'x'.repeat(1024 * 1024 + 1))
      expect([answer.statusCode, answer.json()]).toEqual([413, { acme: 'BODY_TOO_LARGE' }])
    })
  })

  it('keeps a sane request id and replaces any other', async () => {
    const withId = (id: string) => app.inject({ url: '/healthz', headers: { 'x-request-id': id } })
    expect((await withId('till-7:42')).headers['x-request-id']).toBe('till-7:42')
    expect((await withId('a b"}')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('logs the pattern of a route and the id of the request, and nothing personal', async () => {
    await app.inject({
      url: '/api/3.0/points/tom@example.com?email=tom@example.com',
      headers: { authorization: 'Bearer secret', 'x-request-id': 'r1' },
    })
    const [line] = lines.map((text) => JSON.parse(text) as object)
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String) as string,
      requestId: 'r1',
      method: 'GET',
      route: '/api/3.0/points/:memberId',
      operation: 'acme.GET /api/3.0/points/:memberId',
      status: 200,
      ms: expect.any(Number) as number,
      msg: 'answered',
    })
    expect(lines.join()).not.toMatch(/tom|secret/)
  })

  it('drops fields that nobody allowed from the log, and details from errors', () => {
    const log = createLog({ level: 'info', pretty: false }, { write: (line) => void lines.push(line) })
    const err = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(tom@x)',
      parameters: ['tom@x'],
    })
    log.error({ err, email: 'tom@x', points: 5 }, 'failed')
    expect(JSON.parse(lines.pop() ?? '')).toMatchObject({
      points: 5,
      dropped: ['email'],
      err: { code: '23505' },
    })
    log.error({ err }, 'failed')
    expect(lines.pop()).not.toContain('tom@x')
  })

  it('answers a bug in the words of the vendor and logs it', async () => {
    for (const url of ['/v2/broken', '/v2/unsayable']) {
      const answer = await app.inject(url)
      expect([answer.statusCode, answer.json()]).toEqual([500, { acme: 'bug' }])
      expect(lines.splice(0).join()).toContain('request failed')
    }
  })

  it('counts requests by the pattern of their route', async () => {
    await app.inject('/api/3.0/points/tom@example.com')
    const { body } = await app.inject('/metrics')
    expect(body).toContain('http_route="/api/3.0/points/:memberId",http_response_status_code="200"} 1')
    expect(body).not.toContain('tom')
  })

  it('leaves out of its metrics what cannot be read in time, and gives the rest', async () => {
    const metrics = createMetrics()
    metrics.meter.gauge({ name: 'broken', help: 'Cannot be read.' }, () => Promise.reject(new Error('down')))
    metrics.meter.gauge({ name: 'hanging', help: 'Is never read.' }, () => new Promise(() => undefined))
    metrics.meter.gauge({ name: 'readable', help: 'Can be read.', labels: ['of'] }, () => [
      { labels: { of: 'it' }, value: 3 },
    ])
    await metrics.text()
    const text = await metrics.text()
    expect(text).toContain('readable{of="it"} 3')
    expect(text).not.toMatch(/^(broken|hanging)\b/m)
    expect(text).toContain('metrics_unread_total{metric="broken"}')
    expect(text).toContain('metrics_unread_total{metric="hanging"}')
  })

  describe('when more comes than it can work on', () => {
    const get = async (path: string) => {
      const from = performance.now()
      const answer = await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}${path}`)
      return { status: answer.status, headers: answer.headers, ms: performance.now() - from }
    }
    beforeEach(() => app.listen({ port: 0, host: '127.0.0.1' }))

    it('turns away at once what finds no place in the queue', async () => {
      // Two are worked on, one waits; the others find the queue full.
      const answers = await Promise.all(Array.from({ length: 6 }, () => get('/v2/slow')))
      const refused = answers.filter(({ status }) => status === 503)
      expect(refused.length).toBeGreaterThanOrEqual(3)
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(6 - refused.length)
      expect(refused.every(({ headers }) => headers.get('x-request-id'))).toBe(true)
      expect((await get('/v2/slow')).status).toBe(200)
    })

    it('lets who waits in as soon as there is room', async () => {
      const first = [get('/v2/slow'), get('/v2/slow')]
      await sleep(130)
      expect((await get('/v2/slow')).status).toBe(200)
      expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200])
    })

    it('still answers those who look after it, and says how many it turned away', async () => {
      const crowd = Array.from({ length: 5 }, () => get('/v2/slow'))
      expect((await get('/healthz')).status).toBe(200)
      await Promise.all(crowd)
      const { body } = await app.inject('/metrics')
      expect(body).toContain('http_server_refused_total 3')
      expect(body).toContain('http_server_active_requests{state="active"} 0')
    })

    it('gives the place of a client that went away to the next', async () => {
      const gone = new AbortController()
      const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v2/slow`
      const lost = Array.from({ length: 2 }, () => fetch(address, { signal: gone.signal }).catch(() => null))
      await sleep(30)
      gone.abort()
      await Promise.all(lost)
      await sleep(30)
      const answers = await Promise.all([get('/v2/slow'), get('/v2/slow')])
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
    })
  })

  describe('readiness', () => {
    it('is told from the health of the process', async () => {
      const down = start({ ...healthy, ping: () => Promise.reject(new Error('down')) })
      expect((await down.app.inject('/healthz')).statusCode).toBe(200)
      const ready = await down.app.inject('/readyz')
      expect([ready.statusCode, ready.json()]).toMatchObject([503, { database: 'unreachable' }])
      await down.app.close()
    })

    it('does not wait for a database that hangs', async () => {
      const hanging = start({ ...healthy, ping: () => new Promise(() => undefined) })
      const started = Date.now()
      expect((await hanging.app.inject('/readyz')).statusCode).toBe(503)
      expect(Date.now() - started).toBeLessThan(1000)
      await hanging.app.close()
    })

    it.each([
      ['behind', 503],
      ['ahead', 200],
    ] as const)(
      'of a schema that is %s answers %i: a newer version migrates before it replaces us',
      async (age, status) => {
        const old = start({ ...healthy, schema: async () => age })
        const ready = await old.app.inject('/readyz')
        expect([ready.statusCode, ready.json()]).toMatchObject([
          status,
          { ready: status === 200, schema: age },
        ])
        await old.app.close()
      },
    )

    it('ends at once when the process begins to stop', async () => {
      const { app: stopping, readiness } = start()
      expect((await stopping.inject('/readyz')).statusCode).toBe(200)
      readiness.drain()
      expect((await stopping.inject('/readyz')).json()).toMatchObject({ ready: false, draining: true })
      await stopping.close()
    })
  })

  it('finishes what is running when it closes, and what still comes on an open connection', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET /v2/slow HTTP/1.1\r\nHost: x\r\n\r\n')
    await sleep(50)
    const closed = app.close()
    await sleep(20)
    socket.write('GET /api/3.0/points/summary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    let answers = ''
    for await (const chunk of socket) answers += String(chunk)
    expect(answers).toMatch(/200 OK[^]*slow but done[^]*200 OK[^]*summary/)
    await closed
  })
})

describe('the queue before the server', () => {
  let gone: { readonly let: string[]; readonly away: string[] }
  /** How long it takes to turn somebody away. */
  let refusalMs: number
  let admit: (name: string) => EventEmitter

  const open = (limits: Partial<AdmissionLimits> = {}): void => {
    gone = { let: [], away: [] }
    refusalMs = 0
    const enter = admitting({
      limits: { ...LIMITS, ...limits },
      meter: createMetrics().meter,
      always: () => false,
      refuse({ url }) {
        gone.away.push(url ?? '')
        jest.advanceTimersByTime(refusalMs)
      },
    })(({ url }) => void gone.let.push(url ?? ''))
    admit = (url) => {
      const response = Object.assign(new EventEmitter(), { destroyed: false })
      // What the queue knows of a request and its answer is where it goes and whether it has ended.
      enter({ url } as IncomingMessage, response as unknown as ServerResponse)
      return response
    }
  }

  beforeEach(() => {
    jest.useFakeTimers()
    open()
  })
  afterEach(() => jest.useRealTimers())

  it('lets a burst wait, and turns away what finds no place or waits in vain', () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) admit(name)
    expect(gone).toEqual({ let: ['a', 'b'], away: ['e'] })
    jest.advanceTimersByTime(499)
    expect(gone.away).toEqual(['e'])
    jest.advanceTimersByTime(10)
    expect(gone.away).toEqual(['e', 'c', 'd'])
  })

  it('lets nobody wait long once there was no room for as long as a burst lasts', () => {
    admit('a')
    admit('b')
    jest.advanceTimersByTime(600)
    for (const name of ['late', 'later']) {
      admit(name)
      jest.advanceTimersByTime(46)
      expect(gone.away).toContain(name)
    }
  })

  it('is patient again when nobody has been turned away for a while, and not because all who waited were', () => {
    const working = [admit('a'), admit('b')]
    jest.advanceTimersByTime(600)
    admit('late')
    jest.advanceTimersByTime(46)
    for (const response of working) response.emit('close')
    const next = [admit('c'), admit('d'), admit('e')]
    jest.advanceTimersByTime(46)
    expect(gone.away).toEqual(['late', 'e'])

    jest.advanceTimersByTime(150)
    for (const response of next) response.emit('close')
    for (const name of ['f', 'g', 'h']) admit(name)
    jest.advanceTimersByTime(300)
    expect(gone.away).toEqual(['late', 'e'])
  })

  it('keeps fewer waiting while more comes than goes', () => {
    open({ waitingLate: 1 })
    admit('a')
    admit('b')
    jest.advanceTimersByTime(600)
    admit('c')
    admit('d')
    expect(gone.away).toEqual(['d'])
  })

  it('spends no more than its share of time on turning away, and lets the rest wait for it', () => {
    for (const name of ['a', 'b', 'c', 'd']) admit(name)
    refusalMs = 30
    admit('e')
    // Thirty milliseconds are more than were saved up: half of sixty have to pass.
    admit('f')
    expect(gone.away).toEqual(['e'])
    jest.advanceTimersByTime(60)
    refusalMs = 0
    admit('g')
    expect(gone.away).toEqual(['e', 'g'])
  })

  it('neither lets in nor turns away who has gone while waiting', () => {
    const working = [admit('a'), admit('b')]
    for (const name of ['gone', 'gone too']) Object.assign(admit(name), { destroyed: true })
    working[0]!.emit('close')
    jest.advanceTimersByTime(600)
    expect(gone).toEqual({ let: ['a', 'b'], away: [] })

    for (const name of ['c', 'late']) Object.assign(admit(name), { destroyed: name === 'late' })
    jest.advanceTimersByTime(600)
    expect(gone).toEqual({ let: ['a', 'b', 'c'], away: [] })
  })

  it('turns away without regard to time when too many wait for that', () => {
    for (const name of ['a', 'b', 'c', 'd']) admit(name)
    refusalMs = 30
    for (const name of ['e', 'f', 'g', 'h']) admit(name)
    expect(gone.away).toEqual(['e', 'h'])
  })

  describe('with room that is found', () => {
    let working: EventEmitter[]
    beforeEach(() => {
      working = []
      open({ least: 4, most: 6, waiting: 0, waitingLate: 0, longestQueue: 0 })
    })

    /** Fills all places and answers each who is in after so long, letting somebody else in for it; gives how many are in. */
    const turnOf = (tookMs: number): number => {
      const comeIn = (): boolean => {
        const before = gone.let.length
        const response = admit('someone')
        const isIn = gone.let.length > before
        if (isIn) working.push(response)
        return isIn
      }
      while (comeIn());
      const leaving = [...working]
      jest.advanceTimersByTime(tookMs)
      for (const response of leaving) {
        working.shift()
        response.emit('close')
        comeIn()
      }
      while (comeIn());
      return working.length
    }

    it('lets in more while they are answered promptly, up to a most', () => {
      expect([50, 50, 50, 50].map(turnOf)).toEqual([5, 6, 6, 6])
    })

    it('lets in fewer again when answers come late, down to a least', () => {
      expect([50, 50, 300, 300, 300, 50].map(turnOf).slice(1)).toEqual([6, 5, 4, 4, 5])
    })
  })
})
