import { types } from 'node:util'
import { Busy, InvalidAmount, Unavailable } from '../domain/shared/errors'

/** Waited too long for a row, or had to give way: nothing was written, and a repeat may succeed. */
const BUSY = new Set(['55P03', '40P01', '40001'])
/** Connection classes, shutdown, too many connections, and what `net` says when nobody listens. */
const GONE = /^(08|57P0|53300)|^(ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/
const GONE_TEXT =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/

/** TypeORM lets go of a connection that broke; whoever still works on it is told this. */
const LET_GO = 'QueryRunnerAlreadyReleasedError'

/** Also an error of Node's own, which under jest comes from another realm. */
const isError = (error: unknown): error is Error => error instanceof Error || types.isNativeError(error)

export const sqlState = (error: unknown): string =>
  isError(error) && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** The constraint that a database error names, or ''. */
export const constraintOf = (error: unknown): string =>
  error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : ''

/** Database errors that mean something to a caller, in the domain's words; any other error unchanged. */
export function translated(error: unknown): unknown {
  const cause = isError(error) && 'driverError' in error ? error.driverError : error
  if (cause instanceof Unavailable) return cause
  const state = sqlState(error)
  if (BUSY.has(state)) return new Busy(state)
  // A statement cancelled by statement_timeout was waiting or too slow; either way nothing was written.
  if (state === '57014') return new Busy(state)
  // A sum of accepted amounts that outgrew its column: only figures beyond all measure get there.
  if (state === '22003') return new InvalidAmount('amount', '')
  if (GONE.test(state) || (isError(error) && (GONE_TEXT.test(error.message) || error.name === LET_GO))) {
    return new Unavailable('the database cannot be reached', { cause: error })
  }
  return error
}
