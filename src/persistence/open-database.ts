import type { DataSource } from 'typeorm'
import { asApplication } from './application-role'
import { createDataSource, type DatabaseTarget, defaultPoolSize } from './data-source'
import { assertDurability } from './durability'
import { startEmbeddedPostgres } from './embedded/start-embedded-postgres'
import type { Log } from './log'
import { assertSession } from './pooled-session'
import { assertSchemaCurrent, migrate, schemaState, type SchemaState } from './schema-state'

export interface OpenDatabaseOptions {
  readonly place:
    | { readonly kind: 'embedded'; readonly dataDir: string }
    | {
        readonly kind: 'external'
        readonly url: string
        /** When `url` is a pooler that shares connections between transactions: PostgreSQL itself. */
        readonly directUrl: string | null
      }
  /** One `server` at a time may hold an embedded database; a `tool` may work beside it. */
  readonly purpose: 'server' | 'tool'
  readonly poolSize: number | null
  readonly log: Log
  /** `any` is for the migrator. An embedded database migrates itself, another one is refused when it is not current. */
  readonly schema?: 'current' | 'any'
  /** Only for tests, whose throw-away database forces nothing to the disk. */
  readonly durable?: boolean
}

export interface Database {
  readonly dataSource: DataSource
  /** This start made the embedded database: it is empty. */
  readonly created: boolean
  ping(): Promise<void>
  schema(): Promise<SchemaState['kind']>
  close(): Promise<void>
}

/** The database cannot be reached or does not let us in. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable'
}

/** Opens the database, embedded or not, and refuses one that cannot be worked with. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const { place } = options
  if (place.kind === 'external') {
    const pooler = options.purpose === 'server' && place.directUrl !== null
    const url = pooler ? place.url : (place.directUrl ?? place.url)
    return connect({ url }, options, { created: false, pooler, stop: async () => undefined })
  }
  const { dataDir } = place
  const embedded = await startEmbeddedPostgres({ dataDir, log: options.log, purpose: options.purpose })
  return connect(embedded.connection, options, embedded)
}

interface Host {
  readonly created: boolean
  readonly pooler?: boolean
  stop(): Promise<void>
}

async function connect(target: DatabaseTarget, options: OpenDatabaseOptions, host: Host): Promise<Database> {
  const how = {
    log: options.log,
    applicationName: `loyalty ${options.purpose}`,
    poolSize: options.poolSize ?? defaultPoolSize(),
    pooler: host.pooler ?? false,
  }
  let dataSource = createDataSource(target, how)
  const close = async (): Promise<void> => {
    if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined)
    await host.stop()
  }
  try {
    await reach(dataSource)
    if (options.durable !== false) await assertDurability(dataSource)
    await settleSchema(dataSource, options)
    // Whoever migrates owns the tables; whoever serves may not rewrite the books.
    if (host.pooler) await assertSession(dataSource, options.log)
    else if (options.schema !== 'any') dataSource = await asApplication(dataSource, target, how)
  } catch (error) {
    await close()
    throw error
  }
  return {
    dataSource,
    created: host.created,
    ping: async () => void (await dataSource.query('select 1')),
    schema: async () => (await schemaState(dataSource)).kind,
    close,
  }
}

async function reach(dataSource: DataSource): Promise<void> {
  try {
    await dataSource.initialize()
  } catch (error) {
    throw new DatabaseUnreachable(`The database cannot be reached: ${reasonOf(error)}`, { cause: error })
  }
}

/** Several addresses of one host fail together, in an error that has no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

async function settleSchema(
  dataSource: DataSource,
  { place, schema, log }: OpenDatabaseOptions,
): Promise<void> {
  if (schema === 'any') return
  if (place.kind === 'embedded') await migrate(dataSource, { log })
  else await assertSchemaCurrent(dataSource)
}
