import { instantOf } from '../../domain/shared/instant'
import type { ClockMove } from '../../setup/sandbox'
import { AdminFault } from './fault'

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/
/** A century: enough for any program, and far from where dates end. */
const FARTHEST_SECONDS = 3_155_760_000

/** `{"now": instant}`, `{"advanceSeconds": number}` or `{"real": true}`, exactly one of them. */
export function parseClockMove(text: string): ClockMove {
  const body = parseObject(text)
  const keys = Object.keys(body)
  if (keys.length !== 1) throw invalid('send exactly one of now, advanceSeconds, real')
  if ('now' in body) return { now: instantOf(millis(body['now'])) }
  if ('advanceSeconds' in body) return { advanceSeconds: seconds(body['advanceSeconds']) }
  if (body['real'] === true) return { real: true }
  throw invalid('send exactly one of now, advanceSeconds, real: true')
}

/** A JSON object. Throws AdminFault. */
export function parseObject(text: string): Record<string, unknown> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw invalid('the body is not JSON')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalid('the body must be a JSON object')
  return body as Record<string, unknown>
}

function millis(value: unknown): number {
  const time = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : NaN
  if (Number.isNaN(time))
    throw invalid('now must be an instant with its offset, such as 2025-06-15T06:30:00Z')
  return time
}

function seconds(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > FARTHEST_SECONDS) {
    throw invalid('advanceSeconds must be a number of seconds, at most a century')
  }
  return value
}

const invalid = (message: string): AdminFault => new AdminFault(400, 'INVALID_BODY', message)
