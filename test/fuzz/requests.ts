import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { annexHeaders, annexToken } from '../support/annex-client'
import { basic } from '../support/capillary-client'
import type { DoorRequest } from '../support/door-world'
import {
  type Call,
  callsOf,
  type OpenApi,
  PINNED,
  pinnedDocument,
  type VendorName,
} from '../support/pinned-contract'
import { HERON, type Made } from '../support/twin-world'
import { goodCalls } from '../support/good-calls'
import { change, changed, evil, type Value, wellFormed, written } from './evil'
import { textFor, valuesOf } from './from-schema'

/** A call before it is signed: what it says, and what happens to it on the way. */
interface Draft {
  readonly vendor: VendorName
  readonly method: string
  /** Its parts decoded: `['api', '3.0', 'points', 'user@domain.com']`. */
  readonly path: readonly string[]
  readonly query: readonly (readonly [string, string])[]
  readonly body: string | undefined
}

/** Something odd about how a call is sent. */
interface Oddity {
  readonly method?: string
  readonly path?: (path: string) => string
  readonly query?: (query: string) => string
  readonly body?: (body: Buffer) => Buffer
  readonly headers?: Readonly<Record<string, string>>
  readonly unsigned?: boolean
}

/** Calls of every documented operation of a vendor's contract, and of our own document of its door, each with something wrong. */
export function doorRequests(vendor: VendorName, made: Made): fc.Arbitrary<DoorRequest> {
  const documents = [pinnedDocument(vendor), ownDocument(vendor)].filter((one) => one !== null)
  const operations = documents.flatMap((document) =>
    callsOf(vendor, document).flatMap((call) => (call.inScope ? [draftsOf(document, call)] : [])),
  )
  const drafts = fc.oneof(
    { weight: 3, arbitrary: bentCalls(vendor, made) },
    { weight: 2, arbitrary: fc.oneof(...operations) },
  )
  return fc.tuple(drafts, oddity).map(([draft, odd]) => signed(draft, odd))
}

/** A good call with one or two of its values changed: what is wrong is found late, if at all. */
const bentCalls = (vendor: VendorName, made: Made): fc.Arbitrary<Draft> =>
  fc
    .tuple(
      fc.nat(1_000),
      fc.nat(99_999_999),
      fc.array(change, { minLength: 1, maxLength: 2 }),
      fc.nat(100),
      evilText,
    )
    .map(([which, n, changes, at, text]): Draft => {
      const calls = goodCalls(vendor, n, made)
      const { method, path, query, body } = calls[which % calls.length] ?? calls[0]!
      const names = Object.keys(query)
      // What has no body has something odd in its path or query.
      const spots = [path.length - 1, ...names]
      const spot = body === undefined || at < 10 ? spots[at % spots.length] : undefined
      return {
        vendor,
        method,
        path: path.map((part, index) => (index === spot ? text : part)),
        query: Object.entries(query).map(([name, value]) => [name, name === spot ? text : value]),
        body:
          body === undefined
            ? undefined
            : written(spot === undefined ? changes.reduce<Value>(changed, body) : body),
      }
    })

function ownDocument(vendor: VendorName): OpenApi | null {
  try {
    return JSON.parse(readFileSync(join(__dirname, `../../schema/openapi/${vendor}.json`), 'utf8')) as OpenApi
  } catch {
    return null
  }
}

const evilText: fc.Arbitrary<string> = evil.map((value) =>
  (typeof value === 'string' ? value : written(value)).slice(0, 4_000),
)

/** Mostly what leads somewhere, sometimes anything. */
const textOrEvil = (name: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: textFor(name) }, { weight: 1, arbitrary: evilText })

function draftsOf(document: OpenApi, call: Call): fc.Arbitrary<Draft> {
  const base = PINNED[call.vendor].basePath
  // Our own documents have whole paths.
  const full = call.path.startsWith(base) ? call.path : `${base}${call.path}`
  const parts = full.split('/').filter((part) => part !== '')
  const path = fc.tuple(
    ...parts.map((part) => (part.startsWith('{') ? textOrEvil(part.slice(1, -1)) : fc.constant(part))),
  )
  const queries = call.parameters.filter((one) => one.in === 'query')
  const query = fc
    .tuple(...queries.map(({ name }) => fc.option(textOrEvil(name), { freq: 3 })))
    .map((values) =>
      queries.flatMap(({ name }, index): [string, string][] => {
        const value = values[index]
        return typeof value === 'string' ? [[name, value]] : []
      }),
    )
  const body = call.takes
    ? fc
        .tuple(valuesOf(document, call.takes), fc.array(change, { minLength: 1, maxLength: 3 }))
        .map(([value, changes]) => written(changes.reduce<Value>(changed, value)))
    : fc.constant(undefined)
  return fc.tuple(path, query, body).map(([p, q, b]) => ({
    vendor: call.vendor,
    method: call.method.toUpperCase(),
    path: p,
    query: q,
    body: b,
  }))
}

/** Ten megabytes of nothing in ten kilobytes. */
const BOMB = gzipSync(Buffer.alloc(10_000_000))
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
const TYPES = [
  ...['text/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', ''],
  ...[
    'application/json; charset=utf-16',
    'application/json; charset="',
    'application/json, text/html',
    'a/b/c',
    '*/*',
  ],
]
const PATHS: readonly ((path: string) => string)[] = [
  (path) => path.replaceAll('/', '//'),
  (path) => `${path}/`,
  (path) => `${path}/.`,
  (path) => `${path}%2e%2e`,
  (path) => path.replace('/', '/%2e%2e/'),
  (path) => `${path};a=b`,
  (path) => `${path}%00`,
  (path) => `${path}%`,
  (path) => `${path}/%ff`,
  (path) => path.toUpperCase(),
  (path) => `${path}/${'a'.repeat(3_000)}`,
  (path) => `http://other.example${path}`,
]
const BODIES: readonly ((body: Buffer) => Buffer)[] = [
  (body) => body.subarray(0, Math.floor(body.length / 2)),
  (body) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
  (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  (body) => Buffer.concat([body, Buffer.from([0xff, 0xfe, 0xc0])]),
  (body) => Buffer.concat([body, body]),
  () => Buffer.alloc(0),
  () => Buffer.from('null'),
  () => Buffer.alloc(1_100_000, 0x20),
]

/** What may stand in a header at all; the rest no client can send. */
const headerText = evilText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2_000))

const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  { weight: 30, arbitrary: fc.constant<Oddity>({}) },
  { weight: 2, arbitrary: fc.constantFrom(...VERBS).map((method): Oddity => ({ method })) },
  { weight: 2, arbitrary: fc.constantFrom(...PATHS).map((path): Oddity => ({ path })) },
  { weight: 3, arbitrary: fc.constantFrom(...BODIES).map((body): Oddity => ({ body })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...TYPES).map((type): Oddity => ({ headers: { 'content-type': type } })),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Oddity>({ headers: { 'content-encoding': 'gzip' }, body: () => BOMB }),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...VERBS)
      .map((verb): Oddity => ({ headers: { 'x-http-method-override': verb, 'x-http-method': verb } })),
  },
  {
    weight: 2,
    arbitrary: fc.constant<Oddity>({ query: (query) => (query ? `${query}&${query}` : 'a=1&a=2&=&&%') }),
  },
  { weight: 2, arbitrary: headerText.map((value): Oddity => ({ headers: oddHeaders(value) })) },
  { weight: 2, arbitrary: fc.constant<Oddity>({ unsigned: true }) },
)

function oddHeaders(value: string): Record<string, string> {
  return {
    'x-request-id': value,
    'x-annexcloud-site': value,
    'x-cap-api-attribution-entity-type': 'STORE_CODE',
    'x-cap-api-attribution-entity-code': value,
    'x-cap-direct-replay': value,
    'accept-language': value,
  }
}

function signed({ vendor, method: drafted, path, query, body }: Draft, odd: Oddity): DoorRequest {
  const { method = drafted, unsigned = false } = odd
  const rawPath = `/${path.map(encoded).join('/')}`
  const rawQuery = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
  const sent = body === undefined ? undefined : (odd.body ?? ((bytes) => bytes))(Buffer.from(body))
  const asked = odd.query ? odd.query(rawQuery) : rawQuery
  const signing = vendor === 'annex' ? annexSignature(method, path, sent) : tillSignature()
  return {
    method,
    url: `${odd.path ? odd.path(rawPath) : rawPath}${asked ? `?${asked}` : ''}`,
    headers: { 'content-type': 'application/json', ...(unsigned ? {} : signing), ...odd.headers },
    ...(sent === undefined || method === 'GET' || method === 'HEAD' ? {} : { body: sent }),
  }
}

const annexSignature = (
  method: string,
  path: readonly string[],
  body: Buffer | undefined,
): Record<string, string> => {
  const isRead = method === 'GET' || method === 'HEAD' || body === undefined || body.length === 0
  const content = isRead ? JSON.stringify(path.at(-1)) : body
  return annexHeaders(HERON.site, annexToken(HERON.site, content))
}

const tillSignature = (): Record<string, string> => ({ authorization: basic(HERON.till) })

/** Percent-encoded, also what is no text: half a character becomes a replacement. */
const encoded = (text: string): string => encodeURIComponent(wellFormed(text)).replaceAll('%40', '@')
