import { type Config, ConfigError, loadConfig } from '../config/config'
import { silentLog } from '../persistence/log'
import { type Database, openDatabase } from '../persistence/open-database'
import { type CommandContext, EXIT, type ExitCode, type Outcome } from './command'
import { createProgress } from './progress'

/** Runs one command on a context of its own, and closes what it opened. Never throws: what went wrong is an outcome. */
export async function runCommand(work: (context: CommandContext) => Promise<Outcome>): Promise<Outcome> {
  const progress = createProgress()
  const session = new Session()
  const interrupted = onInterrupt(() => session.close())
  try {
    const config = loadConfig()
    return await work({ config, progress, database: (schema) => session.open(config, schema) })
  } catch (error) {
    return outcomeOf(error)
  } finally {
    progress.end()
    await session.close()
    interrupted.forget()
  }
}

class Session {
  private opened: Promise<Database> | null = null

  async open(config: Config, schema: 'current' | 'any' = 'current'): Promise<Database> {
    this.opened ??= openDatabase({
      ...{ place: config.database, purpose: 'tool', poolSize: config.databasePoolSize, schema },
      log: silentLog,
    })
    return this.opened
  }

  async close(): Promise<void> {
    await this.opened?.then((database) => database.close()).catch(() => undefined)
  }
}

/** Ctrl-C leaves no embedded PostgreSQL behind; a second one does not wait. */
function onInterrupt(close: () => Promise<void>): { forget(): void } {
  let times = 0
  const stop = (signal: NodeJS.Signals): void => {
    const code = signal === 'SIGINT' ? 130 : 143
    if (times++ > 0) process.exit(code)
    void close().finally(() => process.exit(code))
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.on(signal, stop)
  return { forget: () => signals.forEach((signal) => process.off(signal, stop)) }
}

/** The errors that have a sentence of their own, and the exit code each means. */
const EXIT_OF: Readonly<Record<string, ExitCode>> = {
  ConfigError: EXIT.usage,
  DatabaseUnreachable: EXIT.database,
  DatabaseNotDurable: EXIT.database,
  SchemaNotCurrent: EXIT.database,
  EmbeddedPostgresFailed: EXIT.database,
  DataFolderInUse: EXIT.database,
}

function outcomeOf(error: unknown): Outcome {
  const known = error instanceof Error ? EXIT_OF[error.name] : undefined
  const message = error instanceof Error ? error.message : String(error)
  const problems = error instanceof ConfigError ? { problems: error.problems } : {}
  return {
    exit: known ?? EXIT.refused,
    json: { error: message, ...problems },
    text: known === undefined && error instanceof Error ? (error.stack ?? message) : message,
  }
}
