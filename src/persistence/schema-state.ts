import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm'
import type { Log } from './log'
import { sqlState } from './sql-errors'

export type SchemaState =
  | { readonly kind: 'current' }
  /** Migrations that have not run here, oldest first. */
  | { readonly kind: 'behind'; readonly pending: readonly string[] }
  /** Migrations that ran here and that this version does not know: a newer version was here. */
  | { readonly kind: 'ahead'; readonly unknown: readonly string[] }

/** Compares the database with the migrations of this version. Reads only, and also works on an empty database. */
export async function schemaState(dataSource: DataSource): Promise<SchemaState> {
  const known = dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name)
  const executed = await executedMigrations(dataSource)
  const unknown = executed.filter((name) => !known.includes(name))
  if (unknown.length > 0) return { kind: 'ahead', unknown }
  const pending = known.filter((name) => !executed.includes(name))
  return pending.length > 0 ? { kind: 'behind', pending } : { kind: 'current' }
}

/** The schema is not the one this version needs; the message names the command that helps. */
export class SchemaNotCurrent extends Error {
  override readonly name = 'SchemaNotCurrent'
  constructor(readonly state: Exclude<SchemaState, { kind: 'current' }>) {
    super(
      state.kind === 'behind'
        ? `The database's schema is behind this version (${state.pending.join(', ')}). Run: npm run migrate`
        : `The database's schema is newer than this version (${state.unknown.join(', ')}). Start the newer version.`,
    )
  }
}

/** Refuses a database whose schema is not exactly this version's. */
export async function assertSchemaCurrent(dataSource: DataSource): Promise<void> {
  const state = await schemaState(dataSource)
  if (state.kind !== 'current') throw new SchemaNotCurrent(state)
}

export interface MigrateOptions {
  readonly log: Log
  /** Told after each migration. */
  readonly progress?: (done: number, total: number, name: string) => void
}

/**
 * Runs the pending migrations, oldest first, each in a transaction of its own unless it asks for none, and answers with
 * their names. Two migrators at once take turns; the second finds nothing to do. A newer schema is refused. Servers may go
 * on working beside it: none of their requests waits for a migration that is itself waiting longer than half a second.
 */
export async function migrate(dataSource: DataSource, options: MigrateOptions): Promise<readonly string[]> {
  return inTurn(dataSource, async (runner) => {
    const state = await schemaState(dataSource)
    if (state.kind === 'ahead') throw new SchemaNotCurrent(state)
    return state.kind === 'current' ? [] : runPending(dataSource, runner, state.pending, options)
  })
}

/** The migration that shall be undone is not the last that ran. */
export class NotTheLastMigration extends Error {
  override readonly name = 'NotTheLastMigration'
  constructor(readonly last: string | null) {
    super(`The last migration that ran is ${last ?? 'none'}: it goes first.`)
  }
}

/** Takes the last migration back, beside servers at work as above. Whoever wants it names it, so that nobody undoes two. */
export async function undoMigration(dataSource: DataSource, name: string): Promise<void> {
  await inTurn(dataSource, async (runner) => {
    const last = (await executedMigrations(dataSource)).at(-1) ?? null
    if (last !== name) throw new NotTheLastMigration(last)
    const executor = new MigrationExecutor(dataSource, runner)
    // It is ours, with its lock timeout.
    executor.transaction = 'none'
    const undo = () => executor.undoLastMigration()
    const migration = dataSource.migrations.find((one) => (one.name ?? one.constructor.name) === name)
    await patiently(() => (migration?.transaction === false ? undo() : inTransaction(runner, undo)))
  })
}

/** On a connection of its own, while no other migrator works. */
async function inTurn<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner()
  try {
    // Session settings, on this one connection: a migration may take as long as it takes, and waits for another migrator.
    await runner.query('set statement_timeout = 0; set lock_timeout = 0')
    await takeTurn(runner)
    return await work(runner)
  } finally {
    await runner.query('select pg_advisory_unlock_all()').catch(() => undefined)
    await runner.query('reset all').catch(() => undefined)
    await runner.release()
  }
}

/** Asks again and again instead of waiting in line: who makes an index waits for all who wait, and would for this one. */
async function takeTurn(runner: QueryRunner): Promise<void> {
  for (;;) {
    const [row] = (await runner.query('select pg_try_advisory_lock($1) as taken', [MIGRATION_LOCK])) as {
      readonly taken: boolean
    }[]
    if (row?.taken) return
    await new Promise((resolve) => setTimeout(resolve, TURN_MILLIS))
  }
}

async function runPending(
  dataSource: DataSource,
  runner: QueryRunner,
  names: readonly string[],
  { log, progress }: MigrateOptions,
): Promise<readonly string[]> {
  const executor = new MigrationExecutor(dataSource, runner)
  const pending = (await executor.getPendingMigrations()).filter(({ name }) => names.includes(name))
  for (const [index, migration] of pending.entries()) {
    const run = () => executor.executeMigration(migration)
    await patiently(() =>
      // One without a transaction makes an index beside those who write: nobody waits for it, and it for everyone.
      migration.instance?.transaction === false ? run() : inTransaction(runner, run),
    )
    log.info({ migration: migration.name }, 'schema migrated')
    progress?.(index + 1, pending.length, migration.name)
  }
  // What the migrations have added belongs to the roles as what was there before does.
  await patiently(() => inTransaction(runner, () => runner.query('select ledger_grant_roles_v2()')))
  await runner.query(JOIN_APPLICATION)
  return pending.map(({ name }) => name)
}

/** How long a migration waits for a table: everybody who comes after it waits as long behind it. */
const LOCK_MILLIS = 500
/** Then it lets them pass before it tries again, for as long as this. */
const PAUSE_MILLIS = 1_000
const TRY_FOR_MILLIS = 120_000
/** A lock was waited for in vain, or somebody who had one waited for one of ours. */
const TRY_AGAIN = new Set(['55P03', '40P01'])

/** A table that a long transaction holds is asked for again and again, so that the server beside it goes on working. */
async function patiently(migration: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + TRY_FOR_MILLIS; ;) {
    try {
      await migration()
      return
    } catch (error) {
      if (!TRY_AGAIN.has(sqlState(error)) || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS))
    }
  }
}

/**
 * From PostgreSQL 16 on, whoever makes a role without being a superuser may hand it out, but not take it. The server
 * signs in as the same user, and takes it.
 */
const JOIN_APPLICATION = `
  do $$
  begin
    if exists (select from pg_roles where rolname = 'loyalty_app')
       and not (select rolsuper from pg_roles where rolname = current_user) then
      execute format('grant loyalty_app to %I', current_user);
    end if;
  exception when insufficient_privilege or invalid_grant_operation then null;
  end $$`

async function inTransaction(runner: QueryRunner, work: () => Promise<unknown>): Promise<void> {
  await runner.startTransaction()
  try {
    await runner.query(`set local lock_timeout = ${LOCK_MILLIS}`)
    await work()
    await runner.commitTransaction()
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined)
    throw error
  }
}

const TURN_MILLIS = 100
// Any number; it only has to be the same in every version.
const MIGRATION_LOCK = 7_205_759_403

async function executedMigrations(dataSource: DataSource): Promise<string[]> {
  const [found] = await dataSource.query<{ found: boolean }[]>(
    `select to_regclass('migrations') is not null as found`,
  )
  if (!found?.found) return []
  const rows = await dataSource.query<{ name: string }[]>('select name from migrations order by id')
  return rows.map(({ name }) => name)
}
