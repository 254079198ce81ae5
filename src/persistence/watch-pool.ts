import type { Pool, PoolClient } from 'pg'
import type { Histogram, Meter } from '../domain/shared/meter'
import { eachConnection } from './each-connection'
import { sqlState } from './sql-errors'

/** Counts a pool's connections, how long they are waited for, and how long statements take, until the answer is called. */
export function watchPool(pool: Pool, meter: Meter): () => void {
  meter.gauge(
    { name: 'db_client_connection_count', help: 'Connections to the database.', labels: ['state'] },
    () => [
      { labels: { state: 'idle' }, value: pool.idleCount },
      { labels: { state: 'used' }, value: pool.totalCount - pool.idleCount },
    ],
  )
  meter.gauge({ name: 'db_client_connection_max', help: 'Connections that the pool may open.' }, () => [
    { value: pool.options.max },
  ])
  meter.gauge(
    { name: 'db_client_connection_pending_requests', help: 'Who waits for a connection now.' },
    () => [{ value: pool.waitingCount }],
  )
  const ends = [watchWaiting(pool, meter), watchStatements(pool, meter)]
  return () => ends.forEach((end) => end())
}

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (e?: unknown) => void,
) => void

/** Everything that takes a connection comes through `connect`, with a callback or for a promise. */
function watchWaiting(pool: Pool, meter: Meter): () => void {
  const wait = meter.histogram({
    name: 'db_client_connection_wait_time_seconds',
    help: 'Time to get a connection from the pool.',
  })
  const timeouts = meter.counter({
    name: 'db_client_connection_timeouts_total',
    help: 'Waits for a connection that were given up.',
  })
  const unwatched = pool.connect.bind(pool)
  const connect = unwatched as (callback: Connected) => void
  const watched = (callback: Connected): void => {
    const from = performance.now()
    connect((error, client, release) => {
      wait.observe({}, (performance.now() - from) / 1000)
      if (error?.message.startsWith('timeout exceeded')) timeouts.add()
      callback(error, client, release)
    })
  }
  const promised = (): Promise<PoolClient> =>
    new Promise((resolve, reject) => {
      watched((error, client) => (client ? resolve(client) : reject(error ?? new Error('no connection'))))
    })
  const counted = ((callback?: Connected) => (callback ? watched(callback) : promised())) as Pool['connect']
  pool.connect = counted
  return () => {
    // Whoever watches it besides, since then, goes through us.
    if (pool.connect === counted) pool.connect = unwatched
  }
}

type Query = (...values: unknown[]) => unknown

/** Each connection is watched from the first time that it is taken on. */
function watchStatements(pool: Pool, meter: Meter): () => void {
  const duration = meter.histogram({
    name: 'db_client_operation_duration_seconds',
    help: 'Time of a statement, by its verb, from sending it to its last row.',
    labels: ['db_operation_name', 'error_type'],
  })
  return eachConnection(pool, (client) => {
    // Looked up at each call, so that whoever counts statements at the driver still sees them.
    const driver = Object.getPrototypeOf(client) as { readonly query: Query }
    client.query = ((...values: unknown[]) =>
      observed(values, (passed) => driver.query.apply(client, passed), duration)) as PoolClient['query']
  })
}

/** A statement ends by its callback where it has one, else by its promise. */
function observed(values: unknown[], send: (values: unknown[]) => unknown, duration: Histogram): unknown {
  const from = performance.now()
  const verb = verbOf(values[0])
  const end = (error?: unknown): void =>
    duration.observe(
      { db_operation_name: verb, error_type: error ? sqlState(error) || 'other' : '' },
      (performance.now() - from) / 1000,
    )
  const last = values.at(-1)
  if (typeof last === 'function') {
    const callback = (error: unknown, result: unknown): void => {
      end(error)
      ;(last as Query)(error, result)
    }
    return send([...values.slice(0, -1), callback])
  }
  const sent = send(values)
  if (sent instanceof Promise) sent.then(() => end(), end)
  return sent
}

const VERB = /^[\s(]*(\w+)/
const VERBS: ReadonlySet<string> = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'with',
  'begin',
  'start',
  'commit',
  'rollback',
])

function verbOf(statement: unknown): string {
  const text = typeof statement === 'string' ? statement : textOf(statement)
  const verb = VERB.exec(text)?.[1]?.toLowerCase() ?? ''
  return VERBS.has(verb) ? verb : 'other'
}

const textOf = (statement: unknown): string =>
  typeof statement === 'object' &&
  statement !== null &&
  'text' in statement &&
  typeof statement.text === 'string'
    ? statement.text
    : ''
