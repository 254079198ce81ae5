import { DateTime } from 'luxon'
import { type Instant, instantOf } from './instant'

/** A day of a calendar, `2026-02-28`; in which zone, its surroundings say. Texts compare as days do. */
export type LocalDate = string & { readonly brand: 'LocalDate' }

export const localDate = (instant: Instant, zone: string): LocalDate =>
  DateTime.fromISO(instant, { zone }).toISODate() as LocalDate

/** The first moment of a day; where a clock change leaves out midnight, the moment after it. */
export const beginningOf = (day: LocalDate, zone: string): Instant =>
  instantOf(DateTime.fromISO(day, { zone }).startOf('day').toMillis())

/** The same day so many months later, or the last of that month where it has none such. */
export function monthsAfter(day: LocalDate, months: number): LocalDate {
  const count = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months
  const [year, month] = [Math.floor(count / 12), count % 12]
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return dateText(year, month + 1, Math.min(Number(day.slice(8, 10)), last))
}

/** The first of January, so many years after the year of a day. */
export const newYearAfter = (day: LocalDate, years: number): LocalDate =>
  dateText(Number(day.slice(0, 4)) + years, 1, 1)

const dateText = (year: number, month: number, day: number): LocalDate =>
  `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}` as LocalDate

const digits = (value: number, length: number): string => String(value).padStart(length, '0')
