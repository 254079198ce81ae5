import type { LightMyRequestResponse } from 'fastify'
import { join } from 'node:path'
import { Client } from 'pg'
import type { DoorRequest } from '../support/door-world'
import { ADMIN_KEY } from '../support/test-app'
import { openTwins, HERON, type TwinWorld } from '../support/twin-world'

/** What a run has seen so far. */
export interface Tally {
  requests: number
  refused: number
  accepted: number
  slowestMillis: number
  readonly byStatus: Map<number, number>
}

/** The whole application under fire, with a database that tells what was written. */
export interface Range {
  readonly world: TwinWorld
  readonly tally: Tally
  /** Does the work that accepted requests left to the background, and forgets what was written up to now. */
  settle(): Promise<void>
  /** Sends a request; what it did wrong, or null. */
  fire(request: DoorRequest, patienceMillis?: number): Promise<string | null>
  close(): Promise<void>
}

/** Longer than this no answer may take; `npm run fuzz -- --hang 10000` says more, for a machine that is busy besides. */
const HANG_MILLIS = Number(process.env['FUZZ_HANG'] ?? 2_000)
/** So long it is waited for: what a late answer writes would else be laid to the next request. */
const PATIENCE_MILLIS = 30_000

export async function openRange(): Promise<Range> {
  const world = await openTwins()
  const { app } = world
  await app.dataSource.query(NOTE_EVERY_WRITE)
  const watcher = await watch(app.dataSource.options)
  const tally: Tally = { requests: 0, refused: 0, accepted: 0, slowestMillis: 0, byStatus: new Map() }
  let linesRead = app.logged.length
  let last = await watcher.last()

  async function fire(request: DoorRequest, patienceMillis = PATIENCE_MILLIS): Promise<string | null> {
    tally.requests++
    const { answer, millis } = await timed(request, patienceMillis)
    tally.slowestMillis = Math.max(tally.slowestMillis, millis)
    if (!answer) return `no answer in ${patienceMillis} ms`
    tally.byStatus.set(answer.statusCode, (tally.byStatus.get(answer.statusCode) ?? 0) + 1)
    const refused = isRefusal(answer)
    tally[refused ? 'refused' : 'accepted']++
    const lines = app.logged.slice(linesRead)
    linesRead = app.logged.length
    const now = await watcher.last()
    const wrote = now === last ? [] : await watcher.since(last)
    last = now
    const fault = faultOf(answer, millis)
    // What the answer leaves out is what whoever mends it wants to know.
    if (fault) return [fault, faultInLog(lines)].filter(Boolean).join('; ')
    return faultInLog(lines) ?? (refused ? faultOfWrites(wrote) : null)
  }
  /** On a starved machine anything may be slow; what is slow three times is slow by itself. */
  async function timed(
    request: DoorRequest,
    patienceMillis: number,
  ): Promise<{ answer: LightMyRequestResponse | null; millis: number }> {
    const send = async () => {
      const started = performance.now()
      const answer = await within(patienceMillis, world.send(request))
      return { answer, millis: performance.now() - started }
    }
    const first = await send()
    if (!first.answer) return first
    let { millis } = first
    for (let again = 0; millis > HANG_MILLIS && again < 2; again++)
      millis = Math.min(millis, (await send()).millis)
    return { answer: first.answer, millis }
  }
  return {
    world,
    tally,
    async settle() {
      await drained(world)
      last = await watcher.last()
    },
    fire,
    async close() {
      await watcher.close()
      await app.close()
    },
  }
}

async function drained({ send }: TwinWorld): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ tenant: HERON.key })
  for (let left = 1; left > 0;) {
    const answer = await send({ method: 'POST', url: '/admin/jobs/drain', headers, body })
    left = answer.json<{ remaining: number }>().remaining
  }
}

function faultOf(answer: LightMyRequestResponse, millis: number): string | null {
  const { statusCode, payload } = answer
  if (statusCode >= 500) return `answered ${statusCode}: ${payload.slice(0, 500)}`
  if (payload.includes('INTERNAL_SERVER_ERROR')) return `an internal error: ${payload.slice(0, 500)}`
  if (millis > HANG_MILLIS) return `took ${millis} ms`
  const leak = LEAKS.find((pattern) => pattern.test(payload))
  return leak ? `the answer matches ${String(leak)}: ${payload.slice(0, 500)}` : null
}

const ROOT = join(__dirname, '../..')

/** Stacks, SQL, paths, and the words of libraries. None of them is in what the requests say. */
const LEAKS: readonly RegExp[] = [
  /\bat (async )?[\w.<>$ ]+ \(?(node:|file:|\/)[^)\s]+:\d+:\d+/,
  /node_modules|\.ts:\d+|\.js:\d+/,
  new RegExp(ROOT.replaceAll('/', '\\/')),
  /\b(select|insert into|update|delete from)\b[^"]{0,80}\b(from|values|set|where)\b/i,
  /relation "|column "|violates|syntax error at|invalid input syntax|pg_catalog|QueryFailedError|duplicate key value/,
  /Cannot read propert|is not a function|is not iterable|undefined \(reading|TypeError|RangeError|ReferenceError/,
]

function faultInLog(lines: readonly string[]): string | null {
  const line = lines.find((one) => one.includes('"level":"error"') || one.includes('"level":"fatal"'))
  return line ? `logged: ${line.slice(0, 1_500)}` : null
}

const faultOfWrites = (tables: readonly string[]): string | null =>
  tables.length === 0 ? null : `refused, and wrote ${[...new Set(tables)].join(', ')}`

/** Whether a caller was told that nothing happened. A bulk call is accepted, whatever its entries say. */
function isRefusal({ statusCode, payload }: LightMyRequestResponse): boolean {
  if (statusCode >= 400) return true
  if (!payload.startsWith('{"data"') && !payload.startsWith('{"errors"'))
    return payload.startsWith('{"errorCode"')
  const { data, errors } = JSON.parse(payload) as {
    data?: Record<string, { userErrors?: unknown[] } | null> | null
    errors?: unknown[] | null
  }
  if (!data) return Boolean(errors)
  const roots = Object.values(data)
  return roots.every(
    (root) => root === null || (Array.isArray(root?.userErrors) && root.userErrors.length > 0),
  )
}

async function within<T>(millis: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), millis)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A row is noted in the transaction that writes, so that what is rolled back is not noted either. */
const NOTE_EVERY_WRITE = `
  create unlogged table fuzz_writes (id bigint generated always as identity primary key, what text not null);
  create function fuzz_note() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
  begin
    insert into public.fuzz_writes (what) values (tg_op || ' ' || tg_table_name);
    return null;
  end $$;
  do $$
  declare name text;
  begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'fuzz_writes' loop
      execute format('create trigger zz_fuzz_note after insert or update or delete on public.%I for each row execute function fuzz_note()', name);
    end loop;
  end $$`

interface Watcher {
  last(): Promise<string>
  since(id: string): Promise<readonly string[]>
  close(): Promise<void>
}

/** Looks behind the application on a connection of its own. */
async function watch(options: object): Promise<Watcher> {
  const { host, port, username, password, database, url } = options as Record<string, string | undefined>
  const client = new Client(
    url ? { connectionString: url } : { host, port: Number(port), user: username, password, database },
  )
  await client.connect()
  return {
    async last() {
      const { rows } = await client.query<{ id: string }>({
        name: 'last-write',
        text: 'select coalesce(max(id), 0)::text as id from fuzz_writes',
      })
      return rows[0]?.id ?? '0'
    },
    async since(id) {
      const { rows } = await client.query<{ what: string }>('select what from fuzz_writes where id > $1', [
        id,
      ])
      return rows.map(({ what }) => what)
    },
    close: () => client.end(),
  }
}

/** Ids of the graph that lead somewhere: a member of the tenant under fire and what the member has. */
export async function graphIds({ ask }: TwinWorld): Promise<readonly string[]> {
  const answer = await ask(
    `{ members(first: 2) { nodes { id orders(first: 1) { nodes { id } } transactions(first: 1) { nodes { id } } issuances(first: 1) { nodes { id } } activities(first: 2) { nodes { id } } } } programs { id } }`,
    {},
    HERON.apiKeys.admin,
  )
  const ids = [...answer.payload.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id ?? '')
  if (ids.length < 5) throw new Error(`no ids: ${answer.payload}`)
  return ids
}
