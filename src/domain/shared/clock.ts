import { type Instant, instantOf } from './instant'

/** Where time comes from. Only `app.ts` knows the real one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
}

/** A tenant's time at the start of a request. A sandbox may have been moved, by whole milliseconds. */
export interface TenantTime {
  readonly now: Instant
  /** How far the tenant's clock stands from the real one; 0 but for a moved sandbox. */
  readonly offsetMillis: number
}

export function tenantTime(clock: Clock, offsetMillis: number): TenantTime {
  const millis = clock.now() + offsetMillis
  let text: Instant | null = null
  return {
    // Most requests that only read never ask.
    get now() {
      return (text ??= instantOf(millis))
    },
    offsetMillis,
  }
}
