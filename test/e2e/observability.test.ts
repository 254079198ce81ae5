import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { tracingVariables } from '../../src/config/tracing-variables'
import { annexPost, annexToken } from '../support/annex-client'
import type { DoorRequest } from '../support/door-world'
import { basic, md5, tillCall } from '../support/capillary-client'
import { type ServerProcess, startServer, temporaryFolder } from '../support/server-process'

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
}

/** What an OpenTelemetry collector receives (OTLP over HTTP, in JSON). */
class Collector {
  readonly bodies: string[] = []
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      this.bodies.push(Buffer.concat(chunks).toString())
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get spans(): readonly Span[] {
    type Export = { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }
    return this.bodies
      .flatMap((body) => (JSON.parse(body) as Export).resourceSpans)
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  }

  close(): void {
    this.server.close()
  }
}

const folder = temporaryFolder()
const collector = new Collector()
let server: ServerProcess

beforeAll(async () => {
  const endpoint = await collector.listen()
  server = await startServer(folder.path, {
    SETUP_FILE: 'test/support/observed.yaml',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '100',
    OTEL_SERVICE_NAME: 'observed',
  })
}, 120_000)
afterAll(async () => {
  server.kill('SIGTERM')
  await server.exited
  collector.close()
  folder.remove()
})

const TILL = { code: 'observed.till', password: 'canary-secret' }

/** A sale of the canary's at the till, whose points follow later. */
const sale = (traceparent: string, more: object = {}, who = 'mobile&identifierValue=919876500017') => {
  return send(
    tillCall(
      TILL,
      'POST',
      `/v2/transactions?source=instore&use_async=true&identifierName=${who}`,
      {
        type: 'REGULAR',
        billNumber: 'observed-1',
        billAmount: '100',
        notes: 'canary-note',
        lineItemsV2: [{ itemCode: 'sku', amount: 100, rate: 100, qty: 1, description: 'canary-line' }],
        ...more,
      },
      { traceparent },
    ),
  )
}

const send = ({ url, method, headers = {}, body }: DoorRequest) =>
  fetch(server.url + url, { method, headers, body: body === undefined ? null : String(body) })

const ask = (query: string, key = 'observed-key') =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      // A caller's own trace goes on here (W3C Trace Context).
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
    body: JSON.stringify({ query }),
  })

const MEMBER = `query Observed { member(identity: {door: "annex", type: "id", value: "canary@example.com"}) { firstName points { available } } }`

async function spansOf(
  traceId: string,
  enough: (spans: readonly Span[]) => boolean,
): Promise<readonly Span[]> {
  for (let tries = 0; tries < 100; tries++) {
    const spans = collector.spans.filter((span) => span.traceId === traceId)
    if (enough(spans)) return spans
    await sleep(50)
  }
  return collector.spans.filter((span) => span.traceId === traceId)
}

describe('traces', () => {
  it('show one request as one tree: HTTP, its operation, its statements', async () => {
    expect((await ask(MEMBER)).status).toBe(200)
    const spans = await spansOf('0af7651916cd43dd8448eb211c80319c', (found) =>
      found.some(({ name }) => name === 'POST /graphql'),
    )
    const http = spans.find(({ name }) => name === 'POST /graphql')!
    const operation = spans.find(({ name }) => name === 'graphql query Observed')!
    expect(http.parentSpanId).toBe('b7ad6b7169203331')
    expect(operation.parentSpanId).toBe(http.spanId)
    const statements = spans.filter(({ parentSpanId }) => parentSpanId === operation.spanId)
    expect(statements.length).toBeGreaterThan(1)
    expect(statements.every(({ name }) => name.startsWith('pg.query'))).toBe(true)
    expect(server.output()).toContain('"traceId":"0af7651916cd43dd8448eb211c80319c"')
  })

  it('go on in the job that a request has queued, also when that is done later and elsewhere', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    expect((await sale(`00-${trace}-00f067aa0ba902b7-01`)).status).toBe(200)
    const spans = await spansOf(trace, (found) => found.some(({ name }) => name.startsWith('job ')))
    const http = spans.find(({ name }) => name === 'POST /v2/transactions')!
    const job = spans.find(({ name }) => name === 'job transaction.loyalty')!
    expect(http.parentSpanId).toBe('00f067aa0ba902b7')
    expect(spans.map(({ spanId }) => spanId)).toContain(job.parentSpanId)
    expect(job.attributes.map(({ key }) => key).sort()).toEqual(['job.attempts', 'job.id', 'job.kind'])
    expect(
      spans.some(({ parentSpanId, name }) => parentSpanId === job.spanId && name.startsWith('pg.query')),
    ).toBe(true)
  })

  it('do not tell whose data was asked for, by whom, or what was wrong with it', async () => {
    const member = '/api/3.0/points/canary@example.com'
    const site = { siteId: 'observed', secret: 'observed-secret' }
    const token = annexToken(site, '"canary@example.com"')
    await fetch(server.url + member, { headers: { authorization: `Bearer ${token}` } })
    await fetch(server.url + member)
    const order = {
      id: 'canary-order',
      userId: 'canary@example.com',
      firstName: 'Canary',
      orderDetail: 'canary',
    }
    await send(annexPost(site, '/api/3.0/orders', order))
    const mine = '00-5bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    await sale(mine, { billNumber: 'canary-bill', billAmount: 'canary-amount' })
    await sale(mine, { billNumber: 'canary-bill' }, 'cardnumber&identifierValue=4111111111111111')
    await sale(mine, { billNumber: 'canary-bill' }, 'email&identifierValue=canary@example.com')
    await ask(`mutation Observed { redeemPoints(input: {identity: {door: "annex", type: "id", value: "canary@example.com"},
      points: "99999", idempotencyKey: "canary-key"}) { userErrors { code } } }`)
    await ask('query { canary(email: "canary@example.com") }')
    await ask('query canaryOperation { members(first: 1) { nodes { canary } } }')
    await ask(MEMBER, 'canary-credential')
    const enough = (text: RegExp) => collector.spans.filter(({ name }) => text.test(name)).length
    await spansOf(
      '',
      () => enough(/^POST \/v2/) >= 4 && enough(/^POST \/graphql/) >= 5 && enough(/points/) >= 2,
    )
    expect(enough(/^GET \/api\/3.0\/points\/:memberId$/)).toBe(2)
    expect(enough(/^POST \/api\/3.0\/orders$/)).toBe(1)
    expect(enough(/^POST \/v2\/transactions$/)).toBe(4)
    const told = collector.bodies.join()
    const secrets = [token, basic(TILL), md5(TILL.password), 'observed-key', 'observed-secret']
    for (const canary of [...secrets, 'canary', '919876500017', '4111111111111111'])
      expect([canary, told.toLowerCase().includes(canary.toLowerCase())]).toEqual([canary, false])
    const addresses = ['client.address', 'network.peer.address']
    const peers = collector.spans.flatMap(({ attributes }) =>
      attributes.filter(({ key }) => addresses.includes(key)),
    )
    expect(new Set(peers.map(({ value }) => value.stringValue))).toEqual(new Set(['']))
    expect(server.output().toLowerCase()).not.toMatch(
      /canary|919876500017|4111111111111111|observed-(key|secret)/,
    )
  })

  it('are not made, nor their libraries loaded, unless the standard variables ask for them', () => {
    expect(tracingVariables({})).toBeNull()
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
    expect(tracingVariables(endpoint)).toBe(endpoint)
    expect(tracingVariables({ ...endpoint, OTEL_SDK_DISABLED: 'true' })).toBeNull()
    expect(tracingVariables({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeNull()
    const loaded = Object.keys(require.cache).filter((file) => file.includes('@opentelemetry'))
    expect(loaded).toEqual([])
  })
})

describe('metrics', () => {
  const scrape = async (): Promise<Map<string, number>> => {
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    )
  }

  it('are there, move, and name nobody', async () => {
    const before = await scrape()
    await ask(MEMBER)
    await ask('{ nothing }')
    await ask(MEMBER, 'wrong-key')
    const token = annexToken({ siteId: 'observed', secret: 'observed-secret' }, '"canary@example.com"')
    await fetch(`${server.url}/api/3.0/points/canary@example.com`, {
      headers: { authorization: `Bearer ${token}`, 'x-annexcloud-site': 'somebody-else' },
    })
    await ask(
      `{ ${Array.from({ length: 20 }, (_, n) => `a${n}: members(first: 1) { totalCount }`).join(' ')} }`,
    )
    const after = await scrape()
    const moved = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0)
    expect(moved('graphql_operation_duration_seconds_count{operation="Observed",outcome="ok"}')).toBe(1)
    expect(moved('graphql_rejected_total{rule="GRAPHQL_VALIDATION_FAILED"}')).toBeGreaterThan(0)
    expect(moved('tenant_mismatch_total')).toBe(1)
    expect(moved('auth_failures_total{door="graphql",reason="unauthenticated"}')).toBe(1)
    expect(
      moved(
        'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/graphql",http_response_status_code="200"}',
      ),
    ).toBe(1)
    expect(
      moved('db_client_operation_duration_seconds_count{db_operation_name="select",error_type=""}'),
    ).toBeGreaterThan(0)
    expect(moved('db_client_connection_wait_time_seconds_count')).toBeGreaterThan(0)
    expect(after.get('ledger_points_outstanding{tenant="observed",state="available"}')).toBe(0)
    for (const gauge of [
      'ledger_invariant_violations{invariant="I01"}',
      'job_ready',
      'job_oldest_age_seconds',
      'job_dead_total',
      'outbox_oldest_age_seconds',
      'db_client_connection_count{state="idle"}',
      'db_client_connection_pending_requests',
      'http_server_active_requests{state="active"}',
      'nodejs_eventloop_lag_seconds',
      'nodejs_heap_size_used_bytes',
    ])
      expect([gauge, after.has(gauge)]).toEqual([gauge, true])
    // ledger.md, section 4, in Prometheus's spelling.
    const text = await (await fetch(`${server.url}/metrics`)).text()
    const declared = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
    const asked = [
      ...['http_server_request_duration_seconds', 'http_server_active_requests'],
      ...['duration_seconds'].map((name) => `db_client_operation_${name}`),
      ...['count', 'wait_time_seconds', 'pending_requests', 'timeouts_total'].map(
        (name) => `db_client_connection_${name}`,
      ),
      ...['graphql_operation_duration_seconds', 'graphql_rejected_total'],
      ...['ops_total', 'op_duration_seconds', 'lock_wait_seconds', 'retries_total'].map(
        (name) => `ledger_${name}`,
      ),
      ...['idempotent_replays_total', 'idempotency_conflicts_total'].map((name) => `ledger_${name}`),
      ...['invariant_violations', 'shortfall_points_total', 'points_outstanding'].map(
        (name) => `ledger_${name}`,
      ),
      ...['job_ready', 'job_oldest_age_seconds', 'job_dead_total', 'outbox_oldest_age_seconds'],
      ...['auth_failures_total', 'rate_limited_total', 'tenant_mismatch_total'],
      ...['nodejs_eventloop_lag_seconds', 'nodejs_heap_size_used_bytes', 'nodejs_gc_duration_seconds'],
    ]
    expect(asked.filter((name) => !declared.has(name))).toEqual([])
    expect([...after.keys()].filter((name) => /canary|@|observed-key/.test(name))).toEqual([])
  })
})

describe('/docs', () => {
  it('renders the documents of both doors from files of its own', async () => {
    const page = await (await fetch(`${server.url}/docs`)).text()
    const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!)
    // Nothing from elsewhere: it works on a machine without internet.
    expect(parts.filter((path) => !path.startsWith('/') && path !== 'data:,')).toEqual([])
    const files = parts.filter((path) => path.startsWith('/docs/') || path.startsWith('/openapi/'))
    const statuses = await Promise.all(files.map(async (path) => (await fetch(server.url + path)).status))
    expect([files.length, new Set(statuses)]).toEqual([9, new Set([200])])
    expect(await (await fetch(`${server.url}/docs/parity`)).text()).toContain('# Parity')
    expect(await (await fetch(`${server.url}/docs/`)).text()).toBe(page)
    const start = await (await fetch(`${server.url}/docs/start.js`)).text()
    for (const url of ['/openapi/annex.json', '/openapi/capillary.json'])
      expect(start).toContain(`"url":"${url}"`)
  })
})
