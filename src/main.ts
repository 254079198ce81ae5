import { tracing } from './tracing'
import 'reflect-metadata'
import { type App, createApp } from './app'
import { type Config, ConfigError, loadConfig } from './config/config'
import { createLog, type Log } from './server/log'

/** Reads the configuration, starts the server, says where its doors are, and stops it cleanly when told to. */
async function main(): Promise<void> {
  const config = configOrExit()
  const log = createLog({ level: config.logLevel, pretty: isForPeople(config) })
  logCrashes(log)
  const told = stopSignal(log)
  try {
    const app = await createApp(config, log, tracing)
    await listen(app, config)
    log.info({ host: config.host, port: config.port }, 'listening')
    say(app)
    await told
    await stop(app, log)
  } catch (error) {
    fail(error, log)
  }
}

function configOrExit(): Config {
  try {
    return loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    return process.exit(1)
  }
}

/** In our words: Node's own would print what libraries hang on an error, which may be personal. */
function logCrashes(log: Log): void {
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'crashed')
    process.exit(1)
  })
}

const isForPeople = (config: Config): boolean => process.stdout.isTTY && config.environment !== 'production'

/** Resolves at the first SIGTERM or SIGINT, also one during the start. Later ones change nothing. */
function stopSignal(log: Log): Promise<void> {
  const first = new Promise<string>((resolve) => {
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })
  return first.then((signal) => log.info({ signal }, 'stopping'))
}

async function listen(app: App, { port, host }: Config): Promise<void> {
  try {
    await app.server.listen({ port, host })
  } catch (error) {
    await app.close()
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new CannotListen(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is in use by another program; choose another with PORT.`
        : `Cannot listen on ${host}, port ${port}: ${error.message}. Choose others with HOST and PORT.`,
    )
  }
}

class CannotListen extends Error {
  override readonly name = 'CannotListen'
}

/** For whoever started it by hand. */
function say(app: App): void {
  for (const { label, url, credentials } of app.doors) {
    process.stdout.write(`${label.padEnd(10)} ${url}  ${credentials}\n`)
  }
}

async function stop(app: App, log: Log): Promise<void> {
  await app.close()
  await tracing?.stop()
  log.info({}, 'stopped')
  process.exit(0)
}

/** What a person can mend is said in a sentence; anything else with its stack. */
function fail(error: unknown, log: Log): never {
  if (error instanceof Error && MENDABLE.has(error.name)) process.stderr.write(`${error.message}\n`)
  else log.fatal({ err: error }, 'could not start')
  return process.exit(1)
}

const MENDABLE: ReadonlySet<string> = new Set([
  'DataFolderInUse',
  'EmbeddedPostgresFailed',
  'DatabaseUnreachable',
  'DatabaseNotDurable',
  'SchemaNotCurrent',
  'SessionNotSet',
  'ConfigError',
  'SecretsUnreadable',
  'SetupRefused',
  'CannotListen',
])

void main()
