import { DateTime } from 'luxon'
import { type Instant, instantOf } from '../shared/instant'

/** Spans of time in which a site counts what its members earn. */
export const EARNING_PERIODS = ['calendar year', 'anniversary year', 'semester', 'quarter'] as const
export type EarningPeriod = (typeof EARNING_PERIODS)[number]

/**
 * When the period began in which `now` lies, in the given zone; an anniversary year begins on the day the member
 * joined, on 28 February for who joined on the 29th. Pure.
 */
export function beginOf(
  period: EarningPeriod,
  { now, joinedAt, zone }: { readonly now: Instant; readonly joinedAt: Instant; readonly zone: string },
): Instant {
  const today = DateTime.fromISO(now, { zone })
  return instantOf(BEGINS[period](today, DateTime.fromISO(joinedAt, { zone })).toMillis())
}

const BEGINS: Record<EarningPeriod, (today: DateTime, joined: DateTime) => DateTime> = {
  'calendar year': (today) => today.startOf('year'),
  quarter: (today) => today.startOf('quarter'),
  semester: (today) => (today.month <= 6 ? today.startOf('year') : today.startOf('year').plus({ months: 6 })),
  'anniversary year': (today, joined) => {
    const first = joined.startOf('day')
    const years = Math.max(0, today.year - first.year)
    const thisYears = first.plus({ years })
    return thisYears <= today ? thisYears : first.plus({ years: Math.max(0, years - 1) })
  },
}
