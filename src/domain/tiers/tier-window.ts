import { Decimal } from '../shared/decimal'
import { type LocalDate, monthsAfter, newYearAfter } from '../shared/local-date'
import { type Amount, toAmount } from '../shared/money'
import type { Points } from '../shared/points'

/** Which past the period thresholds of a program's tiers look at, and how long a tier is kept; days are the tenant's zone's. */
export interface TierWindow {
  /** What was earned counts so many months from its day on; null: until the end of its calendar year. */
  readonly months: number | null
  readonly keep: TierKeep
}

/** Null: a tier goes with the figures. Otherwise it stays so long from the day it was reached, or reached again at the end. */
export type TierKeep = { readonly months: number } | 'year-end' | 'next-year-end' | null

/** What a member earned on one day, less what of it was taken back since. */
export interface StandingDay {
  readonly day: LocalDate
  readonly points: Points
  readonly spend: Amount
}

export type PeriodFigures = Pick<StandingDay, 'points' | 'spend'>

/** The first day on which what was earned on a day no longer counts. Pure. */
export const leavesOn = ({ months }: TierWindow, day: LocalDate): LocalDate =>
  months === null ? newYearAfter(day, 1) : monthsAfter(day, months)

/** The first day on which a tier is no longer kept that was reached on a day; null: none is. Pure. */
export function keptUntil({ keep }: TierWindow, day: LocalDate): LocalDate | null {
  if (keep === null) return null
  if (keep === 'year-end') return newYearAfter(day, 1)
  if (keep === 'next-year-end') return newYearAfter(day, 2)
  return monthsAfter(day, keep.months)
}

/** Answers what counts on a day, and on which days something stops counting. Pure. */
export function countedIn(
  window: TierWindow,
  days: readonly StandingDay[],
): { readonly on: (day: LocalDate) => PeriodFigures; readonly ends: readonly LocalDate[] } {
  // A shopper of every day has hundreds of them, and each end is looked at: sums are of whole numbers.
  const rows = days.map(({ day, points, spend }) => ({
    day,
    end: leavesOn(window, day),
    points,
    millionths: BigInt(new Decimal(spend).times(MILLION).toFixed(0)),
  }))
  return {
    on(day) {
      let [points, millionths] = [0n, 0n]
      for (const row of rows) {
        if (row.day > day || day >= row.end) continue
        points += row.points
        millionths += row.millionths
      }
      return { points: points as Points, spend: toAmount(new Decimal(millionths.toString()).div(MILLION)) }
    },
    ends: rows.map(({ end }) => end),
  }
}

/** Money is kept to millionths. */
const MILLION = 1_000_000
