import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresBinaries } from './binaries'
import { EmbeddedPostgresFailed, USE_ANOTHER_DATABASE } from './errors'
import { PORT, SELF, socketFile } from './postmaster'
import type { SystemUser } from './system-user'

/** Everything about one database directory that does not change while we look after it. */
export interface Cluster {
  readonly dataDir: string
  /** The data directory of PostgreSQL, inside `dataDir`. */
  readonly dataPath: string
  readonly logFile: string
  readonly user: SystemUser
  readonly binaries: PostgresBinaries
  /** A throw-away database for tests: nothing is forced to the disk. */
  readonly testing: boolean
}

/** Makes the data directory unless it is there. True: this call made it. */
export function createCluster(cluster: Cluster): boolean {
  if (existsSync(join(cluster.dataPath, 'PG_VERSION'))) return false
  forgetDrafts(cluster.dataDir)
  const draft = join(cluster.dataDir, `${DRAFT}${process.pid}`)
  makeFolder(draft, cluster.user)
  initdb(cluster, draft)
  return moveInPlace(draft, cluster.dataPath)
}

/** Starts PostgreSQL on the data directory. It outlives this process when this process is killed. */
export function spawnPostmaster(cluster: Cluster, socketDir: string): ChildProcess {
  const log = openLog(cluster.logFile)
  const child = spawn(
    join(cluster.binaries.folder, 'bin', 'postgres'),
    postmasterArguments(cluster, socketDir),
    {
      ...cluster.user,
      cwd: cluster.dataPath,
      env: cluster.binaries.environment,
      stdio: ['ignore', log, log],
      // A process group of its own: Ctrl-C in a terminal reaches us, and we stop PostgreSQL when nobody uses it any more.
      detached: true,
    },
  )
  child.unref()
  closeSync(log)
  return child
}

/**
 * Where PostgreSQL shall put its socket: the data directory, or a short folder where that path is too long for a
 * socket (the system's limit is 104 to 108 characters).
 */
export function makeSocketDir({ dataPath, user }: Cluster): string {
  if (Buffer.byteLength(socketFile(dataPath)) <= 100) return dataPath
  const short = mkdtempSync(join(tmpdir().length < 60 ? tmpdir() : '/tmp', 'loyalty-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(short, user.uid, user.gid)
  return short
}

/** The end of PostgreSQL's log, for a message about a start that failed. */
export const endOfLog = (cluster: Cluster): string =>
  existsSync(cluster.logFile)
    ? readFileSync(cluster.logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
    : ''

const DRAFT = 'postgres-draft-'

// Two first starts at once: each makes a draft, one rename wins, the other's draft is dropped.
function moveInPlace(draft: string, dataPath: string): boolean {
  try {
    renameSync(draft, dataPath)
    return true
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    if (existsSync(join(dataPath, 'PG_VERSION'))) return false
    throw error
  }
}

/** Drafts of first starts that were killed: older than any first start takes. */
function forgetDrafts(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const folder = join(dataDir, name)
    const old = name.startsWith(DRAFT) && Date.now() - statSync(folder).mtimeMs > 10 * 60_000
    if (old) rmSync(folder, { recursive: true, force: true })
  }
}

function makeFolder(folder: string, { uid, gid }: SystemUser): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  chmodSync(folder, 0o700)
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
}

function initdb({ binaries, user }: Cluster, folder: string): void {
  const run = spawnSync(
    join(binaries.folder, 'bin', 'initdb'),
    // Text is compared by code point, as with the C locale, while lower() and upper() know every alphabet.
    ['-D', nameFor(user, folder), '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'].concat([
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ]),
    { ...user, cwd: folder, env: binaries.environment, encoding: 'utf8' },
  )
  if (run.status === 0) return
  const reason = run.error?.message ?? run.stderr.trim().split('\n').slice(-3).join(' ')
  // Containers that run under an arbitrary user id: initdb asks for its name, for nothing.
  const nameless = /could not look up effective user ID/.test(reason)
    ? 'Give the user a line in /etc/passwd. '
    : ''
  throw new EmbeddedPostgresFailed(
    `The embedded database could not be made in ${folder} (${reason}). ${nameless}${USE_ANOTHER_DATABASE}`,
  )
}

function postmasterArguments({ dataPath, user, testing }: Cluster, socketDir: string): string[] {
  const settings = { ...SETTINGS, ...(testing ? THROW_AWAY : DURABLE) }
  const sockets = socketDir === dataPath ? nameFor(user, dataPath) : socketDir
  return [
    ...['-D', nameFor(user, dataPath), '-k', sockets, '-p', String(PORT)],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

const nameFor = (user: SystemUser, folder: string): string => (user.uid === undefined ? folder : SELF)

// On the command line, so that no edited file of a data directory can weaken them.
const SETTINGS = {
  listen_addresses: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  shared_buffers: '128MB',
  max_connections: '100',
  // Nothing replicates from an embedded database.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  jit: 'off',
  autovacuum_vacuum_scale_factor: '0.05',
  // The log may be handed to others: no parameters, and no details, which quote values.
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
} as const

const DURABLE = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' } as const
const THROW_AWAY = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '200',
} as const

const LOG_LIMIT_BYTES = 10_000_000

function openLog(file: string): number {
  const log = openSync(file, 'a', 0o600)
  if (fstatSync(log).size <= LOG_LIMIT_BYTES) return log
  closeSync(log)
  renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
