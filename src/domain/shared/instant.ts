import { DateTime, type DurationLike } from 'luxon'

/**
 * A moment: ISO 8601 in UTC with a trailing Z, up to microseconds, as the database gives it
 * (`2026-11-21T03:00:00.123456Z`). Text, because a JavaScript Date would cut the microseconds.
 */
export type Instant = string & { readonly brand: 'Instant' }

/** A moment as a client said it, with the offset it came in: `+05:30`, `Z`, or null when it named none. */
export interface ClientInstant {
  readonly at: Instant
  readonly offset: string | null
}

export const instantOf = (millis: number): Instant => new Date(millis).toISOString() as Instant
export const millisOf = (instant: Instant): number => Date.parse(instant)

/** The same moment as the database will give it: six decimals. */
export const toMicroseconds = (instant: Instant): Instant => {
  const [seconds = '', fraction = ''] = instant.slice(0, -1).split('.')
  return `${seconds}.${fraction.padEnd(6, '0').slice(0, 6)}Z` as Instant
}

export const isBefore = (a: Instant, b: Instant): boolean => millisOf(a) < millisOf(b)

/** Whether a moment that a client named lies in the future, by more than its clock may be ahead of ours. */
export const isAhead = (named: Instant, now: Instant): boolean =>
  millisOf(named) > millisOf(now) + CLOCK_LEEWAY_MILLIS

const CLOCK_LEEWAY_MILLIS = 60_000

/** Adds a calendar duration in the given IANA zone: a month is a month there, a day keeps its wall-clock time. */
export function plus(instant: Instant, duration: DurationLike, zone: string): Instant {
  const millis = millisOf(instant)
  const days = zone === 'UTC' ? onlyDaysOf(duration) : null
  if (days !== null) return instantOf(millis + days * DAY_MILLIS)
  return instantOf(DateTime.fromMillis(millis, { zone }).plus(duration).toMillis())
}

const DAY_MILLIS = 86_400_000

/** How many days, of a duration in whole days and nothing else: where clocks never change, they need no calendar. */
function onlyDaysOf(duration: DurationLike): number | null {
  if (typeof duration !== 'object' || !('days' in duration) || Object.keys(duration).length > 1) return null
  const { days } = duration
  return Number.isInteger(days) ? (days as number) : null
}

/** The last millisecond of the month in which the instant lies, in the given zone. */
export const endOfMonth = (instant: Instant, zone: string): Instant =>
  instantOf(DateTime.fromISO(instant, { zone }).endOf('month').toMillis())
