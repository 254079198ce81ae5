import { availableParallelism } from 'node:os'
import { Client, types } from 'pg'
import { DataSource } from 'typeorm'
import { migrations } from '../../migrations'
import { instantFromPostgres } from './instant-text'
import type { Log } from './log'
import { rows } from './rows'

/** Where the database is: an address, or the socket of an embedded one. */
export type DatabaseTarget =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly user: string; readonly database: string }

export interface DataSourceOptions {
  readonly log: Log
  readonly applicationName: string
  readonly poolSize?: number
  /** The role that every connection takes as it is made, without a round trip; absent: the user's own. */
  readonly role?: string
  /**
   * The address is that of a pooler that shares connections between transactions: no statement has a name, and the settings
   * of a session are the role's own (`assertSession`).
   */
  readonly pooler?: boolean
}

/** Measured for a database beside the process; more connections than this only wait for each other. */
export const defaultPoolSize = (): number => Math.max(8, availableParallelism() * 4)

/**
 * The one way to the database. Every connection is in UTC, gives up in time instead of hanging, and gives instants
 * as text with their microseconds; bigint, numeric and date are text too.
 */
export function createDataSource(target: DatabaseTarget, options: DataSourceOptions): DataSource {
  const place = 'url' in target ? { url: target.url } : { ...target, username: target.user }
  return new DataSource({
    type: 'postgres',
    ...place,
    synchronize: false,
    migrationsRun: false,
    migrationsTransactionMode: 'each',
    entities: [...rows],
    migrations: [...migrations],
    poolSize: options.poolSize ?? defaultPoolSize(),
    applicationName: options.applicationName,
    // Our list of extensions is in the migrations.
    installExtensions: false,
    poolErrorHandler: (error: Error) =>
      options.log.warn({ error: error.message }, 'an idle database connection ended'),
    extra: {
      Client: listeningClient(options.log, options.pooler ?? false),
      types: { getTypeParser },
      ...(!options.pooler && { options: options.role ? `${SESSION} -c role=${options.role}` : SESSION }),
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    },
  })
}

// Client 10 s > gateway 5 s > statement > lock: whoever waits hears of it before anyone outside gives up, and a lock
// that is waited for in vain is waited for again (`unit-of-work.ts`) within that time.
const SESSION = Object.entries({
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  statement_timeout: '4s',
  lock_timeout: '1s',
  idle_in_transaction_session_timeout: '5s',
  // Costs more than it saves on statements that take milliseconds.
  jit: 'off',
  // Named statements are written to be planned once. Left to choose, the server plans long ones anew at every call.
  plan_cache_mode: 'force_generic_plan',
})
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ')

/** A connection lost while someone holds it emits `error` on the client, which would end the process unheard. */
function listeningClient(log: Log, isBehindPooler: boolean): typeof Client {
  return class extends Client {
    readonly isBehindPooler = isBehindPooler

    constructor(config?: ConstructorParameters<typeof Client>[0]) {
      super(config)
      this.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'))
    }
  }
}

type TypeId = Parameters<typeof types.getTypeParser>[0]
const TIMESTAMPTZ = types.builtins.TIMESTAMPTZ
const DATE = types.builtins.DATE
const asText = (text: string): string => text

function getTypeParser(oid: TypeId, format?: 'text' | 'binary'): unknown {
  if (format === 'binary') return types.getTypeParser(oid, 'binary')
  if (oid === TIMESTAMPTZ) return instantFromPostgres
  if (oid === DATE) return asText
  return types.getTypeParser(oid, 'text')
}
