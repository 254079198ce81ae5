import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import pretty from 'pino-pretty'

export type Log = Logger

export interface LogSettings {
  readonly level: string
  /** Lines for people instead of JSON; only where a person looks. */
  readonly pretty: boolean
}

/**
 * A log of facts that may be kept and handed on: only the fields below are written, so that no token, body, address
 * or e-mail reaches it by accident. A field that is not below leaves its name in `dropped`, to be noticed.
 */
export function createLog({ level, pretty: forPeople }: LogSettings, destination?: DestinationStream): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: allowedFacts },
    serializers: { err: errorFacts },
  }
  // Written at once: what a terminal shows must not come after the process that said it.
  const stream = forPeople
    ? pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', singleLine: true })
    : destination
  return stream ? pino(options, stream) : pino(options)
}

// What was asked, never with whose data: the route's pattern, not the address.
const REQUEST = 'requestId traceId method route operation operationName vendor status ms code reason signal'
// Our own keys. `memberId` is the number of our table; vendors' ids are often e-mail addresses.
const LOYALTY = 'tenant tenantId memberId entryId accountId orderId transactionId programId points'
const WORK = 'job jobId attempt count total seconds migration invariant statements'
const PROCESS = 'err error version port host dataDir file pid sqlState poolSize role problem'

const ALLOWED: ReadonlySet<string> = new Set([REQUEST, LOYALTY, WORK, PROCESS].join(' ').split(' '))

function allowedFacts(facts: Record<string, unknown>): Record<string, unknown> {
  const dropped = Object.keys(facts).filter((name) => !ALLOWED.has(name))
  if (dropped.length === 0) return facts
  const kept = Object.entries(facts).filter(([name]) => ALLOWED.has(name))
  return { ...Object.fromEntries(kept), dropped }
}

/** An error without what libraries hang on it: PostgreSQL's details and TypeORM's parameters quote personal data. */
function errorFacts(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: errorFacts(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
