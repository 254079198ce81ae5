import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Log } from '../log'
import { binarySources, postgresBinaries } from './binaries'
import { type Cluster, createCluster } from './cluster'
import { EmbeddedPostgresFailed, errnoOf, USE_ANOTHER_DATABASE } from './errors'
import { Keeper } from './keeper'
import { PORT } from './postmaster'
import type { Purpose } from './session'
import { postgresUser } from './system-user'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log: Log
  /** A `server` (the default) is alone on its data folder; a `tool` may work beside it. */
  readonly purpose?: Purpose
  /** A throw-away database: nothing is forced to the disk. Only for `test/support`. */
  readonly testing?: boolean
}

export interface EmbeddedPostgres {
  readonly connection: {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
  }
  /** This start made the database; it is empty. */
  readonly created: boolean
  /** Ends our use. PostgreSQL is stopped by whoever leaves last. Close your own connections first. */
  readonly stop: () => Promise<void>
}

/**
 * Starts the real PostgreSQL that came with `npm ci`, or joins the one that already runs on this folder (a tool
 * beside a server; a server after one that was killed). Unix socket only, no port, no user is created. While it is
 * held, a PostgreSQL that dies is started again.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const cluster = prepare(options)
  const created = createCluster(cluster)
  const keeper = new Keeper(cluster, options.purpose ?? 'server', options.log)
  const host = await keeper.open()
  return {
    connection: { host, port: PORT, user: 'postgres', database: 'postgres' },
    created,
    stop: () => keeper.close(),
  }
}

function prepare({ dataDir, testing }: EmbeddedPostgresOptions): Cluster {
  const real = dataFolder(dataDir)
  const dataPath = join(real, 'postgres')
  const user = postgresUser(dataPath)
  const binaries = postgresBinaries(user, binarySources(user, real))
  return {
    dataDir: real,
    dataPath,
    user,
    binaries,
    logFile: join(real, 'postgres.log'),
    testing: testing ?? false,
  }
}

/** The folder itself, made when it was not there. Throws EmbeddedPostgresFailed where there can be none. */
function dataFolder(dataDir: string): string {
  try {
    makeFolder(dataDir)
    if (statSync(dataDir).isDirectory()) return realpathSync(dataDir)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new EmbeddedPostgresFailed(
      `The data folder ${dataDir} cannot be used: ${reason}. Name another with DATA_DIR. ${USE_ANOTHER_DATABASE}`,
    )
  }
  throw new EmbeddedPostgresFailed(
    `The data folder ${dataDir} is no folder. Name another with DATA_DIR. ${USE_ANOTHER_DATABASE}`,
  )
}

/** One level at a time: told to make all of them, Node tries for ever where nothing can be made, as in /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
  }
}
